"""The hall recomputed from its event log alone, and everything in it that breaks a promise.

Nothing here calls the server's rules: states, places in the line and who is next are worked out again from DESIGN
section 5, so that the log, the tables and the rules have to agree with a third opinion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from server.domain.events import GENESIS, Event, seal

LIVE = ("waiting", "called", "serving", "on_hold")
ACTIVE = ("called", "serving")

#: event -> (states the leg may have been in, the state it is in afterwards)
STEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "TicketCalled": (("waiting",), "called"),
    "TicketPicked": (("waiting",), "called"),
    "TicketRecalled": (("called",), "called"),
    "ServiceStarted": (("called",), "serving"),
    "TicketFinished": (ACTIVE, "finished"),
    "TicketNoShow": (("called",), "no_show"),
    "TicketHeld": (ACTIVE, "on_hold"),
    "TicketResumed": (("on_hold",), "called or serving"),
    "TicketPutBack": (("called",), "waiting"),
    "TicketReturned": (("no_show",), "waiting"),
    "TicketTransferred": (LIVE, "transferred"),
    "TicketCancelled": (("planned", "waiting", "called", "on_hold"), "cancelled"),
    "TicketExpired": (("planned", "waiting", "called", "on_hold"), "expired"),
    "StopBegun": (("planned",), "waiting"),
}
#: what an officer does at a counter: by the one who has it open
AT_COUNTER = {"TicketCalled", "TicketPicked", "TicketRecalled", "ServiceStarted", "TicketNoShow", "TicketHeld",
              "TicketResumed", "TicketPutBack"}
#: exceptions to the order: they carry a person (P4)
BY_SOMEBODY = AT_COUNTER | {"TicketTransferred", "TicketReturned", "TicketCancelled", "PrioritySet", "CounterReleased"}

Rank = tuple[datetime, int]


@dataclass
class Visit:
    """A ticket as issued."""

    label: str
    date: str
    issued_at: datetime
    is_priority: bool


@dataclass
class Stop:
    """A leg of it."""

    ticket: int
    service: str
    gerai: str
    state: str
    rank: Rank
    counter: str | None = None


@dataclass
class Ledger:
    """Feed it events in order with `take`; `wrong` lists what should never be."""

    policy: dict[str, int]
    #: of the site whose log it is
    zone: str = "Asia/Makassar"
    wrong: list[str] = field(default_factory=list)
    visits: dict[int, Visit] = field(default_factory=dict)
    stops: dict[int, Stop] = field(default_factory=dict)
    #: counter -> (officer, services)
    sessions: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    paused: set[str] = field(default_factory=set)
    day: str | None = None
    closed: list[str] = field(default_factory=list)
    seq: int = 0
    _hash: str = GENESIS
    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    #: this date's calls in order: (service, was priority)
    _calls: list[tuple[str, bool]] = field(default_factory=list)
    #: so that a step costs the same on the thirtieth day: ticket -> its legs that are live, counter -> those active
    #: at it, service -> those that wait, and the labels of each date
    _live: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    _seated: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    _lines: dict[str, dict[int, Stop]] = field(default_factory=lambda: defaultdict(dict))
    _labels: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(self, event: Event, digest: str) -> None:
        self._check_chain(event, digest)
        act: Callable[[Event], None] | None = getattr(self, f"_{event.type}", None)
        if event.type in BY_SOMEBODY and event.actor.partition(":")[0] not in ("user", "cli", "device", "api"):
            self._blame(event, f"is by {event.actor!r}, which is nobody")
        if event.type in STEPS:
            self._step(event)
        if act is not None:
            act(event)

    def _blame(self, event: Event, what: str) -> None:
        self.wrong.append(f"{event.seq} {event.type} of ticket {event.ticket}: {what}")

    def _check_chain(self, event: Event, digest: str) -> None:
        if event.seq != self.seq + 1:
            self._blame(event, f"follows {self.seq}")
        if seal(self._hash, event, event.seq) != digest:
            self._blame(event, "is not sealed by what came before")
        self.seq, self._hash = event.seq, digest

    def _step(self, event: Event) -> None:
        before, after = STEPS[event.type]
        stop = self.stops.get(event.leg or 0)
        if stop is None and "planned" in before and event.ticket in self.visits:
            # A planned stop is known to the log from the moment something happens to it.
            stop = Stop(event.ticket or 0, event.service or "", event.gerai or "", "planned", (event.at, 0))
            self.stops[event.leg or 0] = stop
        if stop is None or stop.state not in before:
            self._blame(event, f"from {stop and stop.state}")
            return
        if event.type == "TicketCalled":
            self._check_turn(event, stop)
        state = str(event.data["state"]) if event.type == "TicketResumed" else after
        self._move(event.leg or 0, stop, state, event.counter if state in ACTIVE else None)
        if event.type in AT_COUNTER and self.sessions.get(event.counter or "", ("",))[0] != event.actor[5:]:
            self._blame(event, f"by {event.actor} at {event.counter}, which {self.sessions.get(event.counter or '')} has")
        self._check_alone(event, stop)

    def _move(self, leg: int, stop: Stop, state: str, counter: str | None) -> None:
        """Every change of a leg's state goes through here, so that nobody has to look through all legs."""
        self._seated[stop.counter or ""].discard(leg)
        self._live[stop.ticket].discard(leg)
        self._lines[stop.service].pop(leg, None)
        stop.state, stop.counter = state, counter
        if state in ACTIVE:
            self._seated[counter or ""].add(leg)
        if state in LIVE:
            self._live[stop.ticket].add(leg)
        if state == "waiting":
            self._lines[stop.service][leg] = stop

    def _check_alone(self, event: Event, stop: Stop) -> None:
        """P3: a visitor at one counter, a counter with one visitor, a ticket in one place."""
        if stop.state in ACTIVE and len(self._seated[stop.counter or ""]) > 1:
            self._blame(event, f"{stop.counter} has two visitors")
        if stop.state in LIVE and len(self._live[stop.ticket]) > 1:
            self._blame(event, "the ticket is in two places")

    def _check_turn(self, event: Event, stop: Stop) -> None:
        """P4: Next takes whom the policy says, of today's date."""
        if self.expected(event.counter or "", event.at) is not stop:
            self._blame(event, "is called out of turn")
        if self.visits[stop.ticket].date != event.at.astimezone(ZoneInfo(self.zone)).date().isoformat():
            self._blame(event, "is another date's visitor")

    def _TicketIssued(self, event: Event) -> None:
        said, ticket = event.data, event.ticket or 0
        series = (str(said["business_date"]), str(said["series"]))
        if said["number"] != self._numbers.get(series, 0) + 1 or said["business_date"] != self.day:
            self._blame(event, f"number {said['number']} after {self._numbers.get(series, 0)} of {series}")
        self._numbers[series] = int(said["number"])
        if ticket in self.visits or said["label"] in self._labels[series[0]]:
            self._blame(event, f"{said['label']} is given twice")
        self._labels[series[0]].add(str(said["label"]))
        self.visits[ticket] = Visit(str(said["label"]), series[0], event.at, said["priority"] is not None)
        self._queue(event, event.leg or 0, event.service or "", event.gerai or "", event.at)

    def _SeriesJumped(self, event: Event) -> None:
        """After a restore: from the number that would have been next, and never back."""
        said = event.data
        series = (str(said["date"]), str(said["series"]))
        if said["from"] != self._numbers.get(series, 0) + 1 or said["to"] < said["from"]:
            self._blame(event, f"from {said['from']} to {said['to']} after {self._numbers.get(series, 0)} of {series}")
        self._numbers[series] = int(said["to"])

    def _queue(self, event: Event, leg: int, service: str, gerai: str, since: datetime) -> None:
        stop = self.stops[leg] = Stop(event.ticket or 0, service, gerai, "", (since, event.seq))
        self._move(leg, stop, "waiting", None)
        self._check_alone(event, stop)

    def _TicketCalled(self, event: Event) -> None:
        self._calls.append((event.service or "", self._is_priority(self.stops[event.leg or 0])))

    def _TicketTransferred(self, event: Event) -> None:
        """In the new line the visitor stands where the ticket's age puts it."""
        said, since = event.data, self.visits[event.ticket or 0].issued_at
        self._queue(event, int(said["new_leg"]), str(said["to_service"]), str(said["to_gerai"]), since)

    def _StopBegun(self, event: Event) -> None:
        self.stops[event.leg or 0].rank = (self.visits[event.ticket or 0].issued_at, event.seq)

    def _TicketPutBack(self, event: Event) -> None:
        self._place(event, self.policy["put_back_places"])

    def _TicketReturned(self, event: Event) -> None:
        self._place(event, self.policy["return_places"])

    def _place(self, event: Event, places: int) -> None:
        """Behind so many of those who wait: midway to the one after them."""
        back = self.stops[event.leg or 0]
        line = sorted(one.rank[0] for one in self._waiting({back.service}) if one is not back)
        if len(line) < places:
            at = max([event.at, *line[-1:]])
        else:
            at = line[places - 1] + (line[min(places, len(line) - 1)] - line[places - 1]) // 2
        back.rank = (at, event.seq)

    def _PrioritySet(self, event: Event) -> None:
        self.visits[event.ticket or 0].is_priority = event.data["standing"] != "removed"

    def _PolicySet(self, event: Event) -> None:
        self.policy |= event.data["changed"]

    def _CounterOpened(self, event: Event) -> None:
        officer = str(event.data["officer"])
        if event.counter in self.sessions or officer in {who for who, _ in self.sessions.values()}:
            self._blame(event, f"{event.counter} or {officer} is taken")
        self.sessions[event.counter or ""] = (officer, tuple(event.data["services"]))

    def _CounterClosed(self, event: Event) -> None:
        self.sessions.pop(event.counter or "", None)
        self.paused.discard(event.counter or "")

    _CounterReleased = _CounterClosed

    def _CounterPaused(self, event: Event) -> None:
        self.paused.add(event.counter or "")

    def _CounterResumed(self, event: Event) -> None:
        self.paused.discard(event.counter or "")

    def _DayOpened(self, event: Event) -> None:
        if self.day is not None or str(event.data["date"]) in self.closed:
            self._blame(event, f"while {self.day} is open and {self.closed} are closed")
        self.day, self._calls = str(event.data["date"]), []

    def _DayClosed(self, event: Event) -> None:
        left = [leg for leg, stop in self.stops.items() if stop.state in (*LIVE, "planned")]
        if event.data["date"] != self.day or left or self.sessions:
            self._blame(event, f"of {self.day} leaves legs {left} and sessions {self.sessions}")
        self.closed.append(str(event.data["date"]))
        self.day = None

    def _waiting(self, services: set[str]) -> list[Stop]:
        return [stop for service in sorted(services) for stop in self._lines[service].values()]

    def _is_priority(self, stop: Stop) -> bool:
        return self.visits[stop.ticket].is_priority

    def active_at(self, counter: str) -> Stop | None:
        return next((self.stops[leg] for leg in self._seated[counter]), None)

    def expected(self, counter: str, now: datetime) -> Stop | None:
        """Whom Next at this counter must call at `now` (weights are all equal here)."""
        services = set(self.sessions[counter][1]) if counter in self.sessions else set()
        line = sorted(self._waiting(services), key=lambda stop: stop.rank)
        regular = [stop for stop in line if not self._is_priority(stop)]
        urgent = [stop for stop in line if self._is_priority(stop)]
        if not regular or not urgent:
            return next(iter(line), None)
        streak = 0
        for service, was_priority in reversed(self._calls):
            if service in services:
                if not was_priority:
                    break
                streak += 1
        if streak >= self.policy["priority_ratio"]:
            return regular[0]
        starving = regular[0].rank[0] < now - timedelta(seconds=self.policy["max_wait_guard_s"])
        return line[0] if starving else urgent[0]
