"""Look-ups over tickets and past days, for staff, the public page and reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from server.domain.events import Event
from server.domain.tickets import Ticket
from server.storage.schema.hall import call, counter_session, leg, pause, ticket
from server.storage.schema.log import business_day, event
from server.storage.schema.paper import print_job
from server.storage.work.hall_sql import TICKET_COLUMNS, to_ticket
from server.storage.work.log import to_event


def _lasted_s(since: datetime, end: datetime | None) -> float:
    return max(0.0, (end - since).total_seconds()) if end else 0.0


class SqlHistory:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def _maps(self, query: Any) -> list[Mapping[str, Any]]:
        return [row._mapping for row in self._connection.execute(query).all()]

    def find_tickets(
        self, *, day: date | None, label: str | None, state: str | None, after: int, limit: int
    ) -> list[Ticket]:
        """Tickets in order of id. `state` matches a ticket that has a leg in that state."""
        query = select(*TICKET_COLUMNS).where(ticket.c.site == self._site, ticket.c.id > after)
        if day is not None:
            query = query.where(ticket.c.business_date == day)
        if label is not None:
            query = query.where(ticket.c.label == label)
        if state is not None:
            query = query.where(
                select(leg.c.id).where(leg.c.ticket == ticket.c.id, leg.c.state == state).exists()
            )
        rows = self._connection.execute(query.order_by(ticket.c.id).limit(limit)).all()
        return [to_ticket(row) for row in rows]

    def by_token(self, token: str) -> Ticket | None:
        row = self._connection.execute(
            select(*TICKET_COLUMNS).where(ticket.c.site == self._site, ticket.c.token == token)
        ).first()
        return None if row is None else to_ticket(row)

    def days_with_numbers(self, days: Sequence[date], limit: int) -> list[date]:
        """Those of these days on which at least one number was given, newest first."""
        given = select(ticket.c.id).where(ticket.c.site == self._site, ticket.c.business_date == business_day.c.date)
        query = select(business_day.c.date).where(
            business_day.c.site == self._site, business_day.c.date.in_(list(days)), given.exists()
        )
        rows = self._connection.execute(query.order_by(business_day.c.date.desc()).limit(limit)).all()
        return [row.date for row in rows]

    def between(
        self, spans: Mapping[date, tuple[datetime, datetime]], services: Sequence[str] | None
    ) -> dict[date, tuple[int, int]]:
        """Day -> (numbers given, legs finished) after the first instant of its span up to the second; one query each."""
        came = self._counted(ticket, ticket.c.issued_at, spans, services)
        left = self._counted(leg, leg.c.ended_at, spans, services, leg.c.state == "finished")
        return {day: (came.get(day, 0), left.get(day, 0)) for day in spans}

    def _counted(
        self, table: Any, at: Any, spans: Mapping[date, tuple[datetime, datetime]], services: Sequence[str] | None, *more: Any
    ) -> dict[date, int]:
        within = or_(*(and_(table.c.business_date == day, at > first, at <= last) for day, (first, last) in spans.items()))
        query = select(table.c.business_date, func.count()).where(
            # the list of days is for the index, the spans are the answer
            table.c.site == self._site, table.c.business_date.in_(list(spans)), within, *more
        )
        if services is not None:
            query = query.where(table.c.service.in_(list(services)))
        return {day: n for day, n in self._connection.execute(query.group_by(table.c.business_date)).all()}

    def calls_of(self, ticket_id: int) -> list[Mapping[str, Any]]:
        return self._maps(select(call).where(call.c.ticket == ticket_id).order_by(call.c.id))

    def jobs_of(self, ticket_id: int) -> list[Mapping[str, Any]]:
        return self._maps(
            select(print_job).where(print_job.c.ticket == ticket_id).order_by(print_job.c.copy)
        )

    def calls_after(self, day: date, call_id: int, limit: int) -> list[Mapping[str, Any]]:
        return self._maps(
            select(call)
            .where(call.c.site == self._site, call.c.business_date == day, call.c.id > call_id)
            .order_by(call.c.id)
            .limit(limit)
        )

    def newest_calls(self, day: date, limit: int) -> list[Mapping[str, Any]]:
        """Newest first."""
        return self._maps(
            select(call)
            .where(call.c.site == self._site, call.c.business_date == day)
            .order_by(call.c.id.desc())
            .limit(limit)
        )

    def ended_by(self, day: date, officer: str) -> Mapping[str, int]:
        """State -> how many legs of that date this officer brought to it."""
        rows = self._connection.execute(
            select(leg.c.state, func.count())
            .where(leg.c.site == self._site, leg.c.business_date == day, leg.c.officer == officer)
            .group_by(leg.c.state)
        ).all()
        return {state: number for state, number in rows}

    def sessions(self, first: date, last: date, until: datetime | None) -> list[Mapping[str, Any]]:
        """Officer sessions with `open_s`: whole seconds without the pauses; what is open still is counted up to `until`.

        Without `services`: no figure asks which they were, and to read them back is the dearest of it.
        """
        paused: dict[int, float] = {}
        where = (
            counter_session.c.site == self._site,
            counter_session.c.business_date.between(first, last),
        )
        rows = self._connection.execute(
            select(pause.c.session, pause.c.from_at, pause.c.to_at, counter_session.c.closed_at)
            .join(counter_session, counter_session.c.id == pause.c.session)
            .where(*where)
        )
        for row in rows:
            paused[row.session] = paused.get(row.session, 0.0) + _lasted_s(row.from_at, row.to_at or row.closed_at or until)
        columns = [column for column in counter_session.c if column is not counter_session.c.services]
        sessions = self._maps(select(*columns).where(*where).order_by(counter_session.c.id))
        return [
            {**row, "open_s": max(0, int(_lasted_s(row["opened_at"], row["closed_at"] or until)) - int(paused.get(row["id"], 0)))}
            for row in sessions
        ]

    def closed_days(self, first: date, last: date) -> list[Mapping[str, Any]]:
        """[{date, closed_at, head_seq, head}] in order."""
        rows = self._maps(
            select(business_day)
            .where(
                business_day.c.site == self._site,
                business_day.c.date.between(first, last),
                business_day.c.closed_at.is_not(None),
            )
            .order_by(business_day.c.date)
        )
        return [
            {
                "date": row["date"],
                "closed_at": row["closed_at"],
                "head_seq": row["head_seq"],
                "head": row["head_hash"],
            }
            for row in rows
        ]

    def newest(self, types: Sequence[str], limit: int) -> list[Event]:
        """The newest events of these types, newest first."""
        rows = self._connection.execute(
            select(event)
            .where(event.c.site == self._site, event.c.type.in_(types))
            .order_by(event.c.seq.desc())
            .limit(limit)
        ).all()
        return [to_event(row) for row in rows]
