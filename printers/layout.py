"""A slip, a printer's profile and the site's template to the bytes of one ticket. Pure: same input, same bytes.

The copy mark comes first, whatever the template says, and the cut last. The layout adds no words of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from printers.logo import Logo
from printers.profile import Profile
from printers.qr import module_dots, picture
from printers.sheet import Sheet
from printers.slip import Slip
from printers.template import FIELDS, LOGO, NUMBER, QR, RULE, TEXT, Block, Line, Template, standard
from printers.writer import SlipWriter

QR_MIN_DOTS = 200
PLACE_MAX_LINES = 4
TEAR_OFF_LINES = 5
#: what stands between the parts of a place, as the server writes it
PLACE_MARK = " · "
#: what is left over at the ends of a line whose field was empty
_LEFT_OVER = " -–·,:;/"


def build(slip: Slip, profile: Profile, logo: Logo | None = None, template: Template | None = None) -> bytes:
    """The complete command stream of one slip, from ESC @ to the cut. No template: the standard one."""
    writer = SlipWriter(profile)
    sheet = Sheet(writer, profile, logo)
    writer.align("center")
    _mark(sheet, slip)
    is_first = True
    for block in (template or standard()).blocks(slip.language):
        if _print_block(sheet, slip, block, is_first):
            is_first = False
    writer.cut() if profile.cut else writer.feed(TEAR_OFF_LINES)
    return writer.data


def _print_block(sheet: Sheet, slip: Slip, block: Block, is_first: bool) -> bool:
    """Whether there was something to print; nothing: what separates it from the block above goes too."""
    told = [(line, texts) for line in block.lines if (texts := _texts(line, slip, sheet))]
    if not told:
        return False
    for line in () if is_first else block.above:
        sheet.rule() if line.kind == RULE else sheet.gap()
    for line, texts in told:
        _STYLES[line.style](sheet, texts) if line.kind == TEXT else _PARTS[line.kind](sheet, slip)
    return True


def _texts(line: Line, slip: Slip, sheet: Sheet) -> Sequence[str]:
    """What a line prints, a part its own name; nothing when all its fields are empty."""
    if line.kind != TEXT:
        is_there = {LOGO: sheet.has_logo, NUMBER: True, QR: bool(slip.qr)}
        return [line.kind] if is_there[line.kind] else []
    pieces = line.pieces()
    values = [_values(slip, name) for name in pieces[1::2]]
    if not values:
        return [line.text]
    if not any(values):
        return []
    if pieces[0] == pieces[-1] == "" and len(values) == 1:
        return values[0]
    joined = [_joined(name, value) for name, value in zip(pieces[1::2], values, strict=True)]
    words = "".join(part for pair in zip(pieces[::2], [*joined, ""], strict=True) for part in pair)
    return [words if all(joined) else words.strip(_LEFT_OVER)]


def _values(slip: Slip, field: str) -> list[str]:
    """The field's texts, one for each line when it stands alone.

    "Zona A · Loket 1, 2": a line for each part reads better than a break inside one.
    """
    value = getattr(slip, FIELDS[field])
    if isinstance(value, tuple):
        return list(value)
    return [part for part in (value.split(PLACE_MARK) if field == "tempat" else [value]) if part]


def _joined(field: str, values: list[str]) -> str:
    return (PLACE_MARK if field == "tempat" else ", ").join(values)


def _mark(sheet: Sheet, slip: Slip) -> None:
    if slip.copy_mark:
        sheet.mark(slip.copy_mark)
        sheet.gap()


def _logo(sheet: Sheet, slip: Slip) -> None:
    sheet.logo()


def _number(sheet: Sheet, slip: Slip) -> None:
    sheet.number(slip.number)


def _qr(sheet: Sheet, slip: Slip) -> None:
    target_dots = max(sheet.profile.dots * 2 // 5, QR_MIN_DOTS)
    if sheet.profile.native_qr:
        sheet.writer.native_qr(slip.qr, module_dots(slip.qr, target_dots))
    else:
        sheet.writer.image(picture(slip.qr, target_dots))


def _largest(*sizes: tuple[int, int, int]) -> Callable[[Sheet, Sequence[str]], None]:
    def say(sheet: Sheet, texts: Sequence[str]) -> None:
        for text in texts:
            sheet.say_largest(text, *sizes)

    return say


_PARTS: dict[str, Callable[[Sheet, Slip], None]] = {LOGO: _logo, NUMBER: _number, QR: _qr}
_STYLES: dict[str, Callable[[Sheet, Sequence[str]], None]] = {
    "": lambda sheet, texts: sheet.say(texts),
    "tebal": lambda sheet, texts: sheet.say(texts, bold=True),
    "tinggi": lambda sheet, texts: sheet.say(texts, height=2),
    "besar": _largest((2, 2, 3)),
    "besar jika muat": _largest((2, 2, 1)),
    "sangat besar": _largest((3, 3, 1), (2, 2, PLACE_MAX_LINES)),
}
