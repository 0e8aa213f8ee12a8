"""Opening, pausing, closing and releasing a counter.

Planted: `session_of(ask.username)` not looked at -> test_one_officer_one_counter red.
Planted: `close_counter` without `must_be_free` -> test_a_counter_with_a_visitor... red.
Planted: `release` finishing the visitor -> test_a_released_counter... red.
"""

from dataclasses import replace

from server.app import calling, counters, devices
from tests.app.small_hall import IKD, KK, KTP, NIB, SmallHall


def test_an_officer_opens_a_counter(hall: SmallHall) -> None:
    body = hall.say(hall.person("ani"), counters.open_counter, counter="DKC-2")
    assert body["counter"]["state"] == "open" and body["counter"]["officer"] == {"username": "ani", "name": "Ani"}
    assert body["counter"]["services"] == [KTP, KK, IKD] and body["counter"]["since"] == "2026-11-03T00:00:00.000Z"
    event = hall.events("CounterOpened")[-1]
    assert (event.actor, event.counter, event.data) == ("user:ani", "DKC-2", {"officer": "ani", "services": [KTP, KK, IKD]})


def test_opening_again_changes_nothing(hall: SmallHall) -> None:
    ani = hall.opened()
    hall.take()
    hall.say(ani, calling.call_next, counter="DKC-1")
    seq = hall.events()[-1].seq
    body = hall.say(ani, counters.open_counter, counter="DKC-1", services=[KK])
    assert body["counter"]["services"] == [KTP, KK, IKD] and body["leg"]["number"] == "B-001"
    assert hall.events()[-1].seq == seq


def test_a_taken_counter_says_by_whom(hall: SmallHall) -> None:
    hall.opened("ani", "DKC-1")
    facts = hall.refused("counter_taken", hall.person("budi"), counters.open_counter, counter="DKC-1")
    assert facts == {"officer": "Ani", "counter": "DKC-1"}


def test_one_officer_one_counter(hall: SmallHall) -> None:
    hall.opened("ani", "DKC-1")
    assert hall.refused("officer_busy", hall.person("ani"), counters.open_counter, counter="DKC-2") == {"counter": "DKC-1"}


def test_counters_that_cannot_be_opened(hall: SmallHall) -> None:
    hall.refused("unknown_counter", hall.person("ani"), counters.open_counter, counter="X-1")
    hall.refused("not_your_counter", hall.person("ani"), counters.open_counter, counter="PTSP-1")
    hall.refused("unknown_service", hall.person("ani"), counters.open_counter, counter="DKC-1", services=[KTP, NIB])
    hall.refused("forbidden", replace(hall.person("pengawas"), username=None), counters.open_counter, counter="DKC-1")


def test_close_and_open_again(hall: SmallHall) -> None:
    ani = hall.opened()
    hall.later(minutes=5)
    assert hall.say(ani, counters.close_counter, counter="DKC-1")["counter"]["state"] == "closed"
    assert hall.rows("SELECT flagged, (closed_at - opened_at) / 1000000 FROM counter_session") == [(0, 300)]
    hall.refused("counter_closed", ani, counters.close_counter, counter="DKC-1")
    hall.opened("budi", "DKC-1")
    hall.refused("not_your_counter", ani, counters.close_counter, counter="DKC-1")


def test_a_counter_with_a_visitor_is_neither_closed_nor_paused(hall: SmallHall) -> None:
    hall.take()
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    assert hall.refused("counter_busy", ani, counters.close_counter, counter="DKC-1")["number"] == "B-001"
    hall.refused("counter_busy", ani, counters.pause, counter="DKC-1", reason="salat")


def test_pauses_are_kept(hall: SmallHall) -> None:
    ani = hall.opened()
    body = hall.say(ani, counters.pause, counter="DKC-1", reason="salat")
    assert (body["counter"]["state"], body["counter"]["pause_reason"]) == ("paused", "salat")
    hall.refused("counter_paused", ani, counters.pause, counter="DKC-1", reason="makan")
    hall.later(minutes=15)
    assert hall.say(ani, counters.resume, counter="DKC-1")["counter"]["state"] == "open"
    hall.refused("wrong_state", ani, counters.resume, counter="DKC-1")
    assert hall.rows("SELECT reason, (to_at - from_at) / 1000000 FROM pause") == [("salat", 900)]
    assert [(e.type, e.data.get("reason")) for e in hall.events("CounterPaused", "CounterResumed")] == [
        ("CounterPaused", "salat"), ("CounterResumed", None),
    ]


def test_closing_ends_the_pause(hall: SmallHall) -> None:
    ani = hall.opened()
    hall.say(ani, counters.pause, counter="DKC-1", reason="makan")
    hall.later(minutes=10)
    hall.say(ani, counters.close_counter, counter="DKC-1")
    assert hall.rows("SELECT count(*) FROM pause WHERE to_at IS NULL") == [(0,)]


def test_a_released_counter_keeps_its_visitor(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.start, counter="DKC-1")
    body = hall.say(hall.person("pengawas"), counters.release, counter="DKC-1", reason="sakit")
    assert (body["counter"]["state"], body["leg"]["state"]) == ("closed", "serving")
    event = hall.events("CounterReleased")[-1]
    assert (event.actor, event.data) == ("user:pengawas", {"officer": "ani", "reason": "sakit"})
    assert hall.rows("SELECT flagged FROM counter_session") == [(1,)]
    hall.refused("counter_closed", ani, calling.finish, counter="DKC-1")
    hall.refused("counter_closed", hall.person("pengawas"), counters.release, counter="DKC-1")
    budi = hall.person("budi")
    assert hall.say(budi, counters.open_counter, counter="DKC-1")["leg"]["ticket"] == told["id"]
    assert hall.refused("counter_busy", budi, calling.call_next, counter="DKC-1")["state"] == "serving"
    hall.say(budi, calling.finish, counter="DKC-1")
    assert hall.leg(told["id"]).state == "finished"


def test_state_does_not_depend_on_the_officers_page(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.system(devices.officer_flip, counter="DKC-1", lost=True)
    assert hall.events("OfficerLost")[-1].data == {"officer": "ani"}
    assert hall.leg(told["id"]).state == "called"
    hall.system(devices.officer_flip, counter="DKC-1", lost=False)
    assert hall.say(ani, calling.start, counter="DKC-1")["leg"]["state"] == "serving"
