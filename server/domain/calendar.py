"""Which hours a service keeps on a date: weekly hours, and the overrides laid over them.

All times of day are minutes after local midnight (0 to 1440) of the site's zone; instants
are aware UTC datetimes. Weekly hours are data of the floor plan: a Friday prayer is the gap
between two intervals of `fri`. `REGULAR_WEEK` and `RAMADAN_WEEK` are the civil servants'
weeks of Perpres 21/2023 Ps 4-5, for a plan to copy; units may differ (Ps 7), the police
stand outside it. A month of Ramadan is laid over the plan as dated overrides: `runs_of`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from server.domain.errors import RuleBroken
from server.domain.floor import Floor, Interval, Service, Week

DAY_MIN = 1440
WHOLE_DAY: tuple[Interval, ...] = ((0, DAY_MIN),)

_OFFICE_DAYS = ("mon", "tue", "wed", "thu")
#: 37 h 30 min: an hour's break, 90 min on Friday; the shape of a floor plan's `hours`
REGULAR_WEEK: Mapping[str, list[list[str]]] = {
    **{day: [["07:30", "12:00"], ["13:00", "16:00"]] for day in _OFFICE_DAYS},
    "fri": [["07:30", "11:30"], ["13:00", "16:30"]],
}
#: 32 h 30 min from 08.00: half an hour's break, an hour on Friday
RAMADAN_WEEK: Mapping[str, list[list[str]]] = {
    **{day: [["08:00", "12:00"], ["12:30", "15:00"]] for day in _OFFICE_DAYS},
    "fri": [["08:00", "11:30"], ["12:30", "15:30"]],
}

Scope = Literal["site", "gerai", "service"]
Kind = Literal["open", "closed", "holiday"]


@dataclass(frozen=True)
class Override:
    """Hours of a run of dates, both ends included; `date_to` None: until it is ended.

    `open` gives its own `intervals` on every date of the run, weekends too (none: the whole
    day, 00:00-24:00); `closed` and `holiday` close. `target` names a gerai or a service.
    """

    id: int
    scope: Scope
    target: str | None
    kind: Kind
    date_from: date
    date_to: date | None
    intervals: tuple[Interval, ...]
    reason: str
    by: str
    ended: bool = False

    def covers(self, day: date) -> bool:
        in_run = self.date_from <= day and (self.date_to is None or day <= self.date_to)
        return in_run and not self.ended

    def concerns(self, service: Service) -> bool:
        if self.scope == "site":
            return True
        return self.target == (service.code if self.scope == "service" else service.gerai)


@dataclass(frozen=True)
class DayPlan:
    """One service's date: its intervals in order, and kind, scope and reason of the override that decided."""

    intervals: tuple[Interval, ...]
    kind: Kind | None
    scope: Scope | None = None
    #: the override stands until it is ended
    open_ended: bool = False
    why: str = ""


_NEAREST = {"service": 2, "gerai": 1, "site": 0}


def business_date(now: datetime, timezone: str) -> date:
    """The site's local date at an instant."""
    return now.astimezone(ZoneInfo(timezone)).date()


def instant(day: date, minute: int, timezone: str) -> datetime:
    """UTC instant of a minute of a local date; 1440 is the next date's midnight."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return wall.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)


def merged(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    """In order, inside the day, touching and overlapping ones joined, empty ones dropped."""
    joined: list[Interval] = []
    for start, end in sorted((max(0, a), min(DAY_MIN, b)) for a, b in intervals):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(joined)


def service_of(floor: Floor, code: str) -> Service:
    """Raises RuleBroken('unknown_service')."""
    if code not in floor.services:
        raise RuleBroken("unknown_service", service=code)
    return floor.services[code]


def plan_on(floor: Floor, service_code: str, day: date, overrides: Iterable[Override]) -> DayPlan:
    """The nearest override decides (service, gerai, site; the newest id of a scope).

    Without one: the service's own week, else its gerai's, else the floor's.
    """
    service = service_of(floor, service_code)
    laid = [o for o in overrides if o.covers(day) and o.concerns(service)]
    if laid:
        top = max(laid, key=lambda o: (_NEAREST[o.scope], o.id))
        if top.kind != "open":
            return DayPlan((), top.kind, top.scope, top.date_to is None, top.reason)
        return DayPlan(merged(top.intervals or WHOLE_DAY), "open", top.scope)
    week = service.hours or floor.gerai[service.gerai].hours or floor.hours
    return DayPlan(merged(week[day.weekday()]), None)


def intervals_on(
    floor: Floor, service_code: str, day: date, overrides: Iterable[Override]
) -> tuple[Interval, ...]:
    """The hours of a service on a date, in order; empty when it is closed all day."""
    return plan_on(floor, service_code, day, overrides).intervals


def day_closes_at(floor: Floor, day: date, overrides: Iterable[Override]) -> datetime:
    """When a business date closes: the site's `day_close`, or later if a service is open
    longer that day; at most local midnight."""
    laid = tuple(overrides)
    ends = [
        interval[1]
        for code in floor.services
        for interval in intervals_on(floor, code, day, laid)[-1:]
    ]
    latest = min(DAY_MIN, max([floor.site.day_close_min, *ends]))
    return instant(day, latest, floor.site.timezone)


def runs_of(
    week: Week, date_from: date, date_to: date
) -> list[tuple[date, date, tuple[Interval, ...]]]:
    """A week's pattern over a span of dates (at most 366) as runs of equal days.

    Each run with intervals is one `open` override, one without is a `closed` one: so a
    preset such as RAMADAN_WEEK keeps its Fridays and its weekends.
    """
    span = min((date_to - date_from).days, 365)
    runs: list[tuple[date, date, tuple[Interval, ...]]] = []
    for day in (date_from + timedelta(days=n) for n in range(span + 1)):
        hours = merged(week[day.weekday()])
        if runs and runs[-1][2] == hours:
            runs[-1] = (runs[-1][0], day, hours)
        else:
            runs.append((day, day, hours))
    return runs
