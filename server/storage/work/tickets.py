"""Tickets, legs and calls, to and from their rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, select, update

from server.domain.errors import RuleBroken
from server.domain.queueing import Waiting
from server.domain.tickets import ACTIVE, OPEN, Leg, State, Ticket
from server.storage.schema.hall import call, leg, span, ticket

TICKET_COLUMNS = [ticket.c[f.name] for f in fields(Ticket)]
LEG_COLUMNS = [leg.c[f.name] for f in fields(Leg)]
_STATE_AT = [f.name for f in fields(Leg)].index("state")
_FIXED = {"id", "ticket", "business_date", "position", "service", "gerai"}
_CHANGING = [f.name for f in fields(Leg) if f.name not in _FIXED]
_RECENT_MAX = 20

_SAVE_LEG = (
    update(leg)
    .where(leg.c.id == bindparam("b_id"))
    .values({name: bindparam(name) for name in _CHANGING})
)
_ACTIVE_AT = select(*LEG_COLUMNS).where(
    leg.c.site == bindparam("site"),
    leg.c.counter == bindparam("counter"),
    leg.c.state.in_([str(s) for s in sorted(ACTIVE)]),
)
_WAITING = (leg.c.site == bindparam("site"), leg.c.business_date == bindparam("day"), leg.c.state == "waiting")
_HEAD = (
    select(leg.c.id, leg.c.ticket, leg.c.service, leg.c.is_priority, leg.c.rank_at, leg.c.rank_seq, leg.c.queued_at)
    .where(*_WAITING, leg.c.service == bindparam("service"), leg.c.is_priority == bindparam("prior"))
    .order_by(leg.c.rank_at, leg.c.rank_seq)
    .limit(1)
)
_LINE = (
    select(leg.c.id, leg.c.ticket, leg.c.service, leg.c.is_priority, leg.c.rank_at, leg.c.rank_seq, leg.c.queued_at)
    .where(*_WAITING, leg.c.service == bindparam("service"))
    .order_by(leg.c.rank_at, leg.c.rank_seq)
    .limit(bindparam("most"))
)
_AHEAD = select(func.count()).select_from(leg).where(*_WAITING, leg.c.service == bindparam("service"))
_ISSUED = (
    select(func.count())
    .select_from(ticket)
    .where(
        ticket.c.site == bindparam("site"),
        ticket.c.business_date == bindparam("day"),
        ticket.c.service == bindparam("service"),
    )
)
_RECENT = (
    select(leg.c.served_s, leg.c.first_called_at, leg.c.started_at)
    .where(
        leg.c.site == bindparam("site"),
        leg.c.business_date == bindparam("day"),
        leg.c.service == bindparam("service"),
        leg.c.state == "finished",
        leg.c.service_reliable,
    )
    .order_by(leg.c.ended_at.desc())
    .limit(_RECENT_MAX)
)
_STREAK = (
    select(call.c.is_priority)
    .where(
        call.c.site == bindparam("site"),
        call.c.business_date == bindparam("day"),
        call.c.gerai == bindparam("gerai"),
        call.c.service.in_(bindparam("services", expanding=True)),
        call.c.kind == "call",
    )
    .order_by(call.c.id.desc())
    .limit(bindparam("most"))
)


def to_ticket(row: Sequence[Any]) -> Ticket:
    return Ticket(*row[: len(TICKET_COLUMNS)])


def to_leg(row: Sequence[Any]) -> Leg:
    values = list(row)
    values[_STATE_AT] = State(values[_STATE_AT])
    return Leg(*values)


def both(row: Row[Any]) -> tuple[Ticket, Leg]:
    """A joined row of TICKET_COLUMNS then LEG_COLUMNS."""
    cut = len(TICKET_COLUMNS)
    return to_ticket(row[:cut]), to_leg(row[cut:])


def _plain(stop: Leg) -> dict[str, Any]:
    values = {f.name: getattr(stop, f.name) for f in fields(Leg)}
    values["state"] = str(stop.state)
    return values


class SqlTickets:
    def __init__(self, connection: Connection, site: str) -> None:
        self._connection = connection
        self._site = site

    def _rows(self, statement: Any, **values: Any) -> Sequence[Row[Any]]:
        return self._connection.execute(statement, {"site": self._site, **values}).all()

    def add_ticket(self, issued: Ticket, actor: str) -> Ticket:
        """Insert; the given id is ignored and the new one returned with the ticket."""
        values = {f.name: getattr(issued, f.name) for f in fields(Ticket) if f.name != "id"}
        result = self._connection.execute(
            insert(ticket), {"site": self._site, "actor": actor, **values}
        )
        return replace(issued, id=result.inserted_primary_key[0])

    def ticket(self, ticket_id: int) -> Ticket:
        row = self._connection.execute(
            select(*TICKET_COLUMNS).where(ticket.c.id == ticket_id, ticket.c.site == self._site)
        ).first()
        if row is None:
            raise RuleBroken("unknown_ticket")
        return to_ticket(row)

    def set_priority(self, given: Ticket) -> None:
        """Write the ticket's priority and its standing, on the ticket and its legs."""
        self._connection.execute(
            update(ticket)
            .where(ticket.c.id == given.id)
            .values(priority=given.priority, priority_state=given.priority_state)
        )
        self._connection.execute(
            update(leg).where(leg.c.ticket == given.id).values(is_priority=given.is_priority)
        )

    def add_leg(self, stop: Leg, is_priority: bool) -> Leg:
        values = _plain(stop)
        del values["id"]
        result = self._connection.execute(
            insert(leg), {"site": self._site, "is_priority": is_priority, **values}
        )
        return replace(stop, id=result.inserted_primary_key[0])

    def save_leg(self, stop: Leg, was: Leg, at: datetime) -> None:
        """Write what changed, and the serving or held stretch that ended `at`."""
        values = {name: getattr(stop, name) for name in _CHANGING}
        values["state"] = str(stop.state)
        self._connection.execute(_SAVE_LEG, {"b_id": stop.id, **values})
        if was.serving_since and not stop.serving_since:
            self._keep_span("serving", was, was.serving_since, at)
        elif was.held_at and not stop.held_at:
            self._keep_span("held", was, was.held_at, at)

    def _keep_span(self, kind: str, was: Leg, since: datetime, until: datetime) -> None:
        self._connection.execute(
            insert(span),
            {
                "leg": was.id,
                "kind": kind,
                "from_at": since,
                "to_at": max(since, until),
                "counter": was.counter,
                "officer": was.officer,
            },
        )

    def leg(self, leg_id: int) -> Leg:
        row = self._connection.execute(
            select(*LEG_COLUMNS).where(leg.c.id == leg_id, leg.c.site == self._site)
        ).first()
        if row is None:
            raise RuleBroken("unknown_leg")
        return to_leg(row)

    def legs_of(self, ticket_id: int) -> list[Leg]:
        query = select(*LEG_COLUMNS).where(leg.c.ticket == ticket_id).order_by(leg.c.position)
        return [to_leg(row) for row in self._connection.execute(query).all()]

    def active_at(self, counter: str) -> Leg | None:
        """The leg that is called or serving at `counter`, if any."""
        rows = self._rows(_ACTIVE_AT, counter=counter)
        return to_leg(rows[0]) if rows else None

    def heads(self, day: date, services: Sequence[str]) -> list[Waiting]:
        """The first of each service's line, priority and regular.

        Within a line the order is fixed, so only its head can be the next one called.
        """
        found = []
        for service in services:
            for prior in (True, False):
                rows = self._rows(_HEAD, day=day, service=service, prior=prior)
                found.extend(Waiting(*row) for row in rows)
        return found

    def line(self, day: date, service: str, limit: int) -> list[Waiting]:
        """The first `limit` waiting of one service in order."""
        return [Waiting(*row) for row in self._rows(_LINE, day=day, service=service, most=limit)]

    def ahead(self, day: date, service: str) -> int:
        return self._rows(_AHEAD, day=day, service=service)[0][0]

    def before(self, waiting: Leg) -> int:
        """How many wait for the same service with an earlier place."""
        rank = (leg.c.rank_at < waiting.rank_at) | (
            (leg.c.rank_at == waiting.rank_at) & (leg.c.rank_seq < waiting.rank_seq)
        )
        query = select(func.count()).select_from(leg).where(*_WAITING, leg.c.service == waiting.service, rank)
        values = {"site": self._site, "day": waiting.business_date}
        return self._connection.execute(query, values).scalar_one()

    def issued_count(self, day: date, service: str) -> int:
        return self._rows(_ISSUED, day=day, service=service)[0][0]

    def recent_s(self, day: date, service: str) -> tuple[int, ...]:
        """Walk and service seconds of the day's newest reliable legs, newest first."""
        return tuple(
            row.served_s + int((row.started_at - row.first_called_at).total_seconds())
            for row in self._rows(_RECENT, day=day, service=service)
            if row.started_at and row.first_called_at
        )

    def open_legs(self, day: date) -> list[tuple[Ticket, Leg]]:
        """Every leg of `day` that has not ended, planned ones included."""
        states = [str(s) for s in (OPEN | {State.PLANNED})]
        query = (
            select(*TICKET_COLUMNS, *LEG_COLUMNS)
            .join(ticket, and_(ticket.c.id == leg.c.ticket))
            .where(leg.c.site == self._site, leg.c.business_date == day, leg.c.state.in_(states))
            .order_by(leg.c.id)
        )
        return [both(row) for row in self._connection.execute(query).all()]

    def doubt_open(self, day: date) -> None:
        """Own time jumped: no duration that spans this moment is to be believed (P12)."""
        where = (leg.c.site == self._site, leg.c.business_date == day)
        waiting = leg.c.state.in_(["planned", "waiting"])
        begun = leg.c.state.in_(["called", "serving", "on_hold"])
        self._connection.execute(update(leg).where(*where, waiting).values(wait_reliable=False))
        self._connection.execute(update(leg).where(*where, begun).values(service_reliable=False))

    def add_call(self, row: Mapping[str, Any]) -> None:
        self._connection.execute(insert(call), {"site": self._site, **row})

    def priority_streak(self, day: date, gerai: str, services: Sequence[str], most: int) -> int:
        """How many of the services' newest calls in a row were priority, up to `most`."""
        streak = 0
        for row in self._rows(
            _STREAK, day=day, gerai=gerai, services=list(services), most=most
        ):
            if not row.is_priority:
                break
            streak += 1
        return streak
