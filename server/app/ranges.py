"""Which stretches of dates figures are made of."""

from __future__ import annotations

from datetime import date

from server.domain.errors import RuleBroken

#: three years, one of them a leap year
MOST_DAYS = 3 * 365 + 1


def check(first: date, last: date, today: date) -> None:
    """Both ends belong to it; it may reach beyond `today` but not begin there.

    Raises range_backwards, range_in_future, range_too_long.
    """
    if last < first:
        raise RuleBroken("range_backwards", first=first.isoformat(), last=last.isoformat())
    if first > today:
        raise RuleBroken("range_in_future", first=first.isoformat(), today=today.isoformat())
    if (last - first).days >= MOST_DAYS:
        raise RuleBroken("range_too_long", most_days=MOST_DAYS)
