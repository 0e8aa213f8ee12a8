"""The port of the server: taken once, before anything else is done, and handed on to whoever answers."""

import errno
import socket
import time

from config.mistakes import system_said
from server.cli.faults import BAD_ARGUMENTS, PORT_IN_USE, Stop

RETRY_S = 0.1
#: Connections that may wait to be accepted: all screens of a hall coming back at once.
BACKLOG = 1024


def listen(host: str, port: int, wait_s: float, by: str = "--port") -> socket.socket:
    """Listen on a TCP port, chosen `by` an argument or a setting; waits up to `wait_s` seconds for a port in use.

    Who connects early waits for the server.

    A Stop says what is wrong: exit code 5 for a port that cannot be had, 2 for a host that is not ours.
    """
    family, address = _address(host, port)
    deadline = time.monotonic() + wait_s
    while True:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            # With SO_REUSEADDR two sockets may be bound to one port; only one may listen.
            listener.listen(BACKLOG)
            return listener
        except OSError as problem:
            listener.close()
            if problem.errno != errno.EADDRINUSE or time.monotonic() >= deadline:
                raise _stop(host, port, problem, by) from problem
        time.sleep(RETRY_S)


def _address(host: str, port: int) -> tuple[socket.AddressFamily, tuple]:
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as problem:
        raise Stop(f"Alamat {host} tidak dikenal; periksa --host.", BAD_ARGUMENTS) from problem
    return family, address


def _stop(host: str, port: int, problem: OSError, by: str) -> Stop:
    if problem.errno == errno.EADDRINUSE:
        return Stop(f"Port {port} sedang dipakai program lain; hentikan program itu atau pilih port lain dengan {by}.", PORT_IN_USE)
    if problem.errno in (errno.EACCES, errno.EPERM):
        return Stop(f"Port {port} tidak boleh dipakai oleh pengguna ini; pilih port 1024 ke atas dengan {by}.", PORT_IN_USE)
    return Stop(f"Alamat {host} tidak dapat dipakai di komputer ini ({system_said(problem)}); periksa --host.", BAD_ARGUMENTS)
