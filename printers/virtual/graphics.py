"""The printer's NV graphics memory: pictures under keys of two characters, kept without power (GS ( L, GS 8 L).

Written from the command reference: functions 48 and 51 tell its size and room, 64 lists the keys, 65 and 66
delete, 67 stores, 69 prints. Its memory wears, so its writes are counted.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

CAPACITY_BYTES = 65_536
_OVERHEAD_BYTES = 24  # control information of each picture
_KEYS_A_BLOCK = 40
PRINT_KEPT = 69
ACK, NAK, CAN = b"\x06", b"\x15", b"\x18"


class NvGraphics:
    """`say` takes what the printer answers. What stands in it outlives everything but `lose`."""

    def __init__(self, say: Callable[[bytes], None]) -> None:
        self.writes = 0
        self._say = say
        self._pictures: dict[bytes, Image.Image] = {}
        self._blocks: list[bytes] = []

    @property
    def keys(self) -> list[str]:
        return [key.decode("ascii") for key in self._pictures]

    def lose(self) -> None:
        """Everything is gone, as after a repair."""
        self._pictures.clear()

    def execute(self, args: bytes) -> Image.Image | None:
        """GS ( L with its length bytes taken off; the picture that is to be printed now, if that was asked."""
        function, rest = args[1], args[2:]
        if function == PRINT_KEPT:
            return self._enlarged(rest)
        if function in (0, 48):
            self._say(b"\x370%d\x00" % CAPACITY_BYTES)
        elif function in (3, 51):
            self._say(b"\x371%d\x00" % self._room())
        elif function == 64:
            self._list()
        elif function == 65:
            self._change({})
        elif function == 66:
            self._change({key: one for key, one in self._pictures.items() if key != rest})
        else:
            self._store(rest)
        return None

    def respond(self, code: bytes) -> bool:
        """ACK, NAK or CAN to a block of the list; False: nobody had asked for one."""
        if not self._blocks:
            return False
        if code == CAN:
            self._blocks.clear()
        elif code == ACK:
            self._blocks.pop(0)
        if self._blocks:
            self._say(self._blocks[0])
        return True

    def power_off(self) -> None:
        """A conversation is over, the pictures stay."""
        self._blocks.clear()

    def _list(self) -> None:
        names = [b"".join(list(self._pictures)[at : at + _KEYS_A_BLOCK]) for at in range(0, len(self._pictures), _KEYS_A_BLOCK)]
        names = names or [b""]
        self._blocks = [
            b"\x37\x72" + (b"\x40" if number == len(names) else b"\x41") + name + b"\x00"
            for number, name in enumerate(names, 1)
        ]
        self._say(self._blocks[0])

    def _store(self, rest: bytes) -> None:
        """What does not fit is ignored, as the reference says."""
        key, width, height = rest[1:3], rest[4] + rest[5] * 256, rest[6] + rest[7] * 256
        row = (width + 7) // 8
        image = Image.frombytes("1", (row * 8, height), bytes(byte ^ 0xFF for byte in rest[9:]))
        kept = {**self._pictures, key: image.crop((0, 0, width, height))}
        if _used(kept) <= CAPACITY_BYTES:
            self._change(kept)

    def _change(self, pictures: dict[bytes, Image.Image]) -> None:
        self.writes += 1
        self._pictures = pictures

    def _enlarged(self, rest: bytes) -> Image.Image | None:
        kept = self._pictures.get(rest[:2])
        return kept and kept.resize((kept.width * rest[2], kept.height * rest[3]))

    def _room(self) -> int:
        return CAPACITY_BYTES - _used(self._pictures)


def _used(pictures: dict[bytes, Image.Image]) -> int:
    return sum((one.width + 7) // 8 * one.height + _OVERHEAD_BYTES for one in pictures.values())
