"""P1 to P5 as callers see them: many at once, presses and answers that get lost, and a checker that searches for an order."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial

from server.cli.faults import BAD_ARGUMENTS, Stop
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.histories.hall import KIOSKS, LINES, QUOTA
from server.ops.prove.histories.play import Told, close_by, far

TITLE = "Histories: who was told what, and when"
HOW = f"""
What is promised (P1 to P5): no number that somebody was told is lost or given twice, numbers have no gap, nobody is called twice
or to two lokets, nobody overtakes in a line, the same key has one effect and one answer, a quota is not overrun, an officer with a
visitor is refused with who it is.

{KIOSKS} kiosks and {sum(len(counters) for counters in LINES.values())} officers press at once, each in a thread of their own: numbers of {len(LINES)} services (two
share a series, one has a quota of {QUOTA}), Next, Finish, Finish-and-next; every counter serves one service, nobody has priority, so that
each line is plainly first come, first served. Whoever is not answered presses again under the same key; one in thirty gives the
wish up instead, and its outcome stays unknown. Some answers are asked for again, some keys are used with another body, some
officers press Next with a visitor before them.

**Over HTTP** each of them has a road of their own to the real server, a TCP proxy of ours that harms a third of what it
carries: request or reply cut at byte k (in the long form k goes through all of them but those that only few messages are long enough for, which are told at the end), not passed on, passed on too late, or only after its sender
had given up, so that an old press arrives behind newer ones. **Close by**, the same people press the same acts in the process of
the house itself, with its real writer thread and SQLite (in memory where there is a `/dev/shm`: order is tried here, not the disk):
presses not made, answers not told, copies that come later or at the same moment from another thread. The seed gives wishes and
faults; in which order the server takes them is the machine's, so a run with the same seed is as hard, not the same.

Three opinions must agree at the end. *The log*, read with SQLite alone, replayed as such a hall. *Each answer* against the event it
tells of: the log must hold it, once, with the same number, and nothing that nobody pressed for; and what was answered before
something else was pressed must stand in the log before it. *The line as callers saw it*: from the instants of press and answer
alone, is there any order in which a queue could have done this? That is checked in O(n log n) by the patterns a wrong history of
a queue must have; the checker itself is held against a plain search. An unanswered press may have been done at any time
after it was made, or never: the log says which.

