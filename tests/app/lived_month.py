"""A month that is lived: real acts at random moments, with every kind of stop, over the end of a month."""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from server.app import calendar, calling, clockwork, counters, days, devices, floors, issuing, printing, visits
from server.app.ask import Ask
from server.domain.errors import RuleBroken
from tests.app.small_hall import AMBIL, IKD, KK, KTP, NIB, SmallHall, furnish, made_of, small_plan

SERVICES = (KTP, KTP, KK, KK, IKD, NIB, NIB, AMBIL)
OFFICERS = {"ani": "DKC-1", "budi": "DKC-2", "dewi": "PTSP-1"}
#: acts of an officer -> how often
AT_COUNTER: dict[Callable[..., Any], int] = {
    calling.call_next: 8, calling.recall: 2, calling.start: 6, calling.finish: 5, calling.no_show: 2, calling.hold: 4, calling.put_back: 1,
}  # fmt: skip
DATES = [date(2026, 10, day) for day in (1, 16, 29, 30, 31)] + [date(2026, 11, day) for day in (1, 2)]


def plan_in(timezone: str) -> dict[str, Any]:
    """Open day and night, so that a day can go on past midnight; people return and miss calls at once."""
    plan = small_plan()
    plan["site"] |= {"timezone": timezone, "day_close": "23:59"}
    plan["hours"] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), [["00:00", "24:00"]])
    plan["cutoff_min"] = 0
    plan["policy"] |= {"no_show_wait_s": 0, "no_show_min_calls": 1, "max_calls": 20}
    for row in (*plan["gerai"], *plan["services"]):
        row |= {"hours": None, "cutoff_min": None}
    for row in plan["services"]:
        row["standard"] = {**row["standard"], "wait_s": 900, "service_s": 300}
    return plan


class Life:
    """One seeded life of a hall; `rows` of raw SQL and `figures` are read afterwards."""

    def __init__(self, folder: Path, timezone: str, seed: int) -> None:
        self.zone = ZoneInfo(timezone)
        self.plan = plan_in(timezone)
        made = functools.partial(made_of, self.plan, furnish)
        self.hall = SmallHall(folder, made)
        self.random = Random(seed)
        self.tickets: list[int] = []

    def live(self, visitors: int) -> None:
        """Each date begins in the morning; October ends past midnight, and nobody closes the sixteenth."""
        for day in DATES:
            hour = 22 if day == date(2026, 10, 31) else 7
            self.hall.now = datetime(day.year, day.month, day.day, hour, tzinfo=self.zone)
            self.hall.system(days.close_due)
            for name in OFFICERS:
                self.try_(name, counters.open_counter, counter=OFFICERS[name], services=None)
            self.day(visitors)
            if day != date(2026, 10, 16):
                for name in OFFICERS:
                    self.try_(name, counters.close_counter, counter=OFFICERS[name])
                self.hall.say(self.hall.person("pengawas"), days.close_now)

    def day(self, visitors: int) -> None:
        self.tickets = []
        for step in range(visitors * 8):
            self.hall.later(seconds=self.random.randint(5, 90), milliseconds=self.random.randint(0, 999))
            if step % 8 == 0:
                self.take()
            elif self.random.random() < 0.8:
                self.at_counter()
            else:
                self.aside()
            if step == visitors * 4:
                self.flip()

    def try_(self, name: str, act: Callable[..., Any], **arguments: Any) -> dict[str, Any]:
        try:
            return self.hall.say(self.hall.person(name), act, **arguments)
        except RuleBroken:
            return {}

    def take(self) -> None:
        then = [self.random.choice([KK, NIB])] if self.random.random() < 0.15 else []
        asks: list[tuple[Ask, dict[str, Any]]] = [(self.hall.kiosk(self.random.choice(["K1", "K2"])), {})] * 3
        asks.append((self.hall.person("resepsionis"), {"mode": "elektronik"}))
        ask, more = self.random.choice(asks)
        service, priority = self.random.choice(SERVICES), self.random.choice([None, None, "lansia", "hamil"])
        try:
            body = self.hall.say(ask, issuing.issue, service=service, priority=priority, then=then, **more)
        except RuleBroken:
            return
        self.tickets.append(body["id"])

    def at_counter(self) -> None:
        name = self.random.choice(list(OFFICERS))
        act = self.random.choices(list(AT_COUNTER), list(AT_COUNTER.values()))[0]
        more = {"reason": "berkas"} if act in (calling.hold, calling.put_back) else {}
        self.try_(name, act, counter=OFFICERS[name], **more)

    def aside(self) -> None:
        name, supervisor, counter = self.random.choice(list(OFFICERS)), "pengawas", ""
        counter, ticket = OFFICERS[name], self.random.choice(self.tickets or [1])
        held = [leg.id for one in self.tickets[-15:] for leg in self.hall.legs(one) if leg.state == "on_hold"] or [0]
        service = self.random.choice(SERVICES)
        acts: list[tuple[str, Callable[..., Any], dict[str, Any]]] = [
            (name, calling.pick, {"counter": counter, "ticket": ticket, "reason": "mendesak"}),
            *[(name, calling.resume_leg, {"counter": counter, "leg": self.random.choice(held)})] * 5,
            (name, visits.transfer_from_counter, {"counter": counter, "service": service}),
            (supervisor, visits.transfer_ticket, {"ticket": ticket, "service": service}),
            (supervisor, visits.cancel, {"ticket": ticket, "by": self.random.choice(["visitor", "staff"])}),
            (supervisor, visits.give_back, {"ticket": ticket}),
            (supervisor, visits.set_priority, {"ticket": ticket, "value": self.random.choice(["umum", "lansia"])}),
            (supervisor, visits.reprint, {"ticket": ticket}),
            (name, counters.pause, {"counter": counter, "reason": "istirahat"}),
            (name, counters.resume, {"counter": counter}),
            (name, counters.resume, {"counter": counter}),
        ]
        who, act, more = self.random.choice(acts)
        self.try_(who, act, **more)

    def flip(self) -> None:
        """The middle of the day: a device falls silent, paper runs out, and on the thirtieth the clock was wrong."""
        hall = self.hall
        hall.system(devices.flip, code="K1", state="up")
        printer = Ask("device:PH1", hall.now, role="print-host", device="PH1")
        for state, device in (("paper_out", "down"), ("ready", "up")):
            hall.system(devices.flip, code="K1", state=device)
            hall.act(printer, printing.report_printer, printer="P1", state=state, cause=None)
            hall.later(seconds=self.random.randint(60, 600))
        if hall.now.day == 30:
            hall.say(hall.person("pengawas"), clockwork.confirm_clock)
        if hall.now.day == 29:
            hall.say(hall.person("pengawas"), calendar.set_override, scope="service", target=KK, kind="close",
                     date_from=hall.now.date(), date_to=hall.now.date(), reason="sakit")  # fmt: skip
        assert floors  # the plan stays as it is
