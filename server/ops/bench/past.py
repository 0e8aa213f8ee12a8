"""A database with years behind it: finished legs copied from real ones, as rows, in one go.

A few visits are played against the real server; their rows are then multiplied over past dates by
INSERT ... SELECT. So the copies have whatever columns the tables have. The hash chain is made anew
for the newest events only, as far back as a backup looks at it.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from server.domain.events import GENESIS, seal
from server.ops.backup.copying import RECENT_LINKS, events_after

#: visits of one past day; a day of a large hall
PER_DAY = 2500
DAY_US = 86_400_000_000
#: integers above this are instants in microseconds since 1970
_INSTANT_MIN = 10**14
_FILE = "mpp.sqlite3"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
#: microseconds that a copy came after its day's first, waited, walked and was served: no two visits of a day are alike, since
#: figures of a thousand equal waits would be had too cheaply. Remainders by primes, of the ticket's number.
_CAME, _WAITED = "(t + i) * 24593 % 25889 * 1000000", "(t + i) * 7919 % 3571 * 1000000"
_WALKED, _SERVED_S = "(t + i) * 31 % 89 * 1000000", "(t + i) * 4201 % 1499"
_CALLED_AT = f":queued_at + {_CAME} + {_WAITED}"
_TIMES = {
    "queued_at": f":queued_at + {_CAME}",
    "first_called_at": _CALLED_AT,
    "last_called_at": _CALLED_AT,
    "started_at": f"{_CALLED_AT} + {_WALKED}",
    "ended_at": f"{_CALLED_AT} + {_WALKED} + {_SERVED_S} * 1000000",
    "served_s": _SERVED_S,
}


Row = dict[str, Any]


@dataclass(frozen=True)
class _Sample:
    """One finished visit: (table, its row, which columns are counted up and how).

    In the expressions `i` counts the copies of a day from 1; `t`, `l`, `s` are the ids before the first copy.
    """

    rows: tuple[tuple[str, Row, dict[str, str]], ...]
    events: int


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


def site_of(database: sqlite3.Connection) -> str:
    return str(database.execute("SELECT site FROM event_head").fetchone()[0])


def add_past(data: Path, legs: int) -> int:
    """Add at least `legs` finished legs on past dates; how many were added."""
    connection = sqlite3.connect(data / _FILE, isolation_level=None)
    connection.row_factory = sqlite3.Row
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
        self._next = {"t": self._one("SELECT max(id) FROM ticket"), "l": self._one("SELECT max(id) FROM leg")}
        self._next["s"] = self._one("SELECT seq FROM event_head")

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def _rows(self, query: str, *args: object) -> list[Row]:
        return [dict(row) for row in self._db.execute(query, args)]

    def _find_samples(self) -> list[_Sample]:
        found = self._rows(
            "SELECT leg.id AS leg, leg.ticket AS ticket FROM leg JOIN ticket ON ticket.id = leg.ticket"
            " WHERE leg.state = 'finished' GROUP BY ticket.series"
        )
        if not found:
            raise ValueError("no finished visit to copy")
        return [self._sample(row["ticket"], row["leg"]) for row in found]

    def _sample(self, ticket: int, leg: int) -> _Sample:
        rows: list[tuple[str, Row, dict[str, str]]] = []
        for row in self._rows("SELECT * FROM ticket WHERE id = ?", ticket):
            label = f"'{row['label'].partition('-')[0]}-' || printf('%03d', i)"
            rows.append(("ticket", row, {"id": "t + i", "number": "i", "token": "printf('%022x', t + i)", "label": label, "issued_at": f":issued_at + {_CAME}"}))
        for row in self._rows("SELECT * FROM leg WHERE id = ?", leg):
            rows.append(("leg", row, {"id": "l + i", "ticket": "t + i", **_TIMES}))
        for row in self._rows("SELECT * FROM span WHERE leg = ?", leg):
            rows.append(("span", row, {"id": "NULL", "leg": "l + i"}))
        for row in self._rows("SELECT * FROM print_job WHERE ticket = ?", ticket):
            rows.append(("print_job", row, {"id": "NULL", "ticket": "t + i"}))
        events = self._rows("SELECT * FROM event WHERE leg = ? ORDER BY seq", leg)
        for place, row in enumerate(events):
            seq = f"s + (i - 1) * {len(events)} + {place + 1}"
            rows.append(("event", row, {"seq": seq, "ticket": "t + i", "leg": "l + i", "hash": f"printf('%064x', {seq})"}))
            for call in self._rows("SELECT * FROM call WHERE id = ?", row["seq"]):
                rows.append(("call", call, {"id": seq, "ticket": "t + i", "leg": "l + i"}))
        return _Sample(tuple(rows), len(events))

    def add(self) -> int:
        """Indexes are built when all rows are there: sorting once is far quicker than inserting in place."""
        self._db.execute("BEGIN")
        indexes = self._rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        for index in indexes:
            self._db.execute(f'DROP INDEX "{index["name"]}"')
        made = 0
        for day in range(1, self._days + 1):
            for sample in self._samples:
                for table, row, counted in sample.rows:
                    self._copy(table, row, day, counted, self._per_sample)
                made += self._per_sample
                self._next["t"] += self._per_sample
                self._next["l"] += self._per_sample
                self._next["s"] += self._per_sample * sample.events
            self._add_day(day)
        for index in indexes:
            self._db.execute(index["sql"])
        self._db.execute("UPDATE event_head SET seq = (SELECT max(seq) FROM event)")
        self._seal_newest()
        self._db.execute("COMMIT")
        return made

    def _seal_newest(self) -> None:
        """A chain over the newest events, up to the head."""
        triggers = self._rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'event_no_%'")
        for trigger in triggers:
            self._db.execute(f'DROP TRIGGER "{trigger["name"]}"')
        site, after = site_of(self._db), max(0, self._one("SELECT seq FROM event_head") - RECENT_LINKS)
        told = self._rows("SELECT hash FROM event WHERE seq = ?", after)
        head = told[0]["hash"] if told else GENESIS
        for _, event in list(events_after(self._db, site, after)):
            head = seal(head, event, event.seq)
            self._db.execute("UPDATE event SET hash = ? WHERE site = ? AND seq = ?", (head, site, event.seq))  # the key begins with the site
        self._db.execute("UPDATE event_head SET hash = ?", (head,))
        for trigger in triggers:
            self._db.execute(trigger["sql"])

    def _add_day(self, day: int) -> None:
        """The day itself, closed, with its series and the sessions at its counters."""
        closed = {"closed_at": f"{DAY_US // 2} + (SELECT min(opened_at) FROM business_day)"}
        today = "= (SELECT max(date) FROM business_day)"
        for row in self._rows(f"SELECT * FROM business_day WHERE date {today}"):
            self._copy("business_day", row, day, {**closed, "head_seq": "s", "head_hash": "printf('%064x', s)"}, 1)
        for row in self._rows(f"SELECT * FROM series_day WHERE business_date {today}"):
            self._copy("series_day", row, day, {}, 1)
        for row in self._rows(f"SELECT * FROM counter_session WHERE closed_at IS NULL AND business_date {today}"):
            self._copy("counter_session", row, day, {"id": "NULL", **closed}, 1)

    def _copy(self, table: str, row: Row, day: int, counted: dict[str, str], times: int) -> None:
        """Insert the row `times` times, `day` days earlier, its counted columns counted up."""
        given = {name: _earlier(value, day) for name, value in row.items()}
        told = ", ".join(counted.get(name, f":{name}") for name in row)
        self._db.execute(
            "WITH RECURSIVE counted(i, t, l, s) AS (SELECT 1, :ticket_0, :leg_0, :seq_0 UNION ALL"
            " SELECT i + 1, t, l, s FROM counted WHERE i < :times_0)"
            f" INSERT INTO {table} ({', '.join(f'{chr(34)}{name}{chr(34)}' for name in row)}) SELECT {told} FROM counted",
            {**given, "ticket_0": self._next["t"], "leg_0": self._next["l"], "seq_0": self._next["s"], "times_0": times},
        )


def _earlier(value: Any, day: int) -> Any:
    """A date or an instant so many days before; anything else as it is."""
    if isinstance(value, int) and value > _INSTANT_MIN:
        return value - day * DAY_US
    if isinstance(value, str) and _DATE.fullmatch(value):
        return (date.fromisoformat(value) - timedelta(days=day)).isoformat()
    return value
