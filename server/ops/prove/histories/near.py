"""The acts without HTTP: a house in this process with its real writer thread and its SQLite, pressed by real threads.

What the network does to a press is done here by not making it, by not telling its answer, by a copy of it that comes
later from another thread, or by two at once.
"""

from __future__ import annotations

import hashlib
import queue
import threading
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

from server import bootstrap
from server.app import calling, counters, issuing
from server.app.ask import Ask, Mismatch, StorageUnavailable
from server.app.house import House
from server.domain.errors import RuleBroken
from server.ops.prove.histories.hall import gerai_of, officer_at, settings_for
from server.ops.prove.histories.hands import Reply, Unanswered

#: share of presses
FAULTS = {"request lost": 0.05, "reply lost": 0.05, "late": 0.03, "twin": 0.03}
POSTMEN = 3


class Post:
    """Threads that bring copies of presses later; nobody waits for their answers."""

    def __init__(self) -> None:
        self._late: queue.Queue[Any] = queue.Queue()
        for _ in range(POSTMEN):
            threading.Thread(target=self._bring, daemon=True).start()

    def take(self, press: Any) -> None:
        self._late.put(press)

    def settle(self) -> None:
        """Wait until all that was taken is done."""
        self._late.join()

    def close(self) -> None:
        for _ in range(POSTMEN):
            self._late.put(None)

    def _bring(self) -> None:
        while (press := self._late.get()) is not None:
            try:
                press()
            except Unanswered:
                pass  # nobody waits for it
            finally:
                self._late.task_done()
        self._late.task_done()


class NearDoor:
    """One person's way into the house; `faults`: what was done to how many presses."""

    rest_s = 0.004

    def __init__(self, house: House, who: str, seed: int, post: Post) -> None:
        self._house, self._who, self._post = house, who, post
        self._rng = Random(f"{seed} door {who}")
        self.faults: Counter[str] = Counter()

    def press(self, kind: str, service: str, key: str, odd: bool = False) -> Reply:
        fault = self._draw()
        if fault:
            self.faults[fault] += 1
        if fault in ("late", "twin"):
            self._post.take(lambda: self._act(kind, service, key, odd))
        if fault in ("request lost", "late"):
            raise Unanswered
        reply = self._act(kind, service, key, odd)
        if fault == "reply lost":
            raise Unanswered
        return reply

    def _draw(self) -> str:
        at = self._rng.random()
        for name, share in FAULTS.items():
            at -= share
            if at < 0:
                return name
        return ""

    def _act(self, kind: str, service: str, key: str, odd: bool) -> Reply:
        act, wish = self._wish(kind, service)
        mark = hashlib.sha256(f"{kind} {sorted(wish.items())} {odd}".encode()).hexdigest()
        try:
            answer = self._house.act(act, self._ask(key, mark), **wish)
        except StorageUnavailable as problem:
            raise Unanswered from problem
        except Mismatch:
            return Reply(422, {"code": "idempotency_mismatch"}, False)
        except RuleBroken as refusal:
            return Reply(409, {**refusal.facts, "code": refusal.code}, False)
        except Exception as mistake:  # a server would say 500
            return Reply(500, {"code": "internal", "what": repr(mistake)}, False)
        return Reply(answer.status, answer.body or {}, answer.replayed)

    def _wish(self, kind: str, service: str) -> tuple[Any, dict[str, Any]]:
        if kind == "issue":
            return issuing.issue, {"service": service}
        at = {"counter": self._who}
        if kind == "open":
            return counters.open_counter, {**at, "services": [service]}
        if kind == "next":
            return calling.call_next, at
        return calling.finish, {**at, "then_next": kind == "finish_next"}

    def _ask(self, key: str, mark: str) -> Ask:
        who, now = self._who, self._house.now()
        if who.startswith("K"):
            return Ask(f"device:{who}", now, role="kiosk", device=who, key=key, fingerprint=mark)
        name, own = officer_at(who), frozenset({gerai_of(who)})
        return Ask(f"user:{name}", now, role="officer", gerai=own, username=name, key=key, fingerprint=mark)


def build(data: Path) -> bootstrap.Running:
    """The furnished folder as a house in this process; relay and tickers are not started."""
    return bootstrap.build(settings_for(data))
