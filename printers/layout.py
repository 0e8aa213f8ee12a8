"""A slip and a printer's profile to the bytes of one ticket. Pure: same input, same bytes.

The number comes first and the QR code next, so that half a slip still serves its holder; the cut
comes last. The layout adds no words of its own.
"""

from __future__ import annotations

from printers.logo import Logo
from printers.profile import Profile
from printers.qr import module_dots, picture
from printers.sheet import Sheet
from printers.slip import Slip
from printers.writer import SlipWriter

QR_MIN_DOTS = 200
PLACE_MAX_LINES = 4
TEAR_OFF_LINES = 5


def build(slip: Slip, profile: Profile, logo: Logo | None = None) -> bytes:
    """The complete command stream of one slip, from ESC @ to the cut."""
    writer = SlipWriter(profile)
    sheet = Sheet(writer, profile, logo)
    writer.align("center")
    _mark(sheet, slip)
    sheet.number(slip.number)
    _qr(sheet, slip)
    _where(sheet, slip)
    _wait(sheet, slip)
    _help(sheet, slip)
    _foot(sheet, slip)
    writer.cut() if profile.cut else writer.feed(TEAR_OFF_LINES)
    return writer.data


def _mark(sheet: Sheet, slip: Slip) -> None:
    if slip.copy_mark:
        sheet.mark(slip.copy_mark)
        sheet.gap()


def _qr(sheet: Sheet, slip: Slip) -> None:
    if not slip.qr:
        return
    sheet.gap()
    target_dots = max(sheet.profile.dots * 2 // 5, QR_MIN_DOTS)
    if sheet.profile.native_qr:
        sheet.writer.native_qr(slip.qr, module_dots(slip.qr, target_dots))
    else:
        sheet.writer.image(picture(slip.qr, target_dots))
    sheet.gap()
    sheet.say([slip.qr_caption])


def _where(sheet: Sheet, slip: Slip) -> None:
    sheet.rule()
    sheet.say_largest(slip.service, (2, 2, 3))
    sheet.say([slip.gerai], height=2)
    if slip.place:
        sheet.gap()
        # "Zona A · Loket 1, 2": a line for each part reads better than a break inside one.
        for part in slip.place.split(" · "):
            sheet.say_largest(part, (3, 3, 1), (2, 2, PLACE_MAX_LINES))


def _wait(sheet: Sheet, slip: Slip) -> None:
    sheet.gap()
    for text in (slip.ahead_text, slip.estimate_text):
        sheet.say_largest(text, (2, 2, 1))
    sheet.say([slip.issued_text, slip.priority_text])


def _help(sheet: Sheet, slip: Slip) -> None:
    if slip.wifi_lines or slip.notes:
        sheet.rule()
        sheet.say(slip.wifi_lines)
        sheet.say(slip.notes)


def _foot(sheet: Sheet, slip: Slip) -> None:
    if slip.site_name or slip.footer or sheet.has_logo:
        sheet.rule()
        sheet.logo()
        sheet.say([slip.site_name], bold=True)
        sheet.say(slip.footer)
