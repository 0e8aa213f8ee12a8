"""Words on a sheet of paper: wrapped to the width that their size leaves, as text or drawn.

A line that the printer's code page carries is text; any other is drawn whole. Sizes are multiples of font A.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from functools import lru_cache

from PIL import Image, ImageOps

from printers.charset import carried, without_controls
from printers.drawing import draw, lines_of
from printers.faces import is_right_to_left
from printers.logo import Logo
from printers.profile import Profile
from printers.writer import SlipWriter

# GS ! allows 8 times font A's 24 dots. Its capitals fill about 60 % of that: 15 mm at 203 dpi.
NUMBER_HEIGHT = 8
NUMBER_MAX_WIDTH = 7
#: a drawn number: capitals fill 73 % of the em, 15 mm too
_NUMBER_EM = 160
_MARK_EDGE_DOTS = 10
#: drawn lines of one slip, about 20 cm; a template or a site text that wants more is cut off there
DRAWN_LINES_MAX = 40
# Stands for a space at which no line may end; it never reaches the paper.
_GLUE = "\x1f"


class Sheet:
    """One slip while it is being written, in steps of whole lines."""

    def __init__(self, writer: SlipWriter, profile: Profile, logo: Logo | None = None) -> None:
        self.writer = writer
        self.profile = profile
        self._logo = logo
        self._drawn_lines = 0

    @property
    def has_logo(self) -> bool:
        return self._logo is not None

    def logo(self) -> None:
        """The site's logo, if it has one: from the printer's own memory where it keeps it."""
        if self._logo is None:
            return
        if self._logo.kept_as:
            self.writer.kept_image(self._logo.kept_as)
        else:
            self.writer.image(self._logo.picture)

    def mark(self, text: str) -> None:
        """White on black, double size: what nobody may overlook."""
        plain = carried(text, self.profile.codepage)
        if plain is None:
            for picture in _drawn(text, 48, self.profile.dots - 2 * _MARK_EDGE_DOTS, True):
                self.writer.image(ImageOps.invert(ImageOps.expand(picture.convert("L"), (_MARK_EDGE_DOTS, 0), 255)).convert("1"))
            return
        self.writer.style(width=2, height=2, bold=True, invert=True)
        for line in _balanced(plain, self.profile.chars // 2):
            self.writer.line(f" {line} " if len(line) + 2 <= self.profile.chars // 2 else line)

    def number(self, text: str) -> None:
        """The queue number on one line, 15 mm high whatever its length."""
        plain = carried(text, self.profile.codepage)
        if plain is None:
            self.writer.image(draw(without_controls(text), _NUMBER_EM, self.profile.dots, bold=True))
            return
        width = max(1, min(NUMBER_MAX_WIDTH, self.profile.chars // len(plain)))
        self.writer.style(width=width, height=NUMBER_HEIGHT, bold=True)
        for line in _balanced(plain, self.profile.chars // width):
            self.writer.line(line)

    def say(self, texts: Iterable[str], *, width: int = 1, height: int = 1, bold: bool = False) -> None:
        """Each text on its own lines; an empty one takes no room."""
        for text in texts:
            self._put(self._lines(text, width, height, bold), width, height, bold)

    def say_largest(self, text: str, *sizes: tuple[int, int, int]) -> None:
        """In the first of `sizes` (width, height, most lines) that it fits in, else in 1 x 2."""
        for width, height, max_lines in (*sizes, (1, 2, len(text))):
            lines = self._lines(text, width, height, True)
            if len(lines) <= max_lines:
                break
        self._put(lines, width, height, True)

    def gap(self) -> None:
        """An empty line of 4 mm."""
        self.writer.style()
        self.writer.line()

    def rule(self) -> None:
        self.writer.style()
        self.writer.line("-" * self.profile.chars)

    def _lines(self, text: str, width: int, height: int, bold: bool) -> Sequence[str | Image.Image]:
        plain = carried(text, self.profile.codepage)
        if plain is not None:
            return _balanced(plain, self.profile.chars // width)
        left = DRAWN_LINES_MAX - self._drawn_lines
        return _drawn(text, 12 * (width + height), self.profile.dots, bold)[:left] if left > 0 else []

    def _put(self, lines: Sequence[str | Image.Image], width: int, height: int, bold: bool) -> None:
        for line in lines:
            if isinstance(line, str):
                self.writer.style(width=width, height=height, bold=bold)
                self.writer.line(line)
            else:
                self.writer.image(line)
                self._drawn_lines += 1


@lru_cache(maxsize=64)
def _drawn(text: str, em: int, dots: int, bold: bool) -> list[Image.Image]:
    """A site's own lines stand on every slip: they are drawn once. 2 kB each."""
    clean = without_controls(text)
    rtl = is_right_to_left(clean)
    return [draw(line, em, dots, bold=bold, rtl=rtl) for line in lines_of(clean, em, dots)]


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
