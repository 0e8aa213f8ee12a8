"""What is measured about a leg and a visit, and how figures are summed up.

The definitions are DESIGN section 7's. All values are whole seconds, never negative. A
measure is None where it did not happen or where its flag says it is not to be believed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.domain.estimate import nearest_rank
from server.domain.tickets import ENDED, Leg, State, Ticket

Summary = dict[str, int | float | None]


def _between(since: datetime, until: datetime) -> int:
    return max(0, int((until - since).total_seconds()))


def wait_s(leg: Leg) -> int | None:
    """From the line to the first call."""
    if leg.first_called_at is None or not leg.wait_reliable:
        return None
    return _between(leg.queued_at, leg.first_called_at)


def walk_s(leg: Leg) -> int | None:
    """From the first call to the start; unknown where the start was not pressed."""
    if leg.first_called_at is None or leg.started_at is None or not leg.service_reliable:
        return None
    return _between(leg.first_called_at, leg.started_at)


def serving_s(leg: Leg) -> int:
    """Serving seconds that count as occupancy; a leg the day's closing ended counts none,
    since nobody knows when its visitor left (after a night without power: hours too many)."""
    return leg.served_s if leg.service_reliable else 0


def service_s(leg: Leg) -> int | None:
    """Sum of the serving intervals of a leg that was served and has ended."""
    if leg.started_at is None or leg.state not in ENDED or not leg.service_reliable:
        return None
    return leg.served_s


def stay_s(ticket: Ticket, legs: Sequence[Leg]) -> int | None:
    """From issue to the last end, for a visit whose last stop was served to its end.

    None when a stop still stands open, the last one was not finished (nobody knows when the
    visitor left), or a flag of any stop says its times are not reliable.
    """
    if not legs or any(leg.state not in ENDED or leg.ended_at is None for leg in legs):
        return None
    if not all(leg.wait_reliable and leg.service_reliable for leg in legs):
        return None
    last = max((leg for leg in legs if leg.ended_at), key=lambda leg: (leg.ended_at, leg.position))
    if last.state is not State.FINISHED or last.ended_at is None:
        return None
    return _between(ticket.issued_at, last.ended_at)


def never_called_s(leg: Leg) -> int | None:
    """How long a leg waited that ended without any call; None when it was called or is open."""
    if leg.first_called_at is not None or leg.ended_at is None or not leg.wait_reliable:
        return None
    return _between(leg.queued_at, leg.ended_at)


@dataclass(frozen=True)
class Share:
    """`n` of `of`; of 0 there is no share."""

    n: int
    of: int

    def as_dict(self) -> dict[str, int]:
        return {"n": self.n, "of": self.of}


def within_wait(legs: Iterable[Leg]) -> Share:
    """Called legs called within the promise, out of: the called, those the day closed over
    uncalled, and those cancelled uncalled after the promise had passed."""
    good = of = 0
    for leg in legs:
        waited, left = wait_s(leg), never_called_s(leg)
        if waited is not None:
            of += 1
            good += waited <= leg.promised_wait_s
        elif left is not None:
            late = leg.state is State.CANCELLED and left > leg.promised_wait_s
            of += late or leg.state is State.EXPIRED
    return Share(good, of)


def within_service(legs: Iterable[Leg]) -> Share:
    """Reliable service times within the promise, out of all reliable service times."""
    times = [(service_s(leg), leg.promised_service_s) for leg in legs]
    known = [(took, promised) for took, promised in times if took is not None]
    return Share(sum(took <= promised for took, promised in known), len(known))


def summary(values: Iterable[int | None]) -> Summary:
    """{n, mean, median, p90, max} over the values that are not None.

    mean: to a tenth of a second, over the values themselves, never over other means. p90:
    nearest rank. With n = 0 all the others are None: no figure, rather than a zero.
    """
    known = sorted(value for value in values if value is not None)
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
