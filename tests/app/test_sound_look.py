"""Speaker and deputy failing at each step, on a real database and a silence the test moves.

Planted, seen red and taken out: the turn left in memory with the silent one until the log has named
the other; the turn given back over a call that waits for a minute to be said.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from server import bootstrap
from server.app import counters, calling, devices, displays, issuing
from server.app.ask import Ask
from server.app.present import instant
from server.app.screen_reports import ScreenReports
from server.app.sound_look import BEHIND_MAX_S, SoundLook
from server.domain.errors import RuleBroken
from server.domain.speaking import SILENT_S, START_S, WELL_S
from tests.app.test_ticking import MovedClock
from tests.house_builder import MORNING, make_house, settings_for

CLI = Ask("cli:test", MORNING, role="cli")


class Ears:
    """A house with the displays TV1 and TV2 in one sound group, and time handed in."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.at_s = 0.0
        self.clock = MovedClock(MORNING)
        running, _ = make_house(data)
        running.stop()
        self.begin()
        zone = self.house.read(lambda work: work.devices.device("TV1"))["zone"]
        self.house.act(devices.add_device, CLI, kind="display", code="TV2", name="TV2", zone=zone, token_hash="x")

    def begin(self) -> None:
        self.running = bootstrap.build(settings_for(self.data))
        self.house = self.running.house
        self.house.clock = self.clock
        self.house.reports = ScreenReports(lambda: self.at_s)
        self.look = SoundLook(self.house)

    def restart(self) -> None:
        self.running.stop()
        self.begin()

    def run(self, seconds: float, alive: dict[str, str], spoken: dict[str, list[int]] | None = None) -> None:
        """Half seconds in which the `alive` (code -> audio) report and the server looks."""
        for _ in range(int(seconds * 2)):
            self.at_s += 0.5
            self.clock.at += timedelta(seconds=0.5)
            for code, audio in alive.items():
                self.report(code, audio, (spoken or {}).get(code, []))
            self.look.look_at_speakers()
            self.look.look_at_displays()

    def report(self, code: str, audio: str = "ok", spoken: list[int] | None = None, shown: int = 1, version: int = 1, small: bool = False) -> Any:
        told = [{"call_id": one, "at": instant(self.clock.at)} for one in spoken or []]
        given = {"epoch": "e", "shown_seq": shown, "audio": audio, "visible": True, "spoken": told, "small": small}
        return self.house.reports.take(code, given, version)

    @property
    def turn(self) -> set[str]:
        return self.house.reports.may_speak

    def named(self) -> str:
        return next(iter(self.house.read(lambda work: work.displays.speakers()).values()), "")

    def told(self, type_: str) -> list[dict[str, Any]]:
        events = self.house.read(lambda work: [e for e, _ in work.log.after(0, 10_000)])
        return [dict(event.data) for event in events if event.type == type_]

    def spoken(self) -> list[int]:
        """The calls that the log says were heard."""
        return [one["call_id"] for row in self.told("DisplayReported") for one in row["spoken"]]

    def call(self) -> int:
        """Somebody is called at DKC-1; the call's id."""
        desk = Ask("user:resepsionis", self.clock.at, role="receptionist", username="resepsionis")
        officer = Ask("user:petugas-dkc", self.clock.at, role="officer", gerai=frozenset({"DKC"}), username="petugas-dkc")
        self.house.act(issuing.issue, desk, service="DKC-KTP")
        if self.house.read(lambda work: work.counters.session_at("DKC-1")) is None:
            self.house.act(counters.open_counter, officer, counter="DKC-1")
        answer = self.house.act(calling.call_next, officer, counter="DKC-1")
        self.house.act(calling.start, officer, counter="DKC-1")
        self.house.act(calling.finish, officer, counter="DKC-1")
        return int(answer.body["call"]["id"])


@pytest.fixture
def ears(tmp_path: Path) -> Iterator[Ears]:
    made = Ears(tmp_path)
    made.run(START_S + 1, {"TV1": "ok", "TV2": "ok"})
    yield made
    made.running.stop()


BOTH = {"TV1": "ok", "TV2": "ok"}


def test_a_deputy_speaks_within_5_s_and_the_speaker_again_when_it_is_well(ears: Ears) -> None:
    assert ears.turn == {"TV1"}
    ears.run(3, {"TV2": "ok"})
    assert ears.turn == {"TV1"}
    ears.run(1, {"TV2": "ok"})
    assert (ears.turn, ears.named()) == ({"TV2"}, "TV2")
    ears.run(WELL_S, BOTH)
    assert ears.turn == {"TV2"}, "not at the first sign of life"
    ears.run(1, BOTH)
    assert (ears.turn, ears.named()) == ({"TV1"}, "TV1")
    assert [row["cause"] for row in ears.told("SpeakerChanged")] == ["silent", "back"]


def test_the_turn_does_not_go_back_over_a_call_that_is_unheard(ears: Ears) -> None:
    ears.run(4, {"TV2": "ok"})
    call = ears.call()
    ears.run(WELL_S + 3, BOTH)
    assert ears.turn == {"TV2"}, "TV2 still says it"
    ears.run(1, BOTH, {"TV2": [call]})
    assert ears.turn == {"TV1"}
    assert ears.house.read(lambda work: work.displays.spoken_of([call])) == {call}


