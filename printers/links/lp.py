"""A queue of CUPS on this computer, for a printer that nothing else reaches.

CUPS is given the slip as it is (`-o raw`) and tells how far it is. Of the printer behind it nothing can be known, and a
slip is `assumed` at most. Every call is a child with a limit.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass

from printers.errors import PrinterBroke, PrinterStalled, PrinterUnreachable

ASK_S = 3.0
_POLL_S = 0.25
_GIVEN = re.compile(r"request id is (\S+-\d+)")


class _NoAnswer(Exception):
    """A command of CUPS did not end in time."""


@dataclass(frozen=True)
class LpDriver:
    """`queue`: its name in CUPS (`lpstat -e`)."""

    queue: str
    write_timeout_s: float = 8.0
    #: what is written is printed, also a question: so none is asked
    one_way = True

    @property
    def budget_s(self) -> float:
        return ASK_S + 2 * self.write_timeout_s

    def open(self) -> LpLink:
        try:
            code, said = _ask(["lpstat", "-p", self.queue, "-a", self.queue], ASK_S)
        except FileNotFoundError as error:
            raise PrinterUnreachable("Perintah lp tidak ada di komputer ini; pasang paket cups-client.") from error
        except (_NoAnswer, OSError) as error:
            raise self._unreachable("CUPS tidak menjawab") from error
        if problem := _problem(code, said):
            raise self._unreachable(problem)
        return LpLink(self.queue)

    def _unreachable(self, why: str) -> PrinterUnreachable:
        return PrinterUnreachable(f"Pencetak tidak dapat dihubungi (antrean {self.queue}: {why}).")


class LpLink:
    """See printers.link.Link."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._job = ""

    def write(self, data: bytes, timeout_s: float) -> None:
        """Hand the slip to CUPS, whole, as one job."""
        try:
            code, said = _ask(["lp", "-d", self._queue, "-o", "raw", "-t", "karcis"], timeout_s, data)
        except _NoAnswer as error:
            raise PrinterStalled() from error
        except OSError as error:
            raise PrinterBroke("Sambungan ke pencetak terputus (perintah lp gagal).") from error
        given = _GIVEN.search(said)
        if code or given is None:
            raise PrinterBroke("Sambungan ke pencetak terputus (CUPS menolak karcis).")
        self._job = given[1]

    def read(self, timeout_s: float) -> bytes:
        """Nothing ever comes back."""
        time.sleep(max(timeout_s, 0))
        return b""

    def finish(self, timeout_s: float) -> bytes:
        """Until CUPS has passed it on. One that is held or stopped is taken back: it must not come out to nobody."""
        if not self._job:
            return b""
        deadline = time.monotonic() + timeout_s
        try:
            while self._job in _ask(["lpstat", "-o", self._queue], ASK_S)[1].split():
                if time.monotonic() >= deadline:
                    raise PrinterStalled()
                time.sleep(_POLL_S)
        except (_NoAnswer, OSError) as error:
            raise PrinterBroke("Sambungan ke pencetak terputus (CUPS tidak menjawab).") from error
        self._job = ""
        return b""

    def close(self) -> None:
        if self._job:
            with suppress(_NoAnswer, OSError):
                _ask(["cancel", self._job], ASK_S)


def _ask(words: list[str], timeout_s: float, given: bytes = b"") -> tuple[int, str]:
    """Exit code and what was said. Raises _NoAnswer, OSError."""
    try:
        done = subprocess.run(
            words, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout_s, check=False,
            env={**os.environ, "LC_ALL": "C", "LANGUAGE": "C"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise _NoAnswer from error
    return done.returncode, done.stdout.decode(errors="replace")


def _problem(code: int, said: str) -> str:
    """Why the queue takes nothing now; "" if it does."""
    if "Invalid destination" in said or "Unknown destination" in said or "non-existent" in said:
        return "tidak ada di CUPS"
    if "not accepting" in said:
        return "tidak menerima karcis"
    if " disabled " in said:
        return "dihentikan di CUPS"
    return "CUPS tidak berjalan" if code else ""
