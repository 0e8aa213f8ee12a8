"""What a visitor's own phone may see of a ticket: nothing personal."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from server.app import visits
from server.app.ports import Work
from server.app.present import current, instant
from server.domain.calendar import day_closes_at
from server.domain.errors import RuleBroken
from server.domain.estimate import estimate
from server.domain.tickets import State

#: the page answers 410 this long after its day has closed
TAIL = timedelta(days=1)


def public_ticket(reads: Work, token: str, now: datetime) -> dict[str, Any]:
    """What a visitor's phone shows; nothing personal. Raises expired_link, unknown_ticket."""
    found = reads.history.by_token(token)
    if found is None:
        raise RuleBroken("unknown_ticket")
    floor = reads.floors.current()
    closes = day_closes_at(floor, found.business_date, reads.floors.overrides())
    if now >= closes + TAIL:
        raise RuleBroken("expired_link")
    legs = reads.tickets.legs_of(found.id)
    leg = current(legs)
    service, gerai = floor.services.get(leg.service), floor.gerai.get(leg.gerai)
    ahead = visits.before(reads, leg) if leg.state is State.WAITING else None
    expected = _expected(reads, leg.business_date, leg.service, ahead)
    counter = floor.counters.get(leg.counter or "")
    missed = leg.state is State.NO_SHOW
    return {
        "number": found.label,
        "state": str(leg.state),
        "service_name": dict(service.name) if service else {"id": leg.service},
        "gerai_name": gerai.name if gerai else leg.gerai,
        "zone_name": floor.zones[gerai.zone].name if gerai else None,
        "zone_color": floor.zones[gerai.zone].color if gerai else None,
        "place": gerai.place if gerai else None,
        "counter": counter.label if counter and leg.active else None,
        "ahead": ahead,
        "estimate": {"from_s": expected[0], "to_s": expected[1]} if expected else None,
        "called_at": instant(leg.last_called_at) if leg.active or missed else None,
        "call_count": leg.call_count,
        "language": found.language,
        "business_date": found.business_date.isoformat(),
        "timezone": floor.site.timezone,
        "at": instant(now),
    }


def public_page(
    reads: Work, token: str, now: datetime
) -> tuple[dict[str, Any] | None, str | None]:
    """The same for the page itself: (ticket, None), or (None, why there is none)."""
    try:
        return public_ticket(reads, token, now), None
    except RuleBroken as broken:
        return None, broken.code


def _expected(
    reads: Work, day: date, service: str, ahead: int | None
) -> tuple[int, int] | None:
    if ahead is None:
        return None
    sessions = reads.counters.open_sessions()
    counters = sum(1 for s in sessions if s.paused_since is None and service in s.services)
    return estimate(ahead, counters, reads.tickets.recent_s(day, service))
