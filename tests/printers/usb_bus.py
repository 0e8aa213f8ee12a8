"""A USB bus in software: a real backend of pyusb (usb.backend.IBackend) with virtual printers plugged in.

All of pyusb above it is the real one: descriptors, configurations, claims, time limits and its errors. What a bus and a
kernel do besides is on the acceptance sheet (docs/printers.md).
"""

from __future__ import annotations

import array
import threading
import time
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from printers.virtual.machine import Behaviour, Machine, Mode
from tests.printers.conftest import WatchedStore

OUT, BACK = 0x01, 0x82
_POLL_S = 0.005


class Plugged:
    """One printer on the bus: `class_` 7 is a printer, `bound` taken by the kernel, `allowed` may be opened."""

    def __init__(self, serial: str = "A1", class_: int = 7, bound: bool = True, two_way: bool = True) -> None:
        self.machine = Machine(80, WatchedStore())
        self.serial, self.class_, self.bound, self.two_way = serial, class_, bound, two_way
        self.allowed, self.there, self.configured, self.claimed = True, True, 0, False
        self.taken = 0

    def behave(self, mode: str, count: int = 0, **more: Any) -> None:
        self.taken = 0
        self.machine.behave(Behaviour(Mode(mode), count, **more))

    def slips(self) -> list[str | None]:
        return [each.number for each in self.machine._store.newest_first()][::-1]

    def room(self) -> int:
        behaviour = self.machine.behaviour
        if behaviour.mode in (Mode.STALL, Mode.RESET_AFTER):
            return max(0, behaviour.bytes - self.taken)
        return self.machine.room()


class Bus(usb.backend.IBackend):
    """Vendor 04b8, product 0202, for every printer."""

    def __init__(self, *printers: Plugged) -> None:
        self.printers = list(printers)
        self.transfers: list[int] = []

    def enumerate_devices(self) -> list[Plugged]:
        return [each for each in self.printers if each.there]

    def get_parent(self, dev: Plugged) -> None:
        return None

    def get_device_descriptor(self, dev: Plugged) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x200, bDeviceClass=0, bDeviceSubClass=0, bDeviceProtocol=0,
            bMaxPacketSize0=64, idVendor=0x04B8, idProduct=0x0202, bcdDevice=0x100, iManufacturer=0, iProduct=0,
            iSerialNumber=1, bNumConfigurations=1, address=1, bus=1, port_number=1, port_numbers=(1,), speed=2,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Plugged, config: int) -> SimpleNamespace:
        if config:
            raise IndexError(config)
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1, bConfigurationValue=1, iConfiguration=0,
            bmAttributes=0xC0, bMaxPower=1, extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Plugged, intf: int, alt: int, config: int) -> SimpleNamespace:
        if intf or alt:
            raise IndexError(intf)
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0, bNumEndpoints=1 + dev.two_way,
            bInterfaceClass=dev.class_, bInterfaceSubClass=1, bInterfaceProtocol=2, iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Plugged, ep: int, intf: int, alt: int, config: int) -> SimpleNamespace:
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(OUT, BACK)[ep], bmAttributes=2, wMaxPacketSize=64, bInterval=0,
            bRefresh=0, bSynchAddress=0, extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Plugged) -> Plugged:
        self._there(dev)
        if not dev.allowed:
            raise usb.core.USBError("Access denied", -3, 13)
        return dev

    def close_device(self, dev: Plugged) -> None:
        """Nothing is kept for a handle."""

    def get_configuration(self, dev: Plugged) -> int:
        return dev.configured

    def set_configuration(self, dev: Plugged, value: int) -> None:
        dev.configured = value

    def is_kernel_driver_active(self, dev: Plugged, intf: int) -> bool:
        return dev.bound

    def detach_kernel_driver(self, dev: Plugged, intf: int) -> None:
        dev.bound = False

    def claim_interface(self, dev: Plugged, intf: int) -> None:
        self._there(dev)
        if dev.bound or dev.claimed:
            raise usb.core.USBError("Resource busy", -6, 16)
        dev.claimed = True
        dev.machine.connection_began()

    def release_interface(self, dev: Plugged, intf: int) -> None:
        dev.claimed = False
        dev.machine.connection_ended()

    def ctrl_transfer(
        self, dev: Plugged, type_: int, request: int, value: int, index: int, data: array.array, timeout: int
    ) -> int:
        """Only the strings: the languages (number 0) and the serial number."""
        self._there(dev)
        text = "\u0409" if value & 0xFF == 0 else dev.serial
        said = bytes((2 + 2 * len(text), 3)) + text.encode("utf-16-le")
        data[: len(said)] = array.array("B", said)
        return len(said)

    def bulk_write(self, dev: Plugged, ep: int, intf: int, data: array.array, timeout: int) -> int:
        self.transfers.append(len(data))
        self._there(dev)
        taken, wanted = bytes(data[: dev.room()]), len(data)
        if taken:
            dev.taken += len(taken)
            dev.machine.receive(taken)
        if len(taken) < wanted:
            if dev.machine.behaviour.mode is Mode.RESET_AFTER:
                dev.there = False
            self._there(dev)
            threading.Event().wait(timeout / 1000)
            if not taken:
                raise usb.core.USBTimeoutError("Operation timed out", -7, 110)
        return len(taken)

    def bulk_read(self, dev: Plugged, ep: int, intf: int, buff: array.array, timeout: int) -> int:
        ends_at = time.monotonic() + timeout / 1000
        while True:
            self._there(dev)
            if said := dev.machine.take_answers():
                buff[: len(said)] = array.array("B", said)
                return len(said)
            if time.monotonic() >= ends_at:
                raise usb.core.USBTimeoutError("Operation timed out", -7, 110)
            threading.Event().wait(_POLL_S)

    def _there(self, dev: Plugged) -> None:
        if not dev.there:
            raise usb.core.USBError("No such device", -4, 19)
