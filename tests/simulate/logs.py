"""A small true day: events as `GET /events` gives them, sealed by the server's own rule, and what clients were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from server.domain.events import GENESIS, Event, seal
from server.simulate.record import Given, Record, Told

DATE = "2026-11-03"
EIGHT = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
POLICY = {"priority_ratio": 2, "max_wait_guard_s": 3600, "no_show_min_calls": 2}
KIOSK, OFFICER = "device:K1", "user:petugas-dkc"


class Log:
    """Each method is one act at minute `m` of the day; the record is told as the client would be."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.record = Record()
        self.record.actors = {KIOSK, OFFICER, "user:petugas-ptsp"}
        self._previous = GENESIS
        self._numbers: dict[str, int] = {}
        self._legs: dict[int, tuple[int, str, str, str]] = {}
        self.add("DayOpened", 0, "system", data={"date": DATE})
        self.add("CounterOpened", 0, OFFICER, counter="DKC-1", gerai="DKC",
                 data={"officer": "petugas-dkc", "services": ["DKC-KTP", "DKC-KK"]})

    def add(self, type_: str, m: float, actor: str, **fields: Any) -> int:
        happened = Event(type_, EIGHT + timedelta(minutes=m), actor, **fields)
        happened = replace(happened, seq=len(self.events) + 1)
        self._previous = seal(self._previous, happened, happened.seq)
        told = {name: getattr(happened, name) for name in (
            "seq", "type", "actor", "device", "ticket", "leg", "gerai", "service", "counter"
        )}
        at = happened.at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        self.events.append({**told, "at": at, "data": dict(happened.data), "hash": self._previous})
        return happened.seq

    def issue(self, m: float, service: str = "DKC-KTP", priority: str | None = None, key: str | None = None) -> int:
        """A number; answers the leg, which is the ticket's number too."""
        gerai = service.partition("-")[0]
        number = self._numbers[gerai] = self._numbers.get(gerai, 0) + 1
        leg = len(self._legs) + 1
        label = f"{gerai[0]}-{number:03}"
        self._legs[leg] = (leg, label, service, gerai)
        self.add("TicketIssued", m, KIOSK, ticket=leg, leg=leg, gerai=gerai, service=service, data={
            "number": number, "label": label, "series": gerai, "service": service, "business_date": DATE,
            "priority": priority,
        })
        self.record.given.append(Given(key or f"key-{leg}", KIOSK, leg, label, service, DATE))
        return leg

    def at_counter(self, type_: str, m: float, leg: int, counter: str = "DKC-1", told: bool = True, **data: Any) -> int:
        ticket, label, service, gerai = self._legs[leg]
        seq = self.add(type_, m, OFFICER, ticket=ticket, leg=leg, gerai=gerai, service=service, counter=counter,
                       data={"label": label, **data})
        if told:
            is_call = type_ in ("TicketCalled", "TicketPicked", "TicketRecalled", "TicketResumed")
            self.record.told.append(Told(type_, OFFICER, leg, counter, seq if is_call else None))
        return seq

    def call(self, m: float, leg: int, counter: str = "DKC-1", told: bool = True) -> int:
        return self.at_counter("TicketCalled", m, leg, counter, told, count=1)

    def finish(self, m: float, leg: int, counter: str = "DKC-1") -> int:
        return self.at_counter("TicketFinished", m, leg, counter, service_s=60, reliable=True)

    def transfer(self, m: float, leg: int, service: str, counter: str = "DKC-1") -> int:
        """Send the visitor on; answers the new leg."""
        ticket, label, _, _ = self._legs[leg]
        fresh = len(self._legs) + 1
        gerai = service.partition("-")[0]
        self.at_counter("TicketTransferred", m, leg, counter, to_service=service, to_gerai=gerai, reason="x",
                        new_leg=fresh)
        self._legs[fresh] = (ticket, label, service, gerai)
        return fresh

    def reseal(self) -> None:
        """Make the chain true again after events were changed, so that only the planted lie is left."""
        previous = GENESIS
        for place, event in enumerate(self.events, 1):
            event["seq"] = place
            fields = {name: value for name, value in event.items() if name != "hash"}
            fields["at"] = datetime.fromisoformat(event["at"].replace("Z", "+00:00"))
            previous = event["hash"] = seal(previous, Event(**fields), fields["seq"])


def true_day() -> Log:
    """Calls in order, a priority visitor first, a transfer, a put-back, a return, a hold, a pick with its reason."""
    day = Log()
    first, second, third, elder = day.issue(1), day.issue(2), day.issue(3), day.issue(4, priority="lansia")
    day.call(5, elder)
    day.at_counter("ServiceStarted", 6, elder)
    day.at_counter("TicketHeld", 7, elder)
    day.call(8, first)
    day.at_counter("TicketRecalled", 9, first, count=2)
    day.at_counter("TicketNoShow", 11, first, count=2)
    day.call(12, second)
    day.at_counter("TicketPutBack", 13, second, places=1, reason="belum siap")
    day.call(14, third)
    fresh = day.transfer(15, third, "PTSP-IMB")
    day.at_counter("TicketResumed", 16, elder, state="serving")
    day.finish(17, elder)
    day.at_counter("TicketReturned", 18, first, places=2, reason="kembali")
    late = day.issue(19)
    day.at_counter("TicketPicked", 20, late, reason="rombongan", count=1)
    day.finish(21, late)
    day.call(22, second)
    day.finish(23, second)
    day.call(24, first)
    day.add("CounterOpened", 24, OFFICER, counter="PTSP-1", gerai="PTSP",
            data={"officer": "petugas-ptsp", "services": ["PTSP-IMB"]})
    day.call(25, fresh, "PTSP-1")
    return day
