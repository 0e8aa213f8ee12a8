"""The monthly report: one pure function from a month's records to its JSON (DESIGN 7).

Seconds throughout; a figure stands beside its `n`; days and hours are the site's. A figure
without a source says `belum dicatat`. Rows of another month among the input are left out.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from server.app.definitions import DEFINITIONS, DEFINITIONS_VERSION, note, unrecorded
from server.app.present import instant
from server.app.tallies import ISSUED, Pot, Row, Visit, abandoned, issued, pace, unmet
from server.domain import measures
from server.domain.floor import Floor
from server.domain.tickets import ENDED, Leg, Ticket


def dates_of(month: str) -> list[date]:
    """'2026-10' -> its dates. Raises ValueError."""
    first = date.fromisoformat(f"{month}-01")
    return [first.replace(day=n + 1) for n in range(monthrange(first.year, first.month)[1])]


def _services(
    floor: Floor, visits: Sequence[Visit], refusals: Sequence[Row]
) -> list[dict[str, Any]]:
    """One row for each service of the floor plan, then for those it no longer has."""
    pots = {(service.gerai, code): Pot() for code, service in floor.services.items()}
    for ticket, legs in visits:
        for leg in legs:
            pot = pots.setdefault((leg.gerai, leg.service), Pot())
            pot.legs.append(leg)
            if leg.origin == ISSUED:
                pot.tickets.append(ticket)
    return [
        {
            "gerai": gerai,
            "gerai_name": floor.gerai[gerai].name if gerai in floor.gerai else gerai,
            "service": code,
            "service_name": floor.services[code].name["id"] if code in floor.services else code,
            **pot.counts(),
            **pot.times(),
            "unmet": unmet(row for row in refusals if row["service"] == code),
        }
        for (gerai, code), pot in pots.items()
    ]


def _by_date(visits: Sequence[Visit]) -> dict[date, Pot]:
    pots: dict[date, Pot] = {}
    for ticket, legs in visits:
        pot = pots.setdefault(ticket.business_date, Pot())
        pot.tickets.extend(issued([(ticket, legs)]))
        pot.legs.extend(legs)
    return pots


def _days(dates: Sequence[date], visits: Sequence[Visit], heads: Mapping[date, str]) -> list[Any]:
    pots = _by_date(visits)
    return [
        {
            "date": day.isoformat(),
            **pots.get(day, Pot()).counts(),
            "wait": measures.summary(map(measures.wait_s, pots.get(day, Pot()).legs)),
            "head": heads.get(day),
        }
        for day in dates
    ]


def _hours(visits: Sequence[Visit], timezone: str) -> list[list[int]]:
    """Numbers given, by weekday (Monday first) and local hour: 7 rows of 24."""
    table = [[0] * 24 for _ in range(7)]
    zone = ZoneInfo(timezone)
    for ticket in issued(visits):
        local = ticket.issued_at.astimezone(zone)
        table[local.weekday()][local.hour] += 1
    return table


def _gerai(floor: Floor, visits: Sequence[Visit], sessions: Sequence[Row]) -> list[dict[str, Any]]:
    """Pace of each gerai of the plan, then of those it no longer has."""
    legs: dict[str, list[Leg]] = {code: [] for code in floor.gerai}
    held: dict[str, list[Row]] = {}
    for _, stops in visits:
        for leg in stops:
            legs.setdefault(leg.gerai, []).append(leg)
    for row in sessions:
        held.setdefault(row["gerai"], []).append(row)
        legs.setdefault(row["gerai"], [])
    return [
        {
            "gerai": code,
            "name": floor.gerai[code].name if code in floor.gerai else code,
            "sessions": len(held.get(code, ())),
            **pace(held.get(code, ()), own),
        }
        for code, own in legs.items()
    ]


def _class_of(ticket: Ticket) -> str:
    return (ticket.priority if ticket.is_priority else None) or "umum"


def _totals(
    visits: Sequence[Visit], sessions: Sequence[Row], stays: Iterable[int | None]
) -> dict[str, Any]:
    tickets = issued(visits)
    legs = [leg for _, stops in visits for leg in stops]
    pot = Pot(tickets, legs)
    counts = pot.counts()
    return {
        **counts,
        "visits": len(visits),
        "legs": len(legs),
        "no_show_share": measures.Share(counts["no_show"], counts["called"]).as_dict(),
        "abandoned": abandoned(visits),
        **pot.times(),
        "stay": measures.summary(stays),
        **pace(sessions, legs),
        "channels": dict(sorted(Counter(ticket.channel for ticket in tickets).items())),
        "modes": dict(sorted(Counter(ticket.mode for ticket in tickets).items())),
        "priorities": dict(sorted(Counter(map(_class_of, tickets)).items())),
    }


def _quality(
    visits: Sequence[Visit], sessions: Sequence[Row], heads: Mapping[date, str]
) -> list[dict[str, Any]]:
    legs = [leg for _, stops in visits for leg in stops]
    days = {ticket.business_date for ticket, _ in visits}
    return [
        note("wait_unreliable", sum(not leg.wait_reliable for leg in legs)),
        note("service_unreliable", sum(not leg.service_reliable for leg in legs)),
        note("sessions_flagged", sum(bool(row["flagged"]) for row in sessions)),
        note("sessions_open", sum(row["closed_at"] is None for row in sessions)),
        note("legs_open", sum(leg.state not in ENDED for leg in legs)),
        note("days_open", len(days - set(heads))),
        *unrecorded(),
    ]


def _exception(row: Row) -> dict[str, Any]:
    fields = {key: row.get(key) for key in ("seq", "type", "actor", "label", "reason")}
    return {**fields, "at": instant(row["at"])}


def _all_at(gerai: frozenset[str] | None, legs: Sequence[Leg]) -> bool:
    return gerai is None or all(leg.gerai in gerai for leg in legs)


def _floor_of(floor: Floor, gerai: frozenset[str]) -> Floor:
    """The plan with these gerai and their services only."""
    return replace(
        floor,
        gerai={code: row for code, row in floor.gerai.items() if code in gerai},
        services={code: row for code, row in floor.services.items() if row.gerai in gerai},
    )


def _within(dates: Sequence[date], zone: ZoneInfo) -> Callable[[Iterable[Row], str], list[Row]]:
    """A filter of rows by the local date of one of their instants."""

    def here(rows: Iterable[Row], key: str) -> list[Row]:
        return [row for row in rows if dates[0] <= row[key].astimezone(zone).date() <= dates[-1]]

    return here


def monthly(
    month: str,
    floor: Floor,
    visits: Iterable[Visit],
    refusals: Iterable[Row],
    sessions: Iterable[Row],
    exceptions: Iterable[Row],
    closed_days: Iterable[Row],
    gerai: frozenset[str] | None = None,
) -> dict[str, Any]:
    """The report of one month ('2026-10') as plain JSON values.

    `refusals`: {at, service, reason}; `sessions`: {opened_at, closed_at, counter, gerai,
    paused_s, flagged}; `exceptions`: {seq, at, type, actor, label, reason}; `closed_days`:
    {date, head}. Instants are aware datetimes. `gerai`: an agency's own report, with only
    what happened at these gerai (the caller narrows `exceptions`, which name no gerai; a stay
    counts when all of it was spent there). Raises ValueError for a month that is none.
    """
    dates = dates_of(month)
    here = _within(dates, ZoneInfo(floor.site.timezone))
    own = [visit for visit in visits if dates[0] <= visit[0].business_date <= dates[-1]]
    refused, held = here(refusals, "at"), here(sessions, "opened_at")
    stays = [measures.stay_s(ticket, legs) for ticket, legs in own if _all_at(gerai, legs)]
    if gerai is not None:
        floor = _floor_of(floor, gerai)
        own = [(ticket, [leg for leg in legs if leg.gerai in gerai]) for ticket, legs in own]
        own = [(ticket, legs) for ticket, legs in own if legs]
        refused = [row for row in refused if row["service"] in floor.services]
        held = [row for row in held if row["gerai"] in gerai]
    closed = [row for row in closed_days if dates[0] <= row["date"] <= dates[-1]]
    heads = {row["date"]: row["head"] for row in closed}
    told = sorted(here(exceptions, "at"), key=lambda row: row["seq"])
    return {
        "month": month,
        "site": floor.site.code,
        "site_name": floor.site.name,
        "timezone": floor.site.timezone,
        "definitions_version": DEFINITIONS_VERSION,
        "definitions": dict(DEFINITIONS),
        "totals": _totals(own, held, stays),
        "services": _services(floor, own, refused),
        "gerai": _gerai(floor, own, held),
        "days": _days(dates, own, heads),
        "hours": _hours(own, floor.site.timezone),
        "unmet": unmet(refused),
        "exceptions": [_exception(row) for row in told],
        "quality": _quality(own, held, heads),
        "closed_days": [{"date": day.isoformat(), "head": heads[day]} for day in sorted(heads)],
    }
