"""A printer's `transport` in the server's description to the driver that reaches it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from printers.errors import TransportUnknown
from printers.link import Driver
from printers.links.file import FileDriver
from printers.links.lp import LpDriver
from printers.links.network import NetworkDriver
from printers.links.serial import BAUDS, FLOWS, PARITIES, SerialDriver
from printers.links.usb import UsbDriver

Facts = Mapping[str, Any]
CONNECT_MAX_S, WRITE_MAX_S = 30.0, 60.0
#: never an option of the command
_QUEUE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,126}")


def driver_for(transport: Facts) -> Driver:
    """The driver of a printer's `transport` (`GET /print-host`). Raises TransportUnknown."""
    kind = transport.get("kind")
    if kind not in _KINDS:
        raise TransportUnknown(f"Jenis sambungan pencetak tidak dikenal: {kind!r}.")
    try:
        return _KINDS[kind](transport)
    except TransportUnknown:
        raise
    except (KeyError, TypeError, ValueError) as error:
        raise TransportUnknown("Alamat pencetak tidak lengkap.") from error


def _network(facts: Facts) -> Driver:
    host, port = str(facts["host"]), int(facts.get("port", 9100))
    if not (host and 0 < port < 65536):
        raise ValueError
    return NetworkDriver(
        host, port,
        connect_timeout_s=_seconds(facts, "connect_timeout_s", 2.0, CONNECT_MAX_S),
        write_timeout_s=_seconds(facts, "write_timeout_s", 8.0, WRITE_MAX_S),
    )  # fmt: skip


def _device(facts: Facts) -> str:
    device = str(facts["device"])
    if not device.startswith(("/dev/", "/run/")) or ".." in device:
        raise TransportUnknown("Perangkat pencetak harus berada di /dev.")
    return device


def _file(facts: Facts) -> Driver:
    return FileDriver(_device(facts), _seconds(facts, "write_timeout_s", 8.0, WRITE_MAX_S))


def _serial(facts: Facts) -> Driver:
    device, baud = _device(facts), int(facts.get("baud", 19200))
    parity, flow = facts.get("parity", "none"), facts.get("flow", "dsrdtr")
    if baud not in BAUDS or parity not in PARITIES or flow not in FLOWS:
        raise TransportUnknown("Pengaturan jalur serial tidak dikenal (baud, parity, flow).")
    return SerialDriver(
        device, baud, parity, flow, write_timeout_s=_seconds(facts, "write_timeout_s", 8.0, WRITE_MAX_S)
    )


def _usb(facts: Facts) -> Driver:
    vendor, product = (int(str(facts[name]), 16) for name in ("vendor", "product"))
    if not (0 < vendor <= 0xFFFF and 0 <= product <= 0xFFFF):
        raise TransportUnknown("Nomor USB pencetak tidak dikenal; contoh: 04b8:0202.")
    return UsbDriver(vendor, product, facts.get("serial") or None, _seconds(facts, "write_timeout_s", 8.0, WRITE_MAX_S))


def _lp(facts: Facts) -> Driver:
    queue = str(facts["queue"])
    if not _QUEUE.fullmatch(queue):
        raise TransportUnknown("Nama antrean CUPS tidak sah.")
    return LpDriver(queue, _seconds(facts, "write_timeout_s", 8.0, WRITE_MAX_S))


def _seconds(facts: Facts, name: str, standard: float, most: float) -> float:
    value = float(facts.get(name, standard))
    if not 0 < value <= most:
        raise TransportUnknown("Batas waktu pencetak di luar jangkauan.")
    return value


_KINDS: dict[Any, Callable[[Facts], Driver]] = {
    "network": _network, "serial": _serial, "file": _file, "usb": _usb, "lp": _lp,
}  # fmt: skip
