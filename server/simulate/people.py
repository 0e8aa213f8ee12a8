"""The visitors who hold a number, as the officers meet them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from server.simulate.hall import Hall
from server.simulate.traits import Visitor, service_time_s


@dataclass
class Person:
    """A visitor with what already happened to them."""

    visitor: Visitor
    ticket: int
    missed: bool = False
    put_back: bool = False
    held: bool = False
    stops: int = 1


class People:
    """Ticket id -> person. A number that is not ours gets an ordinary visitor."""

    def __init__(self, seed: int, hall: Hall) -> None:
        self._lock = threading.Lock()
        self._seed = seed
        self._hall = hall
        self._known: dict[int, Person] = {}

    def arrived(self, ticket: int, visitor: Visitor) -> Person:
        with self._lock:
            return self._known.setdefault(ticket, Person(visitor, ticket))

    def called(self, leg: Mapping[str, Any]) -> Person:
        """Who stands behind the leg of a call's answer."""
        ticket, service = int(leg["ticket"]), str(leg["service"])
        with self._lock:
            person = self._known.get(ticket)
            if person is None:
                person = self._known[ticket] = Person(self._ordinary(ticket, service), ticket)
            elif person.visitor.service != service:
                person.visitor = replace(self._ordinary(ticket, service), name=person.visitor.name)
                person.stops += 1
            return person

    def _ordinary(self, ticket: int, service: str) -> Visitor:
        rng = Random(f"{self._seed} ticket {ticket} {service}")
        plan = self._hall.services.get(service)
        return Visitor(
            name=f"t{ticket}", arrives_min=0, service=service, language="id", priority=None,
            at_desk=False, double_tap=False, absent_s=None, says_later=False, comes_late=False,
            walk_s=rng.uniform(15, 75), service_s=service_time_s(rng, plan.service_s if plan else 600),
            forgets_start=False, hold_s=None, transfer_to=None, leaves_after_s=None,
            loses_slip=False, priority_later=None,
        )
