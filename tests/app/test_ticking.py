"""What time brings by itself, on a clock and a silence the test moves; with restarts between.

Planted, each seen red: the first look after a start records nothing -> a screen keeps the
hours from before the restart; a device row `up` is not expected after a start -> it stays up
for ever; `_lost` not read from the sessions -> the officer's flag sticks; the day's due
instant ignored -> the day stays open; a failed write not noticed, or over before it stands in the log -> red.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from server import bootstrap
from server.app import calendar, counters, days, issuing
from server.app.ask import Ask, StorageUnavailable
from server.app.presence import Presence
from server.app.present import instant
from server.app.ticking import OFFICER_SILENT_S, Ticker
from tests.house_builder import MORNING, make_house, settings_for


class MovedClock:
    """A clock that stands still until the test moves it."""

    simulated, rate, doubted, needs_confirmation = False, 1.0, False, False

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class Night:
    """A house whose process can be ended and begun again, with time handed in."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.clock = MovedClock(MORNING)
        self.silence_s = 0.0
        running, _ = make_house(data)
        running.stop()
        self.begin()

    def begin(self) -> None:
        self.running = bootstrap.build(settings_for(self.data))
        self.house = self.running.house
        self.house.clock = self.clock
        self.house.presence = Presence(lambda: self.silence_s)
        self.ticker = Ticker(self.house)

    def restart(self) -> None:
        self.running.stop()
        self.begin()

    def told(self, *types: str) -> list[str]:
        events = self.house.read(lambda work: [e for e, _ in work.log.after(0, 10_000)])
        return [event.type for event in events if event.type in types]

    def act(self, act, username="petugas-dkc", **arguments):
        ask = Ask(f"user:{username}", self.clock.at, role="officer", gerai=frozenset({"DKC"}), username=username)
        return self.house.act(act, ask, **arguments)


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    made = Night(tmp_path)
    yield made
    made.running.stop()


def end_sample(night: Night) -> None:
    """End the newcomer's 24-hour override, so that the week's hours are in force."""
    ask = Ask("user:pengawas", night.clock.at, role="supervisor", username="pengawas")
    [override] = night.house.read(lambda work: work.floors.overrides())
    night.house.act(calendar.end_override, ask, override=override.id)


def test_hours_that_changed_while_nobody_looked_are_told_after_a_start(night: Night) -> None:
    end_sample(night)
    night.clock.at = MORNING - timedelta(hours=2)
    night.ticker.look_at_hours()
    before = len(night.told("OpeningChanged"))
    night.clock.at = MORNING + timedelta(hours=1)
    night.restart()
    night.ticker.look_at_hours()
    assert len(night.told("OpeningChanged")) == before + 1
    night.ticker.look_at_hours()
    assert len(night.told("OpeningChanged")) == before + 1, "told once, not at every look"


def test_a_device_that_did_not_come_back_goes_down(night: Night) -> None:
    night.house.presence.seen("kiosk", "K1")
    night.ticker.look_at_devices()
    assert night.told("DeviceUp", "DeviceDown") == ["DeviceUp"]
    night.restart()
    night.ticker.look_at_devices()
    night.silence_s += night.house.settings.screens.down_after_s + 1
    night.ticker.look_at_devices()
    assert night.told("DeviceUp", "DeviceDown") == ["DeviceUp", "DeviceDown"]


def test_a_silent_device_says_when_it_was_last_heard(night: Night) -> None:
    """The row and the log, by the hall's own clock. Planted: the instant of the look, or real seconds in practice -> red."""
    night.clock.rate = 60.0
    night.house.presence.seen("kiosk", "K1")
    night.ticker.look_at_devices()
    silence_s = night.house.settings.screens.down_after_s + 4
    night.silence_s += silence_s
    night.clock.at += timedelta(seconds=60 * silence_s)
    night.ticker.look_at_devices()
    row = night.house.read(lambda work: work.devices.device("K1"))
    [fell] = night.house.read(lambda work: work.history.newest(("DeviceDown",), 9))
    assert (row["state"], row["since"], fell.data["last_seen"]) == ("down", MORNING, instant(MORNING))


def test_an_officer_is_flagged_once_and_unflagged_after_a_restart(night: Night) -> None:
    night.act(counters.open_counter, counter="DKC-1")
    night.ticker.look_at_officers()
    night.silence_s += OFFICER_SILENT_S + 1
    night.ticker.look_at_officers()
    night.restart()
    night.ticker.look_at_officers()
    night.house.presence.seen("user", "petugas-dkc")
    night.ticker.look_at_officers()
    assert night.told("OfficerLost", "OfficerBack") == ["OfficerLost", "OfficerBack"]


def test_a_night_without_power_is_no_time_at_a_counter(night: Night) -> None:
    """Planted: whoever was never heard counts as alive; whoever is only expected does -> the session lasts until the morning, red."""
    night.act(counters.open_counter, counter="DKC-1")
    night.clock.at += timedelta(minutes=30)
    night.ticker.keep_heartbeats()
    night.clock.at = MORNING + timedelta(days=1)
    night.restart()
    night.ticker.keep_heartbeats()
    night.ticker.look_at_officers()
    night.ticker.keep_heartbeats()
    night.ticker.look_at_hours()
    [session] = night.house.read(lambda work: work.history.sessions(MORNING.date(), MORNING.date(), None))
    assert (session["closed_at"] - session["opened_at"], session["open_s"]) == (timedelta(minutes=30) + days.SESSION_TAIL, 1860)


def test_the_day_closes_by_itself_and_once(night: Night) -> None:
    ask = Ask("user:resepsionis", night.clock.at, role="receptionist", username="resepsionis")
    night.house.act(issuing.issue, ask, service="DKC-KTP")
    night.ticker.look_at_hours()
    assert night.told("DayClosed") == []
    night.clock.at = MORNING + timedelta(days=1)
    night.restart()
    night.ticker.look_at_hours()
    night.ticker.look_at_hours()
    assert night.told("DayClosed") == ["DayClosed"]


def test_a_disk_that_fails_is_noticed_and_its_end_stands_in_the_log(
    night: Night, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    house, nudges = night.house, list[bool]()
    house.nudge = lambda: nudges.append(house.storage.is_stuck)
    engines, began = house._engines, night.clock.at
    with monkeypatch.context() as broken:
        broken.setattr(house, "_engines", replace(engines, write=_full))
        for _ in range(3):
            with pytest.raises(StorageUnavailable):
                night.ticker.tidy()
            night.clock.at += timedelta(minutes=1)
        with pytest.raises(StorageUnavailable):
            night.ticker.look_at_storage()
        assert house.storage.is_stuck and night.told("StorageRecovered") == []
    night.ticker.look_at_storage()
    night.ticker.look_at_storage()
    assert not house.storage.is_stuck and nudges[0] and not nudges[-1]
    events = house.read(lambda work: [event for event, _ in work.log.after(0, 10_000)])
    [told] = [event.data for event in events if event.type == "StorageRecovered"]
    assert told == {"since": instant(began), "cause": "database or disk is full"}
    assert [record.levelname for record in caplog.records if record.name == "mpp.house"] == ["ERROR", "WARNING"]


def _full(_: object) -> None:
    raise StorageUnavailable("database or disk is full")


def test_silence_flags_within_the_promise() -> None:
    """P11 says 60 s: the socket's drop (11 s), the silence, and the beat of 5 s together."""
    assert 11 + OFFICER_SILENT_S + 5 < 60
