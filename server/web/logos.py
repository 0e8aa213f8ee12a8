"""A logo as it comes from a browser: looked at by Pillow and made anew, so that only a picture stays.

Blocking work: to be called outside the event loop (`house.slow`).
"""

from __future__ import annotations

import base64
import binascii
import io

from PIL import Image

from server.domain.errors import RuleBroken
from server.web.errors import WebRefusal

#: the file as it is chosen
FILE_MAX_BYTES = 500_000
#: a picture may not unfold to more than this when it is opened
PIXELS_MAX = 16_000_000
#: kept no larger than this, in pixels: sharp on a portrait kiosk's header
WIDTH_MAX, HEIGHT_MAX = 640, 256
#: a header has room for no longer strip (width to height) and no higher column (height to width)
LONGEST, HIGHEST = 8, 2
_FORMATS = ("PNG", "JPEG")
_BROKEN = (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, TypeError, EOFError, Warning)


def clean_logo(image: str) -> bytes:
    """A small PNG of the picture in this base64 text. Raises bad_image, too_large, invalid (image)."""
    try:
        raw = base64.b64decode(image, validate=True)
    except (binascii.Error, ValueError):
        raise WebRefusal("bad_image") from None
    if len(raw) > FILE_MAX_BYTES:
        raise WebRefusal("too_large")
    try:
        return _made_anew(raw)
    # Pillow tells of broken files by many exceptions; whichever it is, this is no picture.
    except (*_BROKEN, Image.DecompressionBombError):
        raise WebRefusal("bad_image") from None


def _made_anew(raw: bytes) -> bytes:
    with Image.open(io.BytesIO(raw), formats=_FORMATS) as found:
        if found.width * found.height > PIXELS_MAX:
            raise ValueError("too many pixels")
        if found.width > LONGEST * found.height or found.height > HIGHEST * found.width:
            raise RuleBroken("invalid", field="image", why="logo_shape")
        picture = found.convert("RGBA")
    picture.thumbnail((WIDTH_MAX, HEIGHT_MAX))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
