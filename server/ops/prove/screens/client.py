"""Screens as bare sockets that live through outages: what a page does, written a second time, hundreds in one thread.

As `server/shared/static/live.js`: after a lost socket a screen asks `GET /views/{room}` at growing pauses, and opens its socket
again only when that was answered; another epoch is always taken, within one the newest version; a pulse that knows more
than is held makes it ask.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import re
import select
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from server.ops.bench.http_load import status_of
from server.ops.bench.sockets import NAMESPACE, frame, take_frame

#: as the page: first and longest pause before it asks again, patience with an answer, silence that means a dead socket
FIRST_S, LONGEST_S, ANSWER_S, SILENT_S = 0.2, 2.0, 4.0, 25.0
#: bytes that a slow screen reads at a time, and the seconds between two such sips
SIP_BYTES, SIP_S = 200, 0.25
_VIEW = re.compile(rb'\{"room":"([^"]+)","epoch":"([^"]+)","version":(\d+),"at":"[^"]*","data":')
_PULSE = re.compile(rb'"epoch":"([^"]+)","version":(\d+)')
_EVENT = b"42" + NAMESPACE.encode() + b","
_CLOSE = 8


@dataclass(frozen=True)
class Held:
    """A view as it came, without the instant at which it was made."""

    epoch: bytes
    version: int
    data: bytes


def read_view(body: bytes) -> tuple[bytes, Held]:
    """(room, what it shows). Raises ValueError for anything else."""
    head = _VIEW.match(body)
    if head is None or not body.endswith(b"}"):
        raise ValueError(f"no view: {body[:80]!r}")
    return head[1], Held(head[2], int(head[3]), body[head.end():-1])


@dataclass
class Screen:
    """`live_s`: since when its socket shows a view, None while it does not. `odd`: what a server must not do.

    `healed`: pulses that told of a view which never came.
    """

    room: str
    auth: Mapping[str, Any]
    headers: Mapping[str, str]
    address: tuple[str, int]
    chance: Random
    state: str = "rest"
    held: Held | None = None
    live_s: float | None = None
    held_s: float = 0.0
    due_s: float = 0.0
    attempt: int = 0
    losses: int = 0
    healed: int = 0
    is_frozen: bool = False
    is_slow: bool = False
    sock: socket.socket | None = None
    out: bytes = b""
    got: bytearray = field(default_factory=bytearray)
    odd: list[str] = field(default_factory=list)

    @property
    def sips(self) -> bool:
        """Whether it reads its news a few bytes at a time."""
        return self.is_slow and self.state == "live"

    # beginning

    def step(self, now_s: float) -> None:
        """Do what is due."""
        if self.is_frozen or now_s < self.due_s:
            return
        if self.state == "rest":
            self._dial("ask", self._asking())
        else:
            self.lose()

    def _asking(self) -> bytes:
        shown = dict(self.headers)
        if "token" in self.auth:
            shown["Authorization"] = f"Bearer {self.auth['token']}"
        return _request(f"/api/v1/views/{self.room}", self.address, {**shown, "Connection": "close"})

    def _dial(self, state: str, request: bytes) -> None:
        self.close()
        sock = self.sock = socket.socket()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.state, self.out, self.due_s = state, request, time.monotonic() + ANSWER_S
        if sock.connect_ex(self.address) not in (0, errno.EINPROGRESS):
            self.lose()

    def close(self) -> None:
        if self.sock is not None:
            self.sock.close()
        self.sock, self.live_s, self.out = None, None, b""
        self.got.clear()

    def lose(self) -> None:
        """What it had is gone; it asks after a pause."""
        self.close()
        self.losses += 1
        self.state = "rest"
        pause_s = min(LONGEST_S, FIRST_S * 2 ** min(self.attempt, 16))
        self.due_s = time.monotonic() + pause_s * (0.5 + 0.5 * self.chance.random())
        self.attempt += 1

    # reading and writing, when the socket is ready

    def ready(self, can_write: bool, can_read: bool) -> None:
        sock = self.sock
        if can_write and self.out:
            self.write()
        if can_read and self.sock is sock:
            self.read()

    def write(self) -> None:
        assert self.sock is not None
        try:
            sent = self.sock.send(self.out)
            self.out = self.out[sent:]
        except BlockingIOError:
            pass
        except OSError:
            self.lose()

    def read(self) -> None:
        assert self.sock is not None
        try:
            part = self.sock.recv(SIP_BYTES if self.sips else 262144)
        except BlockingIOError:
            return
        except OSError:
            part = b""
        self.got += part
        if self.state == "ask":
            self._answered()
        elif not part or not self._hear():
            self.lose()
        elif self.state == "live":
            self.due_s = time.monotonic() + SILENT_S
        if not part and self.state == "ask":
            self.lose()

    def _answered(self) -> None:
        status = status_of(self.got)
        if not status:
            return
        if status == 200:
            self.attempt = 0
            self._take(bytes(self.got[self.got.find(b"\r\n\r\n") + 4:]))
            self._dial("open", _upgrade(self.address, self.headers))
            return
        if status < 500 and status != 429:
            self.odd.append(f"{self.room}: refused with {status}: {bytes(self.got[-200:])!r}")
        self.lose()

    def _hear(self) -> bool:
        """All that is whole; False at the end of the connection."""
        if self.state == "open" and not self._is_upgraded():
            return status_of(self.got) == 0
        while self.sock is not None and (one := take_frame(self.got)) is not None:
            if one[0] == _CLOSE or not self._packet(one[1]):
                return False
        return self.sock is not None or self.state == "ask"

    def _is_upgraded(self) -> bool:
        if self.got.startswith(b"HTTP/1.1 101") and (end := self.got.find(b"\r\n\r\n")) >= 0:
            del self.got[: end + 4]
            self.state = "live"
        return self.state == "live"

    def _packet(self, payload: bytes) -> bool:
        if payload == b"2":
            self._say(b"3")
        elif payload.startswith(b"0{"):
            self._say(f"40{NAMESPACE},{json.dumps(dict(self.auth))}".encode())
        elif payload.startswith(_EVENT + b'["view",'):
            self._take(payload[len(_EVENT) + 8:-1])
            self.live_s = self.live_s or time.monotonic()
        elif payload.startswith(_EVENT + b'["pulse",'):
            self._pulse(payload)
        elif payload.startswith((b"44", b"41")):
            return False
        return True

    def _say(self, payload: bytes) -> None:
        self.out += frame(payload)

    def _take(self, body: bytes) -> None:
        try:
            room, view = read_view(body)
        except ValueError as problem:
            self.odd.append(f"{self.room}: {problem}")
            return
        if room.decode() != self.room:
            self.odd.append(f"{self.room}: got a view of {room.decode()}")
        elif self.held is None or view.epoch != self.held.epoch or view.version > self.held.version:
            self.held, self.held_s = view, time.monotonic()

    def _pulse(self, payload: bytes) -> None:
        told = _PULSE.search(payload)
        if told is None or self.held is None:
            return
        if told[1] != self.held.epoch or int(told[2]) > self.held.version:
            self.healed += 1
            self._dial("ask", self._asking())


def _request(path: str, address: tuple[str, int], headers: Mapping[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: {address[0]}:{address[1]}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def _upgrade(address: tuple[str, int], headers: Mapping[str, str]) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return _request("/socket.io/?EIO=4&transport=websocket", address, {
        "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": key, **headers,
    })


class Wall:
    """All screens; they live only while `turn` is called."""

    def __init__(self, screens: list[Screen]) -> None:
        self.screens = screens
        self._sip_s = 0.0

    def turn(self, timeout_s: float = 0.02) -> None:
        """Read and write what is ready, begin what is due."""
        now_s = time.monotonic()
        may_sip = now_s >= self._sip_s
        if may_sip:
            self._sip_s = now_s + SIP_S
        # Made anew each time: sockets come and go, and their numbers are used again.
        poll, watched = select.poll(), {}
        for screen in self.screens:
            screen.step(now_s)
            if screen.sock is not None and not screen.is_frozen:
                wants = (select.POLLOUT if screen.out else 0) | (select.POLLIN if may_sip or not screen.sips else 0)
                poll.register(screen.sock, wants)
                watched[screen.sock.fileno()] = screen
        for number, ready in poll.poll(timeout_s * 1000):
            watched[number].ready(bool(ready & select.POLLOUT), bool(ready & ~select.POLLOUT))

    def until(self, done: Callable[[], bool], most_s: float) -> bool:
        """Live until it is so; False when it was not within `most_s`."""
        end_s = time.monotonic() + most_s
        while not done():
            if time.monotonic() > end_s:
                return False
            self.turn()
        return True

    def live_for(self, seconds: float) -> None:
        self.until(lambda: False, seconds)

    def leave(self) -> None:
        """All pages are closed."""
        for screen in self.screens:
            screen.close()
            screen.is_frozen, screen.state = True, "rest"
