"""The print host with a driver that kills the process at a named step of the first job.

Usage: dying_host.py STEP --url URL --state DIR; steps: before_mark, after_mark, half_written,
after_write. Everything else is the product.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import printers.job  # noqa: E402
from printers.__main__ import main  # noqa: E402


class DyingDriver:
    """Talks to the printer by hand, so that it can stop between any two steps."""

    def __init__(self, step: str, host: str, port: int) -> None:
        self.step = step
        self.address = (host, port)

    def reach(self) -> None:
        """Reachable."""

    def send(self, data: bytes, starting: Callable[[], None]) -> None:
        with socket.create_connection(self.address, 5) as link:
            self._die_at("before_mark")
            starting()
            self._die_at("after_mark")
            link.sendall(data[: len(data) // 2])
            self._die_at("half_written")
            link.sendall(data[len(data) // 2 :])
            self._die_at("after_write")

    def _die_at(self, step: str) -> None:
        if step == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    chosen = sys.argv.pop(1)
    printers.job.driver_for = lambda transport: DyingDriver(chosen, transport["host"], transport["port"])
    sys.exit(main())
