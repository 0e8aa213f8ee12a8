"""What the supervisor shows: the load of every gerai, the devices, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.app import backups
from server.app.branding import told as brand
from server.app.present import instant, names, override
from server.app.snapshot import DeviceRow, DisplayState, ExceptionRow
from server.app.views.alerts import alerts
from server.app.views.display import sound_group, turn_of
from server.app.views.floor_words import in_words
from server.app.views.hall import Hall
from server.app.views.screens import screen_alerts
from server.domain.floor import Gerai


class _Facts(dict[str, Any]):
    """Facts for a sentence; one that is missing reads as a dash instead of failing."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(texts: Mapping[str, str], key: str, facts: Mapping[str, Any]) -> str:
    """The text of `key` filled with `facts`; the key's last part when there is no text."""
    template = texts.get(key, key.rpartition(".")[2])
    shown = {name: "–" if value is None else value for name, value in facts.items()}
    return template.format_map(_Facts(shown))


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
        "zone": gerai.zone,
        "zone_name": _zone_name(hall, gerai.zone),
        "waiting": len(line),
        "longest_queued_at": instant(longest[1].queued_at) if longest else None,
        "promised_wait_s": longest[1].promised_wait_s if longest else promised_s,
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


def _exception(hall: Hall, row: ExceptionRow) -> dict[str, Any]:
    texts = hall.site.texts
    return {
        "seq": row.seq,
        "at": instant(row.at),
        "type": row.type,
        "text": sentence(texts, f"exception.{row.type}", in_words(hall.floor, texts, row.facts)),
        "actor": row.actor,
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


def floor_view(hall: Hall) -> dict[str, Any]:
    """Data of room floor. Counters carry `lost_since` while their officer is silent."""
    snap, site = hall.snap, hall.floor.site
    return {
        "site": {
            "code": site.code,
            "name": site.name,
            "timezone": site.timezone,
            "simulated": hall.site.simulated,
            "brand": brand(hall.snap.brand),
        },
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
        "alerts": [
            {
                "code": alert.code,
                "text": sentence(hall.site.texts, f"alert.{alert.code}", alert.facts),
                "since": instant(alert.since),
            }
            for alert in [*alerts(snap), *screen_alerts(hall), *backups.alerts(snap.backups, hall.site.texts)]
        ],
        "backups": backups.told(snap.backups),
        "exceptions": [_exception(hall, row) for row in snap.exceptions],
    }
