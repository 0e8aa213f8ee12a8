"""Who is next, and where a visitor who comes back into the line is placed.

A place in a line is `(rank_at, rank_seq)`: an instant (aware UTC, to the microsecond) and
the seq of the event that gave it, so that two never tie. Lower is earlier.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.domain.floor import Policy

Rank = tuple[datetime, int]

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Waiting:
    """One waiting leg, as much of it as the choice needs."""

    leg: int
    ticket: int
    service: str
    priority: bool
    rank_at: datetime
    rank_seq: int
    queued_at: datetime

    @property
    def rank(self) -> Rank:
        return (self.rank_at, self.rank_seq)


def _first(
    people: Sequence[Waiting], weights: Mapping[str, int], now: datetime
) -> Waiting | None:
    """A visitor of a service with weight w waits w times as fast; equal weights are FIFO."""

    def key(person: Waiting) -> tuple[int, datetime, int]:
        waited = (now - person.rank_at) // _TICK
        return (-waited * weights.get(person.service, 1), person.rank_at, person.rank_seq)

    return min(people, key=key, default=None)


def people_ahead(waiting: int, prior: int, is_priority: bool, policy: Policy) -> int:
    """How many of a line are called first, by its rule: `waiting` before this visitor, `prior` of them with priority.

    A visitor with priority waits for those, and for one other after each `priority_ratio` of them.
    """
    if not is_priority:
        return waiting
    return min(waiting, prior + prior // max(1, policy.priority_ratio))


def pick_next(
    waiting: Sequence[Waiting],
    weights: Mapping[str, int],
    policy: Policy,
    priority_streak: int,
    now: datetime,
) -> Waiting | None:
    """The visitor a free counter calls, out of those waiting for its services; None: nobody.

    `weights`: service -> whole number from 1 (1 when absent). `priority_streak`: priority
    calls since the last regular call among the counter's services.

    1. While a regular visitor waits, at most k = `policy.priority_ratio` priority calls are
       made in a row (k below 1: priority is not regarded, all are regular).
    2. The guard: once a regular visitor has waited longer than `policy.max_wait_guard_s`,
       counted from `rank_at`, the line is plain first come, first served, whatever class or
       weight. So that visitor goes before every priority visitor who came later, and in a
       hall where all wait too long, priority visitors are no worse off than in a plain line.
    3. Otherwise priority goes first. Inside a class the order is the weighted wait.

    Bound (1 alone): a regular visitor with n regular visitors ahead is called after at most
    n regular and k * (n + 1) priority calls; so nobody starves. Counted from `rank_at`, not
    `queued_at`: whoever missed a call and returns does not bring the missed time along.
    """
    k = policy.priority_ratio
    regular = [person for person in waiting if k < 1 or not person.priority]
    urgent = [person for person in waiting if k >= 1 and person.priority]
    if not regular or not urgent:
        people: Sequence[Waiting] = regular or urgent
    else:
        people = regular if priority_streak >= k else urgent
    guard = now - timedelta(seconds=policy.max_wait_guard_s)
    if regular and min(person.rank_at for person in regular) < guard:
        allowed = regular if priority_streak >= k else waiting
        return min(allowed, key=lambda person: person.rank)
    return _first(people, weights, now)


def calling_order(
    waiting: Sequence[Waiting],
    weights: Mapping[str, int],
    policy: Policy,
    priority_streak: int,
    now: datetime,
    most: int,
) -> list[Waiting]:
    """Whom the next `most` presses of Next would call, in order, if nobody came between.

    The rule is `pick_next`, asked again and again with the heads of the lines, as storage asks it.
    """
    lines: dict[tuple[str, bool], list[Waiting]] = {}
    for person in sorted(waiting, key=lambda person: person.rank, reverse=True):
        lines.setdefault((person.service, person.priority), []).append(person)
    order: list[Waiting] = []
    while len(order) < most:
        heads = [line[-1] for line in lines.values() if line]
        chosen = pick_next(heads, weights, policy, priority_streak, now)
        if chosen is None:
            break
        order.append(lines[chosen.service, chosen.priority].pop())
        priority_streak = priority_streak + 1 if chosen.priority else 0
    return order


def streak_of(calls: Iterable[tuple[bool, str]], services: Collection[str], most: int) -> int:
    """How many of the newest calls for `services` in a row were priority, up to `most`.

    `calls`: (is priority, service) of a gerai's calls, newest first.
    """
    streak = 0
    for is_priority, service in calls:
        if service not in services:
            continue
        if not is_priority or streak == most:
            break
        streak += 1
    return streak


def place_behind(line: Sequence[Waiting], places: int, now: datetime, seq: int) -> Rank:
    """The place right behind the `places`-th visitor of a service's line, in FIFO order.

    The rule for a called visitor put back (`put_back_places`) and for a missed visitor who
    returns (`return_places`). `line`: everybody waiting for the service, both classes, in
    any order; the first `places + 1` are enough. With fewer than `places` people: the end of
    the line. `seq` is the new event's, larger than any in the line. The rank lies midway to
    the next visitor, so that the next one placed there fits as well; where two stand at the
    same microsecond, behind both.
    """
    ordered = sorted(person.rank for person in line)
    if places < 1:
        return (min([now, *(rank[0] - _TICK for rank in ordered[:1])]), seq)
    if len(ordered) < places:
        return (max([now, *(rank[0] for rank in ordered[-1:])]), seq)
    before = ordered[places - 1][0]
    after = ordered[places][0] if len(ordered) > places else before
    return (before + (after - before) // 2, seq)


def rank_for_transfer(issued_at: datetime, seq: int) -> Rank:
    """A transferred visitor stands in the new line as if the ticket had been issued for it:
    ranked by issue time, because being sent elsewhere must not cost the place earned."""
    return (issued_at, seq)
