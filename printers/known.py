"""One printer's description: what the server says of it, and what its own thread has found since."""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass, replace

from printers.job import PrinterSpec
from printers.status import Answers


@dataclass(frozen=True)
class _Found:
    """What the printer can answer, found while the server said `of`; `told_at`: when the server had heard it."""

    of: PrinterSpec
    answers: Answers
    told_at: float = math.inf


class Known:
    """Shared by the host's thread, which brings the server's words, and the printer's own."""

    def __init__(self, spec: PrinterSpec) -> None:
        self._lock = threading.Lock()
        self._given = spec
        self._found: _Found | None = None

    @property
    def spec(self) -> PrinterSpec:
        with self._lock:
            return replace(self._given, answers=self._found.answers) if self._found else self._given

    def given(self, spec: PrinterSpec, asked_at: float) -> None:
        """The server's description, asked for at `asked_at` (monotonic seconds).

        What was found here goes before an answer that the server gave before it had heard of it.
        """
        with self._lock:
            self._given = spec
            if self._found and (spec != self._found.of or asked_at > self._found.told_at):
                self._found = None

    def found(self, of: PrinterSpec, answers: Answers) -> None:
        """What the printer described as `of` can answer; nothing if it has been changed meanwhile."""
        with self._lock:
            if replace(self._given, answers=None) == replace(of, answers=None):
                self._found = _Found(self._given, answers)

    def untold(self) -> Answers | None:
        """What was found and the server has not heard."""
        with self._lock:
            return self._found.answers if self._found and self._found.told_at == math.inf else None

    def told(self, answers: Answers) -> None:
        with self._lock:
            if self._found and self._found.answers == answers:
                self._found = replace(self._found, told_at=time.monotonic())
