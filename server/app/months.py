"""Gathering a month's records for its report."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.app import reporting
from server.app.ports import Work
from server.app.snapshot import EXCEPTION_TYPES


def month_of(
    reads: Work, first: date, last: date, gerai: frozenset[str] | None
) -> dict[str, Any]:
    """The monthly report; with `gerai`, an agency's own. Dates are the month's ends."""
    floor = reads.floors.current()
    zone = ZoneInfo(floor.site.timezone)
    since = datetime.combine(first, time.min, zone)
    until = datetime.combine(last + timedelta(days=1), time.min, zone)
    exceptions = [
        {
            "seq": event.seq,
            "at": event.at,
            "type": event.type,
            "actor": event.actor,
            "label": event.data.get("label"),
            "reason": event.data.get("reason"),
        }
        for event in reads.history.events_of_types(EXCEPTION_TYPES, since, until)
        if gerai is None or event.gerai in gerai
    ]
    return reporting.monthly(
        first.strftime("%Y-%m"),
        floor,
        reads.history.visits(first, last),
        reads.history.refusals(first, last),
        reads.history.sessions(first, last),
        exceptions,
        reads.history.closed_days(first, last),
        gerai=gerai,
    )
