"""What a database says, read with SQLite alone: none of the server's own reading is believed."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from server.domain.events import Event, as_told

_COLUMNS = ("type", "actor", "seq", "device", "ticket", "leg", "gerai", "service", "counter")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Records:
    """A connection of its own that only reads; a server may be at work on the same file."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
        self._database.execute("PRAGMA query_only = ON")
        self._database.row_factory = sqlite3.Row

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._database.execute(sql, values)]

    def one(self, sql: str, *values: Any) -> Any:
        return self._database.execute(sql, values).fetchone()[0]

    def events(self, after: int = 0) -> list[tuple[Event, str]]:
        """Events above seq `after`, oldest first, each with its hash."""
        # The key is (site, seq): without the site all rows would be read, after every commit.
        rows = self._database.execute("SELECT * FROM event WHERE site IN (SELECT site FROM event_head) AND seq > ? ORDER BY seq", (after,))
        return [(_event(dict(row)), row["hash"]) for row in rows]

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Everything read inside is of one snapshot."""
        self._database.execute("BEGIN")
        try:
            yield
        finally:
            self._database.execute("ROLLBACK")

    def is_sound(self) -> bool:
        """SQLite's own look at the file and at every foreign key."""
        checked = self.rows("PRAGMA integrity_check")
        return checked == [("ok",)] and self.rows("PRAGMA foreign_key_check") == []

    def close(self) -> None:
        self._database.close()


def _event(row: dict[str, Any]) -> Event:
    """A newer release may have added columns."""
    at = _EPOCH + timedelta(microseconds=row["at"])
    known = {name: row[name] for name in _COLUMNS}
    return as_told(**{**known, "at": at, "data": json.loads(row["data"])})
