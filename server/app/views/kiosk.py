"""What a kiosk and the front desk show: every service, and what became of the paper."""

from __future__ import annotations

from typing import Any

from server.app.branding import told as brand
from server.app.present import brief, instant, names
from server.app.snapshot import DeviceRow
from server.app.views.hall import Hall
from server.domain.errors import RuleBroken

#: Most tickets of one list in the desk's view.
TICKETS_MAX = 200


def kiosk_device(hall: Hall, code: str) -> DeviceRow:
    """The enrolled kiosk; raises unknown_device."""
    for device in hall.snap.devices:
        if device.code == code and device.kind == "kiosk" and not device.revoked:
            return device
    raise RuleBroken("unknown_device", device=code[:60])


def _printers(hall: Hall) -> dict[str, dict[str, Any]]:
    return {
        row.code: {
            "code": row.code,
            "name": row.name,
            "state": row.state,
            "cause": row.cause,
            "since": instant(row.since),
        }
        for row in hall.snap.printers
    }


def _common(hall: Hall) -> dict[str, Any]:
    """What all kiosks and the desk show alike: the very same parts for each of them."""
    return hall.once("kiosk", lambda: _make_common(hall))


def _make_common(hall: Hall) -> dict[str, Any]:
    floor = hall.floor
    return {
        "site": {
            "code": floor.site.code,
            "name": floor.site.name,
            "timezone": floor.site.timezone,
            "simulated": hall.site.simulated,
            "brand": brand(hall.snap.brand),
            "languages": list(floor.site.languages),
            "front_desk": floor.site.front_desk,
            "priority_mode": floor.policy.priority_mode,
            "public_url": hall.snap.address or hall.site.public_url or None,
            "priorities": [
                {"code": row["code"], "name": names(row["name"])}
                for row in floor.policy.priorities
            ],
        },
        "date": hall.date,
        "zones": [
            {"code": zone.code, "name": zone.name, "color": zone.color}
            for zone in floor.zones.values()
        ],
        "gerai": [
            {
                "code": gerai.code,
                "name": gerai.name,
                "short": gerai.short,
                "zone": gerai.zone,
                "pictogram": gerai.pictogram,
                "agency": floor.agencies[gerai.agency].name,
            }
            for gerai in floor.gerai.values()
        ],
        "services": hall.kiosk_services,
    }


def kiosk_view(hall: Hall, code: str) -> dict[str, Any]:
    """Data of room kiosk:{code}. `gerai.agency` is the agency's name.

    Raises RuleBroken unknown_device for a code that is no enrolled kiosk.
    """
    device = kiosk_device(hall, code)
    printers = _printers(hall)
    return {
        **_common(hall),
        "device": {
            "code": device.code,
            "name": device.name,
            "zone": device.zone,
            "printer": printers.get(device.printer or ""),
            "fallback": printers.get(device.fallback or ""),
        },
        "prints": hall.prints(job for job in hall.snap.prints if job.device == code),
    }


def desk_view(hall: Hall) -> dict[str, Any]:
    """Data of room desk: a kiosk's, with every printer and the tickets a desk can act on.

    `tickets` wait (newest first), `missed` did not come and may return today. Who is
    called, served or held is the officer's and is looked up by number instead.
    """
    waiting = [stop for line in hall.waiting.values() for stop in line]
    newest = sorted(waiting, key=lambda stop: -stop[0].id)[:TICKETS_MAX]
    missed = sorted(hall.snap.missed, key=lambda stop: -stop[1].id)[:TICKETS_MAX]
    return {
        **_common(hall),
        "device": None,
        "printers": list(_printers(hall).values()),
        "prints": hall.prints(hall.snap.prints),
        "tickets": [{**brief(hall.floor, *s), "state": str(s[1].state)} for s in newest],
        "missed": [{**brief(hall.floor, *s), "state": str(s[1].state)} for s in missed],
    }
