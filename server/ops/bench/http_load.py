"""Closed-loop HTTP load from one thread: several keep-alive connections, each asks when it was answered.

Requests are bytes made beforehand and answers are only measured, not parsed, so that the load
costs little beside what it measures.
"""

from __future__ import annotations

import selectors
import socket
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from server.ops.bench.figures import Round

TIMEOUT_S = 20.0
#: answers in the first moments of a round are not counted
WARM_S = 0.3
_KEY = b"Idempotency-Key: "


@dataclass(frozen=True)
class Wish:
    """One connection's request, again and again; a key of its own each time when `keyed`."""

    head: bytes
    body: bytes = b""
    keyed: bool = False

    def request(self) -> bytes:
        key = _KEY + uuid.uuid4().hex.encode() + b"\r\n" if self.keyed else b""
        return self.head + key + b"\r\n" + self.body


def wish(method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"", keyed: bool = False) -> Wish:
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", *(f"{k}: {v}" for k, v in (headers or {}).items())]
    if method != "GET":
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return Wish("\r\n".join(lines).encode() + b"\r\n", body, keyed)


@dataclass
class Asker:
    sock: socket.socket
    wish: Wish
    since_s: float = 0.0
    got: bytearray = field(default_factory=bytearray)

    def ask(self) -> None:
        self.got.clear()
        self.since_s = time.perf_counter()
        self.sock.sendall(self.wish.request())

    def answered(self) -> int:
        """The status once the whole answer is there, else 0. Raises ConnectionError at its end."""
        part = self.sock.recv(262144)
        if not part:
            raise ConnectionError("the server closed the connection")
        self.got += part
        return status_of(self.got)


def status_of(got: bytearray) -> int:
    """The status of a complete answer, 0 while bytes are missing."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return 0
    head = bytes(got[:end]).lower()
    status = int(head[9:12])
    at = head.find(b"content-length:")
    length = int(head[at + 15:].split(b"\r\n", 1)[0]) if at >= 0 else 0
    return status if len(got) >= end + 4 + length else 0


def once(address: tuple[str, int], one: Wish) -> tuple[int, bytes]:
    """Ask once; (status, body)."""
    with socket.create_connection(address, TIMEOUT_S) as sock:
        asker = Asker(sock, one)
        asker.ask()
        while not (status := asker.answered()):
            pass
        return status, bytes(asker.got[asker.got.find(b"\r\n\r\n") + 4:])


def _connected(address: tuple[str, int], wishes: Sequence[Wish]) -> list[Asker]:
    askers = [Asker(socket.create_connection(address, TIMEOUT_S), one) for one in wishes]
    for asker in askers:
        asker.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return askers


def volleys(address: tuple[str, int], wishes: Sequence[Wish], between: Sequence[Wish], duration_s: float) -> Round:
    """All wishes at the same instant, again and again; only the time from the first press to the last answer counts.

    `between` makes the next volley possible (a counter has to be free before it can call) and is not counted,
    and neither is the first volley. Ends after `duration_s` seconds of volleys, after three times as long in all,
    or when a wish is answered with anything but 200, such as 204: nobody waits.
    """
    took: list[float] = []
    over_s, odd = 0.0, 0
    askers = _connected(address, wishes)
    _at_once(askers, wishes)
    _at_once(askers, between)
    ends_s = time.perf_counter() + 3 * duration_s
    while not odd and over_s < duration_s and time.perf_counter() < ends_s:
        answers, volley_s = _at_once(askers, wishes)
        odd = sum(status != 200 for status, _ in answers)
        if not odd:
            took += [answer_s for _, answer_s in answers]
            over_s += volley_s
        _at_once(askers, between)
    for asker in askers:
        asker.sock.close()
    return Round(tuple(took), over_s, odd)


def _at_once(askers: Sequence[Asker], wishes: Sequence[Wish]) -> tuple[list[tuple[int, float]], float]:
    """Every asker asks its wish; ([(status, seconds)], seconds until the last answer)."""
    answers = []
    with selectors.DefaultSelector() as chooser:
        for asker, asker.wish in zip(askers, wishes, strict=True):
            chooser.register(asker.sock, selectors.EVENT_READ, asker)
        began_s = time.perf_counter()
        for asker in askers:
            asker.ask()
        while chooser.get_map():
            for ready, _ in chooser.select(timeout=TIMEOUT_S) or _silent():
                if status := ready.data.answered():
                    answers.append((status, time.perf_counter() - ready.data.since_s))
                    chooser.unregister(ready.data.sock)
        return answers, time.perf_counter() - began_s


def _silent() -> NoReturn:
    raise ConnectionError(f"no answer after {TIMEOUT_S} s")


def load(address: tuple[str, int], wishes: Sequence[Wish], duration_s: float) -> Round:
    """Ask on one connection per wish, for `duration_s` seconds after WARM_S.

    A connection whose wish is refused asks no more, so that a line that ran dry is seen as such.
    """
    took: list[float] = []
    odd = 0
    chooser = selectors.DefaultSelector()
    askers = _connected(address, wishes)
    for asker in askers:
        chooser.register(asker.sock, selectors.EVENT_READ, asker)
    began_s = time.perf_counter() + WARM_S
    ends_s = now_s = began_s + duration_s
    for asker in askers:
        asker.ask()
    while chooser.get_map() and (now_s := time.perf_counter()) < ends_s:
        for ready, _ in chooser.select(timeout=min(1.0, ends_s - now_s)):
            asker = ready.data
            status = asker.answered()
            if not status:
                continue
            now_s = time.perf_counter()
            if now_s >= began_s:
                took.append(now_s - asker.since_s)
            if status < 300:
                asker.ask()
            else:
                odd += 1
                chooser.unregister(asker.sock)
    chooser.close()
    for asker in askers:
        asker.sock.close()
    return Round(tuple(took), min(now_s, ends_s) - began_s, odd)
