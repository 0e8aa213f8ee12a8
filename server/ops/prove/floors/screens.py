"""Displays: the relay's views on their way, and a page that speaks by the rule of DESIGN P9.

The page is a second writing of that rule (the product's own is JavaScript, tested in a browser); what is under test is
what the server sends it, and to whom it gives the turn.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from server.app import reading
from server.ops.prove.floors.hall import DISPLAYS, GROUPS
from server.ops.prove.floors.hearing import Hearing, Spoken
from server.ops.prove.floors.machine import Machine
from server.ops.prove.floors.world import Box, World

#: the page's rule, s: too old to be spoken after an absence; owed to who takes over; leave after an answered report
OLD_S, OWED_S, LEAVE_S = 30.0, 120.0, 3.0
LOOK_S, IDLE_S, WAITS_S, CUTS = 0.25, 300.0, 30.0, 2
SPEAKS_S, SHORT_S, MANY = (4.0, 7.0), (2.5, 4.0), 2
#: the relay's pace; views that no call made go out with the pulse
TURN_S, PULSE_S = 1.0, 60.0
CUT_OFF, REPORT_LOST, COMES_BACK_S = 0.003, 0.01, (1.0, 8.0)
#: so long after any trouble the turn is looked at every second
UNSETTLED_S = 20.0
#: a page that is not needed reports so often, s
REST_S = 10.0


class Page:
    """One display. `done` and `owed` outlive a reload; `since_s`: when its connection began, None: none."""

    def __init__(self, screens: Screens, code: str) -> None:
        self._of, self.code = screens, code
        self.group = GROUPS[DISPLAYS[code]]
        self._chance = screens.world.chance(f"display {code}")
        self.is_on, self.audio, self.connected_to = False, "ok", 0
        #: which switching-on it is: what was begun before goes on no more
        self._run = 0
        self.done: set[int] = set()
        self.owed: set[int] = set()
        self._forget()

    def _forget(self) -> None:
        self.version, self.view_at, self.taken_s = -1, datetime.min, 0.0
        self.data: dict[str, Any] = {}
        self.queue: dict[int, datetime] = {}
        self.current: int | None = None
        self._spoken: Spoken | None = None
        self.unconfirmed: list[dict[str, Any]] = []
        self._leave_s = self._barred_s = 0.0
        self._bell = Box(self._of.world)

    def turn_on(self) -> None:
        """A browser that has just been started, or loaded again."""
        if self.is_on:
            self.turn_off()
        self._forget()
        self.is_on = True
        self._of.troubled(self.group)
        for work in (self._connect, self._report, self._announce):
            self._of.world.spawn(work, self._run)

    def turn_off(self) -> None:
        """In the middle of a word, if need be."""
        self.is_on, self.connected_to = False, 0
        self._run += 1
        if self._spoken is not None:
            self._of.hearing.end(self.code, self._spoken, is_whole=False)
            self._spoken = None
        self._of.troubled(self.group)

    @property
    def is_well(self) -> bool:
        return self.is_on and self.audio == "ok" and self.connected_to == self._of.machine.life

    def cut_off(self) -> None:
        self.connected_to = 0
        self._of.troubled(self.group)

    def _connect(self, run: int) -> None:
        of = self._of
        while run == self._run:
            of.world.sleep(self._chance.uniform(*COMES_BACK_S))
            if run == self._run and of.machine.is_up and self.connected_to != of.machine.life and of.world.s >= of.cut_until_s:
                self.connected_to = of.machine.life
                of.greet(self)

    def take(self, version: int, at: datetime, data: dict[str, Any], is_live: bool) -> None:
        if not self.is_on or version < self.version:
            return
        self.version, self.view_at, self.taken_s, self.data = version, at, self._of.world.s, data
        for row in data["calls"]:
            call, called_at = row["call_id"], datetime.fromisoformat(row["at"])
            if row["spoken"]:
                self.owed.discard(call)
            if call in self.done or call in self.queue or call == self.current:
                continue
            if row["spoken"] or (not is_live and (at - called_at).total_seconds() > OLD_S):
                self.done.add(call)
            else:
                self._put(call, called_at)
        self._pay()

    def _put(self, call: int, at: datetime) -> None:
        self.queue[call] = at
        self._bell.put(True)

    def _pay(self) -> None:
        """Who has the turn speaks what was owed to the hall when it got it."""
        if not self.data or not self.data["display"]["speaks"]:
            return
        for row in self.data["calls"]:
            call, at = row["call_id"], datetime.fromisoformat(row["at"])
            age_s = (self.view_at - at).total_seconds() + self._of.world.s - self.taken_s
            if call in self.owed and call != self.current and age_s <= OWED_S:
                self._put(call, at)

    def _turn(self) -> str:
        own = self.data.get("display")
        if own is None or not own["speaks"]:
            return "silent"
        return "speak" if not own["shared"] or self._of.world.s < self._leave_s else "wait"

    def _announce(self, run: int) -> None:
        of = self._of
        while run == self._run:
            if not self.queue:
                self._bell = Box(of.world)
                self._bell.get(IDLE_S)
                continue
            call = self.current = min(self.queue)
            del self.queue[call]
            state = self._speak(run, call)
            if run != self._run:
                return
            self.current = None
            self.done.add(call)
            (self.owed.add if state == "silent" else self.owed.discard)(call)
            if state == "spoken":
                self.unconfirmed.append({"call_id": call, "at": of.machine_now()})
                self._tell()
            elif state == "error":
                self._leave_s, self._barred_s = 0.0, of.world.s
            self._pay()

    def _speak(self, run: int, call: int) -> str:
        """spoken, silent (another is to), or error (no sound came)."""
        of, since_s, cuts = self._of, self._of.world.s, 0
        while run == self._run:
            turn = self._turn()
            if cuts > CUTS or turn == "silent" or (turn == "wait" and of.world.s - since_s > WAITS_S):
                return "silent"
            if turn == "wait":
                of.world.sleep(LOOK_S)
            elif self.audio != "ok":
                of.world.sleep(0.5)
                return "error"
            elif self._say(run, call):
                return "spoken"
            else:
                cuts += 1
        return "off"

    def _say(self, run: int, call: int) -> bool:
        """Until it has ended, or the turn has: then in the middle of a word."""
        of = self._of
        spoken = self._spoken = of.hearing.begin(self.code, call, call in self.owed)
        ends_s = of.world.s + self._chance.uniform(*(SHORT_S if len(self.queue) >= MANY else SPEAKS_S))
        while of.world.s < ends_s and run == self._run and self._turn() == "speak":
            of.world.sleep(min(LOOK_S, ends_s - of.world.s))
        if run != self._run:
            return False
        self._spoken, is_whole = None, of.world.s >= ends_s
        of.hearing.end(self.code, spoken, is_whole)
        return is_whole

    def _report(self, run: int) -> None:
        of = self._of
        while run == self._run:
            self._tell()
            of.world.sleep(1.0 if self.queue or self.current or of.is_unsettled() else REST_S)

    def _tell(self) -> None:
        """One report and its answer, unless they get lost."""
        of, asked_s = self._of, self._of.world.s
        if not (self.connected_to and of.machine.is_up and asked_s >= of.cut_until_s and self._chance.random() > REPORT_LOST):
            return
        answer = of.report(self)
        told = {*answer["written"], *answer["unknown"]}
        for row in self.unconfirmed:
            if row["call_id"] in told:
                of.hearing.told(self.code, row["call_id"])
        self.unconfirmed = [row for row in self.unconfirmed if row["call_id"] not in told]
        if not answer["speaks"]:
            self._leave_s = 0.0
        elif asked_s >= self._barred_s:
            self._leave_s = max(self._leave_s, asked_s + LEAVE_S)


class Screens:
    def __init__(self, world: World, machine: Machine, hearing: Hearing) -> None:
        self.world, self.machine, self.hearing = world, machine, hearing
        self.cut_until_s = 0.0
        self._unsettled_s = 0.0
        self._chance = world.chance("relay")
        self._sent: dict[str, int] = {}
        self._is_due = False
        self._calls = 0
        self.pages = {code: Page(self, code) for code in DISPLAYS}
        hearing.is_well = lambda group: all(page.is_well for page in self.pages.values() if page.group == group)

    def troubled(self, group: str | None = None) -> None:
        self._unsettled_s = self.world.s + UNSETTLED_S
        self.hearing.troubled(group)

    def is_unsettled(self) -> bool:
        return self.world.s < self._unsettled_s

    def machine_now(self) -> str:
        return self.machine.clock.now().isoformat()

    def committed(self) -> None:
        """A nudge: news go out soon; only calls are in a hurry here, and what was spoken."""
        self.hearing.listen()
        calls = sum(len(calls) for calls in self.hearing.judge.calls.values())
        if calls != self._calls:
            self._calls = calls
            self._hurry()

    def _hurry(self) -> None:
        if not self._is_due:
            self._is_due = True
            self.world.later(TURN_S * self._chance.random(), self._go)

    def _go(self) -> None:
        """In a greenlet of its own: a delivery may take a while."""
        self._is_due = False
        self.world.spawn(self._turn)

    def pulse(self) -> None:
        """For ever: everything that changed goes out now and then, and a page that missed something is put right."""
        while True:
            self.world.sleep(PULSE_S)
            self._turn()

    def _turn(self) -> None:
        machine = self.machine
        watched = [page for page in self.pages.values() if page.is_on and page.connected_to == machine.life]
        if not machine.is_up or not watched:
            return
        machine.shelf.look()
        for page in watched:
            room = f"display:{page.code}"
            if self._sent.get(room) == machine.shelf.version(room):
                continue
            if self._chance.random() < CUT_OFF:
                page.cut_off()
            else:
                self._send(page, is_live=True)

    def greet(self, page: Page) -> None:
        self.troubled(page.group)
        self.machine.shelf.look()
        self._send(page, is_live=False)

    def _send(self, page: Page, is_live: bool) -> None:
        room = f"display:{page.code}"
        view = self.machine.shelf.make(room)
        data = json.loads(view.body)["data"]
        self.hearing.view(page.code, view.version, data)
        self._sent[room] = view.version
        life = page.connected_to
        arrive = lambda: page.take(view.version, view.at, data, is_live) if page.connected_to == life else None  # noqa: E731
        self.world.later(self._chance.uniform(0.002, 0.05), arrive)

    def report(self, page: Page) -> dict[str, Any]:
        """As the route does: kept in memory, written in batches."""
        house, room = self.machine.house, f"display:{page.code}"
        told = list(page.unconfirmed)
        fresh = house.reports.news(page.code, told)
        known = house.read(reading.known_calls, ids=fresh) if fresh else frozenset()
        unknown = [call for call in fresh if call not in known]
        kept = [row for row in told if row["call_id"] not in unknown]
        body = {"epoch": self.machine.shelf.epoch, "shown_seq": page.version, "audio": page.audio, "visible": True, "spoken": kept}
        written = house.reports.take(page.code, body, house.place_of(room)[1])
        if written:
            self._hurry()
        return {"written": written, "unknown": unknown, "speaks": page.code in house.reports.may_speak}
