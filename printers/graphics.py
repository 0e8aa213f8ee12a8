"""What a printer keeps by itself: its NV graphics memory (GS ( L), as bytes. Pure.

A picture stands there under two characters, its key. Its memory wears: a picture is stored once, and only when
the printer's own list of keys does not have it.
"""

from __future__ import annotations

import re

from PIL import Image

from printers.raster import harmless, raster_bytes

KEY_BYTES = 2
#: function 64: which keys are there? The printer waits for ACK after its answer ("handshaking protocol")
LIST_REQUEST, ACK = b"\x1d(L\x04\x000@KC", b"\x06"
_LIST = re.compile(rb"\x37\x72([\x40\x41])([\x20-\x7e]{0,80})\x00")
_MORE = b"\x41"
#: far more than a logo, and less than the 64 kB that the command can say
STORED_MAX_BYTES = 40_000


class KeyList:
    """Feed it what the printer sends; cut anywhere, with other answers between. Keeps little, however much comes."""

    def __init__(self) -> None:
        self.keys: set[bytes] = set()
        self.complete = False
        #: a block came that has to be acknowledged
        self.owes_ack = False
        self._rest = b""

    def feed(self, data: bytes) -> None:
        self._rest = (self._rest + data)[-512:]
        while found := _LIST.search(self._rest):
            more, names = found.groups()
            self.keys |= {names[at : at + KEY_BYTES] for at in range(0, len(names), KEY_BYTES)}
            self.owes_ack, self.complete = True, self.complete or more != _MORE
            self._rest = self._rest[found.end() :]


def store_request(key: bytes, picture: Image.Image) -> bytes:
    """Function 67: keep `picture` (mode "1") under `key`. Raises ValueError for one that is too large."""
    data = raster_bytes(harmless(picture))
    width = len(data) // picture.height * 8
    body = b"\x30\x43\x30" + key + b"\x01" + _pair(width) + _pair(picture.height) + b"\x31" + data
    if len(body) > STORED_MAX_BYTES:
        raise ValueError(f"{len(body)} bytes")
    return b"\x1d(L" + _pair(len(body)) + body


def print_request(key: bytes) -> bytes:
    """Function 69: print what is kept under `key`, dot by dot; nothing when nothing is."""
    return b"\x1d(L\x06\x000E" + key + b"\x01\x01"


def delete_request(key: bytes) -> bytes:
    """Function 66: forget what is kept under `key`."""
    return b"\x1d(L\x04\x000B" + key


def _pair(number: int) -> bytes:
    return bytes((number & 0xFF, number >> 8))
