"""Everything the screens need, from one read transaction (see server/app/snapshot.py)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, exists, func, select

from server.app.snapshot import (
    CALLS_MAX,
    EXCEPTION_TYPES,
    EXCEPTIONS_MAX,
    PRINTS_MAX,
    RECENT_SERVICES_MAX,
    Call,
    CounterSession,
    DeviceRow,
    Enrolment,
    ExceptionRow,
    LockedAccount,
    PrinterRow,
    PrintJob,
    ServiceCount,
    Snapshot,
    Stop,
)
from server.domain.calendar import Override, business_date, instant
from server.domain.floor import Floor
from server.domain.tickets import OPEN
from server.storage.prepared import Prepared, one_of
from server.storage.schema.hall import call, counter_session, leg, pause, ticket
from server.storage.schema.log import event
from server.storage.schema.paper import print_job
from server.storage.schema.people import person
from server.storage.work.hall_sql import LEG_COLUMNS, TICKET_COLUMNS, both

if TYPE_CHECKING:
    from server.storage.work import SqlWork

#: how far back exceptions are looked for, in events
_EXCEPTION_WINDOW = 5000
#: legs read to find the newest service times of all services
_RECENT_READ = 400

_SITE_DAY = (leg.c.site == bindparam("site"), leg.c.business_date == bindparam("day"))
_STOPS = select(*TICKET_COLUMNS, *LEG_COLUMNS).join(ticket, ticket.c.id == leg.c.ticket)
_OPEN_LEGS = Prepared(
    _STOPS.where(
        *_SITE_DAY, one_of(leg.c.state, OPEN)
    ).order_by(leg.c.rank_at, leg.c.rank_seq)
)
_later = leg.alias("later")
_MISSED = Prepared(
    _STOPS.where(
        *_SITE_DAY,
        one_of(leg.c.state, ["no_show"]),
        ~exists().where(and_(_later.c.ticket == leg.c.ticket, _later.c.position > leg.c.position)),
    ).order_by(leg.c.ended_at)
)
_CALLS = Prepared(
    select(
        call.c.id,
        call.c.at,
        call.c.leg,
        call.c.ticket,
        call.c.label,
        call.c.counter,
        call.c.gerai,
        call.c.count,
        call.c.language,
        call.c.kind,
    )
    .where(call.c.site == bindparam("site"), call.c.business_date == bindparam("day"))
    .order_by(call.c.id.desc())
    .limit(CALLS_MAX)
)
_SESSIONS = Prepared(
    select(
        counter_session.c.counter,
        counter_session.c.officer,
        person.c.name,
        counter_session.c.opened_at,
        counter_session.c.services,
        pause.c.from_at,
        pause.c.reason,
        counter_session.c.lost_since,
    )
    .select_from(
        counter_session.outerjoin(person, person.c.username == counter_session.c.officer).outerjoin(
            pause, and_(pause.c.session == counter_session.c.id, pause.c.to_at.is_(None))
        )
    )
    .where(counter_session.c.site == bindparam("site"), counter_session.c.closed_at.is_(None))
    .order_by(counter_session.c.counter)
)
_ISSUED = Prepared(
    select(ticket.c.service, func.count())
    .where(ticket.c.site == bindparam("site"), ticket.c.business_date == bindparam("day"))
    .group_by(ticket.c.service)
)
_ENDED = Prepared(
    select(leg.c.service, leg.c.state, func.count())
    .where(*_SITE_DAY, one_of(leg.c.state, ["finished", "no_show", "cancelled"]))
    .group_by(leg.c.state, leg.c.service)
)
_PRINTS = Prepared(
    select(
        print_job.c.id,
        print_job.c.ticket,
        ticket.c.label,
        ticket.c.service,
        print_job.c.device,
        print_job.c.printer,
        print_job.c.copy,
        print_job.c.state,
        print_job.c.cause,
        print_job.c.created_at,
        print_job.c.claimed_at,
        print_job.c.ended_at,
    )
    .join(ticket, ticket.c.id == print_job.c.ticket)
    .where(
        print_job.c.site == bindparam("site"),
        # not needed for the answer, but ends the walk through the index at midnight
        print_job.c.created_at >= bindparam("since"),
        ticket.c.business_date == bindparam("day"),
    )
    .order_by(print_job.c.created_at.desc(), print_job.c.id.desc())
    .limit(PRINTS_MAX)
)
_PENDING = Prepared(
    select(print_job.c.printer, func.count())
    .where(print_job.c.site == bindparam("site"), one_of(print_job.c.state, ["queued", "sending"]))
    .group_by(print_job.c.printer)
)
_RECENT = Prepared(
    select(leg.c.service, leg.c.served_s, leg.c.first_called_at, leg.c.started_at)
    .where(*_SITE_DAY, one_of(leg.c.state, ["finished"]), leg.c.service_reliable)
    .order_by(leg.c.ended_at.desc())
    .limit(_RECENT_READ)
)
_EXCEPTIONS = Prepared(
    select(event.c.seq, event.c.at, event.c.type, event.c.actor, event.c.data)
    .where(
        event.c.site == bindparam("site"),
        event.c.seq > bindparam("after"),
        one_of(event.c.type, EXCEPTION_TYPES),
    )
    .order_by(event.c.seq.desc())
    .limit(EXCEPTIONS_MAX)
)
_CLOCK = Prepared(
    select(event.c.type, event.c.at)
    .where(
        event.c.site == bindparam("site"), one_of(event.c.type, ["ClockDoubted", "ClockConfirmed"])
    )
    .order_by(event.c.at.desc())
    .limit(1)
)


def gather(work: SqlWork, now: datetime) -> Snapshot:
    """The hall as `work`'s transaction sees it; all of it belongs to the one head seq."""
    floor = work.floors.current()
    local = business_date(now, floor.site.timezone)
    day = max(filter(None, (work.days.open_day(), local)))
    head = work.log.head()[0]
    return Snapshot(
        seq=head,
        epoch=work.floors.epoch(),
        floor=floor,
        business_date=day,
        overrides=_overrides(work, day),
        open_legs=_stops(work, _OPEN_LEGS, day),
        missed=_stops(work, _MISSED, day),
        recent_calls=tuple(Call(*row) for row in reversed(_rows(work, _CALLS, day=day))),
        sessions=_sessions(work),
        counts=_counts(work, day),
        prints=_prints(work, floor, day),
        printers=_printers(work),
        devices=_devices(work),
        enrolments=_enrolments(work, now),
        locked=_locked(work, now),
        exceptions=tuple(
            ExceptionRow(*row) for row in _rows(work, _EXCEPTIONS, after=head - _EXCEPTION_WINDOW)
        ),
        recent_service_s=_recent(work, day),
        clock_doubted_since=_doubted(work),
        notices=tuple(row for row in work.look.all() if row.runs_on(day)),
        brand=work.look.brand(),
    )


