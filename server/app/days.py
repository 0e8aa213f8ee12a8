"""Business days: opened by the first act, closed exactly once, never deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.domain import tickets
from server.domain.calendar import business_date, day_closes_at
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.tickets import State

#: a session nobody closed ends this long after its last act (DESIGN section 5)
SESSION_TAIL = timedelta(seconds=60)


def today(work: Work, ask: Ask) -> date:
    """The open business date, closing an earlier one and opening a new one as needed.

    The date never goes back: with a clock behind the last day, that day goes on.
    Raises day_closed when the date has been closed already.
    """
    floor = work.floors.current()
    local = business_date(ask.now, floor.site.timezone)
    opened = work.days.open_day()
    if opened is not None and opened >= local:
        return opened
    if opened is not None:
        close(work, ask, opened)
    last = work.days.last_day()
    if last is not None and last >= local:
        raise RuleBroken("day_closed", date=last.isoformat())
    work.days.open(local, ask.now)
    work.log.record(
        Event("DayOpened", ask.now, ask.actor, device=ask.device, data={"date": str(local)})
    )
    return local


def close(work: Work, ask: Ask, day: date) -> None:
    """Close one day: sessions end, open legs end, nothing is deleted.

    Everything happens in the caller's transaction, so a crash in the middle leaves the day
    open and the next start closes it whole.
    """
    sessions = 0
    for session in work.counters.open_sessions():
        ended = max(session.opened_at, min(ask.now, session.last_act_at + SESSION_TAIL))
        work.counters.close(session, ended, flagged=True)
        sessions += 1
        work.log.record(
            Event(
                "CounterClosed",
                ask.now,
                "system",
                gerai=session.gerai,
                counter=session.counter,
                data={"officer": session.officer, "flagged": True},
            )
        )
    told = {"expired": 0, "finished": 0}
    for ticket, leg in work.tickets.open_legs(day):
        ended_leg = tickets.close_day(leg, max(ask.now, leg.queued_at))
        work.tickets.save_leg(ended_leg, leg, ask.now)
        finished = ended_leg.state is State.FINISHED
        told["finished" if finished else "expired"] += 1
        data = (
            {"label": ticket.label, "service_s": ended_leg.served_s, "reliable": False}
            if finished
            else {"label": ticket.label, "was": str(leg.state)}
        )
        work.log.record(
            Event(
                "TicketFinished" if finished else "TicketExpired",
                ask.now,
                "system",
                ticket=ticket.id,
                leg=leg.id,
                gerai=leg.gerai,
                service=leg.service,
                counter=leg.counter,
                data=data,
            )
        )
    head = work.log.head()
    work.log.record(
        Event(
            "DayClosed",
            ask.now,
            ask.actor,
            data={"date": str(day), "sessions": sessions, "head": head[1], **told},
        )
    )
    work.days.close(day, ask.now, head)


def close_now(work: Work, ask: Ask) -> Answer:
    """A supervisor ends the day. Closing a closed day answers the same again."""
    day = work.days.open_day()
    if day is not None:
        close(work, ask, day)
    last = work.days.last_day()
    return Answer(200, {"date": None if last is None else last.isoformat(), "closed": True})


def close_due(work: Work, ask: Ask) -> Answer:
    """Close the open day if its time has come, by the clock or by a later date."""
    day = work.days.open_day()
    if day is None or ask.now < due_at(work, day):
        return Answer(200, {"closed": False})
    close(work, ask, day)
    return Answer(200, {"closed": True, "date": day.isoformat()})


def due_at(work: Work, day: date) -> datetime:
    """When `day` closes by itself, in UTC."""
    return day_closes_at(work.floors.current(), day, work.floors.overrides())
