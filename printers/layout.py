"""A slip and a printer's profile to the bytes of one ticket. Pure: same input, same bytes.

The number comes first and the QR code next, so that half a slip still serves its holder; the cut
comes last. The layout adds no words of its own.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from printers.charset import printable
from printers.profile import Profile
from printers.qr import module_dots, picture
from printers.slip import Slip
from printers.writer import SlipWriter

# GS ! allows 8 times font A's 24 dots. Its capitals fill about 60 % of that: 15 mm at 203 dpi.
NUMBER_HEIGHT = 8
NUMBER_MAX_WIDTH = 7
QR_MIN_DOTS = 200
PLACE_MAX_LINES = 4
# Stands for a space at which no line may end; it never reaches the paper.
_GLUE = "\x1f"
TEAR_OFF_LINES = 5


def build(slip: Slip, profile: Profile) -> bytes:
    """The complete command stream of one slip, from ESC @ to the cut."""
    writer = SlipWriter(profile)
    sheet = _Sheet(writer, profile)
    writer.align("center")
    _mark(sheet, slip)
    _number(sheet, slip)
    _qr(sheet, slip)
    _where(sheet, slip)
    _wait(sheet, slip)
    _help(sheet, slip)
    _foot(sheet, slip)
    writer.cut() if profile.cut else writer.feed(TEAR_OFF_LINES)
    return writer.data


class _Sheet:
    """Words on paper: wraps texts to the width that their size leaves."""

    def __init__(self, writer: SlipWriter, profile: Profile) -> None:
        self.writer = writer
        self.profile = profile

    def wrapped(self, text: str, width: int = 1) -> list[str]:
        return _balanced(printable(text, self.profile.codepage), self.profile.chars // width)

    def say(self, texts: Iterable[str], *, width: int = 1, height: int = 1, bold: bool = False) -> None:
        """Each text on its own lines; the style is set once, and only if there is a text."""
        lines = [line for text in texts for line in self.wrapped(text, width)]
        if not lines:
            return
        self.writer.style(width=width, height=height, bold=bold)
        for line in lines:
            self.writer.line(line)

    def say_largest(self, text: str, *sizes: tuple[int, int, int]) -> None:
        """In the first of `sizes` (width, height, most lines) that it fits in, else in 1 x 2."""
        for width, height, max_lines in sizes:
            if len(self.wrapped(text, width)) <= max_lines:
                self.say([text], width=width, height=height, bold=True)
                return
        self.say([text], height=2, bold=True)

    def gap(self) -> None:
        """An empty line of 4 mm."""
        self.writer.style()
        self.writer.line()

    def rule(self) -> None:
        self.writer.style()
        self.writer.line("-" * self.profile.chars)


def _mark(sheet: _Sheet, slip: Slip) -> None:
    if not slip.copy_mark:
        return
    sheet.writer.style(width=2, height=2, bold=True, invert=True)
    for line in sheet.wrapped(slip.copy_mark, 2):
        sheet.writer.line(f" {line} " if len(line) + 2 <= sheet.profile.chars // 2 else line)
    sheet.gap()


def _number(sheet: _Sheet, slip: Slip) -> None:
    number = printable(slip.number, sheet.profile.codepage)
    width = max(1, min(NUMBER_MAX_WIDTH, sheet.profile.chars // len(number)))
    sheet.writer.style(width=width, height=NUMBER_HEIGHT, bold=True)
    for line in sheet.wrapped(number, width):
        sheet.writer.line(line)


def _qr(sheet: _Sheet, slip: Slip) -> None:
    if not slip.qr:
        return
    sheet.gap()
    target_dots = max(sheet.profile.dots * 2 // 5, QR_MIN_DOTS)
    if sheet.profile.native_qr:
        sheet.writer.native_qr(slip.qr, module_dots(slip.qr, target_dots))
    elif image := picture(slip.qr, target_dots):
        sheet.writer.image(image)
    sheet.gap()
    sheet.say([slip.qr_caption])


def _where(sheet: _Sheet, slip: Slip) -> None:
    sheet.rule()
    sheet.say_largest(slip.service, (2, 2, 3))
    sheet.say([slip.gerai], height=2)
    if slip.place:
        sheet.gap()
        # "Zona A · Loket 1, 2": a line for each part reads better than a break inside one.
        for part in slip.place.split(" · "):
            sheet.say_largest(part, (3, 3, 1), (2, 2, PLACE_MAX_LINES))


def _wait(sheet: _Sheet, slip: Slip) -> None:
    sheet.gap()
    for text in (slip.ahead_text, slip.estimate_text):
        sheet.say_largest(text, (2, 2, 1))
    sheet.say([slip.issued_text, slip.priority_text])


def _help(sheet: _Sheet, slip: Slip) -> None:
    if slip.wifi_lines or slip.notes:
        sheet.rule()
        sheet.say(slip.wifi_lines)
        sheet.say(slip.notes)


def _foot(sheet: _Sheet, slip: Slip) -> None:
    if slip.site_name or slip.footer:
        sheet.rule()
        sheet.say([slip.site_name], bold=True)
        sheet.say(slip.footer)


def _balanced(text: str, width: int) -> list[str]:
    """Lines of at most `width` characters, as few as can be, about equally long."""
    lines = _wrap(text, width)
    while len(lines) > 1 and width > 1:
        width -= 1
        narrower = _wrap(text, width)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _wrap(text: str, width: int) -> list[str]:
    """A number stays on the line of its word: "Loket 2" is never torn apart."""
    glued = re.sub(r"(?<=[^\W\d]) (?=\d)", _GLUE, text)
    return [line.replace(_GLUE, " ") for line in textwrap.wrap(glued, width, break_on_hyphens=False)]
