"""What a database is, read with SQLite alone: its objects, its rows, and what it refuses whoever asks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_BOOKKEEPING = "alembic_version"
#: the release before knows no slip that was sent: by the design it becomes uncertain there
SENT_SINCE = "0007"


@dataclass(frozen=True)
class Picture:
    """`objects`: (kind, name) -> its statement without layout. `rows`: table -> its rows by column, in an order of their own."""

    revision: str
    objects: dict[tuple[str, str], str]
    columns: dict[str, tuple[str, ...]]
    rows: dict[str, list[tuple[Any, ...]]]

    def part(self, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
        """The table's rows with these columns only."""
        places = [self.columns[table].index(name) for name in columns]
        return sorted((tuple(row[at] for at in places) for row in self.rows[table]), key=repr)


def picture(path: Path) -> Picture:
    with closing(sqlite3.connect(path)) as database:
        [revision] = [row[0] for row in database.execute(f"SELECT version_num FROM {_BOOKKEEPING}")] or [""]
        objects = {(kind, name): _plain(sql) for kind, name, sql in database.execute("SELECT type, name, sql FROM sqlite_master") if sql and _is_ours(name)}
        tables = [name for kind, name in objects if kind == "table"]
        columns = {name: tuple(row[1] for row in database.execute(f'PRAGMA table_info("{name}")')) for name in tables}
        rows = {name: sorted(map(tuple, database.execute(f'SELECT * FROM "{name}"')), key=repr) for name in tables}
    return Picture(revision, objects, columns, rows)


def _is_ours(name: str) -> bool:
    return name != _BOOKKEEPING and not name.startswith("sqlite_")


def _plain(sql: str) -> str:
    """Without layout and quotes; the lines of a table in an order of their own, since constraints have none."""
    return "\n".join(sorted(" ".join(line.replace('"', "").strip(" ,\t").split()) for line in sql.splitlines() if line.strip()))


def changed_objects(found: Picture, wanted: Picture) -> list[str]:
    """Tables, indexes with their conditions and triggers that are missing, too many or not the same."""
    names = sorted(found.objects.keys() | wanted.objects.keys())
    return [
        f"{kind} {name} is {'missing' if (kind, name) not in found.objects else 'another'}"
        for kind, name in names if found.objects.get((kind, name)) != wanted.objects.get((kind, name))
    ]


def changed_rows(found: Picture, before: Picture) -> list[str]:
    """Tables that both have, and whose rows differ in the columns that both have, but for what is stated."""
    wrong = []
    for table in sorted(found.rows.keys() & before.rows.keys()):
        columns = tuple(name for name in before.columns[table] if name in found.columns[table])
        wanted = before.part(table, columns)
        if table == "print_job" and found.revision < SENT_SINCE <= before.revision:
            wanted = sorted((_unsent(dict(zip(columns, row, strict=True))) for row in wanted), key=repr)
        here = found.part(table, columns)
        if here != wanted:
            lost, more = len(set(wanted) - set(here)), len(set(here) - set(wanted))
            wrong.append(f"{table} is not the same: of {len(wanted)} rows {lost} are gone or changed, {more} are new")
    return wrong


def _unsent(job: dict[str, Any]) -> tuple[Any, ...]:
    if job["state"] == "sent":
        job |= {"state": "uncertain", "cause": "lease", "ended_at": job["claimed_at"]}
    return tuple(job.values())


def empty_tables(seen: Picture) -> list[str]:
    return sorted(name for name, rows in seen.rows.items() if not rows)


