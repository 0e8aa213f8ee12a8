"""A stop of a visit: how it begins, and how what happens to it is recorded."""

from __future__ import annotations

from typing import Any

from server.app.ask import Ask
from server.app.ports import Work
from server.domain.estimate import estimate
from server.domain.events import Event
from server.domain.floor import Floor, Service
from server.domain.queueing import people_ahead
from server.domain.tickets import Leg, State, Ticket


def new_leg(
    work: Work, ask: Ask, plan: Service, ticket: Ticket, *, position: int, floor: Floor, origin: str
) -> Leg:
    """A waiting leg with everything that is frozen when a stop begins."""
    line, prior = floor.line_of(plan.code), 0
    waiting = work.tickets.ahead(ticket.business_date, line)
    if ticket.is_priority:
        prior = work.tickets.ahead(ticket.business_date, line, prior=True)
    ahead = people_ahead(waiting, prior, ticket.is_priority, floor.policy)
    open_counters = sum(
        1
        for session in work.counters.open_sessions_at(plan.gerai)
        if session.paused_since is None and plan.code in session.services
    )
    expected = estimate(ahead, open_counters, work.tickets.recent_s(ticket.business_date, plan.code))
    return Leg(
        id=0,
        ticket=ticket.id,
        business_date=ticket.business_date,
        position=position,
        service=plan.code,
        gerai=plan.gerai,
        state=State.WAITING,
        queued_at=ask.now,
        rank_at=ask.now,
        rank_seq=work.log.next_seq(),
        promised_wait_s=plan.standard.wait_s,
        promised_service_s=plan.standard.service_s,
        standard_version=plan.standard.version,
        ahead=ahead,
        open_counters=open_counters,
        origin=origin,
        estimate_from_s=expected[0] if expected else None,
        estimate_to_s=expected[1] if expected else None,
        wait_reliable=not ask.clock_suspect,
    )


def record_stop(work: Work, ask: Ask, type_: str, ticket: Ticket, leg: Leg, **data: Any) -> int:
    """Record what happened to a leg, with its ticket's number; returns the event's seq."""
    return work.log.record(
        Event(
            type_,
            ask.now,
            ask.actor,
            device=ask.device,
            ticket=ticket.id,
            leg=leg.id,
            gerai=leg.gerai,
            service=leg.service,
            counter=leg.counter,
            data={"label": ticket.label, **data},
        )
    )
