"""Statements that are compiled once and then run on the driver's own cursor.

SQLAlchemy still writes the SQL, names the parameters and converts the values; only its
per-execution machinery is left out, which on the acts of a touch costs more than SQLite.
To be run inside a transaction that the connection has begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Dialect,
    Insert,
    Select,
    Update,
    literal_column,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError

Convert = Callable[[Any], Any]


class _Form:
    """One statement as one dialect wants it."""

    def __init__(self, clause: Any, dialect: Dialect) -> None:
        compiled = clause.compile(dialect=dialect)
        self.sql = str(compiled)
        processors = compiled._bind_processors
        names: list[str] = list(compiled.positiontup or compiled.binds)
        self.is_positional = bool(compiled.positional)
        self.names = names
        self.binds = [
            (at, _quicker(compiled.binds[n].type, dialect) or convert)
            for at, n in enumerate(names)
            if (convert := processors.get(n))
        ]
        # Parameters the statement brings along (a limit, a state it compares with).
        self.fixed = {n: p.value for n, p in compiled.binds.items() if not p.required}
        columns = clause._returning if isinstance(clause, Insert | Update) else clause.selected_columns
        self.reads = [_result_processor(column.type, dialect) for column in columns]
        self.converts = [(at, convert) for at, convert in enumerate(self.reads) if convert]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        known = {**self.fixed, **values} if self.fixed else values
        given = [known[name] for name in self.names]
        for at, convert in self.binds:
            if given[at] is not None:
                given[at] = convert(given[at])
        return given if self.is_positional else dict(zip(self.names, given, strict=True))

    def rows(self, cursor: Any) -> list[Any]:
        """What the cursor holds, converted; none for a statement that reads nothing."""
        if not self.reads:
            return []
        found: list[Any] = cursor.fetchall()
        if not self.converts:
            return found
        return [self._row(raw) for raw in found]

    def _row(self, raw: Sequence[Any]) -> list[Any]:
        row = list(raw)
        for at, convert in self.converts:
            if row[at] is not None:  # most instants of a leg are not there yet
                row[at] = convert(row[at])
        return row


def one_of(column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """`column IN ('a', 'b')` with the values written out, so that partial indexes match.

    A bound value would also make SQLite plan the statement anew at each run, since the
    value decides whether a partial index may be used. For words of our own only (states,
    kinds), never for what somebody typed.
    """
    words = sorted(str(value) for value in values)
    if not all(word.replace("_", "").isalpha() for word in words):
        raise ValueError("only plain words may be written out")
    return column.in_([literal_column(f"'{word}'") for word in words])


def _quicker(type_: Any, dialect: Dialect) -> Convert | None:
    """For a date on SQLite: the text that SQLAlchemy's own conversion writes, in a tenth of its time."""
    return date.isoformat if isinstance(type_.dialect_impl(dialect), sqlite.DATE) else None


def _result_processor(type_: Any, dialect: Dialect) -> Convert | None:
    convert: Convert | None = type_.dialect_impl(dialect).result_processor(dialect, None)
    return convert


def say(connection: Connection, sql: str) -> None:
    """Run a statement without parameters or rows, such as SAVEPOINT."""
    run_on_driver(connection, sql, ())


def run_on_driver(connection: Connection, sql: str, parameters: Any) -> Any:
    """The driver's cursor after running `sql`; raises SQLAlchemy's DBAPIError."""
    driver: Any = connection.connection.dbapi_connection
    cursor = driver.cursor()
    try:
        cursor.execute(sql, parameters)
    except connection.dialect.loaded_dbapi.Error as broken:
        cursor.close()
        raise _told(connection, sql, parameters, broken) from broken
    return cursor


def _told(connection: Connection, sql: str, parameters: Any, broken: Exception) -> Exception:
    """What the driver said, as SQLAlchemy says it."""
    error = connection.dialect.loaded_dbapi.Error
    return DBAPIError.instance(sql, parameters, broken, error)


class Prepared:
    """A select, insert or update with named parameters (`bindparam`)."""

    def __init__(self, clause: Select[Any] | CompoundSelect[Any] | Insert | Update) -> None:
        self._clause = clause
        self._forms: dict[str, _Form] = {}

    def _form(self, dialect: Dialect) -> _Form:
        form = self._forms.get(dialect.name)
        if form is None:
            form = self._forms[dialect.name] = _Form(self._clause, dialect)
        return form

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Run it; every row as a sequence of values in the order of the columns."""
        form = self._form(connection.dialect)
        cursor = run_on_driver(connection, form.sql, form.parameters(values))
        try:
            return form.rows(cursor)
        except connection.dialect.loaded_dbapi.Error as broken:
            raise _told(connection, form.sql, None, broken) from broken
        finally:
            cursor.close()

    def first(self, connection: Connection, **values: Any) -> Sequence[Any] | None:
        """Run it; the first row, or None."""
        rows = self.all(connection, **values)
        return rows[0] if rows else None

    def run(self, connection: Connection, **values: Any) -> None:
        """Run it for its effect."""
        self.all(connection, **values)
