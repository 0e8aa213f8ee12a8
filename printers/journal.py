"""What this process remembers about started jobs across its own death.

One append-only file per printer. "started" is on disk before the first byte may leave, so a job
that may be on paper is never printed again as if it were new.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

KEEP_REPORTED = 500
COMPACT_AFTER_LINES = 4000


@dataclass(frozen=True)
class Entry:
    """A job whose first byte may have left. `state` is its known outcome or "" (not known)."""

    job: str
    created_at: str
    state: str = ""
    cause: str = ""
    reported: bool = False


class Journal:
    """The started jobs of one printer. Not shared between threads. Raises OSError on disk trouble."""

    def __init__(self, folder: Path, printer: str) -> None:
        self._path = folder / f"{quote(printer, safe='')}.jsonl"
        self._entries: dict[str, Entry] = {}
        self._lines = 0
        for entry in _read(self._path):
            self._remember(entry)
            self._lines += 1
        self._compact()

    def find(self, job: str, created_at: str) -> Entry | None:
        """The entry of this very job; a job of another database that reuses its id is not it."""
        entry = self._entries.get(job)
        return entry if entry and entry.created_at == created_at else None

    def unreported(self) -> list[Entry]:
        """Entries whose outcome the server has not confirmed, oldest first."""
        return [entry for entry in self._entries.values() if not entry.reported]

    def write(self, entry: Entry) -> None:
        """On the disk (fsync) when this returns."""
        if self._lines >= COMPACT_AFTER_LINES:
            self._compact()
        line = _encode(entry)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            # A crash can leave half a line: a newline first keeps this entry whole.
            _write_all(descriptor, b"\n" + line)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if self._lines == 0:
            _sync_folder(self._path.parent)
        self._lines += 1
        self._remember(entry)

    def _remember(self, entry: Entry) -> None:
        self._entries.pop(entry.job, None)
        self._entries[entry.job] = entry

    def _compact(self) -> None:
        """Keep what is open and the last reported ones; the old file stays until the new is safe."""
        reported = [entry for entry in self._entries.values() if entry.reported]
        dropped = {entry.job for entry in reported[:-KEEP_REPORTED]}
        kept = [entry for entry in self._entries.values() if entry.job not in dropped]
        if self._lines == len(kept):
            return
        fresh = self._path.with_suffix(".new")
        with open(fresh, "wb") as file:
            file.writelines(_encode(entry) for entry in kept)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._path)
        _sync_folder(self._path.parent)
        self._entries = {entry.job: entry for entry in kept}
        self._lines = len(kept)


def _encode(entry: Entry) -> bytes:
    return json.dumps(entry.__dict__).encode() + b"\n"


def _read(path: Path) -> Iterator[Entry]:
    if not path.exists():
        return
    for line in path.read_bytes().splitlines():
        entry = _decode(line)
        if entry:
            yield entry


def _decode(line: bytes) -> Entry | None:
    """None for a line that a crash cut: its fsync never returned, so its first byte never left."""
    try:
        data: Any = json.loads(line)
        return Entry(
            str(data["job"]), str(data["created_at"]), str(data["state"]),
            str(data["cause"]), bool(data["reported"]),
        )  # fmt: skip
    except (ValueError, TypeError, KeyError):
        return None


def _write_all(descriptor: int, data: bytes) -> None:
    """A nearly full disk takes a part without an error; the next write then says why."""
    while data:
        data = data[os.write(descriptor, data) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
