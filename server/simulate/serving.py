"""What happens between a call and the end of a service, as the visitor's plan has it."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from server.simulate.desk import Desk
from server.simulate.loket import Loket, Refused
from server.simulate.people import People, Person
from server.simulate.servertime import ServerTime

#: an officer waits so long for a called visitor before calling again, business seconds
PATIENCE_S = 50.0
#: most rounds of "too early" before the visitor is given up
NO_SHOW_TRIES = 12
FINISH_AND_NEXT, TRIES_TOO_MUCH = 0.6, 0.06
_NOTHING_YET = frozenset({"too_early"})


@dataclass
class Held:
    """Visitors set aside in one gerai, until their paper is there; shared by its officers."""

    _due: list[tuple[datetime, int, int]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, due: datetime, leg: int, ticket: int) -> None:
        with self._lock:
            heapq.heappush(self._due, (due, leg, ticket))

    def take(self, now: datetime) -> int | None:
        """A leg whose time has come; None: nobody's."""
        with self._lock:
            if self._due and self._due[0][0] <= now:
                return heapq.heappop(self._due)[1]
            return None

    def __len__(self) -> int:
        with self._lock:
            return len(self._due)


@dataclass
class Around:
    """What an officer needs beside the counter; `pace` scales all durations but the policy's."""

    people: People
    desk: Desk
    held: Held
    clock: ServerTime
    stop: threading.Event
    policy: Mapping[str, Any]
    pace: float
    rng: Random
    #: how fast this gerai must work for its day to fit, 1 is by the standard
    speed: float = 1.0


class Serving:
    """One officer's way with one visitor after the other."""

    def __init__(self, loket: Loket, around: Around) -> None:
        self._loket = loket
        self._around = around

    def serve(self, leg: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """From the call to the end; the next call's leg when finish and next were one press.

        Raises Refused when somebody else changed the visitor meanwhile.
        """
        person = self._around.people.called(leg)
        number = int(leg["leg"])
        if leg["state"] == "called":
            if not self._comes(person, number):
                return None
            if not person.visitor.forgets_start:
                self._loket.act("start", number, "ServiceStarted")
        if self._around.rng.random() < TRIES_TOO_MUCH:
            self._loket.try_refused("next", frozenset({"counter_busy"}))
        return self._serve(person, number)

    def _serve(self, person: Person, leg: int) -> Mapping[str, Any] | None:
        visitor, around = person.visitor, self._around
        duration_s = visitor.service_s * around.speed
        if visitor.hold_s is not None and not person.held:
            self._wait(duration_s / 2)
            person.held = True
            self._loket.act("hold", leg, "TicketHeld", reason="mengambil berkas")
            due = around.clock.now() + timedelta(seconds=visitor.hold_s * around.pace)
            around.held.add(due, leg, person.ticket)
            return None
        self._wait(duration_s / 2 if person.held else duration_s)
        if visitor.transfer_to and person.stops == 1:
            self._loket.act(
                "transfer", leg, "TicketTransferred", service=visitor.transfer_to, reason="perlu layanan lain"
            )
            return None
        return self._loket.finish(leg, around.rng.random() < FINISH_AND_NEXT)

    def _comes(self, person: Person, leg: int) -> bool:
        visitor = person.visitor
        if visitor.says_later and not person.put_back:
            self._wait(visitor.walk_s)
            person.put_back = True
            self._loket.act("put-back", leg, "TicketPutBack", reason="belum siap")
            return False
        if visitor.absent_s is not None and not person.missed:
            self._miss(person, leg)
            return False
        if visitor.comes_late:
            self._wait(PATIENCE_S)
            self._loket.recall()
        self._wait(visitor.walk_s)
        return True

    def _miss(self, person: Person, leg: int) -> None:
        """Call again as the rule asks, then give the visitor up; some come back later."""
        calls = 1
        if self._around.policy["no_show_min_calls"] > 1 and self._around.rng.random() < TRIES_TOO_MUCH:
            self._loket.try_refused("no-show", _NOTHING_YET)
        for _ in range(NO_SHOW_TRIES):
            self._wait(PATIENCE_S)
            if calls < self._around.policy["no_show_min_calls"]:
                self._loket.recall()
                calls += 1
                continue
            try:
                self._loket.act("no-show", leg, "TicketNoShow")
                break
            except Refused as refusal:
                if refusal.code != "too_early":
                    raise
                if int(refusal.facts.get("calls_left", 0)):
                    self._loket.recall()
                self._around.clock.wait(float(refusal.facts.get("wait_s", 1)) + 1, self._around.stop)
        person.missed = True
        back_s = person.visitor.absent_s
        if back_s is not None and back_s > 0:
            ticket, desk = person.ticket, self._around.desk
            desk.later(
                back_s * self._around.pace,
                lambda: desk.act(ticket, "return", "TicketReturned", reason="kembali ke loket") and None,
            )

    def _wait(self, duration_s: float) -> None:
        self._around.clock.wait(duration_s * self._around.pace, self._around.stop)
