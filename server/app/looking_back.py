"""History: a stretch of dates beside the one before and the same a year ago, cut up for charts (DESIGN section 7).

Every number here is a sum over stops of the same walk, so that a chart, its table and the stops behind it agree.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from server.app import counting, figures, ranges
from server.app.definitions import DEFINITIONS_VERSION
from server.app.figure_ports import Span
from server.app.ports import Work
from server.app.tallies import Tally
from server.domain.errors import RuleBroken
from server.domain.measures import Fact

#: longer stretches are drawn month by month: a quarter is drawn by date
DAILY_MAX = 92
#: widths of the bars of waits, minutes; the narrowest that needs no more than BARS_MAX bars
WIDTHS_MIN, BARS_MAX = (1, 2, 5, 10, 15, 30, 60), 16
#: the bars reach this far; whoever waited longer stands in the last one
SHOWN_OF_WAITS = 0.98
_TIMES = ("wait", "service_time")
#: step -> how a date is told by it
_AT: Mapping[str, Callable[[date], str]] = {"date": date.isoformat, "month": lambda day: day.strftime("%Y-%m")}
#: what the lists of the page are made of
CHOICES = ("zone", "agency", "gerai", "service")


def history(
    reads: Work,
    *,
    today: date,
    first: date | None = None,
    last: date | None = None,
    only: Mapping[str, str] | None = None,
    gerai: frozenset[str] | None = None,
) -> dict[str, Any]:
    """{today, from, to, step, now, before, year_ago, hours, waits, standards, choices, officers}; without dates today's month.

    `now`, `before` and `year_ago`: {from, to, days, total, rows: [{at, ...}]}, a row for each hour, and for each date or
    month that the hall has a record of, `days` how many such dates there are; `hours`: rows of (weekday, hour); `waits`: bars of called stops,
    within the promised wait and beyond it. `only`, `gerai` and what is raised: as `figures.figures`.
    """
    if (first is None) != (last is None):
        raise RuleBroken("invalid", field="from" if first is None else "to", why="missing")
    if first is None or last is None:
        first, last = today.replace(day=1), today.replace(day=monthrange(today.year, today.month)[1])
    ranges.check(first, last, today)
    span = figures.span_of(reads, first, last, only or {}, gerai)
    step = step_of(first, last)
    hours, promised = Tally(_TIMES), Tally(("wait",))
    now = _stretch(reads, span, step, {("weekday", "hour"): hours, ("promise",): promised})
    return {
        "today": today.isoformat(),
        **{key: now[key] for key in ("from", "to")},
        "site": reads.floors.current().site.code,
        "timezone": span.timezone,
        "definitions_version": DEFINITIONS_VERSION,
        "step": step,
        "now": now,
        "before": _earlier(reads, span, before(first, last), step),
        "year_ago": _earlier(reads, span, a_year_ago(first, last), step),
        "hours": [{"weekday": day, "hour": hour, **_row(hours, (day, hour))} for day, hour in sorted(hours.keys())],  # type: ignore[misc]
        "waits": _bars(promised),
        "standards": sorted(promise for (promise,) in promised.keys()),  # type: ignore[misc]
        "choices": _choices(reads, gerai),
        "officers": reads.floors.current().policy.officer_figures,
    }


def step_of(first: date, last: date) -> str:
    """What the trend is told by."""
    if first == last:
        return "hour"
    return "date" if (last - first).days < DAILY_MAX else "month"


def _earlier(reads: Work, span: Span, dates: tuple[date, date], step: str) -> dict[str, Any]:
    return _stretch(reads, Span(*dates, span.timezone, span.gerai, _of_any_date(span.told)), step, {})


def _of_any_date(told: Mapping[str, frozenset[Any]]) -> Mapping[str, frozenset[Any]]:
    return {name: values for name, values in told.items() if name != "date"}


def _stretch(reads: Work, span: Span, step: str, more: Mapping[tuple[str, ...], Tally]) -> dict[str, Any]:
    steps, days = Tally(), [day for day, _, _ in reads.figures.days(span.first, span.last)]
    counting.count(reads, span, {(step,): steps, **more})
    whole = steps.merged(lambda key: ())
    # A day of service on which nothing happened is a row of zeros; a date without a row is one that nobody recorded.
    known = {key[0] for key in steps.keys()} | {_AT[step](day) for day in days if step in _AT}  # type: ignore[index]
    return {
        "from": span.first.isoformat(),
        "to": span.last.isoformat(),
        "days": len(days),
        "total": figures.row_of(whole, (), figures.Beside(reads, span, ())),
        "rows": [{"at": at, **_row(steps, (at,))} for at in sorted(known)],
    }


def _row(tally: Tally, key: Any) -> dict[str, Any]:
    return {
        "legs": tally.legs(key),
        "issued": tally.n(key, Fact.ISSUED),
        "served": tally.n(key, Fact.SERVED),
        **{name: tally.summary(key, name) for name in _TIMES},
    }


def before(first: date, last: date) -> tuple[date, date]:
    """The stretch just before, of as many whole months where it is whole months, else of as many days."""
    if first.day == 1 and _is_month_end(last):
        months = (last.year - first.year) * 12 + last.month - first.month + 1
        return _months_back(first, months), first - timedelta(days=1)
    length = last - first + timedelta(days=1)
    return first - length, last - length


def a_year_ago(first: date, last: date) -> tuple[date, date]:
    """The same dates a year earlier, a month's end stays one; of a week or less the same weekdays, 52 weeks earlier."""
    if last - first < timedelta(days=7):
        return first - timedelta(weeks=52), last - timedelta(weeks=52)
    end = _months_back(last, 12)
    return _months_back(first, 12), end.replace(day=monthrange(end.year, end.month)[1]) if _is_month_end(last) else end


