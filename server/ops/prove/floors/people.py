"""Visitors and officers: who comes, what they wish, and what they do with what they are told."""

from __future__ import annotations

from random import Random
from typing import Any

from server.app import calling, counters, issuing, reading, visits
from server.app.ask import StorageUnavailable
from server.ops.prove.floors.hall import KIOSKS, Hall, desk, device
from server.ops.prove.floors.judge import Judge
from server.ops.prove.floors.machine import Machine, Reply
from server.ops.prove.floors.network import Network
from server.ops.prove.floors.world import DAY_S, World
from server.simulate.shape import arrivals

#: shares of the visitors
PRIORITY, AT_DESK, TWO_STOPS, LOSES_SLIP, LEAVES, PRIORITY_LATER = 0.1, 0.05, 0.05, 0.03, 0.03, 0.02
#: and of those called
ABSENT, RETURNS, SAYS_LATER, FORGETS_START, HOLD, TRANSFER = 0.08, 0.6, 0.03, 0.15, 0.04, 0.05
#: of the presses of Next: out of turn; while nobody waits; by a page that dies behind it; with somebody at the counter
PICK, IDLE_PRESS, DIES, IMPATIENT = 0.015, 0.05, 0.004, 0.04
#: officers are busy for this share of their day
LOAD = 0.8
#: some go home while people wait for them: those are left when the day closes
LUNCH_MIN, HOME_MIN = (700, 760), (915, 990)


