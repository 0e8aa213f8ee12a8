"""The officer's acts on the visitor at the counter, and who is called next."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from server.app import counters, days
from server.app.ask import Answer, Ask
from server.app.ports import Session, Work
from server.app.stops import record_stop
from server.domain import queueing, tickets
from server.domain.errors import RuleBroken
from server.domain.floor import Policy
from server.domain.tickets import Leg, State, Ticket


def call_next(work: Work, ask: Ask, *, counter: str) -> Answer:
    """Call whoever is next. 204 when nobody waits; counter_busy while somebody is active."""
    session = _ready(work, ask, counter)
    return _call_next(work, ask, session)


def _ready(work: Work, ask: Ask, counter: str) -> Session:
    """The officer's session with nobody active at it, not paused."""
    session = counters.session_of(work, ask, counter)
    counters.must_be_free(work, counter)
    if session.paused_since is not None:
        raise RuleBroken("counter_paused", counter=counter)
    return session


def _call_next(work: Work, ask: Ask, session: Session) -> Answer:
    day = days.today(work, ask)
    if day != session.business_date:  # today() closed that day, and with it this session
        raise RuleBroken("counter_closed", counter=session.counter)
    floor = work.floors.current()
    policy = floor.policy
    heads = work.tickets.heads(day, session.services)
    streak = 0
    if any(person.priority for person in heads):  # without one there is nothing to balance
        streak = work.tickets.priority_streak(
            day, session.gerai, session.services, policy.priority_ratio
        )
    weights = floor.counters[session.counter].weights
    chosen = queueing.pick_next(heads, weights, policy, streak, ask.now)
    if chosen is None:
        return Answer(204)
    return _call(work, ask, session, work.tickets.leg(chosen.leg), "TicketCalled")


def pick(work: Work, ask: Ask, *, counter: str, ticket: int, reason: str) -> Answer:
    """Call one waiting visitor out of order: an exception, with who and why (P4)."""
    session = _ready(work, ask, counter)
    leg = _open_leg(work, ticket)
    if leg.service not in session.services:
        raise RuleBroken("not_your_counter", counter=counter, service=leg.service)
    if leg.active:
        raise RuleBroken("ticket_active", counter=leg.counter)
    return _call(work, ask, session, leg, "TicketPicked", reason=reason)


def _open_leg(work: Work, ticket_id: int) -> Leg:
    """The ticket's leg that is open today. Raises unknown_ticket, wrong_state."""
    work.tickets.ticket(ticket_id)
    legs = work.tickets.legs_of(ticket_id)
    for leg in legs:
        if leg.state in tickets.OPEN:
            return leg
    raise RuleBroken("wrong_state", state=str(legs[-1].state), leg=legs[-1].id)


def _call(work: Work, ask: Ask, session: Session, leg: Leg, type_: str, **data: Any) -> Answer:
    now = ask.now
    called = tickets.call(leg, session.counter, session.officer, now)
    if work.floors.current().policy.call_starts_service:
        called = tickets.start(called, now)
    work.tickets.save_leg(called, leg, now)
    ticket = work.tickets.ticket(leg.ticket)
    seq = record_stop(work, ask, type_, ticket, called, count=called.call_count, **data)
    _announce(work, ask, seq, ticket, called, "pick" if type_ == "TicketPicked" else "call")
    work.counters.touch(session, now)
    return _answer(work, session, called, seq)


def _announce(work: Work, ask: Ask, seq: int, ticket: Ticket, leg: Leg, kind: str) -> None:
    """The call whose id is its event's seq: what screens show and speak."""
    work.tickets.add_call(
        {
            "id": seq,
            "business_date": leg.business_date,
            "at": ask.now,
            "leg": leg.id,
            "ticket": ticket.id,
            "label": ticket.label,
            "counter": leg.counter,
            "gerai": leg.gerai,
            "service": leg.service,
            "zone": work.floors.current().gerai[leg.gerai].zone,
            "count": leg.call_count,
            "language": ticket.language,
            "is_priority": ticket.is_priority,
            "kind": kind,
        }
    )


def _answer(work: Work, session: Session, leg: Leg, seq: int | None = None) -> Answer:
    body = counters.told(work, session.counter, session, leg)
    if seq is not None:
        body["call"] = {"id": seq, "count": leg.call_count}
    return Answer(200, body)


def at_counter(work: Work, ask: Ask, counter: str, meant: int | None) -> tuple[Session, Leg]:
    """The officer's session and the stop active there.

    Raises wrong_state: nobody is there, or another than the leg `meant`, so that a press
    that comes late cannot end the visit of whoever came after.
    """
    session = counters.session_of(work, ask, counter)
    leg = work.tickets.active_at(counter)
    if leg is None:
        raise RuleBroken("wrong_state", state="idle", counter=counter)
    if meant is not None and leg.id != meant:
        raise RuleBroken("wrong_state", state=str(leg.state), counter=counter, leg=leg.id)
    return session, leg


def recall(work: Work, ask: Ask, *, counter: str, leg: int | None = None) -> Answer:
    """Announce the called visitor again. Raises too_many_calls past the policy's limit."""
    session, stop = at_counter(work, ask, counter, leg)
    ticket = work.tickets.ticket(stop.ticket)
    most = work.floors.current().policy.max_calls
    if stop.state is State.CALLED and stop.round_calls >= most:
        raise RuleBroken("too_many_calls", count=stop.round_calls, most=most)
    called = tickets.recall(stop, ask.now)
    work.tickets.save_leg(called, stop, ask.now)
    seq = record_stop(work, ask, "TicketRecalled", ticket, called, count=called.call_count)
    _announce(work, ask, seq, ticket, called, "recall")
    work.counters.touch(session, ask.now)
    return _answer(work, session, called, seq)


