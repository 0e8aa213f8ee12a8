"""The site's logo as dots, at most as wide as the paper. Pure; a picture is looked at before it is unfolded."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageOps

#: the server keeps a PNG of at most 640 x 256; anything far beyond that is not its logo
FILE_MAX_BYTES, PIXELS_MAX = 500_000, 400_000
#: 20 mm: a coat of arms is recognised, and paper is not wasted
HEIGHT_MAX_DOTS = 160
#: air between it and the line below
_AIR_DOTS = 8
#: Otsu's separability from which a picture is two tones with soft edges and is cut, not dithered
_TWO_TONES = 0.9
#: grey from which paper shows nothing of it
_PALE_FROM = 200
_BROKEN = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, EOFError, Warning)


class LogoUnusable(Exception):
    """`str()` is one Indonesian sentence; slips are printed without the logo."""


@dataclass(frozen=True)
class Logo:
    """The logo for one width of paper. `kept_as`: its two characters in the printer's memory; b"": it is not there."""

    picture: Image.Image
    kept_as: bytes = b""


@lru_cache(maxsize=4)
def picture_of(png: bytes, dots: int) -> Image.Image:
    """The PNG in black and white ("1"), at most `dots` wide and HEIGHT_MAX_DOTS high, on a strip of air. Raises LogoUnusable."""
    try:
        shape = _two_tones(_on_white(png, dots))
    # Pillow tells of broken files by many exceptions; whichever it is, this is no picture.
    except (*_BROKEN, Image.DecompressionBombError) as error:
        raise LogoUnusable("Logo tidak dapat dibaca sebagai gambar; karcis dicetak tanpa logo.") from error
    whole = Image.new("1", (shape.width, shape.height + _AIR_DOTS), 1)
    whole.paste(shape, (0, 0))
    return whole


def key_of(picture: Image.Image) -> bytes:
    """Two characters from 33 to 126 for this very picture: another logo has another key."""
    digest = hashlib.sha256(repr(picture.size).encode() + picture.tobytes()).digest()
    return bytes(33 + digest[at] % 94 for at in (0, 1))


def _on_white(png: bytes, dots: int) -> Image.Image:
    if len(png) > FILE_MAX_BYTES:
        raise LogoUnusable("Logo terlalu besar; karcis dicetak tanpa logo.")
    with Image.open(io.BytesIO(png), formats=("PNG",)) as found:
        if found.width * found.height > PIXELS_MAX:
            raise LogoUnusable("Logo terlalu besar; karcis dicetak tanpa logo.")
        full = found.convert("RGBA")
    grey = Image.new("L", full.size, 255)
    shape = full.getchannel("A")
    grey.paste(full.convert("L"), mask=shape)
    if grey.getextrema()[0] > _PALE_FROM and shape.getextrema()[0] == 0:  # drawn for a dark ground: its shape is the ink
        grey = shape.point(lambda value: 255 - value)
    # Shrunk to fit; never wider than the paper, never larger than it came.
    grey.thumbnail((dots, HEIGHT_MAX_DOTS), Image.Resampling.LANCZOS)
    return grey


def _two_tones(grey: Image.Image) -> Image.Image:
    """Plain shapes keep sharp edges; a photograph is dithered."""
    threshold, separability = _otsu(grey.histogram())
    if separability >= _TWO_TONES:
        return grey.point(lambda value: 255 if value > threshold else 0).convert("1", dither=Image.Dither.NONE)
    return ImageOps.autocontrast(grey, cutoff=1).convert("1", dither=Image.Dither.FLOYDSTEINBERG)


def _otsu(histogram: list[int]) -> tuple[int, float]:
    """The level that parts dark from light best, and how much of the variance that explains (Otsu 1979), 0 to 1."""
    count = sum(histogram)
    mean = sum(level * n for level, n in enumerate(histogram)) / count
    variance = sum((level - mean) ** 2 * n for level, n in enumerate(histogram)) / count
    if not variance:
        return 127, 1.0
    best, threshold, below, weighted = 0.0, 127, 0, 0
    for level, n in enumerate(histogram[:-1]):
        below, weighted = below + n, weighted + level * n
        if 0 < below < count:
            share = below / count
            between = (mean * share - weighted / count) ** 2 / (share * (1 - share))
            if between > best:
                best, threshold = between, level
    return threshold, best / variance
