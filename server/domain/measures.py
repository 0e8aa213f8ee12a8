"""What is measured about the stops of visits, and how figures are summed up (DESIGN section 7).

Storage works out each stop's times and facts where its rows are; here is what they are called,
and what is made of many of them. All times are whole seconds, never negative.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntFlag

from server.domain.estimate import nearest_rank

Summary = dict[str, int | float | None]


class Fact(IntFlag):
    """What is true of one stop (leg); a stop has several."""

    #: the first stop of its number: each is one number given
    ISSUED = 1
    CALLED = 2
    TRANSFERRED_IN = 4
    #: called within the promised wait, out of those that count for it
    IN_TIME = 8
    OF_TIME = 16
    #: a reliable service time within the promise; out of all reliable service times
    SERVICE_IN_TIME = 32
    WAIT_DOUBTED = 64
    SERVICE_DOUBTED = 128
    SERVED = 256
    NO_SHOW = 512
    CANCELLED = 1024
    EXPIRED = 2048
    TRANSFERRED_OUT = 4096
    #: neither ended nor given up
    OPEN = 8192


#: wait: from the line to the first call. walk: from there to the start. service_time: sum of the serving
#: intervals of an ended stop. hold: set aside, of an ended stop that was, unless the day closed over it.
TIMES = ("wait", "walk", "service_time", "hold")
#: upper ends of the classes of waits, seconds; the last class has none
WAIT_CLASSES_S = (300, 600, 900, 1800, 2700, 3600, 5400, 7200)


@dataclass(frozen=True)
class Share:
    """`n` of `of`; of 0 there is no share."""

    n: int
    of: int

    def as_dict(self) -> dict[str, int]:
        return {"n": self.n, "of": self.of}


def counted(facts: Mapping[int, int], fact: Fact) -> int:
    """How many stops have this fact; `facts`: set of facts -> how many stops have exactly these."""
    bit = fact.value  # a plain number: a flag's own & makes a flag of each
    return sum(n for held, n in facts.items() if held & bit)


def summary(values: Iterable[int]) -> Summary:
    """{n, mean, median, p90, max}.

    mean: to a tenth of a second, over the values themselves, never over other means. p90:
    nearest rank. With n = 0 all the others are None: no figure, rather than a zero.
    """
    known = sorted(values)
    n = len(known)
    if n == 0:
        return {"n": 0, "mean": None, "median": None, "p90": None, "max": None}
    middle = (known[(n - 1) // 2] + known[n // 2]) / 2
    return {
        "n": n,
        "mean": round(sum(known) / n, 1),
        "median": int(middle) if middle.is_integer() else middle,
        "p90": nearest_rank(known, 90),
        "max": known[-1],
    }


def classes(waits: Sequence[int]) -> list[dict[str, int | None]]:
    """How many waits fall into each class: longer than the class before, up to `to_s` (None: no end)."""
    ordered = sorted(waits)
    ends = [bisect_right(ordered, end) for end in WAIT_CLASSES_S] + [len(ordered)]
    return [
        {"to_s": end, "n": upto - before}
        for end, before, upto in zip((*WAIT_CLASSES_S, None), (0, *ends), ends, strict=False)
    ]
