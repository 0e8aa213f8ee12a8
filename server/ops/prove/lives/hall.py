"""One hall whose servers may die at any moment: its folder, its port, its people, and the life it has now."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, Any

from config.floor import floor_path, read_floor
from server.app.plan_toml import plan_toml
from server.cli.places import home
from server.ops.bench.servers import HOST, NotStarted
from server.ops.lifetime import die_with_parent
from server.ops.prove.lives.calling import Caller, Unanswered
from server.storage.database import FILE

CLOCK = "2026-11-03T08:00:00+08:00@1"
READY_S, GONE_S, LOOK_S = 60.0, 30.0, 0.003
ASYNC_MODE = "eventlet"
#: the hall of the proof: two gerai of the sample floor, so that its database stays small
PLAN, GERAI = "kota-kupang", ("DKC", "PTSP")
SERVICES = ("DKC-KTP", "DKC-KK", "PTSP-NIB")


class Warm:
    """The process that forks servers (`warm.py`). Ends with `close`, and with us. `more`: variables of its own, and of theirs."""

    def __init__(self, log: Path, more: Mapping[str, str] | None = None) -> None:
        self._path = log
        self._log: IO[bytes] = log.open("ab")
        self._one_at_a_time = threading.Lock()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "server.ops.prove.lives.warm", ASYNC_MODE], cwd=home(),
            env={**kept, "PYTHONPATH": str(home()), **(more or {})}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log,
            text=True, preexec_fn=partial(die_with_parent, os.getpid()),
        )
        if self._line() != "ready\n":
            raise NotStarted(self.said())

    def fork(self, **order: Any) -> int:
        """The pid of a new server; several lanes may ask."""
        assert self._process.stdin is not None
        with self._one_at_a_time:
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            return int(self._line())

    def said(self) -> str:
        """The end of what it and its servers have logged."""
        return self._path.read_text(errors="replace")[-1500:]

    def close(self) -> None:
        self._process.communicate(timeout=GONE_S)
        self._log.close()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@dataclass
class Life:
    """One server process, from fork to death."""

    pid: int

    def is_gone(self) -> bool:
        return not Path(f"/proc/{self.pid}").exists()

    def end(self, number: int) -> None:
        """Send this signal and wait until it is gone."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
        self.await_end()

    def await_end(self) -> None:
        wait(self.is_gone, GONE_S, "the server's end")


class Hall:
    """`begin` gives it a life; the folder stays between lives. `settings`: MPP_* variables other than the usual ones."""

    def __init__(self, warm: Warm, folder: Path, clock: str = CLOCK, **settings: str) -> None:
        self.warm, self.folder, self._clock, self._settings = warm, folder, clock, settings
        self._held = _reserved()
        self.port = int(self._held.getsockname()[1])
        self.path = folder / FILE
        self.life: Life | None = None

    def begin(self, traced: Callable[[int], object] | None = None, checkpoint_pages: int | None = None) -> None:
        """A new server, ready (or dead). `traced` attaches to its pid before it opens anything."""
        self.fork(traced, checkpoint_pages)
        wait(lambda: not self.is_alive() or self.is_ready(), READY_S, "a ready server")

    def fork(self, traced: Callable[[int], object] | None = None, checkpoint_pages: int | None = None) -> None:
        """A new server on its way. The old one must be dead."""
        self.life = Life(self.warm.fork(
            environment=self._environment(), traced=traced is not None, checkpoint_pages=checkpoint_pages
        ))
        if traced is not None:
            traced(self.life.pid)

    def is_alive(self) -> bool:
        return self.life is not None and not self.life.is_gone()

    def end(self, number: int = signal.SIGTERM) -> None:
        """End the life it has, if any: in order with SIGTERM."""
        if self.life is not None:
            self.life.end(number)

    def close(self) -> None:
        """No life any more, and no port."""
        self.end(signal.SIGKILL)
        self._held.close()

    def caller(self, headers: Mapping[str, Mapping[str, str]]) -> Caller:
        return Caller((HOST, self.port), headers)

    def is_ready(self) -> bool:
        try:
            return self.caller({}).get("/readyz") == 200
        except Unanswered:
            return False

    def _environment(self) -> dict[str, str]:
        return {
            "MPP_CLOCK": self._clock, "MPP_SERVER_DATA": str(self.folder), "MPP_SERVER_HOST": HOST,
            "MPP_SERVER_PORT": str(self.port), "MPP_SERVER_FLOOR": str(self.folder.with_suffix(".toml")),
            "MPP_SERVER_ASYNC_MODE": ASYNC_MODE, "MPP_SERVER_LOG_LEVEL": "ERROR",
            "MPP_SECURITY_KIOSK_TOKEN_PER_SECOND": "100000",  # all load comes from few kiosks here
            **self._settings,
        }


def furnished(warm: Warm, folder: Path, is_whole: bool = False, **settings: str) -> dict[str, dict[str, str]]:
    """A data folder after its first start and its log-ins, at rest; the headers of everybody in it.

    `is_whole`: the sample floor with all its gerai. `settings`: as a Hall's.
    """
    plan = read_floor(floor_path(PLAN)).as_data() if is_whole else _small_plan()
    folder.with_suffix(".toml").write_text(plan_toml(plan), "utf-8")
    hall = Hall(warm, folder, **settings)
    hall.begin()
    if not hall.is_alive():
        raise NotStarted(warm.said())
    first = json.loads((folder / "first-run.json").read_text("utf-8"))
    headers = {row["code"]: {"Authorization": f"Bearer {row['token']}"} for row in first["devices"]}
    for row in first["users"]:
        if row["role"] != "admin":
            headers[row["username"]] = hall.caller({}).log_in(row["username"], row["password"])
    caller = hall.caller(headers)
    caller.must("pengawas", "/policy", {"no_show_min_calls": 1, "no_show_wait_s": 0})
    hall.end()
    hall.close()
    return headers


def copied(template: Path, folder: Path) -> None:
    """A hall of its own as `furnished` left it."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)


def _small_plan() -> dict[str, Any]:
    whole = read_floor(floor_path(PLAN)).as_data()
    kept = {"agencies": GERAI, "gerai": GERAI, "series": GERAI, "services": SERVICES}
    rows = {key: [row for row in whole[key] if row["code"] in codes] for key, codes in kept.items()}
    # Every counter serves everything of its gerai.
    rows["counters"] = [{**row, "weights": {}, "services": None} for row in whole["counters"] if row["gerai"] in GERAI]
    return {**whole, **rows}


def _reserved() -> socket.socket:
    """A port that nobody else gets while its server is dead: bound, never listening, beside the server's own."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind((HOST, 0))
    return held


def wait(done: Callable[[], bool], most_s: float, what: str) -> None:
    """Until it is so. Raises NotStarted after `most_s`."""
    deadline = time.monotonic() + most_s
    while not done():
        if time.monotonic() > deadline:
            raise NotStarted(f"{what}: not within {most_s:.0f} s")
        time.sleep(LOOK_S)
