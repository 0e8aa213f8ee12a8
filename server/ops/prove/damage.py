"""A backup file damaged in many ways, each of which must be refused."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from server.ops.backup import archive

#: all positions of the file's beginning are tried: its own line, and gzip's head, which has no sum of its own
FIRST_BYTES = 100


def try_all(whole: Path, damaged: Path, flips: int, cuts: int, draw: random.Random) -> tuple[int, list[str]]:
    """How many files were refused, and what was done to those that were not; the last one stays at `damaged`."""
    refused, believed = 0, []
    for content, what in _spoilt(whole.read_bytes(), flips, cuts, draw):
        damaged.write_bytes(content)
        try:
            archive.read(damaged)
        except archive.Unfit:
            refused += 1
        else:
            believed.append(what)
    return refused, believed


def _spoilt(whole: bytes, flips: int, cuts: int, draw: random.Random) -> Iterator[tuple[bytes, str]]:
    drawn = (draw.randrange(len(whole)) for _ in range(flips - FIRST_BYTES))
    for place in [*range(min(FIRST_BYTES, flips)), *drawn]:
        changed = bytearray(whole)
        changed[place] ^= 1 << draw.randrange(8)
        yield bytes(changed), f"byte {place} changed"
    for _ in range(cuts):
        end = draw.randrange(len(whole))
        yield whole[:end], f"what follows byte {end} cut off"
    yield whole + b"x", "a byte more"
