"""A bad road between screens and server: frames that come twice, late, again after newer ones, or cut off at any byte."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from random import Random

from server.ops.prove.histories.road import LARGEST

#: share of frames; a cut frame is the connection's last
FAULTS = {"twice": 0.12, "again later": 0.12, "late": 0.12, "cut": 0.04}
#: share of HTTP answers that are cut off
CUT_ANSWERS = 0.1
LATE_S = 0.2
CONNECT_S = 5.0


class Road:
    """A listening socket, and two threads for each connection that comes. With `is_calm` it does no harm."""

    def __init__(self, server: tuple[str, int], seed: int) -> None:
        self._server, self._rng, self._lock = server, Random(f"{seed} road of screens"), threading.Lock()
        self.faults: Counter[str] = Counter()
        self.is_calm = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address: tuple[str, int] = self._listener.getsockname()
        _spawn(self._accept)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                _spawn(self._carry, self._listener.accept()[0])

    def _carry(self, screen: socket.socket) -> None:
        with screen, suppress(OSError), socket.create_connection(self._server, CONNECT_S) as server:
            server.settimeout(None)
            for sock in (screen, server):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _spawn(_copy, screen, server)
            try:
                self._down(server, screen)
            finally:
                _end(server, screen)

    def _down(self, server: socket.socket, screen: socket.socket) -> None:
        """What the server says: one HTTP answer, or frames behind the head of one."""
        got, kept, is_socket = bytearray(), b"", False
        while part := server.recv(LARGEST):
            got += part
            if not is_socket:
                end = got.find(b"\r\n\r\n")
                is_socket = got.startswith(b"HTTP/1.1 101") and end >= 0
                passed = bytes(got[: end + 4] if is_socket else got)
                del got[: len(passed)]
                if not is_socket and self._draw({"answer cut": CUT_ANSWERS}):
                    screen.sendall(passed[: self._place(len(passed))])
                    return
                screen.sendall(passed)
            while is_socket and (size := frame_size(got)):
                one = bytes(got[:size])
                del got[:size]
                fault = self._draw(FAULTS)
                if fault == "cut":
                    screen.sendall(one[: self._place(size)])
                    return
                if fault == "late":
                    time.sleep(LATE_S)
                screen.sendall(one + kept + (one if fault == "twice" else b""))
                kept = one if fault == "again later" else b""

    def _draw(self, shares: dict[str, float]) -> str:
        if self.is_calm:
            return ""
        with self._lock:
            at = self._rng.random()
            for name, share in shares.items():
                at -= share
                if at < 0:
                    self.faults[name] += 1
                    return name
        return ""

    def _place(self, size: int) -> int:
        with self._lock:
            return self._rng.randrange(size)


def frame_size(got: bytearray) -> int:
    """Bytes of the first whole frame of a server, 0 while some are missing (RFC 6455, section 5.2)."""
    if len(got) < 2:
        return 0
    size, head = got[1] & 0x7F, 2
    if size >= 126:
        width = 2 if size == 126 else 8
        size, head = int.from_bytes(got[2 : 2 + width], "big"), 2 + width
    return head + size if len(got) >= head + size else 0


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(LARGEST):
            target.sendall(part)
    _end(source, target)


def _end(*socks: socket.socket) -> None:
    for sock in socks:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def _spawn(run: object, *args: object) -> None:
    threading.Thread(target=run, args=args, daemon=True).start()  # type: ignore[arg-type] # any callable
