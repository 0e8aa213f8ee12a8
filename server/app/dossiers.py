"""The dossier of a report: everything it is made from, as plain JSON values in one text.

Figures of the period, of the one before and of the year before; facts that the figures do not hold; the
letter as it was set; the logo. Nobody's name but the signatory's is in it: exceptions are counts.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from server.app import branding, downtime
from server.app.figures import names_of
from server.app.months import month_of
from server.app.ports import Work
from server.app.report_letter import letter
from server.app.report_periods import Period
from server.domain.events import Event

VERSION = 1
#: kinds of exceptions that are counted; PrioritySet by its standing
COUNTED = (
    "TicketPicked", "PrioritySet", "TicketTransferred", "TicketPutBack", "TicketReturned", "SlipQueued", "CounterReleased",
    "OfficerLost", "OverrideSet", "PolicySet", "SeriesJumped", "ClockDoubted", "KioskPaused",
)  # fmt: skip
#: of the compared periods only what is compared stays
_COMPARED = ("period", "totals", "unmet")

#: of each month of a longer form; the first of them add up
ADDED = ("issued", "called", "served", "no_show", "cancelled", "expired")
MONTHLY = (*ADDED, "wait")

Gerai = frozenset[str] | None


def text_of(dossier: dict[str, Any]) -> str:
    """The one JSON text of a dossier, that is hashed and kept."""
    return json.dumps(dossier, ensure_ascii=False, separators=(",", ":"))


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def gather(reads: Work, period: Period, gerai: Gerai, *, number: str, revision: int | None, made_on: date) -> dict[str, Any]:
    """The dossier of a period; with `gerai`, of these gerai only. `revision` None: a draft."""
    figures = month_of(reads, period, gerai)
    logo = branding.logo_in_use(reads)
    return {
        "dossier": VERSION,
        "form": period.form,
        "period": period.code,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "gerai": None if gerai is None else sorted(gerai),
        "number": number,
        "revision": revision,
        "made_on": made_on.isoformat(),
        # The log names people; the report does not.
        "figures": {**figures, "exceptions": []},
        "months": _months(reads, period, gerai, figures),
        "before": _compared(reads, period.before, gerai),
        "year_before": _compared(reads, period.year_before, gerai),
        "facts": _facts(reads, period, gerai, figures),
        "letter": letter(reads),
        "logo": base64.b64encode(logo).decode() if logo else None,
    }


def _months(reads: Work, period: Period, gerai: Gerai, whole: dict[str, Any]) -> list[dict[str, Any]]:
    """The months of a longer form, each with what a day has; nothing for a month. Raises ArithmeticError.

    What the months add up to must be the period: figures that do not agree are not signed.
    """
    if period.form == "monthly":
        return []
    rows = []
    for one in period.months:
        figures = month_of(reads, one, gerai)
        rows.append({"month": one.code, "known": figures["recorded"]["known"], **{key: figures["totals"][key] for key in MONTHLY}})
    told = [row for row in rows if row["known"]]
    apart = [key for key in ADDED if told and sum(row[key] for row in told) != whole["totals"][key]]
    if apart:
        raise ArithmeticError(f"the months of {period.code} do not add up: {', '.join(apart)}")
    return rows


def _compared(reads: Work, period: Period, gerai: Gerai) -> dict[str, Any] | None:
    """None where the hall has no record of that period at all."""
    figures = month_of(reads, period, gerai)
    return {key: figures[key] for key in _COMPARED} if figures["recorded"]["known"] else None


def _facts(reads: Work, period: Period, gerai: Gerai, figures: dict[str, Any]) -> dict[str, Any]:
    floor = reads.floors.current()
    zone = ZoneInfo(floor.site.timezone)
    since = datetime.combine(period.first, time.min, zone).astimezone(UTC)
    until = datetime.combine(period.last + timedelta(days=1), time.min, zone).astimezone(UTC)
    sessions = [row for row in reads.history.sessions(period.first, period.last, None) if gerai is None or row["gerai"] in gerai]
    own = [code for code in floor.gerai if gerai is None or code in gerai]
    names, places = names_of(reads, ("agency", "gerai")), reads.figures.places()
    # Also of those that the plan no longer has: what happened there is told by name.
    told = dict.fromkeys([*own, *(row["gerai"] for part in ("services", "gerai") for row in figures[part])])
    asked = [code for code in dict.fromkeys([*floor.gerai, *sorted(gerai or ())]) if code in (gerai or ())]
    return {
        "scope": [names["gerai"].get(code, code) for code in asked],
        "agencies": {code: names["agency"][places[code][1]] for code in told if code in places},
        "priorities": {row["code"]: row["name"]["id"] for row in floor.policy.priorities},
        "standards": _standards(reads, {row["service"] for row in figures["services"]}),
        "counters": sum(row.gerai in own for row in floor.counters.values()),
        "open_days": len({row["business_date"] for row in sessions}),
        "issued_by_day": [
            [row["gerai"], row["service"], row["date"].isoformat(), row["n"]]
            for row in reads.reports.issued_by_day(period.first, period.last) if gerai is None or row["gerai"] in gerai
        ],
        "exceptions": _exceptions(reads, since, until, gerai),
        "devices": _devices(reads, since, until, figures["recorded"]["first"]) if gerai is None else [],
        "simulated": reads.around.simulated,
    }  # fmt: skip


def _standards(reads: Work, services: set[str]) -> dict[str, Any]:
    """What each of these promises, or promised last. Seconds."""
    rows = [*reads.floors.archived()["services"], *(reads.floors.plan() or {"services": []})["services"]]
    names = ("wait_s", "service_s", "version")
    return {row["code"]: {name: row["standard"][name] for name in names} for row in rows if row["code"] in services}


def _exceptions(reads: Work, since: datetime, until: datetime, gerai: Gerai) -> dict[str, int]:
    events = reads.reports.told(COUNTED, since, until)
    return dict(sorted(Counter(_kind(event) for event in events if gerai is None or event.gerai in gerai).items()))


def _kind(event: Event) -> str:
    return f"PrioritySet:{event.data.get('standing')}" if event.type == "PrioritySet" else event.type


def _devices(reads: Work, since: datetime, until: datetime, begun: str | None) -> list[dict[str, Any]]:
    """{code, kind, name, since} of what had told how it is by `until`: only of these is it known that they were not out of order.

    `since`: the date on which it was heard first, where that is later than the period's first and the hall's own (`begun`); else None.
    Asked of the log: the row of a device that is enrolled and never heard has an instant too.
    """
    zone = ZoneInfo(reads.floors.current().site.timezone)
    from_start = max(since.astimezone(zone).date().isoformat(), begun or "")
    heard: dict[str, dict[str, str | None]] = {}
    for name in sorted(set(downtime.FLIPS.values())):
        found = heard[name] = {}
        for event in _flips(reads, name, since, until):
            if event.type != "DeviceRevoked":
                at = event.at.astimezone(zone).date().isoformat()
                found.setdefault(event.data[name], at if at > from_start else None)
    told = [(row["code"], row["kind"], row["name"], heard["code"]) for row in reads.devices.devices()]
    told += [(row.code, "printer", row.name, heard["printer"]) for row in reads.paper.printers()]
    return [{"code": code, "kind": kind, "name": name or code, "since": found[code]} for code, kind, name, found in told if code in found]


def _flips(reads: Work, name: str, since: datetime, until: datetime) -> list[Event]:
    types = [type_ for type_, told in downtime.FLIPS.items() if told == name]
    return reads.figures.flips(types, name, since, until)