def test_the_last_call_of_a_storm_is_not_cut_short_however_long_it_waited(ears: Ears) -> None:
    ears.run(4, {"TV2": "ok"})
    call = ears.call()
    ears.clock.at += timedelta(seconds=90)  # so many calls are said before it
    ears.run(WELL_S + 2, BOTH)
    assert ears.turn == {"TV2"}, "TV2 is in the middle of it, and TV1 would take it for old"
    ears.run(1, BOTH, {"TV2": [call]})
    assert ears.turn == {"TV1"}


@pytest.mark.parametrize("audio", ["locked", "error", "muted"])
def test_who_cannot_sound_is_out_at_once_and_another_speaks_at_the_next_look(ears: Ears, audio: str) -> None:
    ears.report("TV1", audio)
    assert ears.turn == set(), "before anybody else may"
    ears.run(0.5, {"TV1": audio, "TV2": "ok"})
    assert ears.turn == {"TV2"}
    ears.run(2, {"TV1": audio, "TV2": "error"})
    assert ears.turn == {"TV2"}, "neither can: it stays, and is let try"


def test_nobody_has_the_turn_while_it_changes(ears: Ears, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, act = [], ears.house.act
    monkeypatch.setattr(ears.house, "act", lambda *a, **k: (seen.append((a[0].__name__, set(ears.turn))), act(*a, **k))[1])
    call = ears.call()
    ears.report("TV1", spoken=[call])
    ears.run(4, {"TV2": "ok"})
    assert ("give_turn", set()) in seen
    names = [name for name, _ in seen]
    assert names.index("keep_reports") < names.index("give_turn"), "what was heard is in the view that names the other"
    assert ears.spoken() == [call]


def test_both_fail_one_after_the_other_and_the_server_too(ears: Ears) -> None:
    ears.run(4, {"TV2": "ok"})
    ears.restart()
    ears.run(2, {"TV2": "ok"})
    assert ears.turn == {"TV2"}, "the turn outlives the server"
    ears.run(START_S + 4, {})
    assert ears.turn == {"TV2"}, "nobody is there: it stays"
    ears.run(1, {"TV1": "ok"})
    assert ears.turn == {"TV1"}
    ears.house.act(devices.revoke_device, CLI, code="TV1")
    ears.run(0.5, {"TV2": "ok"})
    assert ears.turn == {"TV2"}


def test_a_supervisor_knows_within_30_s_what_a_display_is_worth(ears: Ears) -> None:
    def flips() -> list[str]:
        return [row["condition"] for row in ears.told("DisplayFlipped") if row["code"] == "TV2"]

    ears.run(SILENT_S, BOTH)
    ears.run(SILENT_S + 1, {"TV1": "ok"})
    assert flips() == ["live", "frozen"]
    ears.run(1, {"TV1": "ok", "TV2": "locked"})
    ears.run(1, BOTH)
    assert flips()[2:] == ["mute", "live"]
    for _ in range(int(BEHIND_MAX_S) + 1):
        ears.report("TV2", shown=5, version=9)
        ears.run(1, {"TV1": "ok"})
    assert flips()[4:] == ["stale"]
    ears.report("TV2", shown=9, version=9)
    ears.run(1, {"TV1": "ok"})
    assert flips()[5:] == ["live"]
    ears.report("TV2", small=True)
    ears.run(1, {"TV1": "ok"})
    assert flips()[6:] == ["small"]
    assert max(SILENT_S, BEHIND_MAX_S) + 2 + 2 < 30


def test_a_busy_hall_is_not_stale(ears: Ears) -> None:
    """Always one view behind, never the same one for long."""
    ears.run(SILENT_S, BOTH)
    for version in range(2, 40):
        ears.report("TV2", shown=version - 1, version=version)
        ears.run(0.5, {"TV1": "ok"})
    assert [row["condition"] for row in ears.told("DisplayFlipped") if row["code"] == "TV2"] == ["live"]


def test_commands_have_ids_and_the_newest_of_each_kind_stays(ears: Ears) -> None:
    for do in ("test_sound", "reload", "test_sound"):
        ears.house.act(displays.command, CLI, display="TV1", do=do)
    ears.house.act(displays.command, CLI, display="TV1", do="volume", volume=30)
    state = ears.house.read(lambda work: work.displays.states()["TV1"])
    assert ([row["do"] for row in state.commands], state.volume) == (["reload", "test_sound"], 30)
    assert state.commands[0]["id"] < state.commands[1]["id"]
    for wrong in ({"do": "volume"}, {"do": "reload", "volume": 3}):
        with pytest.raises(RuleBroken, match="invalid"):
            ears.house.act(displays.command, CLI, display="TV1", **wrong)
    with pytest.raises(RuleBroken, match="unknown_display"):
        ears.house.act(displays.command, CLI, display="K1", do="reload")


def test_a_call_that_never_was_is_not_written(ears: Ears) -> None:
    call = ears.call()
    ears.report("TV1", spoken=[call, 999999])
    ears.look.keep_reports()
    assert ears.spoken() == [call]
