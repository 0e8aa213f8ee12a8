"""Scheduled backups: when they are due, where else they go, what the supervisor is told, and the daily trial.

Planted, each seen red: a share that hangs waited for without end; a folder that is gone made; a state told at every look; a
trial that does not look at the live log; a round that begins when the last one is five minutes old.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.keys import Backup
from server.app.views.floor_words import sentence
from server.ops.backup import archive, child, drill
from server.ops.backup.keeper import Keeper
from server.ops.backup.keeping import Rule, name_of
from tests.app.small_hall import SmallHall

RULE = Rule(35, 13)


class Child:
    """A process that ends when the test says what it said."""

    def __init__(self, command: list[str]) -> None:
        self.what = command[3]
        self.place = command[8] if len(command) > 8 else ""
        self.said: dict[str, Any] | None = None
        self.returncode, self.killed = 0, False

    def poll(self) -> int | None:
        return None if self.said is None and not self.killed else 0

    def communicate(self) -> tuple[bytes, None]:
        return json.dumps(self.said).encode() if self.said else b"", None

    def kill(self) -> None:
        self.killed = True


class Watch:
    """A keeper whose time the test moves, with children that it ends."""

    def __init__(self, hall: SmallHall, also: str = "") -> None:
        self.hall, self.now, self.running = hall, hall.now, []  # type: ignore[var-annotated]
        self.began = hall.now
        self.keeper = Keeper(
            hall.path.parent, Backup(also=also), lambda: self.now, lambda: (self.now - self.began).total_seconds(), self.start
        )

    def start(self, command: Any) -> Child:
        self.running.append(Child(command))
        return self.running[-1]

    def act(self, act: Any, ask: Any, **arguments: Any) -> Any:
        return self.hall.act(ask, act, **arguments)

    def read(self, read: Any) -> Any:
        return self.hall.read(read)

    def house_now(self) -> Any:
        return self.hall.now

    def look(self, **later: float) -> list[str]:
        """Some time later; what runs now."""
        self.now += timedelta(**later)
        house = type("H", (), {"act": self.act, "read": self.read, "now": lambda this: self.now})()
        self.keeper.look(house)
        return [one.what for one in self.running if one.poll() is None]

    def end(self, what: str, **said: Any) -> None:
        one = next(one for one in self.running if one.what == what and one.poll() is None)
        one.said = {"name": name_of("KUPANG", self.now), "at": self.now.isoformat(), "cause": None, **said}

    def states(self) -> dict[str, tuple[str, str | None]]:
        return {one.what: (one.state, one.cause) for one in self.keeper.healths}

    def flips(self) -> list[tuple[str, str]]:
        return [(event.data["what"], event.data["state"]) for event in self.hall.events("BackupFlipped")]


def test_every_five_minutes_while_the_day_is_open(hall: SmallHall) -> None:
    hall.take()
    watch = Watch(hall)
    assert watch.look(seconds=30) == [] and watch.look(seconds=31) == ["round"]
    assert watch.look(seconds=5) == ["round"]
    watch.end("round")
    assert watch.look(seconds=5) == ["drill"]
    watch.end("drill", wrong=[])
    # The round was there at 66 s: no later than five minutes after it the next one has to be there too.
    assert watch.look(seconds=5) == [] and watch.look(minutes=4, seconds=25) == []
    assert watch.look(seconds=5) == ["round"], "begun before the last one is five minutes old"
    assert watch.states() == {"backup": ("ok", None), "drill": ("ok", None)} and watch.flips() == []
    assert watch.look(minutes=10) == ["round"] and watch.states()["backup"] == ("late", None)
    watch.end("round")
    watch.look(seconds=5)
    watch.look(seconds=5)
    assert watch.flips() == [("backup", "late"), ("backup", "ok")]


def test_a_closed_hall_is_backed_up_when_something_happened(hall: SmallHall) -> None:
    watch = Watch(hall)
    assert watch.look(minutes=2) == ["round"]
    watch.end("round")
    watch.look(seconds=5)
    watch.end("drill", wrong=[])
    assert watch.look(minutes=61) == []
    hall.person("ani")
    hall.policy(put_back_places=2)
    assert watch.look(minutes=1) == ["round"]


def test_a_failure_is_told_once_and_tried_again(hall: SmallHall) -> None:
    hall.take()
    watch = Watch(hall)
    for cause in ("no_room", "no_room"):
        watch.look(minutes=6)
        watch.end("round", cause=cause)
        watch.look(seconds=5)
    assert watch.flips() == [("backup", "failed")] and watch.states()["backup"] == ("failed", "no_room")
    watch.look(minutes=6)
    watch.running[-1].killed = True  # it died without a word
    watch.look(seconds=5)
    assert watch.states()["backup"] == ("failed", "failed")


def test_a_share_that_hangs_holds_up_its_own_copy_alone(hall: SmallHall) -> None:
    hall.take()
    watch = Watch(hall, also="/mnt/satu, /mnt/dua")
    watch.look(minutes=2)
    watch.end("round")
    assert sorted(watch.look(seconds=5)) == ["copy", "copy", "drill"]
    watch.end("drill", wrong=["x"], cause="damaged")
    next(one for one in watch.running if one.place == "/mnt/dua").said = {"cause": "absent"}
    assert watch.look(minutes=5) == ["copy", "round"]
    watch.end("round")
    watch.look(minutes=70)
    states = {(one.what, one.place): (one.state, one.cause) for one in watch.keeper.healths}
    assert states["copy", "/mnt/satu"] == ("failed", "stuck") and states["copy", "/mnt/dua"] == ("failed", "absent")
    assert states["drill", ""] == ("failed", "damaged") and ("drill", "failed") in watch.flips()
    watch.keeper.stop()
    assert all(one.poll() is not None for one in watch.running)


def test_what_was_done_before_the_start_is_known(hall: SmallHall, back_up: Callable[..., Any]) -> None:
    data = hall.path.parent
    child.round_of(data, RULE)
    assert child.drill_of(data)["wrong"] == []
    made = hall.now.replace(microsecond=0)
    watch = Watch(hall)
    assert {one.what: (one.state, one.at) for one in watch.keeper.healths} == {"backup": ("ok", made), "drill": ("ok", hall.now)}
    hall.take()
    assert watch.look(minutes=3) == [] and watch.look(hours=27) == ["round", "drill"]
    assert watch.states()["drill"] == ("late", None)


def test_a_copy_goes_into_a_folder_that_is_there(hall: SmallHall, back_up: Callable[..., Any], tmp_path: Path) -> None:
    data, elsewhere = hall.path.parent, tmp_path / "usb"
    assert child.copy_to(data / "backups", elsewhere, RULE) == {"cause": "absent"} and not elsewhere.exists()
    elsewhere.mkdir()
    assert child.copy_to(data / "backups", elsewhere, RULE) == {"cause": "nothing"}
    for _ in range(26):
        told = child.round_of(data, RULE)
        (elsewhere / ".antrian-half.1.part").write_bytes(b"half")
        assert child.copy_to(data / "backups", elsewhere, RULE) == {"name": told["name"], "cause": "same_disk"}
        hall.later(minutes=5)
    assert sorted(path.name for path in elsewhere.iterdir()) == sorted(path.name for path in (data / "backups").iterdir())
    assert len(list(elsewhere.iterdir())) == 24
    archive.read(max(elsewhere.glob("*.mppb")))


def test_the_trial_finds_what_a_restore_would_meet(hall: SmallHall, back_up: Callable[..., Any], tmp_path: Path) -> None:
    hall.take()
    file, _ = back_up()
    hall.take()
    scratch = iter(range(9))

    def tried() -> list[str]:
        folder = tmp_path / f"scratch-{next(scratch)}"
        folder.mkdir()
        return drill.wrongs(file, folder, hall.path)

    assert tried() == []
    with hall.writer._open().begin():
        hall.writer._open().exec_driver_sql("DROP TRIGGER event_no_update")
        hall.writer._open().exec_driver_sql("UPDATE event SET hash = 'x' WHERE seq = (SELECT seq - 2 FROM event_head)")
        hall.writer._open().exec_driver_sql("UPDATE event SET hash = 'x'")
    assert "another one in the running database" in tried()[0]
    file.write_bytes(file.read_bytes()[:-1])
    assert "terpotong" in tried()[0]


@pytest.mark.parametrize(("what", "state"), [("backup", "late"), ("backup", "failed"), ("copy", "failed"), ("drill", "late"), ("drill", "failed")])
def test_each_trouble_has_its_words(hall: SmallHall, what: str, state: str) -> None:
    from config import texts
    from server.app.backups import alerts, told
    from server.app.health import Health

    health = Health(what, "/mnt/x", state, hall.now, hall.now, "absent")
    [alert] = alerts([health, Health("backup", state="ok")], texts.load("id"))
    words = sentence(texts.load("id"), f"alert.{alert.code}", alert.facts)
    assert alert.code not in words and "{" not in words and " " in words
    assert told([health])[0]["at"] == "2026-11-03T00:00:00.000Z"
