"""Who should have been called: the line of each service, worked out from the log (P4).

A place is an instant and a seq, lower is earlier: newcomers stand by the time of their number,
transferred ones by the time their number was given, put-back and returned ones behind as many
as the event says. Where the rule leaves open where exactly between two others somebody stands,
both bounds are kept and only a certain overtaking counts.

Next takes the first of a line of its class; a pick must name who and why. Between the classes:
at most k priority calls in a row while a regular visitor waits, and once a regular visitor has
waited longer than the guard, plain order. Between the services of a counter whoever has waited
longest times the service's weight goes first; without known weights that is not judged.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from server.simulate.record import Violation
from server.simulate.servertime import instant

if TYPE_CHECKING:
    from server.simulate.replay import LegNow

Event = Mapping[str, Any]
Rank = tuple[datetime, int]
_TICK = timedelta(microseconds=1)
#: exceptions to the order; the first must say why, all must say who
_EXCEPTIONS = ("TicketPicked", "TicketPutBack", "TicketReturned", "TicketTransferred")


@dataclass(frozen=True)
class Place:
    """Where somebody stands at the earliest and at the latest."""

    low: Rank
    high: Rank

    def surely_before(self, other: Place) -> bool:
        return self.high < other.low


class Order:
    def __init__(
        self, policy: Mapping[str, Any], policy_since: int = 0, weights: Mapping[str, Mapping[str, int]] | None = None
    ) -> None:
        self.violations: list[Violation] = []
        self._weights = weights
        self._k = int(policy["priority_ratio"])
        self._guard = timedelta(seconds=policy["max_wait_guard_s"])
        self._since = policy_since
        #: (date, service) -> leg -> place
        self._lines: dict[tuple[str, str], dict[int, Place]] = defaultdict(dict)
        self._ticket_of: dict[int, int] = {}
        self._service_of: dict[int, str] = {}
        self._issued_at: dict[int, datetime] = {}
        self._prior: dict[int, bool] = {}
        self._serves: dict[str, tuple[str, ...]] = {}
        #: (date, gerai) -> whether each call by Next was priority
        self._calls: dict[tuple[str, str], list[bool]] = defaultdict(list)

    def _wrong(self, event: Event, text: str) -> None:
        self.violations.append(Violation("P4", f"event {event['seq']} {event['type']}: {text}"))

    def opened(self, counter: str, services: Sequence[str]) -> None:
        self._serves[counter] = tuple(services)

    def issued(self, event: Event, leg: LegNow) -> None:
        at = instant(event["at"])
        self._issued_at[leg.ticket] = at
        self._prior[leg.ticket] = event["data"].get("priority") is not None
        self._stand(leg, (at, event["seq"]))

    def transferred(self, event: Event, fresh: LegNow) -> None:
        """The number keeps the time it was given at."""
        self._stand(fresh, (self._issued_at.get(fresh.ticket, instant(event["at"])), event["seq"]))

    def set_priority(self, ticket: int, data: Mapping[str, Any]) -> None:
        self._prior[ticket] = data["value"] is not None and data["standing"] != "removed"

    def _stand(self, leg: LegNow, low: Rank, high: Rank | None = None) -> None:
        self._ticket_of[leg.leg], self._service_of[leg.leg] = leg.ticket, leg.service
        self._lines[leg.date, leg.service][leg.leg] = Place(low, high or low)

    def before(self, event: Event, leg: LegNow) -> None:
        """Judge the event against the lines as they are just before it."""
        if event["type"] in _EXCEPTIONS and not event["actor"]:
            self._wrong(event, f"{leg.label}: an exception without anybody's name")
        if event["type"] == "TicketPicked" and not str(event["data"].get("reason") or "").strip():
            self._wrong(event, f"{leg.label}: picked without a reason")
        if event["type"] == "TicketCalled":
            self._judge(event, leg)
            self._calls[leg.date, leg.gerai].append(self._prior.get(leg.ticket, False))
        if leg.state == "waiting":
            self._lines[leg.date, leg.service].pop(leg.leg, None)

    def after(self, event: Event, leg: LegNow) -> None:
        if event["type"] in ("TicketPutBack", "TicketReturned"):
            self._place_behind(event, leg, int(event["data"]["places"]))

    def _place_behind(self, event: Event, leg: LegNow, places: int) -> None:
        now, seq = instant(event["at"]), event["seq"]
        ordered = sorted(place.low for place in self._lines[leg.date, leg.service].values())
        if places < 1:
            self._stand(leg, (min([now, *(rank[0] - _TICK for rank in ordered[:1])]), seq))
        elif len(ordered) < places:
            self._stand(leg, (max([now, *(rank[0] for rank in ordered[-1:])]), seq))
        else:
            at = ordered[places - 1][0]
            until = ordered[places][0] if len(ordered) > places else at
            self._stand(leg, (at, seq), (max(at, until), seq))

    def _judge(self, event: Event, leg: LegNow) -> None:
        own = self._lines[leg.date, leg.service].get(leg.leg)
        if own is None:
            return  # not waiting at all: the replay says so
        waiting = self._candidates(event["counter"], leg)
        prior = self._prior.get(leg.ticket, False) and self._k >= 1
        for other, place in self._lines[leg.date, leg.service].items():
            same_class = self._is_prior(other) == prior
            if other != leg.leg and same_class and place.surely_before(own):
                self._wrong(event, f"{leg.label} overtook leg {other} of the same service and class")
                return
        if event["seq"] > self._since:
            self._judge_class(event, leg, own, prior, waiting)

    def _candidates(self, counter: str, leg: LegNow) -> dict[int, Place]:
        """Everybody the counter could have called."""
        services = self._serves.get(counter, (leg.service,))
        return {number: place for code in services for number, place in self._lines[leg.date, code].items()}

    def _is_prior(self, leg: int) -> bool:
        return self._prior.get(self._ticket_of[leg], False) and self._k >= 1

    def _streak(self, leg: LegNow) -> int:
        """Priority calls in a row up to now at this gerai, counted up to k."""
        streak = 0
        for was_prior in reversed(self._calls[leg.date, leg.gerai][-self._k:]):
            if not was_prior:
                break
            streak += 1
        return streak

    def _judge_class(self, event: Event, leg: LegNow, own: Place, prior: bool, waiting: dict[int, Place]) -> None:
        """The choice between the classes, and between the services inside the class."""
        regular = {number: place for number, place in waiting.items() if not self._is_prior(number)}
        mixed = bool(regular) and len(regular) < len(waiting)
        spent = mixed and self._streak(leg) >= self._k
        now = instant(event["at"])
        if prior and spent:
            self._wrong(event, f"{leg.label}: a regular visitor's turn after {self._k} priority calls")
        elif regular and min(place.high for place in regular.values())[0] < now - self._guard:
            allowed = regular if spent else waiting
            if mixed and min(allowed.values(), key=lambda place: place.high).surely_before(own):
                self._wrong(event, f"{leg.label}: somebody has waited beyond the guard")
        elif not regular or min(place.low for place in regular.values())[0] >= now - self._guard:
            if mixed and not prior and not spent:
                self._wrong(event, f"{leg.label}: a priority visitor's turn")
                return
            same = {number: place for number, place in waiting.items() if self._is_prior(number) == prior}
            self._judge_weights(event, leg, own, same)

    def _judge_weights(self, event: Event, leg: LegNow, own: Place, others: dict[int, Place]) -> None:
        """Inside a class: whoever waited longest, times the weight at this counter."""
        if self._weights is None:
            return
        weights, now = self._weights.get(event["counter"], {}), instant(event["at"])
        most = (now - own.low[0]) * weights.get(leg.service, 1)
        for number, place in others.items():
            if (now - place.high[0]) * weights.get(self._service_of[number], 1) > most:
                self._wrong(event, f"{leg.label}: leg {number} of {self._service_of[number]} has waited longer")
                return
