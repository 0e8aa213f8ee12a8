"""The report's figures: one pure function from a period's added-up facts to its JSON (DESIGN 7).

Seconds throughout; a figure stands beside its `n`; days and hours are the site's. A figure
without a source says `belum dicatat`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from server.app import tallies
from server.app.definitions import DEFINITIONS, DEFINITIONS_VERSION, blanked, note, unrecorded
from server.app.figure_ports import Span
from server.app.present import instant
from server.app.report_periods import Period
from server.app.tallies import Row, Tally, VisitTally, unmet
from server.domain import measures
from server.domain.floor import Floor
from server.domain.measures import Fact

#: what is counted of the exceptions -> which of them
EXCEPTION_COUNTS: Mapping[str, Callable[[Row], bool]] = {
    "picks": lambda row: row["type"] == "TicketPicked",
    "priority_removed": lambda row: row["type"] == "PrioritySet" and row["standing"] == "removed",
    "transfers": lambda row: row["type"] == "TicketTransferred",
    "reprints": lambda row: row["type"] == "SlipQueued",
    "returns": lambda row: row["type"] == "TicketReturned",
    "put_backs": lambda row: row["type"] == "TicketPutBack",
    "releases": lambda row: row["type"] == "CounterReleased",
}

#: what counts nothing though it holds numbers or nothing: names, dates, bounds
_NO_FIGURES = frozenset({"date", "head", "to_s"})
#: parts of the report that are figures; of a period without a record none of them is known
_FIGURES = ("totals", "services", "gerai", "days", "hours", "unmet", "exception_counts")


@dataclass(frozen=True)
class Facts:
    """What the month's records add up to.

    `life`: the first and the last date of which the hall has a record; None: it has none. `names`: zone, agency, gerai or
    service -> code -> name as the plan has it or last had it.
    `services`: by (gerai, service); `hours`: by (date as text, hour); `kinds`: by (channel, mode, priority). `refused`:
    (service, reason, date, hour). `sessions`: {opened_at, closed_at, gerai, business_date, open_s, flagged};
    `exceptions`: {seq, at, type, actor, label, reason, standing}; `closed_days`: {date, head}. Instants are aware.
    """

    life: tuple[date, date] | None
    names: Mapping[str, Mapping[str, str]]
    places: Mapping[str, tuple[str, str]]
    homes: Mapping[str, str]
    services: Tally
    hours: Tally
    kinds: Tally
    visits: VisitTally
    refused: Sequence[tuple[str, str, date, int]]
    sessions: Sequence[Row]
    exceptions: Sequence[Row]
    closed_days: Sequence[Row]
    devices: Sequence[Row]


def of_period(period: Period, floor: Floor, span: Span, facts: Facts) -> dict[str, Any]:
    """The report of these dates as plain JSON values; of an agency, what happened at its gerai only. `month`: None of a longer form."""
    refused = [row for row in facts.refused if span.gerai is None or facts.homes.get(row[0]) in span.gerai]
    sessions = [row for row in facts.sessions if span.gerai is None or row["gerai"] in span.gerai]
    heads = {row["date"]: row["head"] for row in facts.closed_days}
    gerai = facts.services.merged(lambda key: key[0])
    total = gerai.merged(lambda key: ())
    days = facts.hours.merged(lambda key: key[0])
    first, last = facts.life or (None, None)
    found: dict[str, Any] = {
        "month": period.code if period.form == "monthly" else None,
        "form": period.form,
        "period": period.code,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "site": floor.site.code,
        "site_name": floor.site.name,
        "timezone": floor.site.timezone,
        "definitions_version": DEFINITIONS_VERSION,
        "definitions": dict(DEFINITIONS),
        "recorded": {
            "known": first is not None and last is not None and span.last >= first and span.first <= last,
            "first": first and first.isoformat(),
            "last": last and last.isoformat(),
        },
        "totals": _totals(total, facts, sessions),
        "services": _services(floor, span, facts, refused),
        "gerai": _gerai(floor, span, gerai, sessions, facts.names["gerai"]),
        "zones": _places(0, floor.zones, facts.names["zone"], facts.places, gerai, sessions),
        "agencies": _places(1, floor.agencies, facts.names["agency"], facts.places, gerai, sessions),
        "days": _days(period.dates, days, heads, sessions, facts.life),
        "hours": _hours(facts.hours),
        "hour_profile": _hour_profile(facts.hours),
        "heat": _heat(facts.hours),
        "unmet": unmet(reason for _, reason, _, _ in refused),
        "exceptions": [_exception(row) for row in facts.exceptions],
        "exception_counts": {name: sum(map(is_one, facts.exceptions)) for name, is_one in EXCEPTION_COUNTS.items()},
        "devices": list(facts.devices),
        "quality": _quality(total, days, sessions, heads),
        "closed_days": [{"date": day.isoformat(), "head": heads[day]} for day in sorted(heads)],
    }
    return found if found["recorded"]["known"] else _unknown(found)


def _unknown(found: dict[str, Any]) -> dict[str, Any]:
    """The report of a period of which the hall has no record: no figure is known, not even that it was nothing."""
    return {**found, **{name: blanked(found[name], _NO_FIGURES) for name in _FIGURES}, "quality": unrecorded()}


def _totals(total: Tally, facts: Facts, sessions: Sequence[Row]) -> dict[str, Any]:
    counts = total.counts(())
    return {
        **counts,
        **facts.visits.row(()),
        "legs": total.legs(()),
        "no_show_share": measures.Share(counts["no_show"], counts["called"]).as_dict(),
        **total.times(()),
        "wait_classes": measures.classes(total.waits(())),
        **total.pace((), tallies.open_s(sessions)),
        "channels": _issued(facts.kinds, 0),
        "modes": _issued(facts.kinds, 1),
        "priorities": _issued(facts.kinds, 2),
    }


def _issued(kinds: Tally, at: int) -> dict[str, int]:
    """Numbers given by the key's part `at`."""
    merged = kinds.merged(lambda key: key[at])
    counts = {str(key): merged.n(key, Fact.ISSUED) for key in merged.keys()}
    return {key: n for key, n in sorted(counts.items()) if n}


