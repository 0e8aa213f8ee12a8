"""An officer's day at one counter: open, call, serve, pause, close."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime

from server.simulate.loket import Loket, Refused
from server.simulate.record import Record
from server.simulate.screens import Page
from server.simulate.serving import Around, Serving
from server.simulate.wire import Unsettled

#: an idle officer looks again after so long, business seconds; and no longer than so many real ones
IDLE_S, IDLE_REAL_S = 45.0, 0.5
PICKS = 0.015
#: refusals that only say that the hall has changed since the officer looked
_CHANGED = frozenset({"wrong_state", "ticket_active", "unknown_leg", "counter_closed", "counter_busy", "too_many_calls"})


@dataclass(frozen=True)
class Shift:
    """`pause`: from and until, business time; None: no pause. `ends_at`: home at the latest."""

    opens_at: datetime
    pause: tuple[datetime, datetime] | None
    ends_at: datetime


class Officer:
    def __init__(
        self, loket: Loket, page: Page, around: Around, shift: Shift, record: Record, hall_empty: threading.Event
    ) -> None:
        self._loket, self._page, self._around = loket, page, around
        self._shift, self._record, self._hall_empty = shift, record, hall_empty
        self._serving = Serving(loket, around)
        self._paused = False
        self.foreign: str | None = None

    def run(self) -> None:
        """The whole shift. Ends when the hall is empty, at `ends_at`, or when the day is stopped."""
        clock, stop = self._around.clock, self._around.stop
        if not clock.wait_until(self._shift.opens_at, stop):
            return
        leg = self._loket.open()
        if self.foreign:
            self._loket_of_others(self.foreign)
        while not stop.is_set() and (leg or not self._over()):
            try:
                leg = self._serving.serve(leg) if leg else self._look_round()
            except Refused as refusal:
                if refusal.code not in _CHANGED:
                    raise
                leg = refusal.facts.get("leg") if refusal.code == "counter_busy" else None
            except Unsettled:
                leg = None
        self._close()

    def _over(self) -> bool:
        return self._hall_empty.is_set() or self._around.clock.now() >= self._shift.ends_at

    def _look_round(self):  # type: ignore[no-untyped-def]  # the leg called next, or None
        """Take a pause that is due, go on with somebody held, else call or wait for somebody."""
        if self._pause_due():
            self._pause()
        held = self._around.held.take(self._around.clock.now())
        if held is not None:
            return self._loket.resume_leg(held)
        line = self._page.latest["data"]["waiting"] if self._page.latest else []
        if not line:
            self._idle(self._page.version)
            return None
        if len(line) > 3 and self._around.rng.random() < PICKS:
            return self._loket.pick(line[2]["ticket"], "rombongan")
        version = self._page.version
        leg = self._loket.next()
        if leg is None:
            self._idle(version)
        return leg

    def _idle(self, version: int) -> None:
        """Wait for a newer view of the gerai, or for a while."""
        rate = self._around.clock.rate or 1.0
        self._page.wait_newer(version, min(IDLE_REAL_S, IDLE_S / rate))

    def _pause_due(self) -> bool:
        pause = self._shift.pause
        return pause is not None and not self._paused and pause[0] <= self._around.clock.now() < pause[1]

    def _pause(self) -> None:
        pause = self._shift.pause
        assert pause is not None
        self._paused = True
        self._loket.press("pause", reason="istirahat")
        self._loket.try_refused("next", frozenset({"counter_paused"}))
        self._around.clock.wait_until(pause[1], self._around.stop)
        self._loket.press("resume")

    def _loket_of_others(self, foreign: str) -> None:
        mine, self._loket.code = self._loket.code, foreign
        try:
            self._loket.try_refused("next", frozenset({"not_your_counter"}))
        finally:
            self._loket.code = mine

    def _close(self) -> None:
        try:
            self._loket.press("close")
        except (Refused, Unsettled) as problem:
            self._record.count(f"not_closed:{problem}")
