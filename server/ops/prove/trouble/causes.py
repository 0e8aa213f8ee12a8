"""What may go wrong with the computer under a running server; each begins on entering and is mended on leaving."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from server.ops.prove.lives.tracing import Trace
from server.ops.prove.tools import Missing

#: so large that the hall has room, so small that it is filled in no time
DISK_MB = 96
#: what changes the database or makes it durable
CALLS = "pwrite64,ftruncate,fdatasync,fsync"


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """A disk of DISK_MB in memory, mounted there. Raises Missing where that may not be done."""
    place.mkdir()
    if os.geteuid() != 0 or not _did("mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "mpp-prove", str(place)):
        raise Missing("a small disk cannot be mounted here (run as root)")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], capture_output=True, check=False)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not one byte is left on it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def failing(pid: int, database: Path, error: str, log: Path, calls: str = CALLS, when: str = "1+") -> Iterator[None]:
    """These calls of the server on its database fail with this error (EIO, EROFS, ENOSPC), `when` as strace counts."""
    trace = Trace(pid, database, log, "-e", f"inject={calls}:error={error}:when={when}")
    try:
        yield
    finally:
        trace.end()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """The disk as a start finds it after the system has given it up. Raises Missing."""
    if not _did("mount", "-o", "remount,ro", str(disk)):
        raise Missing(f"{disk} cannot be made read-only here")
    try:
        yield
    finally:
        _did("mount", "-o", "remount,rw", str(disk))


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another program holds the database's write lock."""
    other = sqlite3.connect(database, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def starve(pid: int) -> None:
    """From now on this process gets no more address space than it has."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[0])
    resource.prlimit(pid, resource.RLIMIT_AS, (pages * resource.getpagesize(), resource.RLIM_INFINITY))


def _did(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
