"""A printer on a serial line (RS-232, or a USB adapter that looks like one)."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

import serial

from printers.errors import PrinterBroke, PrinterStalled, PrinterUnreachable

BAUDS = (2400, 4800, 9600, 19200, 38400, 57600, 115200)
PARITIES = {"none": serial.PARITY_NONE, "even": serial.PARITY_EVEN, "odd": serial.PARITY_ODD}
#: how the printer says "wait": by no means, by RTS/CTS, by DSR/DTR (Epson's standard), by XON/XOFF bytes
FLOWS = ("none", "rtscts", "dsrdtr", "xonxoff")
OPEN_S = 1.0
_POLL_S = 0.02


@dataclass(frozen=True)
class SerialDriver:
    """`device` is a path like /dev/ttyUSB0 or, steadier, one of /dev/serial/by-id."""

    device: str
    baud: int = 19200
    parity: str = "none"
    flow: str = "dsrdtr"
    write_timeout_s: float = 8.0

    one_way = False

    @property
    def budget_s(self) -> float:
        return OPEN_S + self.write_timeout_s

    def open(self) -> SerialLink:
        try:
            port = serial.Serial(
                self.device, self.baud, parity=PARITIES[self.parity], exclusive=True,
                write_timeout=self.write_timeout_s, rtscts=self.flow == "rtscts",
                dsrdtr=self.flow == "dsrdtr", xonxoff=self.flow == "xonxoff",
            )  # fmt: skip
        except (serial.SerialException, OSError, ValueError) as error:
            raise PrinterUnreachable(f"Pencetak tidak dapat dihubungi ({_reason(self.device, error)}).") from error
        return SerialLink(port)


class SerialLink:
    """See printers.link.Link."""

    def __init__(self, port: serial.Serial) -> None:
        self._port = port

    def write(self, data: bytes, timeout_s: float) -> None:
        try:
            self._port.write_timeout = timeout_s
            self._port.write(data)
        except serial.SerialTimeoutException as error:
            raise PrinterStalled() from error
        except (serial.SerialException, OSError, TypeError) as error:
            raise _broke() from error

    def read(self, timeout_s: float) -> bytes:
        """One byte is waited for, what stands behind it is taken with it."""
        try:
            self._port.timeout = max(timeout_s, 0.001)
            first = self._port.read(1)
            return first + self._port.read(self._port.in_waiting) if first else b""
        except (serial.SerialException, OSError, TypeError) as error:
            raise _broke() from error

    def finish(self, timeout_s: float) -> bytes:
        """Until the line has carried every byte. tcdrain would wait for ever on a printer that says "wait"."""
        deadline = time.monotonic() + timeout_s
        try:
            while self._port.out_waiting:
                if time.monotonic() >= deadline:
                    raise PrinterStalled()
                time.sleep(_POLL_S)
            return b""
        except (serial.SerialException, OSError, TypeError) as error:
            raise _broke() from error

    def close(self) -> None:
        """What still waits to be sent is dropped: closing with it would block for half a minute."""
        with suppress(serial.SerialException, OSError, TypeError):
            if self._port.out_waiting:
                self._port.reset_output_buffer()
        with suppress(serial.SerialException, OSError):
            self._port.close()


def _broke() -> PrinterBroke:
    return PrinterBroke("Sambungan ke pencetak terputus (perangkat hilang).")


def _reason(device: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == 2:
        return f"{device} tidak ada"
    if number == 13:
        return f"{device} tidak boleh dibuka oleh pengguna ini"
    if number in (11, 16) or "lock" in str(error):
        return f"{device} sedang dipakai program lain"
    return f"{device} tidak dapat dibuka"
