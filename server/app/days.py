"""Business days: opened by the first act, closed exactly once, never deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.domain import tickets
from server.domain.calendar import business_date, day_closes_at
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.tickets import Leg, State, Ticket

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
    ended = _end_sessions(work, ask)
    told = {"expired": 0, "finished": 0}
    for ticket, leg in work.tickets.open_legs(day):
        # A service the power cut ended with its officer's last sign of life, not with dawn.
        at = ended.get(leg.counter or "", ask.now)
        since = leg.serving_since or leg.last_called_at or leg.queued_at
        state = _end_leg(work, ask, ticket, leg, max(at, since))
        told["finished" if state is State.FINISHED else "expired"] += 1
    head = work.log.head()
    data = {"date": str(day), "sessions": len(ended), "head": head[1], **told}
    work.log.record(Event("DayClosed", ask.now, ask.actor, data=data))
    work.days.close(day, ask.now, head)


def _end_sessions(work: Work, ask: Ask) -> dict[str, datetime]:
    """End every open session, flagged; counter -> when it is taken to have ended."""
    ended = {}
    for session in work.counters.open_sessions():
        at = max(session.opened_at, min(ask.now, session.last_act_at + SESSION_TAIL))
        work.counters.close(session, at, flagged=True)
        ended[session.counter] = at
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
    return ended


def _end_leg(work: Work, ask: Ask, ticket: Ticket, leg: Leg, at: datetime) -> State:
    """End one leg of the closing day; serving is finished and flagged, the rest expires."""
    ended = tickets.close_day(leg, at)
    work.tickets.save_leg(ended, leg, at)
    finished = ended.state is State.FINISHED
    data: dict[str, object] = {"label": ticket.label}
    data |= {"service_s": ended.served_s, "reliable": False} if finished else {"was": str(leg.state)}
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
    return ended.state


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
