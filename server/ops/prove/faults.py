"""A virtual printer that breaks at a given byte of a job, in a given way, and is well again when it is told to."""

from __future__ import annotations

import random
import threading
from collections import defaultdict
from typing import Any

from printers.virtual.listener import Listener
from printers.virtual.machine import Behaviour, Machine, Mode
from printers.virtual.paper import Paper

#: what happens at byte k of the connection
KINDS = ("drop", "stall", "late", "paper_out", "cover_open", "power", "power_kept", "lies", "garbage", "gone")
#: kinds that the virtual printer's own behaviour has; the others are done by Breaking below
_OWN = {"drop": Mode.RESET_AFTER, "stall": Mode.STALL, "paper_out": Mode.OUT_AFTER}
GARBAGE_BYTES = 4096


class Papers:
    """What came out: number -> (mark, cut) of each paper; no pictures."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: dict[str, list[tuple[str | None, bool]]] = defaultdict(list)

    def add(self, paper: Paper, cut: bool) -> Any:
        """See printers.virtual.store.SlipStore.add."""
        number = paper.large_lines[0] if paper.large_lines else None
        with self._lock:
            if number is not None:
                self._of[number].append((paper.mark(), cut))
        return _Taken(number)

    def of(self, number: str) -> list[tuple[str | None, bool]]:
        with self._lock:
            return list(self._of.get(number, ()))


class _Taken:
    """As much of a printed slip as the machine's log wants."""

    id = 0

    def __init__(self, number: str | None) -> None:
        self.number = number


class Breaking(Machine):
    """`arm` a fault, `heal` it; `struck` says that it has happened."""

    def __init__(self, papers: Papers, answers: frozenset[str], late_s: float) -> None:
        super().__init__(80, papers)  # type: ignore[arg-type]
        self.struck = threading.Event()
        self._able, self._late_s = answers, late_s
        self._kind, self._at, self._came, self._holds = "", 0, 0, False
        self._noise = random.Random(1)
        self.listener: Listener | None = None
        self.behaviour = self._well()

    def arm(self, kind: str, at: int) -> None:
        with self._lock:
            self.struck.clear()
            self._kind, self._at, self._came = kind, at, 0
            self._go(Behaviour(_OWN[kind], at, self._able) if kind in _OWN else self._well())

    def heal(self) -> None:
        """Paper, power and link are back; what the buffer has kept is printed."""
        with self._lock:
            self._kind, self._holds = "", False
            self._go(self._well())

    def connection_began(self) -> None:
        with self._lock:
            self._came = 0
            super().connection_began()

    def receive(self, data: bytes) -> None:
        """Split at the byte of the fault, so that it happens exactly there."""
        with self._lock:
            if self._kind == "gone" and self.struck.is_set():
                return
            left = self._at - self._came
            self._came += len(data)
            if not self._kind or self._kind in _OWN or not 0 <= left <= len(data):
                super().receive(data)
                return
            # A power loss finds the bytes in the buffer, not yet on paper.
            self._holds = self._kind.startswith("power") or self._kind == "gone"
            super().receive(data[:left])
            self._strike()
            if data[left:] and self._kind not in ("power", "power_kept", "gone"):
                super().receive(data[left:])

    def connection_ended(self) -> None:
        with self._lock:
            if self._kind in _OWN:
                self.struck.set()
            super().connection_ended()

    def _is_stopped(self) -> bool:
        return self._holds or super()._is_stopped()

    def _strike(self) -> None:
        self.struck.set()
        if self._kind == "late":
            self._go(Behaviour(Mode.OK, 0, self._able, late_s=self._late_s))
        elif self._kind == "cover_open":
            self._go(Behaviour(Mode.COVER_OPEN, 0, self._able))
        elif self._kind == "lies":
            self._go(Behaviour(Mode.OK, 0, self._able, lies=True))
        elif self._kind == "gone":  # without power behind a print server, which keeps the link and takes everything
            self.lose_power()
            self._go(Behaviour(Mode.OK, 0, frozenset()))
        elif self._kind == "garbage":
            self._answers += self._noise.randbytes(GARBAGE_BYTES)
        else:
            if self._kind == "power":
                self.lose_power()
            self._go(Behaviour(Mode.REFUSE, 0, self._able))

    def _well(self) -> Behaviour:
        return Behaviour(Mode.OK, 0, self._able)

    def _go(self, behaviour: Behaviour) -> None:
        self.behave(behaviour)
        if self.listener is not None:
            self.listener.wake()
