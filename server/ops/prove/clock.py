"""P12 on the wall clock of a real server: jumps, power off over midnight, no time source, year end, 29 February."""

from __future__ import annotations

import random
import signal
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.crash import memory
from server.ops.prove.lives.hall import Hall, Warm, furnished
from server.ops.prove.tools import Missing
from server.ops.prove.trouble.faking import Wall
from server.ops.prove.trouble.moved import CHECK_S, SLEW_S, SOON_S, Moved

#: the site's settings: the real clock
SETTINGS = {"MPP_CLOCK": "", "MPP_CLOCK_GUARD_CHECK_S": str(CHECK_S), "MPP_BACKUP_EVERY_MIN": "0"}
TITLE = "Clock: jumps, midnights, no time source"
HOW = f"""
What is promised (P12): whatever the computer's clock does, no number begins again within a date, no date comes twice, nothing takes a
negative time, the order is that of the log, a jump of more than {SLEW_S:.0f} s is told as *waktu diragukan* and followed only when
a supervisor confirms it, and where the date itself is in doubt nothing is issued before that.

A real server on the real clock of its computer, which libfaketime moves while it runs (its monotonic clock stays true, as a
kernel's does). One hall goes through these lives, each begun and ended as a process:

1. **30 December, evening**: jumps both ways, from a second to two days, each taken back; numbers are given all the while. At least 50
   people wait when the power goes.
2. **31 December, morning**: that day must be closed once, with its waiting expired, and the numbers begin at 1. A visitor is in service
   as the clock jumps over the year's end: nothing changes until the supervisor confirms it, then the new date begins.
3. **No time source**: a start in the year 2000. Time must go on from the last event, flagged; the numbers too. The time
   comes back and is confirmed; then the first visitor is called, whose wait it lies in.
4. **28 February, shortly before midnight**, 58 days after the last event: nothing may be issued before it is confirmed. Then
   visitors press across midnight into 29 February, and the server is killed.
5. **1 March**, after a night without power.

Judged at each life's end by other code on SQLite alone: the log worked out again (numbers, dates, turns), every pair of moments in the
tables, every ticket's date against its moment, every time that a confirmed jump lies in. The long form does this with drawn jumps.
"""
PLANTS = (
    Plant(
        "the wall clock is followed at once", "server/clock.py",
        "        self._given = max(self._given, self._course.at(monotonic_s))\n", "        self._given = self._wall()\n",
    ),
    Plant(
        "a start behind the log believes the wall", "server/domain/timekeeping.py",
        "        return Start(last_event_at, Flag.BEHIND if doubted else None, False)", "        return Start(wall, None, False)",
    ),
    Plant(
        "a far date is believed", "server/domain/timekeeping.py",
        "        return Start(last_event_at, Flag.AHEAD, True)", "        return Start(wall, None, False)",
    ),
    Plant("a day that never ends", "server/app/days.py", "if opened is not None and opened >= local:", "if opened is not None:"),
    Plant("times over a confirmed jump count", "server/app/clockwork.py", "        work.tickets.doubt_open(day)\n", "        pass\n"),
    Plant("a doubt that nobody is told", "server/app/ticking.py", "        if doubted and not was:\n", "        if False:\n"),
)


@dataclass(frozen=True)
class Plan:
    """`jumps`: seconds, each taken back; `waiting`: people, when the power goes."""

    jumps: tuple[float, ...]
    waiting: int = 50


SHORT = Plan((1.0, 172_800.0, -172_800.0))
#: both ways; the long form adds drawn ones between them
EDGES = (1.0, 1.9, 2.5, 60.0, 3_600.0, 14_400.0, 86_400.0, 172_800.0)
DRAWN = 60


