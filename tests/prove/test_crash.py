"""The crash campaign, small (`mpp prove crash`), and its judge on files that were spoilt on purpose.

Planted: see `server/ops/prove/crash.py` (PLANTS), each caught by this form. In the judge: rows not compared; the log's own
reading left out; an act that leaves nothing passed over -> one red each.
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest

from server.ops.prove import crash
from server.ops.prove.campaign import Order
from server.ops.prove.lives.hour import HOUR, Act
from server.ops.prove.lives.killing import Point, points_of
from server.ops.prove.lives.story import Page, Story, judged, numbers
from server.ops.prove.records import Records
from tests.app.small_hall import SmallHall, hall

__all__ = ["hall"]


def test_a_server_killed_at_some_of_its_writes_loses_nothing() -> None:
    said: list[str] = []
    findings = crash.run(Order(is_long=False, seed=1, say=said.append))
    assert findings.broken == [] and findings.left_out == []
    hour, _, _ = findings.figures
    kills = [int(count) for line in findings.figures for count in re.findall(r"[Kk]illed (\d+) times", line)]
    assert f"The hour has {len(HOUR)} acts" in hour and kills[0] >= crash.SHORT.points - 2 and kills[2] == crash.SHORT.kills
    assert said[0].endswith(f"killed at {crash.SHORT.points}")


def test_every_call_of_an_act_is_a_point() -> None:
    points = points_of([["pwrite64", "pwrite64", "fdatasync"], [], ["pwrite64"]])
    assert points == [Point(0, "pwrite64", 1), Point(0, "pwrite64", 2), Point(0, "fdatasync", 1), Point(2, "pwrite64", 1)]
    assert crash.some(points, 2) == [Point(0, "fdatasync", 1), Point(2, "pwrite64", 1)]


def test_an_act_names_what_an_earlier_one_was_told() -> None:
    act = Act("pick", "ani", "/tickets/{a[id]}", {"ticket": "{a[id]}", "reason": "sakit"})
    assert act.wish({"a": {"id": 7}}) == ("/tickets/7", {"ticket": 7, "reason": "sakit"})


def story_of(hall: SmallHall) -> tuple[Story, list[dict[str, object]]]:
    """The story of two touches, and what the kiosk was told."""
    story = Story.begun(hall.path)
    records = Records(hall.path)
    told = []
    for _ in range(2):
        told.append(hall.take())
        story.turn(records, "a touch")
    story.turn(records, "nothing")
    assert story.wrong == ["lost: nothing: answered for, and nothing of it is there"]
    del story.pages[-1]
    records.close()
    hall.close()
    return story, told


def test_files_that_hold_what_was_answered_for(hall: SmallHall, tmp_path: Path) -> None:
    story, told = story_of(hall)
    assert judged(story, hall.path, tmp_path / "copy", 2, numbers(told)) == ([], False)
    assert judged(story, hall.path, tmp_path / "copy", 1, numbers(told[:1])) == ([], True), "done, and nobody was told yet"


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("DELETE FROM print_job WHERE ticket = 2", "'print_job': (1, 2)"),
        ("UPDATE ticket SET label = 'B-003' WHERE id = 2", "lost: B-002"),
        ("UPDATE leg SET state = 'called' WHERE id = 1", "leg 1"),
        ("UPDATE event_head SET seq = seq - 1", "the head stands"),
    ],
)
def test_files_that_do_not(hall: SmallHall, tmp_path: Path, spoilt: str, said: str) -> None:
    story, told = story_of(hall)
    database = sqlite3.connect(hall.path)
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    database.execute("PRAGMA ignore_check_constraints = ON")
    database.executescript(spoilt)
    database.commit()
    database.close()
    wrong, _ = judged(story, hall.path, tmp_path / "copy", 2, numbers(told))
    assert wrong and said in "\n".join(wrong)


def test_half_an_act_is_told_from_a_lost_one(hall: SmallHall, tmp_path: Path) -> None:
    story, told = story_of(hall)
    whole = story.pages[2]
    story.pages[2] = Page((*whole.events, ("SlipQueued", "x", 2, None, None, None)), whole.rows)
    [lost], _ = judged(story, hall.path, tmp_path / "copy", 2, numbers(told))
    assert lost.startswith("lost: ") and "SlipQueued" in lost
    [half], _ = judged(story, hall.path, tmp_path / "copy", 1, numbers(told[:1]))
    assert half.startswith("half an act: ") and "TicketIssued" in half