def _months_back(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 - months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _is_month_end(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _bars(promised: Tally) -> list[dict[str, int | None]]:
    """[{over_s, upto_s, within, late}]: waits longer than `over_s`, up to `upto_s`; the last bar has no end."""
    waits = sorted((wait, promise) for key in promised.keys() for (promise,) in [key] for wait in promised.waits(key))  # type: ignore[misc]
    if not waits:
        return []
    reach_s = max(waits[int((len(waits) - 1) * SHOWN_OF_WAITS)][0], *(promise for _, promise in waits))
    width_s = 60 * next((width for width in WIDTHS_MIN if reach_s < width * 60 * BARS_MAX), WIDTHS_MIN[-1])
    count = min(BARS_MAX, reach_s // width_s + 1)
    bars: list[dict[str, int | None]] = [
        {"over_s": at * width_s if at else None, "upto_s": (at + 1) * width_s if at < count else None, "within": 0, "late": 0}
        for at in range(count + (waits[-1][0] > count * width_s))
    ]
    for wait, promise in waits:
        bar = bars[min(len(bars) - 1, max(0, -(-wait // width_s) - 1))]
        side = "within" if wait <= promise else "late"
        bar[side] = (bar[side] or 0) + 1
    return bars


def _choices(reads: Work, gerai: frozenset[str] | None) -> dict[str, list[dict[str, str]]]:
    """What can be chosen, those that the plan no longer has among them; of an agency, its own."""
    names = figures.names_of(reads, CHOICES)
    places, homes = reads.figures.places(), reads.figures.homes()
    own = {code: place for code, place in places.items() if gerai is None or code in gerai}
    told: dict[str, list[dict[str, str]]] = {"gerai": [{"code": code, "name": names["gerai"].get(code, code)} for code in sorted(own)]}
    for name, at in (("zone", 0), ("agency", 1)):
        told[name] = [{"code": code, "name": names[name].get(code, code)} for code in sorted({place[at] for place in own.values()})]
    told["service"] = [
        {"code": code, "name": names["service"].get(code, code), "gerai": home} for code, home in sorted(homes.items()) if home in own
    ]
    floor = reads.floors.current()
    told["counter"] = [{"code": row.code, "name": row.label, "gerai": row.gerai} for row in floor.counters.values() if row.gerai in own]
    told["priority"] = [{"code": row["code"], "name": row["name"]["id"]} for row in floor.policy.priorities]
    return told