Not shown here: priority, transfers, put-back and several services at one counter (a model checker goes through those,
`tests/promises/test_any_sequence.py`), more than one server, other databases than SQLite, kill -9 and power cuts (campaigns of their own).
"""
PLANTS = (
    Plant(
        "Next goes by a look that is one press old, and does not look again",
        "server/app/calling.py",
        """    chosen = queueing.pick_next(heads, weights, policy, streak, ask.now)
    if chosen is None:
        return Answer(204)
    return _call(work, ask, session, work.tickets.leg(chosen.leg), "TicketCalled")""",
        """    looks = call_next.__dict__.setdefault(str(session.services), [heads])
    looks.append(heads)
    chosen = queueing.pick_next(looks.pop(0) or heads, weights, policy, streak, ask.now)
    if chosen is None:
        return Answer(204)
    leg = work.tickets.leg(chosen.leg)._replace(state=State.WAITING)
    return _call(work, ask, session, leg, "TicketCalled")""",
    ),
    Plant(
        "the newest goes first when several wait", "server/storage/work/hall_sql.py",
        """                .order_by(leg.c.rank_at, leg.c.rank_seq)
                .limit(1)""",
        """                .order_by(leg.c.rank_at.desc(), leg.c.rank_seq)
                .limit(1)""",
    ),
    Plant(
        "answers are not kept", "server/app/performing.py",
        "if ask.key is not None and answer.refused is None and answer.body is not None:",
        "if ask.key is not None and answer.status == 0:",
    ),
    Plant(
        "an answer is looked up without its body", "server/app/performing.py",
        "if fingerprint != ask.fingerprint:", "if fingerprint is None:",
    ),
    Plant(
        "a key belongs to everybody", "server/storage/work/log.py",
        "answer.c.actor == bindparam(\"actor\"), answer.c.key == bindparam(\"key\")",
        "answer.c.actor >= \"\", answer.c.key == bindparam(\"key\")",
    ),
    Plant(
        "Next does not look whether somebody is at the counter", "server/app/counters.py",
        "    if active is not None:\n        ticket = ", "    if active is not None and active.id < 0:\n        ticket = ",
    ),
    Plant(
        "the quota is counted by an old look", "server/app/issuing.py",
        "issued = work.tickets.issued_count(day, plan.code) if plan.quota is not None else 0",
        """issued = work.tickets.issued_count(day, plan.code) if plan.quota is not None else 0
    looks = issue.__dict__.setdefault(plan.code, [issued])
    looks.append(issued)
    issued = looks.pop(0)""",
    ),
    Plant(
        "one act of a shared commit is taken back, and answered", "server/storage/unit.py",
        """        say(connection, "RELEASE act")
        return True, value""",
        """        self.__dict__["acts"] = self.__dict__.get("acts", 0) + 1
        if self.__dict__["acts"] % 40 == 0:
            say(connection, "ROLLBACK TO act")
        say(connection, "RELEASE act")
        return True, value""",
    ),
)


@dataclass(frozen=True)
class Plan:
    """`each`: numbers per kiosk of one history. Go on with new ones, `beside` each other, up to `calls` or until `most_s` are over."""

    each: int
    calls: int
    most_s: float
    beside: int


_CORES = os.cpu_count() or 1
#: numbers per kiosk in the short form, one history of each kind
SHORT_EACH = 32
#: the long form: a million calls over HTTP, more halls than cores since the roads wait half of the time; then some close by
LONG = {"far": Plan(250, 1_000_000, 7200.0, 2 * _CORES), "near": Plan(1000, 200_000, 1800.0, _CORES)}
#: every such byte in the short form, every byte in the long one
STEP = 11


def run(order: Order) -> Findings:
    """Raises NotStarted when the server does not come up."""
    over_http, close = Told(), Told()
    if order.is_long:
        plan = _far()
        _many(plan, order, "over HTTP", over_http, partial(far, each=plan.each, step=1))
        _many(LONG["near"], order, "close by", close, partial(close_by, each=LONG["near"].each))
    else:
        over_http.add(far(order.seed, SHORT_EACH, STEP))
        close.add(close_by(order.seed, SHORT_EACH))
    figures = [*(_limits() if order.is_long else []), *lines(over_http, close), "", *cut_lines(over_http)]
    figures += ["", *_left_out(over_http)] if order.is_long else []
    return Findings(figures, over_http.broken + close.broken)


def _far() -> Plan:
    """Raises Stop for a size that is no number."""
    wanted = os.environ.get("MPP_PROVE_HISTORIES", "")
    if not wanted:
        return LONG["far"]
    if not wanted.isdecimal() or int(wanted) < 1:
        raise Stop(f"MPP_PROVE_HISTORIES={wanted}: tulis banyaknya panggilan lewat HTTP, misalnya 200000.", BAD_ARGUMENTS)
    return replace(LONG["far"], calls=int(wanted))


def _left_out(told: Told) -> list[str]:
    """Bytes of the longest messages that the long form never cut at."""
    missing = {what: sorted(set(range(told.longest[what])) - done) for what, done in sorted(told.cuts.items())}
    return [f"- {act} {which}: never cut at {len(bytes_)} of its bytes, the first {bytes_[0]}" for (act, which), bytes_ in missing.items() if bytes_]


def _limits() -> list[str]:
    """How long it was to go on: which of the two ended it shows in the figures."""
    over_http, close = (f"{plan.calls} calls or {plan.most_s / 60:.0f} minutes" for plan in (_far(), LONG["near"]))
    return [f"To end at {over_http} over HTTP, and at {close} close by.", ""]


def _many(plan: Plan, order: Order, where: str, told: Told, play: Callable[[int], Told]) -> None:
    """Histories in processes of their own, each with the next seed, until there are enough."""
    began, seed = time.monotonic(), order.seed
    with ProcessPoolExecutor(plan.beside, mp_context=multiprocessing.get_context("spawn")) as pool:
        running: set[Future[Told]] = set()
        while running or _goes_on(plan, told, began):
            while len(running) < plan.beside and _goes_on(plan, told, began):
                running.add(pool.submit(play, seed))
                seed += 1
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                told.add(one.result())
            order.say(f"{where}: {told.calls} calls, {len(told.broken)} broken")


def _goes_on(plan: Plan, told: Told, began: float) -> bool:
    return told.calls < plan.calls and time.monotonic() - began < plan.most_s and not told.broken


def lines(over_http: Told, close: Told) -> list[str]:
    """The figures in Markdown."""
    kinds: list[tuple[str, Callable[[Told], str]]] = [
        ("histories, each in a fresh hall", lambda told: f"{told.histories}"),
        ("**calls** (presses of any kind, again and again ones too)", lambda told: f"**{told.calls}**"),
        ("of them without an answer", lambda told: f"{told.unanswered}"),
        ("events in the logs", lambda told: f"{told.events}"),
        ("calls per second of one history, while pressing", lambda told: f"{told.calls / max(told.played_s, 1e-9):.0f}"),
        ("seconds to judge them", lambda told: f"{told.judged_s:.1f}"),
    ]
    rows = [f"| {what} | {say(over_http)} | {say(close)} |" for what, say in kinds]
    names = sorted({*over_http.faults, *close.faults})
    rows += [f"| fault: {name} | {over_http.faults[name] or ''} | {close.faults[name] or ''} |" for name in names]
    outcomes = sorted({*over_http.outcomes, *close.outcomes})
    rows += [f"| {kind}: {how} | {over_http.outcomes[kind, how] or ''} | {close.outcomes[kind, how] or ''} |" for kind, how in outcomes]
    total = over_http.calls + close.calls
    return [f"{total} calls in all: {over_http.calls} over HTTP, {close.calls} close by.", "", "| | over HTTP | close by |", "|---|---|---|", *rows]


def cut_lines(told: Told) -> list[str]:
    """How many of the bytes were cut at."""
    cut = [f"{act} {which} {len(told.cuts[act, which])} of {told.longest[act, which]}" for act, which in sorted(told.cuts)]
    return [f"Bytes at which it was cut, of the longest such message: {', '.join(cut)}."]
