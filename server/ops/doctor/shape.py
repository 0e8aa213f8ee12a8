"""Whether a database has every table, index and trigger that its last line of defence is made of."""

from __future__ import annotations

import re
import sqlite3

from server.storage.revision import known, newest
from server.storage.schema import metadata
from server.storage.schema.triggers import TRIGGERS


def shape_wrongs(database: sqlite3.Connection) -> list[str]:
    """What is missing of this program's schema, in Indonesian. An older revision is not looked at; a newer one may have more."""
    [revision] = database.execute("SELECT version_num FROM alembic_version").fetchone()
    if revision != newest() and revision in known():
        return []
    here = {name for [name] in database.execute("SELECT name FROM sqlite_master")}
    wanted = set(metadata.tables) | {str(index.name) for table in metadata.tables.values() for index in table.indexes}
    wanted |= {found[1] for one in TRIGGERS["sqlite"] if (found := re.match(r"CREATE TRIGGER (\w+)", one))}
    return [f"{name} tidak ada di basis data" for name in sorted(wanted - here)]
