"""The size of a QR code on paper, and its picture for printers that cannot draw one."""

from __future__ import annotations

from functools import lru_cache

import qrcode
from PIL import Image

# 0.375 mm is the smallest module that phones read well from 203 dpi paper; 1 mm is large enough.
MODULE_MIN_DOTS, MODULE_MAX_DOTS = 3, 8
# Real-time commands are executed even inside picture data ("graphic data might include this
# command", command reference, DLE EOT), so a picture must not contain them.
_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")


@lru_cache(maxsize=64)
def module_dots(text: str, target_dots: int) -> int:
    """Dots per module so that the code of `text` (error correction M) is about `target_dots` wide."""
    code = _code(text)
    modules = 17 + 4 * code.best_fit(start=1)
    return max(MODULE_MIN_DOTS, min(MODULE_MAX_DOTS, target_dots // modules))


def picture(text: str, target_dots: int) -> Image.Image | None:
    """The code of `text` in black on white, free of byte pairs that a printer would obey.

    None when no size and place of it is free of them; the ticket is then printed without it.
    """
    code = _code(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    small = Image.new("1", (len(matrix), len(matrix)), 1)
    small.putdata([0 if dark else 1 for row in matrix for dark in row])
    best = module_dots(text, target_dots)
    for dots in (best, max(MODULE_MIN_DOTS, best - 1)):
        side = len(matrix) * dots
        large = small.resize((side, side), Image.Resampling.NEAREST)
        for left in range(8):
            if is_harmless(shifted := _padded(large, left)):
                return shifted
    return None


def is_harmless(image: Image.Image) -> bool:
    """Whether the raster bytes of `image` hold no real-time command."""
    data = image.convert("L").point(lambda value: 255 - value).convert("1").tobytes()
    return not any(pair in data for pair in _REAL_TIME)


def _code(text: str) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    return code


def _padded(image: Image.Image, left: int) -> Image.Image:
    if not left:
        return image
    wider = Image.new("1", (image.width + left, image.height), 1)
    wider.paste(image, (left, 0))
    return wider
