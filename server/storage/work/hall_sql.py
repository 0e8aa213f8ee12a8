"""The statements about tickets, legs and calls, and how rows become records."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Insert,
    Table,
    bindparam,
    false,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    union_all,
    update,
)

from server.domain.tickets import ACTIVE, Leg, State, Ticket
from server.storage.prepared import Prepared, one_of
from server.storage.schema.hall import call, leg, span, ticket

TICKET_COLUMNS = [ticket.c[name] for name in Ticket._fields]
LEG_COLUMNS = [leg.c[name] for name in Leg._fields]
_STATE_AT = Leg._fields.index("state")
_TICKET_SIZE = len(TICKET_COLUMNS)
_FIXED = {"id", "ticket", "business_date", "position", "service", "gerai"}
CHANGING = tuple(name for name in Leg._fields if name not in _FIXED)
_RECENT_MAX = 20



@lru_cache(maxsize=256)
def save_leg(changed: tuple[str, ...]) -> Prepared:
    """Write these columns only: SQLite then leaves the indexes of all others alone."""
    values = {name: bindparam(name) for name in changed}
    return Prepared(update(leg).where(leg.c.id == bindparam("b_id")).values(values))


ACTIVE_AT = Prepared(
    select(*LEG_COLUMNS).where(
        leg.c.site == bindparam("site"),
        leg.c.counter == bindparam("counter"),
        one_of(leg.c.state, ACTIVE),
    )
)
WAITING = (
    leg.c.site == bindparam("site"),
    leg.c.business_date == bindparam("day"),
    leg.c.state == literal_column("'waiting'"),
)
PRIOR = (*WAITING, leg.c.is_priority)
_PLACE = (
    leg.c.id,
    leg.c.ticket,
    leg.c.service,
    leg.c.is_priority,
    leg.c.rank_at,
    leg.c.rank_seq,
    leg.c.queued_at,
)
LINE = Prepared(
    select(*_PLACE)
    .where(*WAITING, leg.c.service == bindparam("service"))
    .order_by(leg.c.rank_at, leg.c.rank_seq)
    .limit(bindparam("most"))
)
ISSUED = Prepared(
    select(func.count())
    .select_from(ticket)
    .where(
        ticket.c.site == bindparam("site"),
        ticket.c.business_date == bindparam("day"),
        ticket.c.service == bindparam("service"),
    )
)
RECENT = Prepared(
    select(leg.c.served_s, leg.c.first_called_at, leg.c.started_at)
    .where(
        leg.c.site == bindparam("site"),
        leg.c.business_date == bindparam("day"),
        leg.c.service == bindparam("service"),
        one_of(leg.c.state, ["finished"]),
        leg.c.service_reliable,
    )
    .order_by(leg.c.ended_at.desc())
    .limit(_RECENT_MAX)
)
#: how many of a gerai's newest calls are looked at for the streak
_STREAK_WINDOW = 60
STREAK = Prepared(
    select(call.c.is_priority, call.c.service)
    .where(
        call.c.site == bindparam("site"),
        call.c.business_date == bindparam("day"),
        call.c.gerai == bindparam("gerai"),
        call.c.kind == "call",
    )
    .order_by(call.c.id.desc())
    .limit(_STREAK_WINDOW)
)


@lru_cache(maxsize=256)
def heads_of(services: tuple[str, ...]) -> Prepared:
    """One statement with an index look-up for each service and class."""
    parts = []
    for at, _ in enumerate(services):
        for prior in (true(), false()):
            head = (
                select(*_PLACE)
                .where(*WAITING, leg.c.service == bindparam(f"s{at}"), leg.c.is_priority == prior)
                .order_by(leg.c.rank_at, leg.c.rank_seq)
                .limit(1)
            )
            parts.append(select(head.subquery()))
    return Prepared(union_all(*parts))


@lru_cache(maxsize=256)
def ahead_in(size: int, prior: bool) -> Prepared:
    """How many wait for any of `size` services, named s0, s1, ...; `prior`: with priority."""
    names = [leg.c.service == bindparam(f"s{at}") for at in range(size)]
    return Prepared(select(func.count()).select_from(leg).where(*(PRIOR if prior else WAITING), or_(*names)))


def _adding(table: Table, names: list[str]) -> Insert:
    return insert(table).values({name: bindparam(name) for name in names})


ADD_SPAN = Prepared(_adding(span, [c.name for c in span.columns if c.name != "id"]))
ADD_TICKET = Prepared(
    _adding(ticket, [c.name for c in ticket.columns if c.name != "id"]).returning(ticket.c.id)
)
ADD_LEG = Prepared(
    _adding(leg, [c.name for c in leg.columns if c.name != "id"]).returning(leg.c.id)
)
ADD_CALL = Prepared(_adding(call, [c.name for c in call.columns]))
TICKET = Prepared(
    select(*TICKET_COLUMNS).where(
        ticket.c.site == bindparam("site"), ticket.c.id == bindparam("id")
    )
)
LEG = Prepared(
    select(*LEG_COLUMNS).where(leg.c.site == bindparam("site"), leg.c.id == bindparam("id"))
)
_LEGS = (
    select(*LEG_COLUMNS)
    .where(leg.c.site == bindparam("site"), leg.c.ticket == bindparam("ticket"))
    .order_by(leg.c.position)
)
LEGS_OF = Prepared(_LEGS)
NEXT_STOP = Prepared(_LEGS.where(one_of(leg.c.state, ["planned"])).limit(1))


def to_ticket(row: Sequence[Any]) -> Ticket:
    return Ticket._make(row[:_TICKET_SIZE])


_STATES = {str(state): state for state in State}


def to_leg(row: Sequence[Any]) -> Leg:
    values = list(row)
    values[_STATE_AT] = _STATES[values[_STATE_AT]]
    return Leg._make(values)


def both(row: Sequence[Any]) -> tuple[Ticket, Leg]:
    """A joined row of TICKET_COLUMNS then LEG_COLUMNS."""
    return Ticket._make(row[:_TICKET_SIZE]), to_leg(row[_TICKET_SIZE:])


def plain(stop: Leg) -> dict[str, Any]:
    values = stop._asdict()
    values["state"] = str(stop.state)
    return values
