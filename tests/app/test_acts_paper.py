"""Slips between the kiosk and the print host: claimed, told, doubted, asked of the visitor.

Planted, each seen red: a lapsed lease queued again instead of `uncertain`; a visitor's word taken from another
kiosk; a copy for every *Tidak*; what a printer could answer kept for the one that took its place.
"""

from __future__ import annotations

import pytest

from server.app import printing
from server.app.ask import Ask
from tests.app.small_hall import SmallHall


def host(hall: SmallHall) -> Ask:
    return Ask("device:PH1", hall.now, role="print-host", device="PH1")


def claimed(hall: SmallHall) -> dict:
    return hall.say(host(hall), printing.claim, printer="P1")["job"]


def uncertain(hall: SmallHall) -> int:
    """A ticket whose slip may be out or not."""
    told = hall.take()
    hall.say(host(hall), printing.report_job, job=claimed(hall)["id"], state="uncertain", cause="terputus")
    return told["id"]


def jobs(hall: SmallHall, ticket: int) -> list[tuple[int, str, str | None]]:
    found = hall.read(lambda work: work.history.jobs_of(ticket))
    return [(row["copy"], row["state"], row["cause"]) for row in found]


def test_a_lapsed_lease_is_uncertain_until_the_host_says_that_it_never_began(hall: SmallHall) -> None:
    told = hall.take()
    job = claimed(hall)["id"]
    hall.later(seconds=hall.around.lease_s + 1)
    assert hall.act(host(hall), printing.claim, printer="P1").status == 204
    assert jobs(hall, told["id"]) == [(0, "uncertain", "lease")]
    hall.say(host(hall), printing.report_job, job=job, state="not_begun")
    assert claimed(hall)["id"] == job


def test_a_visitor_who_has_the_paper_ends_the_doubt(hall: SmallHall) -> None:
    ticket = uncertain(hall)
    assert hall.say(hall.kiosk(), printing.visitor_told, ticket=ticket, came_out=True)["copies"] == 0
    assert jobs(hall, ticket) == [(0, "assumed", printing.CAME_OUT)]
    event = hall.events("SlipReported")[-1]
    assert (event.actor, event.data["state"], event.data["cause"]) == ("device:K1", "assumed", printing.CAME_OUT)
    assert hall.act(host(hall), printing.claim, printer="P1").status == 204


def test_a_visitor_without_paper_gets_one_marked_copy_and_no_second(hall: SmallHall) -> None:
    ticket = uncertain(hall)
    assert hall.say(hall.kiosk(), printing.visitor_told, ticket=ticket, came_out=False)["copies"] == 1
    copy = claimed(hall)
    assert (copy["copy"], copy["slip"]["copy_mark"]) == (1, "CETAK ULANG 1")
    hall.say(host(hall), printing.report_job, job=copy["id"], state="uncertain")
    assert hall.say(hall.kiosk(), printing.visitor_told, ticket=ticket, came_out=False)["copies"] == 0
    assert [state for _, state, _ in jobs(hall, ticket)] == ["failed", "failed"]
    assert hall.act(host(hall), printing.claim, printer="P1").status == 204


@pytest.mark.parametrize("state", ["assumed", "confirmed", "failed", "late"])
def test_a_slip_whose_end_is_known_is_not_asked_about(hall: SmallHall, state: str) -> None:
    told = hall.take()
    hall.refused("wrong_state", hall.kiosk(), printing.visitor_told, ticket=told["id"], came_out=False)
    hall.say(host(hall), printing.report_job, job=claimed(hall)["id"], state=state)
    hall.refused("wrong_state", hall.kiosk(), printing.visitor_told, ticket=told["id"], came_out=False)
    assert len(jobs(hall, told["id"])) == 1


def test_another_kiosk_knows_nothing_of_it(hall: SmallHall) -> None:
    ticket = uncertain(hall)
    hall.refused("unknown_ticket", hall.kiosk("K2"), printing.visitor_told, ticket=ticket, came_out=False)
    assert len(jobs(hall, ticket)) == 1


def test_what_a_printer_can_answer_goes_with_the_printer(hall: SmallHall) -> None:
    def able() -> list[str] | None:
        return hall.read(lambda work: work.paper.printer("P1")).profile["answers"]

    def put(address: str, **more) -> None:
        transport = {"kind": "network", "host": address, "port": 9100}
        hall.say(hall.person("pengawas"), printing.set_printer, code="P1", name="P", host="PH1", transport=transport, **more)

    assert able() is None
    hall.act(host(hall), printing.probed, printer="P1", answers=["status", "completion"])
    assert able() == ["completion", "status"]
    put("127.0.0.1")
    assert able() == ["completion", "status"], "only renamed"
    put("127.0.0.2")
    assert able() is None
    hall.act(host(hall), printing.probed, printer="P1", answers=[])
    hall.act(hall.person("pengawas"), printing.probe, printer="P1")
    assert able() is None
    assert [event.data["answers"] for event in hall.events("PrinterProbed")] == [["completion", "status"], [], None]
