"""P7 at every byte: real jobs of a real server through the product's print host to virtual printers that break.

The server is `mpp serve` in its own processes, the host runs here (its workers, journals and links are the product's),
the printers are on TCP. Time is made short by settings alone: how long a word of the printer is waited for.
"""

from __future__ import annotations

import logging
import os
import platform
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import printers.talk
import printers.worker
from printers.host import Host
from printers.writer import load_escpos
from server.ops.bench.people import ask, read_token
from server.ops.bench.servers import Server, start_hall
from server.ops.prove.faults import KINDS
from server.ops.prove.lane import Case, Ends, Lane, Telling

#: what the printers of a pass can answer -> the faults they are given
PASSES: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "confirming": (frozenset({"status", "asb", "completion"}), KINDS),
    "status only": (frozenset({"status"}), ("drop", "stall", "paper_out", "cover_open", "power")),
    "mute": (frozenset(), ("drop", "stall", "power")),
}
HOST_DEVICE = "PHX"
#: seconds: how long an answer, a slip's word and a new attempt are waited for; a real printer gets 0.5, 8 and 1
HASTE = {"ANSWER_S": 0.25, "CONFIRM_S": 0.4, "_LOOK_EVERY_S": 0.1}
LATE_S = 1.0
RETRY_S = 0.05


@dataclass(frozen=True)
class Plan:
    """`step`: bytes between two faults; `lanes`: printers at once."""

    step: int = 1
    lanes: int = 32

    @property
    def is_long(self) -> bool:
        return self.step == 1


SHORT = Plan(step=120, lanes=12)


