"""Touch to paper: four kiosks with a printer each press at once, with all printers well and with one that has stalled.

The print host is the product's process and the printers are its virtual ones on TCP, in this process. The floor of the
same run is the touch itself, up to the number on the screen.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from printers.virtual.listener import Listener
from printers.virtual.machine import Behaviour, Machine, Mode
from server.cli.places import home
from server.ops.bench.cores import stay_on
from server.ops.bench.figures import Round
from server.ops.bench.http_load import once
from server.ops.bench.people import Refused, ask, bearer, ticket_wish
from server.ops.bench.report import Report
from server.ops.bench.servers import Server
from server.ops.prove.faults import Papers

AT_ONCE = 4
PAPER_HOST = "PHP"
ANSWERS = ["asb", "completion", "status"]
#: more than the questions before a slip
SLIP_MIN_BYTES = 100
FIRST_BYTE_S, WARM = 30.0, 3
#: bytes after which the stalled printer takes no more: in the slip, after the questions
STALL_AT = 60


class _Timed(Machine):
    """Notes when the first bytes of a slip come."""

    def __init__(self) -> None:
        super().__init__(80, Papers())  # type: ignore[arg-type]
        self.came = threading.Event()
        self.at_s = 0.0

    def receive(self, data: bytes) -> None:
        if len(data) >= SLIP_MIN_BYTES:
            self.at_s = time.monotonic()
            self.came.set()
        super().receive(data)


class _Place:
    """A kiosk, its printer, and what its presses took: to the number, to the first byte."""

    def __init__(self, number: int, service: str) -> None:
        self.code, self.service = f"Q{number}", service
        self.machine = _Timed()
        self.listener = Listener(self.machine, "127.0.0.1", 0)
        self.listener.start()
        self.token = ""
        self.touches: list[float] = []
        self.papers: list[float] = []
        self.odd = 0

    def press(self, server: Server, waits: bool) -> None:
        self.machine.came.clear()
        began_s = time.monotonic()
        status, _ = once(server.address, ticket_wish(self.token, self.service))
        self.touches.append(time.monotonic() - began_s)
        self.odd += status != 201
        if not waits:
            return
        if self.machine.came.wait(FIRST_BYTE_S):
            self.papers.append(self.machine.at_s - began_s)
        else:
            self.odd += 1

    def forget(self) -> None:
        self.touches, self.papers, self.odd = [], [], 0


def measure(report: Report, server: Server, folder: Path, cli: str, services: list[str], presses: int, rounds: int, cores: frozenset[int]) -> None:
    """`presses` of each kiosk in a round. Raises Refused."""
    with ExitStack() as ends:
        places = [_Place(number, services[number % len(services)]) for number in range(AT_ONCE)]
        for place in places:
            ends.callback(place.listener.close)
        host = _print_host(server, folder, _enrol(server, cli, places), cores)
        ends.callback(_end, host)
        _round(places, server, WARM, None)
        for _ in range(rounds):
            for stalled, words in ((None, ""), (places[0], ", one stalled")):
                touch, paper = _round(places, server, presses, stalled)
                report.of(f"touch of 4{words}").add(touch)
                report.of(f"first byte of 4{words}").add(paper)


def _enrol(server: Server, cli: str, places: list[_Place]) -> str:
    boss = bearer(cli)
    token = str(ask(server, "/devices", boss, {"kind": "print-host", "code": PAPER_HOST, "name": "Bench"})["token"])
    for place in places:
        transport = {"kind": "network", "host": "127.0.0.1", "port": place.listener.address[1]}
        printer = {"code": f"P{place.code}", "name": "Bench", "host": PAPER_HOST, "transport": transport}
        ask(server, "/printers", boss, {**printer, "profile": {"answers": ANSWERS}})
        kiosk = {"kind": "kiosk", "code": place.code, "name": "Bench", "printer": printer["code"]}
        place.token = str(ask(server, "/devices", boss, kiosk)["token"])
    return token


def _print_host(server: Server, folder: Path, token: str, cores: frozenset[int]) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "printers", "--url", server.url, "--state", str(folder / "paper")]
    with (folder / "paper.log").open("ab") as log:
        return subprocess.Popen(
            words, cwd=home(), env={**os.environ, "MPP_TOKEN": token}, stdout=log, stderr=log, preexec_fn=stay_on(cores)
        )


def _end(host: subprocess.Popen[bytes]) -> None:
    host.kill()
    host.wait()


def _round(places: list[_Place], server: Server, presses: int, stalled: _Place | None) -> tuple[Round, Round]:
    """All press at once, `presses` times; figures of those whose printer is well."""
    well = [place for place in places if place is not stalled]
    for place in places:
        place.forget()
        place.listener.behave(Behaviour(Mode.STALL, STALL_AT) if place is stalled else Behaviour())
    began_s = time.monotonic()
    for _ in range(presses):
        threads = [threading.Thread(target=place.press, args=(server, place is not stalled)) for place in places]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    over_s, odd = time.monotonic() - began_s, sum(place.odd for place in well)
    if not any(place.papers for place in well):
        raise Refused("no slip came to any printer")
    touches = tuple(one for place in well for one in place.touches)
    return Round(touches, over_s, odd), Round(tuple(one for place in well for one in place.papers), over_s, odd)
