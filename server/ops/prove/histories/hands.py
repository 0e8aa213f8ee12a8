"""Who presses: kiosks and officers that ask again under the same key until they are answered, and note all they were told.

What they draw comes from the seed and their name; in which order the server takes their presses does not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple, Protocol

#: share of wishes that are dropped when a press is not answered; of answers that are asked for again, and with another body
GIVES_UP, AGAIN, MISUSED = 0.03, 0.03, 0.02
#: share of visitors during whom Next is pressed, and who are finished by the press that calls the next one
IMPATIENT, IN_ONE_PRESS = 0.05, 0.4
#: share of touches on the service with a quota: some before it is used up, many after
LIMITED = 0.08
#: presses of one wish: with faults at every second press nobody needs as many
PRESSES_MAX = 60
#: surprises after which somebody stops
WRONG_MAX = 20


class Unanswered(Exception):
    """The press was not answered; whether it was done is not known."""


class Reply(NamedTuple):
    status: int
    body: Mapping[str, Any]
    is_replay: bool


class Door(Protocol):
    """One person's way to the hall. `odd`: the same act with another body."""

    #: between a look at an empty line and the next one, s
    rest_s: float

    def press(self, kind: str, service: str, key: str, odd: bool = False) -> Reply: ...


@dataclass(slots=True)
class Deed:
    """One wish under one key, from its first press to its answer; instants in monotonic ns.

    `kind`: open, issue, next, finish, finish_next. `status` 0: never answered. `lost`: presses without an answer.
    """

    who: str
    kind: str
    service: str
    key: str
    begin: int
    last: int = 0
    end: int = 0
    status: int = 0
    lost: int = 0
    told: Mapping[str, Any] = field(default_factory=dict)

    @property
    def may_come_late(self) -> bool:
        """A press of it that nobody answered may be done at any time, also after a refusal or an empty line (these keep no answer)."""
        return not self.status or (self.lost > 0 and self.status not in (200, 201))

    @property
    def call(self) -> int | None:
        """The event of the call it brought about, as told."""
        told = self.told.get("call")
        return int(told["id"]) if told else None

    @property
    def visitor(self) -> int | None:
        """Whose number was given, who was called, or else who was finished, as told."""
        told = self.told if self.kind == "issue" else self.told.get("ticket")
        return int(told["id"]) if told and "id" in told else None


class Hand:
    """`wrong`: answers that should never have been given, in words. `calls`: presses of any kind."""

    def __init__(self, who: str, door: Door, seed: int) -> None:
        self.who, self.rng = who, Random(f"{seed} {who}")
        self.deeds: list[Deed] = []
        self.wrong: list[str] = []
        self.calls = self.lost = 0
        self._door = door
        self._owes = False

    @property
    def owes(self) -> bool:
        """Something of this person's own may still happen, or has, without their having been told."""
        return self._owes

    def press(self, kind: str, service: str) -> Deed:
        """One wish, pressed until it is answered or dropped. Everybody counts their keys alike: a key belongs to its sender."""
        deed = Deed(self.who, kind, service, f"wish-{len(self.deeds)}", time.monotonic_ns())
        self.deeds.append(deed)
        is_dropped = kind != "open" and self.rng.random() < GIVES_UP
        while not deed.status and not (deed.lost and is_dropped):
            if deed.lost == PRESSES_MAX:
                raise RuntimeError(f"{self.who} was not answered {PRESSES_MAX} times")
            self._once(deed)
        self._owes |= deed.may_come_late
        if deed.status in (200, 201):
            self._ask_again(deed)
        return deed

    def _once(self, deed: Deed) -> None:
        deed.last = time.monotonic_ns()
        try:
            reply = self._send(deed)
        except Unanswered:
            deed.lost += 1
            return
        deed.end, deed.status, deed.told = time.monotonic_ns(), reply.status, reply.body

    def _send(self, deed: Deed, odd: bool = False) -> Reply:
        self.calls += 1
        try:
            return self._door.press(deed.kind, deed.service, deed.key, odd)
        except Unanswered:
            self.lost += 1
            raise

    def _ask_again(self, deed: Deed) -> None:
        """The same key: the same answer; with another body: refused."""
        drawn = self.rng.random()
        try:
            if drawn < AGAIN:
                reply = self._send(deed)
                if reply != (deed.status, deed.told, True):
                    self.surprised(deed, f"was answered {deed.status} {deed.told}, and later {reply}")
            elif drawn < AGAIN + MISUSED:
                reply = self._send(deed, odd=True)
                if (reply.status, reply.body.get("code")) != (422, "idempotency_mismatch"):
                    self.surprised(deed, f"was answered {reply.status} {reply.body} to another body")
        except Unanswered:
            return

    def surprised(self, deed: Deed, what: str) -> None:
        self.wrong.append(f"{deed.kind} of {deed.who} under the key {deed.key} {what}")

    def rest(self) -> None:
        time.sleep(self._door.rest_s)


