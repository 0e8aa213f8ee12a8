"""What has to hold after every commit, found with a reading of its own: the log through plain SQLite, the ledger
(../ledger.py), and what whoever pressed was told. Nothing here asks the product anything.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from server.app import calling, issuing
from server.app.ask import Answer, Ask
from server.domain.events import Event
from server.ops.prove.floors.rules import Rules, Told
from server.ops.prove.judging import catch_up, lost, wrongs
from server.ops.prove.ledger import Ledger
from server.ops.prove.records import Records

#: more would say nothing new; the floor ends there
BROKEN_MAX = 6
SERVICE = ("ServiceStarted", "TicketResumed", "TicketHeld", "TicketFinished", "TicketTransferred")
CALLS = ("TicketCalled", "TicketPicked", "TicketRecalled", "TicketResumed")
#: a clock that was moved by more than this in the middle of a service makes its length unreliable
JUMP = timedelta(seconds=2)


@dataclass
class _Service:
    """The service a leg is getting: whole seconds of the intervals before, and since when it runs now."""

    seconds: int = 0
    since: datetime | None = None
    begun_seq: int = 0


@dataclass
class Judge:
    rules: Rules
    path: Path
    now: Callable[[], str]
    end: Callable[[], object]
    broken: list[str] = field(default_factory=list)
    #: all that was told to somebody: ticket -> label
    acknowledged: dict[int, str] = field(default_factory=dict)
    calls: dict[str, list[Told]] = field(default_factory=lambda: defaultdict(list))
    #: ticket -> marks of the papers that came out
    papers: dict[int, list[str | None]] = field(default_factory=lambda: defaultdict(list))
    #: events of each kind, for the figures
    seen: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    checks: int = 0

    def __post_init__(self) -> None:
        self.ledger = Ledger(dict(self.rules.policy), self.rules.zone)
        self._records = Records(self.path)
        self._zone = ZoneInfo(self.rules.zone)
        self._last_at: datetime | None = None
        self._of_service: dict[tuple[str, str], int] = defaultdict(int)
        self._last_number: dict[tuple[str, str], int] = {}
        self._copies: dict[int, int] = {}
        self._services: dict[int, _Service] = defaultdict(_Service)
        self._jumps: list[int] = []
        self._call_of: dict[int, Told] = {}
        #: (actor, key) -> what was answered first; and the touches, with what they got
        self._answers: dict[tuple[str, str], str] = {}
        self._touches: dict[tuple[str, str], int | None] = {}
        #: jobs of which a paper came out
        self.printed: set[int] = set()

    def blame(self, what: str) -> None:
        self.broken.append(f"{self.now()}: {what}")
        if len(self.broken) >= BROKEN_MAX:
            self.end()

    # What was committed

    def look(self) -> None:
        """After each commit: everything that is new in the log."""
        self.checks += 1
        for event, digest in self._records.events(self.ledger.seq):
            try:
                self._take(event, digest)
            except LookupError as problem:
                self.blame(f"{event.seq} {event.type} cannot follow what went before: {problem!r}")
        for wrong in self.ledger.wrong:
            self.blame(wrong)
        self.ledger.wrong.clear()

    def _take(self, event: Event, digest: str) -> None:
        self.seen[event.type] += 1
        self.ledger.take(event, digest)
        self._time(event)
        own: Callable[[Event], None] | None = getattr(self, f"_{event.type}", None)
        if own is not None:
            own(event)
        if event.type in CALLS:
            self._call(event)
        if event.type in SERVICE:
            self._served(event)

    def _time(self, event: Event) -> None:
        """P12: the log's time never runs backwards."""
        if self._last_at is not None and event.at < self._last_at:
            self.blame(f"P12: {event.seq} {event.type} at {event.at} comes after {self._last_at}")
        self._last_at = event.at

    def _TicketIssued(self, event: Event) -> None:
        said, local = event.data, event.at.astimezone(self._zone)
        day, service = str(said["business_date"]), str(said["service"])
        since, until = self.rules.hours
        if day != local.date().isoformat() or not since <= local.hour * 60 + local.minute < until:
            self.blame(f"P12: {said['label']} of {day} is given at {local}")
        self._of_service[day, service] += 1
        if self._of_service[day, service] > self.rules.quota.get(service, 1_000_000):
            self.blame(f"{said['label']} of {service} is number {self._of_service[day, service]} of a quota of {self.rules.quota[service]}")
        series, last = self.rules.series[service]
        if said["series"] != series or int(said["number"]) > last:
            self.blame(f"P2: {said['label']} is outside its series, which ends at {last}")
        self._last_number[day, series] = int(said["number"])

    def _SlipQueued(self, event: Event) -> None:
        """P4: every copy is counted, and is somebody's."""
        copy, ticket = int(event.data["copy"]), event.ticket or 0
        if copy != self._copies.get(ticket, 0) + 1 or ":" not in event.actor:
            self.blame(f"P4: copy {copy} of {event.data['label']} by {event.actor} follows {self._copies.get(ticket, 0)}")
        self._copies[ticket] = copy

    def _SlipReported(self, event: Event) -> None:
        if event.data["state"] == "confirmed" and event.data["job"] not in self.printed:
            self.blame(f"P7: slip {event.data['job']} of {event.data['label']} is confirmed and never came out")

    def _TicketReturned(self, event: Event) -> None:
        """P4: behind as many as the rule says, also while so few wait that it makes no difference."""
        if event.data["places"] != self.ledger.policy["return_places"]:
            self.blame(f"P4: {event.data['label']} returns behind {event.data['places']}")

    def _ClockConfirmed(self, event: Event) -> None:
        if event.actor.startswith("user:"):
            self._jumps.append(event.seq)

    def _DayOpened(self, event: Event) -> None:
        local = event.at.astimezone(self._zone).date().isoformat()
        if event.data["date"] != local or any(day >= local for day in self.ledger.closed):
            self.blame(f"P12: {event.data['date']} is opened on {local}, after {self.ledger.closed[-1:]}")

    def _call(self, event: Event) -> None:
        told = Told(event.seq, event.at, str(event.data["label"]), event.counter or "", event.gerai or "")
        self._call_of[event.seq] = told
        self.calls[self.rules.sound_group[told.gerai]].append(told)

    def _served(self, event: Event) -> None:
        """P12: the length of a service as its own events tell it; a jump in between makes it unreliable."""
        if event.actor == "system":  # the day closed over it
            return
        mine = self._services[event.leg or 0]
        if event.type == "ServiceStarted" or (event.type == "TicketResumed" and event.data["state"] == "serving"):
            mine.since, mine.begun_seq = event.at, mine.begun_seq or event.seq
            return
        if mine.since is not None:
            mine.seconds += int((event.at - mine.since).total_seconds())
            mine.since = None
        if event.type != "TicketFinished":
            return
        if event.data["service_s"] != mine.seconds or mine.seconds < 0:
            self.blame(f"P12: {event.data['label']} was served {mine.seconds} s, the log says {event.data['service_s']}")
        is_torn = mine.begun_seq and any(seq > mine.begun_seq for seq in self._jumps[-3:])
        if event.data["reliable"] and (is_torn or not mine.begun_seq):
            self.blame(f"P12: the service of {event.data['label']} counts as reliable")

    # What was answered, at the server

    def pressed(self, ask: Ask, act: Callable[..., Answer]) -> None:
        if act is issuing.issue:
            self._touches[ask.actor, ask.key or ""] = None

    def answered(self, ask: Ask, act: Callable[..., Answer], arguments: Mapping[str, Any], reply: Any, alone: bool) -> None:
        """P3, P5: the same key, the same answer. P4: Next is refused for the reasons there are (`alone` in its commit)."""
        if ask.key and reply.answer is not None and reply.answer.body is not None:
            text = hashlib.sha256(json.dumps(reply.answer.body, sort_keys=True).encode()).hexdigest()
            first = self._answers.setdefault((ask.actor, ask.key or ""), text)
            if first != text:
                self.blame(f"P3: another answer under the same key to {act.__name__} {dict(arguments)} by {ask.actor}")
        elif ask.key and reply.refusal is not None and (ask.actor, ask.key) in self._answers:
            self.blame(f"P5: {act.__name__} {dict(arguments)} by {ask.actor} is done, and refused under the same key: {reply.code}")
        if alone and act is calling.call_next:
            self._next(ask, str(arguments["counter"]), reply)
        if alone and act is issuing.issue and reply.refusal is not None:
            self._refused(str(arguments["service"]), reply.code)

    def _next(self, ask: Ask, counter: str, reply: Any) -> None:
        held, active = self.ledger.sessions.get(counter, ("",))[0], self.ledger.active_at(counter)
        if reply.answer is not None and reply.answer.status == 204:
            if held != ask.username or self._last_at is None or self.ledger.expected(counter, self._last_at):
                self.blame(f"P4: nobody is called at {counter}, where somebody waits")
        elif reply.code == "counter_busy":
            if active is None or self.ledger.visits[active.ticket].label != reply.refusal.facts["number"]:
                self.blame(f"P3: {counter} is told to have {reply.refusal.facts['number']}, and has {active}")
        elif reply.code == "counter_paused":
            if counter not in self.ledger.paused:
                self.blame(f"{counter} is told to pause, and does not")
        elif reply.refusal is not None and held == ask.username:
            self.blame(f"{counter} of {held} refuses Next with {reply.code}")

    def _refused(self, service: str, code: str) -> None:
        day = self.ledger.day or ""
        series, last = self.rules.series[service]
        if code == "quota_reached" and self._of_service[day, service] < self.rules.quota.get(service, 0):
            self.blame(f"{service} is refused over its quota after {self._of_service[day, service]}")
        if code == "range_exhausted" and self._last_number.get((day, series), 0) < last:
            self.blame(f"{service} is refused at the end of a series that stands at {self._last_number.get((day, series))}")

    # What was told to people, and what came out

    def told(self, ask: Ask, act: Callable[..., Answer], reply: Any) -> None:
        """P1, P5: what somebody was told is in the log, and is one's own."""
        body = reply.answer.body if reply.answer is not None else None
        if act is issuing.issue and body:
            ticket, label = int(body["id"]), str(body["number"])
            visit = self.ledger.visits.get(ticket)
            if visit is None or visit.label != label or ticket in self.acknowledged:
                self.blame(f"P1, P5: {label} was told to {ask.actor} ({ask.key}); the log has {visit}")
            self.acknowledged[ticket] = label
            self._touches[ask.actor, ask.key or ""] = ticket
        elif act is calling.call_next and body:
            call = self._call_of.get(int(body["call"]["id"]))
            if call is None or (call.label, call.counter) != (body["ticket"]["number"], body["counter"]["code"]):
                self.blame(f"P3: {body['ticket']} was told to be called at {body['counter']['code']}; the log has {call}")

    def ticket_of(self, job: int) -> tuple[int, str | None]:
        """Whose slip it is, and the kiosk that gave the number."""
        [(ticket, kiosk)] = self._records.rows("SELECT ticket, device FROM print_job WHERE id = ?", job)
        return ticket, kiosk

    def paper(self, job: int, label: str, copy: int, mark: str | None) -> None:
        """P7: one paper without a mark; every other says which copy it is."""
        ticket, _ = self.ticket_of(job)
        known = self.papers[ticket]
        self.printed.add(job)
        if mark is None and None in known:
            self.blame(f"P7: a second unmarked paper of {label}")
        if copy and (mark is None or str(copy) not in mark):
            self.blame(f"P7: copy {copy} of {label} is marked {mark!r}")
        if label != self.ledger.visits[ticket].label:
            self.blame(f"P2: the paper of ticket {ticket} says {label}")
        known.append(mark)

    # Now and then

    def booted(self) -> None:
        """P1: after a start the log still ends where it had ended."""
        rows = self._records.rows("SELECT hash FROM event WHERE seq = ?", self.ledger.seq)
        head = self._records.one("SELECT seq FROM event_head")
        if self.ledger.seq and (rows != [(self.ledger._hash,)] or head != self.ledger.seq):
            self.blame(f"P1: the log ended at {self.ledger.seq}, and now at {head}")

    def day_over(self) -> None:
        """All tables against the log, and each touch against its ticket."""
        catch_up(self.ledger, self._records)
        for wrong in [*wrongs(self.ledger, self._records), *lost(self.acknowledged, self._records)]:
            self.blame(wrong)
        given = sorted(ticket for ticket in self._touches.values() if ticket is not None)
        if len(set(given)) != len(given) or len(self.ledger.visits) > len(self._touches):
            self.blame(f"P5: {len(self.ledger.visits)} tickets of {len(self._touches)} touches, {len(given)} told")
        # Unknown to who pressed, perhaps done: the kept answers say which. None is without a touch.
        kept = self._records.rows("SELECT actor, key, json_extract(body, '$.id') FROM answer WHERE status = 201")
        for actor, key, ticket in kept:
            if self._touches.get((actor, key), 0) not in (None, ticket):
                self.blame(f"P5: ticket {ticket} is kept for {actor} {key}, who was told another")
        self._answers.clear()

    def finish(self) -> None:
        if not self._records.is_sound():
            self.blame("the file or a foreign key is broken")
        self._records.close()

    @property
    def slips(self) -> int:
        """Slips that were queued so far, or moved."""
        return sum(self.seen[kind] for kind in ("TicketIssued", "SlipQueued", "SlipMoved"))

    @property
    def log_hash(self) -> str:
        return self.ledger._hash

    def date(self, at: datetime) -> str:
        return at.astimezone(self._zone).date().isoformat()

    def active(self, group: str) -> list[tuple[str, str, str]]:
        """(counter, number, state) of who is called or served in a sound group."""
        ledger, group_of = self.ledger, self.rules.sound_group
        seated = [ledger.active_at(counter) for counter in sorted(ledger._seated)]
        return [(stop.counter or "", ledger.visits[stop.ticket].label, stop.state) for stop in seated if stop and group_of[stop.gerai] == group]
