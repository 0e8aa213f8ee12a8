"""When visitors come: the hours of an MPP as an office day has them.

The form follows what halls of this kind report: most people come between 08:30 and 10:30,
few at lunch, hardly any during the Friday prayer, and nobody after the cut-off.
"""

from __future__ import annotations

from bisect import bisect_right
from random import Random

#: minute of the day -> how many come then, against an average of about 1
_USUAL = (
    (480, 0.6), (510, 1.6), (570, 2.0), (630, 1.7), (690, 1.0), (720, 0.45), (765, 0.45),
    (795, 1.0), (840, 0.9), (870, 0.6), (895, 0.2),
)
_FRIDAY = (
    (480, 0.7), (510, 1.8), (570, 2.1), (630, 1.6), (675, 0.5), (684, 0.0), (785, 0.0),
    (795, 0.9), (840, 1.0), (870, 0.6), (895, 0.2),
)
FIRST_MIN, LAST_MIN = 480, 895
_STEP_MIN = 1.0


def weight(minute: float, is_friday: bool) -> float:
    """How many come at this minute of the day, relative to other minutes."""
    points = _FRIDAY if is_friday else _USUAL
    at = bisect_right([point[0] for point in points], minute)
    if at == 0 or at == len(points):
        return 0.0
    (left, low), (right, high) = points[at - 1], points[at]
    return low + (high - low) * (minute - left) / (right - left)


def arrivals(rng: Random, count: int, is_friday: bool, since_min: float = 0.0) -> list[float]:
    """`count` minutes of the day in order, none before `since_min`.

    Raises ValueError when nobody would come after `since_min` any more.
    """
    start = max(float(FIRST_MIN), since_min)
    steps = int((LAST_MIN - start) / _STEP_MIN)
    grid = [start + _STEP_MIN * step for step in range(max(0, steps))]
    shares = [weight(minute, is_friday) for minute in grid]
    if sum(shares) <= 0:
        raise ValueError("nobody comes so late")
    drawn = rng.choices(grid, shares, k=count)
    return sorted(minute + rng.random() * _STEP_MIN for minute in drawn)
