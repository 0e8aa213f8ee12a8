"""strace on one server: kill it as it is about to make a system call on its database, or write every one down."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import IO

from server.ops.prove.lives.hall import wait
from server.ops.prove.tools import Missing, need

#: what changes a file or makes it durable; the `-shm` beside a WAL is memory, made anew at each start
WRITES = ("pwrite64", "write", "ftruncate", "fdatasync", "fsync", "unlink")
ATTACH_S, END_S = 30.0, 3.0
#: longer than any page
STRING_BYTES = 70_000


class Trace:
    """A strace that is attached until `end`; it leaves when the server dies."""

    def __init__(self, pid: int, database: Path, log: Path, *more: str) -> None:
        """Attached when this returns. Raises Missing without strace or where it may not attach."""
        self.log, self._pid = log, pid
        self._words: IO[bytes] = log.with_suffix(".said").open("wb")
        files = [word for path in [*files_of(database), database.parent] for word in ("-P", str(path))]
        command = [need("strace"), "-f", "-p", str(pid), "-o", str(log), *files, "-e", f"trace={','.join(WRITES)}", *more]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self._words, stderr=self._words)
        wait(lambda: _is_traced(pid) or self._process.poll() is not None, ATTACH_S, "strace attached")
        if not _is_traced(pid) and not _is_dying(pid):
            said = log.with_suffix(".said").read_text(errors="replace").strip()
            raise Missing(f"strace may not look at another process here ({said})")

    def end(self) -> None:
        """Let the server go, or wait for strace to leave with it; what hangs is killed, which also lets it go."""
        for number in (None, signal.SIGINT, signal.SIGKILL) if _is_dying(self._pid) else (signal.SIGINT, signal.SIGKILL):
            if number is not None and self._process.poll() is None:
                self._process.send_signal(number)
            try:
                self._process.wait(END_S)
                break
            except subprocess.TimeoutExpired:
                continue
        self._words.close()


def kill_at(pid: int, database: Path, log: Path, call: str, count: int) -> Trace:
    """SIGKILL when a thread is about to make its `count`-th call of this name on the database, so that it is not made."""
    return Trace(pid, database, log, "-e", f"inject={call}:signal=KILL:when={count}")


def recorded(pid: int, database: Path, log: Path) -> Trace:
    """Everything written, with the bytes, the paths and the moments (Unix time)."""
    return Trace(pid, database, log, "-ttt", "-y", "-xx", "-s", str(STRING_BYTES))


def files_of(database: Path) -> list[Path]:
    """The database and what SQLite keeps beside it on the disk."""
    return [database, *(database.with_name(f"{database.name}-{part}") for part in ("wal", "journal"))]


def _is_traced(pid: int) -> bool:
    """Whether every thread of it is."""
    try:
        threads = [thread.read_text() for thread in Path(f"/proc/{pid}/task").glob("*/status")]
    except OSError:  # one has just ended
        return False
    return bool(threads) and not any("TracerPid:\t0\n" in thread for thread in threads)


def _is_dying(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1] in "ZX"
    except OSError:
        return True
