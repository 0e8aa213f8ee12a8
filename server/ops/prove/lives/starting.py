"""A server that is killed while it starts on what a killed one has left: recovery and the way to readiness."""

from __future__ import annotations

import shutil
import signal
from collections import Counter
from pathlib import Path
from typing import Any

from server.ops.prove.lives.calling import Unanswered
from server.ops.prove.lives.hour import HOUR
from server.ops.prove.lives.killing import Found, Lane, names_of
from server.ops.prove.lives.story import Story, judged, numbers
from server.ops.prove.lives.tracing import Trace, kill_at, recorded

#: acts before the server dies that the others start after
BEFORE = 10


class Starts:
    """On one lane: a wreck is made once, and every start begins with a copy of it."""

    def __init__(self, lane: Lane, story: Story) -> None:
        self._lane, self._story = lane, story
        self._wreck = lane.folder / "wreck"
        self._kept: dict[str, Any] = {}
        self._bodies: list[Any] = []

    def points(self) -> list[tuple[str, int]]:
        """Every (system call, count) of a start after a kill -9. Makes the wreck."""
        lane, hall = self._lane, self._lane.hall
        lane.fresh()
        hall.begin()
        self._bodies = [lane.answer(act, number, self._kept).body for number, act in enumerate(HOUR[:BEFORE])]
        hall.end(signal.SIGKILL)
        shutil.rmtree(self._wreck, ignore_errors=True)
        shutil.copytree(hall.folder, self._wreck)
        traces: list[Trace] = []
        hall.begin(lambda pid: traces.append(recorded(pid, hall.path, lane.folder / "start")))
        traces[0].end()
        hall.end(signal.SIGKILL)
        return [(name, n) for name, count in Counter(names_of(traces[0].log)).items() for n in range(1, count + 1)]

    def die(self, found: Found, call: str, count: int) -> None:
        """Die there, start again, and go on with the hour."""
        lane, hall, traces = self._lane, self._lane.hall, list[Trace]()
        shutil.rmtree(hall.folder, ignore_errors=True)
        shutil.copytree(self._wreck, hall.folder)
        hall.begin(lambda pid: traces.append(kill_at(pid, hall.path, lane.folder / "kill", call, count)))
        died = not hall.is_alive()
        traces[0].end()
        hall.end(signal.SIGKILL)
        if died:
            found.calls[call] += 1
        self._judge(found, f"killed at {call} {count} of a start")
        hall.begin()
        try:
            told = lane.answer(HOUR[BEFORE], BEFORE, dict(self._kept))
            if told.status >= 300:
                found.broken.append(f"after a kill at {call} {count} of a start: {told.status} {told.body}")
        except Unanswered as problem:
            found.broken.append(f"after a kill at {call} {count} of a start: no answer: {problem}")
        hall.end(signal.SIGKILL)

    def _judge(self, found: Found, where: str) -> None:
        lane = self._lane
        wrong, _ = judged(self._story, lane.hall.path, Path(lane.folder / "remains"), BEFORE, numbers(self._bodies))
        found.broken += [f"{where}: {one}" for one in wrong]
