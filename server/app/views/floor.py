"""What the supervisor shows: the load of every gerai, the devices, what went wrong."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from server.app import backups, notices
from server.app.branding import told as brand
from server.app.present import instant, names, override
from server.app.snapshot import DeviceRow, DisplayState, ExceptionRow
from server.app.views.attention import attention
from server.app.views.display import sound_group, turn_of
from server.app.views.exceptions import exception
from server.app.views.gerai import line_of
from server.app.views.hall import Hall
from server.app.views.rules import NEAR_PERCENT, run_out
from server.domain.errors import RuleBroken
from server.domain.floor import Gerai


#: the part of the floor that is all of it, for who looks on: without who did what
ALL_OF_IT = "*"


def _zone_name(hall: Hall, code: str | None) -> str | None:
    """A zone's name; its code when the plan no longer has it."""
    zone = hall.floor.zones.get(code or "")
    return zone.name if zone else code


def _gerai(hall: Hall, gerai: Gerai) -> dict[str, Any]:
    services = hall.services_of.get(gerai.code, [])
    line = hall.in_line(gerai.code)
    longest = hall.longest(line)
    promised_s = min((s.standard.wait_s for s in services), default=None)
    return {
        "code": gerai.code,
        "name": gerai.name,
        "short": gerai.short,
        "zone": gerai.zone,
        "zone_name": _zone_name(hall, gerai.zone),
        "waiting": len(line),
        "longest_queued_at": instant(longest[1].queued_at) if longest else None,
        "promised_wait_s": longest[1].promised_wait_s if longest else promised_s,
        "near_at": instant(run_out(line, NEAR_PERCENT)),
        "over_at": instant(run_out(line, 100)),
        "services": [
            {
                "code": service.code,
                "name": names(service.name),
                "waiting": len(hall.waiting.get(service.code, ())),
                **hall.opening(service.code),
            }
            for service in services
        ],
        "counters": [hall.counter(code) for code in hall.counters_of.get(gerai.code, ())],
        "today": hall.today(gerai.code),
    }


def _display(hall: Hall, row: DeviceRow) -> dict[str, Any]:
    """What a display is worth, its volume in percent, and whether it has the turn to speak."""
    state = hall.snap.displays.get(row.code, DisplayState())
    turn = hall.once(f"turn {row.zone}", lambda: turn_of(hall.snap, sound_group(hall.snap, row)))
    return {
        "condition": state.condition,
        "since": instant(state.since),
        "volume": state.volume,
        "speaks": turn["speaks"] == row.code,
        "is_deputy": turn["deputy"] == row.code,
    }


def _devices(hall: Hall) -> list[dict[str, Any]]:
    return [
        {
            "code": row.code,
            "kind": row.kind,
            "name": row.name,
            "zone": row.zone,
            "zone_name": _zone_name(hall, row.zone),
            "state": row.state,
            "since": instant(row.since),
            "printer": row.printer,
            "display": _display(hall, row) if row.kind == "display" else None,
            "fallback": row.fallback,
        }
        for row in hall.snap.devices
        if not row.revoked
    ]


def _printers(hall: Hall) -> list[dict[str, Any]]:
    """With the newest slip of each, how far it is and why."""
    newest = {job.printer: job for job in hall.snap.prints}
    return [
        {
            "code": row.code,
            "name": row.name,
            "state": row.state,
            "cause": row.cause,
            "since": instant(row.since),
            "waiting_jobs": row.waiting_jobs,
            "host": row.host,
            "slip": next(iter(hall.prints(filter(None, [newest.get(row.code)]))), None),
        }
        for row in hall.snap.printers
    ]


def _site(hall: Hall) -> dict[str, Any]:
    site = hall.floor.site
    return {
        "code": site.code,
        "name": site.name,
        "timezone": site.timezone,
        "simulated": hall.site.simulated,
        "brand": brand(hall.snap.brand),
    }


def part_view(hall: Hall, codes: str) -> dict[str, Any]:
    """Data of room floor:{codes}: these gerai with their lines, and of all else only what is theirs; of '*' the floor's.

    The same shape as the floor's, but an exception's `actor` is None: these rooms are for who must not count by
    officer. Raises RuleBroken unknown_gerai.
    """
    if codes == ALL_OF_IT:
        whole = floor_view(hall)
        return {**whole, "exceptions": [{**row, "actor": None} for row in whole["exceptions"]]}
    floor, snap = hall.floor, hall.snap
    own = frozenset(codes.split(","))
    chosen = [gerai for gerai in floor.gerai.values() if gerai.code in own]
    if not chosen:
        raise RuleBroken("unknown_gerai", gerai=codes[:60])
    targets = {None, *own, *(service.code for code in own for service in hall.services_of.get(code, ()))}
    return {
        "site": _site(hall),
        "date": hall.date,
        "gerai": [{**_gerai(hall, gerai), **line_of(hall, gerai.code)} for gerai in chosen],
        "devices": [],
        "printers": [],
        "overrides": [override(row) for row in snap.overrides if row.target in targets],
        "enrolments": [],
        "locked": [],
        "alerts": attention(hall, own),
        "notices": [],
        "backups": [],
        "exceptions": [{**exception(hall, row), "actor": None} for row in snap.exceptions if _concerns(row, own, targets)],
    }


def _concerns(row: ExceptionRow, own: Set[str], targets: Set[str | None]) -> bool:
    """Other hours stand in the log under what they were said of, which may be the whole site."""
    return row.facts.get("target") in targets if "scope" in row.facts else row.gerai in own


def floor_view(hall: Hall) -> dict[str, Any]:
    """Data of room floor. Counters carry `lost_since` while their officer is silent."""
    snap = hall.snap
    return {
        "site": _site(hall),
        "date": hall.date,
        "gerai": [_gerai(hall, gerai) for gerai in hall.floor.gerai.values()],
        "devices": _devices(hall),
        "printers": _printers(hall),
        "overrides": [override(row) for row in snap.overrides],
        "enrolments": [
            {"code": row.code, "kind": row.kind, "asked_at": instant(row.asked_at)}
            for row in snap.enrolments
        ],
        "locked": [
            {"username": row.username, "until": instant(row.until)} for row in snap.locked
        ],
        "alerts": attention(hall),
        "notices": [notices.told(row) for row in snap.notices],
        "backups": backups.told(snap.backups),
        "exceptions": [exception(hall, row) for row in snap.exceptions],
    }
