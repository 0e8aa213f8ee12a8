"""The ESC/POS commands this printer knows, written from Epson's published command reference.

Each prefix has a rule: its name and how to measure the bytes that follow it. A measure gets the
bytes after the prefix and answers how many belong to the command, None if more are needed to
tell, or raises BadArgument. Written apart from the encoder in this project, so that each checks
the other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

from printers.virtual.arguments import BadArgument, check_graphics

DLE, ESC, FS, GS = b"\x10", b"\x1b", b"\x1c", b"\x1d"
IMAGE_MAX_BYTES = 2_000_000

Measure = Callable[[bytes], int | None]


class Rule(NamedTuple):
    """A command: its name in the reference and the length of its arguments."""

    name: str
    measure: Measure


def fixed(*ranges: Collection[int]) -> Measure:
    """One argument byte for each of `ranges`."""

    def measure(rest: bytes) -> int | None:
        for value, allowed in zip(rest, ranges, strict=False):
            if value not in allowed:
                raise BadArgument(f"{value:#04x}")
        return len(ranges) if len(rest) >= len(ranges) else None

    return measure


def _switch(*values: int) -> Collection[int]:
    """Numbers that may also be given as their ASCII digit (n = 1 or 49)."""
    return frozenset(values) | frozenset(value + 48 for value in values)


def _cut(rest: bytes) -> int | None:
    """GS V m (function A) or GS V m n (functions B and C)."""
    if not rest:
        return None
    if rest[0] in (0, 1, 48, 49):
        return 1
    if rest[0] in (65, 66, 97, 98, 103, 104):
        return 2 if len(rest) >= 2 else None
    raise BadArgument(f"{rest[0]:#04x}")


def _raster(rest: bytes) -> int | None:
    """GS v 0 m xL xH yL yH d1...dk with k = x * y."""
    if rest and rest[0] not in _switch(0, 1, 2, 3):
        raise BadArgument(f"{rest[0]:#04x}")
    if len(rest) < 5:
        return None
    return _whole(rest, 5, (rest[1] + rest[2] * 256) * (rest[3] + rest[4] * 256))


def _sized(rest: bytes) -> int | None:
    """GS ( x pL pH d1...dk with k = pL + pH * 256."""
    if len(rest) < 2:
        return None
    return _whole(rest, 2, rest[0] + rest[1] * 256)


def _graphics(rest: bytes) -> int | None:
    """GS ( L pL pH m fn ...: of its functions those of the NV memory."""
    size = _sized(rest)
    if size is not None:
        check_graphics(rest[2:size])
    return size


def _response(rest: bytes) -> int | None:
    """GS ( H pL pH fn m d1 d2 d3 d4: function 48, a process id of four characters from 32 to 126."""
    for value, allowed in zip(rest, ((6,), (0,), (48,), (48,), *[range(32, 127)] * 4), strict=False):
        if value not in allowed:
            raise BadArgument(f"{value:#04x}")
    return 8 if len(rest) >= 8 else None


def _whole(rest: bytes, head: int, size: int) -> int | None:
    if not 0 < size <= IMAGE_MAX_BYTES:
        raise BadArgument(f"length {size}")
    return head + size if len(rest) >= head + size else None


ANY = range(256)
SIZES = frozenset(high * 16 + low for high in range(8) for low in range(8))

COMMANDS: dict[bytes, Rule] = {
    b"\n": Rule("LF", fixed()),
    b"\r": Rule("CR", fixed()),
    # Response codes to a block of the list that GS ( L function 64 asked for.
    b"\x06": Rule("ACK", fixed()),
    b"\x15": Rule("NAK", fixed()),
    b"\x18": Rule("CAN", fixed()),
    DLE + b"\x04": Rule("DLE EOT", fixed(range(1, 5))),
    ESC + b"@": Rule("ESC @", fixed()),
    ESC + b"!": Rule("ESC !", fixed(ANY)),
    ESC + b"-": Rule("ESC -", fixed(_switch(0, 1, 2))),
    ESC + b"2": Rule("ESC 2", fixed()),
    ESC + b"3": Rule("ESC 3", fixed(ANY)),
    ESC + b"E": Rule("ESC E", fixed(ANY)),
    ESC + b"G": Rule("ESC G", fixed(ANY)),
    ESC + b"J": Rule("ESC J", fixed(ANY)),
    ESC + b"M": Rule("ESC M", fixed(_switch(0, 1))),
    ESC + b"a": Rule("ESC a", fixed(_switch(0, 1, 2))),
    ESC + b"d": Rule("ESC d", fixed(ANY)),
    ESC + b"t": Rule("ESC t", fixed(ANY)),
    FS + b".": Rule("FS .", fixed()),
    GS + b"!": Rule("GS !", fixed(SIZES)),
    GS + b"B": Rule("GS B", fixed(ANY)),
    GS + b"V": Rule("GS V", _cut),
    GS + b"a": Rule("GS a", fixed(ANY)),
    GS + b"b": Rule("GS b", fixed(ANY)),
    GS + b"v0": Rule("GS v 0", _raster),
    GS + b"(H": Rule("GS ( H", _response),
    GS + b"(L": Rule("GS ( L", _graphics),
    GS + b"(k": Rule("GS ( k", _sized),
}
# Every beginning of a prefix, to know whether more bytes could still make a command.
BEGINNINGS = frozenset(prefix[:length] for prefix in COMMANDS for length in range(1, len(prefix)))
