"""A database read as it stands at one moment, by SQLite alone, whether a server writes to it or not."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from server.domain.events import GENESIS, Event, as_told, seal

BUSY_TIMEOUT_S = 30.0
#: of a copy that was just made so many of the newest links are looked at; the whole chain daily
RECENT_LINKS = 2000
COUNTED = ("ticket", "leg", "call", "event", "print_job")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing and never folds the WAL (only the server's writer may, storage/engine.py).

    Without a WAL beside it nobody is at work on the file: then not even SQLite's own small files are made.
    """
    wal = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if wal.exists() else "mode=ro&immutable=1"
    database = sqlite3.connect(f"file:{quote(str(path.resolve()))}?{mode}", uri=True, timeout=BUSY_TIMEOUT_S, isolation_level=None)
    try:
        database.execute("PRAGMA query_only = ON")
        yield database
    finally:
        database.close()


def copy_database(source: Path, target: Path) -> None:
    """Copy every page in one read transaction, what stands in the WAL included; the copy is one plain file.

    Raises sqlite3.Error and OSError.
    """
    with opened(source) as old:
        new = sqlite3.connect(target, isolation_level=None)
        try:
            new.execute("PRAGMA synchronous = OFF")  # a copy is checked and flushed as a whole
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
        finally:
            new.close()


def facts_of(database: sqlite3.Connection) -> dict[str, Any]:
    """What a backup says of itself: whose it is, how far its log goes, what it counts. Raises ValueError without the rows that every hall has."""
    one = database.execute
    code, name, epoch, clock, data = _the_row(database, "site", "code, name, epoch, clock_kind, data")
    seq, head = _the_row(database, "event_head", "seq, hash")
    last = one("SELECT at FROM event ORDER BY seq DESC LIMIT 1").fetchone()
    days = one("SELECT date FROM business_day WHERE closed_at IS NULL").fetchone()
    return {
        "site": code,
        "name": name,
        "timezone": json.loads(data).get("site", {}).get("timezone", "UTC"),
        "epoch": epoch,
        "clock_kind": clock,
        "seq": seq,
        "head": head,
        "schema": _the_row(database, "alembic_version", "version_num")[0],
        "last_event_at": None if last is None else said(last[0]),
        "open_day": days[0] if days else None,
        "counts": {table: one(f"SELECT count(*) FROM {table}").fetchone()[0] for table in COUNTED},
    }


def _the_row(database: sqlite3.Connection, table: str, columns: str) -> tuple[Any, ...]:
    row = database.execute(f"SELECT {columns} FROM {table}").fetchone()
    if row is None:
        raise ValueError(f"tabel {table} kosong")
    return tuple(row)


def is_told(database: sqlite3.Connection, manifest: Mapping[str, Any]) -> bool:
    """Whether the manifest says of itself what this database says."""
    return all(manifest.get(name) == value for name, value in facts_of(database).items())


def said(microseconds: int) -> str:
    """An instant of the database in RFC 3339."""
    return (_EPOCH + timedelta(microseconds=microseconds)).isoformat()


def wrongs(database: sqlite3.Connection, links: int | None = RECENT_LINKS) -> list[str]:
    """What is broken in the file itself, its foreign keys, or the newest `links` of its chain (None: all), in words."""
    found = [f"integrity_check: {row[0]}" for row in database.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    if found:
        return found
    found = [f"foreign_key_check: {row[0]} {row[1]} -> {row[2]}" for row in database.execute("PRAGMA foreign_key_check")]
    return found[:5] + broken_links(database, links)


def broken_links(database: sqlite3.Connection, links: int | None) -> list[str]:
    """The first broken link of each site's chain, and a head that is not the log's end."""
    found = []
    for site, seq, head in database.execute("SELECT site, seq, hash FROM event_head").fetchall():
        after = 0 if links is None else max(0, seq - links)
        before = database.execute("SELECT hash FROM event WHERE site = ? AND seq = ?", (site, after)).fetchone()
        previous, reached = before[0] if before else GENESIS, after
        try:
            for digest, event in events_after(database, site, after):
                if event.seq != reached + 1 or seal(previous, event, reached + 1) != digest:
                    raise ValueError
                reached, previous = reached + 1, digest
        except (ValueError, TypeError, OverflowError):  # what cannot be read is no link either
            found.append(f"event {reached + 1}")
            continue
        if (reached, previous) != (seq, head):
            found.append(f"event_head {seq}, event {reached}")
    return found


def events_after(database: sqlite3.Connection, site: str, after: int) -> Iterator[tuple[str, Event]]:
    """(hash, event) of the log after `after`, in order."""
    rows = database.execute(
        "SELECT hash, type, at, actor, device, ticket, leg, gerai, service, counter, data, seq FROM event "
        "WHERE site = ? AND seq > ? ORDER BY seq", (site, after),
    )
    for digest, kind, at, *middle, data, seq in rows:
        fields = dict(zip(("actor", "device", "ticket", "leg", "gerai", "service", "counter"), middle, strict=True))
        yield digest, as_told(kind, at=_EPOCH + timedelta(microseconds=at), data=json.loads(data), seq=seq, **fields)
