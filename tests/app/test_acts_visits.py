"""Acts on a ticket wherever it is: cancel, return, priority, transfer, reprint.

Planted: `transfer` making a new ticket number -> test_a_transfer_keeps... red.
Planted: `give_back` placing at the end -> test_a_missed_visitor... red.
Planted: `reprint` always copy 1 -> test_every_later_copy... red.
Planted: planned stops left open by `cancel` -> test_cancelling_ends_the_whole_visit red.
"""

import pytest

from server.app import calling, issuing, visits
from server.app.ask import Ask
from tests.app.small_hall import AMBIL, KK, KTP, NIB, SmallHall


def missed(hall: SmallHall) -> tuple[Ask, int]:
    """An officer at DKC-1, and a ticket that was called twice and did not come."""
    told, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.recall, counter="DKC-1")
    hall.later(minutes=2)
    hall.say(ani, calling.no_show, counter="DKC-1")
    return ani, told["id"]


def next_numbers(hall: SmallHall, ask: Ask, counter: str, count: int) -> list[str]:
    found = []
    for _ in range(count):
        found.append(hall.say(ask, calling.call_next, counter=counter)["ticket"]["number"])
        hall.say(ask, calling.finish, counter=counter)
    return found


@pytest.mark.parametrize("by", ["visitor", "staff"])
def test_a_waiting_visitor_leaves(hall: SmallHall, by: str) -> None:
    told = hall.take()
    body = hall.say(hall.person("resepsionis"), visits.cancel, ticket=told["id"], by=by, reason="pulang")
    assert body["state"] == "cancelled" and body["number"] == "B-001"
    leg = hall.leg(told["id"])
    assert (leg.state, leg.outcome, leg.ended_at) == ("cancelled", f"cancelled_by_{by}", hall.now)
    event = hall.events("TicketCancelled")[-1]
    assert (event.actor, event.data["by"], event.data["reason"]) == ("user:resepsionis", by, "pulang")
    assert hall.act(hall.opened(), calling.call_next, counter="DKC-1").status == 204


def test_cancelling_ends_the_whole_visit(hall: SmallHall) -> None:
    told = hall.take(KTP, then=[NIB, AMBIL])
    hall.say(hall.person("resepsionis"), visits.cancel, ticket=told["id"])
    assert [leg.state for leg in hall.legs(told["id"])] == ["cancelled"] * 3


def test_a_called_visitor_may_leave_a_served_one_may_not(hall: SmallHall) -> None:
    first, second, ani = hall.take(), hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(hall.person("resepsionis"), visits.cancel, ticket=first["id"])
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.start, counter="DKC-1")
    refusal = {"ticket": second["id"]}
    assert hall.refused("wrong_state", hall.person("resepsionis"), visits.cancel, **refusal)["state"] == "serving"
    assert hall.refused("wrong_state", ani, visits.cancel, ticket=first["id"])["state"] == "cancelled"


def test_officers_act_on_visitors_of_their_own_gerai(hall: SmallHall) -> None:
    told = hall.take(NIB)
    for act in (visits.cancel, visits.give_back, visits.reprint):
        hall.refused("forbidden", hall.person("ani"), act, ticket=told["id"])
    hall.refused("forbidden", hall.person("ani"), visits.transfer_ticket, ticket=told["id"], service=KTP)
    hall.refused("forbidden", hall.person("ani"), visits.set_priority, ticket=told["id"], value="hamil")
    hall.refused("unknown_ticket", hall.person("pengawas"), visits.cancel, ticket=77)
    assert hall.say(hall.person("dewi"), visits.cancel, ticket=told["id"])["state"] == "cancelled"


def test_a_missed_visitor_returns_the_same_day_by_the_rule(hall: SmallHall) -> None:
    ani, ticket = missed(hall)
    for _ in range(3):
        hall.later(seconds=30)
        hall.take()
    first_called_at = hall.leg(ticket).first_called_at
    body = hall.say(ani, visits.give_back, ticket=ticket, reason="dari toilet")
    assert body["state"] == "waiting" and body["ahead"] == 2
    leg = hall.leg(ticket)
    assert (leg.outcome, leg.ended_at, leg.counter, leg.first_called_at) == (None, None, None, first_called_at)
    event = hall.events("TicketReturned")[-1]
    assert (event.actor, event.data["places"], event.data["reason"]) == ("user:ani", 2, "dari toilet")
    assert next_numbers(hall, ani, "DKC-1", 4) == ["B-002", "B-003", "B-001", "B-004"]


def test_a_missed_visitor_of_a_journey_returns_to_the_stop_that_was_missed(hall: SmallHall) -> None:
    told, ani = hall.take(KTP, then=[NIB]), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.recall, counter="DKC-1")
    hall.later(minutes=2)
    hall.say(ani, calling.no_show, counter="DKC-1")
    hall.say(ani, visits.give_back, ticket=told["id"])
    assert [leg.state for leg in hall.legs(told["id"])] == ["waiting", "planned"]


def test_only_a_missed_visitor_returns_and_only_today(hall: SmallHall) -> None:
    told = hall.take()
    assert hall.refused("wrong_state", hall.person("resepsionis"), visits.give_back, ticket=told["id"])["state"] == "waiting"
    ani, ticket = missed(hall)
    hall.at("08:00", day=4)
    hall.refused("day_closed", hall.person("resepsionis"), visits.give_back, ticket=ticket)


