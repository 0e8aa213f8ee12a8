"""Tickets, legs and calls, to and from their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    and_,
    func,
    select,
    update,
)

from server.domain.errors import RuleBroken
from server.domain.queueing import Waiting, streak_of
from server.domain.tickets import OPEN, Leg, State, Ticket
from server.storage.prepared import Prepared
from server.storage.schema.hall import leg, ticket
from server.storage.work import hall_sql as sql


class SqlTickets:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site
        # An act asks for the same ticket again and again; nobody else can change it meanwhile.
        self._tickets: dict[int, Ticket] = {}

    def _rows(self, statement: Prepared, **values: Any) -> list[list[Any]]:
        return statement.all(self._connection, site=self._site, **values)

    def add_ticket(self, issued: Ticket, actor: str) -> Ticket:
        """Insert; the given id is ignored and the new one returned with the ticket."""
        values = issued._asdict()
        del values["id"]
        made = sql.ADD_TICKET.all(self._connection, site=self._site, actor=actor, **values)[0]
        return self._know(issued._replace(id=made[0]))

    def ticket(self, ticket_id: int) -> Ticket:
        known = self._tickets.get(ticket_id)
        if known is not None:
            return known
        rows = self._rows(sql.TICKET, id=ticket_id)
        if not rows:
            raise RuleBroken("unknown_ticket")
        return self._know(sql.to_ticket(rows[0]))

    def _know(self, found: Ticket) -> Ticket:
        self._tickets[found.id] = found
        return found

    def set_priority(self, given: Ticket) -> None:
        """Write the ticket's priority and its standing, on the ticket and its legs."""
        self._know(given)
        self._connection.execute(
            update(ticket)
            .where(ticket.c.id == given.id)
            .values(priority=given.priority, priority_state=given.priority_state)
        )
        self._connection.execute(
            update(leg).where(leg.c.ticket == given.id).values(is_priority=given.is_priority)
        )

    def add_leg(self, stop: Leg, is_priority: bool) -> Leg:
        values = sql.plain(stop)
        del values["id"]
        made = self._rows(sql.ADD_LEG, is_priority=is_priority, **values)[0]
        return stop._replace(id=made[0])

    def save_leg(self, stop: Leg, was: Leg, at: datetime) -> None:
        """Write what changed, and the serving or held stretch that ended `at`."""
        new, old = sql.plain(stop), sql.plain(was)
        changed = tuple(name for name in sql.CHANGING if new[name] != old[name])
        values = {name: new[name] for name in changed}
        if changed:
            sql.save_leg(changed).run(self._connection, b_id=stop.id, **values)
        if was.serving_since and not stop.serving_since:
            self._keep_span("serving", was, was.serving_since, at)
        elif was.held_at and not stop.held_at:
            self._keep_span("held", was, was.held_at, at)

    def _keep_span(self, kind: str, was: Leg, since: datetime, until: datetime) -> None:
        sql.ADD_SPAN.run(
            self._connection,
            leg=was.id,
            kind=kind,
            from_at=since,
            to_at=max(since, until),
            counter=was.counter,
            officer=was.officer,
        )

    def leg(self, leg_id: int) -> Leg:
        rows = self._rows(sql.LEG, id=leg_id)
        if not rows:
            raise RuleBroken("unknown_leg")
        return sql.to_leg(rows[0])

    def legs_of(self, ticket_id: int) -> list[Leg]:
        return [sql.to_leg(row) for row in self._rows(sql.LEGS_OF, ticket=ticket_id)]

    def next_stop(self, ticket_id: int) -> Leg | None:
        """The first planned leg of a ticket, if its visit goes on."""
        rows = self._rows(sql.NEXT_STOP, ticket=ticket_id)
        return sql.to_leg(rows[0]) if rows else None

    def active_at(self, counter: str) -> Leg | None:
        """The leg that is called or serving at `counter`, if any."""
        rows = self._rows(sql.ACTIVE_AT, counter=counter)
        return sql.to_leg(rows[0]) if rows else None

    def heads(self, day: date, services: Sequence[str]) -> list[Waiting]:
        """The first of each service's line, priority and regular.

        Within a line the order is fixed, so only its head can be the next one called.
        """
        given = {f"s{at}": service for at, service in enumerate(services)}
        rows = self._rows(sql.heads_of(tuple(services)), day=day, **given)
        return [Waiting(*row) for row in rows]

    def line(self, day: date, service: str, limit: int) -> list[Waiting]:
        """The first `limit` waiting of one service in order."""
        return [Waiting(*row) for row in self._rows(sql.LINE, day=day, service=service, most=limit)]

    def ahead(self, day: date, services: Sequence[str], prior: bool = False) -> int:
        """How many wait for any of these services; `prior`: with priority."""
        given = {f"s{at}": service for at, service in enumerate(services)}
        return self._rows(sql.ahead_in(len(services), prior), day=day, **given)[0][0]

    def before(self, waiting: Leg, services: Sequence[str], prior: bool = False) -> int:
        """How many wait for any of these services with an earlier place; `prior`: with priority."""
        rank = (leg.c.rank_at < waiting.rank_at) | (
            (leg.c.rank_at == waiting.rank_at) & (leg.c.rank_seq < waiting.rank_seq)
        )
        query = (
            select(func.count())
            .select_from(leg)
            .where(*(sql.PRIOR if prior else sql.WAITING), leg.c.service.in_(services), rank)
        )
        values = {"site": self._site, "day": waiting.business_date}
        return self._connection.execute(query, values).scalar_one()

    def issued_count(self, day: date, service: str) -> int:
        return self._rows(sql.ISSUED, day=day, service=service)[0][0]

    def recent_s(self, day: date, service: str) -> tuple[int, ...]:
        """Walk and service seconds of the day's newest reliable legs, newest first."""
        return tuple(
            served_s + int((started_at - called_at).total_seconds())
            for served_s, called_at, started_at in self._rows(sql.RECENT, day=day, service=service)
            if started_at and called_at
        )

    def open_legs(self, day: date) -> list[tuple[Ticket, Leg]]:
        """Every leg of `day` that has not ended, planned ones included."""
        states = [str(s) for s in (OPEN | {State.PLANNED})]
        query = (
            select(*sql.TICKET_COLUMNS, *sql.LEG_COLUMNS)
            .join(ticket, and_(ticket.c.id == leg.c.ticket))
            .where(leg.c.site == self._site, leg.c.business_date == day, leg.c.state.in_(states))
            .order_by(leg.c.id)
        )
        return [sql.both(row) for row in self._connection.execute(query).all()]

    def doubt_open(self, day: date) -> None:
        """Own time jumped: no duration that spans this moment is to be believed (P12)."""
        where = (leg.c.site == self._site, leg.c.business_date == day)
        waiting = leg.c.state.in_(["planned", "waiting"])
        begun = leg.c.state.in_(["called", "serving", "on_hold"])
        self._connection.execute(update(leg).where(*where, waiting).values(wait_reliable=False))
        self._connection.execute(update(leg).where(*where, begun).values(service_reliable=False))

    def add_call(self, row: Mapping[str, Any]) -> None:
        sql.ADD_CALL.run(self._connection, site=self._site, **row)

    def priority_streak(self, day: date, gerai: str, services: Sequence[str], most: int) -> int:
        """How many of the services' newest calls in a row were priority, up to `most`."""
        return streak_of(self.class_calls(day, gerai), services, most)

    def class_calls(self, day: date, gerai: str) -> list[tuple[bool, str]]:
        """(is priority, service) of the gerai's newest calls by the rule, newest first."""
        return [(row[0], row[1]) for row in self._rows(sql.STREAK, day=day, gerai=gerai)]
