"""Floors on simulated time (`mpp prove floors`): the short form, the same seed again, and a judge that sees what is wrong.

Planted, each seen red: times, quota, range or lengths of services not compared; two sounds at once, or a call again
that was told as spoken, let pass; connections that are not on the disk that fails; chance that is not drawn from the seed.
The campaign's own plants are bugs of the product: `mpp prove --controls floors`.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from server.domain.events import GENESIS, seal
from server.ops.prove import floors
from server.ops.prove.campaign import Order
from server.ops.prove.floors.disk import Died, Disk
from server.ops.prove.floors.floor import Outcome
from server.ops.prove.floors.hall import SMALL, hall_of
from server.ops.prove.floors.hearing import Hearing
from server.ops.prove.floors.judge import Judge
from server.ops.prove.floors.world import NOTHING, Box, World
from server.ops.prove.records import _event
from server.storage.database import FILE
from server.storage.engine import open_writer, sqlite_url

#: until a quarter to ten
MORNING = 0.405


def test_no_fault_of_two_days_breaks_a_promise() -> None:
    said: list[str] = []
    findings = floors.run(Order(is_long=False, seed=1, say=said.append))
    assert findings.broken == [] and findings.left_out == []
    text = "\n".join(findings.figures)
    for what in ("disk: dies ", "disk: io", "disk: full", "reply lost", "night", "clock by", "mute", "release"):
        assert what in text, f"{what} never happened"
    assert "s of one core for a simulated day" in text and said[0].startswith("seed 1: 2 days")


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    """One morning of seed 3, and the folder with its database."""
    folder = tmp_path_factory.mktemp("floor")
    return folder, floors.play(3, MORNING, SMALL, folder)


def test_the_same_seed_makes_the_same_log(morning: tuple[Path, Outcome], tmp_path: Path) -> None:
    _, first = morning
    again = floors.play(3, MORNING, SMALL, tmp_path)
    assert first.broken == [] and first.tickets > 15
    assert replace(again, cpu_s=0) == replace(first, cpu_s=0)
    assert first.log_hash != GENESIS


Change = Callable[[list[dict[str, Any]]], None]


def _of(rows: list[dict[str, Any]], kind: str, at: int = 0) -> dict[str, Any]:
    return [row for row in rows if row["type"] == kind][at]


def _earlier(rows: list[dict[str, Any]]) -> None:
    _of(rows, "TicketFinished", 1)["at"] -= 3_600_000_000


def _over_the_quota(rows: list[dict[str, Any]]) -> None:
    hall = hall_of(SMALL)
    limited = next(iter(hall.rules().quota))
    for row in rows:
        if row["type"] == "TicketIssued":
            row["data"]["service"] = limited


def _past_the_end(rows: list[dict[str, Any]]) -> None:
    _of(rows, "TicketIssued", 5)["data"]["number"] = 10_000


def _a_number_twice(rows: list[dict[str, Any]]) -> None:
    _of(rows, "TicketIssued", 3)["data"]["label"] = _of(rows, "TicketIssued", 2)["data"]["label"]


def _longer(rows: list[dict[str, Any]]) -> None:
    _of(rows, "TicketFinished")["data"]["service_s"] += 2


def _another_is_called(rows: list[dict[str, Any]]) -> None:
    first, second = _of(rows, "TicketIssued", 1), _of(rows, "TicketIssued", 2)
    for name in ("ticket", "leg"):
        first[name], second[name] = second[name], first[name]


def _gone(rows: list[dict[str, Any]]) -> None:
    rows.remove(_of(rows, "TicketIssued", 4))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_earlier, "P12"), (_over_the_quota, "of a quota of"), (_past_the_end, "outside its series"), (_longer, "was served"),
        (_a_number_twice, "given twice"), (_another_is_called, "out of turn"), (_gone, "follows"),
    ],
)  # fmt: skip
def test_the_judge_sees_a_changed_history(morning: tuple[Path, Outcome], tmp_path: Path, change: Change, said: str) -> None:
    """Sealed anew after the change, so that the chain alone does not tell."""
    path = shutil.copy(morning[0] / FILE, tmp_path / FILE)
    assert _judged(path) == []
    with sqlite3.connect(path) as database:
        _rewrite(database, change)
    database.close()
    wrong = _judged(path)
    assert any(said in one for one in wrong), wrong[:5]


def _judged(path: Path) -> list[str]:
    judge = Judge(hall_of(SMALL).rules(), path, lambda: "", lambda: None)
    # Papers came out before; what this judge cannot know of is no matter here.
    judge.printed = set(range(10_000))
    judge.look()
    judge.finish()
    return judge.broken


def _rewrite(database: sqlite3.Connection, change: Change) -> None:
    database.row_factory = sqlite3.Row
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'event'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    rows = [{**dict(row), "data": json.loads(row["data"])} for row in database.execute("SELECT * FROM event ORDER BY seq")]
    change(rows)
    previous = GENESIS
    database.execute("DELETE FROM event")
    for row in rows:
        told = _event({**row, "data": json.dumps(row["data"])})
        row["hash"] = previous = seal(previous, told, row["seq"])
        values = {**row, "data": json.dumps(row["data"])}
        names = ", ".join(values)
        database.execute(f"INSERT INTO event ({names}) VALUES ({', '.join(':' + name for name in values)})", values)


class _Blamed:
    def __init__(self) -> None:
        self.said: list[str] = []

    def blame(self, what: str) -> None:
        self.said.append(what)


def _hall() -> tuple[World, _Blamed, Hearing]:
    world, blamed = World(1, 1), _Blamed()
    return world, blamed, Hearing(world, blamed, {"D1": "A", "D2": "A", "D3": "B"})  # type: ignore[arg-type]


def test_two_displays_that_hear_each_other_may_not_speak_at_once() -> None:
    _, blamed, hearing = _hall()
    hearing.begin("D1", 7, is_owed=False)
    hearing.begin("D3", 7, is_owed=False)
    assert blamed.said == []
    hearing.begin("D2", 8, is_owed=False)
    assert "over D1" in blamed.said[0]


@pytest.mark.parametrize(
    ("is_whole", "is_told", "later_s", "is_wrong"),
    [(False, False, 9.0, False), (True, False, 9.0, False), (True, True, 1.0, False), (True, True, 9.0, True)],
)
def test_a_call_comes_again_only_while_nobody_knows_that_it_was_spoken(is_whole: bool, is_told: bool, later_s: float, is_wrong: bool) -> None:
    """Nobody: the news of it is still on its way to who speaks it again."""
    world, blamed, hearing = _hall()
    hearing.end("D1", hearing.begin("D1", 7, is_owed=False), is_whole)
    if is_told:
        hearing.told("D1", 7)
    world.s += later_s
    hearing.end("D2", hearing.begin("D2", 7, is_owed=True), is_whole=True)
    assert bool(blamed.said) is is_wrong and hearing.again == 1


def test_what_was_written_down_as_spoken_is_told_to_every_display() -> None:
    """Planted: views are not looked at for it -> red."""
    _, blamed, hearing = _hall()
    blamed.calls, blamed.active = defaultdict(list), lambda group: []  # type: ignore[attr-defined]
    hearing.end("D1", hearing.begin("D1", 7, is_owed=False), is_whole=True)
    view: dict[str, Any] = {"date": "2026-11-02", "serving": [], "calls": [{"call_id": 7, "number": "B-001", "counter": "C", "spoken": False}]}
    hearing.view("D2", 1, view)
    assert blamed.said == []
    hearing.told("D1", 7)
    hearing.view("D2", 2, view)
    assert "as not spoken" in blamed.said[0]


@pytest.mark.parametrize(("fault", "kept"), [("io", 0), ("full", 0), ("dies", 0), ("dies_after", 1)])
def test_a_fault_of_the_disk_reaches_sqlite(tmp_path: Path, fault: str, kept: int) -> None:
    disk, engine = Disk(), open_writer(sqlite_url(tmp_path / "x.sqlite3"))
    disk.attach(engine)
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("CREATE TABLE t (a)")
    disk.arm(fault, 50)
    with pytest.raises((Died, Exception)), engine.connect() as connection, connection.begin():  # noqa: B017
        connection.exec_driver_sql("INSERT INTO t VALUES (1)")
    engine.dispose()
    with sqlite3.connect(tmp_path / "x.sqlite3") as database:
        assert database.execute("SELECT count(*) FROM t").fetchone() == (kept,)
    database.close()
    assert disk.struck[fault] == 1


def test_moments_come_in_order_and_waiting_has_an_end() -> None:
    world, seen = World(1, 1), []
    box, late = Box(world), Box(world)

    def waits() -> None:
        seen.append(("waits", world.s))
        seen.append((box.get(60), world.s))
        seen.append((late.get(5) is NOTHING, world.s))

    world.spawn(waits, after_s=1)
    world.later(3, lambda: box.put("came"))
    world.later(100, lambda: late.put("too late"))
    world.run()
    assert seen == [("waits", 1), ("came", 3), (True, 8)]
