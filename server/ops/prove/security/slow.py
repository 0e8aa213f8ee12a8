"""Clients that begin and never end: heads, bodies and readers, many at a time, while an officer goes on working."""

from __future__ import annotations

import select
import socket
import time
from collections import Counter
from collections.abc import Sequence

from server.ops.prove.security.asking import TIMEOUT_S, Address, raw
from server.ops.prove.security.stage import Hall

#: another address of this computer, for which there is a bound of connections
STRANGER = "127.0.0.2"
#: a reader asks for more than any buffer takes in
ANSWERS = 60
#: connections that one address may have, by the promise
PER_ADDRESS = 500
_HEAD = b"POST /api/v1/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
#: kind -> (what is sent, seconds after which the server must have ended it: 15 or 30 by its own rules, and some to do it)
KINDS = {
    "head": (_HEAD, 25.0),
    "body": (_HEAD + b"Content-Length: 5000\r\n\r\n{", 25.0),
    "chunks": (_HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", 25.0),
    "reader": (b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * ANSWERS, 45.0),
}
SHORT_KINDS = ("head", "body", "chunks")


class Siege:
    """Connections that stall: open them, let others work meanwhile, and see that the server ends them."""

    def __init__(self, address: Address, kinds: Sequence[str], each: int) -> None:
        self._kinds, self._address = kinds, address
        self._socks = [(kind, _stalling(address, kind)) for kind in kinds for _ in range(each)]
        self._opened_s = time.monotonic()

    def __len__(self) -> int:
        return len(self._socks)

    def left(self) -> Counter[str]:
        """Wait for the server to end them; how many of each kind it has not ended in time."""
        waiting = {sock.fileno(): (kind, sock) for kind, sock in self._socks if kind != "reader"}
        poll = select.poll()
        for number in waiting:
            poll.register(number, select.POLLIN)
        ends_s = self._opened_s + max(KINDS[kind][1] for kind in self._kinds)
        while waiting or ("reader" in self._kinds and time.monotonic() < ends_s):
            ready = poll.poll(max(0.0, ends_s - time.monotonic()) * 1000)
            for number, _ in ready:
                if _ended(waiting[number][1]):
                    poll.unregister(number)
                    del waiting[number]
            if not ready and time.monotonic() >= ends_s:
                break
        whole = ANSWERS * _size(self._address)
        readers = Counter("reader" for kind, sock in self._socks if kind == "reader" and _rest(sock) >= whole)
        return readers + Counter(kind for kind, _ in waiting.values())

    def close(self) -> None:
        for _, sock in self._socks:
            sock.close()


def _stalling(address: Address, kind: str) -> socket.socket:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    sock.settimeout(TIMEOUT_S)
    sock.connect(address)
    sock.sendall(KINDS[kind][0])
    return sock


def _ended(sock: socket.socket) -> bool:
    """Whether what can be read is the end."""
    try:
        return not sock.recv(65536)
    except OSError:
        return True


def _rest(sock: socket.socket) -> int:
    """Bytes that are still to be had: of a reader that was given up only what the buffers hold."""
    got = 0
    try:
        while part := sock.recv(1 << 20):
            got += len(part)
    except OSError:
        pass
    return got


def _size(address: Address) -> int:
    """Bytes of one whole answer to a reader."""
    return len(raw(address, KINDS["reader"][0][: len(KINDS["reader"][0]) // ANSWERS], 3.0))


def judge(hall: Hall, siege: Siege) -> None:
    """The server has ended every one of them by itself."""
    hall.count("stalled connections ended", len(siege))
    for kind, count in siege.left().items():
        hall.expect(False, f"slow: {count} stalled connections ({kind}) were never ended")


def full(hall: Hall, more: int = 20) -> None:
    """One address takes all connections it can get: it gets its share, and others are still answered."""
    socks: list[socket.socket] = []
    try:
        for _ in range(PER_ADDRESS + more):
            socks.append(socket.create_connection(hall.address, TIMEOUT_S, source_address=(STRANGER, 0)))
        refused = _closed(socks, more)
        hall.expect(refused >= more, f"slow: {len(socks) - refused} connections of one address were let in")
        hall.expect(hall.ask("GET", "/me").status == 401, "slow: no answer beside an address that takes all it can get")
        hall.count("connections of one address turned away", refused)
    except OSError as problem:
        hall.broken.append(f"slow: the server could not be reached any more ({problem})")
    finally:
        for sock in socks:
            sock.close()


def _closed(socks: Sequence[socket.socket], wanted: int) -> int:
    """How many of them the server ends, waiting a while for as many as are wanted."""
    poll, ended = select.poll(), 0
    known = {sock.fileno(): sock for sock in socks}
    for sock in socks:
        poll.register(sock, select.POLLIN)
    ends_s = time.monotonic() + 5.0
    while ended < wanted and (left_s := ends_s - time.monotonic()) > 0:
        for number, _ in poll.poll(left_s * 1000):
            if _ended(known[number]):
                ended += 1
                poll.unregister(number)
    return ended
