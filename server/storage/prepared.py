"""Statements that are compiled once and then run on the driver's own cursor.

SQLAlchemy still writes the SQL, names the parameters and converts the values; only its
per-execution machinery is left out, which on the acts of a touch costs more than SQLite.
To be run inside a transaction that the connection has begun.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
        self.binds = [(at, convert) for at, n in enumerate(names) if (convert := processors.get(n))]
        # Parameters the statement brings along (a limit, a state it compares with).
        self.fixed = {n: p.value for n, p in compiled.binds.items() if not p.required}
        columns = clause._returning if isinstance(clause, Insert | Update) else clause.selected_columns
        self.reads = [_result_processor(column.type, dialect) for column in columns]
        self.converts = [(at, convert) for at, convert in enumerate(self.reads) if convert]

    def parameters(self, values: Mapping[str, Any]) -> Any:
        known = {**self.fixed, **values} if self.fixed else values
        given = [known[name] for name in self.names]
        for at, convert in self.binds:
            given[at] = convert(given[at])
        return given if self.is_positional else dict(zip(self.names, given, strict=True))

    def row(self, raw: Sequence[Any]) -> list[Any]:
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
        error = connection.dialect.loaded_dbapi.Error
        raise DBAPIError.instance(sql, parameters, broken, error) from broken
    return cursor


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

    def all(self, connection: Connection, **values: Any) -> list[list[Any]]:
        """Run it; every row as a list of values in the order of the columns."""
        form = self._form(connection.dialect)
        cursor = run_on_driver(connection, form.sql, form.parameters(values))
        try:
            rows = cursor.fetchall() if form.reads else []
        except connection.dialect.loaded_dbapi.Error as broken:
            error = connection.dialect.loaded_dbapi.Error
            raise DBAPIError.instance(form.sql, None, broken, error) from broken
        finally:
            cursor.close()
        if not form.converts:
            return [list(raw) for raw in rows]
        return [form.row(raw) for raw in rows]

    def first(self, connection: Connection, **values: Any) -> list[Any] | None:
        """Run it; the first row, or None."""
        rows = self.all(connection, **values)
        return rows[0] if rows else None

    def run(self, connection: Connection, **values: Any) -> None:
        """Run it for its effect."""
        self.all(connection, **values)
