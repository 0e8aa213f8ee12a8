"""A serial port of the virtual printer: a pty, found under a path that stays the same."""

from __future__ import annotations

import os
import select
import threading
import tty
from contextlib import suppress
from pathlib import Path

from printers.virtual.machine import Behaviour, Machine, Mode

CHUNK_BYTES = 4096
LOOK_S = 0.02


class SerialPort:
    """Serves until `close`. A serial line has no connections: one job follows the other."""

    def __init__(self, machine: Machine, path: Path) -> None:
        self._machine = machine
        self.path = path
        self._closing = False
        self._taken = 0
        self._behaviour: Behaviour | None = None
        self._ends: tuple[int, int] | None = None
        self._plug_in()
        self._thread = threading.Thread(target=self._serve, name="virtual-serial", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._closing = True
        self._thread.join(5)
        self._pull_out()

    def _plug_in(self) -> None:
        if self._ends is None:
            ours, theirs = os.openpty()
            tty.setraw(theirs)  # kept open, so that a printer without a host is no error
            self._ends = ours, theirs
            self.path.unlink(missing_ok=True)
            self.path.symlink_to(os.ttyname(theirs))

    def _pull_out(self) -> None:
        """As a plug pulled: the device is gone, whoever has it open reads an error."""
        if self._ends is not None:
            self.path.unlink(missing_ok=True)
            for end in self._ends:
                os.close(end)
            self._ends = None
            self._machine.connection_ended()

    def _serve(self) -> None:
        while not self._closing:
            behaviour = self._machine.behaviour
            if behaviour is not self._behaviour:
                self._behaviour, self._taken = behaviour, 0
                self._machine.connection_began()
            limit = self._limit(behaviour)
            gone = behaviour.mode is Mode.REFUSE or (behaviour.mode is Mode.RESET_AFTER and limit <= 0)
            self._pull_out() if gone else self._plug_in()
            if self._ends is None:
                threading.Event().wait(LOOK_S)
                continue
            self._turn(self._ends[0], limit)

    def _turn(self, end: int, limit: int) -> None:
        ready, _, _ = select.select([end] if limit > 0 else [], [], [], LOOK_S)
        if ready:
            data = os.read(end, min(limit, CHUNK_BYTES))
            self._taken += len(data)
            self._machine.receive(data)
        if answers := self._machine.take_answers():
            with suppress(OSError):
                os.write(end, answers)

    def _limit(self, behaviour: Behaviour) -> int:
        if behaviour.mode in (Mode.STALL, Mode.RESET_AFTER):
            return behaviour.bytes - self._taken
        return self._machine.room()
