"""A printer behind a device file; the device is a real pty, whose other end is the virtual printer or nobody.

Planted, each seen red: the device written to by this process (the stalled write never ends); a child that is waited
for after the kill without a limit; a word of the child taken for good that says an error.
"""

from __future__ import annotations

import os
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from printers import talk
from printers.drivers import driver_for
from printers.errors import PrinterBroke, PrinterStalled, PrinterUnreachable, TransportUnknown
from printers.links import file as file_link
from printers.links.file import FileDriver
from printers.status import Answers
from printers.virtual.serial_port import SerialPort
from tests.printers.test_serial import behave, port, slips  # noqa: F401 - `port` is a fixture
from tests.printers.test_talk import ALL, NAMES, TICKET
from tests.serve.servers import children_of, command_of
from tests.waiting import wait_for


@pytest.fixture
def deaf() -> Iterator[tuple[int, str]]:
    """A device that takes a few thousand bytes and then none: its other end, its path."""
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    yield ours, os.ttyname(theirs)
    os.close(ours)
    os.close(theirs)


def no_child_left() -> bool:
    mine = (pid for pid in children_of(os.getpid()) if "printers.links.file_child" in command_of(pid))
    return not any(mine)


def test_a_slip_is_confirmed_through_the_device(port: SerialPort) -> None:  # noqa: F811
    way = FileDriver(str(port.path))
    assert set(talk.probe(way).as_list()) == NAMES
    assert talk.put(way, ALL, "7", TICKET)[0] == "confirmed"
    assert slips(port) == ["A-001"]
    behave(port, "cover_open")
    assert talk.look(way, ALL).state == "cover_open"


def test_a_device_that_takes_no_more_hangs_its_child_only(deaf: tuple[int, str]) -> None:
    with pytest.raises(PrinterStalled) as caught:
        talk.put(FileDriver(deaf[1], write_timeout_s=0.3), Answers(), "7", b"A" * 200_000)
    assert caught.value.began
    wait_for(no_child_left, 20)


def test_a_device_that_goes_away_has_begun(port: SerialPort) -> None:  # noqa: F811
    behave(port, "reset_after", 200)
    with pytest.raises(PrinterBroke) as caught:
        talk.put(FileDriver(str(port.path), write_timeout_s=5), Answers(completion=True), "7", TICKET * 40)
    assert caught.value.began
    behave(port, "ok")
    wait_for(port.path.exists, 20)
    assert talk.put(FileDriver(str(port.path)), ALL, "8", TICKET)[0] == "confirmed"


@pytest.mark.parametrize(("name", "sentence"), [("none", "tidak ada"), ("plain", "bukan perangkat")])
def test_what_is_no_device_is_said(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / "plain").touch()
    with pytest.raises(PrinterUnreachable, match=sentence):
        FileDriver(str(tmp_path / name)).open()


def test_a_device_that_cannot_be_opened_is_said() -> None:
    with pytest.raises(PrinterUnreachable, match="perangkat hilang atau rusak"):
        FileDriver("/dev/tty").open()  # this process has no terminal of its own in the suite
    wait_for(no_child_left, 20)


def test_an_unusable_path_is_one_sentence() -> None:
    for transport in ({"kind": "file"}, {"kind": "file", "device": "/etc/passwd"}):
        with pytest.raises(TransportUnknown, match=r"^[A-Z].*\.$"):
            driver_for(transport)
