"""What a printer says of itself: its bytes to a state. Pure; tolerant of noise, never of a guess.

Three kinds of answer share one line and may come in any order: a byte for each DLE EOT n, four bytes of
automatic status back (GS a), and the reply of GS ( H function 48 to a slip that came out. They are told
apart by the bits that the command reference fixes in each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

READY, PAPER_LOW, PAPER_OUT, COVER_OPEN = "ready", "paper_low", "paper_out", "cover_open"
OFFLINE, ERROR, UNKNOWN = "offline", "error", "unknown"
#: states in which a slip sent now would come out
CAN_PRINT = frozenset({READY, PAPER_LOW})

#: DLE EOT n asks for: 1 the printer, 2 why it is offline, 3 why there is an error, 4 the paper
ALWAYS_ASKED, ASKED_ABOUT_AN_ERROR = (1, 2, 4), 3
#: GS a 255: tell every change by yourself
ASB_ON = b"\x1da\xff"
ID_CHARS = 4
_FIRST_ID_CHAR, _ID_ALPHABET = 33, 94
_COMPLETION_HEAD = b"\x37\x22"
_COMPLETION_BYTES = len(_COMPLETION_HEAD) + ID_CHARS + 1


def completion_request(mark: bytes) -> bytes:
    """GS ( H, function 48: answer with these four characters when all before it has been printed."""
    return b"\x1d(H\x06\x0000" + mark


def mark_of(job: str) -> bytes:
    """Four printable characters for a job; the same for none of the 78 million before it when ids count up."""
    number = int(job) if job.isascii() and job.isdigit() else int.from_bytes(job.encode(), "big")
    number %= _ID_ALPHABET**ID_CHARS
    return bytes(_FIRST_ID_CHAR + number // _ID_ALPHABET**place % _ID_ALPHABET for place in range(ID_CHARS))


@dataclass(frozen=True)
class Status:
    """What the printer has said. None: it has not said this yet, which is never taken for good news."""

    offline: bool | None = None
    cover_open: bool | None = None
    paper_out: bool | None = None
    paper_low: bool | None = None
    error: bool | None = None
    cutter: bool = False

    @property
    def state(self) -> str:
        """The worst that is known; `ready` only when everything that matters has been said."""
        if self.error:
            return ERROR
        if self.cover_open:
            return COVER_OPEN
        if self.paper_out:
            return PAPER_OUT
        if self.offline:
            return OFFLINE
        if None in (self.offline, self.cover_open, self.paper_out, self.error):
            return UNKNOWN
        return PAPER_LOW if self.paper_low else READY

    def with_answer(self, question: int, byte: int) -> Status:
        """After the answer to DLE EOT `question`."""
        if question == 1:
            return replace(self, offline=bool(byte & 0x08))
        if question == 2:
            # Bit 5 says that printing stops for want of paper; only the sensors (4) say that there is some.
            out = True if byte & 0x20 else self.paper_out
            return replace(self, cover_open=bool(byte & 0x04), paper_out=out, error=bool(byte & 0x40))
        if question == ASKED_ABOUT_AN_ERROR:
            return replace(self, error=bool(byte & 0x6C) or bool(self.error), cutter=bool(byte & 0x08))
        return replace(
            self, paper_low=bool(byte & 0x0C), paper_out=bool(byte & 0x60) or bool(self.paper_out)
        )

    def with_asb(self, block: bytes) -> Status:
        """After four bytes of automatic status back, which say everything anew."""
        first, second, third = block[:3]
        return Status(
            offline=bool(first & 0x08), cover_open=bool(first & 0x20), paper_out=bool(third & 0x0C),
            paper_low=bool(third & 0x03), error=bool(second & 0x6C), cutter=bool(second & 0x08),
        )  # fmt: skip


#: how other services begin to speak -> their name
_SERVICES = {b"HTTP/": "web (HTTP)", b"<!DOCTYPE": "web (HTTP)", b"SSH-": "SSH", b"220 ": "FTP atau surel"}
_HEARD_BYTES = 64
#: so many bytes without an answer among them are no noise on the line
STRANGE_BYTES = 16


class Replies:
    """Feed it what the printer sends, cut anywhere. Keeps a few bytes, however much comes."""

    def __init__(self) -> None:
        self.status = Status()
        #: marks of the slips that the printer says have come out, the newest few
        self.completed: list[bytes] = []
        #: the DLE EOT question that waits for its byte; one at a time, since the answers do not name theirs
        self.asked: int | None = None
        self.asb_blocks = 0
        #: bytes that were no answer of the reference
        self.strange = 0
        self._heard = b""
        self._rest = b""

    @property
    def service(self) -> str:
        """The service that speaks there instead of a printer; "" when none is recognised."""
        return next((name for words, name in _SERVICES.items() if words in self._heard), "")

    def ask(self, question: int) -> bytes:
        """The bytes that ask DLE EOT `question`; the next such byte is its answer."""
        self.asked = question
        return bytes((0x10, 0x04, question))

    def feed(self, data: bytes) -> None:
        """Take bytes. What is no answer of the reference is dropped, a byte at a time."""
        self._heard = (self._heard + data[:_HEARD_BYTES])[:_HEARD_BYTES]
        waiting = self._rest + data
        while waiting:
            size = self._take(waiting)
            if not size:
                break
            waiting = waiting[size:]
        self._rest = waiting

    def _take(self, waiting: bytes) -> int:
        """Bytes used up by what stands first; 0: not complete yet."""
        head = waiting[0]
        if head & 0x93 == 0x12:
            self._answer(head)
            return 1
        if head & 0x93 == 0x10:
            return self._block(waiting)
        if waiting[:2] == _COMPLETION_HEAD[: len(waiting)]:
            return self._completion(waiting)
        return self._dropped()

    def _dropped(self) -> int:
        self.strange += 1
        return 1

    def _answer(self, byte: int) -> None:
        if self.asked is not None:
            self.status = self.status.with_answer(self.asked, byte)
            self.asked = None

    def _block(self, waiting: bytes) -> int:
        """The first byte of an ASB block, or noise: the three that follow have bits 4 and 7 clear."""
        rest = waiting[1:4]
        if any(byte & 0x90 for byte in rest):
            return self._dropped()
        if len(rest) < 3:
            return 0
        self.asb_blocks += 1
        self.status = self.status.with_asb(waiting[:4])
        return 4

    def _completion(self, waiting: bytes) -> int:
        block = waiting[:_COMPLETION_BYTES]
        if any(not 32 <= byte <= 126 for byte in block[2 : 2 + ID_CHARS]):
            return self._dropped()
        if len(block) < _COMPLETION_BYTES:
            return 0
        if block[-1] != 0:
            return self._dropped()
        self.completed = [*self.completed[-7:], block[2 : 2 + ID_CHARS]]
        return _COMPLETION_BYTES


@dataclass(frozen=True)
class Answers:
    """What a printer can answer, found by a probe. Nothing: its paper stays `assumed`, its state `unknown`."""

    status: bool = False
    asb: bool = False
    completion: bool = False
    #: it keeps pictures in its own memory (GS ( L)
    graphics: bool = False

    @classmethod
    def from_list(cls, names: Any) -> Answers | None:
        """From the list kept with the printer; None: not probed yet. A name we do not know is left out."""
        if not isinstance(names, list | tuple):
            return None
        return cls("status" in names, "asb" in names, "completion" in names, "graphics" in names)

    def as_list(self) -> list[str]:
        return [name for name in ("status", "asb", "completion", "graphics") if getattr(self, name)]
