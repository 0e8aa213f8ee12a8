"""Everything the screens need, from one read transaction (see server/app/snapshot.py)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from server.app.snapshot import (
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
from server.domain.tickets import State
from server.storage import snapshot_sql as sql
from server.storage.prepared import Prepared
from server.storage.work.hall_sql import both

if TYPE_CHECKING:
    from server.storage.work import SqlWork

#: how far back exceptions are looked for, in events
_EXCEPTION_WINDOW = 5000


def gather(work: SqlWork, now: datetime) -> Snapshot:
    """The hall as `work`'s transaction sees it; all of it belongs to the one head seq."""
    floor = work.floors.current()
    local = business_date(now, floor.site.timezone)
    day = max(filter(None, (work.days.open_day(), local)))
    head = work.log.head()[0]
    open_legs = _stops(work, sql.OPEN_LEGS, day)
    return Snapshot(
        seq=head,
        epoch=work.floors.epoch(),
        floor=floor,
        business_date=day,
        overrides=_overrides(work, day),
        open_legs=open_legs,
        missed=_stops(work, sql.MISSED, day),
        recent_calls=tuple(Call(*row) for row in reversed(_rows(work, sql.CALLS, day=day))),
        class_calls=_class_calls(work, day, open_legs),
        sessions=_sessions(work),
        counts=_counts(work, day),
        prints=_prints(work, floor, day),
        printers=_printers(work),
        devices=_devices(work),
        enrolments=_enrolments(work, now),
        locked=_locked(work, now),
        exceptions=tuple(
            ExceptionRow(*row) for row in _rows(work, sql.EXCEPTIONS, after=head - _EXCEPTION_WINDOW)
        ),
        recent_service_s=_recent(work, day),
        clock_doubted_since=_doubted(work),
        raised=work.alerts.raised(),
        notices=tuple(row for row in work.look.all() if row.runs_on(day)),
        brand=work.look.brand(),
        address=work.look.address(),
        screens=work.screens.screens(),
        media=work.screens.media(),
        speakers=work.displays.speakers(),
        displays=work.displays.states(),
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


def _class_calls(
    work: SqlWork, day: date, open_legs: tuple[Stop, ...]
) -> Mapping[str, list[tuple[bool, str]]]:
    """Asked only where somebody with priority waits: elsewhere there is nothing to balance."""
    wanted = {leg.gerai for ticket, leg in open_legs if ticket.is_priority and leg.state is State.WAITING}
    return {gerai: work.tickets.class_calls(day, gerai) for gerai in sorted(wanted)}


def _sessions(work: SqlWork) -> tuple[CounterSession, ...]:
    return tuple(
        CounterSession(row[0], row[1], row[2] or row[1], row[3], tuple(row[4]), *row[5:])
        for row in _rows(work, sql.SESSIONS)
    )


def _counts(work: SqlWork, day: date) -> Mapping[str, ServiceCount]:
    told: dict[str, dict[str, int]] = {}
    for service, issued in _rows(work, sql.ISSUED, day=day):
        told.setdefault(service, {})["issued"] = issued
    names = {"finished": "served"}
    for service, state, number in _rows(work, sql.ENDED, day=day):
        told.setdefault(service, {})[names.get(state, state)] = number
    return {service: ServiceCount(**figures) for service, figures in told.items()}


def _prints(work: SqlWork, floor: Floor, day: date) -> tuple[PrintJob, ...]:
    found = []
    since = instant(day, 0, floor.site.timezone)
    for row in sorted(_rows(work, sql.PRINTS, day=day, since=since)):
        job, ticket_id, label, service, device, printer, copy, state, cause, at = row
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
                at=at,
            )
        )
    return tuple(found)


def _printers(work: SqlWork) -> tuple[PrinterRow, ...]:
    pending = {printer: jobs for printer, jobs in _rows(work, sql.PENDING)}
    return tuple(
        PrinterRow(p.code, p.name, p.state, p.cause, p.since, p.host, pending.get(p.code, 0))
        for p in work.paper.printers()
    )


def _devices(work: SqlWork) -> tuple[DeviceRow, ...]:
    fallbacks = work.devices.fallbacks()
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
            fallback=fallbacks.get(row["code"]),
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
    for service, service_s in _rows(work, sql.RECENT, day=day):
        seconds = found.setdefault(service, [])
        if len(seconds) < RECENT_SERVICES_MAX:
            seconds.append(service_s)
    return {service: tuple(seconds) for service, seconds in found.items()}


def _doubted(work: SqlWork) -> datetime | None:
    rows = _rows(work, sql.CLOCK)
    return rows[0][1] if rows and rows[0][0] == "ClockDoubted" else None
