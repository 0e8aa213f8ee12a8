"""A printer behind a device file (/dev/usb/lp0), written to by a child: the kernel may hold it there for ever.

A write to such a file can block so that no signal and no timeout ends it. The child blocks instead of us; we wait
for its word with a limit, then leave it to its fate.
"""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from printers.errors import PrinterBroke, PrinterStalled, PrinterUnreachable
from printers.links.file_child import WORD

OPEN_S = 3.0
_READ_BYTES = 4096
_KILL_S = 0.2
#: more of them than this hang at no device that is worth another one
LEFT_MAX = 8


class _Left:
    """Children that the kernel did not let go when they were killed, to be reaped when it does. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._children: list[tuple[str, subprocess.Popen[bytes]]] = []

    def add(self, path: str, child: subprocess.Popen[bytes]) -> None:
        with self._lock:
            self._children.append((path, child))

    def at(self, path: str) -> int:
        """How many still hang at `path`."""
        with self._lock:
            self._children = [each for each in self._children if each[1].poll() is None]
            return sum(where == path for where, _ in self._children)


left = _Left()


@dataclass(frozen=True)
class FileDriver:
    """`path` of a character device, such as those of the kernel's usblp."""

    path: str
    write_timeout_s: float = 8.0

    one_way = False

    @property
    def budget_s(self) -> float:
        return OPEN_S + self.write_timeout_s

    def open(self) -> FileLink:
        self._check()
        if left.at(self.path) >= LEFT_MAX:
            raise PrinterUnreachable(f"Pencetak tidak dapat dihubungi ({self.path} tidak menjawab).")
        link = FileLink(self.path, *_spawn(self.path))
        try:
            link.opened()
        except BaseException:
            link.close()
            raise
        return link

    def _check(self) -> None:
        try:
            kind = os.stat(self.path).st_mode
        except OSError as error:
            raise PrinterUnreachable(f"Pencetak tidak dapat dihubungi ({self.path} tidak ada).") from error
        if not stat.S_ISCHR(kind):
            raise PrinterUnreachable(f"Pencetak tidak dapat dihubungi ({self.path} bukan perangkat).")


def _spawn(path: str) -> tuple[subprocess.Popen[bytes], socket.socket, socket.socket]:
    data, its_data = socket.socketpair()
    word, its_word = socket.socketpair()
    with its_data, its_word:
        fds = its_data.fileno(), its_word.fileno()
        child = subprocess.Popen(
            [sys.executable, "-m", "printers.links.file_child", path, *map(str, fds), str(os.getpid())],
            pass_fds=fds, cwd=Path(__file__).parents[2], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
    return child, data, word


class FileLink:
    """See printers.link.Link."""

    def __init__(self, path: str, child: subprocess.Popen[bytes], data: socket.socket, word: socket.socket) -> None:
        self._path = path
        self._child = child
        self._data = data
        self._word = word
        self._sent = 0
        self._taken = 0

    def opened(self) -> None:
        """Wait for the child's first word. Raises PrinterUnreachable."""
        try:
            self._listen(OPEN_S)
        except TimeoutError as error:
            raise PrinterUnreachable(f"Pencetak tidak dapat dihubungi ({self._path} tidak menjawab).") from error
        except OSError as error:
            raise PrinterUnreachable(f"Pencetak tidak dapat dihubungi ({self._path}: {_reason(error)}).") from error

    def write(self, data: bytes, timeout_s: float) -> None:
        """Until the device has taken all of it."""
        deadline = time.monotonic() + timeout_s
        self._data.settimeout(timeout_s)
        try:
            self._data.sendall(data)
            self._sent += len(data)
            while self._taken < self._sent:
                self._listen(deadline - time.monotonic())
        except TimeoutError as error:
            raise PrinterStalled() from error
        except OSError as error:
            raise PrinterBroke(f"Sambungan ke pencetak terputus ({_reason(error)}).") from error

    def read(self, timeout_s: float) -> bytes:
        self._data.settimeout(max(timeout_s, 0.001))
        try:
            data = self._data.recv(_READ_BYTES)
        except TimeoutError:
            return b""
        except OSError as error:
            raise PrinterBroke(f"Sambungan ke pencetak terputus ({_reason(error)}).") from error
        if not data:
            raise PrinterBroke("Sambungan ke pencetak terputus (perangkat hilang).")
        return data

    def finish(self, timeout_s: float) -> bytes:
        """The device has taken every byte already; what it keeps in its own buffer nobody can see."""
        return b""

    def close(self) -> None:
        for end in (self._data, self._word):
            end.close()
        self._child.kill()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(_KILL_S)
            return
        left.add(self._path, self._child)

    def _listen(self, timeout_s: float) -> None:
        """The child's next word. Raises TimeoutError, and OSError with what the device said."""
        self._word.settimeout(max(timeout_s, 0.001))
        said = b""
        while len(said) < WORD.size:
            part = self._word.recv(WORD.size - len(said))
            if not part:
                raise OSError(0, "")
            said += part
        (taken,) = WORD.unpack(said)
        if taken < 0:
            raise OSError(-taken, os.strerror(-taken))
        self._taken = taken


def _reason(error: OSError) -> str:
    known = {13: "tidak boleh dibuka oleh pengguna ini", 16: "sedang dipakai program lain", 19: "perangkat hilang"}
    return known.get(error.errno or 0, "perangkat hilang atau rusak")
