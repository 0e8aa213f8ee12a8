"""A database with years behind it: finished legs copied from real ones, as rows, in one go.

A few visits are played against the real server; their rows are then multiplied over past dates by
INSERT ... SELECT, one visit of each service. So the copies have whatever columns the tables have. The hash chain is made anew
for the newest events only, as far back as a backup looks at it.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

from server.domain.events import GENESIS, seal
from server.ops.backup.copying import RECENT_LINKS, events_after

#: visits of one past day: a million are three years
PER_DAY = 900
DAY_US = 86_400_000_000
#: integers above this are instants in microseconds since 1970
_INSTANT_MIN = 10**14
_FILE = "mpp.sqlite3"
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_INSTANT = "x.{0} - :day * " + str(DAY_US)
#: the ids of a copy: `i` counts those of one visit on one day from 1; `t`, `l`, `s` are the ids before the day's first copy
_TICKET, _LEG = "(:t + x.nth * :each + i)", "(:l + x.nth * :each + i)"
_SEQ = "(:s + x.events_before * :each + (i - 1) * x.events + x.place)"
_NUMBER = "(x.nth_of_series * :each + i)"
#: microseconds that a copy came after its day's first, waited, walked and was served: no two visits of a day are alike, since
#: figures of a thousand equal waits would be had too cheaply. Remainders by primes, of the ticket's number.
_CAME, _WAITED = f"{_TICKET} * 24593 % 25889 * 1000000", f"{_TICKET} * 7919 % 3571 * 1000000"
_WALKED, _SERVED_S = f"{_TICKET} * 31 % 89 * 1000000", f"{_TICKET} * 4201 % 1499"
_QUEUED_AT = f"{_INSTANT.format('queued_at')} + {_CAME}"
_CALLED_AT = f"{_QUEUED_AT} + {_WAITED}"
_STARTED_AT = f"{_CALLED_AT} + {_WALKED}"
#: what of a visit's rows is counted up; the other columns are as they were, on their day
_VISIT: dict[str, dict[str, str]] = {
    "ticket": {
        "id": _TICKET, "number": _NUMBER, "token": f"printf('%022x', {_TICKET})",
        "label": f"substr(x.label, 1, instr(x.label, '-')) || printf('%03d', {_NUMBER})",
        "issued_at": f"{_INSTANT.format('issued_at')} + {_CAME}",
    },
    "leg": {
        "id": _LEG, "ticket": _TICKET, "queued_at": _QUEUED_AT, "first_called_at": _CALLED_AT, "last_called_at": _CALLED_AT,
        "started_at": _STARTED_AT, "ended_at": f"{_STARTED_AT} + {_SERVED_S} * 1000000", "served_s": _SERVED_S,
    },
    "span": {"id": "NULL", "leg": _LEG},
    "print_job": {"id": "NULL", "ticket": _TICKET},
    "event": {"seq": _SEQ, "ticket": _TICKET, "leg": _LEG, "hash": f"printf('%064x', {_SEQ})"},
    "call": {"id": _SEQ, "ticket": _TICKET, "leg": _LEG},
}
_CLOSED_AT = f"{_INSTANT.format('opened_at')} + {DAY_US // 2}"
#: the same of a day: itself, closed, with its series and the sessions at its counters
_DAY: dict[str, dict[str, str]] = {
    "business_day": {"closed_at": _CLOSED_AT, "head_seq": ":s", "head_hash": "printf('%064x', :s)"},
    "series_day": {},
    "counter_session": {"id": "NULL", "closed_at": _CLOSED_AT},
}

Row = dict[str, Any]


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
    _change(data, "UPDATE print_job SET state = 'confirmed', ended_at = created_at WHERE state = 'queued'")


def send_home(data: Path) -> None:
    """Say that nobody waits any more: a round of load leaves thousands behind, and with them the next one is another hall's."""
    _change(data, "UPDATE leg SET state = 'cancelled', ended_at = queued_at WHERE state = 'waiting'")


