"""Data that end before their own backup does: then numbers that are on paper would be given again, and a start is refused."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from server.ops.backup import archive, copying
from server.ops.backup.child import FOLDER, dated_in


@dataclass(frozen=True)
class Ahead:
    """`file`: the newest backup of this very history; `seq`: its last event; `end`: the data's."""

    file: Path
    seq: int
    end: int


def ahead(data: Path) -> Ahead | None:
    """The newest scheduled backup of these data, if they do not go on from it. None when there is none that can be asked, or no data.

    A restore gives the data a new epoch: what was backed up before it tells nothing of them.
    """
    path = data / archive.DATABASE
    try:
        with copying.opened(path) as database:
            site, epoch = database.execute("SELECT code, epoch FROM site").fetchone()
            [end] = database.execute("SELECT seq FROM event_head").fetchone()
            for file in dated_in(data / FOLDER):
                told = _told(file)
                if told is None or (told.get("site"), told.get("epoch")) != (site, epoch):
                    continue
                here = database.execute("SELECT hash FROM event WHERE site = ? AND seq = ?", (site, told["seq"])).fetchone()
                # Before the first event there is no hash to compare.
                goes_on = here == (told["head"],) if told["seq"] else True
                return None if goes_on else Ahead(file, told["seq"], end)
    except (sqlite3.Error, OSError, TypeError, KeyError):
        pass  # what cannot be read is for the start and for doctor to say
    return None


def _told(file: Path) -> dict[str, object] | None:
    try:
        return archive.peek(file)
    except archive.Unfit:
        return None
