"""When a clock is to be believed: the decisions behind promise P12, without any clock.

Order in the log is `seq`, never time; these rules keep dates and durations sane when the
wall clock jumps (a wrong battery, a hand, NTP) or the power was off.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Trust(StrEnum):
    AGREE = "agree"
    SLEW = "slew"
    DOUBT = "doubt"


class Flag(StrEnum):
    """Why the wall clock is doubted."""

    BEHIND = "behind"
    AHEAD = "ahead"
    JUMP = "jump"


@dataclass(frozen=True)
class Verdict:
    """`by_s`: wall minus own, in seconds, to the millisecond."""

    trust: Trust
    by_s: float


@dataclass(frozen=True)
class Start:
    """Where business time begins in a new process.

    `needs_confirmation`: no number is issued until a supervisor has confirmed the clock.
    """

    start: datetime
    flag: Flag | None
    needs_confirmation: bool


def judge(wall: datetime, own: datetime, slew_s: float, agree_s: float = 0.05) -> Verdict:
    """Compare the wall clock with the process's own time.

    Up to `agree_s` apart they agree; up to `slew_s` the difference is slewed away; beyond it
    the wall clock is doubted, and followed only when a supervisor confirms it.
    """
    by_s = round((wall - own).total_seconds(), 3)
    if abs(by_s) <= agree_s:
        return Verdict(Trust.AGREE, by_s)
    return Verdict(Trust.SLEW if abs(by_s) <= slew_s else Trust.DOUBT, by_s)


def start_time(
    wall: datetime, last_event_at: datetime | None, ahead_days: int, slew_s: float = 2.0
) -> Start:
    """Business time at start-up, given the last event in the log (None: an empty log).

    Never before the last event. A wall clock behind it (by more than `slew_s`: less is what
    slewing leaves behind) is flagged; one more than `ahead_days` after it may be a wrong
    year: time goes on from the last event until confirmed, so that a false date never enters
    the log and drags every later start along.
    """
    if last_event_at is None:
        return Start(wall, None, False)
    if wall < last_event_at:
        doubted = last_event_at - wall > timedelta(seconds=slew_s)
        return Start(last_event_at, Flag.BEHIND if doubted else None, False)
    if wall - last_event_at > timedelta(days=ahead_days):
        return Start(last_event_at, Flag.AHEAD, True)
    return Start(wall, None, False)


def slewed(gap: timedelta, elapsed: timedelta, rate: float) -> timedelta:
    """How much of `gap` is made up after `elapsed`, at most `rate` (0 to 1) of it."""
    reach = elapsed * rate
    return max(-reach, min(reach, gap))
