"""What the counter pages of one gerai show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.app.branding import told as brand
from server.app.present import brief, instant, names
from server.app.present import leg as held_leg
from server.app.snapshot import Stop
from server.app.views.hall import Hall
from server.domain.errors import RuleBroken
from server.domain.floor import Service
from server.domain.queueing import Waiting, calling_order, streak_of
from server.domain.tickets import State

#: Most waiting and most missed tickets in the view; the counts tell of all.
TICKETS_MAX = 200
#: For how many Nexts the view says whom they call, shared by counters that serve differently.
ORDERED_MAX = 60


def _service(hall: Hall, service: Service) -> dict[str, Any]:
    line = hall.waiting.get(service.code, [])
    longest = hall.longest(line)
    return {
        "code": service.code,
        "name": names(service.name),
        "waiting": len(line),
        "longest_queued_at": instant(longest[1].queued_at) if longest else None,
        **hall.opening(service.code),
        "standard": {
            "wait_s": service.standard.wait_s,
            "service_s": service.standard.service_s,
            "version": service.standard.version,
        },
    }


def _lines(hall: Hall, code: str, stops: Sequence[Stop]) -> dict[str, list[int]]:
    """Open counter -> the tickets it would call, in that order, as of the view's making."""
    people = [
        Waiting(leg.id, ticket.id, leg.service, ticket.is_priority, leg.rank_at, leg.rank_seq, leg.queued_at)
        for ticket, leg in stops
    ]
    own = {one: hall.sessions[one] for one in hall.counters_of.get(code, ()) if one in hall.sessions}
    alike: dict[tuple[Any, ...], list[str]] = {}
    for counter, session in own.items():
        weights = hall.floor.counters[counter].weights
        key = tuple((service, weights.get(service, 1)) for service in sorted(session.services))
        alike.setdefault(key, []).append(counter)
    lines = {}
    for key, counters in alike.items():
        order = _order(hall, code, dict(key), people, ORDERED_MAX // len(alike))
        lines.update(dict.fromkeys(counters, order))
    return lines


def _order(
    hall: Hall, code: str, weights: Mapping[str, int], people: Sequence[Waiting], most: int
) -> list[int]:
    policy = hall.floor.policy
    streak = streak_of(hall.snap.class_calls.get(code, ()), weights, policy.priority_ratio)
    waiting = [person for person in people if person.service in weights]
    return [one.ticket for one in calling_order(waiting, weights, policy, streak, hall.now, max(1, most))]


def _shown(stops: Sequence[Stop], lines: Mapping[str, list[int]]) -> list[Stop]:
    """Those whose turn is known, then the others by their place."""
    first = dict.fromkeys(ticket for line in lines.values() for ticket in line)
    known = {stop[0].id: stop for stop in stops}
    rest = (stop for stop in stops if stop[0].id not in first)
    return [*(known[ticket] for ticket in first), *rest][:TICKETS_MAX]


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


def line_of(hall: Hall, code: str) -> dict[str, Any]:
    """Who waits at a gerai in the order of the calls, who was set aside and who missed the call."""
    stops = hall.in_line(code)
    return {
        "line": [brief(hall.floor, *stop) for stop in _shown(stops, _lines(hall, code, stops))],
        **_aside(hall, code),
    }


def _aside(hall: Hall, code: str) -> dict[str, Any]:
    held = [s for s in hall.snap.open_legs if s[1].gerai == code and s[1].state is State.ON_HOLD]
    missed = [stop for stop in hall.snap.missed if stop[1].gerai == code]
    return {
        # Their officer is nobody's business here: viewers and agency heads look into these rooms too.
        "held": [{**held_leg(hall.floor, *stop), "officer": None} for stop in held],
        "missed": [{**held_leg(hall.floor, *stop), "officer": None} for stop in missed[-TICKETS_MAX:]],
    }


def gerai_view(hall: Hall, code: str) -> dict[str, Any]:
    """Data of room gerai:{code}: its line, counters, held and missed visitors.

    Raises RuleBroken unknown_gerai.
    """
    floor = hall.floor
    gerai = floor.gerai.get(code)
    if gerai is None:
        raise RuleBroken("unknown_gerai", gerai=code[:60])
    stops = hall.in_line(code)
    lines = _lines(hall, code, stops)
    return {
        "site": _site(hall),
        "date": hall.date,
        "gerai": {"code": code, "name": gerai.name, "zone": gerai.zone},
        "services": [_service(hall, service) for service in hall.services_of.get(code, ())],
        "waiting": [brief(floor, *stop) for stop in _shown(stops, lines)],
        "counters": [
            {**hall.counter(counter), "line": lines.get(counter, [])}
            for counter in hall.counters_of.get(code, ())
        ],
        **_aside(hall, code),
        "today": hall.today(code),
        "targets": hall.targets,
        "prints": hall.prints(job for job in hall.snap.prints if job.gerai == code),
    }
