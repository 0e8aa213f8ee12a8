"""Acts on a ticket wherever it is: cancel, return, priority, transfer, reprint."""

from __future__ import annotations

from typing import Any

from server.app import calling, counters, days, present, printing, stops
from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.app.stops import record_stop
from server.app.tenancy import told_to
from server.domain import queueing, tickets
from server.domain.errors import RuleBroken
from server.domain.tickets import OPEN, Leg, State, Ticket


def whole(work: Work, ticket: Ticket) -> dict[str, Any]:
    """A ticket with legs, calls and prints, as the API tells it."""
    legs = work.tickets.legs_of(ticket.id)
    waiting = next((leg for leg in legs if leg.state is State.WAITING), None)
    return present.ticket_whole(
        ticket,
        legs,
        work.floors.current(),
        work.history.calls_of(ticket.id),
        work.history.jobs_of(ticket.id),
        ahead=before(work, waiting) if waiting else None,
    )


def before(work: Work, waiting: Leg) -> int:
    """People ahead: those of the same line, one series of numbers, with an earlier place; who has priority
    waits for the few that the rule calls first."""
    floor = work.floors.current()
    line = (floor.line_of(waiting.service) if waiting.service in floor.services else ()) or (waiting.service,)
    is_priority = work.tickets.ticket(waiting.ticket).is_priority
    prior = work.tickets.before(waiting, line, prior=True) if is_priority else 0
    return queueing.people_ahead(work.tickets.before(waiting, line), prior, is_priority, floor.policy)


def _mine(work: Work, ask: Ask, ticket_id: int) -> tuple[Ticket, list[Leg]]:
    """The ticket, if the asker may act on it: front desk and supervisors on all of them,
    an officer on those that stop or stopped at an own gerai."""
    ticket = work.tickets.ticket(ticket_id)
    legs = work.tickets.legs_of(ticket_id)
    if ask.oversees or ask.role == "receptionist":
        return ticket, legs
    if not any(leg.gerai in ask.gerai for leg in legs):
        raise RuleBroken("forbidden")
    return ticket, legs


def _open_leg(legs: list[Leg]) -> Leg:
    for leg in legs:
        if leg.state in OPEN:
            return leg
    raise RuleBroken("wrong_state", state=str(legs[-1].state), leg=legs[-1].id)


def cancel(
    work: Work, ask: Ask, *, ticket: int, by: str = "visitor", reason: str | None = None
) -> Answer:
    """End the visit. Raises wrong_state when nothing of it is open or it is being served."""
    found, legs = _mine(work, ask, ticket)
    left = [leg for leg in legs if leg.state in OPEN or leg.state is State.PLANNED]
    for stop in left or [_open_leg(legs)]:
        work.tickets.save_leg(tickets.cancel(stop, by, ask.now), stop, ask.now)
        record_stop(work, ask, "TicketCancelled", found, stop, by=by, reason=reason)
    return Answer(200, told_to(ask.role, whole(work, found)))


def give_back(work: Work, ask: Ask, *, ticket: int, reason: str | None = None) -> Answer:
    """A missed visitor returns the same day, behind as many as the policy says."""
    found, legs = _mine(work, ask, ticket)
    day = days.today(work, ask)
    leg = present.current(legs)
    if leg.business_date != day:
        raise RuleBroken("day_closed", date=leg.business_date.isoformat())
    places = work.floors.current().policy.return_places
    rank_at, rank_seq = calling.place_behind(work, ask, day, leg.service, places)
    back = tickets.give_back(leg, rank_at, rank_seq)
    work.tickets.save_leg(back, leg, ask.now)
    record_stop(work, ask, "TicketReturned", found, back, places=places, reason=reason)
    return Answer(200, told_to(ask.role, whole(work, found)))