class Campaign(Moved):
    """The lives of one hall, one after the other."""

    def __init__(self, plan: Plan, order: Order, wall: Wall, hall: Hall, headers: dict[str, dict[str, str]]) -> None:
        super().__init__(order.say, wall, hall, headers)
        self._plan = plan
        #: who waited when the power went
        self._left = 0

    def run(self) -> None:
        self._evening()
        self._morning()
        self._no_time()
        self._leap_night()
        self._march()

    def _evening(self) -> None:
        with self.life("2027-12-30T20:00:00+08:00", signal.SIGKILL):
            for by_s in self._plan.jumps:
                self.say(f"a jump of {by_s:+.1f} s")
                self.there_and_back(by_s)
            while self.waiting() < self._plan.waiting:
                self.touch("2027-12-30")
            self._left = self.waiting()

    def _morning(self) -> None:
        with self.life("2027-12-31T07:00:00+08:00", signal.SIGTERM) as records:
            self.touch("2027-12-31", number=1)
            [(expired,)] = records.rows("SELECT count(*) FROM event WHERE type = 'TicketExpired'")
            if expired != self._left:
                self.broken.append(f"power off over midnight: {expired} of {self._left} expired")
            self.log_in()
            self.serve()
            self.touch("2027-12-31")
            self.wall.show("2028-01-01T00:00:05+08:00")
            self.must_doubt(records, "over the year's end")
            self.touch("2027-12-31")
            self.confirm()
            self.touch("2028-01-01", number=1)

    def _no_time(self) -> None:
        with self.life("2000-01-01T00:00:10+08:00", signal.SIGTERM) as records:
            self.must_doubt(records, "a start in 2000")
            self.touch("2028-01-01", number=2)
            self.wall.show("2028-01-01T09:00:00+08:00")
            self.log_in()
            self.confirm()
            issued = self.touch("2028-01-01", number=3)
            if issued is not None and abs(issued - self.wall.now()) > timedelta(seconds=SOON_S):
                self.broken.append(f"the time came back and was confirmed, and a number is given at {issued}")
            self.serve()

    def _leap_night(self) -> None:
        with self.life("2028-02-28T23:50:00+08:00", signal.SIGKILL) as records:
            self.must_doubt(records, "58 days ahead")
            told = self.ask()
            if told.status != 409 or told.body["code"] != "clock_suspect":
                self.broken.append(f"58 days ahead, not confirmed: {told.status} {told.body}")
            self.log_in()
            self.wall.show("2028-02-28T23:59:58.500+08:00")
            self.confirm()
            if self.ask_date() == "2028-02-28":
                self._over_midnight("2028-02-28", "2028-02-29")

    def _over_midnight(self, before: str, after: str) -> None:
        """Visitors press without pause until the date has changed, once."""
        deadline, date = time.monotonic() + SOON_S, before
        while date == before and time.monotonic() < deadline:
            date = self.ask_date()
        if date != after:
            self.broken.append(f"{before} is followed by {date}")
        self.touch(after, number=2)

    def _march(self) -> None:
        with self.life("2028-03-01T09:30:00+08:00", signal.SIGTERM):
            self.touch("2028-03-01", number=1)


def _long(seed: int) -> Plan:
    draw = random.Random(seed)
    drawn = [round(draw.choice((-1, 1)) * 10 ** draw.uniform(0, 5.2), 1) for _ in range(DRAWN)]
    return Plan(tuple(way * edge for edge in EDGES for way in (1, -1)) + tuple(drawn))


def run(order: Order) -> Findings:
    """Raises NotStarted or Refused when the hall does not come up."""
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-prove-", dir=memory())))
        try:
            wall = Wall(folder / "wall", "2027-12-30T19:00:00+08:00")
        except Missing as missing:
            return Findings(left_out=[str(missing)])
        warm = Warm(folder / "servers.log", wall.environment)
        ends.callback(warm.close)
        headers = furnished(warm, folder / "hall", **SETTINGS)
        hall = Hall(warm, folder / "hall", **SETTINGS)
        ends.callback(hall.close)
        campaign = Campaign(_long(order.seed) if order.is_long else SHORT, order, wall, hall, headers)
        campaign.run()
    return Findings(_figures(campaign), campaign.broken)


def _figures(campaign: Campaign) -> list[str]:
    return [
        "",
        f"- {campaign.lives} lives, {campaign.jumps} jumps taken back, from 1 s to two days; {campaign.pressed} numbers asked for, {len(campaign.acknowledged)} given.",
        f"- {campaign.doubts} doubts, each told, after {max(campaign.told_s):.1f} s at most (the clock is looked at each second).",
    ]
