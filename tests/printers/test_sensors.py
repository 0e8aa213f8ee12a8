"""The printing process and a printer that tells how it is: a real process, real TCP, real paper sensors.

Planted, each seen red: a printer asked once only, at the start; a slip sent to a printer without paper; one whose
paper ended in its middle sent again after the refill; a probe repeated at each start although the server knows.
"""

from __future__ import annotations

import pytest

from tests.printers.fakes import printer
from tests.printers.samples import slip

ALL = ["status", "asb", "completion", "graphics"]


@pytest.fixture
def server(make_server, virtual):
    """A server that knows what its printer can answer."""
    return make_server([printer("P1", virtual.port, answers=ALL)])


def test_what_it_can_answer_is_found_once_and_kept(make_server, virtual, start_host) -> None:
    server = make_server([printer("P1", virtual.port, answers=None)])
    start_host(server)
    server.wait_for_state(server.queue("P1", slip("A-001")), "confirmed")
    assert server.printers[0]["answers"] == ALL
    server.wait(lambda me: ("P1", "ready", "") in me.statuses)
    assert server.requests.count("POST /printers/P1/answers") == 1
    start_host(server).terminate()
    assert virtual.errors == [] and [each.number for each in virtual.slips(1)] == ["A-001"]


def test_a_printer_that_knows_none_of_it_still_prints(make_server, virtual, start_host) -> None:
    virtual.behave("ok", answers=frozenset())
    server = make_server([printer("P1", virtual.port, answers=None)])
    start_host(server)
    server.wait_for_state(server.queue("P1", slip("A-001")), "assumed")
    assert server.printers[0]["answers"] == []
    assert {state for _, state, _ in server.statuses} == {"unknown"}


@pytest.mark.parametrize(
    ("mode", "cause"),
    [("paper_out", "Kertas habis."), ("cover_open", "Penutup pencetak terbuka."), ("error", "Pencetak melaporkan kerusakan.")],
)
def test_a_slip_waits_while_the_printer_cannot_print(server, virtual, start_host, mode: str, cause: str) -> None:
    virtual.behave(mode)
    job = server.queue("P1", slip("A-001"))
    start_host(server)
    server.wait(lambda me: ("P1", mode, cause) in me.statuses)
    virtual.behave("ok")
    server.wait_for_state(job, "confirmed")
    server.wait(lambda me: me.statuses[-1] == ("P1", "ready", ""))
    assert [each.number for each in virtual.slips(1)] == ["A-001"]


def test_without_paper_for_too_long_it_is_late_and_not_printed_to_nobody(server, virtual, start_host) -> None:
    virtual.behave("paper_out")
    late = server.queue("P1", slip("A-001"), age_s=58)
    start_host(server)
    assert server.wait_for_state(late, "late") == "Kertas habis."
    virtual.behave("ok")
    server.wait_for_state(server.queue("P1", slip("A-002")), "confirmed")
    assert [each.number for each in virtual.slips(1)] == ["A-002"]


def test_paper_that_ends_in_a_slip_makes_it_uncertain_and_the_queue_goes_on(server, virtual, start_host) -> None:
    """The rest of it comes out of the printer's own memory after the refill; nothing is sent again."""
    virtual.behave("out_after", 150)
    job = server.queue("P1", slip("A-001"))
    start_host(server)
    assert server.wait_for_state(job, "uncertain") == "Kertas habis saat mencetak."
    server.wait(lambda me: me.statuses[-1][1] == "paper_out")
    virtual.behave("ok")
    server.wait_for_state(server.queue("P1", slip("A-002")), "confirmed")
    assert [each.number for each in virtual.slips(2)] == ["A-001", "A-002"]


def test_power_lost_in_a_slip_leaves_half_a_paper_and_no_second(server, virtual, start_host) -> None:
    virtual.behave("out_after", 150)
    job = server.queue("P1", slip("A-001"))
    start_host(server)
    server.wait_for_state(job, "uncertain")
    virtual.machine.lose_power()
    virtual.behave("ok")
    server.wait_for_state(server.queue("P1", slip("A-002")), "confirmed")
    assert [each.number for each in virtual.slips(1) if each.cut] == ["A-002"]


def test_an_idle_printer_is_looked_at(make_server, virtual, start_host) -> None:
    server = make_server([printer("P1", virtual.port, answers=ALL)], claim_wait_s=0.2)
    start_host(server)
    server.wait(lambda me: me.statuses and me.statuses[-1] == ("P1", "ready", ""))
    for mode in ("paper_low", "cover_open", "ok"):
        virtual.behave(mode)
        server.wait(lambda me, mode=mode: me.statuses[-1][1] == ("ready" if mode == "ok" else mode))
    virtual.behave("ok", answers=frozenset())
    server.wait(lambda me: me.statuses[-1][1] == "offline" and "tidak menjawab" in me.statuses[-1][2])
