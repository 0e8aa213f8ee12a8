"""A number for a visitor: the touch that writes ticket and leg, event, and print job."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from server.app import beside, branding, days, printing, slips, stops
from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.app.present import instant
from server.app.present import priority as told_priority
from server.domain import hours
from server.domain.calendar import business_date
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.floor import Floor, Service
from server.domain.tickets import Leg, State, Ticket

#: standing reason -> refusal code; all others are plainly `closed`
_CODES = {
    "after_cutoff": "after_cutoff",
    "quota_reached": "quota_reached",
    "clock_suspect": "clock_suspect",
}
_CHANNELS = {"device": "kiosk", "user": "petugas", "api": "api", "cli": "api"}


def issue(
    work: Work,
    ask: Ask,
    *,
    service: str,
    priority: str | None = None,
    language: str = "id",
    mode: str | None = None,
    printer: str | None = None,
    then: Sequence[str] = (),
) -> Answer:
    """Give the next number of `service`'s series.

    `then`: services of later stops, planned now and begun when the stop before is finished.

    A refusal (closed, after_cutoff, quota_reached, range_exhausted, clock_suspect) is
    recorded once per key as unmet demand and changes no ticket, leg or series.
    """
    floor = work.floors.current()
    plan = floor.services.get(service)
    if plan is None:
        raise RuleBroken("unknown_service", service=service[:60])
    if language not in floor.site.languages:
        language = floor.site.languages[0]
    for later in then:
        if later not in floor.services:
            raise RuleBroken("unknown_service", service=later[:60])
    priority = _asked_priority(floor, ask, priority)
    slip_printer = _printer(work, ask, printer)
    try:
        day = days.today(work, ask)
        _must_be_open(work, ask, plan, day)
        number, label = work.days.take_number(day, plan.series, floor)
    except RuleBroken as refusal:
        return _refuse(work, ask, plan, refusal)
    ticket = _ticket(ask, plan, day, number, label, language, priority, mode)
    ticket = work.tickets.add_ticket(ticket, ask.actor)
    first = stops.new_leg(work, ask, plan, ticket, position=1, floor=floor, origin="issued")
    leg = work.tickets.add_leg(first, ticket.is_priority)
    for position, later in enumerate(then, start=2):
        _plan_stop(work, ask, floor, ticket, later, position)
    work.log.record(_issued(ask, plan, ticket, leg))
    job = printing.queue_slip(work, ask, ticket, leg, slip_printer, copy=0) if slip_printer else None
    return Answer(201, _answer(work, floor, plan, ticket, leg, slip_printer, job))


def _asked_priority(floor: Floor, ask: Ask, wanted: str | None) -> str | None:
    if wanted in (None, "", "umum"):
        return None
    if wanted not in {row["code"] for row in floor.policy.priorities}:
        raise RuleBroken("invalid", field="priority")
    if ask.device is not None and floor.policy.priority_mode == "staff_only":
        raise RuleBroken("forbidden", field="priority")
    return wanted


def _printer(work: Work, ask: Ask, wanted: str | None) -> str | None:
    """The named printer, or the one that stands by the asking kiosk, or that one's fallback."""
    if wanted is None and ask.device is not None:
        device = work.devices.device(ask.device)
        own = device["printer"] if device else None
        wanted = own and beside.printer_for(work, ask.device, own)
    if wanted is None:
        return None
    if not work.paper.has_printer(wanted):
        raise RuleBroken("unknown_printer", printer=wanted[:60])
    return wanted


def _must_be_open(work: Work, ask: Ask, plan: Service, day: date) -> None:
    issued = work.tickets.issued_count(day, plan.code) if plan.quota is not None else 0
    now = hours.standing(
        work.floors.current(),
        plan.code,
        ask.now,
        work.floors.overrides(),
        issued,
        ask.clock_suspect,
    )
    if not now.open:
        reason = now.reason or "closed"
        raise RuleBroken(
            _CODES.get(reason, "closed"),
            reason=reason,
            opens_at=instant(now.opens_at),
            why=now.why or None,
        )


