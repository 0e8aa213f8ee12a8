"""A picture whose bytes hold no command.

Real-time commands are executed even inside picture data ("graphic data might include this command", command
reference, DLE EOT), so a picture must not contain them: one dot more beside a lonely dot, 0.1 mm wide, unmakes each.
"""

from __future__ import annotations

from PIL import Image

_DLE, _DLE_AND_A_DOT = 0x10, 0x18
_REAL_TIME = frozenset({0x04, 0x05, 0x14})


def harmless(picture: Image.Image) -> Image.Image:
    """The same picture (mode "1"), a few white dots blackened where its bytes would be a real-time command."""
    data = bytearray(raster_bytes(picture))
    for at in range(len(data) - 1):
        if data[at] == _DLE and data[at + 1] in _REAL_TIME:
            data[at] = _DLE_AND_A_DOT
    return Image.frombytes("1", _whole_bytes(picture), bytes(byte ^ 0xFF for byte in data))


def raster_bytes(picture: Image.Image) -> bytes:
    """One bit for each dot, 1 is black, rows filled to whole bytes with white."""
    width, height = _whole_bytes(picture)
    padded = Image.new("1", (width, height), 1)
    padded.paste(picture, (0, 0))
    return bytes(byte ^ 0xFF for byte in padded.tobytes())


def _whole_bytes(picture: Image.Image) -> tuple[int, int]:
    return (picture.width + 7) // 8 * 8, picture.height
