"""The way to the server and back: requests and replies that get lost, come late, or come twice.

Whoever presses keeps asking under the same key until an answer comes, as the pages do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from server.app.ask import Answer, Ask
from server.ops.prove.floors.judge import Judge
from server.ops.prove.floors.machine import Gone, Machine, Reply
from server.ops.prove.floors.world import NOTHING, Box, World

#: share of the requests that meet each fate
FATES = {"request lost": 0.006, "reply lost": 0.008, "late": 0.006, "twice": 0.012}
DELAY_S = (0.002, 0.04)
LATE_S, TWICE_S = (2.0, 40.0), (0.0, 60.0)
#: half of those that come twice come from a page that had been forgotten
MUCH_LATER_S = (600.0, 3 * 3600.0)
#: a page waits so long for an answer, then asks again after a pause
PATIENCE_S, PAUSE_S, TRIES = 8.0, (1.0, 4.0), 12


class Network:
    def __init__(self, world: World, machine: Machine, judge: Judge) -> None:
        self._world, self._machine, self._judge = world, machine, judge
        self._chance = world.chance("network")
        self._keys = 0
        self.met: Counter[str] = Counter()
        self.asked = 0
        #: nobody reaches the server before this moment
        self.cut_until_s = 0.0

    def press(self, ask: Ask, act: Callable[..., Answer], tries: int = TRIES, is_keyed: bool = True, **arguments: Any) -> Reply | None:
        """The reply to one press; None: given up, and what came of it is not known to whoever pressed."""
        self._keys += 1
        keyed = replace(ask, token=f"t{self._keys}")
        if is_keyed:
            keyed = replace(keyed, key=f"k{self._keys}", fingerprint=f"{act.__name__} {arguments}")
        self._judge.pressed(keyed, act)
        for _ in range(tries):
            reply = self._send(keyed, act, arguments)
            if reply is not None and not reply.busy:
                self._judge.told(keyed, act, reply)
                return reply
            self._world.sleep(self._chance.uniform(*PAUSE_S))
        return None

    def _fate(self) -> str:
        drawn = self._chance.random()
        for fate, share in FATES.items():
            if drawn < share:
                return fate
            drawn -= share
        return ""

    def _send(self, ask: Ask, act: Callable[..., Answer], arguments: dict[str, Any]) -> Reply | None:
        """Once; None: no reply came in time."""
        self.asked += 1
        fate = self._fate()
        if self._world.s < self.cut_until_s:
            fate = "request lost"
        if fate:
            self.met[fate] += 1
            return self._ill(fate, ask, act, arguments)
        self._world.sleep(self._chance.uniform(*DELAY_S))
        try:
            return self._machine.serve(ask, act, arguments)
        except Gone:
            return None

    def _ill(self, fate: str, ask: Ask, act: Callable[..., Answer], arguments: dict[str, Any]) -> Reply | None:
        """The request goes its own way while the page waits."""
        box = Box(self._world)
        bring = lambda reply: None if fate == "reply lost" else box.put(reply)  # noqa: E731
        way = (ask, act, arguments, bring)
        if fate != "request lost":
            after_s = self._chance.uniform(*(LATE_S if fate == "late" else DELAY_S))
            self._world.spawn(self._deliver, *way, after_s=after_s)
        if fate == "twice":
            after_s = self._chance.uniform(*(MUCH_LATER_S if self._chance.random() < 0.5 else TWICE_S))
            self._world.spawn(self._deliver, *way, after_s=after_s)
        reply = box.get(PATIENCE_S)
        return None if reply is NOTHING else reply

    def _deliver(self, ask: Ask, act: Callable[..., Answer], arguments: dict[str, Any], bring: Callable[[Reply], object]) -> None:
        try:
            bring(self._machine.serve(ask, act, arguments))
        except Gone:
            return
