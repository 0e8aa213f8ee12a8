"""An officer opens, pauses, resumes and closes a counter; a supervisor releases one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.app import days, present
from server.app.ask import Answer, Ask
from server.app.ports import Session, Work
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.floor import Counter
from server.domain.tickets import Leg


def plan_of(work: Work, ask: Ask, code: str) -> Counter:
    """The counter in the floor plan. Raises unknown_counter, not_your_counter."""
    plan = work.floors.current().counters.get(code)
    if plan is None:
        raise RuleBroken("unknown_counter", counter=code[:60])
    if not ask.oversees and plan.gerai not in ask.gerai:
        raise RuleBroken("not_your_counter", counter=code)
    return plan


def session_of(work: Work, ask: Ask, code: str) -> Session:
    """The asking officer's own open session at the counter.

    Raises counter_closed, or not_your_counter with the officer who has it.
    """
    plan_of(work, ask, code)
    session = work.counters.session_at(code)
    if session is None:
        raise RuleBroken("counter_closed", counter=code)
    if session.officer != ask.username:
        raise RuleBroken("not_your_counter", counter=code, officer=officer_name(work, session))
    return session


def officer_name(work: Work, session: Session) -> str:
    return work.people.name_of(session.officer)


def told(work: Work, code: str, session: Session | None, leg: Leg | None) -> dict[str, Any]:
    """{counter, ticket, leg, call}: the answer of every act at a counter."""
    floor = work.floors.current()
    name = officer_name(work, session) if session else ""
    active = None
    ticket = None
    if leg is not None:
        ticket = work.tickets.ticket(leg.ticket)
        active = present.leg(floor, ticket, leg)
    at_counter = active if leg is not None and leg.active else None
    return {
        "counter": present.counter(code, session, at_counter, floor, name),
        "ticket": {"id": ticket.id, "number": ticket.label} if ticket else None,
        "leg": active,
        "call": None,
    }


def open_counter(
    work: Work, ask: Ask, *, counter: str, services: Sequence[str] | None = None
) -> Answer:
    """Open a loket for the asking officer; opening one's own open counter changes nothing.

    Raises counter_taken {officer}, officer_busy {counter}, unknown_service, day_closed.
    """
    plan = plan_of(work, ask, counter)
    if ask.username is None:
        raise RuleBroken("forbidden")
    chosen = tuple(services) if services else plan.services
    if not set(chosen) <= set(plan.services):
        raise RuleBroken("unknown_service", service=", ".join(sorted(set(chosen))))
    day = days.today(work, ask)
    held = work.counters.session_at(counter)
    if held is not None and held.officer == ask.username:
        return Answer(200, told(work, counter, held, work.tickets.active_at(counter)))
    if held is not None:
        raise RuleBroken("counter_taken", officer=officer_name(work, held), counter=counter)
    other = work.counters.session_of(ask.username)
    if other is not None:
        raise RuleBroken("officer_busy", counter=other.counter)
    work.counters.open(
        Session(
            id=0,
            business_date=day,
            counter=counter,
            gerai=plan.gerai,
            officer=ask.username,
            services=chosen,
            opened_at=ask.now,
            last_act_at=ask.now,
        )
    )
    _record(work, ask, "CounterOpened", counter, plan.gerai, ask.username, services=list(chosen))
    # A visitor left active here by a released or lost session is at this counter still.
    return Answer(
        200, told(work, counter, work.counters.session_at(counter), work.tickets.active_at(counter))
    )


def close_counter(work: Work, ask: Ask, *, counter: str) -> Answer:
    """End the officer's session. Raises counter_busy while a visitor is active."""
    session = session_of(work, ask, counter)
    must_be_free(work, counter)
    work.counters.close(session, ask.now, flagged=False)
    _record(work, ask, "CounterClosed", counter, session.gerai, session.officer, flagged=False)
    return Answer(200, told(work, counter, None, None))


def must_be_free(work: Work, counter: str) -> None:
    """Raises counter_busy with the leg that is active at the counter."""
    active = work.tickets.active_at(counter)
    if active is not None:
        ticket = work.tickets.ticket(active.ticket)
        raise RuleBroken(
            "counter_busy",
            counter=counter,
            leg=present.leg(work.floors.current(), ticket, active),
            number=ticket.label,
            state=str(active.state),
        )


def pause(work: Work, ask: Ask, *, counter: str, reason: str) -> Answer:
    """Pause between visitors. Raises counter_busy, counter_paused."""
    session = session_of(work, ask, counter)
    if session.paused_since is not None:
        raise RuleBroken("counter_paused", counter=counter)
    must_be_free(work, counter)
    work.counters.pause(session, reason, ask.now)
    work.counters.touch(session, ask.now)
    _record(work, ask, "CounterPaused", counter, session.gerai, session.officer, reason=reason)
    return Answer(200, told(work, counter, work.counters.session_at(counter), None))


def resume(work: Work, ask: Ask, *, counter: str) -> Answer:
    """Serve again. Raises wrong_state when the counter is not paused."""
    session = session_of(work, ask, counter)
    if session.paused_since is None:
        raise RuleBroken("wrong_state", state="open")
    work.counters.resume(session, ask.now)
    work.counters.touch(session, ask.now)
    _record(work, ask, "CounterResumed", counter, session.gerai, session.officer)
    return Answer(200, told(work, counter, work.counters.session_at(counter), None))


def release(work: Work, ask: Ask, *, counter: str, reason: str | None = None) -> Answer:
    """A supervisor frees a counter; an active visitor stays active at it (P11)."""
    plan_of(work, ask, counter)
    session = work.counters.session_at(counter)
    if session is None:
        raise RuleBroken("counter_closed", counter=counter)
    work.counters.close(session, ask.now, flagged=True)
    _record(
        work, ask, "CounterReleased", counter, session.gerai, session.officer, reason=reason
    )
    return Answer(200, told(work, counter, None, work.tickets.active_at(counter)))


def _record(
    work: Work, ask: Ask, type_: str, counter: str, gerai: str, officer: str, **data: Any
) -> int:
    return work.log.record(
        Event(
            type_,
            ask.now,
            ask.actor,
            gerai=gerai,
            counter=counter,
            data={"officer": officer, **data},
        )
    )
