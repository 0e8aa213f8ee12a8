"""Giving a number: every good path and every refusal of `issue` (DESIGN sections 5 and 6).

Planted: `take_number` giving max(number) + 1 over all dates -> test_numbers_begin_again... red.
Planted: `first_called_at` or `priority_state` set at issue -> test_a_ticket_is_frozen_at_issue red.
Planted: `_refuse` raising instead of answering (the refusal rolled back) -> test_a_refusal_is_kept_once_per_key red.
Planted: `why` left out of the refusal -> test_hours and test_an_override_opens_and_closes red.
"""

from dataclasses import replace
from typing import Any

import pytest

from server.app import calendar, calling, floors, issuing, visits
from server.domain.errors import RuleBroken
from tests.app.small_hall import IKD, KK, KTP, NIB, QUOTA, SmallHall, keyed, row_of, small_plan


def numbers(given: list[dict[str, Any]]) -> list[str]:
    return [body["number"] for body in given]


def test_one_series_is_shared_by_its_services_and_gapless(hall: SmallHall) -> None:
    given = [hall.take(service) for service in (KTP, KK, KTP, NIB, KK)]
    assert numbers(given) == ["B-001", "B-002", "B-003", "A-001", "B-004"]


def test_the_answer_tells_all_a_kiosk_shows(hall: SmallHall) -> None:
    hall.take()
    told = hall.take(KTP, language="en", priority="lansia")
    assert told["gerai"] == "DKC" and told["zone"] == "BIRU" and told["counters"] == ["Loket 1", "Loket 2", "Loket 3", "Loket 4"]
    assert (told["ahead"], told["estimate"], told["language"]) == (0, None, "en")
    assert told["priority"] == {"code": "lansia", "state": "asked"}
    assert told["business_date"] == "2026-11-03" and told["issued_at"] == "2026-11-03T00:00:00.000Z"
    assert told["print"] == {"state": "queued", "printer": "P1", "job": 2}
    assert len(told["token"]) >= 22 and told["url"] is None


def test_who_has_priority_is_told_of_those_the_rule_calls_first(hall: SmallHall) -> None:
    """Two with priority for each other visitor. Planted: all who wait counted for everybody -> red."""
    for _ in range(6):
        hall.take(KTP)
    given = [hall.take(KTP, priority="lansia") for _ in range(4)]
    assert [body["ahead"] for body in given] == [0, 1, 3, 4]
    assert hall.take(KTP)["ahead"] == 10
    assert [hall.read(lambda work: visits.whole(work, hall.ticket(body["id"])))["ahead"] for body in given] == [0, 1, 3, 4]


def test_a_touch_is_ticket_leg_event_and_slip(hall: SmallHall) -> None:
    hall.later(minutes=7)
    told = hall.take(NIB)
    event = hall.events("TicketIssued")[-1]
    assert (event.ticket, event.device, event.actor, event.at) == (told["id"], "K1", "device:K1", hall.now)
    assert event.data["label"] == "A-001" and event.data["number"] == 1 and event.leg == hall.leg(told["id"]).id
    [(job_ticket, state, copy)] = hall.rows("SELECT ticket, state, copy FROM print_job")
    assert (job_ticket, state, copy) == (told["id"], "queued", 0)


def test_a_ticket_is_frozen_at_issue(hall: SmallHall) -> None:
    hall.opened("ani", "DKC-1")
    told = hall.take(KTP)
    ticket, leg = hall.ticket(told["id"]), hall.leg(told["id"])
    assert (ticket.channel, ticket.mode, ticket.device) == ("kiosk", "mandiri", "K1")
    assert (leg.promised_wait_s, leg.promised_service_s, leg.standard_version) == (1800, 600, "contoh 2025-1")
    assert (leg.ahead, leg.open_counters, leg.queued_at, leg.rank_at) == (0, 1, hall.now, hall.now)
    assert leg.first_called_at is None and leg.call_count == 0 and leg.wait_reliable


