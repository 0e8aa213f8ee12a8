"""P7: the print host killed with SIGKILL at each step of a job; no unmarked second copy, ever.

Planted: the mark written after the bytes instead of before -> after_mark, half_written, after_write red.
Planted: `_handle` without the journal look-up -> the job handed out again is red; without the report
of leftovers as well -> after_mark, half_written, after_write red (each alone covers for the other).
Planted: outcome not kept before the report -> killed before the result red (uncertain, not assumed).
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from printers.journal import Entry, Journal
from tests.printers.fakes import WAIT_S, printer
from tests.printers.samples import slip

DYING = str(Path(__file__).parent / "dying_host.py")


@pytest.mark.parametrize(
    ("step", "done", "whole_copies"),
    [("before_mark", True, 1), ("after_mark", False, 0), ("half_written", False, 0), ("after_write", False, 1)],
)
def test_killed_at_each_step(make_server, virtual, start_host, step: str, done: bool, whole_copies: int) -> None:
    """A printer that can say nothing; one that confirms, and the real server, are in tests/serve/test_kiosk_pc.py."""
    server = make_server([printer("P1", virtual.port, answers=[])])
    best = "assumed"
    job = server.queue("P1", slip("A-001"))
    assert start_host(server, DYING, step).wait(WAIT_S) == -signal.SIGKILL
    start_host(server)
    cause = server.wait_for_state(job, best, "uncertain")
    assert server.jobs[job].state == (best if done else "uncertain")
    assert ("berhenti saat mencetak" in cause) == (not done)
    server.wait_for_state(server.queue("P1", slip("A-002")), best)
    whole = [each.number for each in virtual.slips(whole_copies + 1) if each.cut]
    assert whole == ["A-001"] * whole_copies + ["A-002"]


def test_killed_before_the_result_arrives(server, virtual, start_host) -> None:
    """The paper is out and known to be: the next life says so, and prints nothing."""
    process = start_host(server)

    def kill(job: str) -> bool:
        server.before_result = lambda job: True
        os.kill(process.pid, signal.SIGKILL)
        return False

    server.before_result = kill
    job = server.queue("P1", slip("A-001"))
    assert process.wait(WAIT_S) == -signal.SIGKILL
    start_host(server)
    server.wait_for_state(job, "assumed")
    server.wait_for_state(server.queue("P1", slip("A-002")), "assumed")
    assert [each.number for each in virtual.slips(2)] == ["A-001", "A-002"]


def test_a_job_handed_out_again_after_its_result_prints_nothing(server, virtual, start_host) -> None:
    """As after a restored backup: the journal outlives the report."""
    start_host(server)
    job = server.queue("P1", slip("A-001"))
    server.wait_for_state(job, "assumed")
    with server.news:
        server.jobs[job].state = "queued"
        server.news.notify_all()
    server.wait(lambda me: len(me.results) == 2)
    server.wait_for_state(server.queue("P1", slip("A-002")), "assumed")
    assert [each.number for each in virtual.slips(2)] == ["A-001", "A-002"]


def test_a_disk_that_keeps_no_mark_prints_nothing(server, virtual, start_host, tmp_path: Path) -> None:
    """Planted: `_mark` swallowing OSError -> red (it prints)."""
    (tmp_path / "state").mkdir()
    start_host(server)
    server.wait(lambda me: me.statuses)
    (tmp_path / "state" / "P1.jsonl").mkdir()
    job = server.queue("P1", slip(), age_s=55)
    assert "Catatan cetak" in server.wait_for_state(job, "late")
    assert virtual.store.newest_first() == []
    (tmp_path / "state" / "P1.jsonl").rmdir()
    server.wait_for_state(server.queue("P1", slip("A-002")), "assumed")


def test_the_journal_survives_a_cut_at_every_byte(tmp_path: Path) -> None:
    """A line that is not whole was never answered, so it may go; the lines before it may not."""
    journal = Journal(tmp_path, "P/1")
    first, second = Entry("j1", "t1", "assumed", "", True), Entry("j2", "t2")
    journal.write(first)
    kept = len((tmp_path / "P%2F1.jsonl").read_bytes())
    journal.write(second)
    data = (tmp_path / "P%2F1.jsonl").read_bytes()
    for size in range(kept, len(data) + 1):
        (tmp_path / "P%2F1.jsonl").write_bytes(data[:size])
        again = Journal(tmp_path, "P/1")
        assert again.find("j1", "t1") == first
        assert again.find("j1", "other database") is None
        third = Entry("j3", "t3")
        again.write(third)
        assert Journal(tmp_path, "P/1").find("j3", "t3") == third


def test_the_journal_stays_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("printers.journal.KEEP_REPORTED", 3)
    monkeypatch.setattr("printers.journal.COMPACT_AFTER_LINES", 10)
    journal = Journal(tmp_path, "P1")
    open_entry = Entry("open", "t")
    journal.write(open_entry)
    for n in range(40):
        journal.write(Entry(f"j{n}", "t", "assumed", "", True))
    assert (tmp_path / "P1.jsonl").read_bytes().count(b"{") <= 12
    assert Journal(tmp_path, "P1").unreported() == [open_entry]
    assert Journal(tmp_path, "P1").find("j39", "t") is not None
