"""Whole floors on simulated time: the real acts on the real storage, with everything around them going wrong from a seed."""

from __future__ import annotations

import multiprocessing
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from server.cli.faults import BAD_ARGUMENTS, Stop
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.floors.floor import Outcome, play
from server.ops.prove.floors.hall import FULL, SMALL, Size

TITLE = "Floors: days of a hall on simulated time"
HOW = """
What is promised: P1 to P5, P9 and P12 of the design, after every commit. The short form plays two days of a hall of three gerai
and some 70 visitors; the long form ten floors of ten days and one of thirty, with twelve gerai and 1,500 visitors a day.

One thread, one heap of moments, one seed. The server's own house (acts, clock, tickers, shelf of views, writer and readers)
runs on a real SQLite file in memory (`/dev/shm`); simulated are the monotonic and the wall clock, the scheduler, and everything
outside: visitors at three kiosks and two desks, an officer at every counter, a supervisor, a print host with two printers, three
displays in two sound groups. Requests that arrive together share a commit, as in the writer thread.

What goes wrong, with chances from the seed: requests and replies that are lost, late or come twice (whoever pressed asks again
under the same key); a disk that is full, fails or stalls at any statement or at the commit; the process that dies at any
statement, before and right after a commit; power cuts, also over midnight with visitors waiting; a clock moved by a second
to twenty days, also while the power was off; a network that is cut; printers without paper, without a word, or with an unknown
end; displays that are off, mute or cut off. Officers' pages die; people miss their call, return, leave, are sent on.

The judge reads the log through plain SQLite and works out states, places, turns, quotas, ranges, hours, lengths of services and
what the displays must show again, from the floor plan and the design alone; it also knows what everybody was told. At the end
of each day all tables are compared with the log. The same seed gives the same log, to the last hash.

What it cannot show: a kill here drops what was not committed, as the operating system would keep the file; what a power cut does
to a half-written file is another campaign's matter, and so are threads and sockets. The displays' rule is written a second time
here, since theirs is JavaScript, which the browser tests hold; here it is the server's part that is on trial. All counters weigh
their services equally. Looks of the house that find nothing are made less often than in the product.

`MPP_PROVE_FLOORS=3x2` gives the long form another size: so many seeds, of so many days.
"""

_CALLING, _UNIT = "server/app/calling.py", "server/storage/unit.py"
PLANTS = (
    Plant("the day turns at midnight in Greenwich", "server/domain/calendar.py",
          "return now.astimezone(ZoneInfo(timezone)).date()", "return now.date()"),
    Plant("numbers go on over midnight", "server/storage/work/days.py", '"last_given": None,',
          '"last_given": self._connection.execute(select(func.max(series_day.c.last_given)).where(series_day.c.series == series)).scalar(),'),
    Plant("a start believes a wall clock that is behind the log", "server/domain/timekeeping.py",
          "if wall < last_event_at:", "if wall < last_event_at and not wall:"),
    Plant("a day closes over people who wait", "server/app/days.py",
          "in work.tickets.open_legs(day):", "in work.tickets.open_legs(day)[:0]:"),
    Plant("priority never yields", "server/domain/queueing.py",
          "people = regular if priority_streak >= k else urgent", "people = urgent"),
    Plant("whoever returns goes to the end", "server/app/visits.py",
          "places = work.floors.current().policy.return_places", "places = 99"),
    Plant("a transfer costs the place", "server/app/visits.py",
          "queueing.rank_for_transfer(ticket.issued_at,", "queueing.rank_for_transfer(ask.now,"),
    Plant("a link of the chain is lost", "server/storage/work/log.py", "seal(self._head[1], happened, seq)", 'seal("", happened, seq)'),
    Plant("the last number again after the end of the range", "server/domain/numbering.py",
          '        raise RuleBroken("range_exhausted", last=last)', "        number = last"),
    Plant("one more than the quota", "server/domain/hours.py", "issued_today >= quota", "issued_today > quota"),
    Plant("a copy without its mark", "server/app/slips.py", 'format(n=copy) if copy else None', 'format(n=copy) if copy > 9 else None'),
    Plant("a key is not looked up", "server/app/performing.py", "if kept is not None:", "if kept is not None and not kept:"),
    Plant("answers are kept for half a minute", "server/app/clockwork.py", "timedelta(hours=work.around.keep_h), spared", "timedelta(seconds=30), 0"),
    Plant("a counter with somebody calls the next", _CALLING,
          "    counters.must_be_free(work, counter)\n    if session.paused_since", "    if session.paused_since"),
    Plant("displays do not learn what was spoken", "server/app/views/parts.py", '"spoken": call.spoken_at is not None', '"spoken": False'),
    Plant("a view that leaves calls out", "server/app/views/display.py", "max(0, len(pairs) - hall.site.call_min)", "len(pairs) - 1"),
)