def _refuse(work: Work, ask: Ask, plan: Service, refusal: RuleBroken) -> Answer:
    """Keep the unmet wish, once per key, and say no after the commit."""
    if refusal.code == "day_closed":
        refusal = RuleBroken("closed", reason="closed", opens_at=None, why=None)
    reason = refusal.code if refusal.code != "closed" else refusal.facts.get("reason", "closed")
    local = business_date(ask.now, work.floors.current().site.timezone)
    row = {
        "business_date": local,
        "actor": ask.actor,
        "key": ask.key,
        "service": plan.code,
        "reason": reason,
        "device": ask.device,
        "at": ask.now,
    }
    if work.log.refuse_once(row):
        work.log.record(
            Event(
                "TicketRefused",
                ask.now,
                ask.actor,
                device=ask.device,
                gerai=plan.gerai,
                service=plan.code,
                data={"service": plan.code, "reason": reason},
            )
        )
    return Answer(409, None, refused=refusal)


def _ticket(
    ask: Ask,
    plan: Service,
    day: date,
    number: int,
    label: str,
    language: str,
    priority: str | None,
    mode: str | None,
) -> Ticket:
    staff = ask.device is None
    return Ticket(
        id=0,
        business_date=day,
        series=plan.series,
        number=number,
        label=label,
        token=ask.token,
        service=plan.code,
        issued_at=ask.now,
        channel=_CHANNELS.get(ask.actor.partition(":")[0], "api"),
        mode=mode or ("langsung" if staff else "mandiri"),
        device=ask.device,
        language=language,
        priority=priority,
        # staff saw the visitor; at the kiosk it is a wish the officer confirms
        priority_state=None if priority is None else "confirmed" if staff else "asked",
    )


def _plan_stop(
    work: Work, ask: Ask, floor: Floor, ticket: Ticket, service: str, position: int
) -> None:
    plan = floor.services[service]
    stop = stops.new_leg(work, ask, plan, ticket, position=position, floor=floor, origin="planned")
    work.tickets.add_leg(stop._replace(state=State.PLANNED), ticket.is_priority)


def _issued(ask: Ask, plan: Service, ticket: Ticket, leg: Leg) -> Event:
    return Event(
        "TicketIssued",
        ask.now,
        ask.actor,
        device=ask.device,
        ticket=ticket.id,
        leg=leg.id,
        gerai=plan.gerai,
        service=plan.code,
        data={
            "number": ticket.number,
            "label": ticket.label,
            "series": ticket.series,
            "service": plan.code,
            "business_date": ticket.business_date.isoformat(),
            "ahead": leg.ahead,
            "channel": ticket.channel,
            "mode": ticket.mode,
            "priority": ticket.priority,
            "language": ticket.language,
            "estimate": _range(leg),
        },
    )


def _range(leg: Leg) -> dict[str, int | None] | None:
    if leg.estimate_from_s is None:
        return None
    return {"from_s": leg.estimate_from_s, "to_s": leg.estimate_to_s}


def _answer(
    work: Work,
    floor: Floor,
    plan: Service,
    ticket: Ticket,
    leg: Leg,
    printer: str | None,
    job: int | None,
) -> dict[str, Any]:
    gerai = floor.gerai[plan.gerai]
    zone = floor.zones[gerai.zone]
    return {
        "id": ticket.id,
        "number": ticket.label,
        "token": ticket.token,
        "url": slips.ticket_url(branding.address(work), ticket.token),
        "service": plan.code,
        "service_name": dict(plan.name),
        "gerai": gerai.code,
        "gerai_name": gerai.name,
        "zone": zone.code,
        "zone_name": zone.name,
        "zone_color": zone.color,
        "place": gerai.place,
        "counters": [floor.counters[code].label for code in floor.counters_for(plan.code)],
        "ahead": leg.ahead,
        "estimate": _range(leg),
        "business_date": ticket.business_date.isoformat(),
        "issued_at": instant(ticket.issued_at),
        "priority": told_priority(ticket),
        "language": ticket.language,
        "print": {"state": "queued" if job else "none", "printer": printer, "job": job},
    }
