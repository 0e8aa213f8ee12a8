"""Who is called next, and the officer's acts on the visitor at the counter.

Planted: `must_be_free` left out of `_ready` -> test_another_press... red.
Planted: `recall` writing `first_called_at` -> test_a_recall... red.
Planted: `pick_next` ignoring the streak -> test_two_priority_calls_then_a_regular_one red.
Planted: `finish` keeping `service_reliable` from called -> test_finishing_without_start... red.
Planted: `hold` keeping the counter -> test_a_held_visitor_frees_the_counter... red.
Planted: `leg.id != meant` left out -> test_a_press_that_means_another_visitor... red.
Planted: `session.officer != ask.username` left out -> test_only_the_officer_who_opened_it red.
"""

from typing import Any

import pytest

from server.app import calling, counters, floors, visits
from server.app.snapshot import SiteFacts
from server.app.views import view_data
from server.storage.snapshot import gather
from tests.app.small_hall import KK, KTP, NIB, SmallHall, row_of, small_plan


def called(hall: SmallHall, name: str = "ani", counter: str = "DKC-1") -> str:
    """The number Next calls after finishing whoever is there; '' when nobody waits."""
    ask = hall.person(name)
    if hall.read(lambda work: work.tickets.active_at(counter)):
        hall.say(ask, calling.finish, counter=counter)
    answer = hall.act(ask, calling.call_next, counter=counter)
    assert answer.status == (200 if answer.body else 204)
    return answer.body["ticket"]["number"] if answer.body else ""


