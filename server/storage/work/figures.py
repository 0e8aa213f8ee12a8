"""Figures of any stretch of dates: stops and visits as rows of numbers, in blocks, and the stops behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, func, select

from server.app.figure_ports import Counted, Span
from server.domain.events import Event
from server.storage.schema.floor import gerai, service
from server.storage.schema.hall import leg, ticket
from server.storage.schema.log import business_day, event, refusal
from server.storage.work import figures_sql as sql
from server.storage.work.log import to_event

#: rows of one block: what is in memory at once
BLOCK = 10_000
_STOP = (
    leg.c.id, leg.c.ticket, ticket.c.label, leg.c.business_date, leg.c.position, leg.c.service, leg.c.gerai, leg.c.counter,
    leg.c.state, leg.c.outcome, leg.c.origin, leg.c.queued_at, leg.c.first_called_at, leg.c.call_count, leg.c.started_at,
    leg.c.ended_at, leg.c.wait_reliable, leg.c.service_reliable, leg.c.promised_wait_s, leg.c.promised_service_s,
    ticket.c.channel, ticket.c.mode,
)  # fmt: skip


class SqlFigures:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def _blocks(self, query: Select[Any]) -> Iterator[Sequence[Sequence[Any]]]:
        rows = self._connection.execute(query, execution_options={"yield_per": BLOCK})
        yield from rows.partitions()

    def _dims(self, span: Span, by: Sequence[str]) -> list[Any]:
        columns = {**sql.COLUMNS, "hour": sql.local_hour(leg.c.queued_at, span.timezone, span.first, span.last)}
        return [columns[name] for name in by]

    def _within(self, query: Select[Any], span: Span) -> Select[Any]:
        query = query.where(leg.c.site == self._site, leg.c.business_date.between(span.first, span.last))
        for column, values in zip(self._dims(span, list(span.told)), span.told.values(), strict=True):
            known = column.in_(sorted(values - {None}))
            query = query.where(known | column.is_(None) if None in values else known)
        return query if span.gerai is None else query.where(leg.c.gerai.in_(sorted(span.gerai)))

    def stops(self, span: Span, by: Sequence[str]) -> Iterator[Sequence[Sequence[Any]]]:
        """Blocks of (set of `Fact`, seconds served so far, the times of `measures.TIMES`, then what it is told by)."""
        return self._blocks(self._within(sql.stops([*sql.MEASURES, *self._dims(span, by)], [*by, *span.told]), span))

    def visits(self, span: Span, by: Sequence[str]) -> Iterator[Sequence[Sequence[Any]]]:
        """Blocks of (1 when the visit was left, its stay in seconds or None, then what it is told by)."""
        dims = self._dims(span, by)
        names = [*by, *span.told]
        whole = span.gerai is None and sql.OF_VISIT.issuperset(names)
        return self._blocks(self._within(sql.visits(dims, names, whole), span))

    def behind(self, span: Span, counted: Counted, after: int, limit: int) -> list[Mapping[str, Any]]:
        """The stops that a figure counts in order of id, with what was measured about each."""
        query = self._counted([*_STOP, *sql.MEASURES[2:], sql.COLUMNS["priority"].label("priority")], span, counted)
        rows = self._connection.execute(query.where(leg.c.id > after).order_by(leg.c.id).limit(limit))
        return [row._mapping for row in rows]

    def n_behind(self, span: Span, counted: Counted) -> int:
        """How many stops a figure counts."""
        return int(self._connection.execute(self._counted([func.count()], span, counted)).scalar_one())

    def _counted(self, columns: Sequence[Any], span: Span, counted: Counted) -> Select[Any]:
        return self._within(sql.stops(columns, [*span.told, "channel"]), span).where(*sql.counted(counted))

    def places(self) -> Mapping[str, tuple[str, str]]:
        """Gerai -> (zone, agency), those that the plan no longer has among them."""
        rows = self._connection.execute(select(gerai.c.code, gerai.c.zone, gerai.c.agency).where(gerai.c.site == self._site))
        return {code: (zone, agency) for code, zone, agency in rows}

    def homes(self) -> Mapping[str, str]:
        """Service -> its gerai, those that the plan no longer has among them."""
        rows = self._connection.execute(select(service.c.code, service.c.gerai).where(service.c.site == self._site))
        return {code: at for code, at in rows}

    def refused(self, span: Span) -> list[tuple[str, str, date, int]]:
        """(service, reason, date, local hour) of each refused wish."""
        hour = sql.local_hour(refusal.c.at, span.timezone, span.first, span.last)
        query = select(refusal.c.service, refusal.c.reason, refusal.c.business_date, hour).where(
            refusal.c.site == self._site, refusal.c.business_date.between(span.first, span.last)
        )
        return [tuple(row) for row in self._connection.execute(query)]  # type: ignore[misc]

    def told(self, types: Sequence[str], since: datetime, until: datetime) -> list[Event]:
        """The events of these types, in order."""
        return self._events(event.c.type.in_(types), event.c.at >= since, event.c.at < until)

    def flips(self, types: Sequence[str], name: str, since: datetime, until: datetime) -> list[Event]:
        """The events of these types in order, with the newest earlier one of each `data[name]`: how things stood at `since`."""
        earlier = select(func.max(event.c.seq)).where(event.c.site == self._site, event.c.type.in_(types), event.c.at < since)
        stood = self._events(event.c.seq.in_(earlier.group_by(event.c.data[name].as_string())))
        return stood + self.told(types, since, until)

    def _events(self, *where: Any) -> list[Event]:
        """Put in order here: asked for it, SQLite walks the whole log instead of the few of these types."""
        rows = self._connection.execute(select(event).where(event.c.site == self._site, *where))
        return sorted((to_event(row) for row in rows), key=lambda found: found.seq)

    def first_day(self) -> date | None:
        """The hall's first business day; None before it."""
        return self._connection.execute(select(func.min(business_day.c.date)).where(business_day.c.site == self._site)).scalar()

    def days(self, first: date, last: date) -> list[tuple[date, datetime, datetime | None]]:
        """(date, opened, closed or None) of the business days, in order."""
        query = (
            select(business_day.c.date, business_day.c.opened_at, business_day.c.closed_at)
            .where(business_day.c.site == self._site, business_day.c.date.between(first, last))
            .order_by(business_day.c.date)
        )
        return [tuple(row) for row in self._connection.execute(query)]  # type: ignore[misc]
