"""Disks as a power cut may leave them: of what was not synced, any part in any order, in sectors of 512 bytes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise

from server.ops.prove.lives.tape import Disk, Inode, Op, played

SECTOR = 512
#: which unsynced writes are there: each or not; a beginning or an end, with a torn write at the border; each sector or not
WAYS = ("some", "first", "last", "torn", "torn", "torn")
#: one in so many finds junk, not zeros, where a file had grown and nothing arrived
JUNK_ONE_IN = 4
#: a point at which no other image can be found in so many draws has no more
DRAWS_MAX = 20

#: file name -> content
Image = dict[str, bytes]


def drawings(disk: Disk, each: int, chance: random.Random) -> Iterator[tuple[str, Image]]:
    """At most `each` images (way, files), no choice twice: nothing of the unsynced, all of it, then at random."""
    unsure = {inode: _Unsure(inode, chance) for inode in _inodes(disk) if inode.pending}
    drawn: set[tuple[object, ...]] = set()
    draws = 0
    while len(drawn) < each and draws < DRAWS_MAX:
        way = ("none", "all")[len(drawn)] if len(drawn) < 2 and not draws else chance.choice(WAYS)
        chosen = {name: chance.choice(entries) for name, entries in _entries(disk).items()}
        masks = {name: unsure[inode].mask(way, chance) for name, inode in chosen.items() if inode in unsure}
        junk = not chance.randrange(JUNK_ONE_IN) and any(unsure[inode].can_be_junk(masks[name]) for name, inode in chosen.items() if name in masks)
        choice = (junk, *((name, id(inode), masks.get(name)) for name, inode in chosen.items()))
        if choice in drawn:
            draws += 1
            continue
        drawn.add(choice)
        draws = 0
        yield way, {
            name: unsure[inode].content(masks[name], junk) if name in masks else inode.sure
            for name, inode in chosen.items() if inode is not None
        }


def _entries(disk: Disk) -> dict[str, list[Inode | None]]:
    """What each name may stand for: the newest entry, or the one the folder was sure to keep."""
    found = {}
    for name in sorted(disk.now.keys() | disk.sure.keys()):
        new, old = disk.now.get(name), disk.sure.get(name)
        found[name] = [new] if new is old else [new, old]
    return found


def _inodes(disk: Disk) -> list[Inode]:
    return list({id(inode): inode for inode in (*disk.now.values(), *disk.sure.values())}.values())


class _Unsure:
    """A file with unsynced writes, cut into sectors; a mask has a bit for each piece that arrived."""

    def __init__(self, inode: Inode, chance: random.Random) -> None:
        self._inode = inode
        cut = [sectors(op) for op in inode.pending]
        self._pieces = [piece for pieces in cut for piece in pieces]
        ends = [0]
        for pieces in cut:
            ends.append(ends[-1] + len(pieces))
        self._spans = [((1 << end) - 1) ^ ((1 << start) - 1) for start, end in pairwise(ends)]
        self._all = (1 << ends[-1]) - 1
        more = len(played(inode.sure, inode.pending)) - len(inode.sure)
        self._beyond = sum(1 << place for place, piece in enumerate(self._pieces) if piece.offset + len(piece.data) > len(inode.sure))
        self._grown = inode.sure + chance.randbytes(max(0, more))

    def can_be_junk(self, mask: int) -> bool:
        """Whether it has grown, and not all of that arrived."""
        return mask & self._beyond != self._beyond

    def mask(self, way: str, chance: random.Random) -> int:
        if way in ("none", "all"):
            return self._all if way == "all" else 0
        if way == "some":
            return sum(span for span in self._spans if chance.getrandbits(1))
        noise = self._noise(chance)
        if way == "torn":
            return noise
        border = chance.randrange(len(self._spans))
        whole = self._spans[:border] if way == "first" else self._spans[border + 1 :]
        return sum(whole) | (self._spans[border] & noise)

    def content(self, mask: int, junk: bool) -> bytes:
        pieces = [piece for place, piece in enumerate(self._pieces) if mask >> place & 1]
        return bytes(played(self._grown if junk else self._inode.sure, pieces))

    def _noise(self, chance: random.Random) -> int:
        """Few, half or most of the sectors."""
        size = len(self._pieces)
        one, other = chance.getrandbits(size), chance.getrandbits(size)
        return chance.choice((one, one & other, one | other))


def sectors(op: Op) -> list[Op]:
    """The write in the pieces in which a disk takes it; a cut is one."""
    if op.kind != "write":
        return [op]
    end = op.offset + len(op.data)
    borders = [op.offset, *range((op.offset // SECTOR + 1) * SECTOR, end, SECTOR), end]
    return [
        Op(op.at, "write", op.name, start, op.data[start - op.offset : stop - op.offset])
        for start, stop in pairwise(borders)
    ]