def touch(hand: Hand, services: list[str], limited: str, count: int) -> None:
    """A kiosk's day: so many numbers of these services, and of the `limited` one, which runs out."""
    for _ in range(count):
        deed = hand.press("issue", limited if hand.rng.random() < LIMITED else hand.rng.choice(services))
        is_refused = deed.status == 409 and deed.told.get("code") == "quota_reached" and deed.service == limited
        if deed.status not in (0, 201) and not is_refused:
            hand.surprised(deed, f"was answered {deed.status} {deed.told}")
        if len(hand.wrong) >= WRONG_MAX:
            return


def serve(hand: Hand, service: str, is_closing: Callable[[], bool]) -> None:
    """An officer's day: call and finish until nobody waits and nobody comes any more."""
    hand.press("open", service)
    while len(hand.wrong) < WRONG_MAX:
        is_last = is_closing()
        deed = hand.press("next", service)
        visitor = _called(hand, deed)
        while visitor is not None:
            visitor = _finished(hand, service, visitor)
        if deed.status == 204:
            if is_last:
                return
            hand.rest()


def _called(hand: Hand, deed: Deed) -> int | None:
    """Who stands at the counter now."""
    if deed.status == 200:
        return deed.visitor
    if deed.status == 409 and deed.told.get("code") == "counter_busy" and hand.owes:
        return int(deed.told["leg"]["ticket"])
    if deed.status not in (0, 204):
        hand.surprised(deed, f"at a free counter was answered {deed.status} {deed.told}")
    return None


def _finished(hand: Hand, service: str, visitor: int) -> int | None:
    """Finish with this visitor; who was called by the same press, if anybody."""
    if hand.rng.random() < IMPATIENT:
        _press_while_busy(hand, service, visitor)
    kind = "finish_next" if hand.rng.random() < IN_ONE_PRESS else "finish"
    for _ in range(PRESSES_MAX):
        deed = hand.press(kind, service)
        if deed.status == 200:
            if deed.call is None and deed.visitor != visitor and not hand.owes:
                hand.surprised(deed, f"finished {deed.visitor}, but {visitor} was there")
            return deed.visitor if deed.call is not None else None
        if deed.status:
            if deed.told.get("code") != "wrong_state" or not hand.owes:
                hand.surprised(deed, f"was answered {deed.status} {deed.told}")
            return None
    return None


def _press_while_busy(hand: Hand, service: str, visitor: int) -> None:
    """Next, with somebody at the counter: refused with who it is."""
    deed = hand.press("next", service)
    told = (deed.status, deed.told.get("code"), (deed.told.get("leg") or {}).get("ticket"))
    if deed.status and told != (409, "counter_busy", visitor) and not hand.owes:
        hand.surprised(deed, f"with {visitor} at the counter was answered {deed.status} {deed.told}")
