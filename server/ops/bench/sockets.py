"""Screens as bare sockets: websocket frames and Engine.IO packets by hand, hundreds in one thread.

Text frames of a server carry Engine.IO packets: `0` open, `2` ping (answered with `3`), `40` entered a
namespace, `42` an event (https://socket.io/docs/v4/engine-io-protocol). Frames: RFC 6455 section 5.
"""

from __future__ import annotations

import base64
import json
import os
import re
import selectors
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

NAMESPACE = "/live"
TIMEOUT_S = 20.0
_VERSION = re.compile(rb'"version":(\d+)')
_CLOSE = 8


def frame(payload: bytes) -> bytes:
    """A masked text frame, as a client must send it; payloads up to 65,535 bytes."""
    mask = os.urandom(4)
    size = len(payload)
    head = bytes([0x81, 0x80 | size]) if size < 126 else bytes([0x81, 0xFE]) + size.to_bytes(2, "big")
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


def take_frame(got: bytearray) -> tuple[int, bytes] | None:
    """Cut the first whole frame off `got`: (opcode, payload); None while bytes are missing."""
    if len(got) < 2:
        return None
    size, at = got[1] & 0x7F, 2
    if size >= 126:
        width = 2 if size == 126 else 8
        size, at = int.from_bytes(got[2:2 + width], "big"), 2 + width
    if len(got) < at + size:
        return None
    payload = bytes(got[at:at + size])
    opcode = got[0] & 0x0F
    del got[:at + size]
    return opcode, payload


@dataclass
class Screen:
    """One connected screen; `heard` collects (version, when) of its events, version 0 without one."""

    sock: socket.socket
    kind: str
    got: bytearray = field(default_factory=bytearray)
    heard: list[tuple[int, float]] = field(default_factory=list)
    bytes_last: int = 0

    def take(self) -> None:
        """Read what is there. Raises ConnectionError at its end."""
        part = self.sock.recv(262144)
        if not part:
            raise ConnectionError(f"the server closed a {self.kind} screen")
        self.got += part
        while (one := take_frame(self.got)) is not None:
            opcode, payload = one
            if opcode == _CLOSE:
                raise ConnectionError(f"the server closed a {self.kind} screen")
            if payload == b"2":
                self.sock.sendall(frame(b"3"))
            elif payload.startswith(b"42/live,") and not payload.startswith(b'42/live,["pulse"'):
                found = _VERSION.search(payload[:400])
                self.heard.append((int(found[1]) if found else 0, time.perf_counter()))
                self.bytes_last = len(payload)


def connect(address: tuple[str, int], kind: str, auth: Mapping[str, Any], headers: Mapping[str, str]) -> Screen:
    """Enter the namespace; blocking. Raises ConnectionError when the door stays shut."""
    sock = socket.create_connection(address, TIMEOUT_S)
    try:
        return _enter(sock, address, kind, auth, headers)
    except BaseException:
        sock.close()
        raise


def _enter(sock: socket.socket, address: tuple[str, int], kind: str, auth: Mapping[str, Any], headers: Mapping[str, str]) -> Screen:
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    lines = [
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1", f"Host: {address[0]}:{address[1]}",
        "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
    screen = Screen(sock, kind)
    while b"\r\n\r\n" not in screen.got:
        screen.got += _more(sock)
    status = bytes(screen.got[9:12])
    if status != b"101":
        raise ConnectionError(f"{kind}: websocket refused with {status!r}")
    del screen.got[:screen.got.find(b"\r\n\r\n") + 4]
    _packet(screen, b"0")
    sock.sendall(frame(f"40{NAMESPACE},{json.dumps(dict(auth))}".encode()))
    _packet(screen, b"40")
    return screen


def _more(sock: socket.socket) -> bytes:
    part = sock.recv(65536)
    if not part:
        raise ConnectionError("the server closed the connection")
    return part


def _packet(screen: Screen, expected: bytes) -> None:
    """Wait for one packet of this kind; events and pings may come before it, all else is a refusal."""
    payload = b""
    while not payload.startswith(expected):
        while (one := take_frame(screen.got)) is None:
            screen.got += _more(screen.sock)
        payload = one[1]
        if payload == b"2":
            screen.sock.sendall(frame(b"3"))
        elif one[0] == _CLOSE or payload.startswith((b"44", b"41")):
            raise ConnectionError(f"{screen.kind}: {payload[:200]!r}")


class Crowd:
    """Screens of several servers, all read in one thread whenever `turn` is called."""

    def __init__(self) -> None:
        self._of: dict[str, list[Screen]] = {}
        self._chooser = selectors.DefaultSelector()

    def add(self, owner: str, screen: Screen) -> None:
        screen.sock.setblocking(True)
        self._of.setdefault(owner, []).append(screen)
        self._chooser.register(screen.sock, selectors.EVENT_READ, screen)

    @property
    def any(self) -> bool:
        return bool(self._of)

    def of(self, owner: str) -> list[Screen]:
        return self._of.get(owner, [])

    def watch(self, taker: Any) -> None:
        """Read one socket more: anything with `sock` and `take()`."""
        self._chooser.register(taker.sock, selectors.EVENT_READ, taker)

    def leave(self, taker: Any) -> None:
        self._chooser.unregister(taker.sock)

    def turn(self, timeout_s: float) -> None:
        """Read all that is there, waiting at most so long for the first byte."""
        for ready, _ in self._chooser.select(timeout_s):
            ready.data.take()

    def close(self, owner: str) -> None:
        for screen in self._of.pop(owner, []):
            self._chooser.unregister(screen.sock)
            screen.sock.close()