def set_priority(
    work: Work, ask: Ask, *, ticket: int, value: str | None, reason: str | None = None
) -> Answer:
    """Give or confirm a priority, or take it away (UU 25/2009 Ps 29(2)); always logged."""
    found, legs = _mine(work, ask, ticket)
    leg = _open_leg(legs)
    known = {row["code"] for row in work.floors.current().policy.priorities}
    removed = value in (None, "", "umum")
    if not removed and value not in known:
        raise RuleBroken("invalid", field="value")
    if removed and found.priority is None:
        return Answer(200, told_to(ask.role, whole(work, found)))
    standing = "removed" if removed else "confirmed"
    changed = found._replace(
        priority=found.priority if removed else value, priority_state=standing
    )
    work.tickets.set_priority(changed)
    record_stop(
        work, ask, "PrioritySet", changed, leg, value=changed.priority, standing=standing, reason=reason
    )
    return Answer(200, told_to(ask.role, whole(work, changed)))


def transfer_ticket(
    work: Work, ask: Ask, *, ticket: int, service: str, reason: str | None = None
) -> Answer:
    """Send the visit on to another service; number and issue time stay."""
    found, legs = _mine(work, ask, ticket)
    _transfer(work, ask, found, legs, service, reason)
    return Answer(200, told_to(ask.role, whole(work, found)))


def transfer_from_counter(
    work: Work, ask: Ask, *, counter: str, service: str, leg: int | None = None, reason: str | None = None
) -> Answer:
    """The officer sends the visitor at the counter on to another service."""
    session, stop = calling.at_counter(work, ask, counter, leg)
    found = work.tickets.ticket(stop.ticket)
    _transfer(work, ask, found, work.tickets.legs_of(found.id), service, reason)
    work.counters.touch(session, ask.now)
    return Answer(200, counters.told(work, counter, session, work.tickets.leg(stop.id)))


def _transfer(
    work: Work, ask: Ask, ticket: Ticket, legs: list[Leg], service: str, reason: str | None
) -> None:
    floor = work.floors.current()
    plan = floor.services.get(service)
    if plan is None:
        raise RuleBroken("unknown_service", service=service[:60])
    leg = _open_leg(legs)
    if leg.service == service:
        raise RuleBroken("wrong_state", state=str(leg.state), service=service)
    day = days.today(work, ask)
    if day != leg.business_date:
        raise RuleBroken("day_closed", date=leg.business_date.isoformat())
    ended = tickets.transfer(leg, ask.now)
    work.tickets.save_leg(ended, leg, ask.now)
    fresh = stops.new_leg(
        work, ask, plan, ticket, position=legs[-1].position + 1, floor=floor, origin="transferred"
    )
    rank_at, rank_seq = queueing.rank_for_transfer(ticket.issued_at, work.log.next_seq())
    fresh = work.tickets.add_leg(
        fresh._replace(rank_at=rank_at, rank_seq=rank_seq), ticket.is_priority
    )
    record_stop(
        work,
        ask,
        "TicketTransferred",
        ticket,
        leg,
        to_service=service,
        to_gerai=plan.gerai,
        reason=reason,
        new_leg=fresh.id,
    )


def reprint(
    work: Work, ask: Ask, *, ticket: int, printer: str | None = None, reason: str | None = None
) -> Answer:
    """Another paper of the same number, marked CETAK ULANG n.

    Raises unknown_printer when none is named and none stands by the ticket's kiosk.
    """
    found, legs = _mine(work, ask, ticket)
    chosen = printer or _first_printer(work, found)
    if chosen is None or not work.paper.has_printer(chosen):
        raise RuleBroken("unknown_printer", printer=(chosen or "")[:60])
    last = work.paper.last_copy(found.id)
    copy = 0 if last is None else last + 1
    printing.queue_slip(work, ask, found, present.current(legs), chosen, copy=copy, reason=reason)
    return Answer(200, told_to(ask.role, whole(work, found)))


def _first_printer(work: Work, ticket: Ticket) -> str | None:
    if ticket.device is not None:
        device = work.devices.device(ticket.device)
        if device and device["printer"]:
            return str(device["printer"])
    printers = work.paper.printers()
    return printers[0].code if printers else None
