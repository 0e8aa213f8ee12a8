"""What happens without anybody pressing: openings, the day's end, silence, the clock.

Every method is one look, run again and again by the house's tickers; each is safe to skip
and safe to repeat.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from server.app import clockwork, days, devices
from server.app.ask import Ask
from server.app.house import House
from server.app.ports import Session, Work
from server.app.present import instant
from server.domain import hours
from server.domain.calendar import Override
from server.domain.floor import Floor

log = logging.getLogger("mpp.house")

#: an officer's page is flagged after so long a silence; P11 promises 60 s
OFFICER_SILENT_S = 35.0


class Ticker:
    def __init__(self, house: House) -> None:
        self._house = house
        #: service -> "open" or why not, at the last look
        self._reasons: dict[str, str] = {}
        # A clock doubted from the start is told at the first look.
        self._doubted = False
        self._lost: set[str] = set()
        self._silence_of: dict[str, str] = {}
        self._has_looked = False

    def _ask(self) -> Ask:
        return Ask("system", self._house.now())

    def look_at_hours(self) -> None:
        """Record openings and closings, and close a day whose time has come."""
        now = self._house.now()
        floor, overrides, due = self._house.read(_calendar_of)
        if due is not None and now >= due:
            self._house.act(days.close_due, self._ask())
        reasons = {
            code: hours.standing(floor, code, now, overrides, 0).reason or "open"
            for code in floor.services
        }
        before, self._reasons = self._reasons, reasons
        # The first look after a start tells all: what changed while nobody looked is unknown.
        changed = {code: said for code, said in reasons.items() if before.get(code) != said}
        if changed:
            self._house.act(
                clockwork.opening_changed,
                self._ask(),
                opened=sorted(code for code, said in changed.items() if said == "open"),
                closed=sorted(code for code, said in changed.items() if said != "open"),
            )

    def look_at_clock(self) -> None:
        """Compare the clocks; a flip is an event."""
        house = self._house
        verdict = house.clock.check()
        doubted, was = house.clock.doubted, self._doubted
        self._doubted = doubted
        if doubted and not was:
            wall = house.now() + timedelta(seconds=verdict.by_s)
            house.act(
                clockwork.clock_doubted, self._ask(), wall=instant(wall) or "", by_s=verdict.by_s
            )
        elif was and not doubted and not house.clock_confirmed:
            house.act(clockwork.clock_agrees, self._ask())
        house.clock_confirmed = False

    def look_at_storage(self) -> None:
        """While nothing can be written: try to write that it was so."""
        storage = self._house.storage
        if storage.since is not None:
            since = instant(storage.since) or ""
            self._house.act(clockwork.storage_recovered, self._ask(), since=since, cause=storage.cause)
            storage.works()
            self._house.nudge()

    def look_at_devices(self) -> None:
        """Flip devices that fell silent or are heard again."""
        limit_s = self._house.settings.screens.down_after_s
        if not self._has_looked:
            self._expect_what_was_up()
        for device in self._house.vault.devices():
            silent_s = self._house.presence.silent_s(device.kind, device.code)
            if silent_s is None:
                continue
            state = "up" if silent_s < limit_s else "down"
            if self._silence_of.get(device.code) != state:
                self._silence_of[device.code] = state
                silence = timedelta(seconds=silent_s * self._house.clock.rate)
                last_seen = self._house.now() - silence if state == "down" else None
                self._house.act(devices.flip, self._ask(), code=device.code, state=state, last_seen=last_seen)

    def _expect_what_was_up(self) -> None:
        """After a start a device that was up has its time to be heard, and is down after it."""
        self._has_looked = True
        for row in self._house.read(_device_rows):
            self._silence_of[row["code"]] = row["state"]
            if row["state"] == "up":
                self._house.presence.expect(row["kind"], row["code"])

    def look_at_officers(self) -> None:
        """Flag officers whose pages are silent; the visitor stays in service (P11)."""
        open_now = set()
        for session in self._house.read(_open_sessions):
            open_now.add(session.counter)
            if session.lost_since is not None:
                self._lost.add(session.counter)
            silent_s = self._house.presence.silent_s("user", session.officer)
            # Never heard since this process began: count from now, not from before.
            if silent_s is None:
                self._house.presence.expect("user", session.officer)
                continue
            lost = silent_s > OFFICER_SILENT_S
            if lost != (session.counter in self._lost):
                self._house.act(
                    devices.officer_flip, self._ask(), counter=session.counter, lost=lost
                )
                (self._lost.add if lost else self._lost.discard)(session.counter)
        self._lost &= open_now

    def keep_heartbeats(self) -> None:
        """Once a minute: a session's last sign of life, so that the day's end knows it. Only who was heard since the
        start lives: behind a night without power nobody does, and the session ended the evening before."""
        alive = [
            session.counter
            for session in self._house.read(_open_sessions)
            if self._house.presence.heard_within("user", session.officer, OFFICER_SILENT_S)
        ]
        if alive:
            self._house.act(devices.heartbeats, self._ask(), counters=alive)

    def tidy(self) -> None:
        """Forget answers that are older than the promise of idempotency."""
        self._house.act(clockwork.forget_answers, self._ask())


def _calendar_of(reads: Work) -> tuple[Floor, tuple[Override, ...], datetime | None]:
    day = reads.days.open_day()
    due = days.due_at(reads, day) if day is not None else None
    return reads.floors.current(), reads.floors.overrides(), due


def _device_rows(reads: Work) -> list[Mapping[str, Any]]:
    return reads.devices.devices()


def _open_sessions(reads: Work) -> list[Session]:
    return reads.counters.open_sessions()
