"""Alerts: the rules over a snapshot at an instant, and what of them stands in the log.

Planted, each seen red and taken out: `since` a minute late; a paused loket counted as idle; `free` not looked at;
the queue's limit one too high; an ended alert left in its table; a second name taking the first one's place;
the site's queue for every service; the last limit of a loket's services; a limit of 0 looked at; a limit for a service of no plan;
`_began` from `started_at`, and `served_s` left out: time set aside counted as served, or time before it forgotten.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config import texts
from server.app import alerting, calling, floors
from server.app.ask import Ask
from server.app.snapshot import Snapshot
from server.app.views.hall import Hall
from server.app.views.rules import CODES, due
from server.domain.floor import Policy
from server.domain.tickets import State
from tests.app.halls import SITE, device, later, make_snapshot, served, session, stop
from tests.app.small_hall import SmallHall

#: promises of 600 s of waiting and 900 s of service
LINE = make_snapshot(open_legs=(stop(10), stop(20), stop(30, "KK")), sessions=(session("DKC-1", "KTP"),))


def found(snap: Snapshot, seconds: float, free: Any = None, **policy: Any) -> dict[str, Any]:
    """key -> the alert, so many seconds after nine."""
    if policy:
        floor = replace(snap.floor, policy=Policy(**policy))
        snap = replace(snap, floor=floor)
    return {one.key: one for one in due(Hall(snap, later(seconds), SITE), free or {})}


def test_a_wait_is_over_when_the_first_promise_has_run_out() -> None:
    quiet = {"alert_idle_s": 0, "alert_queue": 0}
    assert found(LINE, 609.9, **quiet) == {}
    assert list(found(LINE, 610, **quiet)) == ["wait_over.KTP"]
    both = found(LINE, 630, **quiet)
    assert list(both) == ["wait_over.KTP", "wait_over.KK"]
    assert both["wait_over.KTP"].since == later(610) and both["wait_over.KTP"].gerai == "DKC"
    assert list(found(LINE, 310, alert_wait_percent=50, **quiet)) == ["wait_over.KTP"]
    assert found(LINE, 9999, alert_wait_percent=0, **quiet) == {}


def test_a_queue_is_over_since_the_one_who_made_it_so() -> None:
    assert found(LINE, 300, alert_queue=3, alert_idle_s=0) == {}
    assert found(LINE, 300, alert_queue=2, alert_idle_s=0)["queue_over.KTP"].since == later(20)


def test_an_open_loket_is_idle_while_somebody_waits_whom_it_serves() -> None:
    assert found(LINE, 309.9) == {}
    assert found(LINE, 310)["counter_idle.DKC-1"].facts["counter"] == "Loket 1"
    left = {"DKC-1": later(100)}
    assert "counter_idle.DKC-1" not in found(LINE, 399.9, left) and "counter_idle.DKC-1" in found(LINE, 400, left)
    for other in (
        session("DKC-1", "KTP", paused_since=later(1)),
        session("DKC-1", "KTP", lost_since=later(1)),
        session("PJK-1", "NPWP"),
    ):
        busy = found(replace(LINE, sessions=(other,)), 500)
        assert not [key for key in busy if key.startswith("counter_idle")], other
    assert not found(replace(LINE, open_legs=(*LINE.open_legs, served(40, "DKC-1"))), 500)


def test_a_finish_is_forgotten_after_three_times_the_promise() -> None:
    called = make_snapshot(open_legs=(served(0, "DKC-1"),), sessions=(session("DKC-1", "KTP"),))
    assert found(called, 2699) == {} and list(found(called, 2700)) == ["finish_forgotten.DKC-1"]
    begun = make_snapshot(
        open_legs=(stop(0, state=State.SERVING, counter="DKC-1", last_called_at=later(0), started_at=later(60), serving_since=later(60)),),
        sessions=(session("DKC-1", "KTP"),),
    )
    assert found(begun, 2759) == {} and found(begun, 2760)["finish_forgotten.DKC-1"].facts["number"] == "A-000"
    # Served for two minutes, set aside for half an hour, taken up again: only time at the counter counts.
    [(ticket, leg)] = begun.open_legs
    resumed = replace(begun, open_legs=((ticket, leg._replace(served_s=120, serving_since=later(2000))),))
    assert found(resumed, 4579) == {} and list(found(resumed, 4580)) == ["finish_forgotten.DKC-1"]


def test_machines_in_trouble_are_among_them() -> None:
    snap = make_snapshot(devices=(device("TV1", "display", state="down"),))
    assert list(found(snap, 0)) == ["device_down.TV1"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_rule_has_its_words(language: str) -> None:
    assert {f"alert.{code}" for code in CODES} <= texts.load(language).keys()


def looked(hall: SmallHall) -> None:
    raised, ended = hall.read(lambda work: alerting.changes(work, hall.now))
    hall.act(Ask("system", hall.now), alerting.flip, raised=raised, ended=ended)


def test_raised_and_ended_once_each_and_taken_on_by_the_first(hall: SmallHall) -> None:
    hall.take()
    ani = hall.opened()
    looked(hall)
    hall.later(minutes=6)
    looked(hall)
    looked(hall)
    key = "counter_idle.DKC-1"
    (raised,) = hall.events("AlertRaised")
    assert (raised.actor, raised.gerai, raised.data["key"]) == ("system", "DKC", key)
    chief = hall.person("pengawas")
    first = hall.say(chief, alerting.acknowledge, alert=key)
    hall.later(seconds=5)
    again = hall.say(hall.person("resepsionis"), alerting.acknowledge, alert=key)
    assert again == first and first["by"] == "user:pengawas"
    assert len(hall.events("AlertAcknowledged")) == 1
    hall.say(ani, calling.call_next, counter="DKC-1")
    looked(hall)
    looked(hall)
    assert [event.data["key"] for event in hall.events("AlertEnded")] == [key]
    assert hall.refused("unknown_alert", chief, alerting.acknowledge, alert=key) == {"alert": key}


def test_a_loket_that_has_just_become_free_is_not_idle(hall: SmallHall) -> None:
    """Heartbeats do not count as work, the end of a visit does."""
    hall.take()
    hall.take()
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.later(minutes=8)
    hall.say(ani, calling.finish, counter="DKC-1")
    hall.later(minutes=4, seconds=59)
    keys = [one.key for one in hall.read(lambda work: alerting.changes(work, hall.now))[0]]
    assert "counter_idle.DKC-1" not in keys
    hall.now += timedelta(seconds=1)
    keys = [one.key for one in hall.read(lambda work: alerting.changes(work, hall.now))[0]]
    assert "counter_idle.DKC-1" in keys


def test_a_service_has_limits_of_its_own_and_else_the_site_s() -> None:
    quiet = {"alert_wait_percent": 0, "alert_idle_s": 0}
    assert list(found(LINE, 300, alert_queue=2, alert_queue_of={"KK": 1}, **quiet)) == ["queue_over.KTP", "queue_over.KK"]
    assert list(found(LINE, 300, alert_queue=0, alert_queue_of={"KK": 1}, **quiet)) == ["queue_over.KK"]
    assert found(LINE, 300, alert_queue=2, alert_queue_of={"KTP": 0}, **quiet) == {}
    both = replace(LINE, sessions=(session("DKC-1", "KTP", "KK"),))
    none = {"alert_wait_percent": 0, "alert_queue": 0}
    assert found(both, 89.9, alert_idle_s_of={"KK": 60}, **none) == {}
    idle = found(both, 90, alert_idle_s_of={"KK": 60}, **none)["counter_idle.DKC-1"]
    assert (idle.since, idle.facts["minutes"]) == (later(90), 1)
    assert found(both, 309.9, alert_idle_s_of={"KK": 0}, **none) == {} and found(both, 310, alert_idle_s_of={"KK": 0}, **none)
    assert found(LINE, 9999, alert_idle_s_of={"KTP": 0}, **none) == {}


def test_a_limit_is_set_for_a_service_of_the_plan_only(hall: SmallHall) -> None:
    chief = hall.person("pengawas")
    assert hall.refused("unknown_service", chief, floors.set_policy, alert_queue_of={"DKC-KTP": 3, "TIDAK": 1}) == {"service": "TIDAK"}
    assert hall.read(floors.policy_of)["alert_queue_of"] == {}
    hall.say(chief, floors.set_policy, alert_queue_of={"DKC-KTP": 3})
    assert hall.read(lambda work: work.floors.current().policy.queue_limit("DKC-KTP")) == 3
