"""The house's clockwork: small looks, each on its own beat."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from server.app.alerting import AlertLook
from server.app.house import House
from server.app.sound_look import SoundLook
from server.app.ticking import Ticker
from server.ops.backup.keeper import Keeper

log = logging.getLogger("mpp.house")


class Task(Protocol):
    def kill(self) -> object: ...


class Loop(Protocol):
    def spawn(self, function: Callable[..., object], *args: object) -> Task: ...
    def sleep(self, duration_s: float) -> None: ...


@dataclass
class _Beat:
    name: str
    look: Callable[[], None]
    every_s: float
    is_bad: bool = False


class Tickers:
    """One task for all beats: a look that fails is logged on the flip and tried again."""

    def __init__(self, loop: Loop, house: House, keeper: Keeper) -> None:
        self._loop = loop
        self._stopping = False
        ticker, sound = Ticker(house), SoundLook(house)
        settings = house.settings
        # In simulated time a minute may pass in a blink: hours are looked at accordingly.
        hours_s = max(0.05, min(1.0, 20.0 / house.clock.rate))
        alerts_s = max(1.0, min(5.0, 60.0 / house.clock.rate))
        self._beats = [
            _Beat("hours", ticker.look_at_hours, hours_s),
            _Beat("clock", ticker.look_at_clock, settings.clock_guard.check_s),
            _Beat("storage", ticker.look_at_storage, 1.0),
            _Beat("devices", ticker.look_at_devices, 2.0),
            _Beat("officers", ticker.look_at_officers, 5.0),
            _Beat("heartbeats", ticker.keep_heartbeats, 60.0),
            _Beat("secrets", house.refresh_secrets, 30.0),
            _Beat("speakers", sound.look_at_speakers, 0.5),
            _Beat("displays", sound.look_at_displays, 2.0),
            _Beat("reports", sound.keep_reports, 15.0),
            _Beat("alerts", AlertLook(house).look, alerts_s),
            _Beat("backups", lambda: keeper.look(house), 5.0),
            _Beat("answers", ticker.tidy, 3600.0),
        ]

    def start(self) -> None:
        for beat in self._beats:
            self._loop.spawn(self._run, beat)

    def stop(self) -> None:
        self._stopping = True

    def _run(self, beat: _Beat) -> None:
        while not self._stopping:
            try:
                beat.look()
            except Exception:
                if not beat.is_bad:
                    log.exception("look at %s failed; it goes on trying", beat.name)
                beat.is_bad = True
            else:
                if beat.is_bad:
                    log.info("look at %s is well again", beat.name)
                beat.is_bad = False
            self._loop.sleep(beat.every_s)
