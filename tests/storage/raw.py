"""The database without the product: plain SQL on a connection of one's own, and busy days to look at."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from server.app import calling, counters, issuing, visits
from server.domain.events import GENESIS, Event, seal
from tests.app.small_hall import IKD, KTP, NIB, SmallHall, keyed


@contextmanager
def opened(path: Path, foreign_keys: bool = True) -> Iterator[sqlite3.Connection]:
    """Autocommit, rows by name."""
    database = sqlite3.connect(path, isolation_level=None)
    database.row_factory = sqlite3.Row
    database.execute(f"PRAGMA foreign_keys = {int(foreign_keys)}")
    try:
        yield database
    finally:
        database.close()


def copy_row(database: sqlite3.Connection, table: str, where: str, **changes: Any) -> None:
    """Insert the row again with other values: what a programme without any check of its own might do."""
    row = {**dict(database.execute(f"SELECT * FROM {table} WHERE {where}").fetchone()), **changes}
    columns, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" for _ in row)
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", list(row.values()))


def contents(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table's rows, in an order of their own."""
    with opened(path) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: sorted(map(tuple, database.execute(f"SELECT * FROM {name}")), key=repr) for name in names}


def busy_day(hall: SmallHall) -> None:
    """One of nearly everything: B-001 called at DKC-1, B-002 and B-003 waiting, PTSP-1 paused, a refusal, an answer."""
    ani, dewi = hall.opened("ani", "DKC-1"), hall.opened("dewi", "PTSP-1")
    hall.opened("budi", "DKC-2")
    hall.act(keyed(hall.kiosk(), "k1"), issuing.issue, service=KTP, priority="lansia")
    hall.take(KTP, then=[NIB])
    hall.take(IKD)
    hall.take(NIB)
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(dewi, calling.call_next, counter="PTSP-1")
    hall.later(minutes=2)
    hall.say(dewi, calling.start, counter="PTSP-1")
    hall.later(minutes=3)
    hall.say(dewi, calling.finish, counter="PTSP-1")
    hall.say(dewi, counters.pause, counter="PTSP-1", reason="salat")
    hall.say(hall.person("resepsionis"), visits.reprint, ticket=1)
    now = hall.now
    hall.at("15:10")
    hall.refused("after_cutoff", hall.kiosk(key="late"), issuing.issue, service=KTP)
    hall.now = now


def chain_of(events: list[tuple[Event, str]]) -> list[str]:
    """What is wrong with a log that begins at seq 1: gaps, and hashes that do not follow."""
    wrong, previous = [], GENESIS
    for expected, (event, digest) in enumerate(events, 1):
        if event.seq != expected:
            wrong.append(f"seq {event.seq} where {expected} belongs")
        if seal(previous, event, event.seq) != digest:
            wrong.append(f"seq {event.seq} is not sealed by what came before")
        previous = digest
    return wrong
