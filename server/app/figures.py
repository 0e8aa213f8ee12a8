"""Figures of any stretch of dates, told by one or two things, and the stops behind each (DESIGN section 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from server.app import counting, ranges, tallies
from server.app.definitions import DEFINITIONS_VERSION, NOT_RECORDED
from server.app.figure_ports import Counted, Span
from server.app.ports import Work
from server.app.reading import last_event_at
from server.app.present import instant
from server.app.tallies import Tally, VisitTally
from server.domain import measures
from server.domain.errors import RuleBroken
from server.domain.measures import Fact

By = tuple[str, ...]

#: more rows than this are for a program that asks month by month
MOST_ROWS = 5000
MOST_BY = 2
#: what a session at a counter, and a refused wish, can be told by
_OF_SESSION = frozenset({"zone", "agency", "gerai", "counter", "officer", "weekday", "date", "month"})
_OF_REFUSAL = frozenset({"zone", "agency", "gerai", "service", "hour", "weekday", "date", "month"})
#: what a figure may count -> the stops that it is made of; waits and service times are cut to seconds with `over`, `upto`
COUNTED: Mapping[str, Counted] = {
    **{name: Counted(fact=int(fact)) for name, fact in tallies.COUNTS.items()},
    **{name: Counted(time=name) for name in measures.TIMES},
    "within_standard": Counted(fact=int(Fact.IN_TIME)),
    "within_standard_service": Counted(fact=int(Fact.SERVICE_IN_TIME)),
}
#: what has names of its own
_NAMED = ("zone", "agency", "gerai", "service", "counter")
_INSTANTS = frozenset({"queued_at", "first_called_at", "started_at", "ended_at"})


def figures(
    reads: Work,
    *,
    first: date,
    last: date,
    today: date,
    by: Sequence[str] = (),
    gerai: frozenset[str] | None = None,
    only: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """{from, to, by, names, total, rows}: one row for each value of `by` that anything happened under.

    `gerai`: an agency's own; `only`: as `told` of `stops`. Raises range_backwards, range_too_long, range_in_future,
    too_many_rows, invalid (by).
    """
    ranges.check(first, last, today)
    floor = reads.floors.current()
    told = _told_by(reads, by)
    span = span_of(reads, first, last, only or {}, gerai)
    tally = Tally()
    counting.count(reads, span, {told: tally})
    keys = sorted(tally.keys(), key=_order)
    if len(keys) > MOST_ROWS:
        raise RuleBroken("too_many_rows", rows=len(keys), most=MOST_ROWS)
    whole = tally.merged(lambda key: ())
    beside, all_beside = Beside(reads, span, told), Beside(reads, span, ())
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "site": floor.site.code,
        "timezone": floor.site.timezone,
        "definitions_version": DEFINITIONS_VERSION,
        "by": list(told),
        "names": names_of(reads, told),
        "total": row_of(whole, (), all_beside),
        "rows": [{**dict(zip(told, key, strict=True)), **row_of(tally, key, beside)} for key in keys],
    }


def _told_by(reads: Work, by: Sequence[str]) -> By:
    known = known_by(reads)
    if len(by) > MOST_BY or len(set(by)) < len(by) or not known.issuperset(by):
        raise RuleBroken("invalid", field="by", known=sorted(known))
    return tuple(by)


def known_by(reads: Work) -> set[str]:
    """What figures can be told by at this site."""
    return {*counting.DIMENSIONS, *([counting.OFFICER] if reads.floors.current().policy.officer_figures else [])}


def _order(key: Any) -> tuple[tuple[bool, Any], ...]:
    """Nothing (a stop that no counter called) comes last."""
    return tuple((value is None, "" if value is None else value) for value in key)


class Beside:
    """What is told beside the stops: visits, open counters and refused wishes under the same keys."""

    def __init__(self, reads: Work, span: Span, by: By) -> None:
        self.visits: VisitTally = counting.count_visits(reads, span, by)
        self._keys = counting.Keys(by, reads.figures.places())
        names = {*by, *span.told}
        self.sessions = self._sessions(reads, span) if _OF_SESSION.issuperset(names) else None
        self.reasons = self._reasons(reads, span) if _OF_REFUSAL.issuperset(names) else None

    def _heaps(self, rows: Sequence[tuple[Any, ...]], names: Sequence[str], told: Mapping[str, frozenset[Any]]) -> dict[Any, list[Any]]:
        """Key -> the first column of its rows, of those that match `told`."""
        found: dict[Any, list[Any]] = {}
        wanted = [(names.index(name) + 1, values) for name, values in told.items()]
        rows = [row for row in rows if all(row[at] in values for at, values in wanted)]
        if rows:
            columns = dict(zip(("what", *names), zip(*rows, strict=True), strict=True))
            for key, what in zip(self._keys.of(columns, len(rows)), columns["what"], strict=True):
                found.setdefault(key, []).append(what)
        return found

    def _sessions(self, reads: Work, span: Span) -> dict[Any, list[Any]]:
        names = ("gerai", "counter", "officer", "date")
        held = reads.history.sessions(span.first, span.last, last_event_at(reads))
        rows = [
            (row, row["gerai"], row["counter"], row["officer"], row["business_date"])
            for row in held
            if span.gerai is None or row["gerai"] in span.gerai
        ]
        return self._heaps(rows, names, span.told)

    def _reasons(self, reads: Work, span: Span) -> dict[Any, list[Any]]:
        homes = reads.figures.homes()
        rows = [
            (reason, homes.get(service), service, day, hour)
            for service, reason, day, hour in reads.figures.refused(span)
            if span.gerai is None or homes.get(service) in span.gerai
        ]
        return self._heaps(rows, ("gerai", "service", "date", "hour"), span.told)


def row_of(tally: Tally, key: Any, beside: Beside) -> dict[str, Any]:
    counts = tally.counts(key)
    held, refused = beside.sessions, beside.reasons
    pace: Mapping[str, Any] = {"throughput": NOT_RECORDED, "occupancy": NOT_RECORDED}
    return {
        "legs": tally.legs(key),
        **counts,
        **beside.visits.row(key),
        "no_show_share": measures.Share(counts["no_show"], counts["called"]).as_dict(),
        **tally.times(key),
        "wait_classes": measures.classes(tally.waits(key)),
        **(pace if held is None else tally.pace(key, tallies.open_s(held.get(key, ())))),
        "unmet": NOT_RECORDED if refused is None else tallies.unmet(refused.get(key, ())),
        "unreliable": {"wait": tally.n(key, Fact.WAIT_DOUBTED), "service": tally.n(key, Fact.SERVICE_DOUBTED)},
        "open": tally.n(key, Fact.OPEN),
    }


def names_of(reads: Work, by: Sequence[str]) -> dict[str, dict[str, str]]:
    """Code -> name as the plan has it or last had it, for what has names."""
    plan = {key: list(rows) for key, rows in reads.floors.archived().items()}
    for key, rows in (reads.floors.plan() or {}).items():
        if key in plan:
            plan[key] += rows
    said: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], str]]] = {
        "zone": ("zones", lambda row: row["name"]),
        "agency": ("agencies", lambda row: row["name"]),
        "gerai": ("gerai", lambda row: row["name"]),
        "service": ("services", lambda row: row["name"]["id"]),
        "counter": ("counters", lambda row: row["label"]),
    }
    found = {name: {row["code"]: said[name][1](row) for row in plan[said[name][0]]} for name in by if name in said}
    if counting.OFFICER in by:
        found[counting.OFFICER] = {row["username"]: row["name"] for row in reads.people.people()}
    return found


def stops(
    reads: Work,
    *,
    first: date,
    last: date,
    today: date,
    told: Mapping[str, str],
    gerai: frozenset[str] | None = None,
    counts: str = "",
    over: int | None = None,
    upto: int | None = None,
    after: int = 0,
    limit: int = 100,
) -> dict[str, Any]:
    """The stops behind a figure, in order of id: {items, next, total, names}; `total`: how many there are on all pages.

    `told`: what the figure is told by -> its value as text, '-' for none (a stop that no counter called). `counts`: what
    the figure counts (COUNTED), all of them when empty; a time of it longer than `over` and up to `upto` seconds.
    Raises as `figures`, and invalid with the field.
    """
    ranges.check(first, last, today)
    if counts and counts not in COUNTED:
        raise RuleBroken("invalid", field="counts", known=sorted(COUNTED))
    span = span_of(reads, first, last, told, gerai)
    counted = replace(COUNTED[counts] if counts else Counted(), over_s=over, upto_s=upto)
    rows = reads.figures.behind(span, counted, after, limit)
    items = [{name: instant(value) if name in _INSTANTS else _plain(value) for name, value in row.items()} for row in rows]
    return {
        "items": items,
        "next": items[-1]["id"] if len(items) == limit else None,
        "total": reads.figures.n_behind(span, counted),
        "timezone": span.timezone,
        "names": _met(reads, [*items, told], [*_NAMED, *(name for name in told if name == counting.OFFICER)]),
    }


def _met(reads: Work, rows: Sequence[Mapping[str, Any]], by: Sequence[str]) -> dict[str, dict[str, str]]:
    """The names of what these rows tell by code."""
    known = names_of(reads, by)
    met = {name: {row.get(name) for row in rows} for name in known}
    return {name: {code: word for code, word in words.items() if code in met[name]} for name, words in known.items()}


def span_of(reads: Work, first: date, last: date, told: Mapping[str, str], gerai: frozenset[str] | None) -> Span:
    """The stretch of dates, of what matches all that is `told`. Raises invalid with the field."""
    known = known_by(reads)
    if not known.issuperset(told):
        raise RuleBroken("invalid", field="by", known=sorted(known))
    wanted: dict[str, frozenset[Any]] = {}
    for name, value in told.items():
        column, values = _values(reads, name, value, first, last)
        wanted[column] = wanted.get(column, values) & values
    return Span(first, last, reads.floors.current().site.timezone, gerai, wanted)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _values(reads: Work, name: str, text: str, first: date, last: date) -> tuple[str, frozenset[Any]]:
    """The column that tells it, and which of its values are meant. Raises invalid."""
    column = counting.FROM.get(name, name)
    if column == "date":
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        key = {"date": date.isoformat, "month": lambda day: day.strftime("%Y-%m"), "weekday": lambda day: str(day.weekday())}[name]
        return column, frozenset(day for day in days if key(day) == text)
    if name in ("zone", "agency"):
        at = ("zone", "agency").index(name)
        return column, frozenset(code for code, place in reads.figures.places().items() if place[at] == text)
    if name == "hour":
        if not text.isdecimal():
            raise RuleBroken("invalid", field="hour")
        return column, frozenset({int(text)})
    return column, frozenset({None if text == "-" else text})
