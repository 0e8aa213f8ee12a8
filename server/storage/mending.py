"""Indexes and triggers made again at a start where they are missing or other than declared: what a database refuses
and finds by, never what it holds.

Only for SQLite and only at this program's own revision: a newer schema may have others, an older one is migrated first.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Mapping

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateIndex

from server.storage.schema import metadata
from server.storage.schema.triggers import TRIGGERS

log = logging.getLogger("mpp.migrate")
Guards = Mapping[tuple[str, str], str]


@functools.cache
def declared() -> Guards:
    """(kind, name) -> the statement that makes it."""
    made = {("index", str(index.name)): str(CreateIndex(index).compile(dialect=dialect())) for table in metadata.tables.values() for index in table.indexes}
    return made | {("trigger", one.split()[2]): one for one in TRIGGERS["sqlite"]}


def plain(sql: str | None) -> str:
    """A statement without layout and quotes, which versions of the libraries write differently."""
    return re.sub(r"\s*([(),;=<>])\s*", r"\1", " ".join((sql or "").replace('"', "").split())).removesuffix(";")


def wrong_guards(here: Guards) -> list[tuple[str, str]]:
    """(kind, name) of what is missing or other."""
    return [key for key, sql in declared().items() if key not in here or plain(here[key]) != plain(sql)]


def mend(connection: Connection) -> list[str]:
    """Make them again; the names of those made. What the rows themselves forbid stays away and is logged: it is the doctor's to tell."""
    rows = connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger')")
    here = {(kind, name): sql for kind, name, sql in rows}
    made = []
    for kind, name in wrong_guards(here):
        try:
            with connection.begin_nested():
                if (kind, name) in here:
                    connection.exec_driver_sql(f'DROP {kind.upper()} "{name}"')
                connection.exec_driver_sql(declared()[kind, name])
        except DBAPIError as refused:
            log.error("the %s %s cannot be made again: %s", kind, name, refused.orig)
            continue
        log.warning("the %s %s was missing or other and is made again", kind, name)
        made.append(name)
    return made
