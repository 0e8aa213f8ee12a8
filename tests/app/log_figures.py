"""The figures of DESIGN section 7 a second time, from the raw events alone: what happened to whom and when, one event after the
other. It knows no table but the log, and nothing of the product but the names of its events."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo


def gone_s(since: datetime, until: datetime) -> int:
    return max(0, (until - since) // timedelta(seconds=1))


@dataclass
class Stop:
    id: int
    visit: Visit
    service: str
    gerai: str
    queued: datetime
    origin: str
    doubted: bool
    state: str = "waiting"
    first: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    counter: str | None = None
    officer: str | None = None
    serving_since: datetime | None = None
    held_since: datetime | None = None
    served_s: int = 0
    held_s: int = 0
    sure: bool = True
    by_visitor: bool = False

    def stand_still(self, at: datetime) -> None:
        """Whatever runs ends here."""
        if self.serving_since:
            self.served_s += gone_s(self.serving_since, at)
        if self.held_since:
            self.held_s += gone_s(self.held_since, at)
        self.serving_since = self.held_since = None

    def end(self, state: str, at: datetime) -> None:
        self.stand_still(at)
        self.state, self.ended = state, at

    @property
    def wait(self) -> int | None:
        return gone_s(self.queued, self.first) if self.first and not self.doubted else None

    @property
    def walk(self) -> int | None:
        return gone_s(self.first, self.started) if self.first and self.started and self.sure else None

    @property
    def service_time(self) -> int | None:
        return self.served_s if self.started and self.ended and self.sure else None


@dataclass
class Visit:
    id: int
    seq: int
    at: datetime
    day: date
    channel: str
    mode: str
    priority: str | None
    stops: list[Stop] = field(default_factory=list)


class Replay:
    """`promise`: (wait_s, service_s) of every service; `homes`: service -> gerai."""

    def __init__(self, events: list[Any], zone: ZoneInfo, homes: dict[str, str], promise: tuple[int, int]) -> None:
        self.zone, self.homes, self.promise = zone, homes, promise
        self.visits: dict[int, Visit] = {}
        self.stops: dict[int, Stop] = {}
        self.sessions: list[dict[str, Any]] = []
        self.refused: list[dict[str, Any]] = []
        self.doubts: list[int] = []
        self.exceptions: Counter[str] = Counter()
        self.day: date | None = None
        self.chain = [(event, getattr(self, f"on_{event.type}", None)) for event in events]
        for event, act in self.chain:
            if act:
                act(event)
            self._acted(event)

    def _acted(self, event: Any) -> None:
        """An officer's act at the own counter shows that the session lives."""
        for session in self.sessions:
            if session["end"] is None and session["counter"] == event.counter and event.actor == f"user:{session['officer']}":
                session["last"] = event.at

    def stop(self, event: Any) -> Stop:
        if event.leg not in self.stops:  # a planned stop, of which the log speaks for the first time
            visit = self.visits[event.ticket]
            doubted = any(seq > visit.seq for seq in self.doubts)
            self._add(event.leg, visit, event.service, visit.at, "planned", doubted).state = "planned"
        return self.stops[event.leg]

    def _add(self, id: int, visit: Visit, service: str, at: datetime, origin: str, doubted: bool = False) -> Stop:
        self.stops[id] = Stop(id, visit, service, self.homes[service], at, origin, doubted)
        visit.stops.append(self.stops[id])
        return self.stops[id]

    def on_DayOpened(self, event: Any) -> None:
        self.day = date.fromisoformat(event.data["date"])

    def on_TicketIssued(self, event: Any) -> None:
        said = event.data
        visit = Visit(event.ticket, event.seq, event.at, self.day, said["channel"], said["mode"], said["priority"])
        self.visits[visit.id] = visit
        self._add(event.leg, visit, event.service, event.at, "issued")

    def on_StopBegun(self, event: Any) -> None:
        stop = self.stop(event)
        stop.state, stop.queued = "waiting", event.at

    def _called(self, event: Any) -> None:
        stop = self.stop(event)
        stop.state, stop.counter, stop.officer, stop.ended = "called", event.counter, event.actor.partition(":")[2], None
        stop.first = stop.first or event.at

    on_TicketCalled = _called

    def on_TicketPicked(self, event: Any) -> None:
        self.exceptions["picks", self._month(event)] += 1
        self._called(event)

    def _month(self, event: Any) -> str:
        return event.at.astimezone(self.zone).strftime("%Y-%m")

    def on_ServiceStarted(self, event: Any) -> None:
        stop = self.stop(event)
        stop.state, stop.started, stop.serving_since = "serving", stop.started or event.at, event.at

    def on_TicketFinished(self, event: Any) -> None:
        stop = self.stop(event)
        stop.started, stop.sure = stop.started or event.at, stop.sure and event.data["reliable"]
        stop.end("finished", event.at)

    def on_TicketNoShow(self, event: Any) -> None:
        self.stop(event).end("no_show", event.at)

    def on_TicketHeld(self, event: Any) -> None:
        stop = self.stop(event)
        stop.stand_still(event.at)
        stop.state, stop.held_since, stop.counter = "on_hold", event.at, None

    def on_TicketResumed(self, event: Any) -> None:
        stop = self.stop(event)
        stop.stand_still(event.at)
        stop.state, stop.counter, stop.officer = event.data["state"], event.counter, event.actor.partition(":")[2]
        stop.serving_since = event.at if stop.state == "serving" else None

    def _to_the_line(self, event: Any, name: str) -> None:
        self.exceptions[name, self._month(event)] += 1
        stop = self.stop(event)
        stop.state, stop.counter, stop.officer, stop.ended = "waiting", None, None, None

    def on_TicketPutBack(self, event: Any) -> None:
        self._to_the_line(event, "put_backs")

    def on_TicketReturned(self, event: Any) -> None:
        self._to_the_line(event, "returns")

    def on_TicketTransferred(self, event: Any) -> None:
        self.exceptions["transfers", self._month(event)] += 1
        stop = self.stop(event)
        stop.end("transferred", event.at)
        self._add(event.data["new_leg"], stop.visit, event.data["to_service"], event.at, "transferred")

    def on_TicketCancelled(self, event: Any) -> None:
        stop = self.stop(event)
        stop.by_visitor = event.data["by"] == "visitor"
        stop.end("cancelled", event.at)

    def on_TicketExpired(self, event: Any) -> None:
        self.stop(event).end("expired", event.at)

    def on_PrioritySet(self, event: Any) -> None:
        removed = event.data["standing"] == "removed"
        self.exceptions["priority_removed", self._month(event)] += removed
        self.visits[event.ticket].priority = None if removed else event.data["value"]

    def on_SlipQueued(self, event: Any) -> None:
        self.exceptions["reprints", self._month(event)] += event.data["copy"] > 0

    def on_TicketRefused(self, event: Any) -> None:
        self.refused.append({"service": event.data["service"], "reason": event.data["reason"], "at": event.at})

    def on_ClockConfirmed(self, event: Any) -> None:
        self.doubts.append(event.seq)
        for stop in self.stops.values():
            if stop.visit.day == self.day:
                stop.doubted |= stop.state in ("planned", "waiting")
                stop.sure &= stop.state not in ("called", "serving", "on_hold")

    def on_CounterOpened(self, event: Any) -> None:
        base = {"counter": event.counter, "gerai": event.gerai, "officer": event.data["officer"], "day": self.day}
        self.sessions.append({**base, "begin": event.at, "end": None, "last": event.at, "pauses": [], "flagged": False})

    def _session(self, event: Any) -> dict[str, Any]:
        return [row for row in self.sessions if row["counter"] == event.counter and row["end"] is None][-1]

    def on_CounterPaused(self, event: Any) -> None:
        self._session(event)["pauses"].append([event.at, None])

    def on_CounterResumed(self, event: Any) -> None:
        self._session(event)["pauses"][-1][1] = event.at

    def on_CounterClosed(self, event: Any) -> None:
        session = self._session(event)
        session["flagged"] = event.data["flagged"]
        end = min(event.at, session["last"] + timedelta(seconds=60)) if session["flagged"] else event.at
        session["end"] = end
        for pause in session["pauses"]:
            pause[1] = pause[1] or end
