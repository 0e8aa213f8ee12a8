"""A picture whose bytes hold no command.

Real-time commands are executed even inside picture data ("graphic data might include this command", command
reference, DLE EOT), so a picture must not contain them: one dot more beside a lonely dot, 0.1 mm wide, unmakes each.
"""

from __future__ import annotations

import re

from PIL import Image

_REAL_TIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
_DLE_AND_A_DOT = b"\x18"
_INVERTED = bytes(byte ^ 0xFF for byte in range(256))


def harmless(picture: Image.Image) -> Image.Image:
    """The same picture (mode "1"), a few white dots blackened where its bytes would be a real-time command."""
    data = raster_bytes(picture)
    if not _REAL_TIME.search(data):
        return picture
    clean = _REAL_TIME.sub(_DLE_AND_A_DOT, data).translate(_INVERTED)
    return Image.frombytes("1", _whole_bytes(picture), clean)


def raster_bytes(picture: Image.Image) -> bytes:
    """One bit for each dot, 1 is black, rows filled to whole bytes with white."""
    size = _whole_bytes(picture)
    if size != picture.size:
        padded = Image.new("1", size, 1)
        padded.paste(picture, (0, 0))
        picture = padded
    return picture.tobytes().translate(_INVERTED)


def _whole_bytes(picture: Image.Image) -> tuple[int, int]:
    return (picture.width + 7) // 8 * 8, picture.height
