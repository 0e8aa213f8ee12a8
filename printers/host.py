"""The printing process: asks the server which printers it has and gives each its own thread."""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from printers.client import Client, ServerRefused, ServerUnavailable
from printers.in_use import TemplateInUse
from printers.job import PrinterSpec
from printers.journal import Journal
from printers.keeping import Keeper
from printers.reporter import Backoff, ServerWatch
from printers.worker import Limits, Worker

log = logging.getLogger("printers")

REFRESH_S = 5.0
LOCK_WAIT_S = 5.0


class StateInUse(Exception):
    """Another printing process holds this state folder."""


def lock_state(folder: Path, wait_s: float = LOCK_WAIT_S) -> IO[bytes]:
    """Hold the folder for this process's life. Raises StateInUse, or OSError if unwritable."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = open(folder / "host.lock", "ab")  # noqa: SIM115 - held until the process ends
    deadline = time.monotonic() + wait_s
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError as error:
            if time.monotonic() >= deadline:
                handle.close()
                raise StateInUse(str(folder)) from error
            time.sleep(0.1)


class Host:
    """All printers of one print host."""

    def __init__(self, client: Client, state: Path, stop: threading.Event) -> None:
        self._client = client
        self._state = state
        self._stop = stop
        self._watch = ServerWatch()
        self._workers: dict[str, Worker] = {}
        self._template = TemplateInUse()
        self._logo: bytes | None = None
        self._logo_sha: str | None = None

    def run(self) -> None:
        """Until stopped; the server's description is read again every REFRESH_S."""
        backoff = Backoff(self._stop)
        while not self._stop.is_set():
            try:
                asked_at = time.monotonic()
                self._apply(self._client.print_host(), asked_at)
            except (ServerUnavailable, ServerRefused) as error:
                self._watch.failed(error)
                backoff.wait()
            except Exception:
                log.exception("unforeseen error")
                backoff.wait()
            else:
                self._watch.answered()
                backoff.reset()
                self._stop.wait(REFRESH_S)

    def sending(self) -> bool:
        """Whether a slip is on its way to a printer at this moment."""
        return any(worker.sending for worker in tuple(self._workers.values()))

    def _apply(self, description: Mapping[str, Any], asked_at: float) -> None:
        limits = _limits(description)
        self._template.take(description.get("template"))
        printers = description.get("printers")
        self._take_logo(description.get("logo_sha"))
        specs = [PrinterSpec.from_dict(each) for each in printers or [] if isinstance(each, Mapping)]
        wanted = {spec.code: spec for spec in specs if spec.code}
        for code, worker in self._workers.items():
            worker.resting = code not in wanted
        for code, spec in wanted.items():
            if code in self._workers:
                self._workers[code].known.given(spec, asked_at)
                self._workers[code].limits = limits
                self._workers[code].template = self._template.now
            else:
                self._start(spec, limits)

    def _take_logo(self, sha: Any) -> None:
        """Fetch the site's logo when it is another; one that cannot be had now is tried again at the next refresh."""
        if sha == self._logo_sha:
            return
        try:
            self._logo = self._client.logo(sha) if isinstance(sha, str) else None
        except (ServerUnavailable, ServerRefused) as error:
            log.warning("logo not fetched: %s", error)
            return
        self._logo_sha = sha
        for worker in self._workers.values():
            worker.keeper.png = self._logo

    def _start(self, spec: PrinterSpec, limits: Limits) -> None:
        journal = Journal(self._state, spec.code)
        keeper = Keeper(self._state, spec.code)
        keeper.png = self._logo
        worker = Worker(spec, limits, self._client, journal, self._watch, self._stop, keeper)
        worker.template = self._template.now
        self._workers[spec.code] = worker
        threading.Thread(target=worker.run, name=f"printer-{spec.code}", daemon=True).start()


def _limits(description: Mapping[str, Any]) -> Limits:
    standard = Limits()
    try:
        return Limits(
            print_ttl_s=float(description.get("print_ttl_s", standard.print_ttl_s)),
            claim_wait_s=min(20.0, max(0.0, float(description.get("claim_wait_s", 20.0)))),
        )
    except (TypeError, ValueError):
        return standard
