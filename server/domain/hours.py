"""Open or not, why, and when that changes: the standing of a service at an instant.

Order of decision, after the practice of MPP Kota Surabaya (regulation.md 3.2): the clock,
override, weekly hours, cut-off, quota. `calendar` says which hours a date has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from server.domain.calendar import (
    DAY_MIN,
    DayPlan,
    Override,
    business_date,
    day_closes_at,
    instant,
    intervals_on,
    plan_on,
    runs_of,
    service_of,
)
from server.domain.floor import Floor, Interval

__all__ = [
    "REASONS",
    "Override",
    "Standing",
    "business_date",
    "day_closes_at",
    "intervals_on",
    "next_change",
    "runs_of",
    "standing",
]

#: how far ahead the next opening is looked for
LOOK_AHEAD_DAYS = 14

#: reason -> what it says about a service that gives no numbers now
REASONS = {
    "clock_suspect": "the clock is doubted too much to issue",
    "holiday": "a holiday override covers the date",
    "gerai_closed": "a closing override of the site or the gerai covers the date",
    "service_closed": "a closing override of the service alone covers the date",
    "service_paused": "the service is closed alone until somebody opens it again",
    "before_opening": "the first interval of the date is still to come",
    "break": "between two intervals of the date, such as the Friday prayer",
    "after_cutoff": "too near the date's last closing to begin",
    "quota_reached": "the date's numbers are used up",
    "closed": "after the last interval, or no interval on this date",
}


@dataclass(frozen=True)
class Standing:
    """`reason` is None exactly when open. All instants are aware UTC or None.

    `opens_at`: the next opening, when not open. `closes_at`: the end of the interval that
    runs now. `cutoff_at`: from then on no number is given today; None without a cut-off.
    `why`: the words of who closed it by an override, "" where nobody did.
    """

    open: bool
    reason: str | None
    opens_at: datetime | None
    closes_at: datetime | None
    cutoff_at: datetime | None
    why: str = ""


@dataclass(frozen=True)
class _Day:
    """A date's hours as instants."""

    #: what an override that closes says, as a key of REASONS
    shut: str | None
    spans: tuple[tuple[datetime, datetime], ...]
    cutoff_at: datetime | None
    why: str = ""

    def gives_from(self, start: datetime) -> bool:
        """Whether an interval that starts then gives numbers at all before the cut-off."""
        return self.cutoff_at is None or start < self.cutoff_at


def _cutoff_min(floor: Floor, service_code: str) -> int:
    service = service_of(floor, service_code)
    for own in (service.cutoff_min, floor.gerai[service.gerai].cutoff_min):
        if own is not None:
            return own
    return floor.cutoff_min


def _cutoff_at(last: Interval, cutoff_min: int, day: date, timezone: str) -> datetime | None:
    """A day that ends at 24:00 runs on into the next: it has no closing to be cut off at."""
    if cutoff_min <= 0 or last[1] >= DAY_MIN:
        return None
    return instant(day, last[1], timezone) - timedelta(minutes=cutoff_min)


@lru_cache(maxsize=4096)  # the services of a large hall over the days looked ahead
def _day(floor: Floor, service_code: str, day: date, overrides: tuple[Override, ...]) -> _Day:
    plan: DayPlan = plan_on(floor, service_code, day, overrides)
    if not plan.intervals:
        return _Day(shut_by(plan), (), None, plan.why)
    zone = floor.site.timezone
    spans = tuple((instant(day, a, zone), instant(day, b, zone)) for a, b in plan.intervals)
    cutoff = _cutoff_at(plan.intervals[-1], _cutoff_min(floor, service_code), day, zone)
    return _Day(None, spans, cutoff)


def shut_by(plan: DayPlan) -> str | None:
    """What an override that closes says, as a key of REASONS; None: none closes."""
    if plan.kind == "holiday":
        return "holiday"
    if plan.kind != "closed":
        return None
    if plan.scope != "service":
        return "gerai_closed"
    # Nobody has said for how long: it may be back in ten minutes.
    return "service_paused" if plan.open_ended else "service_closed"


def _reason(today: _Day, now: datetime) -> str | None:
    """Why the hours alone say no at this instant of the date; None: they say yes."""
    if today.shut is not None:
        return today.shut
    if not today.spans or now >= today.spans[-1][1]:
        return "closed"
    if today.cutoff_at is not None and now >= today.cutoff_at:
        return "after_cutoff"
    if any(start <= now < end for start, end in today.spans):
        return None
    return "before_opening" if now < today.spans[0][0] else "break"


def _opening_after(
    floor: Floor,
    service_code: str,
    now: datetime,
    overrides: tuple[Override, ...],
    first_day: int,
) -> datetime | None:
    """The first opening later than `now`, from `first_day` dates after today."""
    today = business_date(now, floor.site.timezone)
    for offset in range(first_day, LOOK_AHEAD_DAYS + 1):
        day = _day(floor, service_code, today + timedelta(days=offset), overrides)
        for start, _ in day.spans:
            if start > now and day.gives_from(start):
                return start
    return None


def standing(
    floor: Floor,
    service_code: str,
    now: datetime,
    overrides: Iterable[Override],
    issued_today: int,
    clock_suspect: bool = False,
) -> Standing:
    """Whether a service gives numbers now, and if not, why and until when.

    `issued_today`: numbers of this service already given on this business date. The cut-off
    counts back from the date's last closing only, never from a break, so that a number can
    be taken up to the Friday prayer. A used-up quota opens again on the next open date.
    Raises RuleBroken('unknown_service').
    """
    laid = tuple(overrides)
    if clock_suspect:
        return Standing(False, "clock_suspect", None, None, None)
    day = _day(floor, service_code, business_date(now, floor.site.timezone), laid)
    reason = _reason(day, now)
    quota = service_of(floor, service_code).quota
    if quota is not None and issued_today >= quota and reason in {None, "break", "before_opening"}:
        reason = "quota_reached"
    closes_at = next((end for start, end in day.spans if start <= now < end), None)
    opens_at = None
    if reason is not None:
        rest_of_today = reason in {"break", "before_opening"}
        opens_at = _opening_after(floor, service_code, now, laid, 0 if rest_of_today else 1)
    return Standing(reason is None, reason, opens_at, closes_at, day.cutoff_at, day.why)


def next_change(floor: Floor, now: datetime, overrides: Iterable[Override]) -> datetime:
    """The next instant after `now` at which the hours may change any service's standing:
    an opening, a break, a cut-off, a closing, or local midnight at the latest."""
    laid = tuple(overrides)
    today = business_date(now, floor.site.timezone)
    instants = {instant(today, DAY_MIN, floor.site.timezone)}
    for code in floor.services:
        day = _day(floor, code, today, laid)
        instants.update(moment for span in day.spans for moment in span)
        if day.cutoff_at is not None:
            instants.add(day.cutoff_at)
    return min(moment for moment in instants if moment > now)
