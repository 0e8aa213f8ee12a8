"""The hall played again from the event log alone: who was where, after which event.

An own reading of the life of a leg, so that a mistake in the server's table is not repeated
here. What cannot have happened is a violation of P3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.simulate.order import Order
from server.simulate.record import Violation
from server.simulate.servertime import instant

Event = Mapping[str, Any]

_ACTIVE = frozenset({"called", "serving"})
_OPEN = _ACTIVE | {"waiting", "on_hold"}
#: event -> (states it may come from, state it leaves)
_STEPS: dict[str, tuple[frozenset[str], str]] = {
    "TicketCalled": (frozenset({"waiting"}), "called"),
    "TicketPicked": (frozenset({"waiting"}), "called"),
    "TicketRecalled": (frozenset({"called"}), ""),
    "ServiceStarted": (frozenset({"called"}), "serving"),
    "TicketFinished": (_ACTIVE, "finished"),
    "TicketNoShow": (frozenset({"called"}), "no_show"),
    "TicketHeld": (_ACTIVE, "on_hold"),
    "TicketResumed": (frozenset({"on_hold"}), "resumed"),
    "TicketPutBack": (frozenset({"called"}), "waiting"),
    "TicketReturned": (frozenset({"no_show"}), "waiting"),
    "TicketTransferred": (_OPEN, "transferred"),
    "TicketCancelled": (frozenset({"waiting", "called", "on_hold"}), "cancelled"),
    "TicketExpired": (frozenset({"waiting", "called", "on_hold", "planned"}), "expired"),
}


@dataclass
class LegNow:
    """One stop as the events have left it."""

    leg: int
    ticket: int
    label: str
    date: str
    service: str
    gerai: str
    queued_at: datetime
    state: str = "waiting"
    counter: str | None = None
    first_called_at: datetime | None = None
    ended_at: datetime | None = None


class Replay:
    def __init__(
        self, policy: Mapping[str, Any], policy_since: int = 0, weights: Mapping[str, Mapping[str, int]] | None = None
    ) -> None:
        """`policy_since`: the choice between classes and services is judged after this seq only."""
        self.legs: dict[int, LegNow] = {}
        self.violations: list[Violation] = []
        self.order = Order(policy, policy_since, weights)
        self._at_counter: dict[str, int] = {}
        self._open_leg: dict[int, int] = {}

    def play(self, events: Sequence[Event]) -> Replay:
        for event in events:
            self._take(event)
        self.violations.extend(self.order.violations)
        return self

    def _wrong(self, event: Event, text: str) -> None:
        self.violations.append(Violation("P3", f"event {event['seq']} {event['type']}: {text}"))

    def _take(self, event: Event) -> None:
        kind = event["type"]
        if kind == "TicketIssued":
            self._enter(event, event["leg"], event["service"], event["gerai"], event["data"]["business_date"])
        elif kind == "CounterOpened":
            self.order.opened(event["counter"], event["data"]["services"])
        elif kind == "PrioritySet":
            self.order.set_priority(event["ticket"], event["data"])
        elif kind in _STEPS:
            self._step(event)

    def _enter(self, event: Event, number: int, service: str, gerai: str, date: str) -> LegNow:
        if number in self.legs:
            self._wrong(event, f"leg {number} began before")
        leg = LegNow(number, event["ticket"], event["data"]["label"], date, service, gerai, instant(event["at"]))
        self.legs[number] = leg
        self._hold_open(event, leg)
        if event["type"] == "TicketIssued":
            self.order.issued(event, leg)
        return leg

    def _hold_open(self, event: Event, leg: LegNow) -> None:
        """At most one open leg per ticket."""
        other = self._open_leg.get(leg.ticket)
        if other is not None and other != leg.leg:
            self._wrong(event, f"{leg.label} has leg {other} open too")
        self._open_leg[leg.ticket] = leg.leg

    def _step(self, event: Event) -> None:
        leg = self.legs.get(event["leg"])
        if leg is None:
            self._wrong(event, f"leg {event['leg']} never began")
            return
        come_from, state = _STEPS[event["type"]]
        if leg.state not in come_from:
            where = f" at {leg.counter}" if leg.counter else ""
            self._wrong(event, f"{leg.label} was {leg.state}{where}")
        self.order.before(event, leg)
        self._move(event, leg, str(event["data"].get("state")) if state == "resumed" else state or leg.state)
        self.order.after(event, leg)
        if event["type"] == "TicketTransferred":
            self._transferred(event, leg)

    def _transferred(self, event: Event, leg: LegNow) -> None:
        data = event["data"]
        fresh = self._enter(event, data["new_leg"], data["to_service"], data["to_gerai"], leg.date)
        self.order.transferred(event, fresh)

    def _move(self, event: Event, leg: LegNow, state: str) -> None:
        if leg.counter and (state not in _ACTIVE or event["type"] in ("TicketCalled", "TicketPicked")):
            self._at_counter.pop(leg.counter, None)
            leg.counter = None
        if state in _ACTIVE and leg.counter is None:
            self._sit(event, leg)
        leg.state = state
        if event["type"] in ("TicketCalled", "TicketPicked") and leg.first_called_at is None:
            leg.first_called_at = instant(event["at"])
        if state in _OPEN:
            self._hold_open(event, leg)
        else:
            leg.ended_at = instant(event["at"])
            if self._open_leg.get(leg.ticket) == leg.leg:
                del self._open_leg[leg.ticket]

    def _sit(self, event: Event, leg: LegNow) -> None:
        """At most one active leg per counter."""
        counter = event["counter"]
        there = self._at_counter.get(counter)
        if there is not None and there != leg.leg:
            self._wrong(event, f"{self.legs[there].label} is still active at {counter}")
        self._at_counter[counter] = leg.leg
        leg.counter = counter
