"""Counts and shares over heaps of tickets, legs, sessions and refusals (DESIGN section 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.app.definitions import NOT_RECORDED
from server.domain import measures
from server.domain.tickets import Leg, State, Ticket

Visit = tuple[Ticket, list[Leg]]
Row = Mapping[str, Any]

#: origins of a leg: the first stop of a number, and one that a transfer made
ISSUED, TRANSFERRED = "issued", "transferred"

#: reason of a refusal -> its column under `unmet`
UNMET = {
    "closed": "closed",
    "before_opening": "closed",
    "break": "closed",
    "holiday": "closed",
    "gerai_closed": "closed",
    "service_closed": "closed",
    "service_paused": "closed",
    "after_cutoff": "after_cutoff",
    "quota_reached": "quota",
}


@dataclass
class Pot:
    """The tickets and legs one row of the report is about."""

    tickets: list[Ticket] = field(default_factory=list)
    legs: list[Leg] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        states = Counter(leg.state for leg in self.legs)
        return {
            "issued": len(self.tickets),
            "called": sum(leg.first_called_at is not None for leg in self.legs),
            "served": states[State.FINISHED],
            "no_show": states[State.NO_SHOW],
            "cancelled": states[State.CANCELLED],
            "expired": states[State.EXPIRED],
            "transferred_in": sum(leg.origin == TRANSFERRED for leg in self.legs),
            "transferred_out": states[State.TRANSFERRED],
        }

    def times(self) -> dict[str, Any]:
        return {
            "wait": measures.summary(map(measures.wait_s, self.legs)),
            "walk": measures.summary(map(measures.walk_s, self.legs)),
            "service_time": measures.summary(map(measures.service_s, self.legs)),
            "within_standard": measures.within_wait(self.legs).as_dict(),
            "within_standard_service": measures.within_service(self.legs).as_dict(),
        }


def issued(visits: Iterable[Visit]) -> list[Ticket]:
    """The tickets whose first stop is among their legs here: each is one number given."""
    return [t for t, legs in visits if any(leg.origin == ISSUED for leg in legs)]


def unmet(refusals: Iterable[Row]) -> dict[str, int]:
    """`other` holds what is no question of demand: a range used up, a doubted clock."""
    counts = Counter(UNMET.get(row["reason"], "other") for row in refusals)
    return {column: counts[column] for column in ("closed", "after_cutoff", "quota", "other")}


def pace(sessions: Iterable[Row], legs: Sequence[Leg]) -> dict[str, Any]:
    """Throughput and occupancy over the sessions that have ended."""
    open_s = sum(
        max(0, int((row["closed_at"] - row["opened_at"]).total_seconds()) - row["paused_s"])
        for row in sessions
        if row["closed_at"] is not None
    )
    served = sum(leg.state is State.FINISHED for leg in legs)
    serving_s = sum(map(measures.serving_s, legs))
    return {
        "throughput": {
            "served": served,
            "open_s": open_s,
            "per_hour": round(served * 3600 / open_s, 2) if open_s else NOT_RECORDED,
        },
        "occupancy": {
            "serving_s": serving_s,
            "open_s": open_s,
            "share": round(serving_s / open_s, 4) if open_s else NOT_RECORDED,
        },
    }


def abandoned(visits: Sequence[Visit]) -> dict[str, int]:
    def left(legs: Sequence[Leg]) -> bool:
        finished = any(leg.state is State.FINISHED for leg in legs)
        gone = any(
            leg.state is State.EXPIRED or leg.outcome == "cancelled_by_visitor" for leg in legs
        )
        return gone and not finished

    return measures.Share(sum(left(legs) for _, legs in visits), len(visits)).as_dict()
