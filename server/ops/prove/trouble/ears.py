"""Screens that listen only for whether the server says that it cannot write: over their socket, and by asking."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress

from server.ops.bench import sockets

LISTEN_S = 0.5


class Ear:
    """One screen in its room. `stuck`: what the last pulse said, None before the first."""

    def __init__(self, address: tuple[str, int], room: str, token: str) -> None:
        """Raises ConnectionError when it is not let in."""
        self.room = room
        self.stuck: bool | None = None
        self._screen = sockets.connect(address, room, {"room": room, "token": token}, {})
        self._screen.sock.settimeout(LISTEN_S)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._thread.join()
        self._screen.sock.close()

    def _listen(self) -> None:
        with suppress(ConnectionError):
            while not self._closing.is_set():
                with suppress(socket.timeout):
                    self._take()

    def _take(self) -> None:
        part = self._screen.sock.recv(262144)
        if not part:
            raise ConnectionError(self.room)
        got = self._screen.got
        got += part
        while (one := sockets.take_frame(got)) is not None:
            _, payload = one
            if payload == b"2":
                self._screen.sock.sendall(sockets.frame(b"3"))
            elif payload.startswith(b'42/live,["pulse"'):
                self.stuck = json.loads(payload[len(b"42/live,"):])[1].get("storage") == "failing"


def told(headers: Mapping[str, str]) -> bool:
    """What the answer to `GET /views/{room}` says of it."""
    return headers.get("MPP-Storage") == "failing"
