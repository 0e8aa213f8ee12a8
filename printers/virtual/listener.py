"""TCP port 9100 of the virtual printer: one connection at a time, as on a real one."""

from __future__ import annotations

import select
import socket
import struct
import threading
import time
from contextlib import suppress

from printers.virtual.machine import Behaviour, Machine, Mode

CHUNK_BYTES = 4096
IDLE_TIMEOUT_S = 300.0
APPLY_TIMEOUT_S = 3.0


class Listener:
    """Serves until `close`; `behave` returns when the change is in force on the network too."""

    def __init__(self, machine: Machine, host: str, port: int) -> None:
        self._machine = machine
        self._door: socket.socket | None = _open(host, port)
        self.address: tuple[str, int] = self._door.getsockname()[:2]
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._closing = False
        self._in_force = threading.Condition()
        self._seen: Behaviour | None = None
        self._thread = threading.Thread(target=self._serve, name="virtual-tcp", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Stop serving; open connections are dropped."""
        self._closing = True
        self._wake_out.send(b".")
        self._thread.join(APPLY_TIMEOUT_S)
        self._wake_in.close()
        self._wake_out.close()

    def behave(self, behaviour: Behaviour) -> bool:
        """Change the behaviour; False if it did not come into force in APPLY_TIMEOUT_S."""
        self._machine.behave(behaviour)
        self.wake()
        with self._in_force:
            return self._in_force.wait_for(lambda: self._seen is behaviour, APPLY_TIMEOUT_S)

    def wake(self) -> None:
        """The machine's behaviour has changed: look at it."""
        self._wake_out.send(b".")

    def _serve(self) -> None:
        while not self._closing:
            self._apply()
            if self._wait(self._door, IDLE_TIMEOUT_S) and self._door:
                with suppress(OSError):
                    link, _ = self._door.accept()
                    with link:
                        self._connection(link)
        if self._door:
            self._door.close()

    def _apply(self) -> None:
        """Open or shut the door as the behaviour asks, and say that it is done."""
        behaviour = self._machine.behaviour
        if behaviour.mode is Mode.REFUSE and self._door:
            self._door.close()
            self._door = None
        elif behaviour.mode is not Mode.REFUSE and self._door is None:
            with suppress(OSError):
                self._door = _open(*self.address)
        with self._in_force:
            self._seen = behaviour
            self._in_force.notify_all()

    def _connection(self, link: socket.socket) -> None:
        """Read one job. It ends with the connection: closed, reset, idle too long or told to."""
        taken, last_byte_at = 0, time.monotonic()
        link.settimeout(APPLY_TIMEOUT_S)
        self._machine.connection_began()
        try:
            while not self._closing and time.monotonic() - last_byte_at < IDLE_TIMEOUT_S:
                behaviour = self._machine.behaviour
                self._note(behaviour)
                limit = self._limit(behaviour, taken)
                if behaviour.mode is Mode.REFUSE or (behaviour.mode is Mode.RESET_AFTER and limit <= 0):
                    _reset(link)
                    return
                if limit <= 0:
                    if self._dropped(link):
                        return
                elif self._wait(link, IDLE_TIMEOUT_S):
                    data = link.recv(min(limit, CHUNK_BYTES))
                    if not data:
                        return
                    taken, last_byte_at = taken + len(data), time.monotonic()
                    self._machine.receive(data)
                self._answer(link)
        except OSError:
            return
        finally:
            self._machine.connection_ended()

    def _answer(self, link: socket.socket) -> None:
        if answer := self._machine.take_answers():
            late_s = self._machine.behaviour.late_s
            if late_s:
                time.sleep(late_s)  # a printer that is slow to answer takes nothing in meanwhile
            link.sendall(answer)

    def _limit(self, behaviour: Behaviour, taken: int) -> int:
        """Bytes that may be read now: 0 when stalled, at the point of reset, or full."""
        if behaviour.mode in (Mode.STALL, Mode.RESET_AFTER):
            return behaviour.bytes - taken
        return self._machine.room()

    def _dropped(self, link: socket.socket) -> bool:
        """Until the behaviour changes (false) or the link is reset (true); nothing is read.

        A closed peer is not noticed: what it sent waits here and prints once the stall is over.
        """
        poll = select.poll()
        poll.register(link, 0)
        poll.register(self._wake_in, select.POLLIN)
        events = dict(poll.poll(IDLE_TIMEOUT_S * 1000))
        self._drain_wake()
        return link.fileno() in events

    def _wait(self, source: socket.socket | None, timeout_s: float) -> bool:
        """Until `source` has something to read (true) or the behaviour changed (false)."""
        sources = [self._wake_in] if source is None else [self._wake_in, source]
        ready, _, _ = select.select(sources, [], [], timeout_s)
        self._drain_wake()
        return source in ready and self._wake_in not in ready

    def _drain_wake(self) -> None:
        with suppress(BlockingIOError):
            self._wake_in.recv(CHUNK_BYTES)

    def _note(self, behaviour: Behaviour) -> None:
        with self._in_force:
            if behaviour.mode is not Mode.REFUSE:
                self._seen = behaviour
                self._in_force.notify_all()


def _open(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.socket(family, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(8)
    except OSError:
        door.close()
        raise
    return door


def _reset(link: socket.socket) -> None:
    """End with RST instead of FIN, as a printer does whose power is cut."""
    link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    link.close()
