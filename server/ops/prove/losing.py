"""The ways in which data are lost before a restore, and how far the promise reaches in each.

What a restore skips rests on three witnesses (`server/ops/backup/evidence.py`). A way of losing leaves some of them, and lets
visitors take as many numbers as those must still account for: where only time is left, 100 and one for each second.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from server.domain.numbering import LEAST_SKIPPED, SKIPPED_PER_MINUTE
from server.ops.backup import archive

#: bytes of a frame's head in SQLite's write-ahead log, and of the log's own
_FRAME_HEAD, _LOG_HEAD = 24, 32
_PER_S = SKIPPED_PER_MINUTE / 60


@dataclass(frozen=True)
class Loss:
    """`spoil(data folder, draw, bytes of the log at the backup)` does it.

    Between backup and kill at least `least` numbers of a series are taken, at most `most` and `per_s` for each second, by
    one kiosk alone or by all. `at_rest`: the backup is made while nobody presses, so that all of those come after it.
    `is_again`: no new backup is made; the one of the round before is restored a second time.
    """

    name: str
    spoil: Callable[[Path, random.Random, int], None]
    least: int
    most: int
    per_s: float = 0.0
    at_rest: bool = False
    is_alone: bool = True
    is_again: bool = False


def _gone(data: Path, draw: random.Random, log_bytes: int) -> None:
    shutil.rmtree(data)


def _kept(data: Path, draw: random.Random, log_bytes: int) -> None:
    """The server was killed, and that is all."""


def _torn(data: Path, draw: random.Random, log_bytes: int) -> None:
    with (data / archive.DATABASE).open("r+b") as file:
        file.seek(0)
        file.write(draw.randbytes(200_000))


def _torn_log(data: Path, draw: random.Random, log_bytes: int) -> None:
    """One bit in the first frame of the log that was written after the backup: all that follows is out of SQLite's sight."""
    with (data / f"{archive.DATABASE}-wal").open("r+b") as file:
        frame = max(log_bytes, _LOG_HEAD)
        if _salts(file, frame + 8) != _salts(file, 16):  # begun anew since the backup: what stands there was folded in long ago
            frame = _LOG_HEAD
        place = frame + _FRAME_HEAD + draw.randrange(1000)
        file.seek(place)
        [byte] = file.read(1)
        file.seek(place)
        file.write(bytes([byte ^ 1 << draw.randrange(8)]))


def _salts(file: BinaryIO, place: int) -> bytes:
    """What tells a frame of this log from one that an earlier log left in the same file."""
    file.seek(place)
    return file.read(8)


#: over what is always skipped, so that a rule which forgets a witness is found out
_MORE = LEAST_SKIPPED + 5
TORN_LOG = Loss("torn log", _torn_log, _MORE, LEAST_SKIPPED, _PER_S, at_rest=True)
AGAIN = Loss("gone, and the same backup is restored again", _gone, 40, LEAST_SKIPPED, _PER_S, is_again=True)
KEPT = Loss("kept", _kept, LEAST_SKIPPED + 30, 250)
GONE = Loss("gone", _gone, _MORE, LEAST_SKIPPED, _PER_S, at_rest=True)
#: under the load of all kiosks while the backup is made: how many come after it is not known exactly
TORN = Loss("torn", _torn, 20, 80, is_alone=False)
