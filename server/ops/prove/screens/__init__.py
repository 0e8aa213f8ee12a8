"""Screens through kills, outages and bad roads: all come back, and show what the server says (P8, P10)."""

from __future__ import annotations

import os
import re
import statistics
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from server.cli.faults import BAD_ARGUMENTS, Stop
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.lives.hall import Hall, Warm, furnished
from server.ops.prove.screens.playing import GROWTH_MB, P10_S, Plan, Play
from server.ops.prove.screens.stage import Stage

TITLE = "Screens: kills, outages, bad roads and pages that freeze"
HOW = f"""
What is promised: a screen is live or says since when it is not, and after healing equals the server (P8); 200 screens are back and
correct within {P10_S:.0f} s of the server answering again, after an outage of 10 s and of 10 min (P10); no page can hurt another.

A real server (the product's worker, killed with SIGKILL, its data on disk) and screens as bare sockets in another process: half of
them an officer's pages, a third displays with rooms of their own, the others kiosk, desk and supervisor. They do what the page's
`live.js` does, written a second time: after a lost socket ask `GET /views/{{room}}` with growing pauses (0.2 s to 2 s), then open the
socket; within an epoch the newest version wins; a pulse that knows more makes them ask, which is counted, and must never be
necessary. Numbers are taken and called up to the very moment of each kill, so what a screen has not seen yet is what it must show
afterwards. *Back* is a screen that has had a view by its socket at least as new as what the server said when it first answered
(`/readyz`); *equal* is epoch, version and every byte of `data`; and the views of displays and officers must show the call that was
acknowledged last, so that a server which is equally wrong on both ways is seen too.

Every fourth screen goes by a road of ours, on which frames come twice, late, again after newer ones, or are cut off at any byte, and
answers are cut off. Some screens freeze (nothing is read and no ping is answered: what SIGSTOP leaves of a page) and some read
200 bytes at a time: calls must reach all others meanwhile, and the kernel's own table of connections says when the frozen ones
were let go. Then all pages are closed and opened again and again; at the end all leave, and the server must
have no more files and threads than before they came.

What it cannot show: that the page's JavaScript does the same (`mpp prove pages` tries that in Chromium), and how long a browser takes. The limit of {P10_S:.0f} s counts after the outages of 10 s and 10 min, that of memory ({GROWTH_MB:.0f} MB while pages come and go) at the end,
both in the long form only, which wants a machine that does nothing else; after the kills, and in the short form, which has 40 screens in
a hall of two gerai and pings every second, the times are only told. A page on a link so slow that whole views pile up in the server's
kernel shows old views while they drain; the slow screens here get their speed back before they are compared.

`MPP_PROVE_SCREENS=10x10` gives the long form another size: so many kills, and no outage longer than so many seconds.
"""
_LIVE, _RELAY, _SHELF = "server/realtime/live.py", "server/realtime/relay.py", "server/realtime/shelf.py"
PLANTS = (
    Plant("a screen that comes back is given no view", _LIVE, "        if self.registry.holds(sid):\n            self.emit", "        if not self.registry.holds(sid):\n            self.emit"),
    Plant("frozen screens are kept", _LIVE, "        ping_timeout=ping_timeout_s,", "        ping_timeout=ping_timeout_s * 1000,"),
    Plant("a new version of old data", _SHELF, "            if self._snap.seq < self._versions.head:", "            if self._snap.seq < self._versions.head - 4:"),
    Plant("news for all but one", _LIVE, "        self.emit(name, message, room=room)", '        for sid in self.registry.of_room(room)[name == "view":]:\n            self.emit(name, message, room=sid)'),
    Plant("a view that is thought to have been sent", _RELAY, "        if self._sent.get(room) == self._shelf.version(room):", "        if (self._sent.get(room) or 0) >= self._shelf.version(room) - 1:"),
)
SHORT = Plan(screens=40, displays=6, kills=3, outages=(), still=3, presses=5, comings=3, ping_s=1, is_timed=False)
LONG = Plan(screens=200, displays=26, kills=50, outages=(10.0, 600.0), still=20, presses=60, comings=40, ping_s=0, is_timed=True)


