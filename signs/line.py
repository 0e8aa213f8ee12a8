"""The serial line with its signs: opened when there is something to write, opened anew after a fault."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import serial

WRITE_TIMEOUT_S = 2.0
PARITIES = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}


class LineBroken(Exception):
    """The line cannot be written now; what it says is for the log."""


class Line:
    def __init__(self, device: str, baud: int, parity: str, gap_ms: int) -> None:
        self._how: dict[str, Any] = {"port": device, "baudrate": baud, "parity": PARITIES[parity]}
        self._gap_s = gap_ms / 1000
        self._port: serial.Serial | None = None

    def write(self, data: bytes) -> None:
        """One frame, and the pause a sign needs after it. Raises LineBroken."""
        try:
            if self._port is None:
                self._port = serial.Serial(**self._how, exclusive=True, write_timeout=WRITE_TIMEOUT_S)
            self._port.write(data)
        except (serial.SerialException, OSError, TypeError, ValueError) as problem:
            self.close()
            raise LineBroken(f"{self._how['port']}: {problem}") from problem
        time.sleep(self._gap_s)

    def close(self) -> None:
        """What waits to be sent is dropped: a sign that says "wait" must not hold the end."""
        port, self._port = self._port, None
        if port is not None:
            with suppress(serial.SerialException, OSError, TypeError):
                port.reset_output_buffer()
            with suppress(serial.SerialException, OSError):
                port.close()
