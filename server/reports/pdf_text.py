"""The report's own fonts, and paragraph styles in them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_LEFT, TA_RIGHT
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "LiberationSans", "LiberationSans-Bold"
_FOLDER = Path(__file__).parent / "fonts"


@cache
def fonts() -> frozenset[int]:
    """Makes the fonts known, once; the characters that both can draw."""
    faces = [TTFont(REGULAR, _FOLDER / "LiberationSans-Regular.ttf"), TTFont(BOLD, _FOLDER / "LiberationSans-Bold.ttf")]
    for face in faces:
        pdfmetrics.registerFont(face)
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return frozenset(faces[0].face.charToGlyph) & frozenset(faces[1].face.charToGlyph)


def printable(text: str) -> str:
    """The text with a question mark for each character that the fonts do not have, rather than nothing."""
    known = fonts()
    return text if all(ord(sign) in known for sign in text) else "".join(sign if ord(sign) in known else "?" for sign in text)


@cache
def style(size: float, bold: bool = False, *, indent: float = 0, right: bool = False, center: bool = False, justify: bool = False,
          first: float = 0, after: float = 0, before: float = 0) -> ParagraphStyle:  # fmt: skip
    """A paragraph's style; sizes, spaces and indents in points."""
    fonts()
    align = TA_RIGHT if right else TA_CENTER if center else TA_JUSTIFY if justify else TA_LEFT
    return ParagraphStyle(
        "text", fontName=BOLD if bold else REGULAR, fontSize=size, leading=size * 1.25, alignment=align, leftIndent=indent,
        firstLineIndent=first, spaceAfter=after, spaceBefore=before, splitLongWords=True,
    )  # fmt: skip
