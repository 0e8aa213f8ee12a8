"""Adding up the stops and visits of a stretch of dates, by what they are told by."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from server.app.figure_ports import Span
from server.app.ports import Work
from server.app.tallies import Key, Tally, VisitTally
from server.domain.measures import TIMES

MEASURES = ("facts", "running", *TIMES)
#: told by -> what it is worked out from, where it is no column of its own
FROM = {"zone": "gerai", "agency": "gerai", "weekday": "date", "month": "date"}
#: what figures can be told by
DIMENSIONS = ("zone", "agency", "gerai", "service", "counter", "hour", "weekday", "date", "month", "channel", "mode", "priority")
#: only where the site has switched it on
OFFICER = "officer"

Columns = Mapping[str, Sequence[Any]]


def columns_for(by: Sequence[str]) -> list[str]:
    """The columns that these are worked out from, each once."""
    return list(dict.fromkeys(FROM.get(name, name) for name in by))


class Keys:
    """Columns -> one key a row: a tuple of what it is told by, in the order asked."""

    def __init__(self, by: Sequence[str], places: Mapping[str, tuple[str, str]]) -> None:
        self._by = tuple(by)
        of_gerai = {name: {code: place[at] for code, place in places.items()} for at, name in enumerate(("zone", "agency"))}
        self._made: dict[str, Callable[[Any], Any]] = {
            "zone": of_gerai["zone"].get,
            "agency": of_gerai["agency"].get,
            "weekday": _memo(date.weekday),
            "month": _memo(lambda day: day.strftime("%Y-%m")),
            "date": _memo(date.isoformat),
        }

    def of(self, columns: Columns, rows: int) -> Sequence[Key]:
        if not self._by:
            return [()] * rows
        return list(zip(*(self._column(name, columns) for name in self._by), strict=True))

    def _column(self, name: str, columns: Columns) -> Any:
        if name in columns and name in FROM:
            return columns[name]  # storage has told it already
        values = columns[FROM.get(name, name)]
        made = self._made.get(name)
        return map(made, values) if made else values


def _memo(function: Callable[[date], Any]) -> Callable[[date], Any]:
    known: dict[date, Any] = {}

    def once(day: date) -> Any:
        if day not in known:
            known[day] = function(day)
        return known[day]

    return once


def count(reads: Work, span: Span, wanted: Mapping[tuple[str, ...], Tally]) -> None:
    """One walk over the stops; each is added to every tally, under the key of what that tally is told by."""
    names = columns_for([name for by in wanted for name in by])
    places = reads.figures.places()
    keys = {by: Keys(by, places) for by in wanted}
    for block in reads.figures.stops(span, names):
        columns = dict(zip((*MEASURES, *names), zip(*block, strict=True), strict=True))
        for by, tally in wanted.items():
            tally.add(keys[by].of(columns, len(block)), columns)


def count_visits(reads: Work, span: Span, by: tuple[str, ...]) -> VisitTally:
    """One walk over the visits; a visit with stops under several keys is one of each."""
    # Stops at two gerai of one zone are one visit of the zone: storage groups by the zone itself. A visit has one date.
    names = list(dict.fromkeys("date" if FROM.get(name) == "date" else name for name in by))
    keys, tally = Keys(by, reads.figures.places()), VisitTally()
    for block in reads.figures.visits(span, names):
        left, stays, *rest = zip(*block, strict=True)
        tally.add(keys.of(dict(zip(names, rest, strict=True)), len(block)), left, stays)
    return tally
