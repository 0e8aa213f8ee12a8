"""The checker of `mpp simulate` sees each broken promise in a falsified record or log, and nothing in a true one.

The falsified days below are the plants: each is the true day with one lie, and must be red with its promise.
Planted in the checker itself -> red: `record.given[:-1]` in kept; `times > 2` in numbers; surely_before always False,
k + 1 in Order; `digest(GENESIS, ...)` and no look at the seq in check_chain; no look at the counter in Replay._sit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from server.simulate import checks
from server.simulate.record import Given, Told, Violation
from server.simulate.replay import Replay
from tests.simulate.logs import DATE, KIOSK, OFFICER, POLICY, Log, true_day


def broken(day: Log) -> list[Violation]:
    return checks.check(day.record, day.events, Replay(POLICY, weights={}).play(day.events), since=0)


def test_a_true_day_keeps_every_promise() -> None:
    assert broken(true_day()) == []


def lost_ticket(day: Log) -> None:
    day.record.given.append(Given("key-x", KIOSK, 99, "D-099", "DKC-KTP", DATE))


def ticket_told_as_another(day: Log) -> None:
    day.record.given[0] = Given("key-1", KIOSK, 1, "D-777", "DKC-KTP", DATE)


def lost_act(day: Log) -> None:
    day.record.told.append(Told("TicketFinished", OFFICER, 4, "DKC-1"))


def number_given_twice(day: Log) -> None:
    leg = day.issue(30)
    day.events[-1]["data"]["number"] = 1
    day.events[-1]["data"]["label"] = "D-001"
    day.record.given[-1] = Given("key-y", KIOSK, leg, "D-001", "DKC-KTP", DATE)
    day.reseal()


def label_given_twice(day: Log) -> None:
    leg = day.issue(30)
    day.events[-1]["data"]["label"] = "D-001"
    day.record.given[-1] = Given("key-y", KIOSK, leg, "D-001", "DKC-KTP", DATE)
    day.reseal()


def number_left_out(day: Log) -> None:
    leg = day.issue(30)
    day.events[-1]["data"]["number"] += 1
    day.events[-1]["data"]["label"] = "D-009"
    day.record.given[-1] = Given("key-y", KIOSK, leg, "D-009", "DKC-KTP", DATE)
    day.reseal()


def called_at_two_counters(day: Log) -> None:
    day.call(26, 1, "DKC-2")


def two_visitors_at_one_counter(day: Log) -> None:
    day.call(31, day.issue(30))


def finished_twice(day: Log) -> None:
    day.finish(27, 1)
    day.finish(28, 1)


def press_counted_twice(day: Log) -> None:
    """The log has two recalls, the officer pressed once."""
    day.at_counter("TicketRecalled", 26, 1, count=2)
    day.at_counter("TicketRecalled", 27, 1, told=False, count=3)


def call_told_to_two_officers(day: Log) -> None:
    call = next(act for act in day.record.told if act.call)
    day.record.told.append(Told(call.type, "user:petugas-ptsp", call.leg, call.counter, call.call))


def overtaken(day: Log) -> None:
    day.finish(26, 1)
    early, late = day.issue(27), day.issue(28)
    day.call(29, late)
    assert early < late


def picked_without_reason(day: Log) -> None:
    day.finish(26, 1)
    day.at_counter("TicketPicked", 29, day.issue(27), reason=" ", count=1)


def priority_three_times_in_a_row(day: Log) -> None:
    day.finish(26, 1)
    day.issue(27)
    for minute in (30, 32, 34):
        leg = day.issue(28, priority="hamil")
        day.call(minute, leg)
        day.finish(minute + 1, leg)


def regular_before_priority(day: Log) -> None:
    day.finish(26, 1)
    regular, _ = day.issue(27), day.issue(28, priority="hamil")
    day.call(29, regular)


def beyond_the_guard(day: Log) -> None:
    day.finish(26, 1)
    day.issue(27)
    day.call(100, day.issue(90, priority="hamil"))


def the_other_service_waited_longer(day: Log) -> None:
    day.finish(26, 1)
    day.issue(27, "DKC-KK")
    day.call(40, day.issue(30, "DKC-KTP"))


def chain_broken(day: Log) -> None:
    day.events[5]["data"]["label"] = "D-555"


def event_taken_out(day: Log) -> None:
    del day.events[9]


def one_key_two_tickets(day: Log) -> None:
    day.issue(30, key="key-1")


def two_keys_one_ticket(day: Log) -> None:
    day.record.given.append(Given("key-z", KIOSK, 1, "D-001", "DKC-KTP", DATE))


def ticket_nobody_was_told_of(day: Log) -> None:
    day.issue(30)
    day.record.given.pop()


LIES: list[tuple[Callable[[Log], None], str, str]] = [
    (lost_ticket, "P1", "in the log 0 times"), (ticket_told_as_another, "P1", "D-777 was told"),
    (lost_act, "P1", "TicketFinished of leg 4"),
    (number_given_twice, "P2", "number 1 was given 2 times"), (label_given_twice, "P2", "'D-001') was given 2 times"),
    (number_left_out, "P2", "numbers [6] are missing"),
    (called_at_two_counters, "P3", "D-001 was called at DKC-1"),
    (two_visitors_at_one_counter, "P3", "D-001 is still active at DKC-1"),
    (finished_twice, "P3", "D-001 was finished"), (press_counted_twice, "P3", "1 acts in the log"),
    (call_told_to_two_officers, "P3", "was told to"),
    (overtaken, "P4", "overtook"), (picked_without_reason, "P4", "without a reason"),
    (priority_three_times_in_a_row, "P4", "a regular visitor's turn"),
    (regular_before_priority, "P4", "a priority visitor's turn"), (beyond_the_guard, "P4", "beyond the guard"),
    (the_other_service_waited_longer, "P4", "of DKC-KK has waited longer"),
    (chain_broken, "P15", "event 6 TicketIssued: the chain breaks"), (event_taken_out, "P15", "event 10 is missing"),
    (one_key_two_tickets, "P5", "key key-1 gave tickets"), (two_keys_one_ticket, "P5", "ticket 1 answered keys"),
    (ticket_nobody_was_told_of, "P5", "1 numbers nobody was told of"),
]


@pytest.mark.parametrize(("lie", "promise", "words"), LIES, ids=[lie.__name__ for lie, _, _ in LIES])
def test_a_lie_is_seen(lie: Callable[[Log], None], promise: str, words: str) -> None:
    day = true_day()
    lie(day)
    assert any(one.promise == promise and words in one.text for one in broken(day)), broken(day)


def test_an_unsettled_wish_may_have_left_a_number() -> None:
    day = true_day()
    ticket_nobody_was_told_of(day)
    day.record.unsettled[KIOSK] = 1
    assert broken(day) == []


def test_a_number_may_be_skipped_by_a_flagged_jump() -> None:
    day = true_day()
    number_left_out(day)
    jump: dict[str, Any] = {"series": "DKC", "date": DATE, "from": 6, "to": 6}
    day.add("SeriesJumped", 31, "system", data=jump)
    day.reseal()
    assert broken(day) == []