def _mine(span: Span, gerai: str) -> bool:
    return span.gerai is None or gerai in span.gerai


def _services(floor: Floor, span: Span, facts: Facts, refused: Sequence[tuple[str, str, date, int]]) -> list[dict[str, Any]]:
    """One row for each service of the floor plan, then for those it no longer has."""
    reasons: dict[str, list[str]] = {}
    for service, reason, _, _ in refused:
        reasons.setdefault(service, []).append(reason)
    planned = [(row.gerai, code) for code, row in floor.services.items() if _mine(span, row.gerai)]
    refusing = [(facts.homes[code], code) for code in sorted(reasons) if code in facts.homes]
    return [
        {
            "gerai": gerai,
            "gerai_name": facts.names["gerai"].get(gerai, gerai),
            "service": code,
            "service_name": facts.names["service"].get(code, code),
            **facts.services.counts((gerai, code)),
            **facts.services.times((gerai, code)),
            "unmet": unmet(reasons.get(code, ()) if facts.homes.get(code, gerai) == gerai else ()),
        }
        for gerai, code in dict.fromkeys([*planned, *sorted(facts.services.keys()), *refusing])  # type: ignore[type-var]
    ]


def _of(sessions: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    found: dict[Any, list[Row]] = {}
    for row in sessions:
        found.setdefault(row[key], []).append(row)
    return found


def _gerai(floor: Floor, span: Span, gerai: Tally, sessions: Sequence[Row], names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each gerai of the plan, then those it no longer has."""
    held = _of(sessions, "gerai")
    planned = [code for code in floor.gerai if _mine(span, code)]
    return [
        {
            "gerai": code,
            "name": names.get(code, code),
            "sessions": len(held.get(code, ())),
            **gerai.pace(code, tallies.open_s(held.get(code, ()))),
            **gerai.counts(code),
            **gerai.times(code),
        }
        for code in dict.fromkeys([*planned, *sorted(gerai.keys()), *sorted(held)])  # type: ignore[type-var]
    ]


def _places(
    at: int, planned: Iterable[str], names: Mapping[str, str], places: Mapping[str, tuple[str, str]], gerai: Tally, sessions: Sequence[Row]
) -> list[dict[str, Any]]:
    """Zones (`at` 0) or agencies (1) where something happened, in the order of the plan, then those it no longer has."""
    merged = gerai.merged(lambda code: places[code][at])
    held: dict[str, list[Row]] = {}
    for row in sessions:
        held.setdefault(places[row["gerai"]][at], []).append(row)
    happened = {*merged.keys(), *held}
    return [
        {
            "code": code,
            "name": names.get(code, code),
            **merged.counts(code),
            **merged.times(code),
            **merged.pace(code, tallies.open_s(held.get(code, ()))),
        }
        for code in dict.fromkeys([*planned, *sorted(happened)])  # type: ignore[type-var]
        if code in happened
    ]


def _days(
    dates: Sequence[date], days: Tally, heads: Mapping[date, str], sessions: Sequence[Row], life: tuple[date, date] | None
) -> list[dict[str, Any]]:
    """What lies outside the hall's life is not recorded; a day within it without a visitor is 0."""
    held = _of(sessions, "business_date")
    rows = [
        {
            "date": day.isoformat(),
            **days.counts(day.isoformat()),
            "wait": days.summary(day.isoformat(), "wait"),
            "within_standard": days.within(day.isoformat()),
            "open_s": tallies.open_s(held.get(day, ())),
            "head": heads.get(day),
        }
        for day in dates
    ]
    return [row if life and life[0] <= day <= life[1] else blanked(row, _NO_FIGURES) for day, row in zip(dates, rows, strict=True)]


def _weekday(key: tuple[str, int]) -> tuple[int, int]:
    return date.fromisoformat(key[0]).weekday(), key[1]


def _hours(hours: Tally) -> list[list[int]]:
    """Numbers given, by weekday (Monday first) and local hour: 7 rows of 24."""
    merged = hours.merged(_weekday)
    return [[merged.n((weekday, hour), Fact.ISSUED) for hour in range(24)] for weekday in range(7)]


def _hour_profile(hours: Tally) -> list[dict[str, Any]]:
    """By the local hour in which a stop began to wait; only hours in which any did."""
    merged = hours.merged(lambda key: key[1])
    told = sorted(merged.keys())  # type: ignore[type-var]
    return [
        {"hour": hour, **merged.counts(hour), "wait": merged.summary(hour, "wait"), "within_standard": merged.within(hour)}
        for hour in told
    ]


def _heat(hours: Tally) -> list[dict[str, Any]]:
    """By weekday (Monday is 0) and local hour; only cells in which anybody began to wait."""
    merged = hours.merged(_weekday)
    return [
        {"weekday": key[0], "hour": key[1], "issued": merged.n(key, Fact.ISSUED), "wait": merged.summary(key, "wait")}  # type: ignore[index]
        for key in sorted(merged.keys())  # type: ignore[type-var]
    ]


def _quality(total: Tally, days: Tally, sessions: Sequence[Row], heads: Mapping[date, str]) -> list[dict[str, Any]]:
    closed = {day.isoformat() for day in heads}
    return [
        note("wait_unreliable", total.n((), Fact.WAIT_DOUBTED)),
        note("service_unreliable", total.n((), Fact.SERVICE_DOUBTED)),
        note("sessions_flagged", sum(bool(row["flagged"]) for row in sessions)),
        note("sessions_open", sum(row["closed_at"] is None for row in sessions)),
        note("legs_open", total.n((), Fact.OPEN)),
        note("days_open", len(set(days.keys()) - closed)),
        *unrecorded(),
    ]


def _exception(row: Row) -> dict[str, Any]:
    fields = {key: row.get(key) for key in ("seq", "type", "actor", "label", "reason")}
    return {**fields, "at": instant(row["at"])}
