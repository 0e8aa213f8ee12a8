"""How many came and were served in the last hour, beside what is usual at this weekday and time of day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import Any

from server.app.ports import Work
from server.app.present import instant
from server.app.tenancy import Own
from server.domain.calendar import business_date

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
#: of so many same weekdays with numbers the median is taken, and it is looked for no further back, weeks
DAYS_MAX, WEEKS_MAX = 8, 26
#: what is usual is counted anew after this, s
KEPT_S = 300
#: how many askers' usual figures are kept: the hall's and some agencies'
ASKERS_MAX = 100


class LastHour:
    """The figures for whoever asks; past days are counted at most once in KEPT_S."""

    def __init__(self) -> None:
        self._usual: dict[Own, tuple[datetime, dict[str, int] | None]] = {}

    def told(self, reads: Work, now: datetime, own: Own = None) -> dict[str, Any]:
        """{from, to, arrivals, served, usual: {arrivals, served, days} or None without history}."""
        services = _services(reads, own)
        today = business_date(now, reads.floors.current().site.timezone)
        counted = reads.history.between({today: (now - HOUR, now)}, services)
        came, left = counted.get(today, (0, 0))
        return {
            "from": instant(now - HOUR),
            "to": instant(now),
            "arrivals": came,
            "served": left,
            "usual": self._kept(reads, now, today, own, services),
        }

    def _kept(
        self, reads: Work, now: datetime, today: date, own: Own, services: Sequence[str] | None
    ) -> dict[str, int] | None:
        at, usual = self._usual.get(own, (None, None))
        if at is None or not 0 <= (now - at).total_seconds() < KEPT_S:
            if len(self._usual) >= ASKERS_MAX:
                self._usual.clear()
            usual = usual_of(reads, now, today, services)
            self._usual[own] = (now, usual)
        return usual


def usual_of(
    reads: Work, now: datetime, today: date, services: Sequence[str] | None
) -> dict[str, int] | None:
    """The median (the lower of two) of the same hour on the last same weekdays on which numbers were given."""
    asked = [today - WEEK * n for n in range(1, WEEKS_MAX + 1)]
    days = reads.history.days_with_numbers(asked, DAYS_MAX)
    if not days:
        return None
    spans = {day: (now - HOUR - (today - day), now - (today - day)) for day in days}
    counted: Mapping[date, tuple[int, int]] = reads.history.between(spans, services)
    came, left = zip(*(counted.get(day, (0, 0)) for day in days), strict=True)
    return {"arrivals": median_low(came), "served": median_low(left), "days": len(days)}


def _services(reads: Work, own: Own) -> Sequence[str] | None:
    if own is None:
        return None
    return [service.code for service in reads.floors.current().services.values() if service.gerai in own]
