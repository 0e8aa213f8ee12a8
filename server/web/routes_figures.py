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
    first, last, now = asked.given["first"], asked.given["last"], today(asked)
    ranges.check(first, last, now)
    own = asked.caller.gerai if asked.caller.role == AGENCY_HEAD else None
    wanted = asked.given.get("gerai")
    if wanted is not None and own is not None and wanted not in own:
        raise WebRefusal("forbidden")
    gerai = own if wanted is None else frozenset({wanted})
    return {"first": first, "last": last, "today": now, "gerai": gerai}


def _figures(asked: Asked) -> Any:
    by = [name for name in asked.given.get("by", "").split(",") if name]
    return asked.gate.house.figures("figures", {**_span(asked), "by": by})


def _stops(asked: Asked) -> Any:
    told = {name: _text(value) for name, value in asked.given.items() if name in bodies.TOLD and value is not None}
    page = {name: asked.given[name] for name in ("after", "limit") if name in asked.given}
    return asked.gate.house.figures("stops", {**_span(asked), "told": told, **page})


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
        "/figures/legs",
        READERS,
        "The stops behind a figure, in order of id.",
        _stops,
        takes=bodies.FindStops,
        gives="`{items, next}`",
        codes=_RANGE,
    ),
)
