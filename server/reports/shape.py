"""Small readers of the dossier (server/app/dossiers.py) that every section uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from server.app.definitions import NOT_RECORDED
from server.app.report_periods import Period, period_of
from server.reports import words
from server.reports.model import Cell, Column, Group, Row, Seconds, Share

Dossier = Mapping[str, Any]
Figures = Mapping[str, Any]


def text(title: str, width: float = 3.0) -> Column:
    return Column(title, width, is_text=True)


def summed(title: str, width: float = 1.0) -> Column:
    return Column(title, width, total="sum")


def shared(title: str = "%", width: float = 0.8) -> Column:
    """The two columns to its left, divided."""
    return Column(title, width, total="share")


def seconds(value: Any) -> Cell:
    """Seconds of the figures; None stays None, `belum dicatat` stays as it is."""
    return value if value is None or isinstance(value, str) else Seconds(value)


def share(counted: Mapping[str, Any]) -> Share:
    """{n, of} of the figures."""
    return Share(counted["n"], counted["of"])


def first_and_last(dossier: Dossier) -> tuple[date, date]:
    return date.fromisoformat(dossier["first"]), date.fromisoformat(dossier["last"])


def gerai_name(dossier: Dossier, code: str, name: str) -> str:
    """'Instansi · Gerai'; one of them where they are the same."""
    agency = dossier["facts"]["agencies"].get(code, name)
    return name if agency == name else f"{agency} · {name}"


def by_gerai(dossier: Dossier, row_of: Callable[[Mapping[str, Any]], Row]) -> tuple[Group, ...]:
    """The services' rows, one group for each gerai in the order of the plan, a service that is gone at its gerai's end."""
    rows: dict[tuple[str, str], list[Row]] = {}
    for row in dossier["figures"]["services"]:
        rows.setdefault((row["gerai"], row["gerai_name"]), []).append(row_of(row))
    return tuple(Group(gerai_name(dossier, code, name), tuple(found)) for (code, name), found in rows.items())


def known(value: Any) -> bool:
    return value is not None and value != NOT_RECORDED


def is_recorded(dossier: Dossier) -> bool:
    """Whether the hall has any record of the period; of another no figure is known."""
    return bool(dossier["figures"]["recorded"]["known"])


def is_running(dossier: Dossier) -> bool:
    """Whether the period was not over when the report was made."""
    return date.fromisoformat(dossier["made_on"]) <= first_and_last(dossier)[1]


def recorded(dossier: Dossier) -> tuple[date, date]:
    """The first and the last date of which the hall has a record."""
    found = dossier["figures"]["recorded"]
    return date.fromisoformat(found["first"]), date.fromisoformat(found["last"])


#: a hall that begins so much later than the first of a period has a part of it only; a weekend and a holiday are no part
_LATE = timedelta(days=4)


@dataclass(frozen=True)
class Earlier:
    """A period to compare with; `figures` None: the hall has no record of it. `since`: of its first part it has none."""

    column: str
    period: Period
    figures: Figures | None
    since: date | None


def earlier(dossier: Dossier) -> list[Earlier]:
    """The period before and the same one a year ago; of a year these are one."""
    period = period_of(dossier["form"], dossier["period"])
    wanted = [("Sebelumnya", "before", period.before), ("Tahun lalu", "year_before", period.year_before)]
    if period.before == period.year_before:
        wanted = wanted[1:]
    begun = recorded(dossier)[0]
    return [Earlier(column, other, dossier[key], begun if begun - other.first > _LATE else None) for column, key, other in wanted]


def scope(dossier: Dossier) -> str:
    """'gerai A dan B'; empty for the whole hall."""
    return "" if dossier["gerai"] is None else f"gerai {words.listed(dossier['facts']['scope']) or words.NOTHING}"
