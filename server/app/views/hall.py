"""What several rooms show alike, worked out once for each snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from server.app.present import instant, names
from server.app.present import leg as held_leg
from server.app.snapshot import (
    CounterSession,
    PrintJob,
    ServiceCount,
    SiteFacts,
    Snapshot,
    Stop,
)
from server.app.views.parts import call_at
from server.domain.estimate import estimate
from server.domain.floor import Service
from server.domain.hours import Standing, standing
from server.domain.tickets import ACTIVE, State

#: How long a slip's outcome stays in a view after the newest one of the same room, s.
PRINT_WINDOW_S = 20 * 60
NOTHING = ServiceCount()
T = TypeVar("T")


class Hall:
    """One snapshot seen at one instant. `now` decides only which services are open."""

    def __init__(self, snap: Snapshot, now: datetime, site: SiteFacts) -> None:
        self.snap = snap
        self.floor = snap.floor
        self.now = now
        self.site = site
        self.date = snap.business_date.isoformat()
        self._made: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gave the first time it was asked for under this name."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made

    @cached_property
    def standings(self) -> dict[str, Standing]:
        """Service code -> whether it gives numbers now, and why not."""
        return {
            code: standing(
                self.floor,
                code,
                self.now,
                self.snap.overrides,
                self.count(code).issued,
                self.snap.clock_suspect,
            )
            for code in self.floor.services
        }

    @cached_property
    def waiting(self) -> dict[str, list[Stop]]:
        """Service code -> its waiting stops in the order of the line."""
        lines: dict[str, list[Stop]] = defaultdict(list)
        for stop in sorted(self.snap.open_legs, key=lambda s: (s[1].rank_at, s[1].rank_seq)):
            if stop[1].state is State.WAITING:
                lines[stop[1].service].append(stop)
        return lines

    @cached_property
    def active(self) -> dict[str, Stop]:
        """Counter code -> the stop called or served there."""
        return {
            stop[1].counter: stop
            for stop in self.snap.open_legs
            if stop[1].state in ACTIVE and stop[1].counter
        }

    @cached_property
    def sessions(self) -> dict[str, CounterSession]:
        return {session.counter: session for session in self.snap.sessions}

    @cached_property
    def services_of(self) -> dict[str, list[Service]]:
        """Gerai code -> its services in the plan's order."""
        grouped: dict[str, list[Service]] = defaultdict(list)
        for service in self.floor.services.values():
            grouped[service.gerai].append(service)
        return grouped

    @cached_property
    def counters_of(self) -> dict[str, list[str]]:
        """Gerai code -> the codes of its counters in the plan's order."""
        grouped: dict[str, list[str]] = defaultdict(list)
        for counter in self.floor.counters.values():
            grouped[counter.gerai].append(counter.code)
        return grouped

    def count(self, service: str) -> ServiceCount:
        return self.snap.counts.get(service, NOTHING)

    def today(self, gerai: str) -> dict[str, int]:
        """Sums of the gerai's services today."""
        rows = [self.count(service.code) for service in self.services_of.get(gerai, ())]
        return {
            "issued": sum(row.issued for row in rows),
            "served": sum(row.served for row in rows),
            "no_show": sum(row.no_show for row in rows),
            "cancelled": sum(row.cancelled for row in rows),
        }

    def in_line(self, gerai: str) -> list[Stop]:
        """The gerai's waiting stops over all its services, in the order of the line."""
        lines = [self.waiting.get(s.code, ()) for s in self.services_of.get(gerai, ())]
        stops = [stop for line in lines for stop in line]
        return sorted(stops, key=lambda s: (s[1].rank_at, s[1].rank_seq))

    def in_line_count(self, gerai: str) -> int:
        """How many wait at the gerai."""
        services = self.services_of.get(gerai, ())
        return sum(len(self.waiting.get(service.code, ())) for service in services)

    def longest(self, stops: Iterable[Stop]) -> Stop | None:
        """The stop that has waited longest, whatever its place in the line."""
        return min(stops, key=lambda s: (s[1].queued_at, s[1].id), default=None)

    def opening(self, service: str) -> dict[str, Any]:
        """{open, reason, opens_at, why} of a service; `why`: the words of who closed it."""
        found = self.standings[service]
        return {
            "open": found.open,
            "reason": None if found.open else found.reason,
            "opens_at": None if found.open else instant(found.opens_at),
            "why": found.why or None,
        }

    def ahead(self, service: str) -> int:
        """How many wait in the service's line."""
        return sum(len(self.waiting.get(code, ())) for code in self.floor.line_of(service))

    def estimate(self, service: str) -> dict[str, int] | None:
        """{from_s, to_s} for somebody who would take a number now, or None without ground.

        The people ahead are all who wait in the same line, that is one series of numbers.
        """
        at_work = [
            session
            for session in self.snap.sessions
            if service in session.services and session.paused_since is None
        ]
        ahead = self.ahead(service)
        recent_s = self.snap.recent_service_s.get(service, ())
        found = estimate(ahead, len(at_work), recent_s)
        return None if found is None else {"from_s": found[0], "to_s": found[1]}

    def counter(self, code: str) -> dict[str, Any]:
        """A counter as officers and supervisors see it, with the visitor active there."""
        row = self.floor.counters[code]
        session = self.sessions.get(code)
        paused = session is not None and session.paused_since is not None
        stop = self.active.get(code)
        since = session and (session.paused_since or session.opened_at)
        return {
            "code": code,
            "label": row.label,
            "state": "closed" if session is None else "paused" if paused else "open",
            "officer": session and {"username": session.officer, "name": session.officer_name},
            "services": list(session.services if session else row.services),
            "since": instant(since),
            "pause_reason": session.pause_reason if session else None,
            "lost_since": instant(session.lost_since) if session else None,
            "leg": held_leg(self.floor, *stop) if stop else None,
        }

    @cached_property
    def kiosk_services(self) -> list[dict[str, Any]]:
        """Every service as a kiosk offers it."""
        return [
            {
                "code": service.code,
                "name": names(service.name),
                "gerai": service.gerai,
                "pictogram": service.pictogram,
                **self.opening(service.code),
                "waiting": len(self.waiting.get(service.code, ())),
                "ahead": self.ahead(service.code),
                "estimate": self.estimate(service.code),
                "requirements": list(service.requirements),
                "cost": service.cost,
                "standard": {
                    "wait_s": service.standard.wait_s,
                    "service_s": service.standard.service_s,
                    "version": service.standard.version,
                },
                "popular": service.popular,
            }
            for service in self.floor.services.values()
        ]

    @cached_property
    def targets(self) -> list[dict[str, Any]]:
        """Every service as a place to send a visitor to."""
        return [
            {
                "service": service.code,
                "name": names(service.name),
                "gerai": service.gerai,
                "gerai_name": self.floor.gerai[service.gerai].name,
                "open": self.standings[service.code].open,
                "waiting": len(self.waiting.get(service.code, ())),
            }
            for service in self.floor.services.values()
        ]

    @cached_property
    def calls(self) -> list[dict[str, Any]]:
        """Today's newest calls, oldest first, as displays show them."""
        return [call_at(self.floor, call) for call in self.snap.recent_calls]

    def prints(self, jobs: Iterable[PrintJob]) -> list[dict[str, Any]]:
        """Slips no older than PRINT_WINDOW_S before the newest of them, oldest first.

        The window hangs on the newest slip, not on the clock, so that the same events
        always make the same view; the page compares `at` with its own clock.
        """
        rows = list(jobs)
        newest = max((job.at for job in rows), default=None)
        return [
            {
                "job": job.id,
                "ticket": job.ticket,
                "number": job.label,
                "printer": job.printer,
                "copy": job.copy,
                "state": job.state,
                "cause": job.cause,
                "at": instant(job.at),
            }
            for job in rows
            if newest is not None and (newest - job.at).total_seconds() <= PRINT_WINDOW_S
        ]
