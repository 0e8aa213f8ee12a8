"""Numbers of a series: `prefix-number`, zero-padded, never wrapping."""

from __future__ import annotations

import math

from server.domain.errors import RuleBroken


#: After a restore nobody knows which numbers were given since the backup. At least so many are skipped
LEAST_SKIPPED = 100
#: beyond what the kiosks of one hall give of one series in a minute,
SKIPPED_PER_MINUTE = 60
#: and beyond what the largest hall gives of all series in a day. From there on so many a minute, hour after hour more than one
#: series gives: a second restore of the same backup knows of the first by time alone where nothing could be written beside it.
DAYS_WORTH, SKIPPED_LATER_PER_MINUTE = 5000, 6


def next_number(last_given: int | None, first: int, last: int) -> int:
    """The number after `last_given` (None: nothing given yet today).

    Raises RuleBroken('range_exhausted') past `last`: a series refuses rather than wraps,
    because two visitors with one number is the mistake this system exists to prevent.
    """
    number = first if last_given is None else max(first, last_given + 1)
    if number > last:
        raise RuleBroken("range_exhausted", last=last)
    return number


def label(prefix: str, number: int, width: int) -> str:
    """('A', 7, 3) -> 'A-007'; a number wider than `width` keeps all its digits."""
    return f"{prefix}-{number:0{width}d}"


def skip_after(minutes: float) -> int:
    """How many numbers of a series may have been given unseen in so many minutes of one date, and then some.

    It grows with every second: two restores of one backup never skip to the same number.
    """
    quick_minutes = min(minutes, (DAYS_WORTH - LEAST_SKIPPED) / SKIPPED_PER_MINUTE)
    return LEAST_SKIPPED + math.ceil(quick_minutes * SKIPPED_PER_MINUTE + (minutes - quick_minutes) * SKIPPED_LATER_PER_MINUTE)


def skipped(last_given: int | None, first: int, last: int, skip: int, seen: int | None) -> tuple[int, int] | None:
    """The numbers (from, to) that are not given after a restore; None when none are left.

    `skip` numbers after the backup's last one, and at least LEAST_SKIPPED after `seen`, the highest that is known
    from elsewhere. Cut at `last`: then the series is used up for the date, which is refused rather than guessed.
    """
    begin = first if last_given is None else max(first, last_given + 1)
    end = begin - 1 + skip
    if seen is not None:
        end = max(end, seen + LEAST_SKIPPED)
    return (begin, min(end, last)) if begin <= last else None
