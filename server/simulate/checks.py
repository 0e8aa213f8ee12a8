"""P1 to P5: what the server told its clients, held against the whole event log."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.simulate.eventlog import check_chain
from server.simulate.record import Record, Told, Violation
from server.simulate.replay import Replay

Event = Mapping[str, Any]

#: acts of people that leave exactly one event each
ACTS = frozenset({
    "TicketCalled", "TicketPicked", "TicketRecalled", "TicketResumed", "ServiceStarted", "TicketFinished",
    "TicketNoShow", "TicketHeld", "TicketPutBack", "TicketTransferred", "TicketCancelled", "TicketReturned",
    "PrioritySet", "SlipQueued",
})
CALLS = frozenset({"TicketCalled", "TicketPicked", "TicketRecalled", "TicketResumed"})


def check(record: Record, events: Sequence[Event], replay: Replay, since: int) -> list[Violation]:
    """Every broken promise. `since`: the log's head before the day began."""
    ours = [event for event in events if event["seq"] > since and event["actor"] in record.actors]
    return [
        *record.violations,
        *check_chain(events),
        *numbers(events),
        *kept(record, events),
        *one_each(record, ours),
        *acted_once(record, ours),
        *calls_are_told(record, events),
        *replay.violations,
    ]


def numbers(events: Sequence[Event]) -> Iterator[Violation]:
    """P2: per date and series no number twice and none left out but by a flagged jump; no label twice."""
    given: dict[tuple[str, str], list[int]] = defaultdict(list)
    skipped: dict[tuple[str, str], set[int]] = defaultdict(set)
    labels: Counter[tuple[str, str]] = Counter()
    for event in events:
        data = event["data"]
        if event["type"] == "TicketIssued":
            given[data["business_date"], data["series"]].append(data["number"])
            labels[data["business_date"], data["label"]] += 1
        elif event["type"] == "SeriesJumped":
            skipped[data["date"], data["series"]].update(range(data["from"], data["to"] + 1))
    for series, told in given.items():
        for number, times in Counter(told).items():
            if times > 1:
                yield Violation("P2", f"{series}: number {number} was given {times} times")
        missing = set(range(min(told), max(told) + 1)) - set(told) - skipped[series]
        if missing:
            yield Violation("P2", f"{series}: numbers {sorted(missing)[:10]} are missing")
        if told != sorted(told):
            yield Violation("P2", f"{series}: numbers were not given in order")
    yield from (Violation("P2", f"label {label} was given {times} times") for label, times in labels.items() if times > 1)


def kept(record: Record, events: Sequence[Event]) -> Iterator[Violation]:
    """P1: every acknowledged number is in the log once, as it was told."""
    issued: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        if event["type"] == "TicketIssued":
            issued[event["ticket"]].append(event)
    for given in record.given:
        found = issued.get(given.ticket, [])
        if len(found) != 1:
            yield Violation("P1", f"{given.number} (ticket {given.ticket}) is in the log {len(found)} times")
            continue
        data = found[0]["data"]
        logged = (data["label"], data["service"], data["business_date"], found[0]["actor"])
        if logged != (given.number, given.service, given.business_date, given.actor):
            yield Violation("P1", f"{given.number} was told, the log says {logged}")


def one_each(record: Record, ours: Sequence[Event]) -> Iterator[Violation]:
    """P5: one key one number, one number one key, and no number that nobody asked for."""
    of_key: dict[str, set[int]] = defaultdict(set)
    of_ticket: dict[int, set[str]] = defaultdict(set)
    for given in record.given:
        of_key[given.key].add(given.ticket)
        of_ticket[given.ticket].add(given.key)
    yield from (Violation("P5", f"key {key} gave tickets {sorted(t)}") for key, t in of_key.items() if len(t) > 1)
    yield from (Violation("P5", f"ticket {t} answered keys {sorted(k)}") for t, k in of_ticket.items() if len(k) > 1)
    extra: Counter[str] = Counter(
        event["actor"] for event in ours if event["type"] == "TicketIssued" and event["ticket"] not in of_ticket
    )
    for actor, number in extra.items():
        if number > record.unsettled[actor]:
            yield Violation("P5", f"{actor}: {number} numbers nobody was told of")


def acted_once(record: Record, ours: Sequence[Event]) -> Iterator[Violation]:
    """P1 and P3: every acknowledged press left its event, and none left two."""
    told = Counter((act.type, act.actor, act.leg) for act in record.told)
    logged = Counter((e["type"], e["actor"], e["leg"]) for e in ours if e["type"] in ACTS)
    for act in told - logged:
        yield Violation("P1", f"{act[0]} of leg {act[2]} by {act[1]} was acknowledged and is not in the log")
    extra: Counter[str] = Counter()
    for act, number in (logged - told).items():
        extra[act[1]] += number
    for actor, number in extra.items():
        if number > record.unsettled[actor]:
            doubled = sorted(act[0] for act in logged - told if act[1] == actor)
            yield Violation("P3", f"{actor}: {number} acts in the log that were pressed once or never: {doubled[:5]}")


def calls_are_told(record: Record, events: Sequence[Event]) -> Iterator[Violation]:
    """P3: a call's id is its event, the same leg at the same counter, and told to one officer only."""
    by_seq = {event["seq"]: event for event in events}
    officers: dict[int, set[Told]] = defaultdict(set)
    for act in record.told:
        if act.call is None:
            continue
        officers[act.call].add(act)
        event = by_seq.get(act.call)
        if event is None or (event["leg"], event["counter"], event["type"]) != (act.leg, act.counter, act.type):
            yield Violation("P3", f"call {act.call} of leg {act.leg} at {act.counter} is not what the log says")
    for call, acts in officers.items():
        if len(acts) > 1:
            yield Violation("P3", f"call {call} was told to {sorted(a.actor for a in acts)}")
