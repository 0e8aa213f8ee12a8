"""What the log says, read with SQLite alone, and everything in it that cannot be, or that callers were told otherwise.

Three opinions have to agree: the log replayed as a first-come, first-served hall; each answer held against the event it
tells of; and, per line, what callers saw, by the queue checker, which knows nothing of the log but which unanswered presses
were done. `seq` is the log's order; instants are the callers' own.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from server.ops.prove.histories.hands import Deed
from server.ops.prove.histories.order import Line, Placed, Span, against_time, quota_wrongs, wrongs

ISSUED, CALLED, FINISHED = "TicketIssued", "TicketCalled", "TicketFinished"
#: what a wish can bring about
EVENTS = {"issue": (ISSUED,), "next": (CALLED,), "finish": (FINISHED,), "finish_next": (FINISHED, CALLED)}


class Happened(NamedTuple):
    """A row of the log; `who`: the kiosk or the counter."""

    seq: int
    type: str
    ticket: int
    service: str
    who: str
    series: str
    number: int
    label: str


class Log(NamedTuple):
    seqs: list[int]
    head: int
    events: list[Happened]
    #: ticket -> label, as the table has it
    tickets: dict[int, str]


def read_log(path: Path) -> Log:
    with closing(sqlite3.connect(path, timeout=30)) as file:
        file.execute("PRAGMA query_only = ON")
        file.execute("BEGIN")
        rows = file.execute("SELECT seq, type, ticket, service, device, counter, data FROM event ORDER BY seq").fetchall()
        [(head,)] = file.execute("SELECT seq FROM event_head")
        tickets = dict(file.execute("SELECT id, label FROM ticket"))
    events = [_happened(*row) for row in rows if row[1] in (ISSUED, CALLED, FINISHED)]
    return Log([row[0] for row in rows], head, events, tickets)


def _happened(seq: int, type_: str, ticket: int, service: str, device: str | None, counter: str | None, data: str) -> Happened:
    said = json.loads(data) if type_ == ISSUED else {}
    who = (device if type_ == ISSUED else counter) or ""
    return Happened(seq, type_, ticket, service, who, said.get("series", ""), said.get("number", 0), said.get("label", ""))


def replay(log: Log, first: int = 1) -> list[str]:
    """The log by itself: no gap, no number twice, nobody called out of turn, nobody at two counters, nobody left in line."""
    found = [] if log.seqs == list(range(1, len(log.seqs) + 1)) else ["the log has gaps or doubles in its seq"]
    if log.head != len(log.seqs):
        found.append(f"the head stands at {log.head}, the log has {len(log.seqs)} events")
    lines: dict[str, deque[int]] = defaultdict(deque)
    numbers: dict[str, int] = defaultdict(lambda: first - 1)
    at: dict[str, int] = {}
    labels: dict[int, str] = {}
    for event in log.events:
        here = at.get(event.who)
        if event.type == ISSUED:
            if event.number != numbers[event.series] + 1 or event.ticket in labels:
                found.append(f"{event.label} (event {event.seq}) was given after number {numbers[event.series]}")
            numbers[event.series] = event.number
            labels[event.ticket] = event.label
            lines[event.service].append(event.ticket)
        elif event.type == CALLED:
            line = lines[event.service]
            if not line or line[0] != event.ticket or here is not None:
                found.append(f"{labels.get(event.ticket)} (event {event.seq}) was called to {event.who}, where {here} was; "
                             f"first in line was {line[0] if line else 'nobody'}")
            if event.ticket in line:
                line.remove(event.ticket)
            at[event.who] = event.ticket
        elif here != event.ticket:
            found.append(f"{labels.get(event.ticket)} (event {event.seq}) was finished at {event.who}, where {here} was")
        else:
            del at[event.who]
    found += [f"{len(line)} wait for {service} after everybody was served" for service, line in lines.items() if line]
    if labels != log.tickets:
        found.append("the tickets of the log and those of the table differ")
    return found


class Claims:
    """Each answer finds the event it tells of; what is left over must be of presses that were never answered."""

    def __init__(self, log: Log, deeds: Iterable[Deed], read_at: int) -> None:
        self.wrong: list[str] = []
        #: event -> the wish behind it, and when that can have been done
        self.by: dict[int, tuple[Deed, Span]] = {}
        self._read_at = read_at
        self._events = {event.seq: event for event in log.events}
        self._of_ticket = {(event.type, event.ticket): event for event in reversed(log.events)}
        self._open: dict[tuple[str, str, str], deque[Deed]] = defaultdict(deque)
        for deed in sorted(deeds, key=lambda deed: deed.begin):
            self._told(deed)
        self._left_over(log)

    def _told(self, deed: Deed) -> None:
        if deed.status == 201:
            self._claim(deed, self._of_ticket.get((ISSUED, deed.visitor or 0)), deed.told.get("number"))
        elif deed.status == 200 and deed.kind in ("next", "finish", "finish_next"):
            if deed.call is not None:
                self._claim(deed, self._events.get(deed.call))
            if deed.kind != "next":
                self._finished(deed)
        elif deed.may_come_late:
            for type_ in EVENTS.get(deed.kind, ()):
                self._open[deed.who, type_, deed.service].append(deed)

    def _finished(self, deed: Deed) -> None:
        """Finish and next in one press tells only of the one called: the one finished stands in the log right before."""
        if deed.call is None:
            self._claim(deed, self._of_ticket.get((FINISHED, deed.visitor or 0)))
        else:
            before = self._events.get(deed.call - 1)
            self._claim(deed, before if before is not None and before.type == FINISHED else None)

    def _claim(self, deed: Deed, event: Happened | None, label: str | None = None) -> None:
        what = f"{deed.kind} of {deed.who} under {deed.key}, answered {deed.visitor} {label or ''}"
        if event is None:
            self.wrong.append(f"lost: {what} is not in the log")
        elif (event.who, event.service) != (deed.who, deed.service) or (label is not None and event.label != label):
            self.wrong.append(f"{what}: the log has {event}")
        elif deed.call == event.seq and event.ticket != deed.visitor:
            self.wrong.append(f"{what}: event {event.seq} called {event.ticket}")
        elif event.seq in self.by:
            self.wrong.append(f"{what}: event {event.seq} was told for {self.by[event.seq][0].key} of {self.by[event.seq][0].who} too")
        else:
            self.by[event.seq] = (deed, Span(deed.begin, deed.end))

    def _left_over(self, log: Log) -> None:
        """In the log's order to the presses in theirs: if any assignment can be right, this one is."""
        for event in log.events:
            if event.seq in self.by:
                continue
            waiting = self._open[event.who, event.type, event.service]
            if waiting:
                deed = waiting.popleft()
                self.by[event.seq] = (deed, Span(deed.begin, self._read_at))
            else:
                self.wrong.append(f"{event.type} of {event.ticket} at {event.who} (event {event.seq}): nobody pressed for it")


