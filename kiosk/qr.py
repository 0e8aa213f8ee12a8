"""A QR code as a small SVG: black on white in either contrast, with the quiet zone phones need."""

from __future__ import annotations

import qrcode

#: modules of white around the code (ISO/IEC 18004)
QUIET = 4


def drawing(text: str) -> bytes:
    """The code of `text` (error correction M), one unit for each module."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    rows = code.get_matrix()
    dark = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{dark}"/></svg>'
    ).encode()
