"""One key, one effect: an act's answer is kept with the act and given again (DESIGN section 6).

Planted: `keep_answer` left out -> every test here red.
Planted: the answer kept in a transaction of its own after the act -> tests/promises/test_kill.py red.
Planted: refusals kept -> test_refusals_and_empty_answers_are_not_kept red.
Planted: the fingerprint not compared -> test_another_body... red.
"""

from collections.abc import Callable
from typing import Any

import pytest

from server.app import calling, clockwork, counters, issuing, visits
from server.app.ask import Answer, Mismatch
from tests.app.small_hall import KK, KTP, NIB, SmallHall, keyed

#: act, its arguments, and how often its event may be in the log
ACTS: list[tuple[Callable[..., Answer], dict[str, Any], str]] = [
    (calling.recall, {"counter": "DKC-1"}, "TicketRecalled"),
    (calling.start, {"counter": "DKC-1"}, "ServiceStarted"),
    (calling.finish, {"counter": "DKC-1", "then_next": True}, "TicketFinished"),
    (calling.hold, {"counter": "DKC-1", "reason": "x"}, "TicketHeld"),
    (calling.put_back, {"counter": "DKC-1"}, "TicketPutBack"),
    (visits.transfer_from_counter, {"counter": "DKC-1", "service": NIB}, "TicketTransferred"),
    (visits.cancel, {"ticket": 1}, "TicketCancelled"),
    (visits.set_priority, {"ticket": 1, "value": "hamil"}, "PrioritySet"),
    (visits.reprint, {"ticket": 1}, "SlipQueued"),
]


@pytest.mark.parametrize(("act", "arguments", "event"), ACTS, ids=[event for *_, event in ACTS])
def test_a_repeated_press_has_one_effect(
    hall: SmallHall, act: Callable[..., Answer], arguments: dict[str, Any], event: str
) -> None:
    for _ in range(3):
        hall.take()
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    first = hall.act(keyed(ani, "press"), act, **arguments)
    rows = hall.hall_rows()
    hall.later(seconds=2)
    again = hall.act(keyed(ani, "press"), act, **arguments)
    assert not first.replayed and again.replayed
    assert (again.status, again.body) == (first.status, first.body)
    assert hall.hall_rows() == rows and len(hall.events(event)) == 1


def test_a_lost_reply_to_next_gives_the_same_visitor(hall: SmallHall) -> None:
    hall.take()
    hall.take()
    ani = hall.opened()
    first = hall.say(keyed(ani, "n1"), calling.call_next, counter="DKC-1")
    assert hall.say(keyed(ani, "n1"), calling.call_next, counter="DKC-1") == first
    hall.refused("counter_busy", keyed(ani, "n2"), calling.call_next, counter="DKC-1")
    hall.say(ani, calling.finish, counter="DKC-1")
    # Much later the old key still tells of the old visitor and calls nobody.
    assert hall.say(keyed(ani, "n1"), calling.call_next, counter="DKC-1") == first
    assert hall.say(keyed(ani, "n3"), calling.call_next, counter="DKC-1")["ticket"]["number"] == "B-002"


def test_another_body_under_the_same_key(hall: SmallHall) -> None:
    hall.act(hall.kiosk(key="k", body="KTP"), issuing.issue, service=KTP)
    rows = hall.hall_rows()
    with pytest.raises(Mismatch):
        hall.act(hall.kiosk(key="k", body="KK"), issuing.issue, service=KK)
    assert hall.hall_rows() == rows


def test_a_key_belongs_to_who_made_it(hall: SmallHall) -> None:
    given = [hall.act(hall.kiosk(code, key="k"), issuing.issue, service=KTP).body for code in ("K1", "K2")]
    given.append(hall.act(hall.person("resepsionis", key="k"), issuing.issue, service=KTP).body)
    assert [body["number"] for body in given if body] == ["B-001", "B-002", "B-003"]


def test_refusals_and_empty_answers_are_not_kept(hall: SmallHall) -> None:
    hall.refused("counter_closed", hall.person("ani", key="a"), calling.call_next, counter="DKC-1")
    ani = hall.opened()
    assert hall.act(keyed(ani, "a"), calling.call_next, counter="DKC-1").status == 204
    assert hall.rows("SELECT count(*) FROM answer") == [(0,)]
    hall.take()
    assert hall.act(keyed(ani, "a"), calling.call_next, counter="DKC-1").status == 200
    hall.refused("counter_busy", keyed(ani, "b"), counters.close_counter, counter="DKC-1")
    hall.say(ani, calling.finish, counter="DKC-1")
    assert hall.say(keyed(ani, "b"), counters.close_counter, counter="DKC-1")["counter"]["state"] == "closed"


def test_answers_are_kept_for_48_hours(hall: SmallHall) -> None:
    first = hall.act(hall.kiosk(key="k"), issuing.issue, service=KTP)
    hall.later(hours=47)
    hall.system(clockwork.forget_answers, spared=0)
    assert hall.act(hall.kiosk(key="k"), issuing.issue, service=KTP).body == first.body
    hall.later(hours=2)
    hall.system(clockwork.forget_answers, spared=0)
    assert hall.rows("SELECT count(*) FROM answer") == [(0,)]


def test_a_clock_set_right_by_days_forgets_no_new_answer(hall: SmallHall) -> None:
    """Who was not answered asks again minutes later, whatever the date has become. Planted: nothing is spared -> red."""
    for key in ("a", "b", "c"):
        hall.act(hall.kiosk(key=key), issuing.issue, service=KTP)
        hall.later(seconds=5)
    hall.later(days=20)
    hall.system(clockwork.forget_answers)
    assert hall.rows("SELECT count(*) FROM answer") == [(3,)]
    hall.system(clockwork.forget_answers, spared=2)
    assert hall.rows("SELECT key FROM answer ORDER BY key") == [("b",), ("c",)]


def test_the_same_key_twice_in_one_commit(hall: SmallHall) -> None:
    """Two copies of one request that wait together share a commit and still make one ticket."""
    from server.app.performing import perform

    wish = hall.kiosk(key="k")
    units = [lambda work, n=n: perform(work, _with_token(wish, n), issuing.issue, {"service": KTP}) for n in "ab"]
    outcomes = hall.writer.run_batch(units)
    assert [ok for ok, _ in outcomes] == [True, True]
    assert [answer.replayed for _, answer in outcomes] == [False, True]
    assert outcomes[0][1].body == outcomes[1][1].body and hall.rows("SELECT count(*) FROM ticket") == [(1,)]


def _with_token(ask: Any, token: str) -> Any:
    from dataclasses import replace

    return replace(ask, token=token * 22)
