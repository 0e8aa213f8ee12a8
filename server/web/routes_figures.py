"""The rows about figures of any stretch of dates; made in a process beside the server."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from server.app import ranges
from server.app.ports import Work
from server.web import bodies_figures as bodies
from server.web.errors import WebRefusal
from server.web.roles import AGENCY_HEAD, OVERSEERS, VIEWER
from server.web.route import Asked, Route, get

READERS = OVERSEERS | {VIEWER, AGENCY_HEAD}
_RANGE = ("range_backwards", "range_too_long", "range_in_future")


def _timezone(reads: Work) -> str:
    return reads.floors.current().site.timezone


def today(asked: Asked) -> date:
    """The site's date."""
    return asked.gate.house.now().astimezone(ZoneInfo(asked.read(_timezone))).date()


def _span(asked: Asked) -> dict[str, Any]:
    """The dates, checked before a process is started; an agency head's own gerai, whatever was asked."""
    dates = {name: asked.given[name] for name in ("first", "last") if asked.given.get(name) is not None}
    now = today(asked)
    if len(dates) == 2:
        ranges.check(dates["first"], dates["last"], now)
    own = asked.caller.gerai if asked.caller.role == AGENCY_HEAD else None
    wanted = asked.given.get("gerai")
    if wanted is not None and own is not None and wanted not in own:
        raise WebRefusal("forbidden")
    gerai = own if wanted is None else frozenset({wanted})
    return {**dates, "today": now, "gerai": gerai}


def _told(asked: Asked) -> dict[str, str]:
    """What the stops are told by; officers are told to who oversees the hall only."""
    told = {name: _text(value) for name, value in asked.given.items() if name in bodies.TOLD and value is not None}
    if asked.caller.role not in OVERSEERS and "officer" in (*told, *_by(asked)):
        raise WebRefusal("forbidden")
    return told


def _by(asked: Asked) -> list[str]:
    return [name for name in asked.given.get("by", "").split(",") if name]


def _figures(asked: Asked) -> Any:
    return asked.gate.house.figures("figures", {**_span(asked), "by": _by(asked), "only": _told(asked)})


def _history(asked: Asked) -> Any:
    found = asked.gate.house.figures("history", {**_span(asked), "only": _told(asked)})
    return {**found, "officers": found["officers"] and asked.caller.role in OVERSEERS}


def _stops(asked: Asked) -> Any:
    page = {name: asked.given[name] for name in ("after", "limit", "counts", "over", "upto") if asked.given.get(name) is not None}
    found = asked.gate.house.figures("stops", {**_span(asked), "told": _told(asked), **page})
    if asked.caller.role in OVERSEERS:
        return found
    # Whoever reads all stops with their officers can count by officer.
    return {**found, "items": [{**row, "officer": None} for row in found["items"]]}


def _text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


ROUTES: tuple[Route, ...] = (
    get(
        "/figures",
        READERS,
        "Figures of some dates, told by one or two things (`zone`, `hour`, ...); to an agency head, of its own gerai.",
        _figures,
        takes=bodies.FindFigures,
        gives="`{from, to, by, names, total, rows}`; a figure without a source is `belum dicatat`",
        codes=(*_RANGE, "too_many_rows"),
    ),
    get(
        "/figures/history",
        READERS,
        "Figures of some dates beside those before them and those a year ago, by day or month, by weekday and hour, and how long waits were.",
        _history,
        takes=bodies.FindHistory,
        gives="`{today, from, to, step, now, before, year_ago, hours, waits, standards, choices, officers}`",
        codes=_RANGE,
    ),
    get(
        "/figures/legs",
        READERS,
        "The stops behind a figure, in order of id.",
        _stops,
        takes=bodies.FindStops,
        gives="`{items, next, total, timezone, names}`",
        codes=_RANGE,
    ),
)
