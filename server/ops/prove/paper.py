"""P7 at every byte: real jobs of a real server through the product's print host to virtual printers that break.

The server is `mpp serve` in its own processes, the host runs here (its workers, journals and links are the product's),
the printers are on TCP. Time is made short by settings alone: how long a word of the printer is waited for.
"""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import printers.talk
import printers.worker
from printers.host import Host
from printers.writer import load_escpos
from server.ops.bench.people import ask, read_token
from server.ops.bench.servers import Server, start_hall
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.faults import KINDS
from server.ops.prove.lane import Case, Ends, Lane, Telling

TITLE = "Paper: slips broken at every byte"
HOW = """
What is promised (P7): no second unmarked paper, no ticket without its number on the screen, no queue that stays stopped after
the fault is gone, nothing `confirmed` without paper.

A real server in its own processes, the product's print host with its journals, and virtual printers on TCP that were written
apart from our encoder. Every job is a number taken at a kiosk; at byte k of its conversation the printer drops the link, stalls,
answers too late, runs out of paper, has its cover opened, loses power with what was in its buffer (*power*) or without losing it
(*power_kept*), is dead behind a print server that still takes everything (*gone*), lies, or talks garbage; then it is mended, and
the slip must come to an end. Every second visitor in doubt says that no slip came out, and gets one marked copy. Only waiting is
made short (0.4 s instead of 8 s for a printer's word), so slow answers are tried too. Faults are not drawn but all tried in turn.

A printer that lies is `confirmed` without paper: nothing that a sender can see tells it from an honest one (the acceptance sheet
in `docs/printers.md` has somebody look). A printer that cannot answer is `assumed` when the link took every byte, also when it
stalled behind that: that is what the word means.

The kiosk PC that is killed, and its server too: `tests/serve/test_kiosk_pc.py`, at nine steps of a slip, in every run of the suite.
"""

#: what the printers of a pass can answer -> the faults they are given
PASSES: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "confirming": (frozenset({"status", "asb", "completion"}), KINDS),
    "status only": (frozenset({"status"}), ("drop", "stall", "paper_out", "cover_open", "power")),
    "mute": (frozenset(), ("drop", "stall", "power")),
}
PLANTS = (
    Plant("a slip that was begun is tried again", "printers/worker.py", "if error is None or error.began:", "if error is None:"),
    Plant(
        "a word of the printer that did not come is taken for paper",
        "printers/talk.py", "            raise PrinterStopped(replies.status.state)", "            break",
    ),
    Plant("a reprint without its mark", "printers/layout.py", "if slip.copy_mark:", "if not slip.copy:"),
)
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


SHORT = Plan(step=200, lanes=12)


@dataclass
class Report:
    """`ends`: (pass, fault, state) -> jobs."""

    plan: Plan
    slip_bytes: int = 0
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
        report = Report(self._plan)
        with ExitStack() as ends:
            folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-prove-")))
            server = start_hall(folder / "hall", frozenset(os.sched_getaffinity(0)))
            ends.callback(server.stop)
            _hasten(ends)
            load_escpos()
            for name, (answers, kinds) in PASSES.items():
                self._pass(report, _Hall(server, folder), name, answers, kinds)
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
                threading.Thread(target=lane.run, args=(cases[n :: len(lanes)], hall.ask_as(lane), told, partial(hall.present, lane)))
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
            self.present(lane)
            kiosk = {"kind": "kiosk", "code": f"K{lane.code}", "name": lane.code, "printer": f"P{lane.code}"}
            self._tokens[lane.code] = self._enrol(kiosk)
        return Ends()

    def present(self, lane: Lane) -> None:
        """Say where the lane's printer is and what it answers, as an administrator does, also a second time."""
        transport = {"kind": "network", "host": "127.0.0.1", "port": lane.listener.address[1], "connect_timeout_s": 1, "write_timeout_s": 1}
        body = {
            "code": f"P{lane.code}", "name": lane.code, "host": HOST_DEVICE + lane.code[0], "transport": transport,
            "profile": {"answers": sorted(lane.answers)},
        }
        ask(self.server, "/printers", self._boss, body)

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


def run(order: Order) -> Findings:
    """Raises NotStarted or Refused when the hall does not come up."""
    report = Campaign(Plan() if order.is_long else SHORT, order.say).run()
    return Findings(lines(report), report.broken)


def lines(report: Report) -> list[str]:
    """The figures in Markdown."""
    states = sorted({state for _, _, state in report.ends})
    rows = sorted({(name, kind) for name, kind, _ in report.ends}, key=lambda row: (list(PASSES).index(row[0]), row[1]))
    table = [
        f"| {name} | {kind or 'none'} | " + " | ".join(str(report.ends[name, kind, state] or "") for state in states) + " |"
        for name, kind in rows
    ]
    doubt = ", ".join(f"{count} with {papers}" for papers, count in sorted(report.papers_in_doubt.items()))
    return [
        f"{report.jobs} jobs and {report.copies} copies; a job is {report.slip_bytes} bytes; a fault at every "
        f"{report.plan.step}th byte. Slips in doubt, by unmarked papers that came out: {doubt or 'none'}.",
        "",
        f"| printers | fault | {' | '.join(states)} |",
        "|---|---|" + "---|" * len(states),
        *table,
    ]
