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
from printers.known import Known
from printers.layout import build
from printers.reporter import BAD_STATES, Backoff, Reporter, ServerWatch
from printers.slip import Slip, SlipInvalid
from printers.status import UNKNOWN, Answers
from printers.talk import look, probe, put
from printers.template import Template

log = logging.getLogger("printers")

RETRY_S = 1.0
LOOK_AGAIN_S = 5.0
EMPTY_PAUSE_S = 0.25
#: slips in a row without the promised word of a printer that says it is well; then it is not waited for any more
UNCONFIRMED_MAX = 2

RESTARTED = "Proses pencetak berhenti saat mencetak; keluarnya karcis tidak diketahui."
TOO_LATE = "Tidak tercetak dalam batas waktu."
NO_MARK = "Catatan cetak tidak dapat disimpan di komputer ini."


@dataclass(frozen=True)
class Limits:
    """From `GET /print-host`, seconds."""

    print_ttl_s: float = 60.0
    claim_wait_s: float = 20.0


class Worker:
    """Give it a thread with `run`. `limits`, `template`, `resting` may be set, and `known` told, from outside at any time.

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
        self.known = Known(spec)
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
        self._unconfirmed = 0

    @property
    def spec(self) -> PrinterSpec:
        return self.known.spec

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
                spec = self._probed(spec)
            assert spec.driver is not None
            self._told(look(spec.driver, spec.able).state)
        except PrinterError as error:
            self._report.status("offline", str(error))

    def _probed(self, spec: PrinterSpec) -> PrinterSpec:
        """Nothing is sent to what may be no printer at all. Raises PrinterError with `began` False."""
        assert spec.driver is not None
        answers = probe(spec.driver)
        self._found(spec, answers)
        return replace(spec, answers=answers)

    def _found(self, spec: PrinterSpec, answers: Answers) -> None:
        """What it can answer; the server keeps it, or it is found again after a restart."""
        self.known.found(spec, answers)
        self._tell_found()

    def _tell_found(self) -> None:
        answers = self.known.untold()
        if answers is not None and self._report.answers(answers.as_list()):
            self.known.told(answers)

    def _told(self, state: str) -> None:
        """A state that the printer itself gave, or `unknown`."""
        self._report.status(state, STATE_CAUSES.get(state, ""))

    def _turn(self) -> None:
        if self.resting:
            self._stop.wait(LOOK_AGAIN_S)
            return
        self._tell_found()
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
        """Try until sent, too late, or the lease is nearly over (then the server hands it out anew).

        One that another printer would take is given back as soon as this one has not begun it, and one that was laid
        out for other paper than there is now, to be laid out anew.
        """
        cause, profile = TOO_LATE, spec.profile
        while not self._stop.is_set():
            spec = self.spec
            if job.age_now_s() >= self.limits.print_ttl_s:
                self._report.result(job.id, "late", cause)
                return
            if spec.driver is None or spec.profile != profile or not job.may_start(spec.send_budget_s):
                self._report.result(job.id, "not_begun", cause)
                return
            error = self._attempt(job, data, spec)
            if error is None or error.began:
                return
            cause = str(error)
            if job.elsewhere:
                self._report.result(job.id, "not_begun", cause)
                return
            self._stop.wait(RETRY_S)

    def _attempt(self, job: Job, data: bytes, spec: PrinterSpec) -> PrinterError | None:
        """One attempt, its outcome settled unless nothing began. None: it is out, as far as can be known."""
        started = Entry(job.id, job.created_at)
        self.sending = True
        try:
            if spec.answers is None:
                spec = self._probed(spec)
            assert spec.driver is not None
            outcome, status = put(
                spec.driver, spec.able, job.id, data, lambda: self._mark(started), lambda: self._report.sent(job.id)
            )
        except PrinterError as error:
            if error.began:
                self._settle_entry(replace(started, state="uncertain", cause=str(error)))
            self._after(error, spec)
            return error
        else:
            self._unconfirmed = 0
            self._settle_entry(replace(started, state=outcome))
            self._told(status.state)
            return None
        finally:
            self.sending = False

    def _after(self, error: PrinterError, spec: PrinterSpec) -> None:
        """How the printer is after a fault, and whether its word is still worth waiting for."""
        if not (isinstance(error, PrinterStopped) and error.unconfirmed):
            self._report.status(_state_after(error), str(error))
            return
        self._told(error.state)
        self._unconfirmed += 1
        if self._unconfirmed >= UNCONFIRMED_MAX:
            self._unconfirmed = 0
            log.warning("%s: says no more when a slip is out; from now on that is assumed", self.spec.code)
            self._found(spec, replace(spec.able, completion=False))

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
