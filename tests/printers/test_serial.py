"""A printer on a real pseudo-terminal. It has no modem lines and never holds bytes back after a write: flow by RTS/CTS
or DSR/DTR, and a line that never drains, are on the acceptance sheet (docs/printers.md).

Planted, each seen red: no write timeout (never ends); a port that is not given back after a fault.
"""

from __future__ import annotations

import os
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from printers import talk
from printers.drivers import driver_for
from printers.errors import PrinterBroke, PrinterError, PrinterStalled, PrinterUnreachable, TransportUnknown
from printers.links.serial import SerialDriver
from printers.status import Answers
from printers.virtual.machine import Behaviour, Machine, Mode
from printers.virtual.serial_port import SerialPort
from tests.printers.conftest import WatchedStore
from tests.printers.test_talk import ALL, NAMES, TICKET
from tests.waiting import wait_for


@pytest.fixture
def port(tmp_path: Path) -> Iterator[SerialPort]:
    port = SerialPort(Machine(80, WatchedStore()), tmp_path / "printer")
    port.start()
    yield port
    port.close()


def behave(port: SerialPort, mode: str, count: int = 0, **more) -> None:
    behaviour = Behaviour(Mode(mode), count, **more)
    port._machine.behave(behaviour)
    wait_for(lambda: port._behaviour is behaviour, 20)


def way(port: SerialPort, **changes) -> SerialDriver:
    return SerialDriver(str(port.path), flow="none", **changes)


def slips(port: SerialPort) -> list[str | None]:
    return [each.number for each in port._machine._store.newest_first()][::-1]


def test_a_slip_is_confirmed_over_the_line(port: SerialPort) -> None:
    assert set(talk.probe(way(port)).as_list()) == NAMES
    outcome, status = talk.put(way(port), ALL, "7", TICKET)
    assert (outcome, status.state) == ("confirmed", "ready")
    assert slips(port) == ["A-001"]
    behave(port, "paper_out")
    assert talk.look(way(port), ALL).state == "paper_out"


def test_a_line_that_does_not_answer_is_unknown_never_plenty(port: SerialPort) -> None:
    behave(port, "ok", answers=frozenset())
    assert talk.probe(way(port)) == Answers()
    outcome, status = talk.put(way(port), Answers(), "7", TICKET)
    assert (outcome, status.state) == ("assumed", "unknown")
    wait_for(lambda: slips(port) == ["A-001"], 20)


def test_a_printer_that_stops_reading_has_begun(port: SerialPort) -> None:
    behave(port, "stall", 10)
    with pytest.raises(PrinterStalled) as caught:
        talk.put(way(port, write_timeout_s=0.3), Answers(), "7", b"A" * 200_000)
    assert caught.value.began
    behave(port, "ok")


def test_a_plug_that_is_pulled_and_put_back(port: SerialPort) -> None:
    behave(port, "reset_after", 200)
    with pytest.raises(PrinterError) as caught:
        talk.put(way(port), Answers(completion=True), "7", TICKET)
    assert isinstance(caught.value, PrinterBroke) and caught.value.began
    with pytest.raises(PrinterUnreachable, match="tidak ada"):
        talk.look(way(port), ALL)
    behave(port, "ok")
    wait_for(port.path.exists, 20)
    assert talk.put(way(port), ALL, "8", TICKET)[0] == "confirmed"


def test_one_program_at_a_time(port: SerialPort) -> None:
    link = way(port).open()
    with pytest.raises(PrinterUnreachable, match="dipakai program lain"):
        way(port).open()
    link.close()
    way(port).open().close()


def test_no_such_device(tmp_path: Path) -> None:
    with pytest.raises(PrinterUnreachable, match="tidak ada") as caught:
        SerialDriver(str(tmp_path / "none")).open()
    assert not caught.value.began
    (tmp_path / "file").touch()
    with pytest.raises(PrinterUnreachable, match="tidak dapat dibuka"):
        SerialDriver(str(tmp_path / "file")).open()


def test_settings_reach_the_line() -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    try:
        link = SerialDriver(os.ttyname(theirs), 9600, "even", "xonxoff").open()
        assert (link._port.baudrate, link._port.parity, link._port.xonxoff) == (9600, "E", True)
        link.close()
    finally:
        os.close(ours)
        os.close(theirs)


@pytest.mark.parametrize(
    "transport",
    [
        {"kind": "serial"}, {"kind": "serial", "device": "/etc/passwd"},
        {"kind": "serial", "device": "/dev/ttyS0", "baud": 1}, {"kind": "serial", "device": "/dev/ttyS0", "parity": "x"},
        {"kind": "serial", "device": "/dev/ttyS0", "flow": "x"}, {"kind": "serial", "device": "/dev/ttyS0", "baud": "x"},
    ],
)  # fmt: skip
def test_an_unusable_line_is_one_sentence(transport: dict[str, object]) -> None:
    with pytest.raises(TransportUnknown, match=r"^[A-Z].*\.$"):
        driver_for(transport)
