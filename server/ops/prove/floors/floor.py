"""One floor of so many days from a seed, and what came of it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path

from config.settings import load
from server.domain.events import GENESIS
from server.ops.prove.floors.hall import DISPLAYS, GROUPS, PRINTERS, SITE, Size, build, hall_of
from server.ops.prove.floors.hearing import Hearing
from server.ops.prove.floors.judge import Judge
from server.ops.prove.floors.machine import Machine
from server.ops.prove.floors.network import Network
from server.ops.prove.floors.paper import PrintHost
from server.ops.prove.floors.people import People
from server.ops.prove.floors.screens import Screens
from server.ops.prove.floors.weather import Weather
from server.ops.prove.floors.world import BEGIN, DAY_S, World
from server.storage.database import FILE


@dataclass
class Outcome:
    """`log_hash`: the head of the event log's chain; the same seed and size give the same."""

    seed: int
    days: float
    #: seconds of the processor, which other programs on the machine do not make longer
    cpu_s: float = 0.0
    log_hash: str = GENESIS
    broken: list[str] = field(default_factory=list)
    tickets: int = 0
    events: int = 0
    commits: int = 0
    requests: int = 0
    starts: int = 0
    calls: int = 0
    spoken: int = 0
    views: int = 0
    papers: int = 0
    faults: Counter[str] = field(default_factory=Counter)


def play(seed: int, days: float, size: Size, folder: Path) -> Outcome:
    """`folder` is empty, and on a disk that need not keep anything. A part of a day ends in its middle."""
    began = time.process_time()
    floor = Floor(seed, days, size, folder)
    floor.play()
    return floor.outcome(time.process_time() - began)


class Floor:
    def __init__(self, seed: int, days: float, size: Size, folder: Path) -> None:
        self._days, self._seed = days, seed
        world = self._world = World(seed, days)
        settings = load(None, {"MPP_SERVER_DATA": str(folder), "MPP_SERVER_ASYNC_MODE": "threading"})
        hall = hall_of(size)
        build(hall, settings, BEGIN)
        judge = self._judge = Judge(hall.rules(), folder / FILE, self._when, world.end)
        world.failed = lambda problem: judge.blame(f"somebody on the floor failed: {problem!r}")
        machine = self._machine = Machine(world, settings, SITE, judge)
        network = self._network = Network(world, machine, judge)
        self._hearing = Hearing(world, judge, {code: GROUPS[zone] for code, zone in DISPLAYS.items()})
        screens = self._screens = Screens(world, machine, self._hearing)
        machine.news, machine.is_unsettled = self._nudge, screens.is_unsettled
        self._people = People(world, hall, machine, network, judge)
        self._weather = Weather(world, hall, machine, network, screens)
        self._hosts = [PrintHost(world, machine, network, judge, code, at == 1) for at, code in enumerate(PRINTERS)]

    def _nudge(self) -> None:
        self._screens.committed()
        for host in self._hosts:
            host.look()

    def _when(self) -> str:
        day, rest = divmod(self._world.s, DAY_S)
        return f"seed {self._seed}, day {day:.0f}, {rest // 3600:02.0f}:{rest % 3600 / 60:05.2f}"

    def play(self) -> None:
        world = self._world
        self._machine.boot()
        self._judge.look()
        for work in (self._weather.keep_running, self._weather.supervise, self._screens.pulse, *(host.work for host in self._hosts)):
            world.spawn(work)
        for day in range(ceil(self._days)):
            world.later(day * DAY_S, lambda day=day: self._dawn(day))  # type: ignore[misc]
        world.run()
        self._judge.look()
        self._judge.day_over()
        self._machine.die()
        self._judge.finish()

    def _dawn(self, day: int) -> None:
        if day:
            self._judge.day_over()
            self._hearing.day_over((day - 1) * DAY_S + 480 * 60, (day - 1) * DAY_S + 998 * 60)
        self._people.come(day)
        self._weather.come(day)

    def outcome(self, cpu_s: float) -> Outcome:
        judge, hearing, machine = self._judge, self._hearing, self._machine
        faults = Counter(self._weather.happened)
        faults.update({f"network: {fate}": count for fate, count in self._network.met.items()})
        faults.update({f"disk: {fault}": count for fault, count in machine.disk.struck.items()})
        return Outcome(
            self._seed, self._days, cpu_s, judge.log_hash, judge.broken,
            tickets=len(judge.ledger.visits), events=judge.ledger.seq, commits=judge.checks, requests=self._network.asked,
            starts=sum(1 for life in range(machine.life) if life % 2 == 0), calls=len(judge._call_of), spoken=hearing.whole,
            views=hearing.views, papers=sum(len(marks) for marks in judge.papers.values()), faults=faults,
        )  # fmt: skip
