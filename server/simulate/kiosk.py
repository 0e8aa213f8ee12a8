"""Kiosks: visitors come up in order, touch once (some twice), and go with a number or without."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

from server.simulate.desk import Desk
from server.simulate.people import People
from server.simulate.record import Record
from server.simulate.servertime import ServerTime
from server.simulate.traits import Visitor
from server.simulate.wire import Unsettled, Wire, new_key

#: other services a refused visitor asks for before leaving
OTHER_WISHES = 3
_TRIES_ELSEWHERE = frozenset({"quota_reached", "closed", "after_cutoff"})


class Arrivals:
    """The visitors to come; each is taken by the kiosk that is free first."""

    def __init__(self, visitors: Sequence[tuple[datetime, Visitor]]) -> None:
        self._coming = list(visitors)
        self._next = 0
        self._lock = threading.Lock()

    def take(self) -> tuple[datetime, Visitor] | None:
        with self._lock:
            if self._next >= len(self._coming):
                return None
            self._next += 1
            return self._coming[self._next - 1]

    @property
    def over(self) -> bool:
        with self._lock:
            return self._next >= len(self._coming)


class Taking:
    """Takes numbers: shared by kiosks and the front desk."""

    def __init__(
        self, people: People, desk: Desk, record: Record, clock: ServerTime, services: Sequence[str], pace: float
    ) -> None:
        self._people, self._desk, self._record, self._clock = people, desk, record, clock
        self._services, self._pace = services, pace

    def take(self, wire: Wire, visitor: Visitor) -> None:
        """One visitor with one wish, or up to OTHER_WISHES others when it is refused."""
        rng = Random(visitor.name)
        wish = visitor
        for _ in range(1 + OTHER_WISHES):
            code = self._touch(wire, wish)
            if code not in _TRIES_ELSEWHERE:
                return
            wish = replace(wish, service=rng.choice(self._services))
        self._record.count("left_without_number")

    def _touch(self, wire: Wire, visitor: Visitor) -> str:
        """'' for a number, else the code of the refusal."""
        key = new_key()
        body = {"service": visitor.service, "language": visitor.language}
        if visitor.priority:
            body["priority"] = visitor.priority
        try:
            reply = wire.post("/tickets", body, "ticket", key)
        except Unsettled:
            self._record.leave_open(wire.proof.actor)
            return "unsettled"
        if reply.status != 201:
            self._record.refuse(reply.code)
            return reply.code
        self._record.give(key, wire.proof.actor, reply.body)
        if not reply.replayed:
            self._clock.heard(reply.body["issued_at"])
        self._people.arrived(reply.body["id"], visitor)
        if visitor.double_tap:
            self._again(wire, key, body, reply.body)
        self._plan(reply.body["id"], visitor)
        return ""

    def _again(self, wire: Wire, key: str, body: dict[str, str], told: dict[str, Any]) -> None:
        """The impatient second tap: the same key must give the same number."""
        second = wire.post("/tickets", body, "ticket", key)
        if second.status != 201 or second.body != told or not second.replayed:
            self._record.break_promise("P5", f"key {key}: {told['number']} and then {second.status} {second.body}")
        other = wire.post("/tickets", {**body, "language": "en" if body["language"] == "id" else "id"}, "ticket", key)
        self._record.refuse(other.code)
        if other.code != "idempotency_mismatch":
            self._record.break_promise("P5", f"key {key} with another body: {other.status} {other.code}")

    def _plan(self, ticket: int, visitor: Visitor) -> None:
        desk = self._desk

        def soon(after_s: float, what: str, type_: str, **body: Any) -> None:
            job: Callable[[], None] = lambda: self._at_desk(ticket, what, type_, body)  # noqa: E731
            desk.later(after_s * self._pace, job)

        if visitor.leaves_after_s is not None:
            soon(visitor.leaves_after_s, "cancel", "TicketCancelled", by="visitor", reason="tidak jadi")
        if visitor.loses_slip:
            soon(180, "reprint", "SlipQueued", reason="karcis hilang", printer=None)
        if visitor.priority_later and not visitor.priority:
            soon(120, "priority", "PrioritySet", value=visitor.priority_later, reason="terlihat petugas")

    def _at_desk(self, ticket: int, what: str, type_: str, body: dict[str, Any]) -> None:
        self._desk.act(ticket, what, type_, **body)


def run_kiosk(wire: Wire, arrivals: Arrivals, taking: Taking, clock: ServerTime, stop: threading.Event) -> None:
    """Serve one visitor after the other until nobody comes any more."""
    while not stop.is_set():
        coming = arrivals.take()
        if coming is None or not clock.wait_until(coming[0], stop):
            return
        taking.take(wire, coming[1])
