"""What the host tells of a slip on its way, where it gives one back, and a printer that stops confirming.

Planted, each seen red: `sent` not told; told of a slip that is out already; a slip kept that another printer would
take; a printer waited for after two slips without its word; what was found lost to an older description.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from printers import talk
from printers.client import Client
from printers.host import Host
from printers.job import PrinterSpec
from printers.known import Known
from printers.links import file as file_link
from printers.status import Answers
from tests.printers.fakes import TOKEN, FakeServer, printer
from tests.printers.samples import slip

NAMES = ["status", "asb", "completion"]
ALL = Answers(True, True, True)


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator:
    """The product's host in this process, which looks often and has time for good news on a busy machine."""
    monkeypatch.setattr(talk, "CONFIRM_S", 60.0)
    monkeypatch.setattr(talk, "_LOOK_EVERY_S", 0.05)
    stop, threads = threading.Event(), []

    def start(server: FakeServer) -> None:
        threads.append(threading.Thread(target=Host(Client(server.url, TOKEN), tmp_path, stop).run, daemon=True))
        threads[-1].start()

    yield start
    stop.set()


def told(server: FakeServer, job: str) -> list[str]:
    return [state for of, state, _ in server.results if of == job]


def test_a_slip_whose_end_is_awaited_is_told_as_sent(make_server, virtual, host, monkeypatch) -> None:
    server = make_server([printer("P1", virtual.port, answers=["completion"])])
    monkeypatch.setattr(talk, "SENT_AFTER_S", 60.0)
    host(server)
    quick = server.queue("P1", slip("A-001"))
    server.wait_for_state(quick, "confirmed")
    monkeypatch.setattr(talk, "SENT_AFTER_S", 0.1)
    virtual.behave("ok", late_s=1.5)
    slow = server.queue("P1", slip("A-002"))
    server.wait_for_state(slow, "confirmed")
    assert (told(server, quick), told(server, slow)) == (["confirmed"], ["sent", "confirmed"])


def test_a_slip_that_another_printer_takes_is_given_back_at_once(make_server, virtual, host) -> None:
    virtual.behave("paper_out")
    server = make_server([printer("P1", virtual.port, answers=NAMES)])
    server.elsewhere = True
    job = server.queue("P1", slip("A-001"))
    host(server)
    server.wait(lambda me: me.results)
    assert server.results[0] == (job, "not_begun", "Kertas habis.")
    assert virtual.store.newest_first() == []


def test_a_printer_that_stops_confirming_is_soon_assumed(make_server, virtual, host, monkeypatch) -> None:
    """Two slips are in doubt; the third is not waited for, and the server keeps what was seen."""
    monkeypatch.setattr(talk, "CONFIRM_S", 0.3)
    virtual.behave("ok", answers=frozenset({"status", "asb"}))
    server = make_server([printer("P1", virtual.port, answers=NAMES)])
    jobs = [server.queue("P1", slip(f"A-{n:03}")) for n in range(1, 5)]
    host(server)
    server.wait_for_state(jobs[-1], "assumed")
    assert [server.jobs[job].state for job in jobs] == ["uncertain", "uncertain", "assumed", "assumed"]
    assert server.printers[0]["answers"] == ["status", "asb"]
    assert [each.number for each in virtual.slips(4)] == ["A-001", "A-002", "A-003", "A-004"]


def test_want_of_paper_is_no_reason_to_stop_asking(make_server, virtual, host, monkeypatch) -> None:
    monkeypatch.setattr(talk, "CONFIRM_S", 0.3)  # so long the end of a slip without paper is awaited
    server = make_server([printer("P1", virtual.port, answers=NAMES)])
    host(server)
    for n in range(1, 4):
        virtual.behave("out_after", 150)
        server.wait_for_state(server.queue("P1", slip(f"A-{n:03}")), "uncertain")
        virtual.behave("ok")
    monkeypatch.setattr(talk, "CONFIRM_S", 60.0)
    server.wait_for_state(server.queue("P1", slip("A-004")), "confirmed")


def spec(answers: Answers | None, port: int = 9100) -> PrinterSpec:
    names = None if answers is None else answers.as_list()
    return PrinterSpec.from_dict(printer("P1", port, answers=names))


def test_what_was_found_outlives_an_older_description_and_no_newer_one() -> None:
    known = Known(spec(None))
    known.found(known.spec, ALL)
    known.given(spec(None), time.monotonic())
    assert known.spec.answers == known.untold() == ALL
    known.told(ALL)
    assert known.untold() is None
    known.given(spec(None), time.monotonic() - 60)
    assert known.spec.answers == ALL, "asked for before the server had heard"
    known.given(spec(None), time.monotonic() + 60)
    assert known.spec.answers is None, "it wants to know anew"


def test_what_was_found_is_not_of_the_printer_that_took_its_place() -> None:
    known = Known(spec(None))
    before = known.spec
    known.given(spec(None, port=9200), time.monotonic())
    known.found(before, ALL)
    assert known.spec.answers is None
    known.found(known.spec, ALL)
    known.given(spec(replace(ALL, asb=False)), time.monotonic())
    assert known.spec.answers == replace(ALL, asb=False), "somebody has said what is to be believed"


def test_children_that_hang_are_counted_by_their_device() -> None:
    class Hanging:
        is_over = None

        def poll(self) -> int | None:
            return self.is_over

    left, child = file_link._Left(), Hanging()
    left.add("/dev/a", child)  # type: ignore[arg-type]
    assert (left.at("/dev/a"), left.at("/dev/b")) == (1, 0)
    child.is_over = -9
    assert left.at("/dev/a") == 0