def test_priority_is_confirmed_or_removed_with_one_press(hall: SmallHall) -> None:
    told, ani = hall.take(priority="lansia"), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    body = hall.say(ani, visits.set_priority, ticket=told["id"], value="lansia")
    assert body["priority"] == {"code": "lansia", "state": "confirmed"}
    body = hall.say(ani, visits.set_priority, ticket=told["id"], value=None, reason="salah tekan")
    assert body["priority"] == {"code": "lansia", "state": "removed"}
    standings = [(e.actor, e.data["standing"], e.data["reason"]) for e in hall.events("PrioritySet")]
    assert standings == [("user:ani", "confirmed", None), ("user:ani", "removed", "salah tekan")]


def test_given_priority_moves_the_visitor_forward_and_removed_back(hall: SmallHall) -> None:
    first, second = hall.take(), hall.take()
    hall.say(hall.person("resepsionis"), visits.set_priority, ticket=second["id"], value="hamil")
    hall.say(hall.person("resepsionis"), visits.set_priority, ticket=first["id"], value="lansia")
    hall.say(hall.person("resepsionis"), visits.set_priority, ticket=first["id"], value="umum")
    assert next_numbers(hall, hall.opened(), "DKC-1", 2) == ["B-002", "B-001"]


def test_priority_that_cannot_be(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.refused("invalid", ani, visits.set_priority, ticket=told["id"], value="raja")
    assert hall.say(ani, visits.set_priority, ticket=told["id"], value=None)["priority"] is None
    assert hall.events("PrioritySet") == []
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.finish, counter="DKC-1")
    hall.refused("wrong_state", ani, visits.set_priority, ticket=told["id"], value="hamil")


def test_a_transfer_keeps_number_and_issue_time(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    issued_at = hall.now
    hall.later(minutes=10)
    newcomer = hall.take(NIB)
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.start, counter="DKC-1")
    hall.later(minutes=1)
    body = hall.say(ani, visits.transfer_from_counter, counter="DKC-1", service=NIB, reason="salah gerai")
    assert body["leg"]["state"] == "transferred" and body["counter"]["leg"] is None
    old, new = hall.legs(told["id"])
    assert (old.state, old.outcome, old.served_s) == ("transferred", "transferred", 60)
    assert (new.state, new.service, new.gerai, new.origin, new.queued_at) == ("waiting", NIB, "PTSP", "transferred", hall.now)
    ticket = hall.ticket(told["id"])
    assert (ticket.label, ticket.issued_at) == ("B-001", issued_at)
    event = hall.events("TicketTransferred")[-1]
    assert (event.actor, event.data["to_service"], event.data["new_leg"]) == ("user:ani", NIB, new.id)
    assert next_numbers(hall, hall.opened("dewi", "PTSP-1"), "PTSP-1", 2) == ["B-001", newcomer["number"]]


def test_the_front_desk_transfers_who_waits(hall: SmallHall) -> None:
    told = hall.take(priority="lansia")
    body = hall.say(hall.person("resepsionis"), visits.transfer_ticket, ticket=told["id"], service=KK)
    assert (body["state"], body["service"], body["number"]) == ("waiting", KK, "B-001")
    assert [leg.state for leg in hall.legs(told["id"])] == ["transferred", "waiting"]
    # The gerai that sent the visitor on may still look after the ticket.
    hall.say(hall.person("ani"), visits.transfer_ticket, ticket=told["id"], service=NIB)
    assert hall.say(hall.person("ani"), visits.set_priority, ticket=told["id"], value=None)["priority"]["state"] == "removed"


def test_transfers_that_make_no_sense(hall: SmallHall) -> None:
    told, ani = hall.take(), hall.opened()
    hall.refused("unknown_service", ani, visits.transfer_ticket, ticket=told["id"], service="NOPE")
    hall.refused("wrong_state", ani, visits.transfer_ticket, ticket=told["id"], service=KTP)
    assert hall.refused("wrong_state", ani, visits.transfer_from_counter, counter="DKC-1", service=NIB)["state"] == "idle"
    hall.say(ani, visits.cancel, ticket=told["id"])
    hall.refused("wrong_state", ani, visits.transfer_ticket, ticket=told["id"], service=NIB)


def test_a_transfer_in_a_journey_keeps_the_later_stops(hall: SmallHall) -> None:
    told = hall.take(KTP, then=[NIB])
    ani = hall.opened()
    hall.say(ani, visits.transfer_ticket, ticket=told["id"], service=KK)
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.finish, counter="DKC-1")
    assert {leg.service: leg.state for leg in hall.legs(told["id"])} == {KTP: "transferred", KK: "finished", NIB: "waiting"}


def test_every_later_copy_is_marked_with_its_number(hall: SmallHall) -> None:
    told = hall.take()
    for _ in range(2):
        body = hall.say(hall.person("resepsionis"), visits.reprint, ticket=told["id"], reason="kertas sobek")
    assert [row["copy"] for row in body["prints"]] == [0, 1, 2]
    slips = [row[0] for row in hall.rows("SELECT slip ->> 'copy_mark' FROM print_job ORDER BY copy")]
    assert slips == [None, "CETAK ULANG 1", "CETAK ULANG 2"]
    queued = hall.events("SlipQueued")
    assert [(e.actor, e.data["copy"], e.data["reason"]) for e in queued] == [
        ("user:resepsionis", 1, "kertas sobek"), ("user:resepsionis", 2, "kertas sobek"),
    ]


def test_a_ticket_without_paper_gets_its_first(hall: SmallHall) -> None:
    told = hall.say(hall.person("resepsionis"), issuing.issue, service=KTP)
    body = hall.say(hall.person("resepsionis"), visits.reprint, ticket=told["id"])
    assert [(row["copy"], row["printer"]) for row in body["prints"]] == [(0, "P1")]
    hall.refused("unknown_printer", hall.person("ani"), visits.reprint, ticket=told["id"], printer="P9")
