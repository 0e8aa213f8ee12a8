"""Which database, and the one site in it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, insert, select

from server.domain.events import GENESIS
from server.storage import revision
from server.storage.engine import open_writer, sqlite_url
from server.storage.mending import mend
from server.storage.schema.floor import site
from server.storage.schema.log import event_head
from server.storage.work.floors import FloorCache

FILE = "mpp.sqlite3"


@dataclass(frozen=True)
class Database:
    url: str
    site: str

    def cache(self) -> FloorCache:
        """A new floor cache; each thread's room keeps its own."""
        return FloorCache(self.site)


def url_of(given: str, data: Path) -> str:
    """The settings' URL, or the SQLite file in the data folder."""
    return given or sqlite_url(data / FILE)


def prepare_schema(url: str) -> str | None:
    """Migrate to the newest revision, and make indexes and triggers again that are missing; answers the site's code, None in an
    empty database. Raises TooNew (revision.py)."""
    engine = open_writer(url)
    try:
        with engine.connect() as connection:
            is_newest = revision.revision_of(connection) == revision.newest()
        if not is_newest:
            from server.storage import migrate  # a quarter of a second of every other start

            migrate.upgrade(engine)
        with engine.connect() as connection, connection.begin():
            if connection.dialect.name == "sqlite" and revision.revision_of(connection) == revision.newest():
                mend(connection)
            return connection.execute(select(site.c.code)).scalar()
    finally:
        engine.dispose()


def add_site(connection: Connection, code: str, clock_kind: str) -> None:
    """The site's own row and the head of its log; the floor plan is loaded afterwards."""
    connection.execute(
        insert(site),
        {
            "code": code,
            "name": code,
            "epoch": secrets.token_hex(8),
            "floor_version": 0,
            "calendar_version": 0,
            "data": {},
            "clock_kind": clock_kind,
        },
    )
    connection.execute(insert(event_head), {"site": code, "seq": 0, "hash": GENESIS})


def clock_kind(url: str) -> str | None:
    """'real' or 'simulated'; None in an empty database."""
    engine = open_writer(url)
    try:
        with engine.connect() as connection, connection.begin():
            return connection.execute(select(site.c.clock_kind)).scalar()
    finally:
        engine.dispose()


def database_of(given: str, data: Path) -> Database:
    """The prepared database with its site. Raises LookupError when it is empty."""
    url = url_of(given, data)
    engine = open_writer(url)
    try:
        with engine.connect() as connection, connection.begin():
            code = connection.execute(select(site.c.code)).scalar()
    finally:
        engine.dispose()
    if code is None:
        raise LookupError("the database holds no site yet")
    return Database(url, code)