#: kills, and the longest outage in seconds, of another long form
SIZE = "MPP_PROVE_SCREENS"


def plan_of(is_long: bool, wanted: str) -> Plan:
    """`wanted`: what SIZE says. Raises Stop."""
    if not is_long or not wanted:
        return LONG if is_long else SHORT
    found = re.fullmatch(r"([1-9]\d?)x(\d{1,3})", wanted)
    if found is None:
        raise Stop(f"{SIZE}={wanted}: tulis jumlah kali mati dan detik terlama, misalnya 10x10.", BAD_ARGUMENTS)
    outages = tuple(one for one in LONG.outages if one <= int(found[2]))
    return replace(LONG, kills=int(found[1]), outages=outages)


def run(order: Order) -> Findings:
    """The campaign; see campaign.py."""
    plan = plan_of(order.is_long, os.environ.get(SIZE, ""))
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-prove-")))
        warm = Warm(folder / "warm.log")
        ends.callback(warm.close)
        headers = furnished(warm, folder / "hall", is_whole=order.is_long)
        pings = {"MPP_SERVER_PING_INTERVAL_S": str(plan.ping_s), "MPP_SERVER_PING_TIMEOUT_S": str(plan.ping_s)} if plan.ping_s else {}
        hall = Hall(warm, folder / "hall", **pings)
        ends.callback(hall.close)
        hall.begin()
        stage = Stage(hall, headers)
        stage.enrol(plan.displays)
        play = Play(plan, stage, order.seed, order.say)
        play.run()
        size = len(stage.truth("floor").data) if hall.is_alive() else 0
    told = [] if plan in (SHORT, LONG) else ["", f"Not the whole long form: `{SIZE}={os.environ[SIZE]}`."]
    return Findings([*told, *figures(play, size)], play.broken)


def figures(play: Play, size: int) -> list[str]:
    """What was seen, in Markdown. `size`: bytes of the largest view."""
    plan, mb = play.plan, play.memory_mb
    faults = ", ".join(f"{count} {name}" for name, count in sorted(play.road.faults.items()))
    return [
        "",
        f"{plan.screens} screens, {plan.kills} kills, outages of {', '.join(f'{one:.0f} s' for one in plan.outages) or 'none longer'}; "
        f"{play.stage.presses} presses; {play.looks} times all rooms were compared; the supervisor's view has {size} bytes.",
        f"On the bad road: {faults}. Screens lost their connection {sum(one.losses for one in play.screens)} times.",
        f"{plan.still} frozen screens were let go within {play.dropped_s:.1f} s.",
        "",
        "| seconds from the first answer until a screen was back | n | median | P95 | longest |",
        "|---|---|---|---|---|",
        *(_row(f"outage: {kind}", values) for kind, values in play.back_s.items()),
        "",
        "| seconds from a call's answer until the last display and officer's page shows it | n | median | P95 | longest |",
        "|---|---|---|---|---|",
        *(_row(kind, values) for kind, values in play.news_s.items()),
        "",
        f"Memory of the server: {min(mb):.0f} to {max(mb):.0f} MB, {mb[-1]:.0f} MB after every page had come {play.comings} times more. "
        f"Load of the machine at the kills (1 = one core busy, this campaign and all else): {min(play.load):.1f} to {max(play.load):.1f}." if mb else "",
    ]


def _row(name: str, values: list[float]) -> str:
    ordered = sorted(values)
    p95 = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)] if ordered else 0.0
    return f"| {name} | {len(ordered)} | {statistics.median(ordered):.2f} | {p95:.2f} | {ordered[-1]:.2f} |" if ordered else f"| {name} | 0 | | | |"
