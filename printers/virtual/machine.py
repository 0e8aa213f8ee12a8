"""The printer as a whole: receive buffer, mechanism, status bytes and ways to misbehave."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from printers.virtual.mechanism import Mechanism
from printers.virtual.paper import Paper
from printers.virtual.parser import Parser, Token
from printers.virtual.store import SlipStore

log = logging.getLogger("printers.virtual")

BUFFER_MAX_BYTES = 65_536
ERRORS_MAX = 20
_DLE_EOT = b"\x10\x04"


class Mode(Enum):
    """How the printer behaves."""

    OK = "ok"
    REFUSE = "refuse"
    STALL = "stall"
    RESET_AFTER = "reset_after"
    PAPER_OUT = "paper_out"
    OFFLINE = "offline"


@dataclass(frozen=True)
class Behaviour:
    """A mode; `bytes` (of one connection) after which a stall or a reset comes."""

    mode: Mode = Mode.OK
    bytes: int = 0


class Machine:
    """Thread-safe. Bytes come from one connection at a time, control from the web page."""

    def __init__(self, width_mm: int, store: SlipStore) -> None:
        self.width_mm = width_mm
        self.behaviour = Behaviour()
        self._store = store
        self._lock = threading.RLock()
        self._errors: deque[dict[str, str]] = deque(maxlen=ERRORS_MAX)
        self._mechanism = Mechanism(width_mm, self._take_slip, self.note_error)
        self._parser = Parser()
        # Received, not yet printed: chunks, and None where a connection ended.
        self._buffer: deque[bytes | None] = deque()
        self._tail = b""

    def behave(self, behaviour: Behaviour) -> None:
        """Change the behaviour; what waited in the buffer prints if it now can."""
        with self._lock:
            self.behaviour = behaviour
            self._work()

    def room(self) -> int:
        """Bytes that the receive buffer can take."""
        with self._lock:
            return BUFFER_MAX_BYTES - sum(len(chunk or b"") for chunk in self._buffer)

    def receive(self, data: bytes) -> bytes:
        """Take bytes of the current connection; returns the answer to real-time requests in them."""
        with self._lock:
            answer = self._real_time(data)
            self._buffer.append(data)
            self._work()
            return answer

    def connection_ended(self) -> None:
        """The job is over, however it ended."""
        with self._lock:
            self._tail = b""
            if self._buffer and self._buffer[-1] is None:
                return
            self._buffer.append(None)
            self._work()

    def note_error(self, sentence: str) -> None:
        """A mistake in the stream, for the page and the log."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        with self._lock:
            self._errors.append({"at": at, "text": sentence})
        log.warning("%s", sentence)

    def facts(self) -> dict[str, Any]:
        """State for the page."""
        with self._lock:
            return {
                "mode": self.behaviour.mode.value,
                "bytes": self.behaviour.bytes,
                "width_mm": self.width_mm,
                "waiting_bytes": BUFFER_MAX_BYTES - self.room(),
                "errors": list(reversed(self._errors)),
            }

    def _work(self) -> None:
        if self.behaviour.mode in (Mode.PAPER_OUT, Mode.OFFLINE):
            return
        while self._buffer:
            chunk = self._buffer.popleft()
            tokens = self._parser.finish() if chunk is None else self._parser.feed(chunk)
            for token in tokens:
                self._execute(token)
            if chunk is None:
                self._mechanism.tear_off()

    def _execute(self, token: Token) -> None:
        try:
            self._mechanism.execute(token)
        except Exception as error:  # a printer goes on with the next command
            log.exception("not printable: %r", token)
            self.note_error(f"Perintah tidak dapat dicetak ({type(error).__name__}).")

    def _take_slip(self, paper: Paper, cut: bool) -> None:
        try:
            slip = self._store.add(paper, cut)
        except OSError as error:
            self.note_error(f"Karcis tidak dapat disimpan: {error.strerror}.")
        else:
            log.info("slip %d: %s%s", slip.id, slip.number, "" if cut else " (not cut)")

    def _real_time(self, data: bytes) -> bytes:
        """DLE EOT n is obeyed on arrival, even inside other commands, split anywhere."""
        seen = self._tail + data
        answer = b""
        at = seen.find(_DLE_EOT)
        while at >= 0 and at + 2 < len(seen):
            answer += self._status(seen[at + 2])
            at = seen.find(_DLE_EOT, at + 3)
        self._tail = seen[at:] if at >= 0 else (seen[-1:] if seen[-1:] == b"\x10" else b"")
        return answer

    def _status(self, n: int) -> bytes:
        """One byte for DLE EOT 1 to 4; bits 1 and 4 are always set, 0 and 7 never."""
        mode = self.behaviour.mode
        out = mode is Mode.PAPER_OUT
        bits = {
            1: 0b0000_1000 if out or mode is Mode.OFFLINE else 0,
            2: 0b0010_0000 if out else 0,
            3: 0,
            4: 0b0110_1100 if out else 0,
        }
        return bytes([0b0001_0010 | bits[n]]) if n in bits else b""