def forgiving(path: Path) -> list[str]:
    """What the last line of defence lets pass: the file itself is asked to do what must never be; nothing is kept."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.row_factory = sqlite3.Row
        database.execute("PRAGMA foreign_keys = ON")
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        tables = {name for name in names if database.execute(f'SELECT 1 FROM "{name}"').fetchone()}
        found = [f"{row[0]}: {row[1]}" for row in database.execute("PRAGMA foreign_key_check")][:3]
        found += [row[0] for row in database.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
        return found + [what for what, table, attempts, says in _MISCHIEF if table in tables and not _is_refused(database, attempts, says)]


@contextmanager
def _undone(database: sqlite3.Connection) -> Iterator[None]:
    database.execute("BEGIN")
    try:
        yield
    finally:
        database.execute("ROLLBACK")


def _is_refused(database: sqlite3.Connection, attempts: tuple[str | _Copy, ...], says: str) -> bool:
    """Whether the last of the attempts ends with these words. Raises LookupError when there is nothing to try it on."""
    with _undone(database):
        for attempt in attempts[:-1]:
            _try(database, attempt)
        try:
            _try(database, attempts[-1])
        except sqlite3.IntegrityError as refusal:
            return says in str(refusal)
    return False


@dataclass(frozen=True)
class _Copy:
    """A row of the table once more, with other values (SQL) in some columns."""

    table: str
    where: str
    changes: dict[str, str]


def _try(database: sqlite3.Connection, attempt: str | _Copy) -> None:
    if isinstance(attempt, str):
        if not database.execute(attempt).rowcount:
            raise LookupError(f"nothing to try it on: {attempt}")
        return
    names = [row[1] for row in database.execute(f'PRAGMA table_info("{attempt.table}")')]
    told = ", ".join(attempt.changes.get(name, f'"{name}"') for name in names)
    done = database.execute(f"INSERT INTO {attempt.table} SELECT {told} FROM {attempt.table} WHERE {attempt.where} LIMIT 1")
    if not done.rowcount:
        raise LookupError(f"nothing to try it on: {attempt}")


_APPEND = "append-only"
_NEXT_SESSION = "(SELECT max(id) + 1 FROM counter_session)"
_TWO_JOBS = (
    "UPDATE print_job SET printer = 'PB', state = 'sending' WHERE id = (SELECT min(id) FROM print_job)",
    "UPDATE print_job SET printer = 'PB', state = 'sending' WHERE id = (SELECT max(id) FROM print_job)",
)
#: what is let pass, the table it needs, the attempts (the last must fail), a word of the refusal
_MISCHIEF: tuple[tuple[str, str, tuple[str | _Copy, ...], str], ...] = (
    ("the log can be changed", "event", ("UPDATE event SET type = 'Other' WHERE seq = 1",), _APPEND),
    ("the log can be deleted", "event", ("DELETE FROM event WHERE seq = 1",), _APPEND),
    ("the log can be replaced", "event", ("INSERT OR REPLACE INTO event SELECT * FROM event WHERE seq = 1",), _APPEND),
    ("an issued report can be changed", "issued_report", ("UPDATE issued_report SET number = 'x'",), "issued reports are append-only"),
    ("two days may be open", "business_day", (_Copy("business_day", "closed_at IS NULL", {"date": "'2099-01-01'"}),), "business_day.site"),
    ("a number may be given twice", "ticket", (_Copy("ticket", "1", {"id": "(SELECT max(id) + 1 FROM ticket)", "token": "'x'", "label": "'x'"}),), "ticket.number"),
    ("a leg may be in any state", "leg", ("UPDATE leg SET state = 'lost' WHERE id = 1",), "ck_leg_state"),
    ("a leg may be of nobody", "leg", ("UPDATE leg SET ticket = -1 WHERE id = 1",), "FOREIGN KEY"),
    ("a visitor may have two open legs", "leg", (_Copy("leg", "state = 'waiting'", {"id": "(SELECT max(id) + 1 FROM leg)", "position": "99"}),), "leg.ticket"),
    ("a counter may have two visitors", "leg", ("UPDATE leg SET state = 'called', counter = (SELECT counter FROM leg WHERE state = 'called') WHERE id = (SELECT min(id) FROM leg WHERE state = 'waiting')",), "leg.counter"),
    ("a counter may have two officers", "counter_session", (_Copy("counter_session", "closed_at IS NULL", {"id": _NEXT_SESSION, "officer": "'x'"}),), "counter_session.counter"),
    ("an officer may have two counters", "counter_session", (_Copy("counter_session", "closed_at IS NULL", {"id": _NEXT_SESSION, "counter": "'x'"}),), "counter_session.officer"),
    ("a session may have two pauses", "pause", (_Copy("pause", "to_at IS NULL", {"id": "(SELECT max(id) + 1 FROM pause)"}),), "pause.session"),
    ("a printer may have two slips", "print_job", _TWO_JOBS, "print_job.printer"),
)
