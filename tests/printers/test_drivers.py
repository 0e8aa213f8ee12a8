"""The network driver over real TCP sockets."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from printers.drivers import driver_for
from printers.errors import PrinterBroke, PrinterStalled, PrinterUnreachable, TransportUnknown
from printers.links.network import NetworkDriver, unacknowledged
from printers.status import Answers
from printers.talk import look, put

LARGE = b"A" * 20_000_000  # more than the socket buffers of both sides


def driver(port: int, **changes: float) -> NetworkDriver:
    return NetworkDriver("127.0.0.1", port, **{"connect_timeout_s": 2.0, "write_timeout_s": 5.0, **changes})


def send(way: NetworkDriver, data: bytes, starting: Callable[[], object] = lambda: None) -> None:
    """One slip to a printer that cannot answer."""
    assert put(way, Answers(), "1", data, lambda: starting() and None)[0] == "assumed"


@contextmanager
def listening(backlog: int = 1, receive_bytes: int = 0) -> Iterator[socket.socket]:
    with socket.socket() as door:
        if receive_bytes:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        door.bind(("127.0.0.1", 0))
        door.listen(backlog)
        yield door


@contextmanager
def answering(door: socket.socket, act) -> Iterator[None]:
    """Run `act(connection)` in a thread for the first connection; joined at the end."""

    def serve() -> None:
        link, _ = door.accept()
        with link:
            act(link)

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    thread.join(20)
    assert not thread.is_alive()


def taken_without_reading() -> int:
    """Bytes that this kernel acknowledges for a reader that never reads; each kernel has its own measure."""
    done = threading.Event()
    with listening(receive_bytes=4096) as door, answering(door, lambda link: done.wait(20)):
        with socket.create_connection(door.getsockname()) as link:
            link.setblocking(False)
            sent = 0
            while select.select([], [link], [], 0.3)[1]:
                sent += link.send(LARGE)
            left = unacknowledged(link)
        done.set()
    assert left > 40_000  # enough that a slip in between is written whole and not taken whole
    return sent - left


def read_all(link: socket.socket) -> bytes:
    data = b""
    while chunk := link.recv(65536):
        data += chunk
    return data


def test_every_byte_arrives_although_the_printer_talks_meanwhile() -> None:
    """A reset makes many printers throw away what they have not yet printed.

    Planted: close without reading what the printer said -> red (the link ends with a reset).
    """
    got: list[bytes] = []
    errors: list[int] = []
    said, closed = threading.Event(), threading.Event()

    def act(link: socket.socket) -> None:
        link.sendall(b"\x12" * 100)  # unasked status bytes
        said.set()
        assert closed.wait(20)
        errors.append(link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        got.append(read_all(link))

    with listening() as door, answering(door, act):
        send(driver(door.getsockname()[1], close_wait_s=0.05), b"ticket" * 100, lambda: bool(said.wait(20)))
        closed.set()
    assert (got, errors) == ([b"ticket" * 100], [0])


def test_starting_is_called_once_before_the_first_byte() -> None:
    marks: list[str] = []
    with listening() as door, answering(door, lambda link: marks.append(read_all(link).decode())):
        send(driver(door.getsockname()[1]), b"ticket", lambda: marks.append("started"))
    assert marks == ["started", "ticket"]


def test_a_printer_that_never_closes_is_left_after_a_moment() -> None:
    left = threading.Event()

    def act(link: socket.socket) -> None:
        assert read_all(link) == b"ticket"
        assert left.wait(20)

    with listening() as door, answering(door, act):
        send(driver(door.getsockname()[1], close_wait_s=0.05), b"ticket")
        left.set()


def test_refused_has_not_begun(dead_port: int) -> None:
    marks: list[str] = []
    with pytest.raises(PrinterUnreachable, match="ditolak") as caught:
        send(driver(dead_port), b"ticket", lambda: marks.append("started"))
    assert not caught.value.began and marks == []
    with pytest.raises(PrinterUnreachable):
        look(driver(dead_port), Answers())


def test_no_answer_to_the_connection_has_not_begun() -> None:
    """A door whose queue is full drops SYNs, as a printer that is switched off does."""
    with listening(backlog=0) as door:
        port = door.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(("127.0.0.1", port))
        with pytest.raises(PrinterUnreachable, match="tidak ada jawaban") as caught:
            send(driver(port, connect_timeout_s=0.2), b"ticket")
        for each in waiting:
            each.close()
    assert not caught.value.began


def test_unknown_name_has_not_begun() -> None:
    with pytest.raises(PrinterUnreachable, match="alamat"):
        send(NetworkDriver("a" * 70 + ".invalid", 9100), b"ticket")


def test_a_printer_that_stops_reading_has_begun() -> None:
    """Planted: no write timeout -> the test never ends."""
    done = threading.Event()
    with listening(receive_bytes=4096) as door, answering(door, lambda link: done.wait(20)):
        with pytest.raises(PrinterStalled, match="berhenti menerima") as caught:
            send(driver(door.getsockname()[1], write_timeout_s=0.3), LARGE)
        done.set()
    assert caught.value.began


def test_a_stall_that_leaves_bytes_unacknowledged_has_begun() -> None:
    """Our buffer took everything, theirs did not: a finished write() proves nothing.

    Planted: returning after shutdown without looking at SIOCOUTQ -> red.
    """
    slip = b"A" * (taken_without_reading() + 20_000)
    done = threading.Event()
    with listening(receive_bytes=4096) as door, answering(door, lambda link: done.wait(20)):
        with pytest.raises(PrinterStalled) as caught:
            send(driver(door.getsockname()[1], write_timeout_s=0.3, close_wait_s=0.05), slip)
        done.set()
    assert caught.value.began


def test_a_stall_is_seen_however_late_we_look(monkeypatch) -> None:
    """Planted: giving up at the deadline without a last look at SIOCOUTQ -> red."""
    slip = b"A" * (taken_without_reading() + 20_000)
    hours = iter(range(0, 3600 * 100, 3600))
    monkeypatch.setattr("printers.links.network.time.monotonic", lambda: float(next(hours)))
    done = threading.Event()
    with listening(receive_bytes=4096) as door, answering(door, lambda link: done.wait(20)):
        with pytest.raises(PrinterStalled):
            send(driver(door.getsockname()[1]), slip)
        done.set()


@pytest.mark.parametrize("count", [1, 1000])
def test_a_reset_in_the_middle_has_begun(virtual, count: int) -> None:
    virtual.behave("reset_after", count)
    with pytest.raises(PrinterBroke, match="terputus") as caught:
        send(driver(virtual.port), LARGE)
    assert caught.value.began


def test_a_slow_reader_within_the_timeout_gets_all() -> None:
    got: list[int] = []

    def act(link: socket.socket) -> None:
        got.append(sum(len(chunk) for chunk in iter(lambda: link.recv(2048), b"")))

    with listening(receive_bytes=4096) as door, answering(door, act):
        send(driver(door.getsockname()[1], write_timeout_s=20), b"A" * 300_000)
    assert got == [300_000]


def test_a_flood_of_status_bytes_ends() -> None:
    def act(link: socket.socket) -> None:
        assert link.recv(100) == b"ticket"
        try:
            for _ in range(2500):
                link.sendall(b"\x1e" * 4096)
        except OSError:
            return

    with listening() as door, answering(door, act):
        send(driver(door.getsockname()[1], write_timeout_s=0.3, close_wait_s=0.1), b"ticket")


def test_what_starting_raises_passes_with_nothing_sent() -> None:
    got: list[bytes] = []

    def refuse() -> None:
        raise RuntimeError("no mark")

    with listening() as door, answering(door, lambda link: got.append(read_all(link))):
        with pytest.raises(RuntimeError):
            send(driver(door.getsockname()[1]), b"ticket", refuse)
    assert got == [b""]


@pytest.mark.parametrize(
    "transport",
    [
        {}, {"kind": "usb"}, {"kind": "network"}, {"kind": "network", "host": ""},
        {"kind": "network", "host": "p", "port": 0}, {"kind": "network", "host": "p", "port": "x"},
        {"kind": "network", "host": "p", "write_timeout_s": 0},
        {"kind": "network", "host": "p", "connect_timeout_s": float("nan")},
    ],
)  # fmt: skip
def test_an_unusable_transport_is_one_sentence(transport: dict[str, object]) -> None:
    with pytest.raises(TransportUnknown, match=r"^[A-Z].*\.$"):
        driver_for(transport)
