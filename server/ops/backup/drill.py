"""A restore tried out: the newest backup unpacked into a scratch folder, every check run on it, held against the live log."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from server.ops.backup import archive, copying
from server.ops.doctor.invariants import violations
from server.ops.doctor.shape import shape_wrongs
from server.ops.doctor.story import Unknown, differences


def wrongs(file: Path, scratch: Path, live: Path) -> list[str]:
    """What would go wrong with this backup, in words; nothing when it would restore. `live` is only read."""
    try:
        manifest = archive.read(file, scratch)
        with copying.opened(scratch / archive.DATABASE) as database:
            found = copying.wrongs(database, links=None)
            found += shape_wrongs(database) + violations(database)
            if not found:  # a broken log tells nothing of the tables
                found += _told_otherwise(database)
            if not found and not copying.is_told(database, manifest):
                found.append("manifest")
        return found + _against(live, manifest["seq"], manifest["head"])
    except (archive.Unfit, sqlite3.Error) as broken:
        return [str(broken)]


def _told_otherwise(database: sqlite3.Connection) -> list[str]:
    try:
        return differences(database)
    except Unknown:  # a newer program's log
        return []


def _against(live: Path, seq: int, head: str) -> list[str]:
    """The backup must be the beginning of the very history that goes on."""
    with copying.opened(live) as database:
        [end] = database.execute("SELECT seq FROM event_head").fetchone()
        here = database.execute("SELECT hash FROM event WHERE seq = ?", (seq,)).fetchone()
    if end < seq or (seq and (here is None or here[0] != head)):
        return [f"event {seq} is another one in the running database"]
    return []
