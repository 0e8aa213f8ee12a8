"""Whether SQLite's write-ahead log is whole, which SQLite itself never says: it stops at the first damaged frame without a word.

Format: https://www.sqlite.org/walformat.html
"""

from __future__ import annotations

import struct
from pathlib import Path

_HEADER, _FRAME = 32, 24
_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}


def is_whole(wal: Path) -> bool:
    """False where frames of the present round lie behind one that is damaged, or the header is.

    Frames of an earlier round may lie behind the end; they have other salts. A file cut off at a frame's end looks whole.
    """
    raw = wal.read_bytes()
    if not raw:
        return True
    if len(raw) < _HEADER or struct.unpack(">I", raw[:4])[0] not in _MAGIC:
        return False
    order = _MAGIC[struct.unpack(">I", raw[:4])[0]]
    size, salts = struct.unpack(">I", raw[8:12])[0] or 65536, raw[16:24]
    sums = _summed(order, raw[:24], (0, 0))
    if struct.pack(">II", *sums) != raw[24:32]:
        return False
    at, good = _HEADER, True
    while at + _FRAME + size <= len(raw):
        head = raw[at : at + _FRAME]
        if head[8:16] == salts:
            if not good:
                return False
            sums = _summed(order, head[:8] + raw[at + _FRAME : at + _FRAME + size], sums)
            good = struct.pack(">II", *sums) == head[16:24]
            if not good:
                return False
        else:
            good = False
        at += _FRAME + size
    # What is left is a frame that was being written, or bytes of an earlier round.
    return True


def _summed(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    """SQLite's running checksum over pairs of 32-bit words."""
    one, two = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for at in range(0, len(words), 2):
        one = (one + words[at] + two) & 0xFFFFFFFF
        two = (two + words[at + 1] + one) & 0xFFFFFFFF
    return one, two
