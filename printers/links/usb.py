"""A printer on USB, spoken to directly (libusb), not through the kernel's /dev/usb/lp0.

pyusb itself rather than the class of python-escpos: that one takes a short write for a whole one, resets the printer
each time it opens it, and swallows what goes wrong there.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import usb.core
import usb.util

from printers.errors import PrinterBroke, PrinterStalled, PrinterUnreachable

PRINTER_CLASS = 7
OPEN_S = 2.0
_READ_BYTES = 4096
_EMPTY_S = 0.02
_IN, _OUT = usb.util.ENDPOINT_IN, usb.util.ENDPOINT_OUT


@dataclass(frozen=True)
class UsbDriver:
    """`vendor` and `product` as numbers; `serial`: which of several alike, None when there is one."""

    vendor: int
    product: int
    serial: str | None = None
    write_timeout_s: float = 8.0

    one_way = False

    @property
    def budget_s(self) -> float:
        return OPEN_S + self.write_timeout_s

    def open(self) -> UsbLink:
        try:
            device = self._device()
            try:
                return UsbLink(device, *_claimed(device))
            except BaseException:
                usb.util.dispose_resources(device)
                raise
        except usb.core.NoBackendError as error:
            raise self._unreachable("pustaka libusb tidak ada") from error
        except usb.core.USBError as error:
            raise self._unreachable(_reason(error)) from error
        except (OSError, ValueError, NotImplementedError) as error:
            raise self._unreachable("tidak menjawab sebagai perangkat USB") from error

    def _device(self) -> Any:
        """The one device meant. Raises PrinterUnreachable."""
        alike = list(usb.core.find(find_all=True, backend=backend(), idVendor=self.vendor, idProduct=self.product))
        found = [each for each in alike if self.serial is None or _serial_of(each) == self.serial]
        if not found:
            raise self._unreachable("nomor serinya lain" if alike else "tidak terpasang")
        if len(found) > 1:
            raise self._unreachable("terpasang lebih dari satu; sebutkan nomor serinya")
        return found[0]

    def _unreachable(self, why: str) -> PrinterUnreachable:
        return PrinterUnreachable(f"Pencetak tidak dapat dihubungi (USB {self.vendor:04x}:{self.product:04x}: {why}).")


class UsbLink:
    """See printers.link.Link."""

    def __init__(self, device: Any, out: int, back: int | None) -> None:
        self._device = device
        self._out = out
        self._back = back

    def write(self, data: bytes, timeout_s: float) -> None:
        """One transfer: the bus tells how much of it the printer has taken."""
        try:
            taken = self._device.write(self._out, data, _milliseconds(timeout_s))
        except usb.core.USBTimeoutError as error:
            raise PrinterStalled() from error
        except (OSError, ValueError) as error:
            raise _broke(error) from error
        if taken < len(data):
            raise PrinterStalled()

    def read(self, timeout_s: float) -> bytes:
        if self._back is None:
            time.sleep(max(timeout_s, 0))
            return b""
        try:
            said = bytes(self._device.read(self._back, _READ_BYTES, _milliseconds(timeout_s)))
        except usb.core.USBTimeoutError:
            return b""
        except (OSError, ValueError) as error:
            raise _broke(error) from error
        if not said:
            time.sleep(min(max(timeout_s, 0), _EMPTY_S))  # some printers answer at once that they have nothing to say
        return said

    def finish(self, timeout_s: float) -> bytes:
        """The printer has taken every byte already; what it keeps in its own buffer nobody can see."""
        return b""

    def close(self) -> None:
        """The interface is given back with all else."""
        with suppress(OSError, ValueError):
            usb.util.dispose_resources(self._device)


@lru_cache(maxsize=1)
def backend() -> Any:
    """libusb as the project brings it, else the system's own. Raises NoBackendError."""
    import usb.backend.libusb1

    try:
        from libusb_package import find_library
    except ImportError:
        find_library = None
    found = usb.backend.libusb1.get_backend(find_library=find_library) or usb.backend.libusb1.get_backend()
    if found is None:
        raise usb.core.NoBackendError("no libusb")
    return found


def _claimed(device: Any) -> tuple[int, int | None]:
    """Take the printer's interface, from the kernel if it must be: the way out and the way back."""
    try:
        configuration = device.get_active_configuration()
    except usb.core.USBError as error:
        if error.errno is not None:
            raise
        device.set_configuration()  # it has just been plugged in and nobody has chosen one
        configuration = device.get_active_configuration()
    interface = usb.util.find_descriptor(configuration, bInterfaceClass=PRINTER_CLASS)
    if interface is None:
        raise usb.core.USBError("no printer", errno=-1)
    number = interface.bInterfaceNumber
    with suppress(NotImplementedError):
        if device.is_kernel_driver_active(number):
            device.detach_kernel_driver(number)
    usb.util.claim_interface(device, number)
    ends = {usb.util.endpoint_direction(each.bEndpointAddress): each.bEndpointAddress for each in interface if _is_bulk(each)}
    if _OUT not in ends:
        raise usb.core.USBError("no printer", errno=-1)
    return ends[_OUT], ends.get(_IN)


def _is_bulk(endpoint: Any) -> bool:
    return bool(usb.util.endpoint_type(endpoint.bmAttributes) == usb.util.ENDPOINT_TYPE_BULK)


def _serial_of(device: Any) -> str | None:
    """None when it has none. Raises USBError when it may not be asked."""
    try:
        return str(device.serial_number) if device.iSerialNumber else None
    except ValueError as error:  # pyusb hides here that the device may not be opened
        raise usb.core.USBError("not allowed", errno=13) from error


def _milliseconds(seconds: float) -> int:
    """At least one: nothing at all would mean for ever."""
    return max(1, int(seconds * 1000))


def _broke(error: Exception) -> PrinterBroke:
    return PrinterBroke(f"Sambungan ke pencetak terputus ({_reason(error)}).")


def _reason(error: Exception) -> str:
    known = {-1: "bukan pencetak", 13: "tidak boleh dibuka oleh pengguna ini", 16: "sedang dipakai program lain"}
    return known.get(getattr(error, "errno", None) or 0, "perangkat hilang atau rusak")
