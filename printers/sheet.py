"""Words on a sheet of paper: wrapped to the width that their size leaves."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from printers.charset import printable
from printers.profile import Profile
from printers.writer import SlipWriter

# Stands for a space at which no line may end; it never reaches the paper.
_GLUE = "\x1f"


class Sheet:
    """One slip while it is being written, in steps of whole lines."""

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

    @property
    def has_logo(self) -> bool:
        """Whether `logo` prints anything."""
        return False

    def logo(self) -> None:
        """The site's logo, where there is one."""

    def gap(self) -> None:
        """An empty line of 4 mm."""
        self.writer.style()
        self.writer.line()

    def rule(self) -> None:
        self.writer.style()
        self.writer.line("-" * self.profile.chars)


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
