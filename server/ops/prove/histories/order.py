"""Whether what many callers were told of one line can have happened one after the other: a queue, checked in O(n log n).

An act took effect at one instant between its beginning and its end. A history is fine when such instants can be found for
all acts so that the line, followed in their order, is first come, first served. With distinct visitors that need not be
searched for: a history of a queue is wrong exactly when it has one of a few patterns (Henzinger, Sezgin, Vafeiadis,
*Aspect-oriented linearizability proofs*, CONCUR 2013; in log-linear time: arXiv 2410.04581 and 2509.17795), each
found below by sorting once. tests/prove/test_order.py holds it against a plain search for such instants.

Instants are whole nanoseconds of one monotonic clock. Two acts that touch in an instant count as simultaneous.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple


class Span(NamedTuple):
    """From the press to the answer, ns. When no answer came and the log shows that it was done: until the log was read."""

    begin: float
    end: float

    def is_before(self, other: Span) -> bool:
        return self.end < other.begin


class Placed(NamedTuple):
    """An act and its place in the log."""

    span: Span
    seq: int
    what: str


@dataclass
class Line:
    """One line: visitor -> the presses that gave the number, and those that called it; presses that found nobody."""

    puts: dict[int, list[Span]] = field(default_factory=dict)
    takes: dict[int, list[Span]] = field(default_factory=dict)
    empties: list[Span] = field(default_factory=list)

    def put(self, visitor: int, span: Span) -> None:
        self.puts.setdefault(visitor, []).append(span)

    def take(self, visitor: int, span: Span) -> None:
        self.takes.setdefault(visitor, []).append(span)


class _Stay(NamedTuple):
    """A visitor's way through the line."""

    visitor: int
    put: Span
    take: Span


#: of somebody who was never called, later than every end
_NEVER = Span(inf, inf)


def wrongs(line: Line) -> list[str]:
    """What cannot have happened in a first-come, first-served line; nothing: there is an order in which it all could."""
    found = [f"visitor {one} was put in line {len(spans)} times" for one, spans in line.puts.items() if len(spans) > 1]
    found += [f"visitor {one} was called {len(spans)} times" for one, spans in line.takes.items() if len(spans) > 1]
    found += [f"visitor {one} was called and never had a number" for one in line.takes.keys() - line.puts.keys()]
    stays = [_Stay(one, spans[0], line.takes.get(one, [_NEVER])[0]) for one, spans in line.puts.items()]
    found += [f"visitor {stay.visitor} was called before having a number" for stay in stays if stay.take.is_before(stay.put)]
    return found + _overtaken(stays) + _not_empty(stays, line.empties)


def _overtaken(stays: Sequence[_Stay]) -> list[str]:
    """A came before B for certain, and B was called before A for certain.

    Those whose number was surely given before B's are a growing set when B goes by the beginning of its press; of that
    set only who was called latest matters.
    """
    came = sorted(stays, key=lambda stay: stay.put.end)
    found, at, latest = [], 0, None
    for stay in sorted(stays, key=lambda stay: stay.put.begin):
        while at < len(came) and came[at].put.end < stay.put.begin:
            if latest is None or came[at].take.begin > latest.take.begin:
                latest = came[at]
            at += 1
        if latest is not None and stay.take.is_before(latest.take):
            found.append(f"visitor {stay.visitor} overtook visitor {latest.visitor}")
    return found


def _not_empty(stays: Sequence[_Stay], empties: Sequence[Span]) -> list[str]:
    """Nobody was found, though at each instant of that press somebody was surely in line."""
    blocks = _surely_somebody(stays)
    begins = [begin for begin, _ in blocks]
    found = []
    for empty in empties:
        at = bisect_left(begins, empty.begin) - 1
        if at >= 0 and blocks[at][1] > empty.end:
            found.append(f"nobody was found between {empty.begin} and {empty.end} ns, but somebody waited all the time")
    return found


def _surely_somebody(stays: Iterable[_Stay]) -> list[tuple[float, float]]:
    """The stretches in which the line is not empty whatever the instants were: from an answer to the press of the call."""
    blocks: list[tuple[float, float]] = []
    for begin, end in sorted((stay.put.end, stay.take.begin) for stay in stays if stay.put.end < stay.take.begin):
        if blocks and begin < blocks[-1][1]:
            blocks[-1] = (blocks[-1][0], max(end, blocks[-1][1]))
        else:
            blocks.append((begin, end))
    return blocks


def against_time(placed: Iterable[Placed]) -> list[str]:
    """Acts that stand in the log before others which had been answered before they were even pressed."""
    found, soonest = [], None
    for act in sorted(placed, key=lambda act: -act.seq):
        if soonest is not None and soonest.span.is_before(act.span):
            found.append(f"{act.what} (event {act.seq}) stands before {soonest.what} (event {soonest.seq}), which was over when it began")
        if soonest is None or act.span.end < soonest.span.end:
            soonest = act
    return found


def quota_wrongs(quota: int, given: Sequence[Span], refused: Sequence[Span]) -> list[str]:
    """A quota that was overrun, refused too early, or given from again after it was used up; nobody gives a number back."""
    found = [f"{len(given)} numbers of a quota of {quota}"] if len(given) > quota else []
    begins = sorted(span.begin for span in given)
    filled = begins[quota - 1] if len(begins) >= quota else inf
    if refused and min(span.end for span in refused) < filled:
        found.append("a number was refused before the quota can have been used up")
    if refused and begins and begins[-1] > min(span.end for span in refused):
        found.append("a number was given after the quota had been used up")
    return found
