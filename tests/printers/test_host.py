"""The printing process as a real process, against a real HTTP server and real TCP printers."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.printers.conftest import ROOT
from tests.printers.fakes import TOKEN, WAIT_S, printer
from tests.printers.samples import slip

DEATH_WAIT_S = 15  # the kernel needs milliseconds; some systems sweep orphans up after a while


def test_a_job_becomes_paper_and_is_assumed(server, virtual, start_host) -> None:
    """A printer that was not probed confirms nothing: `assumed`, and how it is stays `unknown`."""
    start_host(server)
    job = server.queue("P1", slip("A-001"))
    server.wait_for_state(job, "assumed")
    (printed,) = virtual.slips(1)
    assert (printed.number, printed.mark, printed.cut) == ("A-001", None, True)
    assert virtual.errors == []
    assert {status for _, status, _ in server.statuses} == {"unknown"}


def test_slips_follow_the_template_that_the_server_hands_over(make_server, virtual, start_host) -> None:
    """Planted: the first worker made without it -> red (the standard slip comes out)."""
    server = make_server([printer("P1", virtual.port)], template="{nomor}\n{qr}\nHalo {nama_mpp}")
    job = server.queue("P1", slip("A-001", site_name="MPP", copy=1))
    start_host(server)
    server.wait_for_state(job, "assumed")
    text = virtual.slips(1)[0].text.split("\n")
    assert [line.strip()[:13] for line in text if line.strip()] == ["CETAK ULANG 1", "A-001", "[QR] http://m", "Halo MPP"]


def test_jobs_come_out_in_order(server, virtual, start_host) -> None:
    numbers = [f"A-{n:03}" for n in range(1, 21)]
    jobs = [server.queue("P1", slip(number)) for number in numbers]
    start_host(server)
    server.wait_for_state(jobs[-1], "assumed")
    assert [each.number for each in virtual.slips(20)] == numbers


def test_a_dead_printer_delays_nothing_for_another(
    make_server, virtual, start_host, dead_port
) -> None:
    """Planted: one shared thread for all printers -> red (P2's jobs wait behind P1's)."""
    server = make_server([printer("P1", dead_port), printer("P2", virtual.port)])
    dead = server.queue("P1", slip("A-001"))
    alive = [server.queue("P2", slip(f"B-{n:03}")) for n in range(1, 6)]
    start_host(server)
    for job in alive:
        server.wait_for_state(job, "assumed")
    assert server.jobs[dead].state in ("sending", "queued")
    server.wait(lambda me: any(s[:2] == ("P1", "offline") and "ditolak" in s[2] for s in me.statuses))


def test_a_job_not_begun_in_time_is_late_with_its_cause(make_server, start_host, dead_port) -> None:
    """Planted: age counted from the claim instead of from job.age_s -> red (times out)."""
    server = make_server([printer("P1", dead_port)])
    job = server.queue("P1", slip(), age_s=56)
    start_host(server)
    assert "ditolak" in server.wait_for_state(job, "late")


def test_an_old_job_is_late_without_touching_the_printer(server, virtual, start_host) -> None:
    old, new = server.queue("P1", slip("A-001"), age_s=61), server.queue("P1", slip("A-002"))
    start_host(server)
    server.wait_for_state(new, "assumed")
    assert server.jobs[old].state == "late"
    assert [each.number for each in virtual.slips(1)] == ["A-002"]


def test_a_refusing_printer_that_returns_prints_what_is_not_late(server, virtual, start_host) -> None:
    virtual.behave("refuse")
    job = server.queue("P1", slip("A-001"))
    start_host(server)
    server.wait(lambda me: any(status[1] == "offline" for status in me.statuses))
    virtual.behave("ok")
    server.wait_for_state(job, "assumed")
    assert len(virtual.slips(1)) == 1
    server.wait(lambda me: me.statuses[-1] == ("P1", "unknown", ""))


def test_an_unreachable_printer_gives_the_job_back_before_the_lease_ends(
    make_server, start_host, dead_port
) -> None:
    server = make_server([printer("P1", dead_port)], lease_s=4)
    job = server.queue("P1", slip())
    start_host(server)
    server.wait(lambda me: (job, "not_begun") in [result[:2] for result in me.results])


@pytest.mark.parametrize("count", [1, 200])
def test_broken_after_the_first_byte_is_uncertain_and_not_repeated(
    server, virtual, start_host, count: int
) -> None:
    """Planted: PrinterBroke.began = False -> red (the slip is sent again)."""
    virtual.behave("reset_after", count)
    broken = server.queue("P1", slip("A-001", qr="http://mpp.lan/" + "x" * 250))
    start_host(server)
    cause = server.wait_for_state(broken, "uncertain")
    assert "terputus" in cause
    virtual.behave("ok")
    server.wait_for_state(server.queue("P1", slip("A-002")), "assumed")
    assert [result[:2] for result in server.results if result[0] == broken] == [(broken, "uncertain")]
    whole = [each.number for each in virtual.slips(1) if each.cut]
    assert whole == ["A-002"]


@pytest.mark.parametrize("bad", [None, {"number": ""}, {"number": "A-001", "copy": "x"}, slip("A" * 40)])
def test_an_unprintable_slip_fails_and_the_queue_goes_on(server, virtual, start_host, bad) -> None:
    failed, good = server.queue("P1", bad), server.queue("P1", slip("A-002"))
    start_host(server)
    server.wait_for_state(good, "assumed")
    assert server.jobs[failed].state == "failed"
    assert "slip" in server.jobs[failed].cause


def test_a_wrongly_described_printer_is_an_error_with_a_sentence(make_server, start_host) -> None:
    server = make_server([printer("P1", 9100, transport={"kind": "pigeon"})])
    job = server.queue("P1", slip())
    start_host(server)
    assert "tidak dikenal" in server.wait_for_state(job, "failed")
    assert server.statuses[0][:2] == ("P1", "error")


def test_the_server_may_be_ill_or_away_and_return(server, virtual, start_host) -> None:
    """Planted: giving up after four attempts -> red (nothing prints)."""
    server.ill = True
    start_host(server)
    server.wait(lambda me: len(me.requests) >= 5)
    server.ill = False
    server.wait_for_state(server.queue("P1", slip("A-001")), "assumed")
    server.away()
    server.back()
    server.wait_for_state(server.queue("P1", slip("A-002")), "assumed")
    assert [each.number for each in virtual.slips(2)] == ["A-001", "A-002"]


def test_a_lost_result_is_told_again_without_new_paper(server, virtual, start_host) -> None:
    lost: list[str] = []

    def lose_first(job: str) -> bool:
        lost.append(job)
        return len(lost) > 1

    server.before_result = lose_first
    start_host(server)
    server.wait_for_state(server.queue("P1", slip("A-001")), "assumed")
    server.wait_for_state(server.queue("P1", slip("A-002")), "assumed")
    assert [each.number for each in virtual.slips(2)] == ["A-001", "A-002"]


def test_faults_are_logged_once_each_way(server, virtual, start_host, tmp_path: Path) -> None:
    virtual.behave("refuse")
    job = server.queue("P1", slip())
    process = start_host(server)
    server.wait(lambda me: any(status[1] == "offline" for status in me.statuses))
    virtual.behave("ok")
    server.wait_for_state(job, "assumed")
    server.wait(lambda me: me.statuses[-1][1] == "unknown")
    process.terminate()
    process.wait(WAIT_S)
    log = (tmp_path / "host-0.log").read_text()
    assert log.count("P1: offline") == 1 and log.count("P1: back") == 1
    assert TOKEN not in log


def test_sigterm_ends_a_long_poll_at_once(server, start_host) -> None:
    """The poll alone would last for its own 5 s and ANSWER_TIMEOUT_S more: the bound lies below."""
    server.holds = True
    process = start_host(server)
    server.wait(lambda me: "POST /print-jobs/claim" in me.requests)
    process.terminate()
    assert process.wait(12) == 0


@pytest.mark.parametrize(
    ("arguments", "token", "sentence"),
    [
        ([], TOKEN, "Argumen salah: wajib diisi: --url."),
        (["--zzz"], TOKEN, "Argumen salah: tidak dikenal: --zzz."),
        (["--url", "ftp://x"], TOKEN, "Alamat server tidak benar"),
        (["--url", "http://127.0.0.1:1"], "", "Token belum diberikan"),
        (["--url", "http://127.0.0.1:1", "--token-file", "/nowhere/token"], "", "tidak dapat dibaca"),
        (["--url", "http://127.0.0.1:1", "--token", "abc"], TOKEN, "Argumen salah"),
    ],
)
def test_bad_arguments_are_one_sentence_and_exit_2(arguments, token, sentence, tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "printers", *arguments], cwd=ROOT, timeout=WAIT_S,
        env={**os.environ, "MPP_TOKEN": token}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 2
    assert sentence in done.stderr and done.stderr.count("\n") == 1


def test_it_dies_with_its_parent(server, tmp_path: Path) -> None:
    """Planted: without prctl in lifetime.py -> red (the write end of the pipe stays open)."""
    read_end, write_end = os.pipe()
    code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'printers', '--url', sys.argv[1], '--state',"
        " sys.argv[2], '--die-with-parent', str(os.getpid())], pass_fds=[int(sys.argv[3])])\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with os.fdopen(read_end, "rb") as pipe, subprocess.Popen(
        [sys.executable, "-c", code, server.url, str(tmp_path / "state"), str(write_end)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[write_end], text=True,
        env={**os.environ, "MPP_TOKEN": TOKEN},
    ) as parent:  # fmt: skip
        os.close(write_end)
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        server.wait(lambda me: "POST /print-jobs/claim" in me.requests)
        parent.send_signal(signal.SIGKILL)
        ended, _, _ = select.select([pipe], [], [], DEATH_WAIT_S)
        if not ended:
            os.kill(child, signal.SIGKILL)
        assert ended and pipe.read() == b""  # end of file: nobody holds the other end any more
