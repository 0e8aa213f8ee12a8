"""Paper: what has been printed since the last cut, as dots and as text."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from PIL import Image

from printers.virtual.glyphs import CELLS, glyph

# Paper width in mm -> dots of the paper and of its printable middle at 203 dpi (8 dots per mm).
PAPER_DOTS = {80: (640, 576), 58: (464, 384)}
MARGIN_DOTS = 40
LENGTH_MAX_DOTS = 12_000
_LARGE = 4
_MARK = re.compile(r"CETAK ULANG(?: \d+)?")


@dataclass(frozen=True)
class Style:
    """How a character is printed; `width` and `height` are multiples of the font's cell."""

    font: int = 0
    width: int = 1
    height: int = 1
    bold: bool = False
    underline: int = 0
    invert: bool = False

    @property
    def dots(self) -> tuple[int, int]:
        """Width and height of one character."""
        cell_width, cell_height = CELLS[self.font]
        return cell_width * self.width, cell_height * self.height


Cells = list[tuple[str, Style]]


class Paper:
    """One piece of paper, growing downwards. `align`: 0 left, 1 centre, 2 right."""

    def __init__(self, width_mm: int) -> None:
        self.full_dots, self.dots = PAPER_DOTS[width_mm]
        self.lines: list[str] = []
        self.large_lines: list[str] = []
        self.codes: list[str] = []
        self._strips: list[Image.Image] = []
        self._length = 0

    @property
    def blank(self) -> bool:
        """Whether nothing is printed on it (fed paper alone is no slip)."""
        return not (self.lines or self.codes or any(strip.getextrema()[0] == 0 for strip in self._strips))

    def print_line(self, cells: Cells, align: int, line_dots: int) -> None:
        """One text line, at least `line_dots` high. Past LENGTH_MAX_DOTS nothing is kept."""
        if self._room() <= 0:
            return
        height = max([line_dots] + [style.dots[1] for _, style in cells])
        strip = Image.new("L", (self.dots, height), 255)
        x = self._start(sum(style.dots[0] for _, style in cells), align)
        for char, style in cells:
            _draw(strip, char, style, x, height - style.dots[1])
            x += style.dots[0]
        self._add(strip)
        text = "".join(char for char, _ in cells)
        self.lines.append(text.rstrip())
        if text.strip() and max(style.height for _, style in cells) >= _LARGE:
            self.large_lines.append(text.strip())

    def print_image(self, image: Image.Image, align: int) -> None:
        """A picture, black on white; what is wider than the paper is lost, as on a real one."""
        strip = Image.new("L", (self.dots, min(image.height, self._room())), 255)
        strip.paste(image.convert("L"), (self._start(image.width, align), 0))
        self._add(strip)

    def feed(self, dots: int) -> None:
        """Blank paper."""
        self._add(Image.new("L", (self.dots, min(dots, self._room())), 255))

    def png(self) -> bytes:
        """The piece as it lies in the hand, with the unprintable margins."""
        height = self._length + 2 * MARGIN_DOTS
        sheet = Image.new("L", (self.full_dots, height), 255)
        y = MARGIN_DOTS
        for strip in self._strips:
            sheet.paste(strip, ((self.full_dots - self.dots) // 2, y))
            y += strip.height
        buffer = io.BytesIO()
        sheet.save(buffer, "PNG")
        return buffer.getvalue()

    def text(self) -> str:
        """The printed lines; a code appears as `[QR] payload`."""
        return "\n".join(self.lines).strip("\n")

    def mark(self) -> str | None:
        """The copy mark, if one is printed."""
        found = _MARK.search(self.text())
        return found.group() if found else None

    def _start(self, width: int, align: int) -> int:
        return (0, max(0, self.dots - width) // 2, max(0, self.dots - width))[align]

    def _add(self, strip: Image.Image) -> None:
        if strip.height:
            self._strips.append(strip)
            self._length += strip.height

    def _room(self) -> int:
        return max(0, LENGTH_MAX_DOTS - self._length)


def _draw(strip: Image.Image, char: str, style: Style, x: int, y: int) -> None:
    width, height = style.dots
    mask = glyph(char, style.font, style.width, style.height, style.bold).copy()
    if style.underline:
        mask.paste(255, (0, height - style.underline, width, height))
    if style.invert:
        strip.paste(0, (x, y, x + width, y + height))
    strip.paste(255 if style.invert else 0, (x, y), mask)
