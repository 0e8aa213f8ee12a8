"""One hour of acts in which servers are killed at chosen system calls, begun again, and asked again."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from server.ops.prove.lives.calling import Told, Unanswered
from server.ops.prove.lives.hall import Hall, Warm, copied
from server.ops.prove.lives.hour import HOUR, Act
from server.ops.prove.lives.story import Story, judged, numbers
from server.ops.prove.lives.tracing import Trace, kill_at, recorded
from server.ops.prove.records import Records

Headers = Mapping[str, Mapping[str, str]]
LIVES_MAX = 5


@dataclass(frozen=True)
class Point:
    """The `count`-th `call` on the database of act number `act`."""

    act: int
    call: str
    count: int
    tries: int = 0


@dataclass
class Found:
    """`kept`: killed acts that were whole in the files, though nobody had been told; `calls`: killed at which."""

    broken: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    kept: int = 0
    undone: int = 0
    missed: list[Point] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.broken += other.broken
        self.calls += other.calls
        self.kept += other.kept
        self.undone += other.undone

    @property
    def kills(self) -> int:
        return sum(self.calls.values())


class Lane:
    """A place where hours are played, one after the other, each on a new copy of the furnished hall."""

    def __init__(self, warm: Warm, template: Path, headers: Headers, folder: Path) -> None:
        self._template, self._headers, self.folder = template, headers, folder
        folder.mkdir()
        self.hall = Hall(warm, folder / "hall")
        self.caller = self.hall.caller(headers)

    def fresh(self) -> None:
        """The hall as it was furnished; no server."""
        self.hall.end(signal.SIGKILL)
        copied(self._template, self.hall.folder)

    def learn(self) -> tuple[Story, list[list[str]]]:
        """The story of an undisturbed hour, and the system calls of each act in their order."""
        self.fresh()
        story = Story.begun(self.hall.path)
        self.hall.begin()
        records = Records(self.hall.path)
        trace = recorded(self._pid, self.hall.path, self.folder / "learnt")
        kept: dict[str, Any] = {}
        calls, seen = [], 0
        for number, act in enumerate(HOUR):
            self.answer(act, number, kept)
            story.turn(records, act.name)
            names = names_of(trace.log)
            calls.append(names[seen:])
            seen = len(names)
        trace.end()
        records.close()
        self.hall.end()
        return story, calls

    def hour(self, story: Story, points: Mapping[int, Point]) -> Found:
        """Play it with at most one kill in each act; judge after every death and at the end."""
        self.fresh()
        self.hall.begin()
        found, kept, bodies = Found(), {}, []
        for number, act in enumerate(HOUR):
            point = points.get(number)
            trace = point and kill_at(self._pid, self.hall.path, self.folder / "kill", point.call, point.count)
            told = self._through(found, story, act, number, kept, bodies, trace, point)
            if told is None:
                return found
            bodies.append(told.body)
        wrong, _ = judged(story, self.hall.path, self.folder / "remains", len(HOUR), numbers(bodies))
        found.broken += [f"at the end of an hour: {one}" for one in wrong]
        self.hall.end()
        return found

    def _through(
        self, found: Found, story: Story, act: Act, number: int, kept: dict[str, Any], bodies: list[Any],
        trace: Trace | None, point: Point | None,
    ) -> Told | None:
        """The act's answer, whoever dies on the way; None when it cannot be had (said in `found`)."""
        is_there = False
        for _ in range(LIVES_MAX):
            try:
                told = self.answer(act, number, kept)
            except Unanswered as problem:
                if trace is None and self.hall.is_alive():
                    found.broken.append(f"{act.name}: a living server did not answer: {problem}")
                    return None
                self.hall.end(signal.SIGKILL)
                is_there = self._death(found, story, act, number, bodies, trace and point)
                trace = _ended(trace)
                self.hall.begin()
                continue
            if trace is not None and point is not None:
                found.missed.append(point)
            _ended(trace)
            if is_there and not told.replayed and told.status != 204:
                found.broken.append(f"{act.name}: done before the kill, and done again")
            if told.status >= 300:
                found.broken.append(f"{act.name}: {told.status} {told.body}")
                return None
            return told
        found.broken.append(f"{act.name}: no answer in {LIVES_MAX} lives")
        return None

    def _death(self, found: Found, story: Story, act: Act, number: int, bodies: list[Any], point: Point | None) -> bool:
        """Judge the files; whether the act that was under way is there."""
        found.calls[point.call if point else "elsewhere"] += 1
        wrong, is_there = judged(story, self.hall.path, self.folder / "remains", number, numbers(bodies))
        where = f"{act.name}, killed at {point.call} {point.count}" if point else f"{act.name}, killed"
        found.broken += [f"{where}: {one}" for one in wrong]
        found.kept += is_there
        found.undone += not is_there
        return is_there

    def answer(self, act: Act, number: int, kept: dict[str, Any]) -> Told:
        path, body = act.wish(kept)
        told = self.caller.ask(act.who, path, body, f"hour-{number}")
        if act.keep:
            kept[act.keep] = told.body
        return told

    @property
    def _pid(self) -> int:
        assert self.hall.life is not None
        return self.hall.life.pid


def _ended(trace: Trace | None) -> None:
    if trace is not None:
        trace.end()


def names_of(log: Path) -> list[str]:
    """The calls of a recording, in their order (a resumed one counts where it began)."""
    lines = (line.split(maxsplit=2)[2] for line in log.read_text().splitlines() if "resumed>" not in line)
    return [line.partition("(")[0] for line in lines if "(" in line]


def points_of(calls: list[list[str]]) -> list[Point]:
    """Every system call of the hour as a point to kill at."""
    found = []
    for act, names in enumerate(calls):
        seen: Counter[str] = Counter()
        for name in names:
            seen[name] += 1
            found.append(Point(act, name, seen[name]))
    return found
