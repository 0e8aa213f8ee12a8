"""Whether a database has every table, column, index and trigger that its last line of defence is made of, as they are declared."""

from __future__ import annotations

import functools
import sqlite3
from dataclasses import dataclass

from server.storage.mending import declared, plain
from server.storage.revision import known, newest
from server.storage.schema import metadata


@dataclass(frozen=True)
class Shape:
    """What is wrong, in Indonesian. `tables`: what holds the data; `guards`: indexes and triggers, which a start makes again
    (storage/mending.py); `strange`: triggers that no version of this program has made."""

    tables: list[str]
    guards: list[str]
    strange: list[str]


def shape_of(database: sqlite3.Connection) -> Shape:
    """An older revision is not looked at; a newer one may have more, and other indexes under the same names."""
    [revision] = database.execute("SELECT version_num FROM alembic_version").fetchone()
    if revision != newest() and revision in known():
        return Shape([], [], [])
    is_own = revision == newest()
    here = {(kind, name): sql for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master")}
    tables, guards = [], []
    for table, wanted in _columns().items():
        if ("table", table) not in here:
            tables.append(f"{table} tidak ada di basis data")
        elif is_own and (other := _other(wanted, _columns_of(database, table))):
            tables.append(f"tabel {table}: {other}")
    for (kind, name), sql in declared().items():
        if (kind, name) not in here:
            guards.append(f"{name} tidak ada di basis data")
        elif is_own and plain(here[kind, name]) != plain(sql):
            guards.append(f"{name} berbeda dari yang dibuat program ini")
    own = declared().keys()
    strange = [f"pemicu {name} bukan milik program ini" for kind, name in here if is_own and kind == "trigger" and (kind, name) not in own]
    if is_own:  # one that is not unique only costs time
        unique = (name for table in _columns() for _, name, is_unique, origin, _ in database.execute(f'PRAGMA index_list("{table}")') if is_unique and origin == "c")
        strange += [f"indeks unik {name} bukan milik program ini" for name in unique if ("index", name) not in own]
    return Shape(sorted(tables), sorted(guards), sorted(strange))


def shape_wrongs(database: sqlite3.Connection) -> list[str]:
    """All of it in one list."""
    shape = shape_of(database)
    return [*shape.tables, *shape.guards, *shape.strange]


Columns = dict[str, tuple[str, int, int]]


def _columns_of(database: sqlite3.Connection, table: str) -> tuple[Columns, frozenset[tuple[str, ...]]]:
    """name -> (type, not null, place in the key), and what the table itself holds unique."""
    columns = {name: (kind.upper(), not_null, key) for _, name, kind, not_null, _, key in database.execute(f'PRAGMA table_info("{table}")')}
    unique = [name for _, name, is_unique, origin, _ in database.execute(f'PRAGMA index_list("{table}")') if is_unique and origin == "u"]
    return columns, frozenset(tuple(row[2] for row in database.execute(f'PRAGMA index_info("{name}")')) for name in unique)


@functools.cache
def _columns() -> dict[str, tuple[Columns, frozenset[tuple[str, ...]]]]:
    """The declared tables, as SQLite itself tells them of a database in memory."""
    from sqlalchemy.dialects.sqlite import dialect
    from sqlalchemy.schema import CreateTable

    database = sqlite3.connect(":memory:")
    try:
        for table in metadata.sorted_tables:
            database.execute(str(CreateTable(table).compile(dialect=dialect())))
        return {name: _columns_of(database, name) for name in metadata.tables}
    finally:
        database.close()


def _other(wanted: tuple[Columns, frozenset[tuple[str, ...]]], here: tuple[Columns, frozenset[tuple[str, ...]]]) -> str | None:
    """The first thing that a table lacks or has otherwise. A column more is none where rows without it can be written."""
    columns, unique = here
    for name, facts in wanted[0].items():
        if name not in columns:
            return f"kolom {name} tidak ada"
        if columns[name] != facts:
            return f"kolom {name} berbeda"
    for lost in sorted(wanted[1] - unique):
        return f"{', '.join(lost)} tidak lagi unik"
    return None
