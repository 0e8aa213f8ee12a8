"""The acts over HTTP: each person has a road of their own to the server, a TCP proxy of ours that harms what it carries.

It reads a whole request (or answer) before it passes it on, so that it can be cut at any byte of it:

- `cut request`, `cut reply`: the first k bytes are passed on, then both sides are closed; k goes through every byte
- `no request`, `no reply`: not passed on, and the person waits until their patience ends
- `late request`: passed on only after the person has given it up
- `late reply`: passed on after a while
"""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from server.ops.prove.histories.hall import kiosk_headers, officer_headers
from server.ops.prove.histories.hands import Reply, Unanswered

#: share of exchanges
FAULTS = {"cut request": 0.14, "cut reply": 0.14, "no request": 0.01, "no reply": 0.015, "late request": 0.015, "late reply": 0.01}
#: how long a person waits for an answer, and the road for the server; how much later late ones come, s
PATIENCE_S, SERVER_S, LATE_S = 1.0, 20.0, 0.05
LARGEST = 65536
OPENS = 30
API = "/api/v1"


@dataclass
class Cuts:
    """Which byte is next, for all roads: of (act, direction) the first one that was not cut at yet, from `first` on; each `step`th byte,
    then again from the next one. A shorter message between longer ones takes nothing from them."""

    step: int
    first: int = 0
    done: dict[tuple[str, str], set[int]] = field(default_factory=dict)
    longest: dict[tuple[str, str], int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _rng: Random = field(default_factory=lambda: Random("cuts"))

    def place(self, what: tuple[str, str], size: int) -> int:
        """Where to cut this message of `size` bytes: 0 up to all but the last."""
        with self._lock:
            done = self.done.setdefault(what, set())
            places = [at for begin in range(self.step) for at in range(begin, size, self.step)]
            turn = self.first % size
            at = next((at for at in places[turn:] + places[:turn] if at not in done), self._rng.randrange(size))
            done.add(at)
            self.longest[what] = max(self.longest.get(what, 0), size)
            return at


class Message:
    """Reads whole HTTP messages from a socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock, self._got = sock, b""

    def read(self) -> bytes | None:
        """The next one; None at the end, also in the middle of one. Raises OSError."""
        while (size := whole(self._got)) is None:
            part = self._sock.recv(LARGEST)
            if not part:
                return None
            self._got += part
        one, self._got = self._got[:size], self._got[size:]
        return one


def whole(got: bytes) -> int | None:
    """Bytes of the first message, None while some are missing."""
    end = got.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = got[:end].lower()
    at = head.find(b"content-length:")
    size = end + 4 + (int(head[at + 15:].split(b"\r\n", 1)[0]) if at >= 0 else 0)
    return size if len(got) >= size else None


class Road:
    """A listening socket for one person, and a thread for each of their connections."""

    def __init__(self, who: str, server: tuple[str, int], seed: int, cuts: Cuts) -> None:
        self._server, self._cuts = server, cuts
        self._rng = Random(f"{seed} road {who}")
        self.faults: Counter[str] = Counter()
        self._opens = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address: tuple[str, int] = self._listener.getsockname()
        self._threads: list[threading.Thread] = []
        self._begin(self._accept)

    def _begin(self, run: object, *args: object) -> None:
        self._threads = [one for one in self._threads if one.is_alive()]
        self._threads.append(threading.Thread(target=run, args=args, daemon=True))  # type: ignore[arg-type] # any callable
        self._threads[-1].start()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                self._begin(self._carry, self._listener.accept()[0])

    def settle(self) -> None:
        """Wait until all connections have ended and all that comes late has come."""
        for thread in self._threads[1:]:
            thread.join()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _carry(self, person: socket.socket) -> None:
        with person, suppress(OSError), socket.create_connection(self._server, SERVER_S) as server:
            for sock in (person, server):
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            asked, answered = Message(person), Message(server)
            while (request := asked.read()) is not None:
                if not self._exchange(person, server, request, answered):
                    return

    def _exchange(self, person: socket.socket, server: socket.socket, request: bytes, answered: Message) -> bool:
        """One request and its answer; whether the connection goes on."""
        act = act_of(request)
        fault = self._draw(act)
        if fault == "cut request":
            server.sendall(request[: self._cuts.place((act, "request"), len(request))])
            return False
        if fault in ("no request", "late request"):
            gone(person)
        if fault == "no request":
            return False
        if fault == "late request":
            time.sleep(self._rng.random() * LATE_S)
        server.sendall(request)
        reply = answered.read()
        if reply is None:
            return False
        if fault == "no reply":
            gone(person)
        if fault in ("no reply", "late request"):
            return False
        if fault == "late reply":
            time.sleep(LATE_S)
        if fault == "cut reply":
            reply = reply[: self._cuts.place((act, "reply"), len(reply))]
        person.sendall(reply)
        return fault != "cut reply"

    def _draw(self, act: str) -> str:
        """`open` comes once in a history: it is cut so often, by turns, that its bytes have their turn too."""
        if act == "open" and self._opens < OPENS:
            self._opens += 1
            fault = ("cut request", "cut reply")[self._opens % 2]
            self.faults[fault] += 1
            return fault
        at = self._rng.random()
        for name, share in FAULTS.items():
            at -= share
            if at < 0:
                self.faults[name] += 1
                return name
        return ""


def gone(person: socket.socket) -> None:
    """Wait until the person has closed their side."""
    while person.recv(LARGEST):
        pass


def act_of(request: bytes) -> str:
    return request.split(b" ", 2)[1].rpartition(b"/")[2].decode()


class FarDoor:
    """A person's HTTP client on their own road."""

    rest_s = 0.03

    def __init__(self, who: str, road: Road) -> None:
        self._who, self.road = who, road
        headers = kiosk_headers(who) if who.startswith("K") else officer_headers(who)
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._sock: socket.socket | None = None
        self._answers: Message | None = None

    def press(self, kind: str, service: str, key: str, odd: bool = False) -> Reply:
        try:
            raw = self._ask(self._request(kind, service, key, odd))
        except OSError as problem:
            self.close()
            raise Unanswered from problem
        if raw is None or raw[9:12] == b"503":
            self.close()
            raise Unanswered
        head, _, body = raw.partition(b"\r\n\r\n")
        return Reply(int(head[9:12]), json.loads(body) if body else {}, b"idempotent-replayed: true" in head.lower())

    def _ask(self, request: bytes) -> bytes | None:
        if self._sock is None or self._answers is None:
            self._sock = socket.create_connection(self.road.address, PATIENCE_S)
            self._answers = Message(self._sock)
        self._sock.sendall(request)
        return self._answers.read()

    def _request(self, kind: str, service: str, key: str, odd: bool) -> bytes:
        wishes: dict[str, dict[str, Any]] = {
            "issue": {"service": service, **({"language": "en"} if odd else {})},
            "open": {} if odd else {"services": [service]},
            "next": {"other": 1} if odd else {},
        }
        wish = wishes.get(kind, {"next": (kind == "finish_next") is not odd})
        path = "/tickets" if kind == "issue" else f"/counters/{self._who}/{kind.partition('_')[0]}"
        body = json.dumps(wish)
        return (
            f"POST {API}{path} HTTP/1.1\r\nHost: hall\r\nContent-Type: application/json\r\n{self._headers}"
            f"Idempotency-Key: {key}\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()

    def close(self) -> None:
        if self._sock is not None:
            self._sock.close()
            self._sock = None
