"""The measures of DESIGN section 7 as SQL, one stop (leg) a row; the same on SQLite and PostgreSQL.

Instants are microseconds; a time is its whole seconds, never negative, and NULL where it did not happen or where its flag
says it is not to be believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from server.app.figure_ports import Counted
from server.domain.measures import Fact
from server.domain.tickets import ENDED
from server.storage.schema.floor import gerai
from server.storage.schema.hall import leg, ticket
from server.storage.types import as_number as _us

_SECOND, _HOUR_S, _DAY_S = 1_000_000, 3600, 86_400
_STATE = {
    "finished": Fact.SERVED,
    "no_show": Fact.NO_SHOW,
    "cancelled": Fact.CANCELLED,
    "expired": Fact.EXPIRED,
    "transferred": Fact.TRANSFERRED_OUT,
}


def _passed(since: Any, until: Any) -> Any:
    passed = (_us(until) - _us(since)) // _SECOND
    return case((passed > 0, passed), else_=0)


def _late(until: Any) -> ColumnElement[bool]:
    """Longer in the line than the promise, in whole seconds."""
    return _us(until) - _us(leg.c.queued_at) >= (leg.c.promised_wait_s + 1) * _SECOND


_CALLED = and_(leg.c.first_called_at.is_not(None), leg.c.wait_reliable)
_WALKED = and_(leg.c.first_called_at.is_not(None), leg.c.started_at.is_not(None), leg.c.service_reliable)
_ENDED = leg.c.state.in_(sorted(map(str, ENDED)))
_SERVED = and_(leg.c.started_at.is_not(None), leg.c.service_reliable, _ENDED)
#: ended without a call although the promise counted for it
_UNCALLED = and_(
    leg.c.first_called_at.is_(None),
    leg.c.wait_reliable,
    leg.c.ended_at.is_not(None),
    (leg.c.state == "expired") | and_(leg.c.state == "cancelled", _late(leg.c.ended_at)),
)


def _facts() -> Any:
    told = (
        (leg.c.origin == "issued", Fact.ISSUED),
        (leg.c.first_called_at.is_not(None), Fact.CALLED),
        (leg.c.origin == "transferred", Fact.TRANSFERRED_IN),
        (and_(_CALLED, ~_late(leg.c.first_called_at)), Fact.IN_TIME),
        (_CALLED | _UNCALLED, Fact.OF_TIME),
        (and_(_SERVED, leg.c.served_s <= leg.c.promised_service_s), Fact.SERVICE_IN_TIME),
        (~leg.c.wait_reliable, Fact.WAIT_DOUBTED),
        (~leg.c.service_reliable, Fact.SERVICE_DOUBTED),
    )
    whole: Any = case({state: int(fact) for state, fact in _STATE.items()}, value=leg.c.state, else_=int(Fact.OPEN))
    for condition, fact in told:
        whole += case((condition, int(fact)), else_=0)
    return whole


#: in the order of `server/app/counting.py`: the set of Facts, `running`, then `measures.TIMES`
MEASURES = (
    _facts().label("facts"),
    # What was served so far of a stop that has not ended; occupancy is this and all service times. One that the day's
    # closing ended is in neither: nobody knows when its visitor left.
    case((and_(~_ENDED, leg.c.service_reliable), leg.c.served_s), else_=0).label("running"),
    case((_CALLED, _passed(leg.c.queued_at, leg.c.first_called_at))).label("wait"),
    case((_WALKED, _passed(leg.c.first_called_at, leg.c.started_at))).label("walk"),
    case((_SERVED, leg.c.served_s)).label("service_time"),
    # Whoever was still set aside when the day closed was never taken up again: how long that took is nobody's time on hold.
    case((and_(_ENDED, leg.c.state != "expired", leg.c.held_s > 0), leg.c.held_s)).label("hold"),
)


def counted(wanted: Counted) -> list[ColumnElement[bool]]:
    """What a stop has to be for a figure to count it."""
    measures = {column.name: column.element for column in MEASURES}
    where: list[ColumnElement[bool]] = []
    if wanted.fact is not None:
        where.append(measures["facts"] // wanted.fact % 2 == 1)
    if wanted.time is not None:
        where.append(measures[wanted.time].is_not(None))
        where += [measures[wanted.time] > wanted.over_s] if wanted.over_s is not None else []
        where += [measures[wanted.time] <= wanted.upto_s] if wanted.upto_s is not None else []
    return where


def _offsets(zone: ZoneInfo, since: datetime, until: datetime) -> list[tuple[datetime, int]]:
    """[(from when, seconds east)] over a stretch of time, to the second; one row where the zone does not change."""
    found = [(since, _east_s(zone, since))]
    day = since
    while day < until:
        following = day + timedelta(days=1)
        if _east_s(zone, following) != found[-1][1]:
            before, after = day, following
            while after - before > timedelta(seconds=1):
                middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
                before, after = (middle, after) if _east_s(zone, middle) == found[-1][1] else (before, middle)
            found.append((after, _east_s(zone, after)))
        day = following
    return found


def _east_s(zone: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def local_hour(instant: Any, timezone: str, first: date, last: date) -> Any:
    """The hour of an instant by the site's clock, 0 to 23, for dates `first` to `last`; with the zone's changes among them."""
    midnight = datetime.combine(first, time.min, UTC)
    rows = _offsets(ZoneInfo(timezone), midnight - timedelta(days=2), midnight + (last - first) + timedelta(days=3))
    east: Any = rows[0][1]
    if len(rows) > 1:
        bounds = zip(rows, rows[1:], strict=False)
        east = case(*((_us(instant) < int(end.timestamp()) * _SECOND, seconds) for (_, seconds), (end, _) in bounds), else_=rows[-1][1])
    return (_us(instant) // _SECOND + east) % _DAY_S // _HOUR_S


_PRIORITY = case(
    (and_(ticket.c.priority.is_not(None), func.coalesce(ticket.c.priority_state, "asked") != "removed"), ticket.c.priority),
    else_="umum",
)
#: what a stop can be told by; `hour` is the site's, of the moment it began to wait
COLUMNS: Mapping[str, Any] = {
    "gerai": leg.c.gerai,
    "service": leg.c.service,
    "counter": leg.c.counter,
    "officer": leg.c.officer,
    "date": leg.c.business_date,
    "zone": gerai.c.zone,
    "agency": gerai.c.agency,
    "channel": ticket.c.channel,
    "mode": ticket.c.mode,
    "priority": _PRIORITY,
    #: the wait that was promised, s; what nobody asks for by itself
    "promise": leg.c.promised_wait_s,
}
_OF_TICKET = frozenset({"channel", "mode", "priority"})
_OF_GERAI = frozenset({"zone", "agency"})


def stops(columns: Sequence[Any], by: Sequence[str]) -> Select[Any]:
    """Legs with these columns; with their tickets and gerai where they are told by something of theirs."""
    query = select(*columns).select_from(leg)
    if _OF_TICKET.intersection(by):
        query = query.join(ticket, ticket.c.id == leg.c.ticket)
    return _with_gerai(query, by)


def _with_gerai(query: Select[Any], by: Sequence[str]) -> Select[Any]:
    if not _OF_GERAI.intersection(by):
        return query
    return query.join(gerai, (gerai.c.site == leg.c.site) & (gerai.c.code == leg.c.gerai))


#: what all stops of a visit have in common
OF_VISIT = frozenset({"date", *_OF_TICKET})


def visits(dims: Sequence[Any], by: Sequence[str], whole: bool) -> Select[Any]:
    """One row for each ticket of each group: 1 when it was left, its stay in seconds, the group.

    A row looks at a visit with the stops in its group only; `whole`: they are all of the visit's. Left: nothing served to its
    end, and expired or cancelled by the visitor. A stay is known where all stops are in the group and have ended, reliably,
    the last of them served.
    """
    order = _us(leg.c.ended_at) * 1000 + leg.c.position
    finished = case((leg.c.state == "finished", 1), else_=0)
    gone = case(((leg.c.state == "expired") | (func.coalesce(leg.c.outcome, "") == "cancelled_by_visitor"), 1), else_=0)
    sure = case((and_(_ENDED, leg.c.ended_at.is_not(None), leg.c.wait_reliable, leg.c.service_reliable), 1), else_=0)
    known = [func.min(sure) == 1, func.max(order) == func.max(case((leg.c.state == "finished", order)))]
    if not whole:
        stop = leg.alias("stop")
        known.append(func.count() == select(func.count()).select_from(stop).where(stop.c.ticket == leg.c.ticket).scalar_subquery())
    stayed = (func.max(_us(leg.c.ended_at)) - func.min(_us(ticket.c.issued_at))) // _SECOND
    left = case((and_(func.max(finished) == 0, func.max(gone) == 1), 1), else_=0)
    query = select(left, case((and_(*known), case((stayed > 0, stayed), else_=0))), *dims)
    return _with_gerai(query.select_from(leg).join(ticket, ticket.c.id == leg.c.ticket), by).group_by(*dims, leg.c.ticket)
