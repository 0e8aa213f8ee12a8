"""The servers that are measured: the real one and the bare one, each in processes of its own."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from server.cli.places import home
from server.ops.bench.cores import stay_on

HOST = "127.0.0.1"
START_TIMEOUT_S, END_TIMEOUT_S, LOOK_S = 120.0, 15.0, 0.1
#: the business day that is measured; rate 1, so that time costs what it costs in a hall
CLOCK = "2026-11-03T08:00:00+08:00@1"


class NotStarted(Exception):
    """A server that was to be measured did not come up; the text holds its last lines."""


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    address: tuple[str, int]
    log: Path

    @property
    def url(self) -> str:
        return f"http://{self.address[0]}:{self.address[1]}"

    def stop(self) -> None:
        """SIGTERM, and SIGKILL when that is not enough."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self) -> None:
        """SIGKILL for the master and for all it started, as when the power goes for them alone."""
        everybody = [self.process.pid, *_children(self.process.pid)]
        for pid in everybody:
            os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def memory_mb(self) -> dict[str, float]:
        """Resident megabytes (10^6 bytes) of master and worker; the companions are other programs."""
        told = {"master": _rss_mb(self.process.pid)}
        for pid in _children(self.process.pid):
            if not _is_companion(pid):
                told["worker"] = told.get("worker", 0.0) + _rss_mb(pid)
        return told

    def worker(self) -> int | None:
        """Its process, if it has one now."""
        return next((pid for pid in _children(self.process.pid) if not _is_companion(pid)), None)

    def cpu_s(self) -> float:
        """Processor time of the worker so far, seconds."""
        return sum(cpu_s(pid) for pid in _children(self.process.pid) if not _is_companion(pid))


def _is_companion(pid: int) -> bool:
    return b"printers" in Path(f"/proc/{pid}/cmdline").read_bytes()


def cpu_s(pid: int) -> float:
    """utime and stime of all threads (proc(5), fields 14 and 15)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _rss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _environment(extra: dict[str, str], code: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
    return {**kept, "PYTHONPATH": str(code), **extra}


def _start(
    command: list[str], port: int, log: Path, cores: frozenset[int], extra: dict[str, str], ready: str,
    look_s: float = LOOK_S, code: Path | None = None,
) -> Server:
    code = code or home()
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, cwd=code, env=_environment(extra, code), stdout=out, stderr=out, stdin=subprocess.DEVNULL,
            preexec_fn=stay_on(cores),
        )
    server = Server(process, (HOST, port), log)
    for _ in range(int(START_TIMEOUT_S / look_s)):
        if process.poll() is not None:
            break
        if _answers(server.address, ready):
            return server
        time.sleep(look_s)
    server.stop()
    raise NotStarted("\n".join(log.read_text(errors="replace").splitlines()[-15:]))


def _answers(address: tuple[str, int], path: str) -> bool:
    connection = http.client.HTTPConnection(*address, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def start_hall(
    data: Path, cores: frozenset[int], clock: str = CLOCK, look_s: float = LOOK_S, code: Path | None = None, **settings: str
) -> Server:
    """`mpp serve` on a data folder, without the virtual printer: slips wait, nobody prints. No backups by themselves.

    `code`: the program's checkout, this one if none. `settings`: MPP_* variables."""
    port = _free_port()
    extra = {
        "MPP_CLOCK": clock, "MPP_PRINTING_VIRTUAL": "false", "MPP_SERVER_DATA": str(data), "MPP_SERVER_HOST": HOST,
        **settings,
    }
    if code is None:  # another release may not know this one's settings, and refuses what it does not know
        extra.setdefault("MPP_BACKUP_EVERY_MIN", "0")
        extra.setdefault("MPP_SECURITY_KIOSK_TOKEN_PER_SECOND", "100000")  # load comes from few kiosks here
    command = [sys.executable, "-m", "server.cli.main", "serve", "--port", str(port)]
    return _start(command, port, data.with_suffix(".log"), cores, extra, "/readyz", look_s, code)


def start_bare(folder: Path, cores: frozenset[int], look_s: float = LOOK_S) -> Server:
    """The bare app behind the same worker class, with the same limits as the master gives ours."""
    port = _free_port()
    command = [
        sys.executable, "-m", "gunicorn", "-k", "server.concurrency.EventletWorker", "-b", f"{HOST}:{port}",
        "--keep-alive", "15", "--worker-connections", "2000", "--graceful-timeout", "1", "--no-control-socket",
        "--no-sendfile", "--log-level", "warning", "server.ops.bench.bare:application",
    ]
    return _start(command, port, folder / "bare.log", cores, {}, "/ok", look_s)
