"""What goes wrong on a floor, drawn from the seed: when, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from random import Random

from server.app import clockwork, counters, days, floors
from server.ops.prove.floors.disk import FAULTS
from server.ops.prove.floors.hall import Hall, supervisor
from server.ops.prove.floors.machine import Machine
from server.ops.prove.floors.network import Network
from server.ops.prove.floors.screens import Screens
from server.ops.prove.floors.world import DAY_S, World

#: what happens in the hours people are there -> how often a day
BY_DAY = {"disk": 8.0, "stall": 3.0, "full": 0.6, "kill": 2.0, "power": 0.5, "battery": 1.0, "cut": 1.0, "display": 6.0, "mute": 5.0,
          "clock": 0.6, "release": 1.5, "policy": 0.7, "close": 0.15}  # fmt: skip
#: seconds by which a clock is moved, both ways
STEPS_S = (1, 3, 90, 3600, 86_400, 172_800, 20 * 86_400)
#: and by which one with an empty battery wakes in the past
EMPTY_S = (-3600, -86_400, -20 * 86_400, -2000 * 86_400)
#: in the night the power is cut so often, and then so often the clock wakes wrong
NIGHT_OFF, NIGHT_CLOCK = 0.6, 0.25


class Weather:
    def __init__(self, world: World, hall: Hall, machine: Machine, network: Network, screens: Screens) -> None:
        self._world, self._hall, self._machine, self._network, self._screens = world, hall, machine, network, screens
        self.happened: Counter[str] = Counter()

    def come(self, day: int) -> None:
        """Lays out one day and the night after it."""
        world, chance = self._world, self._world.chance(f"weather {day}")
        for what, often in BY_DAY.items():
            count = int(often) + (chance.random() < often % 1)
            for _ in range(count):
                minute = chance.uniform(990, 1030) if what == "close" else chance.uniform(475, 990)
                self._plan(day, minute, what, chance)
        pages = self._screens.pages.values()
        for page in pages:
            world.later(day * DAY_S + chance.uniform(450, 475) * 60 - world.s, page.turn_on)
            world.later(day * DAY_S + 1000 * 60 - world.s, lambda page=page: page.is_on and page.turn_off())  # type: ignore[misc]
        if chance.random() < NIGHT_OFF:
            self._plan(day, chance.uniform(1010, 1380), "night", chance)

    def _plan(self, day: int, minute: float, what: str, chance: Random) -> None:
        act: Callable[[Random], None] = getattr(self, f"_{what}")
        mine = Random(chance.random())

        def happen() -> None:
            self.happened[what] += 1
            act(mine)

        self._world.spawn(happen, after_s=day * DAY_S + minute * 60 - self._world.s)

    def keep_running(self) -> None:
        """A process that is gone is started again, as systemd does; for ever."""
        chance = self._world.chance("starts")
        while True:
            if not self._machine.is_up and self._machine.has_power:
                self._world.sleep(chance.uniform(1, 20))
                if self._machine.has_power:
                    self._machine.boot()
                    self._screens.troubled()
            self._world.sleep(1 if not self._machine.is_up else 10)

    def supervise(self) -> None:
        """A supervisor who looks at the clock every few minutes, and confirms it when the wall is right; for ever."""
        chance = self._world.chance("supervisor")
        while True:
            self._world.sleep(chance.uniform(120, 500))
            machine = self._machine
            if machine.is_up and machine.clock.doubted and not machine.wall_is_wrong:
                self.happened["clock confirmed"] += 1
                self._network.press(supervisor(), clockwork.confirm_clock)

    def _disk(self, chance: Random) -> None:
        self._machine.disk.arm(chance.choice(FAULTS), chance.randrange(25))

    def _stall(self, chance: Random) -> None:
        """Longer than who asks is patient, sometimes."""
        self._machine.stalled_until_s = self._world.s + chance.choice((0.5, 3, 12))

    def _full(self, chance: Random) -> None:
        self._machine.full_until_s = self._world.s + chance.uniform(20, 180)

    def _kill(self, chance: Random) -> None:
        self._screens.troubled()
        self._machine.die()

    def _power(self, chance: Random) -> None:
        self._off(chance.uniform(10, 900))

    def _battery(self, chance: Random) -> None:
        """The power comes back, and the clock's battery was empty: it wakes wrong."""
        off_s = chance.uniform(30, 300)
        self._wrong(chance, off_s + chance.uniform(60, 1800), chance.choice(EMPTY_S))
        self._off(off_s)

    def _night(self, chance: Random) -> None:
        """Off over midnight, on before the doors open."""
        if chance.random() < NIGHT_CLOCK:
            self._wrong(chance, chance.uniform(7.6, 9) * 3600)
        morning_s = (self._world.s // DAY_S + 1) * DAY_S + chance.uniform(6, 7.9) * 3600
        self._off(morning_s - self._world.s)

    def _off(self, seconds: float) -> None:
        machine = self._machine
        machine.has_power = False
        machine.die()
        self._screens.troubled()
        for page in self._screens.pages.values():
            page.cut_off()
        self._world.sleep(seconds)
        machine.has_power = True

    def _cut(self, chance: Random) -> None:
        until_s = self._world.s + chance.uniform(10, 120)
        self._network.cut_until_s = self._screens.cut_until_s = until_s
        for page in self._screens.pages.values():
            page.cut_off()

    def _display(self, chance: Random) -> None:
        page = chance.choice(list(self._screens.pages.values()))
        if page.is_on:
            page.turn_off()
            self._world.sleep(chance.uniform(2, 600))
            if not page.is_on and self._world.minute() < 990:
                page.turn_on()

    def _mute(self, chance: Random) -> None:
        page = chance.choice(list(self._screens.pages.values()))
        page.audio = chance.choice(("error", "muted", "locked"))
        self._screens.troubled(page.group)
        self._world.sleep(chance.uniform(5, 400))
        page.audio = "ok"
        self._screens.troubled(page.group)

    def _clock(self, chance: Random) -> None:
        self._wrong(chance, chance.uniform(60, 3600))

    def _wrong(self, chance: Random, for_s: float, empty_s: int | None = None) -> None:
        """The wall clock is moved, and put right again after a while."""
        world, by_s = self._world, empty_s or chance.choice(STEPS_S) * chance.choice((1, -1))
        self.happened[f"clock by {by_s:+} s"] += 1
        world.wrong_by = timedelta(seconds=by_s)
        world.later(for_s, lambda: setattr(world, "wrong_by", timedelta(0)))

    def _release(self, chance: Random) -> None:
        counter = chance.choice(list(self._hall.counters))
        self._network.press(supervisor(), counters.release, counter=counter, reason="sakit")

    def _policy(self, chance: Random) -> None:
        change = {
            "priority_ratio": chance.randrange(1, 4), "put_back_places": chance.randrange(1, 5),
            "return_places": chance.randrange(1, 5), "max_wait_guard_s": chance.choice((900, 1800, 3600)),
        }  # fmt: skip
        self._network.press(supervisor(), floors.set_policy, **change)

    def _close(self, chance: Random) -> None:
        self._network.press(supervisor(), days.close_now)