def test_the_front_desk_works_with_the_same_rules(hall: SmallHall) -> None:
    given = hall.say(hall.person("resepsionis"), issuing.issue, service=KTP, priority="hamil")
    ticket = hall.ticket(given["id"])
    assert (ticket.channel, ticket.mode, ticket.device) == ("petugas", "langsung", None)
    assert (ticket.priority, ticket.priority_state) == ("hamil", "confirmed")
    assert given["print"] == {"state": "none", "printer": None, "job": None}
    on_paper = hall.say(hall.person("resepsionis"), issuing.issue, service=KTP, printer="P1", mode="elektronik")
    assert on_paper["print"]["printer"] == "P1" and hall.ticket(on_paper["id"]).mode == "elektronik"


def test_a_wish_nobody_can_mean(hall: SmallHall) -> None:
    hall.refused("unknown_service", hall.kiosk(), issuing.issue, service="NOPE")
    hall.refused("unknown_service", hall.kiosk(), issuing.issue, service=KTP, then=["NOPE"])
    hall.refused("invalid", hall.kiosk(), issuing.issue, service=KTP, priority="raja")
    hall.refused("unknown_printer", hall.kiosk(), issuing.issue, service=KTP, printer="P9")
    assert hall.take(KTP, language="jv")["language"] == "id"
    assert hall.take(KTP, priority="umum")["priority"] is None


def test_priority_by_staff_only(hall: SmallHall) -> None:
    hall.policy(priority_mode="staff_only")
    hall.refused("forbidden", hall.kiosk(), issuing.issue, service=KTP, priority="lansia")
    given = hall.say(hall.person("resepsionis"), issuing.issue, service=KTP, priority="lansia")
    assert given["priority"] == {"code": "lansia", "state": "confirmed"}


@pytest.mark.parametrize(
    ("clock", "day", "code", "reason", "opens_at"),
    [
        ("07:59", 3, "closed", "before_opening", "2026-11-03T00:00:00.000Z"),
        ("15:00", 3, "after_cutoff", "after_cutoff", "2026-11-04T00:00:00.000Z"),
        ("15:30", 3, "closed", "closed", "2026-11-04T00:00:00.000Z"),
        ("12:00", 6, "closed", "break", "2026-11-06T05:00:00.000Z"),
        ("09:00", 7, "closed", "closed", "2026-11-09T00:00:00.000Z"),
    ],
)
def test_hours(hall: SmallHall, clock: str, day: int, code: str, reason: str, opens_at: str) -> None:
    hall.at(clock, day)
    assert hall.refused(code, hall.kiosk(), issuing.issue, service=KTP) == {"reason": reason, "opens_at": opens_at, "why": None}
    assert [event.data["reason"] for event in hall.events("TicketRefused")] == [reason]


def test_the_last_minute_before_the_cutoff_still_gives(hall: SmallHall) -> None:
    hall.at("14:59")
    assert hall.take()["number"] == "B-001"


def test_a_quota_is_for_the_service_and_the_date(hall: SmallHall) -> None:
    for _ in range(QUOTA):
        hall.take(IKD)
    facts = hall.refused("quota_reached", hall.kiosk(), issuing.issue, service=IKD)
    assert facts == {"reason": "quota_reached", "opens_at": "2026-11-04T00:00:00.000Z", "why": None}
    assert hall.take(KTP)["number"] == "B-004"
    hall.at("08:30", day=4)
    assert hall.take(IKD)["number"] == "B-001"


def test_a_series_refuses_rather_than_wraps(hall: SmallHall) -> None:
    plan = small_plan()
    row_of(plan, "series", "DKC").update(first=7, last=8, width=2)
    hall.system(floors.load_floor, plan=plan)
    hall.at("08:00", day=4)
    assert numbers([hall.take(), hall.take(KK)]) == ["B-07", "B-08"]
    hall.refused("range_exhausted", hall.kiosk(), issuing.issue, service=KTP)
    assert hall.events("TicketRefused")[-1].data["reason"] == "range_exhausted"
    assert hall.take(NIB)["number"] == "A-001"


def test_numbers_begin_again_with_the_date_not_with_a_restart(hall: SmallHall) -> None:
    assert numbers([hall.take(), hall.take()]) == ["B-001", "B-002"]
    hall.restart()
    assert hall.take()["number"] == "B-003"
    hall.at("08:00", day=4)
    assert hall.take()["number"] == "B-001"


