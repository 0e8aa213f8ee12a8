"""What the counter pages of one gerai show."""

from __future__ import annotations

from typing import Any

from server.app.branding import told as brand
from server.app.present import brief, instant, names
from server.app.present import leg as held_leg
from server.app.views.hall import Hall
from server.domain.errors import RuleBroken
from server.domain.floor import Service
from server.domain.tickets import State

#: Most waiting and most missed tickets in the view; the counts tell of all.
TICKETS_MAX = 200


def _service(hall: Hall, service: Service) -> dict[str, Any]:
    line = hall.waiting.get(service.code, [])
    longest = hall.longest(line)
    return {
        "code": service.code,
        "name": names(service.name),
        "waiting": len(line),
        "longest_queued_at": instant(longest[1].queued_at) if longest else None,
        "open": hall.standings[service.code].open,
        "standard": {
            "wait_s": service.standard.wait_s,
            "service_s": service.standard.service_s,
            "version": service.standard.version,
        },
    }


def _site(hall: Hall) -> dict[str, Any]:
    policy = hall.floor.policy
    return {
        "name": hall.floor.site.name,
        "timezone": hall.floor.site.timezone,
        "simulated": hall.site.simulated,
        "brand": brand(hall.snap.brand),
        "rules": {
            "no_show_min_calls": policy.no_show_min_calls,
            "no_show_wait_s": policy.no_show_wait_s,
            "call_starts_service": policy.call_starts_service,
        },
    }


def gerai_view(hall: Hall, code: str) -> dict[str, Any]:
    """Data of room gerai:{code}: its line, counters, held and missed visitors.

    Raises RuleBroken unknown_gerai.
    """
    floor = hall.floor
    gerai = floor.gerai.get(code)
    if gerai is None:
        raise RuleBroken("unknown_gerai", gerai=code[:60])
    held = [s for s in hall.snap.open_legs if s[1].gerai == code and s[1].state is State.ON_HOLD]
    missed = [stop for stop in hall.snap.missed if stop[1].gerai == code]
    return {
        "site": _site(hall),
        "date": hall.date,
        "gerai": {"code": code, "name": gerai.name, "zone": gerai.zone},
        "services": [_service(hall, service) for service in hall.services_of.get(code, ())],
        "waiting": [brief(floor, *stop) for stop in hall.in_line(code)[:TICKETS_MAX]],
        "counters": [hall.counter(counter) for counter in hall.counters_of.get(code, ())],
        "held": [held_leg(floor, *stop) for stop in held],
        "missed": [held_leg(floor, *stop) for stop in missed[-TICKETS_MAX:]],
        "today": hall.today(code),
        "targets": hall.targets,
        "prints": hall.prints(job for job in hall.snap.prints if job.gerai == code),
    }
