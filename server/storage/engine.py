"""Opening the database: one writer connection, query-only readers.

SQLite settings and their reasons: `synchronous=FULL` because an acknowledged ticket must
survive a power cut (NORMAL loses the last commits); WAL so that readers never wait for the
writer; automatic checkpoints only on the writer, since SQLite before 3.51.3 can corrupt a
WAL when two connections checkpoint at the same instant.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import NullPool

from server.storage.prepared import say

BUSY_TIMEOUT_S = 5
#: holds the pages that a day's acts write to again and again
WRITER_CACHE_KIB = 16_384
#: pages of 4 KiB; with more, a page written by many acts is copied back once
CHECKPOINT_PAGES = 4000


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _listen(engine: Engine, begin: str, pragmas: tuple[str, ...]) -> None:
    @event.listens_for(engine, "connect")
    def connected(dbapi: Any, _record: Any) -> None:
        dbapi.isolation_level = None  # BEGIN is ours to say, not the driver's
        cursor = dbapi.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        say(connection, begin)


def open_writer(url: str) -> Engine:
    """The engine whose one connection belongs to the writer thread."""
    if not url.startswith("sqlite"):
        return create_engine(url, poolclass=NullPool, json_serializer=_json)
    engine = create_engine(
        url,
        poolclass=NullPool,
        json_serializer=_json,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_S},
    )
    _listen(
        engine,
        "BEGIN IMMEDIATE",
        (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            f"cache_size=-{WRITER_CACHE_KIB}",
            f"wal_autocheckpoint={CHECKPOINT_PAGES}",
        ),
    )
    return engine


def open_reader(url: str) -> Engine:
    """An engine that can read only; each reading thread opens its own connection."""
    if not url.startswith("sqlite"):
        return create_engine(url, poolclass=NullPool, json_serializer=_json)
    engine = create_engine(
        url,
        poolclass=NullPool,
        json_serializer=_json,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_S},
    )
    _listen(engine, "BEGIN", ("query_only=ON", "wal_autocheckpoint=0"))
    return engine
