"""Other hours than the week's: overrides of the site, a gerai or a service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.app.present import override as override_told
from server.domain.calendar import Override
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.floor import minutes

_DAY_MIN = 24 * 60


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


def end_override(work: Work, ask: Ask, *, override: int) -> Answer:
    """End an override; the week's own hours are in force again at once."""
    known = {row.id: row for row in work.floors.overrides()}
    if override not in known:
        raise RuleBroken("unknown_override")
    work.floors.end_override(override, work.log.next_seq(), ask.now)
    body = override_told(known[override])
    work.log.record(Event("OverrideEnded", ask.now, ask.actor, data=body))
    return Answer(200, {**body, "ended": True})