def judge(log: Log, deeds: Sequence[Deed], quotas: dict[str, int], read_at: int) -> list[str]:
    """All opinions. `read_at`: the instant at which the log was read, after everybody had ended."""
    claims = Claims(log, deeds, read_at)
    found = [*replay(log), *claims.wrong]
    placed = [Placed(span, seq, f"{deed.kind} of {deed.who} under {deed.key}") for seq, (deed, span) in claims.by.items()]
    found += against_time(placed)
    for service, line in _lines(log, claims, deeds).items():
        found += [f"{service}: {what}" for what in wrongs(line)]
    for service, quota in quotas.items():
        given = [claims.by[event.seq][1] for event in log.events
                 if event.type == ISSUED and event.service == service and event.seq in claims.by]
        refused = [Span(deed.last, deed.end) for deed in deeds if deed.service == service and deed.status == 409 and deed.kind == "issue"]
        found += quota_wrongs(quota, given, refused)
    return found


def _lines(log: Log, claims: Claims, deeds: Iterable[Deed]) -> dict[str, Line]:
    """What callers saw of each line."""
    lines: dict[str, Line] = defaultdict(Line)
    for event in log.events:
        if event.seq not in claims.by or event.type == FINISHED:
            continue
        deed, span = claims.by[event.seq]
        # What was told stands; the log only tells of those who were not.
        told = deed.visitor if deed.status in (200, 201) else event.ticket
        line = lines[event.service]
        (line.put if event.type == ISSUED else line.take)(told or 0, span)
    for deed in deeds:
        if deed.status == 204:
            lines[deed.service].empties.append(Span(deed.last, deed.end))
        elif deed.status == 200 and deed.kind == "finish_next" and deed.call is None:
            lines[deed.service].empties.append(Span(deed.begin, deed.end))
    return dict(lines)
