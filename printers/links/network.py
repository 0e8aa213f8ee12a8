"""A raw TCP printer ("port 9100")."""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
import time
from contextlib import suppress
from dataclasses import dataclass

from printers.errors import PrinterBroke, PrinterStalled, PrinterUnreachable

# Many printers never close their side: after this long with every byte acknowledged we close ours.
CLOSE_WAIT_S = 1.0
_READ_BYTES = 4096
_LAST_READS = 16
_POLL_S = 0.02


@dataclass(frozen=True)
class NetworkDriver:
    """Times in seconds, each for its whole step."""

    host: str
    port: int = 9100
    connect_timeout_s: float = 2.0
    write_timeout_s: float = 8.0
    close_wait_s: float = CLOSE_WAIT_S

    one_way = False

    @property
    def budget_s(self) -> float:
        return self.connect_timeout_s + self.write_timeout_s

    def open(self) -> NetworkLink:
        try:
            link = socket.create_connection((self.host, self.port), timeout=self.connect_timeout_s)
        except (OSError, UnicodeError) as error:
            raise PrinterUnreachable(f"Pencetak tidak dapat dihubungi ({_reason(error)}).") from error
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return NetworkLink(link, self.close_wait_s)


class NetworkLink:
    """See printers.link.Link."""

    def __init__(self, link: socket.socket, close_wait_s: float) -> None:
        self._link = link
        self._close_wait_s = close_wait_s
        self._ended = False

    def write(self, data: bytes, timeout_s: float) -> None:
        self._link.settimeout(timeout_s)
        try:
            self._link.sendall(data)
        except OSError as error:
            raise _fault(error) from error

    def read(self, timeout_s: float) -> bytes:
        if self._ended:
            raise PrinterBroke("Sambungan ke pencetak terputus (diputus oleh pencetak).")
        self._link.settimeout(max(timeout_s, 0.001))
        try:
            data = self._link.recv(_READ_BYTES)
        except TimeoutError:
            return b""
        except OSError as error:
            raise _fault(error) from error
        if not data:
            self._ended = True
        return data

    def finish(self, timeout_s: float) -> bytes:
        """Until the printer closes, or has acknowledged every byte and says nothing more.

        Reading matters: closing with unread status bytes would reset the link and lose the slip.
        """
        said = b""
        try:
            self._link.shutdown(socket.SHUT_WR)
            began = time.monotonic()
            while not self._ended and (now := time.monotonic()) < began + timeout_s + self._close_wait_s:
                came = self.read(_POLL_S)
                said = (said + came)[:_READ_BYTES]
                if not came and now >= began + self._close_wait_s and not unacknowledged(self._link):
                    return said
            # a late look counts too: however long this process slept, unconfirmed bytes are never a success
            if not self._ended and unacknowledged(self._link):
                raise PrinterStalled()
            return said
        except OSError as error:
            raise _fault(error) from error

    def close(self) -> None:
        """Take what has come, so that unread bytes do not reset the link; at most a few of a flood."""
        with suppress(OSError):
            self._link.setblocking(False)
            for _ in range(_LAST_READS):
                if not self._link.recv(_READ_BYTES):
                    break
        self._link.close()


def unacknowledged(link: socket.socket) -> int:
    """Bytes that the other side's TCP has not confirmed (Linux SIOCOUTQ)."""
    answer = fcntl.ioctl(link.fileno(), termios.TIOCOUTQ, b"\0\0\0\0")
    return int(struct.unpack("i", answer)[0])


def _fault(error: OSError) -> PrinterStalled | PrinterBroke:
    if isinstance(error, TimeoutError):
        return PrinterStalled()
    return PrinterBroke(f"Sambungan ke pencetak terputus ({_reason(error)}).")


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
