"""The disk under the writer: real SQLite on a real file, whose statements and commits can be made to fail."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Engine, event

FAULTS = ("full", "io", "dies", "dies_after")
_WORDS = {"full": "database or disk is full", "io": "disk I/O error"}


class Died(BaseException):
    """The process is gone at this very statement; nothing of it goes on."""


class Disk:
    """`arm(fault, at)`: the `at`-th statement from now fails, at the latest the commit; `dies_after`: right behind a commit."""

    def __init__(self) -> None:
        self._fault, self._left = "", 0
        #: fault -> how often it struck
        self.struck: dict[str, int] = dict.fromkeys(FAULTS, 0)

    def arm(self, fault: str, at: int) -> None:
        self._fault, self._left = fault, at

    def attach(self, engine: Engine) -> None:
        """The connections this engine opens from now on are on this disk."""
        disk = self

        class Cursor(sqlite3.Cursor):
            def execute(self, sql: str, parameters: Any = ()) -> Any:
                if disk._fault:
                    disk._statement()
                return super().execute(sql, parameters)

        class Connection(sqlite3.Connection):
            def cursor(self, factory: Any = Cursor) -> Any:
                return super().cursor(factory)

            def commit(self) -> None:
                if disk._fault and disk._fault != "dies_after":
                    disk._strike()
                super().commit()
                if disk._fault:
                    disk._strike()

        @event.listens_for(engine, "do_connect")
        def connecting(_dialect: Any, _record: Any, _arguments: Any, given: dict[str, Any]) -> None:
            given["factory"] = Connection

    def _statement(self) -> None:
        if self._fault == "dies_after":
            return
        self._left -= 1
        if self._left < 0:
            self._strike()

    def _strike(self) -> None:
        fault, self._fault = self._fault, ""
        self.struck[fault] += 1
        if fault in _WORDS:
            raise sqlite3.OperationalError(_WORDS[fault])
        raise Died(fault)
