"""Numbers of a series: `prefix-number`, zero-padded, never wrapping."""

from __future__ import annotations

from server.domain.errors import RuleBroken


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
