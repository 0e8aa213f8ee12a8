"""One printer's thread: claim, lay out, send, report. It never touches another printer's work."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from printers.client import Client, ServerRefused, ServerUnavailable
from printers.errors import STATE_CAUSES, MarkNotKept, PrinterError, PrinterNotReady, PrinterStopped
from printers.job import Job, PrinterSpec
from printers.journal import Entry, Journal
from printers.keeping import Keeper
from printers.layout import build
from printers.link import Driver
from printers.reporter import BAD_STATES, Backoff, Reporter, ServerWatch
from printers.slip import Slip, SlipInvalid
from printers.status import UNKNOWN
from printers.talk import look, probe, put
from printers.template import Template

log = logging.getLogger("printers")

RETRY_S = 1.0
LOOK_AGAIN_S = 5.0
EMPTY_PAUSE_S = 0.25

RESTARTED = "Proses pencetak berhenti saat mencetak; keluarnya karcis tidak diketahui."
TOO_LATE = "Tidak tercetak dalam batas waktu."
NO_MARK = "Catatan cetak tidak dapat disimpan di komputer ini."


@dataclass(frozen=True)
class Limits:
    """From `GET /print-host`, seconds."""

    print_ttl_s: float = 60.0
    claim_wait_s: float = 20.0


class Worker:
    """Give it a thread with `run`. `spec`, `limits`, `template`, `resting` may be set from outside at any time.

    A resting worker (its printer is no longer this host's) keeps its thread and asks for nothing.
    """

    def __init__(
        self,
        spec: PrinterSpec,
        limits: Limits,
        client: Client,
        journal: Journal,
        watch: ServerWatch,
        stop: threading.Event,
        keeper: Keeper,
    ) -> None:
        self.spec = spec
        self.limits = limits
        #: None: the standard one
        self.template: Template | None = None
        self.sending = False
        self.resting = False
        self._client = client
        self._journal = journal
        self._watch = watch
        self._stop = stop
        self.keeper = keeper
        self._report = Reporter(client, watch, spec.code, stop)
        self._backoff = Backoff(stop)

    def run(self) -> None:
        """Until stopped. An unforeseen error is logged and the next turn begins."""
        steps: list[Callable[[], None]] = [self._report_leftovers, self._look]
        while not self._stop.is_set():
            step = steps.pop(0) if steps else self._turn
            try:
                step()
            except Exception:
                log.exception("%s: unforeseen error", self.spec.code)
                self._backoff.wait()

    def _report_leftovers(self) -> None:
        """What an earlier life of this process began and did not report."""
        for entry in self._journal.unreported():
            self._settle_entry(entry)

    def _look(self) -> None:
        """How is it? Being reachable proves no paper: without an answer that is `unknown`, never `ready`."""
        spec = self.spec
        if spec.driver is None:
            self._report.status("error", spec.problem)
            return
        try:
            if spec.answers is None:
                self._probe(spec.driver)
            self._told(look(spec.driver, self.spec.able).state)
        except PrinterError as error:
            self._report.status("offline", str(error))

    def _probe(self, driver: Driver) -> None:
        """Find out once what it can answer; the server keeps it, or it is found again after a restart."""
        found = probe(driver)
        self.spec = replace(self.spec, answers=found)
        self._report.answers(found.as_list())

    def _told(self, state: str) -> None:
        """A state that the printer itself gave, or `unknown`."""
        self._report.status(state, STATE_CAUSES.get(state, ""))

    def _turn(self) -> None:
        if self.resting:
            self._stop.wait(LOOK_AGAIN_S)
            return
        self._report.send_status()
        self._tend_logo()
        wait_s = min(self.limits.claim_wait_s, LOOK_AGAIN_S)
        asked_at = time.monotonic()
        try:
            raw = self._client.claim(self.spec.code, wait_s)
        except ServerUnavailable as error:
            self._watch.failed(error)
            self._backoff.wait()
            return
        except ServerRefused as error:
            self._report.refused_claim(error)
            self._stop.wait(LOOK_AGAIN_S)
            return
        self._watch.answered()
        self._report.refused_claim(None)
        self._backoff.reset()
        if raw is not None:
            self._handle(raw)
            return
        if self._report.state in BAD_STATES or self.spec.answers is None or self.spec.able.status:
            self._look()
        if time.monotonic() - asked_at < EMPTY_PAUSE_S:
            self._stop.wait(EMPTY_PAUSE_S)

    def _tend_logo(self) -> None:
        """A printer that keeps pictures has the site's logo before the next slip wants it."""
        spec = self.spec
        if spec.driver is not None:
            in_order = spec.able.graphics and self._report.state not in BAD_STATES
            self.keeper.tend(spec.driver, spec.profile, in_order)

    def _handle(self, raw: dict[str, Any]) -> None:
        try:
            job = Job.from_dict(raw)
        except ValueError as error:
            log.error("%s: job not understood: %s", self.spec.code, error)
            self._backoff.wait()
            return
        entry = self._journal.find(job.id, job.created_at)
        if entry:
            self._settle_entry(entry)
            return
        spec = self.spec
        if spec.driver is None:
            self._report.result(job.id, "failed", spec.problem)
            return
        try:
            logo = self.keeper.logo(spec.driver, spec.profile)
            data = build(Slip.from_dict(job.slip), spec.profile, logo, self.template)
        except SlipInvalid as error:
            self._report.result(job.id, "failed", f"Isi karcis tidak dapat dicetak: {error}.")
            return
        self._print(job, data, spec)

    def _print(self, job: Job, data: bytes, spec: PrinterSpec) -> None:
        """Try until sent, too late, or the lease is nearly over (then the server hands it out anew)."""
        cause = TOO_LATE
        while not self._stop.is_set():
            if job.age_now_s() >= self.limits.print_ttl_s:
                self._report.result(job.id, "late", cause)
                return
            if not job.may_start(spec.send_budget_s):
                self._report.result(job.id, "not_begun", cause)
                return
            error = self._attempt(job, data, spec)
            if error is None or error.began:
                return
            cause = str(error)
            self._stop.wait(RETRY_S)

    def _attempt(self, job: Job, data: bytes, spec: PrinterSpec) -> PrinterError | None:
        """One attempt, its outcome settled unless nothing began. None: it is out, as far as can be known."""
        assert spec.driver is not None
        started = Entry(job.id, job.created_at)
        self.sending = True
        try:
            outcome, status = put(spec.driver, spec.able, job.id, data, lambda: self._mark(started))
        except PrinterError as error:
            if error.began:
                self._settle_entry(replace(started, state="uncertain", cause=str(error)))
            self._report.status(_state_after(error), str(error))
            return error
        else:
            self._settle_entry(replace(started, state=outcome))
            self._told(status.state)
            return None
        finally:
            self.sending = False

    def _mark(self, entry: Entry) -> None:
        try:
            self._journal.write(entry)
        except OSError as error:
            raise MarkNotKept(NO_MARK) from error

    def _settle_entry(self, entry: Entry) -> None:
        """Keep a begun job's outcome, tell the server, keep that it knows. Without: uncertain."""
        settled = entry if entry.state else replace(entry, state="uncertain", cause=RESTARTED)
        self._keep(settled)
        if self._report.result(settled.job, settled.state, settled.cause):
            self._keep(replace(settled, reported=True))

    def _keep(self, entry: Entry) -> None:
        """Best effort: without it a restart reports `uncertain`, which is honest."""
        try:
            self._journal.write(entry)
        except OSError as error:
            log.error("%s: journal not writable: %s", self.spec.code, error)


def _state_after(error: PrinterError) -> str:
    """How the printer is after a fault: as it says itself, else as the fault looks from here."""
    if isinstance(error, PrinterNotReady | PrinterStopped) and error.state != UNKNOWN:
        return error.state
    return "error" if error.began or isinstance(error, MarkNotKept) else "offline"
