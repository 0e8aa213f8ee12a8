"""Recordings of real servers: what they wrote and synced, and the moments at which clients had their answers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from server.ops.prove.lives.crowd import Crowd
from server.ops.prove.lives.hall import wait
from server.ops.prove.lives.hour import HOUR
from server.ops.prove.lives.images import Recording
from server.ops.prove.lives.killing import Lane
from server.ops.prove.lives.story import Story, numbers
from server.ops.prove.lives.tape import read_tape
from server.ops.prove.lives.tracing import Trace, files_of, recorded
from server.ops.prove.records import Records

CROWD_S = 120.0


def record_hour(lane: Lane, name: str, checkpoint_pages: int | None) -> Recording:
    """From the start of a server through the hour to its orderly end."""
    lane.fresh()
    story = Story.begun(lane.hall.path)
    recording, traces = _begin(lane, name, checkpoint_pages)
    recording.story = story
    records = Records(lane.hall.path)
    kept: dict[str, Any] = {}
    for number, act in enumerate(HOUR):
        body = lane.answer(act, number, kept).body
        recording.told_at.append(time.time())
        recording.numbers += [(recording.told_at[-1], *told) for told in numbers([body]).items()]
        story.turn(records, act.name)
    records.close()
    return _end(lane, recording, traces[0])


def record_crowd(lane: Lane, name: str, checkpoint_pages: int | None, answers: int) -> Recording:
    """Many at once, whose acts share commits, until they have had so many answers."""
    lane.fresh()
    recording, traces = _begin(lane, name, checkpoint_pages)
    crowd = Crowd(lane.caller, recording.numbers, recording.done)
    wait(lambda: crowd.answers >= answers or bool(crowd.broken), CROWD_S, f"{answers} answers")
    crowd.stop()
    if crowd.broken:
        raise AssertionError(crowd.broken[0])
    return _end(lane, recording, traces[0])


def _begin(lane: Lane, name: str, checkpoint_pages: int | None) -> tuple[Recording, list[Trace]]:
    files = {path.name: path.read_bytes() for path in files_of(lane.hall.path) if path.exists()}
    traces: list[Trace] = []
    lane.hall.begin(lambda pid: traces.append(recorded(pid, lane.hall.path, _log(lane, name))), checkpoint_pages)
    return Recording(name, lane.hall.path.name, files, []), traces


def _end(lane: Lane, recording: Recording, trace: Trace) -> Recording:
    lane.hall.end()
    trace.end()
    recording.ops = read_tape(trace.log, lane.hall.path)
    return recording


def _log(lane: Lane, name: str) -> Path:
    return lane.folder / f"{name.replace(' ', '-')}.tape"