@dataclass
class Report:
    """`ends`: (pass, fault, state) -> jobs."""

    plan: Plan
    slip_bytes: int = 0
    took_s: float = 0.0
    jobs: int = 0
    copies: int = 0
    ends: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    papers_in_doubt: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class Campaign:
    """`say` is told what is going on."""

    def __init__(self, plan: Plan, say: Callable[[str], object]) -> None:
        self._plan, self._say = plan, say

    def run(self) -> Report:
        """Raises NotStarted or Refused when the hall does not come up; what is broken stands in the report."""
        report, began = Report(self._plan), time.monotonic()
        with ExitStack() as ends:
            folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-prove-")))
            server = start_hall(folder / "hall", frozenset(os.sched_getaffinity(0)))
            ends.callback(server.stop)
            _hasten(ends)
            load_escpos()
            for name, (answers, kinds) in PASSES.items():
                self._pass(report, _Hall(server, folder), name, answers, kinds)
        report.took_s = time.monotonic() - began
        return report

    def _pass(self, report: Report, hall: _Hall, name: str, answers: frozenset[str], kinds: tuple[str, ...]) -> None:
        with ExitStack() as ends:
            lanes = [Lane(f"{name[0].upper()}{n}", hall.service(n), answers, LATE_S) for n in range(self._plan.lanes)]
            for lane in lanes:
                ends.callback(lane.close)
            told = hall.open(name, lanes)
            stop = threading.Event()
            ends.callback(stop.set)
            Telling.heard = staticmethod(told.heard)
            host = Host(Telling(hall.server.url, hall.host_token), hall.folder / name, stop)
            (hall.folder / name).mkdir()
            threading.Thread(target=host.run, name="print-host", daemon=True).start()
            size = hall.size_of_a_job(lanes[0], told)
            report.slip_bytes = report.slip_bytes or size
            cases = [Case(kind, at) for kind in kinds for at in range(0, size + 1, self._plan.step)]
            self._say(f"{name}: {len(cases)} faults in a job of {size} bytes")
            threads = [
                threading.Thread(target=lane.run, args=(cases[n :: len(lanes)], hall.ask_as(lane), told))
                for n, lane in enumerate(lanes)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        for lane in lanes:
            report.jobs += lane.told.jobs
            report.copies += lane.told.copies
            report.broken += lane.told.broken
            report.papers_in_doubt += lane.told.papers_in_doubt
            report.ends.update({(name, *key): count for key, count in lane.told.ends.items()})


class _Hall:
    """The server with one print host, and a kiosk with its printer for each lane."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.host_token = ""
        self._boss = {"Authorization": f"Bearer {read_token(folder / 'hall')}"}
        self._tokens: dict[str, str] = {}
        plan = {row["code"]: row for row in ask(server, "/plan", self._boss)["services"]}
        rows = ask(server, "/views/desk", self._boss)["data"]["services"]
        endless = (row for row in rows if row["open"] and plan[row["code"]].get("quota") is None)
        self._services = list({row["gerai"]: row["code"] for row in endless}.values())

    def service(self, number: int) -> str:
        return self._services[number % len(self._services)]

    def open(self, name: str, lanes: list[Lane]) -> Ends:
        code = HOST_DEVICE + name[0].upper()
        self.host_token = self._enrol({"kind": "print-host", "code": code, "name": name})
        for lane in lanes:
            transport = {"kind": "network", "host": "127.0.0.1", "port": lane.listener.address[1], "connect_timeout_s": 1, "write_timeout_s": 1}
            profile = {"answers": sorted(lane.answers)}
            body = {"code": f"P{lane.code}", "name": lane.code, "host": code, "transport": transport, "profile": profile}
            ask(self.server, "/printers", self._boss, body)
            kiosk = {"kind": "kiosk", "code": f"K{lane.code}", "name": lane.code, "printer": f"P{lane.code}"}
            self._tokens[lane.code] = self._enrol(kiosk)
        return Ends()

    def ask_as(self, lane: Lane) -> Callable[[str, dict[str, Any] | None], Any]:
        headers = {"Authorization": f"Bearer {self._tokens[lane.code]}"}
        return lambda path, body: ask(self.server, path, headers, body)

    def size_of_a_job(self, lane: Lane, told: Ends) -> int:
        """Bytes of one whole conversation, counted at the printer."""
        came: list[int] = []
        receive = lane.machine.receive
        lane.machine.receive = lambda data: (came.append(len(data)), receive(data))[1]  # type: ignore[method-assign]
        lane.run([], self.ask_as(lane), told)
        del lane.machine.receive
        return sum(came)

    def _enrol(self, body: dict[str, Any]) -> str:
        return str(ask(self.server, "/devices", self._boss, body)["token"])


def _hasten(ends: ExitStack) -> None:
    """Bad news is waited for less long, and not logged ten thousand times; put back afterwards."""
    log = logging.getLogger("printers")
    ends.callback(log.setLevel, log.level)
    log.setLevel(logging.CRITICAL)
    for module, names in ((printers.talk, HASTE), (printers.worker, {"RETRY_S": RETRY_S})):
        for name, value in names.items():
            ends.callback(setattr, module, name, getattr(module, name))
            setattr(module, name, value)


def lines(report: Report) -> list[str]:
    """The report as Markdown, with all that is needed to repeat it."""
    states = sorted({state for _, _, state in report.ends})
    rows = sorted({(name, kind) for name, kind, _ in report.ends}, key=lambda row: (list(PASSES).index(row[0]), row[1]))
    table = [
        f"| {name} | {kind or 'none'} | " + " | ".join(str(report.ends[name, kind, state] or "") for state in states) + " |"
        for name, kind in rows
    ]
    doubt = ", ".join(f"{count} with {papers}" for papers, count in sorted(report.papers_in_doubt.items()))
    return [
        f"Date {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, Linux {platform.release()}, "
        f"{os.cpu_count()} cores. Faults are not drawn but all tried in turn; the seed of the garbage is 1.",
        "",
        f"{report.jobs} jobs and {report.copies} copies in {report.took_s:.0f} s; a job is {report.slip_bytes} bytes; "
        f"a fault at every {'byte' if report.plan.is_long else f'{report.plan.step}th byte'}.",
        "",
        f"**Promises broken: {len(report.broken)}.** Slips in doubt, by unmarked papers that came out: {doubt or 'none'}.",
        "",
        *[f"- {one}" for one in report.broken[:50]],
        f"| printers | fault | {' | '.join(states)} |",
        "|---|---|" + "---|" * len(states),
        *table,
    ]
