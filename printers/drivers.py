"""A printer's `transport` in the server's description to the driver that reaches it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from printers.errors import TransportUnknown
from printers.link import Driver
from printers.links.file import FileDriver
from printers.links.network import NetworkDriver
from printers.links.serial import BAUDS, FLOWS, PARITIES, SerialDriver

Facts = Mapping[str, Any]
CONNECT_MAX_S, WRITE_MAX_S = 30.0, 60.0


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


def _seconds(facts: Facts, name: str, standard: float, most: float) -> float:
    value = float(facts.get(name, standard))
    if not 0 < value <= most:
        raise TransportUnknown("Batas waktu pencetak di luar jangkauan.")
    return value


_KINDS: dict[Any, Callable[[Facts], Driver]] = {"network": _network, "serial": _serial, "file": _file}
