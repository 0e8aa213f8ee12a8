"""Who comes, drawn from the seed: wish, patience, and how the visit goes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from server.simulate.hall import Hall, Service

PRIORITY, AT_DESK, DOUBLE_TAP = 0.08, 0.04, 0.03
ABSENT, RETURNS, LATE, LEAVES = 0.06, 0.5, 0.05, 0.02
TRANSFER, HOLD, FORGETS_START, SAYS_LATER = 0.04, 0.025, 0.15, 0.02
LOST_SLIP, PRIORITY_LATER = 0.015, 0.01
#: spread of service times; their median lies a little below the promised one
SIGMA, MEDIAN_SHARE = 0.45, 0.85


@dataclass(frozen=True)
class Visitor:
    """One visitor's day. Durations in seconds of business time, `arrives_min` a minute of the day."""

    name: str
    arrives_min: float
    service: str
    language: str
    priority: str | None
    at_desk: bool
    double_tap: bool
    #: does not come when called; None: comes. Otherwise seconds until the return, -1: never
    absent_s: float | None
    #: asks for a while longer instead of being missed
    says_later: bool
    comes_late: bool
    walk_s: float
    service_s: float
    forgets_start: bool
    hold_s: float | None
    transfer_to: str | None
    leaves_after_s: float | None
    loses_slip: bool
    priority_later: str | None


def service_time_s(rng: Random, promised_s: float) -> float:
    """A service's length: lognormal around its standard, never absurd."""
    drawn = rng.lognormvariate(math.log(promised_s * MEDIAN_SHARE), SIGMA)
    return min(max(45.0, drawn), 3 * promised_s)


def wishes(seed: int, minutes: Sequence[float], hall: Hall) -> list[Visitor]:
    """One visitor for each minute of arrival."""
    services = [service for service in hall.services.values() if service.popular > 0]
    popular = [service.popular for service in services]
    rng = Random(f"{seed} wishes")
    chosen = rng.choices(services, popular, k=len(minutes))
    return [
        _visitor(Random(f"{seed} visitor {place}"), place, minute, service, hall)
        for place, (minute, service) in enumerate(zip(minutes, chosen, strict=True))
    ]


def _visitor(rng: Random, place: int, minute: float, service: Service, hall: Hall) -> Visitor:
    def some(share: float) -> bool:
        return rng.random() < share

    priority = rng.choice(hall.priorities) if hall.priorities and some(PRIORITY) else None
    absent = some(ABSENT)
    returns_s = rng.uniform(300, 2400)
    elsewhere = [code for code, other in hall.services.items() if other.gerai != service.gerai]
    return Visitor(
        name=f"v{place}",
        arrives_min=minute,
        service=service.code,
        language="en" if some(0.05) and "en" in hall.languages else "id",
        priority=priority,
        at_desk=some(AT_DESK),
        double_tap=some(DOUBLE_TAP),
        absent_s=(returns_s if some(RETURNS) else -1.0) if absent else None,
        says_later=some(SAYS_LATER),
        comes_late=some(LATE),
        walk_s=rng.uniform(15, 75),
        service_s=service_time_s(rng, service.service_s),
        forgets_start=some(FORGETS_START),
        hold_s=rng.uniform(240, 1200) if some(HOLD) else None,
        transfer_to=rng.choice(elsewhere) if elsewhere and some(TRANSFER) else None,
        leaves_after_s=rng.uniform(300, 2700) if some(LEAVES) else None,
        loses_slip=some(LOST_SLIP),
        priority_later=rng.choice(hall.priorities) if hall.priorities and some(PRIORITY_LATER) else None,
    )
