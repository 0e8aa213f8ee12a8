"""The size of a QR code on paper, and its picture for printers that cannot draw one."""

from __future__ import annotations

from functools import lru_cache

import qrcode
from PIL import Image

# 0.375 mm is the smallest module that phones read well from 203 dpi paper; 1 mm is large enough.
MODULE_MIN_DOTS, MODULE_MAX_DOTS = 3, 8


@lru_cache(maxsize=64)
def module_dots(text: str, target_dots: int) -> int:
    """Dots per module so that the code of `text` (error correction M) is about `target_dots` wide."""
    code = _code(text)
    modules = 17 + 4 * code.best_fit(start=1)
    return max(MODULE_MIN_DOTS, min(MODULE_MAX_DOTS, target_dots // modules))


def picture(text: str, target_dots: int) -> Image.Image:
    """The code of `text` in black on white."""
    code = _code(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    small = Image.new("1", (len(matrix), len(matrix)), 1)
    small.putdata([0 if dark else 1 for row in matrix for dark in row])
    side = len(matrix) * module_dots(text, target_dots)
    return small.resize((side, side), Image.Resampling.NEAREST)


def _code(text: str) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(text)
    return code
