"""Bodies, connections and log lines have bounds; what a real server does with them is tried by `mpp prove security`.

Planted, each seen red: a cut-off body taken for whole; a malformed chunk let through as gunicorn's own error; patience
that grows with each byte; an address's connections never counted down; the line of a broken request logged as it is;
refusals never forgiven.
"""

from __future__ import annotations

import errno
import logging
import socket
from contextlib import AbstractContextManager, nullcontext
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import InvalidChunkSize
from gunicorn.http.message import Request
from gunicorn.http.unreader import IterUnreader

from server.concurrency import connections, reluctance, unreadable
from server.concurrency.connections import LATE_S, PER_ADDRESS, SLOWEST_B_PER_S, Arriving, Guests
from server.concurrency.eventlet_worker import SEND_BUFFER_BYTES, _green_listener
from server.concurrency.reluctance import Reluctance
from server.concurrency.unreadable import Unreadable


class Reader:
    """Gives these pieces one after the other; a piece may be an error."""

    def __init__(self, *pieces: bytes | Exception) -> None:
        self._pieces = list(pieces)

    def read(self, size: int) -> bytes:
        piece = self._pieces.pop(0) if self._pieces else b""
        if isinstance(piece, Exception):
            raise piece
        return piece


def at_once(seconds: float, error: BaseException) -> AbstractContextManager[None]:
    return nullcontext()


def test_a_whole_body_comes_as_it_is() -> None:
    body = Arriving(Reader(b"abc", b"de"), 5, at_once)
    assert [body.read(10), body.read(10), body.read(10)] == [b"abc", b"de", b""]
    assert Arriving(Reader(b"chunked"), None, at_once).read(10) == b"chunked"


@pytest.mark.parametrize("pieces", [(b"abc",), ()])
def test_a_body_that_was_cut_off_is_not_taken_for_whole(pieces: tuple[bytes, ...]) -> None:
    body = Arriving(Reader(*pieces), 5, at_once)
    for _ in pieces:
        body.read(10)
    with pytest.raises(ConnectionError, match="cut off") as broken:
        body.read(10)
    assert broken.value.errno == errno.ECONNRESET, "another one is an error of ours to gunicorn, with its traceback in the log"


def test_a_malformed_body_is_the_client_s_error() -> None:
    with pytest.raises(ConnectionError, match="malformed") as broken:
        Arriving(Reader(InvalidChunkSize(b"0x0")), None, at_once).read(10)
    assert broken.value.errno == errno.ECONNRESET


def test_patience_is_used_up_by_dripping_and_comes_back_with_a_good_rate(monkeypatch: pytest.MonkeyPatch) -> None:
    times, given = [0.0], []
    monkeypatch.setattr(connections.time, "monotonic", lambda: times[0])

    def within(seconds: float, error: BaseException) -> AbstractContextManager[None]:
        assert isinstance(error, TimeoutError)
        given.append(seconds)
        times[0] += 6.0 if len(given) <= 3 else 0.001
        return nullcontext()

    body = Arriving(Reader(b"a", b"b", b"c", bytes(100_000), b"d"), None, within)
    for _ in range(5):
        body.read(1)
    one = 1 / SLOWEST_B_PER_S
    assert given[:4] == pytest.approx([LATE_S + one, LATE_S - 6 + 2 * one, LATE_S - 12 + 3 * one, one], abs=0.001)
    assert given[4] == pytest.approx(10.0, abs=0.01), "100,000 bytes at once earn ten seconds"


def test_the_kernel_holds_little_of_what_a_slow_client_has_not_taken() -> None:
    """Planted: without the option the accepted socket has the system's own, larger buffer -> red."""
    with socket.socket() as listener, socket.socket() as client:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        assert _green_listener(lambda sock: sock, SimpleNamespace(sock=listener)) is listener
        client.connect(listener.getsockname())
        taken, _ = listener.accept()
        with taken:
            assert taken.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * SEND_BUFFER_BYTES


def test_one_address_has_its_share_and_a_proxy_of_this_computer_more() -> None:
    guests = Guests()
    assert all(guests.come("10.0.0.9") for _ in range(PER_ADDRESS))
    assert not guests.come("10.0.0.9") and guests.come("10.0.0.8")
    guests.go("10.0.0.9")
    assert guests.come("10.0.0.9")
    assert all(guests.come("127.0.0.1") for _ in range(PER_ADDRESS + 1))


def test_a_request_that_cannot_be_read_is_counted_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr(unreadable.time, "monotonic", lambda: now[0])
    told: list[str] = []
    log = logging.Logger("gunicorn.error")
    log.addFilter(Unreadable())
    handler = logging.Handler()
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    log.addHandler(handler)
    for _ in range(3):
        log.warning("Invalid request from ip=10.0.0.9: Invalid HTTP request line: 'GET /display/TV1/simple?key=SECRET x'")
    now[0] += 61
    log.warning("Invalid request from ip=10.0.0.9: SECRET")
    log.error("Error handling request %s %s", "GET", "/t/SECRET")
    log.warning("something else")
    assert told == [
        "requests that cannot be read, the last from 10.0.0.9: 1", "requests that cannot be read, the last from 10.0.0.9: 3",
        "Error handling request", "something else",
    ]


def test_more_requests_of_one_connection_are_seen() -> None:
    unreader = IterUnreader([b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" + b"GET /next"])
    request = Request(Config(), unreader, ("10.0.0.9", 1))
    assert connections.has_more(request)
    assert not connections.has_more(Request(Config(), IterUnreader([b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"]), ("10.0.0.9", 1)))


def test_who_is_refused_again_and_again_waits_ever_longer_and_is_forgiven(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(reluctance.time, "monotonic", lambda: now[0])
    slow = Reluctance()
    waits = [slow.wait_s("10.0.0.9") for _ in range(200)]
    assert waits[:20] == [0.0] * 20 and waits[20:23] == pytest.approx([0.05, 0.1, 0.15]) and waits[-1] == 5.0
    assert slow.wait_s("10.0.0.8") == 0.0 and [slow.wait_s("127.0.0.1") for _ in range(99)] == [0.0] * 99
    now[0] += 60
    assert slow.wait_s("10.0.0.9") == 0.0
    for n in range(2 * reluctance.MOST):
        slow.wait_s(f"10.1.{n // 256}.{n % 256}")
    assert len(slow._of) <= reluctance.MOST
