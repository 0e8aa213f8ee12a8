"""The clock campaign, small (`mpp prove clock`), and its judge on a hall whose times were spoilt on purpose.

Planted: see `server/ops/prove/clock.py` (PLANTS), each caught by this form. In the judge: dates not compared; BACKWARDS not
asked; a set clock forgotten -> one red each.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from server.domain.events import Event
from server.ops.prove import clock
from server.ops.prove.campaign import Order
from server.ops.prove.records import Records
from server.ops.prove.trouble import times
from server.ops.prove.trouble.faking import Wall
from tests.app.small_hall import SmallHall, hall

__all__ = ["hall"]

AT = datetime.fromisoformat("2026-11-03T08:00:00+08:00")


def test_no_jump_of_the_clock_changes_what_was_promised() -> None:
    findings = clock.run(Order(is_long=False, seed=1, say=print))
    assert findings.broken == [] and findings.left_out == []
    assert f"5 lives, {len(clock.SHORT.jumps)} jumps" in findings.figures[1] and "5 doubts" in findings.figures[2]


@pytest.fixture
def records(hall: SmallHall) -> Iterator[Records]:
    """One ticket in an otherwise empty hall, open to whoever spoils it."""
    hall.take()
    hall.close()
    database = sqlite3.connect(hall.path)
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    database.close()
    kept = Records(hall.path)
    yield kept
    kept.close()


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("SELECT 1", None),
        ("UPDATE leg SET first_called_at = queued_at - 1", "called before the line: (1,)"),
        ("UPDATE leg SET ended_at = queued_at - 1", "ended before it began: (1,)"),
        ("UPDATE event SET at = at - 1000000 WHERE type = 'TicketIssued'", "TicketIssued at"),
        ("UPDATE event SET at = at + 86400000000", "is given on"),
    ],
)
def test_what_the_tables_may_not_say(hall: SmallHall, records: Records, spoilt: str, said: str | None) -> None:
    database = sqlite3.connect(hall.path)
    database.execute(spoilt)
    database.commit()
    database.close()
    found = times.wrong_times(records, "Asia/Makassar")
    assert (found == []) is (said is None) and (said is None or any(said in one for one in found))


def test_a_date_that_comes_twice_and_a_time_over_a_set_clock(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [Event("DayOpened", AT, "system", data={"date": "2026-11-03"}, seq=seq) for seq in (1, 2)]
    told = [
        Event("TicketIssued", AT, "device:K1", leg=1, seq=3, data={"label": "A-001", "business_date": "2026-11-03"}),
        Event("ClockConfirmed", AT, "user:pengawas", seq=4),
        Event("TicketCalled", AT, "user:ani", leg=1, seq=5),
    ]
    monkeypatch.setattr(records, "events", lambda: [(event, "") for event in (*days, *told)])
    assert times.wrong_times(records, "Asia/Makassar") == [
        "DayOpened of 2026-11-03: 2 times", "leg 1: from TicketIssued to TicketCalled the clock was set, and the time between counts",
    ]


def test_a_wall_clock_is_moved_in_one_step(tmp_path: Path) -> None:
    wall = Wall(tmp_path / "wall", "2028-02-28T23:59:58+08:00")
    before = wall.now()
    wall.jump(timedelta(days=-2))
    assert timedelta(days=1, hours=23) < before - wall.now() <= timedelta(days=2)
    assert (tmp_path / "wall").read_text()[0] == "+" and [path.name for path in tmp_path.iterdir()] == ["wall"]
