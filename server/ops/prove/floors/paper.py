"""A print host with a printer that runs out of paper, dies with its bytes, or cannot say what it did."""

from __future__ import annotations

from typing import Any

from server.app import printing
from server.ops.prove.floors.hall import device
from server.ops.prove.floors.judge import Judge
from server.ops.prove.floors.machine import Machine
from server.ops.prove.floors.network import Network
from server.ops.prove.floors.world import Box, World

#: asked by itself so often; else when a bell rings
IDLE_S, RINGS_S = 300.0, 0.5
#: share of the slips that meet each fate
FATES = {"no paper": 0.004, "paper end": 0.006, "uncertain": 0.006, "silent host": 0.003}


class PrintHost:
    """One printer's worker. `_done` is its journal on disk: a slip that was begun is never begun again."""

    def __init__(self, world: World, machine: Machine, network: Network, judge: Judge, printer: str, is_mute: bool) -> None:
        self._world, self._machine, self._network, self._judge = world, machine, network, judge
        self._printer, self._is_mute = printer, is_mute
        self._ask, self._chance = device("PH1", "print-host"), world.chance(f"printer {printer}")
        #: job -> the state it came to here
        self._done: dict[int, str] = {}
        self._bell, self._seen = Box(world), 0

    def work(self) -> None:
        while True:
            self._bell = Box(self._world)
            self._bell.get(IDLE_S)
            while self._machine.is_up and self._one():
                pass

    def look(self) -> None:
        """After each commit: a long poll is answered when there may be a slip."""
        known = self._judge.slips
        if known != self._seen:
            self._seen = known
            self._world.later(RINGS_S, lambda: self._bell.put(True))

    def _press(self, act: Any, **arguments: Any) -> Any:
        return self._network.press(self._ask, act, is_keyed=False, **arguments)

    def _one(self) -> bool:
        """Claim and print one slip; False: there is none now."""
        reply = self._press(printing.claim, printer=self._printer)
        if reply is None or reply.answer is None or reply.answer.body is None:
            return False
        job = reply.answer.body["job"]
        if job["id"] in self._done:  # begun before: only what is known of it is told again
            self._press(printing.report_job, job=job["id"], state=self._done[job["id"]])
            return True
        self._print(job)
        return True

    def _fate(self) -> str:
        drawn = self._chance.random()
        for fate, share in FATES.items():
            if drawn < share:
                return fate
            drawn -= share
        return ""

    def _print(self, job: dict[str, Any]) -> None:
        fate = self._fate()
        if fate == "no paper":
            return self._wait_for_paper(job)
        self._done[job["id"]] = "uncertain"
        self._world.sleep(self._chance.uniform(0.8, 2.0))
        self._press(printing.report_job, job=job["id"], state="sent")
        if fate == "silent host":  # down with the job in hand, for longer than its lease
            self._world.sleep(self._chance.uniform(60, 240))
        if not fate or self._chance.random() < 0.5:
            self._comes_out(job)
        if fate in ("", "silent host") and job["id"] in self._out:
            self._done[job["id"]] = "assumed" if self._is_mute else "confirmed"
        self._press(printing.report_job, job=job["id"], state=self._done[job["id"]], cause=fate or None)
        if fate == "paper end":
            self._wait_for_paper(None)
        if self._done[job["id"]] == "uncertain":
            self._world.spawn(self._visitor_says, job, after_s=self._chance.uniform(5, 60))

    @property
    def _out(self) -> set[int]:
        return self._judge.printed

    def _wait_for_paper(self, job: dict[str, Any] | None) -> None:
        """Nothing of this slip was begun; somebody brings a roll."""
        self._press(printing.report_printer, printer=self._printer, state="paper_out", cause="kertas habis")
        if job is not None:
            self._press(printing.report_job, job=job["id"], state="not_begun", cause="paper_out")
        self._world.sleep(self._chance.uniform(60, 400))
        self._press(printing.report_printer, printer=self._printer, state="ready", cause=None)

    def _comes_out(self, job: dict[str, Any]) -> None:
        slip = job["slip"]
        self._judge.paper(job["id"], str(slip["number"]), int(job["copy"]), slip["copy_mark"])

    def _visitor_says(self, job: dict[str, Any]) -> None:
        """At the kiosk: the slip came, or it did not."""
        ticket, kiosk = self._judge.ticket_of(job["id"])
        if kiosk is not None:
            came = job["id"] in self._out
            self._network.press(device(kiosk, "kiosk"), printing.visitor_told, ticket=ticket, came_out=came)
