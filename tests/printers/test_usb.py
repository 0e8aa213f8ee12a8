"""A printer on USB: the real pyusb on a bus in software (usb_bus.py), the virtual printer behind it.

Planted, each seen red: a short transfer taken for a whole slip; the kernel's driver left in place; an interface that is
not given back; any printer taken when several are alike; a slip in more than one transfer.
"""

from __future__ import annotations

import pytest
import usb.core

from printers import talk
from printers.drivers import driver_for
from printers.errors import PrinterBroke, PrinterStalled, PrinterUnreachable, TransportUnknown
from printers.links import usb as usb_link
from printers.links.usb import UsbDriver
from printers.status import Answers
from tests.printers.test_talk import ALL, NAMES, TICKET
from tests.printers.usb_bus import Bus, Plugged

WAY = UsbDriver(0x04B8, 0x0202, write_timeout_s=0.3)


@pytest.fixture
def plugged() -> Plugged:
    return Plugged()


@pytest.fixture
def bus(plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> Bus:
    bus = Bus(plugged)
    monkeypatch.setattr(usb_link, "backend", lambda: bus)
    return bus


def test_a_slip_is_confirmed_in_one_transfer(bus: Bus, plugged: Plugged) -> None:
    assert set(talk.probe(WAY).as_list()) == NAMES
    bus.transfers.clear()
    outcome, status = talk.put(WAY, ALL, "7", TICKET)
    assert (outcome, status.state, plugged.slips()) == ("confirmed", "ready", ["A-001"])
    assert [size for size in bus.transfers if size > 3] == [len(TICKET) + 11 + 3]
    plugged.behave("paper_out")
    assert talk.look(WAY, ALL).state == "paper_out"
    assert not plugged.claimed and not plugged.bound


def test_a_printer_that_only_takes_is_assumed(bus: Bus, plugged: Plugged) -> None:
    plugged.two_way = False
    assert talk.probe(WAY) == Answers()
    assert talk.put(WAY, Answers(), "7", TICKET)[0] == "assumed"
    assert plugged.slips() == ["A-001"]


@pytest.mark.parametrize("count", [0, 1, 200])
def test_a_printer_that_stops_taking_has_begun(bus: Bus, plugged: Plugged, count: int) -> None:
    plugged.behave("stall", count)
    with pytest.raises(PrinterStalled) as caught:
        talk.put(WAY, Answers(), "7", TICKET)
    assert caught.value.began and not plugged.claimed


def test_a_plug_pulled_in_a_slip_and_put_back(bus: Bus, plugged: Plugged) -> None:
    plugged.behave("reset_after", 200)
    with pytest.raises(PrinterBroke, match="perangkat hilang") as caught:
        talk.put(WAY, Answers(completion=True), "7", TICKET)
    assert caught.value.began
    with pytest.raises(PrinterUnreachable, match="04b8:0202: tidak terpasang"):
        talk.look(WAY, ALL)
    plugged.there, plugged.configured = True, 0
    plugged.behave("ok")
    assert talk.put(WAY, ALL, "8", TICKET)[0] == "confirmed"


def test_two_alike_are_told_apart_by_their_number(bus: Bus, plugged: Plugged) -> None:
    other = Plugged(serial="B2")
    bus.printers.append(other)
    with pytest.raises(PrinterUnreachable, match="lebih dari satu"):
        WAY.open()
    assert talk.put(UsbDriver(0x04B8, 0x0202, "B2"), ALL, "7", TICKET)[0] == "confirmed"
    assert (plugged.slips(), other.slips()) == ([], ["A-001"])
    with pytest.raises(PrinterUnreachable, match="nomor serinya lain"):
        UsbDriver(0x04B8, 0x0202, "C3").open()


def test_what_stands_in_the_way_is_said(bus: Bus, plugged: Plugged, monkeypatch: pytest.MonkeyPatch) -> None:
    link = WAY.open()
    with pytest.raises(PrinterUnreachable, match="dipakai program lain"):
        WAY.open()
    link.close()
    plugged.allowed = False
    for way in (WAY, UsbDriver(0x04B8, 0x0202, "A1")):
        with pytest.raises(PrinterUnreachable, match="tidak boleh dibuka oleh pengguna ini"):
            way.open()
    plugged.allowed, plugged.class_ = True, 3
    with pytest.raises(PrinterUnreachable, match="bukan pencetak"):
        WAY.open()

    def none() -> None:
        raise usb.core.NoBackendError("none")

    monkeypatch.setattr(usb_link, "backend", none)
    with pytest.raises(PrinterUnreachable, match="pustaka libusb tidak ada") as caught:
        WAY.open()
    assert not caught.value.began


def test_the_projects_own_libusb_is_there() -> None:
    """On this computer's real bus no such printer is plugged in; libusb has looked."""
    with pytest.raises(PrinterUnreachable, match="tidak terpasang|tidak boleh"):
        UsbDriver(0xFFFE, 0x0001).open()


def test_an_unusable_address_is_one_sentence() -> None:
    for facts in ({}, {"vendor": "04b8"}, {"vendor": "zz", "product": "1"}, {"vendor": "10000", "product": "1"}):
        with pytest.raises(TransportUnknown, match=r"^[A-Z].*\.$"):
            driver_for({"kind": "usb", **facts})
    assert driver_for({"kind": "usb", "vendor": "04b8", "product": "0202", "serial": None}) == UsbDriver(0x04B8, 0x0202)
