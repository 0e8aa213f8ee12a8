"""Gathering a period's records for its report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.app import counting, downtime, reading, reporting
from server.app.figure_ports import Span
from server.app.figures import names_of
from server.app.ports import Work
from server.app.report_periods import Period
from server.app.snapshot import EXCEPTION_TYPES
from server.app.tallies import Tally


def month_of(reads: Work, period: Period, gerai: frozenset[str] | None) -> dict[str, Any]:
    """The figures of a report; with `gerai`, an agency's own."""
    first, last = period.first, period.last
    site = reads.floors.current().site
    span = Span(first, last, site.timezone, gerai)
    services, hours, kinds = Tally(), Tally(("wait",)), Tally(())
    wanted = {("gerai", "service"): services, ("date", "hour"): hours, ("channel", "mode", "priority"): kinds}
    counting.count(reads, span, wanted)
    now = reading.last_event_at(reads)
    sessions = reads.history.sessions(first, last, now)
    return reporting.of_period(
        period,
        reads.floors.current(),
        span,
        reporting.Facts(
            life=_life(reads, now, site.timezone),
            names=names_of(reads, ("zone", "agency", "gerai", "service")),
            places=reads.figures.places(),
            homes=reads.figures.homes(),
            services=services,
            hours=hours,
            kinds=kinds,
            visits=counting.count_visits(reads, span, ()),
            refused=reads.figures.refused(span),
            sessions=sessions,
            exceptions=_exceptions(reads, span),
            closed_days=reads.history.closed_days(first, last),
            devices=_devices(reads, span, sessions, now) if gerai is None else [],
        ),
    )


def _life(reads: Work, now: datetime | None, timezone: str) -> tuple[date, date] | None:
    """From the hall's first business day to the newest thing it knows of (`now`); None before the first."""
    first = reads.figures.first_day()
    if first is None or now is None:
        return None
    return first, max(now.astimezone(ZoneInfo(timezone)).date(), reads.days.last_day() or first)


def _exceptions(reads: Work, span: Span) -> list[Mapping[str, Any]]:
    return [
        {
            "seq": event.seq,
            "at": event.at,
            "type": event.type,
            "actor": event.actor,
            "label": event.data.get("label"),
            "reason": event.data.get("reason"),
            "standing": event.data.get("standing"),
        }
        for event in reads.figures.told(EXCEPTION_TYPES, *_instants(span))
        if span.gerai is None or event.gerai in span.gerai
    ]


def _instants(span: Span) -> tuple[datetime, datetime]:
    """The local midnights before the first and after the last date."""
    zone = ZoneInfo(span.timezone)
    since = datetime.combine(span.first, time.min, zone)
    return since, datetime.combine(span.last + timedelta(days=1), time.min, zone)


def _at_work(reads: Work, span: Span, sessions: Sequence[Mapping[str, Any]], now: datetime | None) -> Iterator[tuple[datetime, datetime]]:
    """From a day's opening to its last counter's end: who needs a kiosk at night, or before a hall that lost its power?

    A day that is open still is counted up to the newest event: nothing is known of what comes after.
    """
    for day, opened, closed in reads.figures.days(span.first, span.last):
        ends = [row["closed_at"] or now for row in sessions if row["business_date"] == day]
        midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(span.timezone))
        end = min(at for at in (closed or now, midnight, max(ends, default=midnight)) if at is not None)
        if end > opened:
            yield opened, end


def _devices(reads: Work, span: Span, sessions: Sequence[Mapping[str, Any]], now: datetime | None) -> list[dict[str, Any]]:
    days = list(_at_work(reads, span, sessions, now))
    if not days:
        return []
    flips = [
        event
        for name in sorted(set(downtime.FLIPS.values()))
        for event in reads.figures.flips([type_ for type_, told in downtime.FLIPS.items() if told == name], name, days[0][0], days[-1][1])
    ]
    return downtime.downtime(flips, days)