def test_a_refusal_is_kept_once_per_key(hall: SmallHall) -> None:
    hall.at("07:00")
    for _ in range(3):
        hall.refused("closed", hall.kiosk(key="touch"), issuing.issue, service=KTP)
    hall.refused("closed", hall.kiosk("K2", key="touch"), issuing.issue, service=KTP)
    hall.refused("closed", hall.kiosk(), issuing.issue, service=KTP)
    hall.refused("closed", hall.kiosk(), issuing.issue, service=KTP)
    kept = hall.rows("SELECT actor, key, service, reason, device, business_date FROM refusal ORDER BY id")
    assert kept == [
        ("device:K1", "touch", KTP, "before_opening", "K1", "2026-11-03"),
        ("device:K2", "touch", KTP, "before_opening", "K2", "2026-11-03"),
        ("device:K1", None, KTP, "before_opening", "K1", "2026-11-03"),
        ("device:K1", None, KTP, "before_opening", "K1", "2026-11-03"),
    ]
    assert len(hall.events("TicketRefused")) == 4


def test_a_refused_key_may_succeed_later(hall: SmallHall) -> None:
    hall.at("07:59")
    hall.refused("closed", hall.kiosk(key="touch"), issuing.issue, service=KTP)
    hall.at("08:00")
    assert hall.act(hall.kiosk(key="touch"), issuing.issue, service=KTP).status == 201


def test_a_doubted_clock_gives_no_number(hall: SmallHall) -> None:
    doubting = replace(hall.kiosk(), clock_suspect=True)
    assert hall.refused("clock_suspect", doubting, issuing.issue, service=KTP)["reason"] == "clock_suspect"


def test_an_override_opens_and_closes(hall: SmallHall) -> None:
    hall.open_all_day()
    hall.at("23:00", day=7)
    assert hall.take()["number"] == "B-001"
    closed = {"scope": "gerai", "target": "DKC", "kind": "closed", "date_from": hall.now.date(), "reason": "listrik"}
    made = hall.say(hall.person("pengawas"), calendar.set_override, **closed)
    facts = hall.refused("closed", hall.kiosk(), issuing.issue, service=KTP)
    assert (facts["reason"], facts["why"]) == ("gerai_closed", "listrik")
    assert hall.take(NIB)["number"] == "A-001"
    hall.say(hall.person("pengawas"), calendar.end_override, override=made["id"])
    assert hall.take()["number"] == "B-002"


def test_later_stops_are_planned_and_begin_when_the_one_before_ends(hall: SmallHall) -> None:
    ani, dewi = hall.opened("ani", "DKC-1"), hall.opened("dewi", "PTSP-1")
    told = hall.take(KTP, then=[NIB])
    assert [leg.state for leg in hall.legs(told["id"])] == ["waiting", "planned"]
    assert hall.act(dewi, calling.call_next, counter="PTSP-1").status == 204
    hall.later(minutes=5)
    newcomer = hall.take(NIB)
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.later(minutes=5)
    hall.say(ani, calling.finish, counter="DKC-1")
    begun = hall.legs(told["id"])[1]
    assert (begun.state, begun.queued_at) == ("waiting", hall.now)
    assert hall.events("StopBegun")[-1].leg == begun.id
    # The visit began before the newcomer's: being sent on does not cost the place.
    called = hall.say(dewi, calling.call_next, counter="PTSP-1")
    assert called["ticket"]["id"] == told["id"] and newcomer["number"] == "A-001"


def test_an_unanswered_wish_asked_again_is_one_ticket(hall: SmallHall) -> None:
    first = hall.act(keyed(hall.kiosk(), "k1"), issuing.issue, service=KTP)
    hall.later(minutes=3)
    again = hall.act(keyed(hall.kiosk(), "k1"), issuing.issue, service=KTP)
    assert again.replayed and again.body == first.body and again.status == 201
    assert hall.rows("SELECT count(*) FROM ticket") == [(1,)] and hall.rows("SELECT count(*) FROM print_job") == [(1,)]
    with pytest.raises(RuleBroken):
        hall.act(keyed(hall.kiosk(), "k2"), issuing.issue, service="NOPE")