def _apply(
    work: Work, ask: Ask, session: Session, was: Leg, leg: Leg, type_: str, **data: Any
) -> Answer:
    """Save the leg as it has become, record it, answer with it."""
    _keep(work, ask, session, was, leg, type_, **data)
    work.counters.touch(session, ask.now)
    return _answer(work, session, leg)


def _keep(
    work: Work, ask: Ask, session: Session, was: Leg, leg: Leg, type_: str, **data: Any
) -> None:
    """Save the leg as it has become and record it."""
    work.tickets.save_leg(leg, was, ask.now)
    # The log names the counter even when the visitor has left it by this very step.
    here = leg._replace(counter=session.counter)
    record_stop(work, ask, type_, work.tickets.ticket(leg.ticket), here, **data)


def start(work: Work, ask: Ask, *, counter: str, leg: int | None = None) -> Answer:
    """The visitor has come to the counter."""
    session, stop = at_counter(work, ask, counter, leg)
    return _apply(work, ask, session, stop, tickets.start(stop, ask.now), "ServiceStarted")


def finish(
    work: Work, ask: Ask, *, counter: str, leg: int | None = None, then_next: bool = False
) -> Answer:
    """End the service; with `then_next`, call the next visitor in the same act."""
    session, stop = at_counter(work, ask, counter, leg)
    ended = tickets.finish(stop, ask.now)
    facts = {"service_s": ended.served_s, "reliable": ended.service_reliable}
    _keep(work, ask, session, stop, ended, "TicketFinished", **facts)
    _begin_planned(work, ask, stop.ticket)
    # Before the look for the next: it may close the day, and with it this session, as of its last act.
    work.counters.touch(session, ask.now)
    called = _called_after(work, ask, session) if then_next else None
    return called or _answer(work, session, ended)


def _called_after(work: Work, ask: Ask, session: Session) -> Answer | None:
    """The next call after a service; None when nobody waits, or the day has just closed over
    this counter: what is finished stays so."""
    try:
        called = _call_next(work, ask, session)
    except RuleBroken:
        return None
    return None if called.status == 204 else called


def _begin_planned(work: Work, ask: Ask, ticket_id: int) -> None:
    """The visit goes on: the next planned stop starts to wait, as a transfer would."""
    stop = work.tickets.next_stop(ticket_id)
    if stop is None:
        return
    ticket = work.tickets.ticket(ticket_id)
    rank_at, rank_seq = queueing.rank_for_transfer(ticket.issued_at, work.log.next_seq())
    begun = tickets.begin(stop, rank_at, rank_seq, ask.now)
    work.tickets.save_leg(begun, stop, ask.now)
    record_stop(work, ask, "StopBegun", ticket, begun)


def no_show(work: Work, ask: Ask, *, counter: str, leg: int | None = None) -> Answer:
    """The visitor did not come. Raises too_early with what the rule still asks for."""
    session, stop = at_counter(work, ask, counter, leg)
    ended = tickets.no_show(stop, ask.now)
    _no_show_rule(work.floors.current().policy, stop, ask)
    return _apply(work, ask, session, stop, ended, "TicketNoShow", count=stop.call_count)


def _no_show_rule(policy: Policy, leg: Leg, ask: Ask) -> None:
    calls_left = max(0, policy.no_show_min_calls - leg.round_calls)
    since = leg.last_called_at or ask.now
    ready_at = since + timedelta(seconds=policy.no_show_wait_s)
    wait_s = max(0, int((ready_at - ask.now).total_seconds()))
    if calls_left or wait_s:
        raise RuleBroken("too_early", calls_left=calls_left, wait_s=wait_s)


def hold(
    work: Work, ask: Ask, *, counter: str, leg: int | None = None, reason: str | None = None
) -> Answer:
    """Set the visitor aside; the counter is free for the next one."""
    session, stop = at_counter(work, ask, counter, leg)
    held = tickets.hold(stop, ask.now)
    return _apply(work, ask, session, stop, held, "TicketHeld", reason=reason)


def put_back(
    work: Work, ask: Ask, *, counter: str, leg: int | None = None, reason: str | None = None
) -> Answer:
    """Back into the line, behind as many as the policy says."""
    session, stop = at_counter(work, ask, counter, leg)
    places = work.floors.current().policy.put_back_places
    rank_at, rank_seq = place_behind(work, ask, stop.business_date, stop.service, places)
    back = tickets.put_back(stop, rank_at, rank_seq)
    return _apply(
        work, ask, session, stop, back, "TicketPutBack", reason=reason, places=places
    )


def place_behind(
    work: Work, ask: Ask, day: date, service: str, places: int
) -> tuple[Any, int]:
    """The place behind the `places`-th who waits now for the service."""
    line = work.tickets.line(day, service, places + 1)
    return queueing.place_behind(line, places, ask.now, work.log.next_seq())


def resume_leg(work: Work, ask: Ask, *, counter: str, leg: int) -> Answer:
    """Go on with a held visitor of the same gerai at this free counter."""
    session = _ready(work, ask, counter)
    held = work.tickets.leg(leg)
    if held.gerai != session.gerai:
        raise RuleBroken("not_your_counter", counter=counter)
    resumed = tickets.resume(held, counter, session.officer, ask.now)
    work.tickets.save_leg(resumed, held, ask.now)
    ticket = work.tickets.ticket(held.ticket)
    seq = record_stop(work, ask, "TicketResumed", ticket, resumed, state=str(resumed.state))
    _announce(work, ask, seq, ticket, resumed, "resume")
    work.counters.touch(session, ask.now)
    return _answer(work, session, resumed, seq)
