"""One kiosk and its printer: a number is taken, the printer breaks at a byte, is mended, and what came of it is judged."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from printers.client import Client
from printers.host import REFRESH_S
from printers.virtual.listener import Listener
from server.ops.prove.faults import Breaking, Papers

#: how long a struck printer stays broken, and how long a fault is waited for that never comes
BROKEN_S, STRIKE_S = 0.3, 1.0
#: after the fault is gone: until the slip must have an end
END_S = 60.0
ENDED = frozenset({"confirmed", "assumed", "uncertain", "failed", "late"})
#: of so many visitors in doubt one says that no slip came out
EACH_DOUBT = 2
#: at the end, until a printer that is well and presented anew must confirm: the print host reads its description again every
#: REFRESH_S; and between two slips meanwhile
WELL_S, PAUSE_S = 4 * REFRESH_S, 0.25

Ask = Callable[[str, dict[str, Any] | None], Any]


@dataclass(frozen=True)
class Case:
    """A fault of this kind at byte `at` of a job; "" is none."""

    kind: str
    at: int


@dataclass
class Told:
    """What a lane found. `broken`: each promise that did not hold, in words."""

    jobs: int = 0
    copies: int = 0
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    papers_in_doubt: Counter[int] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)


class Telling(Client):
    """The product's client, which lets the lanes hear what the server has taken from the host."""

    heard: Callable[[str, str], None] = staticmethod(lambda job, state: None)

    def result(self, job: str, state: str, cause: str = "", timeout_s: float = 10.0) -> None:
        super().result(job, state, cause, timeout_s)
        type(self).heard(job, state)


class Ends:
    """How jobs ended, by id; shared by all lanes."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._of: dict[str, str] = {}

    def heard(self, job: str, state: str) -> None:
        if state in ENDED:
            with self._news:
                self._of[job] = state
                self._news.notify_all()

    def wait(self, job: int, timeout_s: float) -> str | None:
        with self._news:
            self._news.wait_for(lambda: str(job) in self._of, timeout_s)
            return self._of.get(str(job))


class Lane:
    """`ask(path, body)` speaks to the server as this lane's kiosk."""

    def __init__(self, code: str, service: str, answers: frozenset[str], late_s: float) -> None:
        self.code, self.service, self.answers = code, service, answers
        self.papers = Papers()
        self.machine = Breaking(self.papers, answers, late_s)
        self.listener = Listener(self.machine, "127.0.0.1", 0)
        self.machine.listener = self.listener
        self.listener.start()
        self.told = Told()
        self._doubts = 0
        self._cases: dict[str, tuple[Case, str, int]] = {}

    def run(self, cases: Iterable[Case], ask: Ask, ends: Ends, renew: Callable[[], object] = lambda: None) -> None:
        """All cases, slips without a fault, and the judgement of the papers.

        `renew`: the printer is presented anew, since one that kept its word to itself is no longer waited for.
        """
        try:
            for case in cases:
                self._one(case, ask, ends)
            renew()
            wanted = "confirmed" if "completion" in self.answers else "assumed"
            until = time.monotonic() + WELL_S
            self._one(Case("", 0), ask, ends)
            while self._last_state() != wanted and time.monotonic() < until:
                time.sleep(PAUSE_S)
                self._one(Case("", 0), ask, ends)
            self._judge(wanted)
        except Exception as error:  # a lane that fell is a finding, not the end of the others
            self.told.broken.append(f"{self.code}: {type(error).__name__}: {error}")

    def close(self) -> None:
        self.listener.close()

    def _one(self, case: Case, ask: Ask, ends: Ends) -> None:
        if case.kind:
            self.machine.arm(case.kind, case.at)
        ticket = ask("/tickets", {"service": self.service})
        job = ticket["print"]["job"]
        state = self._through(case, job, ends)
        self.told.jobs += 1
        shown = ask(f"/tickets/{ticket['id']}", None)
        if shown["number"] != ticket["number"] or not ticket["number"]:
            self._broken(case, "a ticket without its number", ticket["number"])
        if state is None:
            self._broken(case, "a queue that stays stopped after the fault is gone", ticket["number"])
            return
        self.told.ends[case.kind, state] += 1
        self._cases[ticket["number"]] = case, state, self._copy(ticket["id"], case, state, ask, ends)

    def _through(self, case: Case, job: int, ends: Ends) -> str | None:
        if case.kind:
            until = time.monotonic() + STRIKE_S
            while not self.machine.struck.is_set() and time.monotonic() < until and not ends.wait(job, 0.02):
                pass
            ends.wait(job, BROKEN_S)
            self.machine.heal()
        return ends.wait(job, END_S)

    def _copy(self, ticket: int, case: Case, state: str, ask: Ask, ends: Ends) -> int:
        """Now and then a visitor in doubt has no slip: how many copies were promised."""
        self._doubts += state == "uncertain"
        if state != "uncertain" or self._doubts % EACH_DOUBT:
            return 0
        ask(f"/tickets/{ticket}/paper", {"came_out": False})
        copy = ask(f"/tickets/{ticket}", None)["prints"][-1]
        self.told.copies += 1
        if ends.wait(copy["job"], END_S) is None:
            self._broken(case, "a copy that never ends", str(ticket))
        return 1

    def _last_state(self) -> str:
        return next(reversed(self._cases.values()))[1]

    def _judge(self, wanted: str) -> None:
        """Once nothing can come out any more."""
        if (state := self._last_state()) != wanted:
            self._broken(Case("", 0), f"a printer that is well and gives {state}", "")
        for number, (case, state, copies) in self._cases.items():
            papers = self.papers.of(number)
            plain = [cut for mark, cut in papers if mark is None]
            if len(plain) > 1:
                self._broken(case, f"{len(plain)} unmarked papers", number)
            if state == "confirmed" and plain != [True] and case.kind != "lies":
                self._broken(case, f"confirmed with papers {papers}", number)
            if state in ("late", "failed") and plain:
                self._broken(case, f"{state} with papers {papers}", number)
            if len(papers) - len(plain) > copies:
                self._broken(case, f"{copies} copies and papers {papers}", number)
            if state == "uncertain":
                self.told.papers_in_doubt[len(plain)] += 1

    def _broken(self, case: Case, what: str, number: str) -> None:
        self.told.broken.append(f"{self.code} {number}: {case.kind or 'no fault'} at byte {case.at}: {what}")
