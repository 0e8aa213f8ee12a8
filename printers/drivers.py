"""How bytes reach a printer. One new connection for each slip, one write, explicit timeouts."""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from printers.errors import (
    PrinterBroke,
    PrinterStalled,
    PrinterUnreachable,
    TransportUnknown,
)

# Many printers never close their side: after this long with every byte acknowledged we close ours.
CLOSE_WAIT_S = 1.0
_POLL_S = 0.02


def _no_mark() -> None:
    """The caller of `send` who keeps no journal."""


class Driver(Protocol):
    """A way to one printer."""

    def send(self, data: bytes, starting: Callable[[], None] = _no_mark) -> None:
        """Hand over one slip; `starting` is called once, just before the first byte may leave.

        Raises PrinterError; whatever `starting` raises passes through with nothing sent.
        """

    def reach(self) -> None:
        """Raise PrinterUnreachable unless the printer can be talked to now."""


@dataclass(frozen=True)
class NetworkDriver:
    """A raw TCP printer ("port 9100"). Timeouts in seconds, each for its whole step."""

    host: str
    port: int = 9100
    connect_timeout_s: float = 2.0
    write_timeout_s: float = 8.0
    close_wait_s: float = CLOSE_WAIT_S

    def reach(self) -> None:
        self._connect().close()

    def send(self, data: bytes, starting: Callable[[], None] = _no_mark) -> None:
        with self._connect() as link:
            starting()
            deadline = time.monotonic() + self.write_timeout_s
            link.settimeout(self.write_timeout_s)
            try:
                link.sendall(data)
                link.shutdown(socket.SHUT_WR)
                self._await_taken(link, deadline)
            except TimeoutError as error:
                raise PrinterStalled("Pencetak berhenti menerima data.") from error
            except OSError as error:
                raise PrinterBroke(f"Sambungan ke pencetak terputus ({_reason(error)}).") from error

    def _connect(self) -> socket.socket:
        try:
            link = socket.create_connection((self.host, self.port), timeout=self.connect_timeout_s)
        except (OSError, UnicodeError) as error:
            raise PrinterUnreachable(f"Pencetak tidak dapat dihubungi ({_reason(error)}).") from error
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return link

    def _await_taken(self, link: socket.socket, deadline: float) -> None:
        """Until the printer closes, or has acknowledged every byte and says nothing more.

        Reading matters: closing with unread status bytes would reset the link and lose the slip.
        """
        quiet_from = time.monotonic() + self.close_wait_s
        link.settimeout(_POLL_S)
        while (now := time.monotonic()) < deadline + self.close_wait_s:
            try:
                if not link.recv(4096):
                    return
            except TimeoutError:
                if now >= quiet_from and not unacknowledged(link):
                    return
        # a late look counts too: however long this process slept, unconfirmed bytes are never a success
        if unacknowledged(link):
            raise TimeoutError


def unacknowledged(link: socket.socket) -> int:
    """Bytes that the other side's TCP has not confirmed (Linux SIOCOUTQ)."""
    answer = fcntl.ioctl(link.fileno(), termios.TIOCOUTQ, b"\0\0\0\0")
    return int(struct.unpack("i", answer)[0])


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "tidak ada jawaban"
    if isinstance(error, ConnectionRefusedError):
        return "ditolak"
    if isinstance(error, socket.gaierror | UnicodeError):
        return "alamat tidak dikenal"
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return "diputus oleh pencetak"
    return "gangguan jaringan"


def driver_for(transport: Mapping[str, Any]) -> Driver:
    """The driver of a printer's `transport` (`GET /print-host`). Raises TransportUnknown."""
    kind = transport.get("kind")
    if kind != "network":
        raise TransportUnknown(f"Jenis sambungan pencetak tidak dikenal: {kind!r}.")
    try:
        driver = NetworkDriver(
            host=str(transport["host"]),
            port=int(transport.get("port", 9100)),
            connect_timeout_s=float(transport.get("connect_timeout_s", 2.0)),
            write_timeout_s=float(transport.get("write_timeout_s", 8.0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise TransportUnknown("Alamat pencetak tidak lengkap.") from error
    if not (driver.host and 0 < driver.port < 65536):
        raise TransportUnknown("Alamat pencetak tidak lengkap.")
    if not (0 < driver.connect_timeout_s <= 30 and 0 < driver.write_timeout_s <= 60):
        raise TransportUnknown("Batas waktu pencetak di luar jangkauan.")
    return driver