class People:
    """Everybody on the floor, for all days."""

    def __init__(self, world: World, hall: Hall, machine: Machine, network: Network, judge: Judge) -> None:
        self.world, self.hall, self.machine, self.network, self.judge = world, hall, machine, network, judge
        self.present: set[int] = set()
        work_s = sum(length * popular for _, popular, length in hall.services.values())
        work_s *= hall.size.visitors / sum(popular for _, popular, _ in hall.services.values())
        #: services are done so much faster than the standard that the day fits
        self.speed = min(1.0, LOAD * len(hall.counters) * 7 * 3600 / (work_s + 60 * hall.size.visitors))

    def come(self, day: int) -> None:
        """The visitors and officers of one day, each at their own moment."""
        chance = self.world.chance(f"day {day}")
        early = [chance.uniform(450, 940) for _ in range(max(2, self.hall.size.visitors // 60))]
        for at, minute in enumerate([*arrivals(chance, self.hall.size.visitors, is_friday=False), *early]):
            after_s = day * DAY_S + minute * 60 - self.world.s
            self.world.spawn(self._visit, self.world.chance(f"visitor {day} {at}"), after_s=after_s)
        for counter in self.hall.counters:
            self.world.spawn(Officer(self, counter, day).work, after_s=day * DAY_S - self.world.s)

    def _visit(self, chance: Random) -> None:
        hall, codes = self.hall, list(self.hall.services)
        service = chance.choices(codes, [popular for _, popular, _ in hall.services.values()])[0]
        wish: dict[str, Any] = {"service": service}
        if chance.random() < PRIORITY:
            wish["priority"] = chance.choice(hall.priorities)
        if chance.random() < TWO_STOPS:
            wish["then"] = (chance.choice(codes),)
        for _ in range(2):  # who is not answered tries once more, elsewhere: another touch
            at_desk = chance.random() < AT_DESK
            ask = desk() if at_desk else device(chance.choice(list(KIOSKS)), "kiosk")
            reply = self.network.press(ask, issuing.issue, **wish)
            if reply is not None:
                break
        if reply is None or reply.answer is None or reply.answer.body is None:
            return
        ticket = int(reply.answer.body["id"])
        self.present.add(ticket)
        self._wait(chance, ticket)

    def _wait(self, chance: Random, ticket: int) -> None:
        """What a visitor does until the call, if anything."""
        drawn = chance.random()
        self.world.sleep(chance.uniform(60, 2400))
        if drawn < LOSES_SLIP:
            self.network.press(desk(), visits.reprint, ticket=ticket, printer="P2", reason="hilang")
        elif drawn < LOSES_SLIP + LEAVES:
            self.network.press(desk("satpam"), visits.cancel, ticket=ticket)
            self.present.discard(ticket)
        elif drawn < LOSES_SLIP + LEAVES + PRIORITY_LATER:
            value = chance.choice([*self.hall.priorities, None])
            self.network.press(desk(), visits.set_priority, ticket=ticket, value=value, reason="di meja")

    def come_back(self, chance: Random, ticket: int) -> None:
        """Missed, and there again after a while."""
        self.world.sleep(chance.uniform(120, 1500))
        self.present.add(ticket)
        self.network.press(desk(), visits.give_back, ticket=ticket, reason="kembali")


class Officer:
    """One officer at one counter for one day."""

    def __init__(self, people: People, counter: str, day: int) -> None:
        self._people, self._counter, self._day = people, counter, day
        self._world, self._chance = people.world, people.world.chance(f"officer {counter} {day}")
        self._ask = people.hall.officer(counter)
        self._held: list[int] = []
        self._is_open = False
        self._has_lunched = False

    def work(self) -> None:
        self._world.until(self._day * DAY_S + self._chance.uniform(455, 490) * 60)
        home_s = self._day * DAY_S + self._chance.uniform(*HOME_MIN) * 60
        while self._world.s < home_s:
            if not self._is_open and not self._open():
                self._world.sleep(self._chance.uniform(20, 90))
                continue
            self._next()
        self._press(counters.close_counter)

    def _press(self, act: Any, **arguments: Any) -> Reply | None:
        return self._people.network.press(self._ask, act, counter=self._counter, **arguments)

    def _open(self) -> bool:
        reply = self._press(counters.open_counter)
        self._is_open = reply is not None and reply.answer is not None
        if self._is_open:
            if self._people.machine.is_up:
                self._people.machine.house.presence.up("user", self._ask.username or "", self._counter)
            self._go_on()
        return self._is_open

    def _next(self) -> None:
        chance, now_min = self._chance, self._world.minute()
        if not self._has_lunched and now_min > LUNCH_MIN[0] + hash_free(self._counter) % 60:
            return self._lunch()
        if self._held and chance.random() < 0.5:
            leg = self._held.pop(0)
            return self._called(self._press(calling.resume_leg, leg=leg))
        ledger = self._people.judge.ledger
        services = set(ledger.sessions.get(self._counter, ("", ()))[1])
        line = ledger._waiting(services)
        if not line and chance.random() > IDLE_PRESS:
            return self._world.sleep(chance.uniform(15, 45))
        if line and chance.random() < PICK:
            ticket = chance.choice(sorted(stop.ticket for stop in line))
            return self._called(self._press(calling.pick, ticket=ticket, reason="sakit"))
        self._world.sleep(chance.uniform(1, 8))
        reply = self._press(calling.call_next)
        if chance.random() < DIES:  # the page does not even see the answer
            self._people.machine.house.presence.down("user", self._ask.username or "", self._counter)
            self._world.sleep(chance.uniform(60, 600))
            reply = None
        self._called(reply)

    def _lunch(self) -> None:
        self._has_lunched = True
        if (reply := self._press(counters.pause, reason="istirahat")) and reply.answer:
            self._world.sleep(self._chance.uniform(1200, 2700))
            self._press(counters.resume)
        else:
            self._go_on()

    def _called(self, reply: Reply | None) -> None:
        """Somebody was called, or the page has to look where it stands."""
        if reply is None or reply.answer is None:
            return self._go_on()
        body = reply.answer.body
        if body is None:
            return self._world.sleep(self._chance.uniform(5, 30))
        self._serve(int(body["leg"]["ticket"]), int(body["leg"]["leg"]), str(body["leg"]["state"]))

    def _go_on(self) -> None:
        """As a page that was loaded again: it looks, and goes on with whoever stands there."""
        self._world.sleep(self._chance.uniform(2, 10))
        machine = self._people.machine
        if not machine.is_up:
            return
        try:
            rows = machine.house.read(reading.counters, now=machine.house.now())
        except StorageUnavailable:
            return
        row = next(row for row in rows if row["code"] == self._counter)
        self._is_open = bool(row["officer"]) and row["officer"]["username"] == self._ask.username
        if self._is_open and row["state"] == "paused":
            self._press(counters.resume)
        if self._is_open and row["leg"]:
            self._serve(int(row["leg"]["ticket"]), int(row["leg"]["leg"]), str(row["leg"]["state"]))

    def _serve(self, ticket: int, leg: int, state: str) -> None:
        chance, present = self._chance, self._people.present
        if chance.random() < IMPATIENT:
            self._press(calling.call_next)  # refused with who is there, which the judge looks at
        if state == "called":
            if ticket not in present or chance.random() < ABSENT:
                return self._miss(ticket)
            if chance.random() < SAYS_LATER:
                return self._do(calling.put_back, reason="belum siap")
            self._world.sleep(chance.uniform(10, 60))
            if chance.random() > FORGETS_START and not self._ok(self._press(calling.start)):
                return self._go_on()
        usual_s = self._people.hall.services[self._people.judge.ledger.stops[leg].service][2] * self._people.speed
        self._world.sleep(min(3600.0, max(20.0, chance.lognormvariate(0, 0.4) * usual_s)))
        drawn = chance.random()
        if drawn < HOLD:
            self._held.append(leg)
            return self._do(calling.hold, reason="fotokopi")
        if drawn < HOLD + TRANSFER:
            service = chance.choice(list(self._people.hall.services))
            return self._do(visits.transfer_from_counter, service=service)
        is_next = chance.random() < 0.3
        reply = self._press(calling.finish, then_next=is_next)
        if is_next and self._ok(reply) and reply.answer.body["call"]:  # type: ignore[union-attr, index]
            return self._called(reply)
        if not self._ok(reply):
            self._do(calling.finish)

    def _miss(self, ticket: int) -> None:
        for _ in range(4):
            self._world.sleep(self._chance.uniform(25, 45))
            reply = self._press(calling.recall)
            if not self._ok(reply):
                break
            self._world.sleep(self._chance.uniform(40, 90))
            if self._ok(self._press(calling.no_show)):
                self._people.present.discard(ticket)
                if self._chance.random() < RETURNS:
                    self._world.spawn(self._people.come_back, self._chance, ticket)
                return
        self._do(calling.no_show)

    def _do(self, act: Any, **arguments: Any) -> None:
        if not self._ok(self._press(act, **arguments)):
            self._world.sleep(self._chance.uniform(5, 30))
            self._is_open = False  # whatever it is, opening tells where one stands

    @staticmethod
    def _ok(reply: Reply | None) -> bool:
        return reply is not None and reply.answer is not None


def hash_free(text: str) -> int:
    """A number of a text that is the same in every process."""
    return sum(text.encode())
