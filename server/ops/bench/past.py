"""A database with years behind it: finished legs copied from real ones, as rows, in one go.

A few visits are played against the real server; their rows are then multiplied over past dates by
INSERT ... SELECT. So the copies have whatever columns the tables have. The hash chain of copied
events is not made: nothing that is measured reads it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

#: visits of one past day; a day of a large hall
PER_DAY = 2500
DAY_US = 86_400_000_000
#: integers above this are instants in microseconds since 1970
_INSTANT_MIN = 10**14
_FILE = "mpp.sqlite3"


@dataclass(frozen=True)
class _Sample:
    """One finished visit: the ids of its rows."""

    ticket: int
    leg: int
    label_prefix: str


def copy_data(source: Path, target: Path) -> None:
    """A data folder of a stopped server, whole, with the database as one file."""
    target.mkdir(mode=0o700)
    for path in source.iterdir():
        if path.is_file() and not path.name.startswith(_FILE):
            (target / path.name).write_bytes(path.read_bytes())
            (target / path.name).chmod(0o600)
    with sqlite3.connect(source / _FILE) as old, sqlite3.connect(target / _FILE) as new:
        old.backup(new)
    old.close()
    new.close()


def settle_paper(data: Path) -> None:
    """Say that every waiting slip was printed, as a print host would have done meanwhile.

    On a running server too: one short transaction that leaves the WAL to its own writer.
    """
    with sqlite3.connect(data / _FILE, timeout=10, isolation_level=None) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute("UPDATE print_job SET state = 'confirmed', ended_at = created_at WHERE state = 'queued'")
    connection.close()


def add_past(data: Path, legs: int) -> int:
    """Add at least `legs` finished legs on past dates; how many were added."""
    connection = sqlite3.connect(data / _FILE, isolation_level=None)
    for pragma in ("foreign_keys=OFF", "journal_mode=OFF", "synchronous=OFF", "cache_size=-400000"):
        connection.execute(f"PRAGMA {pragma}")
    try:
        return _Past(connection, legs).add()
    finally:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()


class _Past:
    def __init__(self, connection: sqlite3.Connection, legs: int) -> None:
        self._db = connection
        self._samples = self._find_samples()
        self._days = max(1, -(-legs // PER_DAY))
        self._per_sample = -(-min(legs, PER_DAY) // len(self._samples))
        self._tickets = self._one("SELECT max(id) FROM ticket")
        self._legs = self._one("SELECT max(id) FROM leg")
        self._seq = self._one("SELECT seq FROM event_head")

    def _one(self, query: str, *args: object) -> int:
        return int(self._db.execute(query, args).fetchone()[0])

    def _find_samples(self) -> list[_Sample]:
        rows = self._db.execute(
            "SELECT ticket.id, leg.id, ticket.label FROM ticket JOIN leg ON leg.ticket = ticket.id"
            " WHERE leg.state = 'finished' GROUP BY ticket.series HAVING min(ticket.id)"
        ).fetchall()
        if not rows:
            raise ValueError("no finished visit to copy")
        return [_Sample(ticket, leg, label.partition("-")[0]) for ticket, leg, label in rows]

    def add(self) -> int:
        made = 0
        self._db.execute("BEGIN")
        for day in range(1, self._days + 1):
            for sample in self._samples:
                self._add_sample(sample, day, made)
                made += self._per_sample
            self._add_day(day)
        events = self._one("SELECT max(seq) FROM event")
        self._db.execute("UPDATE event_head SET seq = ?", (events,))
        self._db.execute("COMMIT")
        return made

    def _add_sample(self, sample: _Sample, day: int, made: int) -> None:
        """`per_sample` visits like this one on the day `day` days ago."""
        where = {"n": self._per_sample, "ticket0": self._tickets + made, "leg0": self._legs + made}
        numbers = {
            "ticket": ("id = :old", sample.ticket, {"id": ":ticket0 + i", "number": "i", "token": "lower(hex(randomblob(11)))",
                       "label": f"'{sample.label_prefix}-' || printf('%03d', i)"}),
            "leg": ("id = :old", sample.leg, {"id": ":leg0 + i", "ticket": ":ticket0 + i"}),
            "span": ("leg = :old", sample.leg, {"id": "NULL", "leg": ":leg0 + i"}),
            "print_job": ("ticket = :old", sample.ticket, {"id": "NULL", "ticket": ":ticket0 + i"}),
        }
        for table, (condition, old, changes) in numbers.items():
            self._copy(table, condition, day, changes, {**where, "old": old})
        self._add_events(sample, day, where)

    def _add_events(self, sample: _Sample, day: int, where: dict[str, int]) -> None:
        """The visit's events, and the call that bears the seq of one of them."""
        for (seq,) in self._db.execute("SELECT seq FROM event WHERE leg = ? ORDER BY seq", (sample.leg,)).fetchall():
            told = {**where, "old": seq, "seq0": self._seq}
            self._copy("event", "seq = :old", day, {
                "seq": ":seq0 + i", "ticket": ":ticket0 + i", "leg": ":leg0 + i", "hash": "lower(hex(randomblob(32)))",
            }, told)
            self._copy("call", "id = :old", day, {"id": ":seq0 + i", "ticket": ":ticket0 + i", "leg": ":leg0 + i"}, told)
            self._seq += self._per_sample

    def _add_day(self, day: int) -> None:
        for table, condition, changes in (
            ("business_day", "date = (SELECT max(date) FROM business_day)", {
                "closed_at": f"opened_at - {day} * {DAY_US} + {DAY_US // 2}", "head_seq": str(self._seq),
            }),
            ("series_day", "business_date = (SELECT max(date) FROM business_day)", {}),
            ("counter_session", "closed_at IS NULL AND id <= 100", {
                "id": "NULL", "closed_at": f"opened_at - {day} * {DAY_US} + {DAY_US // 2}",
            }),
        ):
            self._copy(table, condition, day, changes, {"n": 1})

    def _copy(self, table: str, condition: str, day: int, changes: dict[str, str], values: dict[str, int]) -> None:
        """Multiply the matching rows `n` times (`i` is 1 to n), `day` days earlier."""
        given = {name: value for name, value in values.items() if name != "n"}
        used = {name: value for name, value in given.items() if f":{name}" in condition + " ".join(changes.values())}
        columns = [row[1] for row in self._db.execute(f"PRAGMA table_info('{table}')")]
        sample = self._db.execute(
            f"SELECT * FROM {table} WHERE {condition} LIMIT 1", {k: v for k, v in used.items() if f":{k}" in condition}
        ).fetchone()
        if sample is None:
            return
        picked = [
            changes.get(name) or _earlier(name, value, day) for name, value in zip(columns, sample, strict=True)
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        self._db.execute(
            "WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < :n)"
            f" INSERT INTO {table} ({names}) SELECT {', '.join(picked)} FROM counted, {table} WHERE {condition}",
            {**used, "n": values["n"]},
        )


def _earlier(column: str, value: object, day: int) -> str:
    """The column itself, or as many days before when it is a date or an instant."""
    if column in ("business_date", "date"):
        return f"date({column}, '-{day} days')"
    if isinstance(value, int) and value > _INSTANT_MIN:
        return f'"{column}" - {day} * {DAY_US}'
    return f'"{column}"'
