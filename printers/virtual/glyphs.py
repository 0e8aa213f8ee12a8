"""Characters as dots: DejaVu Sans Mono, which comes with the project, so that paper looks the same everywhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

# Width and height of a character in dots: font A and font B of the command reference.
CELLS = {0: (12, 24), 1: (9, 17)}
_BASELINE = 0.76
_FONTS = Path(__file__).parent.parent / "fonts"


@lru_cache(maxsize=64)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(_FONTS / ("DejaVuSansMono-Bold.woff2" if bold else "DejaVuSansMono.woff2"), size)
    except OSError:
        return ImageFont.load_default(size)


@lru_cache(maxsize=2048)
def glyph(char: str, font: int, width: int, height: int, bold: bool) -> Image.Image:
    """One character, white on black (a mask), its cell multiplied by `width` and `height`."""
    cell_width, cell_height = CELLS[font]
    scale = max(width, height)
    large = Image.new("L", (cell_width * scale, cell_height * scale), 0)
    middle = (cell_width * scale / 2, cell_height * scale * _BASELINE)
    face = _font(round(cell_height * scale * 0.83), bold)
    anchor = "ms" if isinstance(face, ImageFont.FreeTypeFont) else None
    ImageDraw.Draw(large).text(middle if anchor else (0, 0), char, fill=255, font=face, anchor=anchor)
    return large.resize((cell_width * width, cell_height * height), Image.Resampling.LANCZOS)