def _rows(work: SqlWork, query: Prepared, **values: Any) -> list[list[Any]]:
    return query.all(work.connection, site=work.log.site, **values)


def _stops(work: SqlWork, query: Prepared, day: date) -> tuple[Stop, ...]:
    return tuple(both(row) for row in _rows(work, query, day=day))


def _overrides(work: SqlWork, day: date) -> tuple[Override, ...]:
    return tuple(
        row
        for row in work.floors.overrides()
        if row.date_to is None or row.date_to >= day
    )


def _sessions(work: SqlWork) -> tuple[CounterSession, ...]:
    return tuple(
        CounterSession(row[0], row[1], row[2] or row[1], row[3], tuple(row[4]), *row[5:])
        for row in _rows(work, _SESSIONS)
    )


def _counts(work: SqlWork, day: date) -> Mapping[str, ServiceCount]:
    told: dict[str, dict[str, int]] = {}
    for service, issued in _rows(work, _ISSUED, day=day):
        told.setdefault(service, {})["issued"] = issued
    names = {"finished": "served"}
    for service, state, number in _rows(work, _ENDED, day=day):
        told.setdefault(service, {})[names.get(state, state)] = number
    return {service: ServiceCount(**figures) for service, figures in told.items()}


def _prints(work: SqlWork, floor: Floor, day: date) -> tuple[PrintJob, ...]:
    found = []
    since = instant(day, 0, floor.site.timezone)
    for row in sorted(_rows(work, _PRINTS, day=day, since=since)):
        job, ticket_id, label, service, device, printer, copy, state, cause, *instants = row
        created_at, claimed_at, ended_at = instants
        plan = floor.services.get(service)
        found.append(
            PrintJob(
                id=job,
                ticket=ticket_id,
                label=label,
                gerai=plan.gerai if plan else "",
                device=device,
                printer=printer,
                copy=copy,
                state=state,
                cause=cause,
                at=ended_at or claimed_at or created_at,
            )
        )
    return tuple(found)


def _printers(work: SqlWork) -> tuple[PrinterRow, ...]:
    pending = {printer: jobs for printer, jobs in _rows(work, _PENDING)}
    return tuple(
        PrinterRow(p.code, p.name, p.state, p.cause, p.since, p.host, pending.get(p.code, 0))
        for p in work.paper.printers()
    )


def _devices(work: SqlWork) -> tuple[DeviceRow, ...]:
    return tuple(
        DeviceRow(
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            zone=row["zone"],
            printer=row["printer"],
            state=row["state"],
            since=row["since"],
            revoked=row["revoked_at"] is not None,
        )
        for row in work.devices.devices()
    )


def _enrolments(work: SqlWork, now: datetime) -> tuple[Enrolment, ...]:
    return tuple(
        Enrolment(row["code"], row["kind"], row["asked_at"]) for row in work.devices.enrolments(now)
    )


def _locked(work: SqlWork, now: datetime) -> tuple[LockedAccount, ...]:
    return tuple(
        LockedAccount(row["subject"].removeprefix("user:"), row["locked_until"])
        for row in work.people.guards_locked(now)
        if row["subject"].startswith("user:")
    )


def _recent(work: SqlWork, day: date) -> Mapping[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for service, served_s, called_at, started_at in _rows(work, _RECENT, day=day):
        seconds = found.setdefault(service, [])
        if called_at and started_at and len(seconds) < RECENT_SERVICES_MAX:
            seconds.append(served_s + int((started_at - called_at).total_seconds()))
    return {service: tuple(seconds) for service, seconds in found.items()}


def _doubted(work: SqlWork) -> datetime | None:
    rows = _rows(work, _CLOCK)
    return rows[0][1] if rows and rows[0][0] == "ClockDoubted" else None