def test_next_answers_with_ticket_leg_and_call(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.later(minutes=4)
    body = hall.say(ani, calling.call_next, counter="DKC-1")
    event = hall.events("TicketCalled")[-1]
    assert body["ticket"] == {"id": told["id"], "number": "B-001"}
    assert body["call"] == {"id": event.seq, "count": 1}
    assert body["leg"]["state"] == "called" and body["counter"]["leg"] == body["leg"]
    leg = hall.leg(told["id"])
    assert (leg.state, leg.counter, leg.officer) == ("called", "DKC-1", "ani")
    assert (leg.first_called_at, leg.last_called_at, leg.call_count) == (hall.now, hall.now, 1)
    assert hall.rows("SELECT id, label, counter, kind, count FROM call") == [(event.seq, "B-001", "DKC-1", "call", 1)]


@pytest.mark.parametrize(
    ("act", "more"),
    [(calling.start, {}), (calling.recall, {}), (calling.finish, {}), (calling.finish, {"then_next": True}), (calling.no_show, {}),
     (calling.hold, {}), (calling.put_back, {}), (visits.transfer_from_counter, {"service": KK})],
)
def test_a_press_that_means_another_visitor_changes_nothing(hall: SmallHall, act: Any, more: dict[str, Any]) -> None:
    """An old press that arrives when somebody else stands there."""
    gone, there, ani = hall.take(), hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    before = hall.say(ani, calling.finish, counter="DKC-1", leg=hall.leg(gone["id"]).id, then_next=True)["leg"]
    log = len(hall.events())
    told = hall.refused("wrong_state", ani, act, counter="DKC-1", leg=hall.leg(gone["id"]).id, **more)
    assert told["leg"] == before["leg"] == hall.leg(there["id"]).id
    assert hall.leg(there["id"]).state == "called" and len(hall.events()) == log


def test_first_come_first_called_over_all_services_of_the_counter(hall: SmallHall) -> None:
    for service in (KK, KTP, KTP, NIB, KK):
        hall.take(service)
        hall.later(seconds=20)
    hall.opened()
    assert [called(hall) for _ in range(5)] == ["B-001", "B-002", "B-003", "B-004", ""]


def test_a_counter_calls_only_what_it_was_opened_for(hall: SmallHall) -> None:
    hall.take(KTP)
    hall.take(KK)
    hall.opened("ani", "DKC-1", services=[KK])
    assert [called(hall), called(hall)] == ["B-002", ""]


def test_another_press_while_a_visitor_is_active_says_who(hall: SmallHall) -> None:
    first = hall.take()
    hall.take()
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    facts = hall.refused("counter_busy", ani, calling.call_next, counter="DKC-1")
    assert (facts["number"], facts["state"], facts["leg"]["ticket"]) == ("B-001", "called", first["id"])
    hall.say(ani, calling.start, counter="DKC-1")
    assert hall.refused("counter_busy", ani, calling.call_next, counter="DKC-1")["state"] == "serving"


def test_two_counters_never_call_the_same(hall: SmallHall) -> None:
    hall.take()
    hall.opened("ani", "DKC-1")
    hall.opened("budi", "DKC-2")
    assert called(hall, "ani", "DKC-1") == "B-001"
    assert called(hall, "budi", "DKC-2") == ""


def test_two_priority_calls_then_a_regular_one(hall: SmallHall) -> None:
    for wish in (None, None, "lansia", "lansia", "hamil", "lansia"):
        hall.take(priority=wish)
        hall.later(seconds=5)
    hall.opened()
    assert [called(hall) for _ in range(6)] == ["B-003", "B-004", "B-001", "B-005", "B-006", "B-002"]


def test_the_ratio_is_the_supervisors(hall: SmallHall) -> None:
    hall.policy(priority_ratio=1)
    for wish in (None, None, "lansia", "lansia"):
        hall.take(priority=wish)
    hall.opened()
    assert [called(hall) for _ in range(4)] == ["B-003", "B-001", "B-004", "B-002"]


def test_nobody_starves(hall: SmallHall) -> None:
    hall.policy(priority_ratio=100, max_wait_guard_s=600)
    hall.take()
    hall.later(seconds=601)
    for _ in range(2):
        hall.take(priority="lansia")
    hall.opened()
    assert [called(hall) for _ in range(3)] == ["B-001", "B-002", "B-003"]


def test_the_officers_list_is_in_the_order_of_the_calls(hall: SmallHall) -> None:
    """Whom the gerai's view puts first is whom Next calls, for each counter by its own services and weights.

    Planted: the list by place, the calls made before left out (class_calls empty), weights left out -> red.
    """
    plan = small_plan()
    row_of(plan, "counters", "DKC-1")["weights"] = {KK: 3}
    hall.system(floors.load_floor, plan=plan)
    for service, wish in ((KTP, None), (KTP, "lansia"), (KK, None), (KTP, "hamil"), (KTP, "lansia"), (KK, "lansia"), (KTP, None)):
        hall.take(service, priority=wish)
        hall.later(minutes=2)
    hall.opened()
    hall.opened("budi", "DKC-2", [KTP])
    assert called(hall) == "B-002"
    assert told(hall, "DKC-2") == ["B-004", "B-001", "B-005", "B-007"]
    own = told(hall, "DKC-1")
    assert own != sorted(own)
    assert [called(hall) for _ in own] == own
    assert told(hall, "DKC-1") == told(hall, "DKC-2") == []


def told(hall: SmallHall, counter: str) -> list[str]:
    """The numbers the gerai's view says this counter calls, in order."""
    data = view_data(hall.read(lambda work: gather(work, hall.now)), "gerai:DKC", hall.now, SiteFacts())
    number = {row["ticket"]: row["number"] for row in data["waiting"]}
    return [number[ticket] for row in data["counters"] if row["code"] == counter for ticket in row["line"]]


def test_weights_of_the_counter(hall: SmallHall) -> None:
    plan = small_plan()
    row_of(plan, "counters", "DKC-1")["weights"] = {KK: 3}
    hall.system(floors.load_floor, plan=plan)
    hall.take(KTP)
    hall.later(minutes=10)
    hall.take(KK)
    hall.later(minutes=6)  # 16 minutes once against 6 minutes three times
    hall.opened()
    assert called(hall) == "B-002"


def test_a_pick_is_an_exception_with_who_and_why(hall: SmallHall) -> None:
    hall.take()
    told = hall.take()
    body = hall.say(hall.opened(), calling.pick, counter="DKC-1", ticket=told["id"], reason="harus minum obat")
    assert body["ticket"]["number"] == "B-002" and body["call"]["count"] == 1
    event = hall.events("TicketPicked")[-1]
    assert (event.actor, event.counter, event.data["reason"]) == ("user:ani", "DKC-1", "harus minum obat")


def test_who_cannot_be_picked(hall: SmallHall) -> None:
    ani, budi = hall.opened("ani", "DKC-1"), hall.opened("budi", "DKC-2")
    taken, foreign = hall.take(), hall.take(NIB)
    pick = {"counter": "DKC-1", "reason": "x"}
    hall.refused("unknown_ticket", ani, calling.pick, ticket=99, **pick)
    hall.refused("not_your_counter", ani, calling.pick, ticket=foreign["id"], **pick)
    hall.say(budi, calling.call_next, counter="DKC-2")
    assert hall.refused("ticket_active", ani, calling.pick, ticket=taken["id"], **pick) == {"counter": "DKC-2"}
    hall.say(budi, calling.hold, counter="DKC-2")
    assert hall.refused("wrong_state", ani, calling.pick, ticket=taken["id"], **pick)["state"] == "on_hold"
    hall.say(hall.person("resepsionis"), visits.cancel, ticket=taken["id"])
    assert hall.refused("wrong_state", ani, calling.pick, ticket=taken["id"], **pick)["state"] == "cancelled"


def test_a_recall_is_a_new_call_of_the_same_visitor(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    first_at = hall.later(minutes=1)
    hall.say(ani, calling.call_next, counter="DKC-1")
    again_at = hall.later(minutes=2)
    body = hall.say(ani, calling.recall, counter="DKC-1")
    leg = hall.leg(told["id"])
    assert (leg.first_called_at, leg.last_called_at, leg.call_count) == (first_at, again_at, 2)
    assert body["call"] == {"id": hall.events("TicketRecalled")[-1].seq, "count": 2}
    assert hall.rows("SELECT kind, count FROM call ORDER BY id") == [("call", 1), ("recall", 2)]


def test_calls_have_a_limit(hall: SmallHall) -> None:
    hall.policy(max_calls=3)
    hall.take()
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    for _ in range(2):
        hall.say(ani, calling.recall, counter="DKC-1")
    assert hall.refused("too_many_calls", ani, calling.recall, counter="DKC-1") == {"count": 3, "most": 3}
    hall.say(ani, calling.start, counter="DKC-1")
    assert hall.refused("wrong_state", ani, calling.recall, counter="DKC-1")["state"] == "serving"


def test_a_service_from_start_to_finish(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    started = hall.later(minutes=1)
    hall.say(ani, calling.start, counter="DKC-1")
    hall.refused("wrong_state", ani, calling.start, counter="DKC-1")
    ended = hall.later(minutes=9)
    body = hall.say(ani, calling.finish, counter="DKC-1")
    leg = hall.leg(told["id"])
    assert (leg.state, leg.outcome, leg.started_at, leg.ended_at) == ("finished", "finished", started, ended)
    assert (leg.served_s, leg.service_reliable, leg.wait_reliable) == (540, True, True)
    assert body["counter"]["leg"] is None and body["leg"]["state"] == "finished"
    assert hall.rows("SELECT kind, (to_at - from_at) / 1000000, counter, officer FROM span") == [
        ("serving", 540, "DKC-1", "ani")
    ]


def test_finishing_without_start_is_not_to_be_believed(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.later(minutes=9)
    hall.say(ani, calling.finish, counter="DKC-1")
    leg = hall.leg(told["id"])
    assert (leg.state, leg.service_reliable, leg.started_at, leg.served_s) == ("finished", False, hall.now, 0)
    assert hall.events("TicketFinished")[-1].data == {"label": "B-001", "service_s": 0, "reliable": False}


def test_a_site_may_let_the_call_start_the_service(hall: SmallHall) -> None:
    hall.policy(call_starts_service=True)
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    assert hall.leg(told["id"]).state == "serving"
    hall.later(minutes=5)
    hall.say(ani, calling.finish, counter="DKC-1")
    leg = hall.leg(told["id"])
    assert (leg.served_s, leg.service_reliable) == (300, True)


def test_finish_and_next_in_one_press(hall: SmallHall) -> None:
    first, second = hall.take(), hall.take()
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    body = hall.say(ani, calling.finish, counter="DKC-1", then_next=True)
    assert body["ticket"]["id"] == second["id"] and hall.leg(first["id"]).state == "finished"
    body = hall.say(ani, calling.finish, counter="DKC-1", then_next=True)
    assert body["leg"]["state"] == "finished" and body["counter"]["leg"] is None and body["call"] is None


def test_a_no_show_needs_two_calls_and_a_wait(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    assert hall.refused("too_early", ani, calling.no_show, counter="DKC-1") == {"calls_left": 1, "wait_s": 60}
    hall.later(seconds=61)
    hall.say(ani, calling.recall, counter="DKC-1")
    hall.later(seconds=20)
    assert hall.refused("too_early", ani, calling.no_show, counter="DKC-1") == {"calls_left": 0, "wait_s": 40}
    hall.later(seconds=40)
    hall.say(ani, calling.no_show, counter="DKC-1")
    leg = hall.leg(told["id"])
    assert (leg.state, leg.outcome, leg.ended_at, leg.started_at) == ("no_show", "no_show", hall.now, None)
    assert called(hall) == ""


def test_who_stands_at_the_counter_is_no_no_show(hall: SmallHall) -> None:
    hall.take()
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.start, counter="DKC-1")
    hall.later(minutes=5)
    assert hall.refused("wrong_state", ani, calling.no_show, counter="DKC-1")["state"] == "serving"
    assert hall.refused("wrong_state", ani, calling.put_back, counter="DKC-1")["state"] == "serving"


def test_a_held_visitor_frees_the_counter_and_goes_on_at_another(hall: SmallHall) -> None:
    first, second = hall.take(), hall.take()
    ani, budi = hall.opened("ani", "DKC-1"), hall.opened("budi", "DKC-2")
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.start, counter="DKC-1")
    hall.later(minutes=2)
    hall.say(ani, calling.hold, counter="DKC-1", reason="fotokopi")
    held = hall.leg(first["id"])
    assert (held.state, held.counter, held.served_s) == ("on_hold", None, 120)
    assert hall.say(ani, calling.call_next, counter="DKC-1")["ticket"]["id"] == second["id"]
    hall.refused("counter_busy", ani, calling.resume_leg, counter="DKC-1", leg=held.id)
    hall.later(minutes=5)
    body = hall.say(budi, calling.resume_leg, counter="DKC-2", leg=held.id)
    assert body["leg"]["state"] == "serving" and body["leg"]["counter"] == "DKC-2"
    hall.later(minutes=3)
    hall.say(budi, calling.finish, counter="DKC-2")
    leg = hall.leg(first["id"])
    assert (leg.served_s, leg.held_s, leg.officer, leg.service_reliable) == (300, 300, "budi", True)
    spans = hall.rows("SELECT kind, (to_at - from_at) / 1000000 FROM span WHERE leg = ? ORDER BY id", leg.id)
    assert spans == [("serving", 120), ("held", 300), ("serving", 180)]


def test_a_visitor_held_before_service_is_called_again(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.hold, counter="DKC-1")
    body = hall.say(ani, calling.resume_leg, counter="DKC-1", leg=hall.leg(told["id"]).id)
    assert body["leg"]["state"] == "called"
    assert hall.rows("SELECT kind FROM call ORDER BY id") == [("call",), ("resume",)]


def test_what_cannot_be_resumed(hall: SmallHall) -> None:
    told, ani, dewi = hall.take(), hall.opened(), hall.opened("dewi", "PTSP-1")
    leg = hall.leg(told["id"]).id
    assert hall.refused("wrong_state", ani, calling.resume_leg, counter="DKC-1", leg=leg)["state"] == "waiting"
    hall.refused("unknown_leg", ani, calling.resume_leg, counter="DKC-1", leg=999)
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.hold, counter="DKC-1")
    hall.refused("not_your_counter", dewi, calling.resume_leg, counter="PTSP-1", leg=leg)


@pytest.mark.parametrize(("places", "order"), [(2, ["B-002", "B-003", "B-001", "B-004"]), (9, ["B-002", "B-003", "B-004", "B-001"])])
def test_put_back_behind_as_many_as_the_rule_says(hall: SmallHall, places: int, order: list[str]) -> None:
    hall.policy(put_back_places=places)
    for _ in range(4):
        hall.take()
        hall.later(seconds=30)
    ani = hall.opened()
    assert called(hall) == "B-001"
    body = hall.say(ani, calling.put_back, counter="DKC-1", reason="dokumen di mobil")
    assert body["leg"]["state"] == "waiting" and body["counter"]["leg"] is None
    event = hall.events("TicketPutBack")[-1]
    assert event.data["reason"] == "dokumen di mobil" and event.data["places"] == places
    assert [called(hall) for _ in range(4)] == order


def test_calls_of_an_earlier_round_do_not_count_for_the_no_show_rule(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.recall, counter="DKC-1")
    hall.say(ani, calling.put_back, counter="DKC-1")
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.later(minutes=5)
    assert hall.refused("too_early", ani, calling.no_show, counter="DKC-1") == {"calls_left": 1, "wait_s": 0}
    assert hall.leg(told["id"]).call_count == 3


@pytest.mark.parametrize(
    "act", [calling.recall, calling.start, calling.finish, calling.no_show, calling.hold, calling.put_back]
)
def test_no_act_without_a_visitor(hall: SmallHall, act: object) -> None:
    facts = hall.refused("wrong_state", hall.opened(), act, counter="DKC-1")  # type: ignore[arg-type]
    assert facts == {"state": "idle", "counter": "DKC-1"}


@pytest.mark.parametrize(
    "act", [calling.call_next, calling.recall, calling.start, calling.finish, calling.no_show, calling.hold, calling.put_back]
)
def test_only_the_officer_who_opened_it(hall: SmallHall, act: object) -> None:
    hall.take()
    hall.refused("counter_closed", hall.person("ani"), act, counter="DKC-1")  # type: ignore[arg-type]
    hall.say(hall.opened(), calling.call_next, counter="DKC-1")
    facts = hall.refused("not_your_counter", hall.person("budi"), act, counter="DKC-1")  # type: ignore[arg-type]
    assert facts["officer"] == "Ani"
    hall.refused("not_your_counter", hall.person("dewi"), act, counter="DKC-1")  # type: ignore[arg-type]
    hall.refused("unknown_counter", hall.person("ani"), act, counter="DKC-9")  # type: ignore[arg-type]


def test_a_paused_counter_calls_nobody(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.say(ani, counters.pause, counter="DKC-1", reason="salat")
    hall.refused("counter_paused", ani, calling.call_next, counter="DKC-1")
    hall.refused("counter_paused", ani, calling.pick, counter="DKC-1", ticket=told["id"], reason="x")
    hall.say(ani, counters.resume, counter="DKC-1")
    assert called(hall) == "B-001"