def _change(data: Path, statement: str) -> None:
    with sqlite3.connect(data / _FILE, timeout=10, isolation_level=None) as connection:
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.execute(statement)
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
        found = self._rows("SELECT min(id) AS leg, ticket FROM leg WHERE state = 'finished' GROUP BY service ORDER BY service")
        if not found:
            raise ValueError("no finished visit to copy")
        self._each = -(-min(legs, PER_DAY) // len(found))
        self._a_day = len(found) * self._each
        self._days = -(-legs // self._a_day)
        self._ids = {"t": self._one("SELECT max(id) FROM ticket"), "l": self._one("SELECT max(id) FROM leg")}
        self._ids["s"] = self._one("SELECT seq FROM event_head")
        self._db.execute("CREATE TEMP TABLE copies(i INTEGER PRIMARY KEY)")
        self._db.executemany("INSERT INTO copies VALUES (?)", [(i,) for i in range(1, self._each + 1)])
        visits = self._visits(found)
        self._events = len(visits["event"])
        self._of_visits = [self._copying(table, rows, _VISIT[table], " CROSS JOIN copies") for table, rows in visits.items()]
        self._of_day = [
            self._copying(table, self._rows(f"SELECT * FROM {table} WHERE {of} = (SELECT max(date) FROM business_day)"), counted, "")
            for (table, counted), of in zip(_DAY.items(), ("date", "business_date", "business_date"), strict=True)
        ]

    def _one(self, query: str) -> int:
        return int(self._db.execute(query).fetchone()[0])

    def _rows(self, query: str, *args: object) -> list[Row]:
        return [dict(row) for row in self._db.execute(query, args)]

    def _visits(self, found: list[Row]) -> dict[str, list[Row]]:
        """The rows of these visits, each with its visit's place among all and in its series, and with its event's place."""
        told: dict[str, list[Row]] = {table: [] for table in _VISIT}
        in_series: Counter[str] = Counter()
        for nth, visit in enumerate(found):
            [ticket] = self._rows("SELECT * FROM ticket WHERE id = ?", visit["ticket"])
            events = self._rows("SELECT * FROM event WHERE leg = ? ORDER BY seq", visit["leg"])
            of = {"nth": nth, "nth_of_series": in_series[ticket["series"]], "events_before": len(told["event"]), "events": len(events)}
            in_series[ticket["series"]] += 1
            told["ticket"].append({**ticket, **of})
            told["leg"] += [{**row, **of} for row in self._rows("SELECT * FROM leg WHERE id = ?", visit["leg"])]
            told["span"] += [{**row, **of} for row in self._rows("SELECT * FROM span WHERE leg = ?", visit["leg"])]
            told["print_job"] += [{**row, **of} for row in self._rows("SELECT * FROM print_job WHERE ticket = ?", visit["ticket"])]
            for place, event in enumerate(events, 1):
                told["event"].append({**event, **of, "place": place})
                told["call"] += [{**row, **of, "place": place} for row in self._rows("SELECT * FROM call WHERE id = ?", event["seq"])]
        return told

    def _copying(self, table: str, rows: list[Row], counted: dict[str, str], by: str) -> str:
        """Keep these rows aside; the statement that copies all of them to the day `:day` days earlier."""
        self._db.execute(f"CREATE TEMP TABLE of_{table} ({', '.join(_quoted(name) for name in rows[0])})")
        self._db.executemany(f"INSERT INTO of_{table} VALUES ({', '.join('?' * len(rows[0]))})", [tuple(row.values()) for row in rows])
        names = [row["name"] for row in self._rows(f"PRAGMA table_info({table})")]
        told = ", ".join(counted.get(name) or _earlier(name, [row[name] for row in rows]) for name in names)
        return f"INSERT INTO {table} ({', '.join(map(_quoted, names))}) SELECT {told} FROM of_{table} AS x{by}"

    def add(self) -> int:
        """Indexes are built when all rows are there: sorting once is far quicker than inserting in place."""
        self._db.execute("BEGIN")
        indexes = self._rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        for index in indexes:
            self._db.execute(f'DROP INDEX "{index["name"]}"')
        for day in range(1, self._days + 1):
            for statement in self._of_visits:
                self._db.execute(statement, {**self._ids, "day": day, "each": self._each})
            for name, more in (("t", self._a_day), ("l", self._a_day), ("s", self._events * self._each)):
                self._ids[name] += more
            for statement in self._of_day:
                self._db.execute(statement, {**self._ids, "day": day})
        for index in indexes:
            self._db.execute(index["sql"])
        self._db.execute("UPDATE event_head SET seq = (SELECT max(seq) FROM event)")
        self._seal_newest()
        self._db.execute("COMMIT")
        return self._days * self._a_day

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


def _quoted(name: str) -> str:
    return f'"{name}"'


def _earlier(name: str, values: list[Any]) -> str:
    """A column of dates or of instants so many days before; any other as it is."""
    if any(isinstance(value, int) and value > _INSTANT_MIN for value in values):
        return _INSTANT.format(_quoted(name))
    if any(isinstance(value, str) and _DATE.fullmatch(value) for value in values):
        return f"date(x.{_quoted(name)}, '-' || :day || ' days')"
    return f"x.{_quoted(name)}"
