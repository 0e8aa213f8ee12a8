"""Reports that are being made: each in a process of its own, one after another, and kept when its files are there."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from server.app import reports
from server.app.ask import Ask, StorageUnavailable
from server.app.house import House
from server.app.report_periods import Period
from server.domain.errors import RuleBroken

log = logging.getLogger("mpp.reports")

FOLDER = "reports"
MODULE = "server.ops.report_child"
LOOK_EVERY_S = 0.2
#: a year of a large hall takes a minute; a child that takes longer than this is ended
STUCK_S = 600.0
#: jobs that are still told of after they have ended
REMEMBERED = 20
UNDER_WAY = {"waiting", "making"}


class Loop(Protocol):
    def spawn(self, function: Callable[..., object], *args: object) -> object: ...
    def sleep(self, duration_s: float) -> None: ...


@dataclass
class Job:
    """`wish`: the first job of what was asked at once; `state`: waiting, making, issued or failed; `step`: figures, pdf,
    xlsx or keeping; `code`: why it failed."""

    id: int
    wish: int
    ask: Ask
    period: Period
    gerai: frozenset[str] | None
    number: str
    made_on: date
    state: str = "waiting"
    step: str = "figures"
    code: str | None = None
    report: int | None = None
    process: Any = field(default=None, repr=False)

    def told(self) -> dict[str, Any]:
        return {
            "job": self.id, "wish": self.wish, "form": self.period.form, "period": self.period.code,
            "gerai": None if self.gerai is None else sorted(self.gerai),
            "state": self.state, "step": self.step, "code": self.code, "report": self.report,
        }  # fmt: skip


class ReportDesk:
    """Lives in the loop; never blocks it."""

    def __init__(self, loop: Loop, house: House, data: Path, start: Callable[[Sequence[str]], Any] | None = None) -> None:
        self._loop, self._house, self._data = loop, house, data
        self._folder = data / FOLDER
        self._start = start or subprocess.Popen
        self._jobs: list[Job] = []
        # What an earlier server left half made.
        shutil.rmtree(self._folder, ignore_errors=True)

    def jobs(self) -> list[dict[str, Any]]:
        """Newest first."""
        return [job.told() for job in reversed(self._jobs)]

    def make(self, ask: Ask, period: Period, wishes: Sequence[frozenset[str] | None], number: str, made_on: date) -> dict[str, Any]:
        """Begin the first of `wishes`, the others after it; the first job. The same key gives the same one. Raises report_under_way."""
        for job in self._jobs:
            if ask.key is not None and (job.ask.actor, job.ask.key) == (ask.actor, ask.key):
                return job.told()
        under_way = next((job for job in self._jobs if job.state in UNDER_WAY), None)
        if under_way is not None:
            raise RuleBroken("report_under_way", form=under_way.period.form, period=under_way.period.code)
        first = self._jobs[-1].id + 1 if self._jobs else 1
        # Each is kept by an act of its own, so each but the first has a key of its own.
        asks = [ask, *(replace(ask, key=ask.key and f"{ask.key}/{n}") for n in range(1, len(wishes)))]
        made = [Job(first + n, first, asks[n], period, wish, number, made_on) for n, wish in enumerate(wishes)]
        self._jobs = [*self._jobs[-REMEMBERED:], *made]
        self._begin(made[0])
        return made[0].told()

    def stop(self) -> None:
        for job in self._jobs:
            if job.state == "waiting":
                job.state, job.code = "failed", "not_ready"
            if job.state == "making" and job.process is not None:
                job.process.kill()

    def _begin(self, job: Job) -> None:
        folder = self._folder / str(job.id)
        folder.mkdir(0o700, parents=True)
        job.process = self._start(self._command(job, folder))
        job.state = "making"
        self._loop.spawn(self._follow, job, folder)

    def _go_on(self) -> None:
        """Begin the next that waits; one that cannot begin stops no other."""
        for job in self._jobs:
            if job.state == "waiting":
                try:
                    return self._begin(job)
                except OSError as problem:
                    log.error("a report could not be begun: %s", problem)
                    job.state, job.code = "failed", "internal"
        return None

    def _command(self, job: Job, folder: Path) -> list[str]:
        gerai = "-" if job.gerai is None else ",".join(sorted(job.gerai))
        period = job.period
        facts = [period.form, period.code, gerai, job.number, job.made_on.isoformat()]
        return [sys.executable, "-m", MODULE, str(os.getpid()), str(self._data), *facts, str(folder)]

    def _follow(self, job: Job, folder: Path) -> None:
        """Until the child has ended; then keep what it made."""
        began_s = time.monotonic()
        try:
            while job.process.poll() is None:
                if time.monotonic() - began_s > STUCK_S:
                    job.process.kill()
                self._loop.sleep(LOOK_EVERY_S)
                if (folder / "step").exists():
                    job.step = (folder / "step").read_text("utf-8")
            self._take_in(job, folder)
        except RuleBroken as refused:
            job.state, job.code = "failed", refused.code
        except (OSError, StorageUnavailable) as problem:
            log.error("a report could not be kept: %s", problem)
            job.state, job.code = "failed", "storage_unavailable"
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            self._go_on()

    def _take_in(self, job: Job, folder: Path) -> None:
        if job.process.returncode != 0:
            log.error("the making of a report ended with %s", job.process.returncode)
            job.state, job.code = "failed", "internal"
            return
        job.step = "keeping"
        found = self._house.slow(_read, folder)
        answer = self._house.act(reports.issue, replace(job.ask, now=self._house.now()), **found)
        job.state, job.report = "issued", dict(answer.body or {})["id"]


def _read(folder: Path) -> dict[str, Any]:
    files = {kind: (folder / f"report.{kind}").read_bytes() for kind in ("pdf", "xlsx")}
    return {"dossier": (folder / "report.json").read_text("utf-8"), **files}
