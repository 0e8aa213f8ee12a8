"""The data folder of a site: made, writable, and held by one process at a time."""

import fcntl
import os
import time
from pathlib import Path

from config.mistakes import system_said
from server.cli.faults import DATA_IN_USE, DATA_NOT_WRITABLE, Stop

LOCK = "mpp.lock"
RETRY_S = 0.1


def open_data_folder(folder: Path) -> None:
    """Make the folder if it is missing and write to it once; a Stop says why it cannot be used."""
    probe = folder / f".mpp-{os.getpid()}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe.write_bytes(b"mpp")
        probe.unlink()
    except OSError as problem:
        raise Stop(
            f"Folder data {folder} tidak dapat ditulis ({system_said(problem)}); perbaiki izinnya atau pilih folder lain dengan --data.",
            DATA_NOT_WRITABLE,
        ) from problem


class DataLock:
    """Holds `mpp.lock` of a data folder until this process and the children that inherited it have ended.

    The lock belongs to the open file, so a worker that outlives its killed master still keeps others out.
    It is never unlocked by hand: that would unlock it for the worker too.
    """

    def __init__(self, folder: Path, wait_s: float) -> None:
        """Take the lock, waiting up to `wait_s` seconds; a Stop names the process that has it. `fd` is its open file."""
        try:
            self.fd = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as problem:
            raise Stop(f"Folder data {folder} tidak dapat dikunci ({system_said(problem)}).", DATA_NOT_WRITABLE) from problem
        deadline = time.monotonic() + wait_s
        while not self._try():
            if time.monotonic() >= deadline:
                holder = _holder(self.fd)
                os.close(self.fd)
                raise Stop(f"Folder data {folder} sedang dipakai oleh mpp lain ({holder}); hentikan dahulu yang itu.", DATA_IN_USE)
            time.sleep(RETRY_S)
        os.ftruncate(self.fd, 0)
        os.pwrite(self.fd, str(os.getpid()).encode(), 0)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def is_held(folder: Path) -> bool:
    """Whether another process holds the lock of this data folder; nothing is written to find out."""
    try:
        fd = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False


def _holder(fd: int) -> str:
    text = os.pread(fd, 20, 0).decode("ascii", "replace").strip()
    return f"pid {text}" if text.isdigit() else "pid tidak diketahui"
