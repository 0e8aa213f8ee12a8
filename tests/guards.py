"""What a test may not do: speak to another machine, sleep. Switched on by conftest.py for the whole run."""

import ipaddress
import socket
import sys
import time
from pathlib import Path
from typing import Any

TESTS = str(Path(__file__).parent)

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo
_sleep = time.sleep

#: Set for the length of a test marked `sleeps`.
sleeping_allowed = False


class Forbidden(AssertionError):
    """A test did what no test may do."""


def install() -> None:
    """Guard this process; processes started by tests are guarded by having nobody to speak to but us."""
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign]
    socket.getaddrinfo = _guarded_getaddrinfo  # type: ignore[assignment]
    time.sleep = _guarded_sleep


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _look_at(self, address)
    return _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _look_at(self, address)
    return _connect_ex(self, address)


def _look_at(sock: socket.socket, address: Any) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not is_here(address[0]):
        raise Forbidden(f"a test connects to {address[0]}")


def _guarded_getaddrinfo(host: Any, *args: Any, **named: Any) -> Any:
    if host is not None and not is_here(host) and not _is_numeric(host):
        raise Forbidden(f"a test looks up {host}")
    return _getaddrinfo(host, *args, **named)


def is_here(host: str | bytes) -> bool:
    """Whether a host is this computer."""
    name = host.decode() if isinstance(host, bytes) else host
    # `.invalid` is nobody's by RFC 2606: asking for it is how a test meets an unknown name.
    if name in ("", "localhost") or name.endswith(".invalid"):
        return True
    return _is_numeric(name) and (ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified)


def _is_numeric(host: str | bytes) -> bool:
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True


def _guarded_sleep(duration_s: float) -> None:
    """Only tests may not sleep; libraries below them (subprocess waits that way) may."""
    caller = sys._getframe(1).f_code.co_filename
    if caller.startswith(TESTS) and not sleeping_allowed:
        raise Forbidden("a test sleeps: wait for the thing instead (tests.waiting.wait_for)")
    _sleep(duration_s)
