"""The processes a server brings along (print host, virtual printer): started, watched, restarted, ended."""

import logging
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger("mpp.companions")

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
#: A companion that ran this long is well again: the next pause is short, the recovery is logged.
STEADY_AFTER_S = 10.0
END_WAIT_S = 1.5


@dataclass(frozen=True)
class Companion:
    """How one companion is started. `command` is read at each start, so that it may change in between."""

    name: str
    command: Callable[[], Sequence[str]]
    folder: Path
    environment: Mapping[str, str]


@dataclass
class _Watched:
    companion: Companion
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_after: float = 0.0
    pause_s: float = FIRST_PAUSE_S
    failing: bool = False


@dataclass
class Companions:
    """All companions of a server. Its owner calls `watch` about once a second and `end` when it stops."""

    clock: Callable[[], float] = time.monotonic
    _watched: list[_Watched] = field(default_factory=list)
    _ending: bool = False

    def add(self, companion: Companion) -> None:
        """Take one more; the next `watch` starts it."""
        self._watched.append(_Watched(companion))

    def watch(self) -> None:
        """Start what is due, notice what has ended. Logs once when one falls and once when it is steady again."""
        if not self._ending:
            for watched in self._watched:
                self._look_at(watched)

    def pids(self) -> dict[str, int]:
        """Which process each running companion has."""
        return {w.companion.name: w.process.pid for w in self._watched if w.process and w.process.poll() is None}

    def ask_to_end(self) -> None:
        """Send SIGTERM to all; none is started again."""
        self._ending = True
        for watched in self._watched:
            _signal(watched.process, signal.SIGTERM)

    def end(self) -> None:
        """End all: asked first, killed after END_WAIT_S seconds."""
        self.ask_to_end()
        deadline = self.clock() + END_WAIT_S
        for watched in self._watched:
            if watched.process is None:
                continue
            try:
                watched.process.wait(max(0.01, deadline - self.clock()))
            except subprocess.TimeoutExpired:
                _signal(watched.process, signal.SIGKILL)
                watched.process.wait()

    def _look_at(self, watched: _Watched) -> None:
        now = self.clock()
        if watched.process is None:
            if now >= watched.start_after:
                self._start(watched, now)
        elif watched.process.poll() is not None:
            self._has_ended(watched, now)
        elif now - watched.started_at >= STEADY_AFTER_S and (watched.failing or watched.pause_s > FIRST_PAUSE_S):
            if watched.failing:
                log.warning("%s runs again (pid %s)", watched.companion.name, watched.process.pid)
            watched.failing, watched.pause_s = False, FIRST_PAUSE_S

    def _start(self, watched: _Watched, now: float) -> None:
        companion = watched.companion
        try:
            watched.process = subprocess.Popen(
                companion.command(), cwd=companion.folder, env=dict(companion.environment), stdin=subprocess.DEVNULL,
                # What it has to say goes to the log on standard error; standard output is the terminal's.
                stdout=subprocess.DEVNULL,
                # Out of the terminal's group: Ctrl-C reaches the server, which ends its companions in order.
                process_group=0,
            )
        except OSError as problem:
            self._pause(watched, now, f"cannot be started: {problem}")
            return
        watched.started_at = now
        log.log(logging.DEBUG if watched.failing else logging.INFO, "%s started (pid %s)", companion.name, watched.process.pid)

    def _has_ended(self, watched: _Watched, now: float) -> None:
        assert watched.process is not None
        watched.process = None
        self._pause(watched, now, "has ended by itself")

    def _pause(self, watched: _Watched, now: float, why: str) -> None:
        if not watched.failing:
            log.error("%s %s; it is started again, with pauses of up to %s s", watched.companion.name, why, LONGEST_PAUSE_S)
        watched.failing = True
        watched.start_after = now + watched.pause_s
        watched.pause_s = min(2 * watched.pause_s, LONGEST_PAUSE_S)


def _signal(process: subprocess.Popen[bytes] | None, number: int) -> None:
    if process is not None and process.poll() is None:
        process.send_signal(number)
