"""An honest range for the wait of someone who joins a line now."""

from __future__ import annotations

from collections.abc import Sequence


def nearest_rank(ordered: Sequence[int], percent: int) -> int:
    """The nearest-rank percentile of an ascending, non-empty sequence."""
    return ordered[max(1, -(-percent * len(ordered) // 100)) - 1]


def estimate(
    ahead: int, open_counters: int, recent_s: Sequence[int], minimum: int = 5
) -> tuple[int, int] | None:
    """(from, to) in seconds until the call, or None when there is no ground for a figure.

    `ahead`: people who will be called before; `open_counters`: those that serve this line
    now; `recent_s`: walk plus service times of its recent legs. No ground: no counter open,
    or fewer than `minimum` times.

    The people ahead are taken in waves of `open_counters`. `ahead // open_counters` whole
    waves must pass for certain; the wave now at the counters is somewhere between just begun
    and just done, so the range runs from the whole waves at the quick quartile (P25) to one
    wave more at the slow quartile (P75). It is wide on purpose: waits differ as much.
    Rounding to minutes is the business of whoever shows it.
    """
    if open_counters < 1 or len(recent_s) < max(1, minimum):
        return None
    ordered = sorted(max(0, seconds) for seconds in recent_s)
    waves = max(0, ahead) // open_counters
    return (waves * nearest_rank(ordered, 25), (waves + 1) * nearest_rank(ordered, 75))
