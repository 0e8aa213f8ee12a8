"""P8 and P9 as somebody who stands in the hall hears them: views against the log, announcements against the calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from server.ops.prove.floors.judge import Judge
from server.ops.prove.floors.rules import Told
from server.ops.prove.floors.world import World

#: a display's view carries the calls so much older than the newest, and at least so many
WINDOW, LEAST = timedelta(seconds=60), 12
#: more than a view ever carries
KEPT = 400
#: a call with no trouble in its group from so long before to so long after it must have been heard, s
BEFORE_S, AFTER_S = 20.0, 240.0
#: by then every display has been told what another spoke, or has lost its leave to speak: leave, the relay's turn and the way, s
NEWS_S = 4.5


@dataclass
class Spoken:
    """`told_s`: when the server had answered that it knows; None: never."""

    display: str
    begun_s: float
    ended_s: float | None = None
    is_whole: bool = False
    told_s: float | None = None


@dataclass
class Hearing:
    world: World
    judge: Judge
    #: display -> its sound group
    groups: dict[str, str]
    heard: dict[tuple[str, int], list[Spoken]] = field(default_factory=lambda: defaultdict(list))
    #: whether every display of a group is on, connected and can sound
    is_well: Callable[[str], bool] = lambda group: True
    #: group -> moments of trouble: a display off, mute or cut off, the server down
    trouble: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0]))
    views: int = 0
    #: announcements that were whole, were cut short, and came again
    whole: int = 0
    cut: int = 0
    again: int = 0
    _now: dict[str, Spoken] = field(default_factory=dict)
    _last: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _called_s: dict[int, float] = field(default_factory=dict)
    _known: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def troubled(self, group: str | None = None) -> None:
        for one in [group] if group else sorted(set(self.groups.values())):
            if self.trouble[one][-1] != self.world.s:
                self.trouble[one].append(self.world.s)

    def listen(self) -> None:
        """After each commit: when was what called."""
        for group, calls in self.judge.calls.items():
            for call in calls[self._known[group] :]:
                self._called_s[call.seq] = self.world.s
                if not self.is_well(group):
                    self.troubled(group)
            self._known[group] = len(calls)

    def view(self, display: str, version: int, data: dict[str, Any]) -> None:
        """P8, P9: what a display is about to be sent is what the log says: no young call left out, nobody else's served."""
        self.views += 1
        judge, group = self.judge, self.groups[display]
        wanted = self._wanted(group, data["date"])
        said = [(row["call_id"], row["number"], row["counter"]) for row in data["calls"]]
        if said[-len(wanted) :] != [(call.seq, call.label, call.counter) for call in wanted] and wanted:
            judge.blame(f"P9: {display} at {version} shows the calls {said[-4:]}, the log has {wanted[-4:]}")
        unsaid = [row["call_id"] for row in data["calls"] if not row["spoken"] and self._is_known(group, row["call_id"])]
        if unsaid:
            judge.blame(f"P9: {display} at {version} shows the calls {unsaid} as not spoken, which the server had written down")
        serving = [(row["counter"], row["number"], row["state"]) for row in data["serving"]]
        if serving != judge.active(group):
            judge.blame(f"P8: {display} at {version} shows {serving}, the log has {judge.active(group)}")

    def _is_known(self, group: str, call: int) -> bool:
        """Whether a display that spoke it has been answered so."""
        return any(one.told_s is not None for one in self.heard.get((group, call), ()))

    def _wanted(self, group: str, date: str) -> list[Told]:
        """Today's calls of a group that no view may leave out, oldest first."""
        found: list[Told] = []
        for call in reversed(self.judge.calls[group][-KEPT:]):
            if len(found) >= LEAST and call.at < found[0].at - WINDOW or self.judge.date(call.at) != date:
                break
            found.append(call)
        return found[::-1]

    def begin(self, display: str, call: int, is_owed: bool) -> Spoken:
        group = self.groups[display]
        other = self._now.get(group)
        if other is not None:
            self.judge.blame(f"P9: {display} speaks call {call} over {other.display}")
        if call < self._last[display] and not is_owed:
            self.judge.blame(f"P9: {display} speaks call {call} after {self._last[display]}")
        self._last[display] = max(call, self._last[display])
        for before in self.heard[group, call]:
            # Whole before, and the server has known for long enough to tell: nobody has a reason to say it again.
            is_known = before.told_s is not None and before.told_s + NEWS_S < self.world.s
            if before.is_whole and (is_known or before.display == display):
                self.judge.blame(f"P9: {display} speaks call {call} again, which {before.display} had spoken")
        self.again += bool(self.heard[group, call])
        spoken = self._now[group] = Spoken(display, self.world.s)
        self.heard[group, call].append(spoken)
        return spoken

    def end(self, display: str, spoken: Spoken, is_whole: bool) -> None:
        spoken.ended_s, spoken.is_whole = self.world.s, is_whole
        if self._now.get(self.groups[display]) is spoken:
            del self._now[self.groups[display]]
        self.whole += is_whole
        self.cut += not is_whole

    def told(self, display: str, call: int) -> None:
        for spoken in self.heard[self.groups[display], call]:
            if spoken.display == display and spoken.told_s is None:
                spoken.told_s = self.world.s

    def day_over(self, since_s: float, until_s: float) -> None:
        """P9: whatever was called in a group without trouble was spoken."""
        for group, calls in sorted(self.judge.calls.items()):
            marks = [since_s, *self.trouble[group], until_s]
            for call in calls:
                at_s = self._called_s.get(call.seq, -1.0)
                is_calm = since_s < at_s < until_s and not any(at_s - BEFORE_S < mark < at_s + AFTER_S for mark in marks)
                if is_calm and not any(one.is_whole for one in self.heard[group, call.seq]):
                    self.judge.blame(f"P9: call {call.seq} of {call.label} was never spoken in {group}")
            del calls[:-KEPT]
            self._known[group] = len(calls)
            self.trouble[group] = [self.world.s]
        self.heard.clear()
        self._called_s.clear()
