"""Days of a hall played with real acts, so that a report has something of everything to tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from server.app import calling, counters, days, issuing, visits
from server.app.ask import Ask
from server.domain.errors import RuleBroken
from tests.house_builder import Desk

LIVES = ("finish",) * 12 + ("forget", "no_show", "hold", "transfer", "cancel", "stay", "priority")


class Play:
    """Visitors of some days at the first counter of each gerai; the same seed plays the same days."""

    def __init__(self, desk: Desk, seed: int = 1) -> None:
        self.desk, self.chance = desk, Random(seed)
        floor = desk.read(lambda work: work.floors.current())
        self.zone = ZoneInfo(floor.site.timezone)
        self.services: dict[str, list[str]] = {}
        for service in floor.services.values():
            self.services.setdefault(service.gerai, []).append(service.code)
        self.lives = self._lives()
        self.counter = {gerai: next(row.code for row in floor.counters.values() if row.gerai == gerai) for gerai in self.services}

    def _lives(self) -> Iterator[str]:
        """Each kind comes up in every round."""
        while True:
            yield from self.chance.sample(LIVES, len(LIVES))

    def day(self, day: date, visitors: int) -> None:
        """From opening the counters to closing the day."""
        self.desk.now = datetime.combine(day, time(8), self.zone).astimezone(UTC)
        officers = {gerai: self.desk.officer(gerai) for gerai in self.services}
        for gerai, officer in officers.items():
            self.desk.act(officer, counters.open_counter, counter=self.counter[gerai], services=None)
        for gerai in self._arrivals(visitors):
            with suppress(RuleBroken):
                self._visit(gerai, officers[gerai])
        for gerai, officer in officers.items():
            with suppress(RuleBroken):
                self.desk.act(officer, counters.close_counter, counter=self.counter[gerai])
        self.desk.now = datetime.combine(day, time(23), self.zone).astimezone(UTC)
        self.desk.system(days.close_now)

    def _arrivals(self, visitors: int) -> Iterator[str]:
        gerai = sorted(self.services)
        for _ in range(visitors):
            yield self.chance.choice(gerai[: 1 + self.chance.randrange(len(gerai))])
            self._later(27_000 / visitors)

    def _later(self, up_to_s: float) -> None:
        self.desk.now += timedelta(seconds=self.chance.random() * up_to_s)

    def _visit(self, gerai: str, officer: Ask) -> None:
        life, at = next(self.lives), {"counter": self.counter[gerai]}
        front = Ask("user:resepsionis", self.desk.now, role="receptionist", username="resepsionis")
        priority = "lansia" if life == "priority" else None
        ticket = self.desk.act(front, issuing.issue, service=self.chance.choice(self.services[gerai]), priority=priority).body
        assert ticket is not None
        self._later(900)
        if life == "cancel":
            self.desk.act(front, visits.cancel, ticket=ticket["id"], by="visitor", reason="pulang")
            return
        if life == "stay":
            return
        if self.desk.act(officer, calling.call_next, **at).status == 204:
            return
        if life == "no_show":
            self.desk.now += timedelta(seconds=70)
            self.desk.act(officer, calling.recall, **at)
            self.desk.now += timedelta(seconds=70)
            self.desk.act(officer, calling.no_show, **at)
            return
        self._later(60)
        if life != "forget":
            self.desk.act(officer, calling.start, **at)
        self._later(800)
        if life == "transfer":
            other = self.chance.choice([code for codes in self.services.values() for code in codes])
            self.desk.act(officer, visits.transfer_from_counter, **at, service=other, reason="salah loket")
            return
        self.desk.act(officer, calling.finish, **at)
