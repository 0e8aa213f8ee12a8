"""The whole bench once, as small as it goes: that it measures everything it names, never how fast."""

import secrets
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import load
from server.app import calling, counters, issuing
from server.app.ask import Ask
from server.app.performing import perform
from server.clock import parse_clock
from server.ops.bench import command, past
from server.ops.bench.command import Bench, Plan
from server.ops.bench.people import AT_ONCE
from server.ops.bench.report import goals
from server.ops.bench.servers import CLOCK
from server.ops.first_run import around_of, prepare
from server.storage.database import database_of
from server.storage.unit import Writer

#: two of them in one series
SERVICES = {"DKC": ("DKC-KTP", "DKC-KK"), "PTSP": ("PTSP-NIB",)}
VISITS = 3


@pytest.mark.browser
def test_a_small_bench_measures_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "SETTLE_S", 0.5)  # nobody measures how fast here
    plan = Plan(rounds=1, round_s=0.5, presses=2, screens=12, legs=0, fsyncs=5, calls=10, gerai=AT_ONCE)
    report = Bench(plan, lambda line: None).run()
    for name in ("bare view", "insert+commit", "tickets", "next", "finish and next", "bare broadcast", "frame hall", "frame one room", "slip 80 mm text", "bare 58 mm drawn",
                 "touch of 4", "first byte of 4, one stalled", "announcement made", "announcement again", "frame beside a page", "pixel of the page",
                 "seal of an event", "start of the bare app", "kill -9 to a number", "tickets, backup", "tickets, no backup", "backup",
                 "bare scan of a month", "month JSON", "month JSON, process", "year's figures", "floor view", "tickets, a year's figures", "tickets, a year's report"):
        assert report.has(name), name
    assert {"master", "worker"} == set(report.memory_mb)
    assert set(report.weights) == {"display", "simple", "kiosk", "counter"}
    assert {page: (len(day.heap_kb), day.odd) for page, day in report.days.items()} == {"display": (10, 0), "simple": (10, 0)}
    assert len(list(goals(report))) == 40


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Path]:
    """A data folder in which one visitor was served at each of two counters."""
    data = tmp_path / "small"
    data.mkdir()
    settings = load(None, {"MPP_CLOCK": CLOCK, "MPP_SERVER_DATA": str(data)})
    prepare(settings)
    database = database_of("", data)
    writer, clock = Writer(database.url, database.cache(), around_of(settings)), parse_clock(CLOCK)
    assert clock is not None

    def act(of: Any, actor: str, role: str, gerai: str, **arguments: Any) -> None:
        who = {"username": actor.partition(":")[2]} if role == "officer" else {"device": "K1"}
        ask = Ask(actor, clock.now(), None, None, role, frozenset({gerai}), token=secrets.token_hex(8), **who)
        (ok, value), = writer.run_batch([lambda work: perform(work, ask, of, arguments)])
        assert ok, value

    for gerai, services in SERVICES.items():
        officer, at = (f"user:petugas-{gerai.lower()}", "officer", gerai), {"counter": f"{gerai}-1"}
        act(counters.open_counter, *officer, **at)
        for service in services:
            act(issuing.issue, "device:K1", "kiosk", gerai, service=service)
            for press in (calling.call_next, calling.start, calling.finish):
                act(press, *officer, **at)
    writer.close()
    yield data


def test_nobody_waits_when_all_were_sent_home(served: Path) -> None:
    db = sqlite3.connect(served / "mpp.sqlite3")
    db.execute("UPDATE leg SET state = 'waiting' WHERE id = 1")
    db.commit()
    past.send_home(served)
    assert db.execute("SELECT state, count(*) FROM leg GROUP BY 1").fetchall() == [("cancelled", 1), ("finished", VISITS - 1)]
    db.close()


def test_the_past_is_made_of_whole_visits_on_past_days(served: Path, tmp_path: Path) -> None:
    large = tmp_path / "large"
    past.settle_paper(served)
    past.copy_data(served, large)
    made = past.add_past(large, 6000)
    db = sqlite3.connect(large / "mpp.sqlite3")

    def one(query: str) -> Any:
        return db.execute(query).fetchone()[0]

    today = "(SELECT max(date) FROM business_day)"
    assert made >= 6000
    assert one(f"SELECT count(*) FROM leg WHERE business_date < {today} AND state = 'finished'") == made
    for table, of in (("ticket", "id"), ("span", "leg"), ("call", "leg"), ("print_job", "ticket")):
        assert one(f"SELECT count(DISTINCT {of}) FROM {table}") == made + VISITS, table
    assert one("SELECT count(DISTINCT service) FROM leg") == VISITS
    assert one("SELECT count(DISTINCT label || business_date) FROM ticket") == made + VISITS
    assert one("SELECT count(*) FROM leg WHERE queued_at > first_called_at OR first_called_at > started_at OR started_at > ended_at") == 0
    assert one("SELECT count(*) FROM leg JOIN ticket ON ticket.id = ticket WHERE leg.business_date != ticket.business_date OR queued_at < issued_at") == 0
    assert one("SELECT count(*) FROM event") == one("SELECT seq FROM event_head")
    assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    assert one("PRAGMA integrity_check") == "ok"
    db.close()
