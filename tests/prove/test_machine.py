"""The machine campaign, small (`mpp prove machine`), and its judge on a hall that was spoilt on purpose.

Planted: see `server/ops/prove/machine.py` (PLANTS), each caught by this form. In the judge: tickets told to nobody passed
over; HALVES not asked -> one red each.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from server.ops.prove import machine
from server.ops.prove.campaign import Order
from server.ops.prove.trouble import causes
from server.ops.prove.trouble.hall import Hall
from tests.app.small_hall import SmallHall, hall

__all__ = ["hall"]


def test_a_computer_in_trouble_loses_nothing_and_says_so() -> None:
    said: list[str] = []
    findings = machine.run(Order(is_long=False, seed=1, say=said.append))
    assert findings.broken == [] and findings.left_out == []
    troubles = findings.figures[1]
    assert all(f"{name} 1" in troubles for name in ("no room", "I/O error", "read-only", "locked", "no memory"))
    assert "Single calls that failed: 2; of 1 more" in troubles, "an act has more than one sync, or fewer writes"


class Judged(Hall):
    """A hall of which only the files are there."""

    def __init__(self, path: Path) -> None:
        self.path, self.broken, self.acknowledged = path, [], {}


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ("SELECT 1", None),
        ("DELETE FROM print_job WHERE ticket = 2", "a ticket without its slip: ('B-002',)"),
        ("DELETE FROM leg WHERE ticket = 2", "a ticket without its leg: ('B-002',)"),
    ],
)
def test_half_an_act_is_seen(hall: SmallHall, spoilt: str, said: str | None) -> None:
    told = [hall.take(), hall.take()]
    hall.close()
    database = sqlite3.connect(hall.path)
    for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {trigger}")
    database.executescript(spoilt)
    database.close()
    judged = Judged(hall.path)
    judged.acknowledged = {int(ticket["id"]): str(ticket["number"]) for ticket in told}
    judged.judge("here", all_done=True)
    assert (judged.broken == []) is (said is None) and (said is None or f"here: {said}" in judged.broken)


def test_a_number_that_nobody_was_told_and_one_that_is_lost(hall: SmallHall) -> None:
    hall.take()
    hall.close()
    judged = Judged(hall.path)
    judged.judge("here", all_done=False)
    assert judged.broken == [], "while an answer may still be on its way"
    judged.judge("here", all_done=True)
    judged.acknowledged = {9: "B-009"}
    judged.judge("there", all_done=False)
    assert judged.broken == ["here: given and told to nobody: [(1, 'B-001')]", "there: lost: B-009 (ticket 9)"]


def test_a_full_disk_and_a_read_only_one(tmp_path: Path) -> None:
    with causes.small_disk(tmp_path / "disk") as disk:
        with causes.full(disk), pytest.raises(OSError, match="No space left"):
            (disk / "one").write_bytes(bytes(5000))
        (disk / "two").write_bytes(bytes(5000))
        with causes.read_only(disk), pytest.raises(OSError, match="Read-only"):
            (disk / "three").write_bytes(b"x")
