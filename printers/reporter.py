"""Telling the server, for as long as it takes, and the log, once for each change."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from printers.client import Client, ServerRefused, ServerUnavailable
from printers.talk import TELL_S

log = logging.getLogger("printers")

BACKOFF_FIRST_S = 0.2
BACKOFF_LAST_S = 2.0
START_QUIET_S = 30.0
BAD_STATES = frozenset({"offline", "error", "paper_out", "cover_open"})


class Backoff:
    """Waits that double up to a limit; `reset` after a success."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._next_s = BACKOFF_FIRST_S

    def wait(self) -> None:
        """Returns early when the process is told to stop."""
        self._stop.wait(self._next_s)
        self._next_s = min(self._next_s * 2, BACKOFF_LAST_S)

    def reset(self) -> None:
        self._next_s = BACKOFF_FIRST_S


class ServerWatch:
    """Whether the server answers, shared by all threads so that a flip is logged once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: bool | None = None
        self._started_at = time.monotonic()

    def answered(self) -> None:
        self._flip(True, "the server answers")

    def failed(self, error: Exception) -> None:
        """At start this process is often there before the server: that is no news for a while."""
        if self._answers is None and time.monotonic() - self._started_at < START_QUIET_S:
            return
        self._flip(False, f"the server does not answer, trying again for ever: {error}")

    def _flip(self, answers: bool, text: str) -> None:
        with self._lock:
            changed, self._answers = self._answers is not answers, answers
        if changed:
            log.log(logging.INFO if answers else logging.WARNING, text)


class Reporter:
    """One printer's voice to the server."""

    def __init__(self, client: Client, watch: ServerWatch, printer: str, stop: threading.Event) -> None:
        self._client = client
        self._watch = watch
        self._printer = printer
        self._stop = stop
        self._backoff = Backoff(stop)
        self.state = ""
        self._cause = ""
        self._unsent = False
        self._refusal = ""

    def refused_claim(self, error: ServerRefused | None) -> None:
        """Log once when the server stops giving this printer's jobs, and once when it does again."""
        refusal = str(error) if error else ""
        if refusal and refusal != self._refusal:
            log.warning("%s: the server gives no jobs: %s", self._printer, refusal)
        elif self._refusal and not refusal:
            log.info("%s: the server gives jobs again", self._printer)
        self._refusal = refusal

    def result(self, job: str, state: str, cause: str) -> bool:
        """Repeat until the server has decided about it; False only when told to stop before."""
        return self._delivered(lambda: self._client.result(job, state, cause), f"result of {job}")

    def sent(self, job: str) -> None:
        """The printer has taken every byte of it: one attempt, for its end will be told however long that takes."""
        try:
            self._client.result(job, "sent", timeout_s=TELL_S / 2)
        except (ServerUnavailable, ServerRefused) as error:
            log.info("%s: the server did not take that %s was sent: %s", self._printer, job, error)

    def answers(self, names: list[str]) -> bool:
        """What the printer can answer: one attempt; whether the server has decided about it."""
        try:
            self._client.answers(self._printer, names)
        except ServerUnavailable as error:
            self._watch.failed(error)
            return False
        except ServerRefused as error:
            log.warning("%s: the server refused its answers: %s", self._printer, error)
        else:
            log.info("%s: can answer: %s", self._printer, ", ".join(names) or "nothing")
        return True

    def _delivered(self, send: Callable[[], None], what: str) -> bool:
        while not self._stop.is_set():
            try:
                send()
            except ServerUnavailable as error:
                self._watch.failed(error)
                self._backoff.wait()
                continue
            except ServerRefused as error:
                log.warning("%s: the server refused the %s: %s", self._printer, what, error)
            self._watch.answered()
            self._backoff.reset()
            return True
        return False

    def status(self, state: str, cause: str = "") -> None:
        """Note how the printer is; a change is logged once and sent as soon as the server answers."""
        if (state, cause) == (self.state, self._cause):
            return
        was, self.state, self._cause, self._unsent = self.state, state, cause, True
        was_bad = was in BAD_STATES
        if state in BAD_STATES and state != was:
            log.warning("%s: %s: %s", self._printer, state, cause)
        elif was_bad and state not in BAD_STATES:
            log.info("%s: back (%s)", self._printer, state)
        self.send_status()

    def send_status(self) -> None:
        """One attempt, if there is something the server has not heard."""
        if not self._unsent:
            return
        try:
            self._client.status(self._printer, self.state, self._cause)
        except ServerUnavailable as error:
            self._watch.failed(error)
            return
        except ServerRefused as error:
            log.warning("%s: the server refused the status: %s", self._printer, error)
        self._unsent = False
