"""The printer as a whole: receive buffer, mechanism, status bytes and ways to misbehave."""

from __future__ import annotations

import logging
import threading
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from printers.virtual.graphics import ACK, CAN, NAK, PRINT_KEPT, NvGraphics
from printers.virtual.mechanism import Mechanism
from printers.virtual.paper import Paper
from printers.virtual.parser import Command, Parser, Token
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
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    OUT_AFTER = "out_after"
    COVER_OPEN = "cover_open"
    OFFLINE = "offline"
    ERROR = "error"


#: modes in which the mechanism stands still and the printer says that it is offline
_STOPPED = frozenset({Mode.PAPER_OUT, Mode.COVER_OPEN, Mode.OFFLINE, Mode.ERROR})
#: what this printer can answer: DLE EOT, automatic status back, GS ( H, GS ( L (or has no memory for pictures)
ANSWERS = frozenset({"status", "asb", "completion", "graphics"})


@dataclass(frozen=True)
class Behaviour:
    """A mode; `bytes` (of one connection) after which a stall, a reset or the end of the paper comes.

    `answers`: what the printer answers at all. `late_s`: seconds until it does. `lies`: it says that slips
    came out and prints none.
    """

    mode: Mode = Mode.OK
    bytes: int = 0
    answers: frozenset[str] = ANSWERS
    late_s: float = 0.0
    lies: bool = False


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
        self._printed = 0
        self._ran_out = False
        self._tail = b""
        self._tells_changes = False
        self._answers = b""
        self._graphics = NvGraphics(lambda answer: self._say("graphics", answer))

    def behave(self, behaviour: Behaviour) -> None:
        """Change the behaviour; what waited in the buffer prints if it now can."""
        with self._lock:
            self.behaviour, self._ran_out, self._printed = behaviour, False, 0
            self._work()
            self._tell_change()

    def lose_power(self) -> None:
        """Off and on again: what was in the buffer is gone, what was half printed hangs out uncut."""
        with self._lock:
            self._buffer.clear()
            self._parser, self._tail, self._tells_changes = Parser(), b"", False
            self._mechanism.tear_off()
            self._graphics.power_off()

    def lose_graphics(self) -> None:
        """The pictures in its memory are gone, as after a repair."""
        with self._lock:
            self._graphics.lose()

    def room(self) -> int:
        """Bytes that the receive buffer can take."""
        with self._lock:
            return BUFFER_MAX_BYTES - sum(len(chunk or b"") for chunk in self._buffer)

    def connection_began(self) -> None:
        """What was said while nobody listened is lost."""
        with self._lock:
            self._answers = b""

    def receive(self, data: bytes) -> None:
        """Take bytes of the current connection; `take_answers` has what there is to say to them."""
        with self._lock:
            self._real_time(data)
            self._buffer.append(data)
            self._work()

    def take_answers(self) -> bytes:
        """What the printer says now, once."""
        with self._lock:
            answers, self._answers = self._answers, b""
            return answers

    def connection_ended(self) -> None:
        """The job is over, however it ended."""
        with self._lock:
            self._tail, self._answers, self._tells_changes, self._printed = b"", b"", False, 0
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
                "answers": sorted(self.behaviour.answers),
                "late_s": self.behaviour.late_s,
                "lies": self.behaviour.lies,
                "width_mm": self.width_mm,
                "kept": self._graphics.keys,
                "nv_writes": self._graphics.writes,
                "waiting_bytes": BUFFER_MAX_BYTES - self.room(),
                "errors": list(reversed(self._errors)),
            }

    def _work(self) -> None:
        while self._buffer and not self._is_stopped():
            chunk = self._buffer.popleft()
            if chunk is None:
                self._execute_all(self._parser.finish())
                self._mechanism.tear_off()
                continue
            if self.behaviour.mode is Mode.OUT_AFTER:
                chunk = self._until_paper_ends(chunk)
            self._execute_all(self._parser.feed(chunk))
            if self._ran_out:
                self._tell_change()

    def _until_paper_ends(self, chunk: bytes) -> bytes:
        """The part of `chunk` that still finds paper; the rest waits in the buffer."""
        left = self.behaviour.bytes - self._printed
        self._ran_out = len(chunk) >= left
        if self._ran_out and (rest := chunk[left:]):
            self._buffer.appendleft(rest)
        self._printed += len(chunk[:left])
        return chunk[:left]

    def _is_stopped(self) -> bool:
        return self.behaviour.mode in _STOPPED or self._ran_out

    def _execute_all(self, tokens: list[Token]) -> None:
        for token in tokens:
            self._execute(token)

    def _execute(self, token: Token) -> None:
        name = token.name if isinstance(token, Command) else ""
        if name == "GS ( H":
            self._say("completion", b"\x37\x22" + token.args[4:] + b"\x00")  # type: ignore[union-attr]
            return
        if name == "GS a":
            self._tells_changes = token.args != b"\x00"  # type: ignore[union-attr]
            self._tell_change()
            return
        if name in ("ACK", "NAK", "CAN"):
            if not self._graphics.respond({"ACK": ACK, "NAK": NAK, "CAN": CAN}[name]):
                self.note_error(f"{name} tanpa pertanyaan.")
            return
        if name == "ESC @":
            self._tells_changes = False
        if name == "GS ( L":
            self._use_graphics(token.args[2:])  # type: ignore[union-attr]
            return
        if self.behaviour.lies:
            return
        try:
            self._mechanism.execute(token)
        except Exception as error:  # a printer goes on with the next command
            log.exception("not printable: %r", token)
            self.note_error(f"Perintah tidak dapat dicetak ({type(error).__name__}).")

    def _use_graphics(self, args: bytes) -> None:
        if "graphics" not in self.behaviour.answers:
            return
        picture, asked_to_print = self._graphics.execute(args), args[1] == PRINT_KEPT
        if asked_to_print and not self.behaviour.lies:
            self._mechanism.print_kept(picture)

    def _take_slip(self, paper: Paper, cut: bool) -> None:
        try:
            slip = self._store.add(paper, cut)
        except OSError as error:
            self.note_error(f"Karcis tidak dapat disimpan: {error.strerror}.")
        else:
            log.info("slip %d: %s%s", slip.id, slip.number, "" if cut else " (not cut)")

    def _say(self, kind: str, answer: bytes) -> None:
        if kind in self.behaviour.answers:
            self._answers += answer

    def _tell_change(self) -> None:
        """Automatic status back: four bytes when it is switched on and at each change."""
        if self._tells_changes:
            self._say("asb", self._asb())

    def _real_time(self, data: bytes) -> None:
        """DLE EOT n is obeyed on arrival, even inside other commands, split anywhere."""
        seen = self._tail + data
        at = seen.find(_DLE_EOT)
        while at >= 0 and at + 2 < len(seen):
            self._say("status", self._status(seen[at + 2]))
            at = seen.find(_DLE_EOT, at + 3)
        self._tail = seen[at:] if at >= 0 else (seen[-1:] if seen[-1:] == b"\x10" else b"")

    def _status(self, n: int) -> bytes:
        """One byte for DLE EOT 1 to 4; bits 1 and 4 are always set, 0 and 7 never."""
        mode, out, low = self._sensors()
        error, cover = mode is Mode.ERROR, mode is Mode.COVER_OPEN
        bits = {
            1: 0x08 * self._is_stopped(),
            2: 0x20 * out | 0x04 * cover | 0x40 * error,
            3: 0x08 * error,
            4: 0x0C * low | 0x60 * out,
        }
        return bytes([0x12 | bits[n]]) if n in bits else b""

    def _asb(self) -> bytes:
        """GS a: bit 4 of the first byte is always set, bits 4 and 7 of the others never."""
        mode, out, low = self._sensors()
        first = 0x10 | 0x08 * self._is_stopped() | 0x20 * (mode is Mode.COVER_OPEN)
        return bytes([first, 0x08 * (mode is Mode.ERROR), 0x03 * low | 0x0C * out, 0])

    def _sensors(self) -> tuple[Mode, bool, bool]:
        """The mode, whether the paper is out, whether it is low (also when it is out)."""
        out = self._ran_out or self.behaviour.mode is Mode.PAPER_OUT
        return self.behaviour.mode, out, out or self.behaviour.mode is Mode.PAPER_LOW
