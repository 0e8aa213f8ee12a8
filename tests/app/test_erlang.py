"""A hall of four counters with arrivals and services as M/M/c: the product's figures against Erlang's formula (1917).

The visits are rows, not acts, so that there are enough of them; days are the batches that the confidence interval is made of.
Planted: waits of no second left out -> test_a_hall_as_mmc_agrees_with_erlang red.
"""

from __future__ import annotations

import heapq
import math
import sqlite3
import statistics
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from server.app.figures import figures
from tests.app.small_hall import KTP, WITA, SmallHall

COUNTERS, SERVICE_S, LOAD = 4, 300.0, 0.6
VISITS = 16_000
#: Student's t for 99 %, enough for 16 batches and more
T99 = 2.95
#: end of the first class of waits
CLASS_S = 300
START = datetime(2026, 10, 1, tzinfo=WITA)
ARRIVALS_PER_S = LOAD * COUNTERS / SERVICE_S


def erlang_c(counters: int, load: float) -> float:
    """The chance that an arrival has to wait; `load`: of each counter, below 1."""
    offered = counters * load
    terms = [offered**n / math.factorial(n) for n in range(counters)]
    last = offered**counters / math.factorial(counters) / (1 - load)
    return last / (sum(terms) + last)


def us(seconds: float) -> int:
    return int((START.astimezone(UTC).timestamp() + seconds) * 1_000_000)


def rows() -> list[tuple[int, float, float, float]]:
    """(counter, arrived, called, ended) of each visitor in turn, seconds; first come, first served."""
    chance, now, free = Random(1917), 0.0, [(0.0, counter) for counter in range(COUNTERS)]
    found = []
    for _ in range(VISITS):
        now += chance.expovariate(ARRIVALS_PER_S)
        at, counter = heapq.heappop(free)
        called = max(at, now)
        ended = called + chance.expovariate(1 / SERVICE_S)
        heapq.heappush(free, (ended, counter))
        found.append((counter, now, called, ended))
    return found


def fill(hall: SmallHall) -> date:
    """Their tickets and legs, and four counters open day and night; the last whole date."""
    hall.take()
    visits = rows()
    last = (START + timedelta(seconds=visits[-1][1])).date() - timedelta(days=1)
    with sqlite3.connect(hall.path) as db:
        db.row_factory = sqlite3.Row
        ticket, leg = (dict(db.execute(f"SELECT * FROM {table}").fetchone()) for table in ("ticket", "leg"))
        tickets, legs = [], []
        for n, (counter, came, called, ended) in enumerate(visits, start=2):
            own = {"id": n, "business_date": (START + timedelta(seconds=came)).date().isoformat()}
            tickets.append({**ticket, **own, "number": n, "label": f"A-{n}", "token": f"{n:032x}", "issued_at": us(came)})
            times = {"queued_at": us(came), "first_called_at": us(called), "last_called_at": us(called), "started_at": us(called), "ended_at": us(ended)}
            served = {"state": "finished", "outcome": "finished", "served_s": int(ended - called), "call_count": 1, "counter": f"DKC-{counter + 1}"}
            legs.append({**leg, **own, **times, **served, "ticket": n, "service": KTP})
        _add(db, "ticket", tickets)
        _add(db, "leg", legs)
        for day_n in range((last - START.date()).days + 1):
            ends = {"opened_at": us(day_n * 86_400), "closed_at": us((day_n + 1) * 86_400), "last_act_at": us(day_n * 86_400)}
            day = (START.date() + timedelta(days=day_n)).isoformat()
            for counter in range(COUNTERS):
                more = {"business_date": day, "counter": f"DKC-{counter + 1}", "officer": f"o{counter}", "services": "[]", "flagged": 0}
                _add(db, "counter_session", [{"site": "KUPANG", "gerai": "DKC", **ends, **more}])
    db.close()
    return last


def _add(db: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    names = ", ".join(rows[0])
    db.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(rows[0]))})", [tuple(row.values()) for row in rows])


def test_erlang_c_is_known() -> None:
    """One counter: its load. Two at half load: one third."""
    assert math.isclose(erlang_c(1, 0.6), 0.6)
    assert math.isclose(erlang_c(2, 0.5), 1 / 3)


def test_a_hall_as_mmc_agrees_with_erlang(hall: SmallHall) -> None:
    last = fill(hall)
    found = hall.read(figures, first=START.date(), last=last, today=last, by=("date",))
    days, total = found["rows"], found["total"]
    assert len(days) >= 12 and total["served"] == total["wait"]["n"] > 0.9 * VISITS
    chance, pace = erlang_c(COUNTERS, LOAD), COUNTERS / SERVICE_S - ARRIVALS_PER_S
    agrees(days, lambda row: row["wait"]["mean"], chance / pace, total["wait"]["mean"])
    agrees(days, lambda row: row["service_time"]["mean"], SERVICE_S - 0.5, total["service_time"]["mean"])
    agrees(days, lambda row: row["occupancy"]["share"], LOAD, total["occupancy"]["share"])
    agrees(days, longer, chance * math.exp(-pace * CLASS_S), longer(total))


def longer(row: dict[str, Any]) -> float:
    """The share of waits beyond the first class."""
    return sum(one["n"] for one in row["wait_classes"][1:]) / row["wait"]["n"]


def agrees(days: list[dict[str, Any]], figure: Callable[[dict[str, Any]], float], wanted: float, whole: float) -> None:
    """The figure of all days together lies within the 99 % interval that the days' own figures give."""
    spread = T99 * statistics.stdev(map(figure, days)) / math.sqrt(len(days))
    assert abs(whole - wanted) <= spread, (whole, wanted, spread)
    assert spread < 0.5 * wanted, "too wide to say anything"
