"""Other hours than the week's: overrides of the site, a gerai or a service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from server.app.ask import Answer, Ask
from server.app.plan_rows import ended_or
from server.app.ports import Work
from server.app.present import override as override_told
from server.domain.calendar import (
    RAMADAN_WEEK,
    REGULAR_WEEK,
    WHOLE_DAY,
    Override,
    merged,
    runs_of,
)
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.floor import Interval, minutes, week_of

_DAY_MIN = 24 * 60
_FRIDAY = 4
_WEEKS = {"ramadan": RAMADAN_WEEK, "regular": REGULAR_WEEK}
#: the Friday prayer's break, as the civil servants' week has it (Perpres 21/2023 Ps 4)
PRAYER: Interval = (11 * 60 + 30, 13 * 60)
#: a season, not a way of life: longer than that belongs into the floor plan
PRESET_MAX_DAYS = 92


def _intervals(given: Sequence[Sequence[str]]) -> tuple[tuple[int, int], ...]:
    found = tuple((minutes(a), minutes(b)) for a, b in given)
    ends = 0
    for start, end in found:
        if not ends <= start < end <= _DAY_MIN:
            raise RuleBroken("invalid", field="intervals")
        ends = end
    return found


def _target(work: Work, scope: str, target: str | None) -> str | None:
    floor = work.floors.current()
    if scope == "site":
        return None
    if scope == "gerai" and target not in floor.gerai:
        raise RuleBroken("unknown_gerai", gerai=(target or "")[:60])
    if scope == "service" and target not in floor.services:
        raise RuleBroken("unknown_service", service=(target or "")[:60])
    return target


def set_override(
    work: Work,
    ask: Ask,
    *,
    scope: str,
    kind: str,
    date_from: date,
    reason: str,
    target: str | None = None,
    date_to: date | None = None,
    intervals: Sequence[Sequence[str]] = (),
) -> Answer:
    """Open or close site, gerai or service on a run of dates, both ends included."""
    if date_to is not None and date_to < date_from:
        raise RuleBroken("invalid", field="to")
    given = Override(
        id=0,
        scope=scope,
        target=_target(work, scope, target),
        kind=kind,
        date_from=date_from,
        date_to=date_to,
        intervals=_intervals(intervals),
        reason=reason,
        by=ask.actor,
    )
    made = work.floors.add_override(given, work.log.next_seq(), ask.now)
    body = {**override_told(given), "id": made}
    work.log.record(
        Event(
            "OverrideSet",
            ask.now,
            ask.actor,
            gerai=given.target if scope == "gerai" else None,
            service=given.target if scope == "service" else None,
            data=body,
        )
    )
    return Answer(201, body)


def set_preset(
    work: Work,
    ask: Ask,
    *,
    preset: str,
    date_from: date,
    date_to: date,
    reason: str,
    scope: str = "site",
    target: str | None = None,
) -> Answer:
    """Lay a week of hours over a run of dates, as one override for each run of equal days.

    ramadan, regular: the civil servants' weeks; friday: the site's own Fridays with the
    prayer's break, other days untouched. All of it or nothing.
    """
    if date_to < date_from:
        raise RuleBroken("invalid", field="to", why="to_before_from")
    if (date_to - date_from).days >= PRESET_MAX_DAYS:
        raise RuleBroken("invalid", field="to", why="span_too_long")
    runs = _runs(work, preset, date_from, date_to)
    if not runs:
        raise RuleBroken("invalid", field="to", why="no_friday")
    items = []
    for first, last, spans in runs:
        kind = "open" if spans else "closed"
        times = [[_moment(a), _moment(b)] for a, b in spans]
        rule = {"scope": scope, "target": target, "kind": kind, "intervals": times, "reason": reason}
        items.append(set_override(work, ask, date_from=first, date_to=last, **rule).body)
    return Answer(201, {"items": items})


def _runs(work: Work, preset: str, first: date, last: date) -> list[tuple[date, date, tuple[Interval, ...]]]:
    if preset != "friday":
        return runs_of(week_of(_WEEKS[preset]), first, last)
    friday = _without(work.floors.current().hours[_FRIDAY] or merged(WHOLE_DAY), PRAYER)
    week = tuple(friday if day == _FRIDAY else () for day in range(7))
    return [run for run in runs_of(week, first, last) if run[2]]


def _without(spans: Sequence[Interval], gap: Interval) -> tuple[Interval, ...]:
    cut = [piece for a, b in spans for piece in ((a, min(b, gap[0])), (max(a, gap[1]), b))]
    return merged(cut)


def _moment(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def end_override(work: Work, ask: Ask, *, override: int) -> Answer:
    """End an override; the week's own hours are in force again at once.

    Raises unknown_override, already_ended with by whom and when.
    """
    known = {row.id: row for row in work.floors.overrides()}
    if override not in known:
        raise ended_or(work, "unknown_override", "OverrideEnded", override)
    work.floors.end_override(override, work.log.next_seq(), ask.now)
    body = override_told(known[override])
    work.log.record(Event("OverrideEnded", ask.now, ask.actor, data=body))
    return Answer(200, {**body, "ended": True})
