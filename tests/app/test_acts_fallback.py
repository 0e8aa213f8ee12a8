"""A slip that was sent, and a printer named to stand in for a kiosk's own.

Planted, each seen red: a sent slip handed out again to its own host; one put back after `sent`; a fallback used though
none is named; a fallback without paper taken; a copy moved from the printer that staff chose; the visitor's copy at the empty printer.
"""

from __future__ import annotations

import pytest

from server.app import devices, printing, visits
from server.app.ask import Answer
from server.app.beside import CANNOT_PRINT
from tests.app.small_hall import SmallHall
from tests.app.test_acts_paper import claimed, host, jobs


@pytest.fixture
def two(hall: SmallHall) -> SmallHall:
    """K1 prints at P1, and at P2 while P1 cannot; both are PH1's."""
    hall.system(printing.set_printer, code="P2", name="Meja depan", host="PH1", transport={"kind": "network", "host": "127.0.0.2"})
    hall.say(hall.person("pengawas"), devices.change_device, code="K1", fallback="P2")
    return hall


def told(hall: SmallHall, job: int, state: str, **more: str) -> Answer:
    return hall.act(host(hall), printing.report_job, job=job, state=state, **more)


def is_now(hall: SmallHall, printer: str, state: str) -> None:
    hall.act(host(hall), printing.report_printer, printer=printer, state=state)


def places(hall: SmallHall, ticket: int) -> list[str]:
    return [row["printer"] for row in hall.read(lambda work: work.history.jobs_of(ticket))]


def test_a_slip_that_was_sent_holds_its_printer_and_is_never_handed_out_again(hall: SmallHall) -> None:
    ticket, second = hall.take()["id"], hall.take()["id"]
    job = claimed(hall)["id"]
    told(hall, job, "sent")
    assert jobs(hall, ticket) == [(0, "sent", None)]
    assert hall.act(host(hall), printing.claim, printer="P1").status == 204
    hall.refused("not_held", host(hall), printing.report_job, job=job, state="not_begun")
    told(hall, job, "confirmed")
    hall.refused("not_held", host(hall), printing.report_job, job=job, state="sent")
    assert [event.data["state"] for event in hall.events("SlipReported")] == ["sent", "confirmed"]
    assert jobs(hall, second) == [(0, "queued", None)] and claimed(hall)["id"] != job


def test_a_host_that_dies_with_a_slip_sent_leaves_a_doubt_for_good(hall: SmallHall) -> None:
    ticket = hall.take()["id"]
    job = claimed(hall)["id"]
    told(hall, job, "sent")
    hall.later(seconds=hall.around.lease_s + 1)
    assert hall.act(host(hall), printing.claim, printer="P1").status == 204
    assert jobs(hall, ticket) == [(0, "uncertain", "lease_sent")]
    hall.refused("not_held", host(hall), printing.report_job, job=job, state="not_begun")
    told(hall, job, "confirmed")
    assert jobs(hall, ticket) == [(0, "confirmed", None)]


@pytest.mark.parametrize("state", sorted(CANNOT_PRINT))
def test_a_number_taken_while_the_own_printer_cannot_print_comes_out_elsewhere(two: SmallHall, state: str) -> None:
    is_now(two, "P1", state)
    answer = two.take()
    assert answer["print"]["printer"] == "P2" and places(two, answer["id"]) == ["P2"]
    is_now(two, "P1", "ready")
    assert two.take()["print"]["printer"] == "P1"


def test_without_a_name_no_printer_stands_in(hall: SmallHall) -> None:
    hall.system(printing.set_printer, code="P2", name="P2", host="PH1", transport={"kind": "network", "host": "127.0.0.2"})
    is_now(hall, "P1", "paper_out")
    ticket = hall.take()
    job = claimed(hall)
    told(hall, job["id"], "not_begun", cause="Kertas habis.")
    assert not job["elsewhere"] and places(hall, ticket["id"]) == ["P1"] and claimed(hall)["id"] == job["id"]


def test_two_printers_without_paper_leave_the_slip_at_the_own(two: SmallHall) -> None:
    is_now(two, "P1", "paper_out")
    is_now(two, "P2", "cover_open")
    assert two.take()["print"]["printer"] == "P1"
    assert not claimed(two)["elsewhere"]


def test_a_host_that_is_not_heard_prints_nothing(two: SmallHall) -> None:
    two.system(devices.add_device, kind="print-host", code="PH2", name="PH2", token_hash="PH2")
    two.system(printing.set_printer, code="P1", name="P1", host="PH2", transport={"kind": "network", "host": "127.0.0.3"})
    two.system(devices.flip, code="PH2", state="down")
    assert two.take()["print"]["printer"] == "P2"


def test_a_slip_not_begun_moves_once_and_says_so(two: SmallHall) -> None:
    ticket = two.take()["id"]
    job = claimed(two)
    assert job["elsewhere"]
    told(two, job["id"], "not_begun", cause="Kertas habis.")
    assert places(two, ticket) == ["P2"]
    event = two.events("SlipMoved")[-1]
    assert (event.device, event.data["printer"], event.data["was"], event.data["cause"]) == ("K1", "P2", "P1", "Kertas habis.")
    moved = two.say(host(two), printing.claim, printer="P2")["job"]
    assert moved["id"] == job["id"] and not moved["elsewhere"]
    told(two, job["id"], "not_begun", cause="Kertas habis.")
    assert places(two, ticket) == ["P2"] and len(two.events("SlipMoved")) == 1


def test_a_copy_that_staff_want_elsewhere_stays_there(two: SmallHall) -> None:
    two.system(printing.set_printer, code="P3", name="P3", host="PH1", transport={"kind": "network", "host": "127.0.0.3"})
    ticket = two.take()["id"]
    two.say(two.person("pengawas"), visits.reprint, ticket=ticket, printer="P3", reason="karcis hilang")
    copy = two.say(host(two), printing.claim, printer="P3")["job"]
    told(two, copy["id"], "not_begun", cause="Kertas habis.")
    assert not copy["elsewhere"] and places(two, ticket) == ["P1", "P3"]


def test_the_visitors_copy_comes_out_where_there_is_paper(two: SmallHall) -> None:
    ticket = two.take()["id"]
    told(two, claimed(two)["id"], "uncertain", cause="Kertas habis saat mencetak.")
    is_now(two, "P1", "paper_out")
    assert two.say(two.kiosk(), printing.visitor_told, ticket=ticket, came_out=False)["copies"] == 1
    assert places(two, ticket) == ["P1", "P2"]


def test_only_another_printer_of_a_kiosk_with_its_own_may_stand_in(two: SmallHall) -> None:
    admin = two.person("pengawas")
    two.refused("invalid", admin, devices.change_device, code="K1", fallback="P1")
    two.refused("invalid", admin, devices.change_device, code="K2", fallback="P2")
    two.refused("invalid", admin, devices.change_device, code="K1", printer=None)
    two.refused("unknown_printer", admin, devices.change_device, code="K1", fallback="P9")
    two.refused("invalid", admin, devices.add_device, kind="display", code="D9", name="D9", token_hash="D9", fallback="P2")
    assert two.say(admin, devices.change_device, code="K1", name="Kios")["fallback"] == "P2"
    assert two.say(admin, devices.change_device, code="K1", fallback=None)["fallback"] is None
