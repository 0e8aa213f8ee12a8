"""The unit of work: one transaction, several waiting acts, one commit.

An act is a callable that gets a `SqlWork`. Acts that wait together share a commit, each in
its own savepoint, because on a real disk the flush costs more than the acts. Nothing is
answered before the commit has returned; when it fails, every act of the batch fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from server.app.ask import Mismatch, StorageUnavailable
from server.app.ports import Around
from server.domain.errors import RuleBroken
from server.storage.engine import open_reader, open_writer
from server.storage.prepared import say
from server.storage.work import FloorCache, SqlWork

Unit = Callable[[SqlWork], Any]
Outcome = tuple[bool, Any]
#: what an act may say no with; everything else is a mistake of ours or of the disk's
_EXPECTED = (RuleBroken, Mismatch)


class Writer:
    """The one writer connection. Used by one native thread only, never from another."""

    def __init__(self, url: str, cache: FloorCache, around: Around) -> None:
        self._engine: Engine = open_writer(url)
        self._cache = cache
        self._around = around
        self._connection: Connection | None = None

    def run_batch(self, units: Sequence[Unit]) -> list[Outcome]:
        """Run the units in order in one transaction; [(True, value) | (False, error)]."""
        try:
            connection = self._open()
            with connection.begin():
                if len(units) == 1:
                    return [(True, self._run(connection, units[0]))]
                return [self._in_savepoint(connection, unit) for unit in units]
        except _EXPECTED as refusal:
            return [(False, refusal)]
        except SQLAlchemyError as broken:
            self._drop()
            return [(False, _unavailable(broken)) for _ in units]
        except Exception as mistake:  # a single unit's own; several have caught theirs
            return [(False, mistake)] * len(units)

    def _open(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def _drop(self) -> None:
        """Forget a connection that failed, and what was built inside what it rolled back."""
        self._cache.forget()
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.invalidate()
                connection.close()
            except SQLAlchemyError:
                pass  # it is gone either way

    def _run(self, connection: Connection, unit: Unit) -> Any:
        work = SqlWork(connection, self._cache, self._around)
        kept = (self._cache.floor, self._cache.calendar)
        try:
            value = unit(work)
            work.seal()
        except BaseException:
            self._cache.floor, self._cache.calendar = kept  # built inside what rolls back
            raise
        return value

    def _in_savepoint(self, connection: Connection, unit: Unit) -> Outcome:
        say(connection, "SAVEPOINT act")
        try:
            value = self._run(connection, unit)
        except DBAPIError as broken:
            if _is_fatal(broken):
                raise
            say(connection, "ROLLBACK TO act")
            say(connection, "RELEASE act")
            return False, broken
        except Exception as refused:
            say(connection, "ROLLBACK TO act")
            say(connection, "RELEASE act")
            return False, refused
        say(connection, "RELEASE act")
        return True, value

    def checkpoint(self) -> None:
        """Fold the WAL into the database; only the writer may (engine.py)."""
        self._open().exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._engine.dispose()


def _is_fatal(broken: DBAPIError) -> bool:
    """A constraint speaks of one act; a disk or a lost connection of the whole batch."""
    name = type(broken).__name__
    return name in {"OperationalError", "InterfaceError", "InternalError", "DatabaseError"}


def _unavailable(broken: SQLAlchemyError) -> Exception:
    if isinstance(broken, DBAPIError) and _is_fatal(broken):
        return StorageUnavailable(str(broken.orig))
    return broken


class Readers:
    """Read-only transactions; every reading thread opens its own connection."""

    def __init__(self, url: str, cache: FloorCache, around: Around) -> None:
        self._engine: Engine = open_reader(url)
        self._cache = cache
        self._around = around
        self._idle: list[Connection] = []

    @contextmanager
    def work(self) -> Iterator[SqlWork]:
        """A `SqlWork` on one consistent read snapshot."""
        try:
            connection = self._idle.pop() if self._idle else self._engine.connect()
            with connection.begin():
                yield SqlWork(connection, self._cache, self._around)
        except DBAPIError as broken:
            if _is_fatal(broken):
                raise StorageUnavailable(str(broken.orig)) from broken
            raise
        else:
            self._idle.append(connection)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()
        self._engine.dispose()
