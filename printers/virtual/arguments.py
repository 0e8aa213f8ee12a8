"""The arguments of GS ( L, the NV graphics, as the command reference allows them."""

from __future__ import annotations

from collections.abc import Callable


class BadArgument(Exception):
    """An argument outside the range that the reference gives."""


def check_graphics(args: bytes) -> None:
    """The bytes behind the length of GS ( L. Raises BadArgument for what the reference does not allow."""
    shapes: dict[int, Callable[[bytes], bool]] = {
        0: _empty, 48: _empty, 3: _empty, 51: _empty,
        64: lambda rest: rest == b"KC", 65: lambda rest: rest == b"CLR", 66: _is_key,
        67: _is_picture, 69: lambda rest: _is_key(rest[:2]) and len(rest) == 4 and set(rest[2:]) <= {1, 2},
    }  # fmt: skip
    if len(args) < 2 or args[0] != 48 or args[1] not in shapes or not shapes[args[1]](args[2:]):
        raise BadArgument(args[:4].hex(" "))


def _empty(rest: bytes) -> bool:
    return rest == b""


def _is_key(rest: bytes) -> bool:
    return len(rest) == 2 and all(32 <= byte <= 126 for byte in rest)


def _is_picture(rest: bytes) -> bool:
    """a = 48, the key, one colour, a size up to 8192 x 2304, colour 1, and as many bytes as that has dots."""
    if len(rest) < 10 or rest[0] != 48 or not _is_key(rest[1:3]) or rest[3] != 1 or rest[8] != 49:
        return False
    width, height = rest[4] + rest[5] * 256, rest[6] + rest[7] * 256
    return 1 <= width <= 8192 and 1 <= height <= 2304 and len(rest) - 9 == (width + 7) // 8 * height
