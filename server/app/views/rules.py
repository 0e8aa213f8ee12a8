"""Alerts that time brings: pure rules over one snapshot at one instant, with the site's thresholds.

A promise is per service, so are the waits and services measured by it; 0 switches a rule off.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from server.app.present import counter_label
from server.app.raised import Alert
from server.app.snapshot import CounterSession, Stop
from server.app.views.alerts import alerts
from server.app.views.hall import Hall
from server.app.views.parts import gerai_name
from server.domain.tickets import Leg

#: what the rules below raise; each has a text `alert.<code>`
CODES = frozenset({"wait_over", "queue_over", "counter_idle", "finish_forgotten"})
#: part of the promised wait after which it is near, percent
NEAR_PERCENT = 75


def after(start: datetime, promised_s: int, percent: int) -> datetime:
    """When that part of a promise has passed."""
    return start + timedelta(seconds=promised_s * percent / 100)


def run_out(line: list[Stop], percent: int) -> datetime | None:
    """When the first of a line has waited that part of the wait it was promised; None: nobody waits."""
    return min((after(leg.queued_at, leg.promised_wait_s, percent) for _, leg in line), default=None)


def due(hall: Hall, free: Mapping[str, datetime]) -> list[Alert]:
    """All that should stand as an alert at `hall.now`; `free`: counter -> when it last became free."""
    found = [*_waits(hall), *_queues(hall), *_idle(hall, free), *_forgotten(hall)]
    return [one for one in found if one.since is not None and one.since <= hall.now] + alerts(hall.snap)


def _on_service(hall: Hall, code: str, service: str, since: datetime | None, **facts: int) -> Alert:
    row = hall.floor.services[service]
    told = {"service": row.name["id"], "gerai": gerai_name(hall.floor, row.gerai), **facts}
    return Alert(code, since, told, service, row.gerai)


def _waits(hall: Hall) -> list[Alert]:
    percent = hall.floor.policy.alert_wait_percent
    found = []
    for service, line in hall.waiting.items() if percent else ():
        since = run_out(line, percent)
        if service in hall.floor.services and since is not None:
            minutes = min(leg.promised_wait_s for _, leg in line) * percent // 6000
            found.append(_on_service(hall, "wait_over", service, since, minutes=minutes))
    return found


def _queues(hall: Hall) -> list[Alert]:
    limit = hall.floor.policy.queue_limit
    return [
        _on_service(hall, "queue_over", service, sorted(leg.queued_at for _, leg in line)[most - 1], most=most)
        for service, line in hall.waiting.items()
        if (most := limit(service)) and len(line) >= most and service in hall.floor.services
    ]


def _on_counter(hall: Hall, code: str, session: CounterSession, since: datetime, **facts: object) -> Alert:
    plan = hall.floor.counters.get(session.counter)
    gerai = plan.gerai if plan else None
    told = {
        "counter": counter_label(hall.floor, session.counter),
        "gerai": gerai_name(hall.floor, gerai or ""),
        "officer": session.officer_name,
        **facts,
    }
    return Alert(code, since, told, session.counter, gerai)


def _idle(hall: Hall, free: Mapping[str, datetime]) -> list[Alert]:
    """Open lokets with nobody at them while somebody waits whom they serve; the first limit to run out counts."""
    limit_s = hall.floor.policy.idle_limit_s
    called = {call.counter: call.at for call in hall.snap.recent_calls}
    found = []
    for session in hall.snap.sessions:
        if session.paused_since or session.lost_since or session.counter in hall.active:
            continue
        last = max([session.opened_at, *(of[session.counter] for of in (free, called) if session.counter in of)])
        ends = [
            (max(last, leg.queued_at) + timedelta(seconds=idle_s), idle_s)
            for service in session.services
            if (idle_s := limit_s(service))
            for _, leg in hall.waiting.get(service, ())
        ]
        if ends:
            since, idle_s = min(ends)
            found.append(_on_counter(hall, "counter_idle", session, since, minutes=idle_s // 60))
    return found


def _forgotten(hall: Hall) -> list[Alert]:
    """Visitors called or served for so long that *Selesai* was probably forgotten."""
    percent = hall.floor.policy.alert_service_percent
    found = []
    for counter, (ticket, leg) in hall.active.items() if percent else ():
        session, start = hall.sessions.get(counter), _began(leg)
        if session is not None and start is not None:
            since = after(start, leg.promised_service_s, percent) - timedelta(seconds=leg.served_s)
            found.append(_on_counter(hall, "finish_forgotten", session, since, number=ticket.label))
    return found


def _began(leg: Leg) -> datetime | None:
    """Since when it is served without a rest; what was served before a hold stands in `served_s`."""
    return leg.serving_since or leg.last_called_at