#: seeds and days of the short form, of the long one, and the floor of a month that the long one adds
SHORT, LONG, MONTH_DAYS = (1, 2), (10, 10), 30
_MEMORY = Path("/dev/shm")


def run(order: Order) -> Findings:
    outcomes = []
    for outcome in _played(_floors(order)):
        order.say(_line(outcome))
        for wrong in outcome.broken:  # said at once: the other floors may take an hour
            order.say(f"seed {outcome.seed}: {wrong}")
        outcomes.append(outcome)
    outcomes.sort(key=lambda one: one.seed)
    return Findings(figures(outcomes), [wrong for one in outcomes for wrong in one.broken])


def _floors(order: Order) -> list[tuple[int, int, Size]]:
    """(seed, days, size) of each floor."""
    if not order.is_long:
        return [(order.seed + at, SHORT[1], SMALL) for at in range(SHORT[0])]
    wanted = os.environ.get("MPP_PROVE_FLOORS", "")
    seeds, days = _size(wanted) if wanted else LONG
    floors = [(order.seed + at, days, FULL) for at in range(seeds)]
    return floors if wanted else [(order.seed + seeds, MONTH_DAYS, FULL), *floors]


def _size(wanted: str) -> tuple[int, int]:
    """(seeds, days). Raises Stop."""
    found = re.fullmatch(r"([1-9]\d?)x([1-9]\d?)", wanted)
    if found is None:
        raise Stop(f"MPP_PROVE_FLOORS={wanted}: tulis jumlah awal dan hari, misalnya 3x2.", BAD_ARGUMENTS)
    return int(found[1]), int(found[2])


def _played(floors: list[tuple[int, int, Size]]) -> Iterator[Outcome]:
    """One after the other, or several beside each other, each in a process of its own."""
    if len(floors) == 1:
        yield play_in_memory(*floors[0])
        return
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        for running in [pool.submit(play_in_memory, *floor) for floor in floors]:
            yield running.result()


def play_in_memory(seed: int, days: int, size: Size) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="mpp-floor-", dir=_MEMORY if _MEMORY.is_dir() else None) as folder:
        return play(seed, days, size, Path(folder))


def _line(one: Outcome) -> str:
    return f"seed {one.seed}: {one.days} days, {one.tickets} tickets, {one.cpu_s / one.days:.1f} s a day, {len(one.broken)} broken, {one.log_hash[:12]}"


def figures(outcomes: list[Outcome]) -> list[str]:
    """What was played, in Markdown."""
    faults: Counter[str] = Counter()
    for one in outcomes:
        faults.update(one.faults)
    days, cpu_s = sum(one.days for one in outcomes), sum(one.cpu_s for one in outcomes)
    counted = ("tickets", "events", "commits", "requests", "starts", "calls", "spoken", "views", "papers")
    rows = [
        f"| {one.seed} | {one.days} | " + " | ".join(str(getattr(one, name)) for name in counted) + f" | `{one.log_hash[:16]}` |"
        for one in outcomes
    ]
    return [
        f"{days} days on {len(outcomes)} floors; {cpu_s / max(1, days):.1f} s of one core for a simulated day.",
        "",
        f"| seed | days | {' | '.join(counted)} | head of the log |",
        "|---|---|" + "---|" * (len(counted) + 1),
        *rows,
        "",
        "What happened: " + ", ".join(f"{what} {count}" for what, count in sorted(faults.items())) + ".",
    ]
