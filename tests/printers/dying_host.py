"""The print host with a driver that kills the process at a named step of the first job.

Usage: dying_host.py STEP --url URL --state DIR; steps: before_claim, after_claim, before_mark, after_mark, half_written,
after_write, after_reply (of a printer that confirms), before_report, after_report. Everything else is the product.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import printers.__main__  # noqa: E402
import printers.job  # noqa: E402
from printers.__main__ import main  # noqa: E402
from printers.client import Client  # noqa: E402
from printers.links.network import NetworkDriver, NetworkLink  # noqa: E402


SLIP_MIN_BYTES = 100


class DyingDriver(NetworkDriver):
    """Reaches the real printer and dies at the step."""

    step = ""

    def open(self) -> NetworkLink:
        link = super().open()
        die_at(self.step, "before_mark")
        return DyingLink(link, self.step)  # type: ignore[return-value]


class DyingLink:
    """An open link; questions pass, the first slip meets its end."""

    def __init__(self, link: NetworkLink, step: str) -> None:
        self._link = link
        self._step = step

    def write(self, data: bytes, timeout_s: float) -> None:
        if len(data) < SLIP_MIN_BYTES:
            self._link.write(data, timeout_s)
            return
        die_at(self._step, "after_mark")
        self._link.write(data[: len(data) // 2], timeout_s)
        die_at(self._step, "half_written")
        self._link.write(data[len(data) // 2 :], timeout_s)
        die_at(self._step, "after_write")

    def read(self, timeout_s: float) -> bytes:
        said = self._link.read(timeout_s)
        if b"\x37\x22" in said:
            die_at(self._step, "after_reply")
        return said

    def finish(self, timeout_s: float) -> None:
        self._link.finish(timeout_s)

    def close(self) -> None:
        self._link.close()


class DyingClient(Client):
    """Speaks to the real server and dies before or after a word."""

    def claim(self, printer: str, wait_s: float) -> dict[str, Any] | None:
        die_at(DyingDriver.step, "before_claim")
        job = super().claim(printer, wait_s)
        if job is not None:
            die_at(DyingDriver.step, "after_claim")
        return job

    def result(self, job: str, state: str, cause: str = "", timeout_s: float = 10.0) -> None:
        is_end = state != "sent"  # a printer that takes its time is told of on the way too
        die_at(DyingDriver.step, "before_report" if is_end else "")
        super().result(job, state, cause, timeout_s)
        die_at(DyingDriver.step, "after_report" if is_end else "")


def die_at(step: str, here: str) -> None:
    if step == here:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    chosen = sys.argv.pop(1)
    DyingDriver.step = chosen
    printers.job.driver_for = lambda transport: DyingDriver(transport["host"], transport["port"])
    printers.__main__.Client = DyingClient  # type: ignore[misc]
    sys.exit(main())
