"""Any sequence of acts keeps P1 to P5, by a third opinion after every step (see ledger.py and judging.py).

Kiosks, officers, counters of two gerai, time that moves, lost replies asked again, midnight, a restart. The short form
runs the same examples every time; PROMISES_EXAMPLES=1000 looks for new ones.

Planted: `call_next` taking the first waiting leg by id -> red (called out of turn).
Planted: `session_of` without the officer -> red (by user:budi at DKC-1, which ani has).
Planted: `perform` not looking the key up -> red (another answer under the same key).
Planted: numbers going on over midnight -> red (number 5 after 0).
Planted: numbers beginning again after a restart -> red (an IntegrityError).
Planted: `close` leaving planned stops -> red (an open leg of a closed day).
Planted: `put_back` keeping its old place -> red (stands at ..., by the rule at ...).
Planted: `give_back` and `resume_leg` without an event -> red (leg: log ..., table ...).
Planted: `transfer` ranking by now -> red (stands at ..., by the rule at ...).
Planted: an act that writes and then refuses, its savepoint not rolled back -> red (rows changed by a refusal).
"""

import os
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from server.app import calling, counters, days, issuing, visits
from server.app.ask import Answer, Ask, Mismatch
from server.domain.errors import RuleBroken
from server.ops.prove.judging import catch_up, lost, wrongs
from server.ops.prove.ledger import ACTIVE, Ledger
from server.ops.prove.records import Records
from tests.app.small_hall import AMBIL, IKD, KK, KTP, NIB, QUOTA, WITA, SmallHall, keyed
from tests.promises.judging import POLICY

OFFICERS = {"DKC": ("ani", "budi", "citra"), "PTSP": ("dewi", "eka")}
COUNTERS = ("DKC-1", "DKC-2", "PTSP-1", "PTSP-2")
SERVICES = st.sampled_from((KTP, KTP, KK, IKD, NIB, NIB, AMBIL))
WISHES = st.sampled_from((None, None, None, "lansia", "hamil"))
AT_COUNTER = (calling.start, calling.finish, calling.no_show, calling.recall, calling.hold, calling.put_back, calling.no_show)
RULES = {"put_back_places": 2, "return_places": 1, "max_wait_guard_s": 900, "no_show_wait_s": 1, "no_show_min_calls": 1}
#: What may happen, as often as it stands here.
HAPPENINGS = (
    *["touch"] * 5, *["next"] * 5, *["at_counter"] * 6, *["finish_and_next"] * 2, *["resume_held"] * 2, *["again"] * 2,
    *["at_the_desk"] * 4, *["open"] * 2, *["pick"] * 3, "send_on", "session", "release", "key_used_for_something_else",
    "time_passes", "another_day", "restart",
)


@dataclass
class Press:
    """Something asked under a key, and what was answered."""

    ask: Ask
    act: Callable[..., Answer]
    arguments: dict[str, Any]
    answer: Answer


@dataclass
class Draw:
    """What chance adds to a happening."""

    who: int
    where: int
    service: str
    wish: str | None


class Floor(RuleBasedStateMachine):
    @initialize()
    def open_the_hall(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.hall = SmallHall(Path(self.folder.name) / "data")
        self.records = Records(self.hall.path)
        self.ledger = Ledger(dict(POLICY))
        self.presses: list[Press] = []
        self.acknowledged: dict[int, str] = {}
        self.keys = 0
        self.hall.open_all_day()
        self.hall.policy(**RULES)
        self.morning()

    def morning(self) -> None:
        for name, counter, service in (("ani", "DKC-1", KTP), ("dewi", "PTSP-1", NIB)):
            self.press(self.hall.person(name), counters.open_counter, counter=counter)
            self.press(self.hall.kiosk(), issuing.issue, service=service)
        catch_up(self.ledger, self.records)

    def teardown(self) -> None:
        if hasattr(self, "hall"):
            assert self.records.is_sound()
            self.records.close()
            self.hall.close()
            self.folder.cleanup()

    @rule(what=st.sampled_from(HAPPENINGS), chance=st.integers(0, 999), service=SERVICES, wish=WISHES)
    def something_happens(self, what: str, chance: int, service: str, wish: str | None) -> None:
        # Hypothesis likes zeros; stirred with the step, all choices come up in every example.
        stirred = Random(f"{chance} {self.keys}")
        getattr(self, what)(Draw(stirred.randrange(1000), stirred.randrange(1000), service, wish))

    @invariant()
    def the_promises_hold(self) -> None:
        if hasattr(self, "ledger"):
            catch_up(self.ledger, self.records)
            assert wrongs(self.ledger, self.records) == []
            assert lost(self.acknowledged, self.records) == []
            assert len(self.acknowledged) == self.records.one("SELECT count(*) FROM ticket"), "one key, one ticket"

    def rows(self) -> list[list[tuple[Any, ...]]]:
        tables = ("ticket", "leg", "series_day", "counter_session", "pause", "business_day", "call", "print_job")
        return [self.records.rows(f"SELECT * FROM {table}") for table in tables]

    def press(self, ask: Ask, act: Callable[..., Answer], **arguments: Any) -> Answer | RuleBroken:
        """Ask under a new key, a second later; a refusal must have changed nothing."""
        self.hall.later(seconds=1)
        self.keys += 1
        ask = keyed(ask, f"key-{self.keys}", f"{act.__name__} {arguments}")
        before = self.rows()
        try:
            answer = self.hall.act(ask, act, **arguments)
        except RuleBroken as refusal:
            if act is not issuing.issue:  # a refused wish may be the first act of a date, and opens it
                assert self.rows() == before, f"rows changed by a refusal ({refusal.code})"
            return refusal
        self.presses.append(Press(ask, act, arguments, answer))
        if act is issuing.issue and answer.body:
            self.acknowledged[answer.body["id"]] = answer.body["number"]
        return answer

    def counter(self, draw: Draw, likely: Iterable[str]) -> str:
        """Mostly one of the likely ones."""
        chosen = sorted(likely) if draw.where % 9 else []
        return (chosen or COUNTERS)[draw.where // 9 % len(chosen or COUNTERS)]

    def busy(self) -> list[str]:
        return [stop.counter for stop in self.ledger.stops.values() if stop.state in ACTIVE and stop.counter]

    def idle(self) -> set[str]:
        return self.ledger.sessions.keys() - set(self.busy())

    def officer(self, draw: Draw, counter: str) -> Ask:
        """Mostly the one who has the counter open, now and then a colleague."""
        held = self.ledger.sessions.get(counter)
        names = OFFICERS[counter.partition("-")[0]]
        return self.hall.person(held[0] if held and draw.who % 12 else names[draw.who % len(names)])

    def ticket(self, draw: Draw) -> int:
        """Mostly one of those that are not at a counter; else any."""
        fit = [s.ticket for s in self.ledger.stops.values() if s.state in ("waiting", "no_show", "on_hold")]
        known = sorted(set(fit)) if fit and draw.where % 6 else sorted(self.acknowledged)
        return known[draw.where // 6 % len(known)]

    def touch(self, draw: Draw) -> None:
        then = [NIB] if draw.service == KK else []
        today = self.hall.now.astimezone(WITA).date().isoformat()
        kiosk = self.hall.kiosk(f"K{1 + draw.who % 2}")
        given = self.press(kiosk, issuing.issue, service=draw.service, priority=draw.wish, then=then)
        if isinstance(given, RuleBroken):
            used = "SELECT count(*) FROM ticket WHERE service = ? AND business_date = ?"
            is_full = draw.service == IKD and self.records.one(used, IKD, today) >= QUOTA
            assert given.code == ("closed" if today in self.ledger.closed else "quota_reached" if is_full else "given")
        elif draw.where % 4 == 0:
            self.repeat(self.presses[-1])

    def open(self, draw: Draw) -> None:
        counter = self.counter(draw, set(COUNTERS) - self.ledger.sessions.keys())
        self.press(self.officer(draw, counter), counters.open_counter, counter=counter)

    def next(self, draw: Draw) -> None:
        counter = self.counter(draw, self.idle())
        officer = self.officer(draw, counter)
        self.check_next(self.press(officer, calling.call_next, counter=counter), officer, counter)

    def check_next(self, answer: Answer | RuleBroken, officer: Ask, counter: str) -> None:
        """Next is refused for the reasons there are, and for no other."""
        held, active = self.ledger.sessions.get(counter, ("",))[0], self.ledger.active_at(counter)
        is_paused, is_today = counter in self.ledger.paused, self.ledger.day == self.hall.now.astimezone(WITA).date().isoformat()
        if isinstance(answer, Answer):
            assert answer.status == (200 if self.ledger.expected(counter, self.hall.now) else 204)
            assert held == officer.username and active is None and not is_paused
        elif held == officer.username and active:
            assert answer.code == "counter_busy" and answer.facts["number"] == self.ledger.visits[active.ticket].label
        elif held == officer.username and is_paused:
            assert answer.code == "counter_paused"
        else:
            assert answer.code == ("not_your_counter" if held not in ("", officer.username) else "counter_closed")
            assert held != officer.username or not is_today

    def at_counter(self, draw: Draw) -> None:
        self.with_visitor(draw, AT_COUNTER[draw.who % len(AT_COUNTER)])

    def with_visitor(self, draw: Draw, act: Callable[..., Answer]) -> None:
        if not self.busy():
            self.next(draw)
            catch_up(self.ledger, self.records)
        counter = self.counter(draw, self.busy())
        self.press(self.officer(draw, counter), act, counter=counter)

    def finish_and_next(self, draw: Draw) -> None:
        counter = self.counter(draw, self.busy())
        self.press(self.officer(draw, counter), calling.finish, counter=counter, then_next=True)

    def send_on(self, draw: Draw) -> None:
        counter = self.counter(draw, self.busy())
        self.press(self.officer(draw, counter), visits.transfer_from_counter, counter=counter, service=draw.service)

    def pick(self, draw: Draw) -> None:
        counter = self.counter(draw, self.idle())
        waiting = [stop.ticket for stop in self.ledger.stops.values()
                   if stop.state == "waiting" and stop.service in self.ledger.sessions.get(counter, ("", ()))[1]]
        if self.acknowledged:
            ticket = waiting[draw.who % len(waiting)] if waiting and draw.where % 6 else self.ticket(draw)
            self.press(self.officer(draw, counter), calling.pick, counter=counter, ticket=ticket, reason="obat")

    def resume_held(self, draw: Draw) -> None:
        held = [leg for leg, stop in self.ledger.stops.items() if stop.state == "on_hold"]
        if not held:
            return self.with_visitor(draw, calling.hold)
        leg = held[draw.who // 12 % len(held)] if draw.who % 5 else max(self.ledger.stops)
        counter = self.counter(draw, {one for one in self.idle() if one.startswith(self.ledger.stops[leg].gerai)})
        self.press(self.officer(draw, counter), calling.resume_leg, counter=counter, leg=leg)

    def session(self, draw: Draw) -> None:
        counter = self.counter(draw, self.idle())
        act = counters.resume if counter in self.ledger.paused else counters.pause if draw.who % 3 else counters.close_counter
        reason = {"reason": "salat"} if act is counters.pause else {}
        self.press(self.officer(draw, counter), act, counter=counter, **reason)

    def release(self, draw: Draw) -> None:
        self.press(self.hall.person("pengawas"), counters.release, counter=self.counter(draw, self.busy()), reason="sakit")

    def at_the_desk(self, draw: Draw) -> None:
        if not self.acknowledged:
            return
        returned = [s.ticket for s in self.ledger.stops.values() if s.state == "no_show"]
        desk, ticket = self.hall.person("resepsionis"), self.ticket(draw)
        if draw.who % 3 == 0:
            ticket = returned[draw.where % len(returned)] if returned else ticket
            self.press(desk, visits.give_back, ticket=ticket, reason="dari toilet")
        elif draw.who % 3 == 1:
            self.press(desk, visits.transfer_ticket, ticket=ticket, service=draw.service)
        elif draw.who % 2:
            self.press(desk, visits.set_priority, ticket=ticket, value=draw.wish)
        elif draw.who % 4 == 2:
            self.press(desk, visits.cancel, ticket=ticket, by="visitor")
        else:
            self.press(desk, visits.reprint, ticket=ticket)

    def again(self, draw: Draw) -> None:
        if self.presses:
            self.repeat(self.presses[-1 - draw.who % min(len(self.presses), 1 + draw.where % 9)])

    def repeat(self, press: Press) -> None:
        """P3, P5: the reply was lost, so the same is asked again under the same key, however much later."""
        if press.answer.body is None:
            return  # nobody waited: that is not kept, and Next may be pressed again
        before = self.rows()
        answer = self.hall.act(press.ask, press.act, **press.arguments)
        assert answer.replayed and (answer.status, answer.body) == (press.answer.status, press.answer.body)
        assert self.rows() == before

    def key_used_for_something_else(self, draw: Draw) -> None:
        kept = [press for press in self.presses if press.answer.body is not None]
        if kept:
            press = kept[draw.who % len(kept)]
            try:
                self.hall.act(keyed(press.ask, press.ask.key or "", "other"), press.act, **press.arguments)
            except Mismatch:
                return
            raise AssertionError("a key was taken for something else")

    def time_passes(self, draw: Draw) -> None:
        self.hall.later(minutes=(1, 5, 16, 200)[draw.who % 4])

    def another_day(self, draw: Draw) -> None:
        """Closed by the supervisor, or by the first act of the new date because the power was off."""
        if draw.who % 3 == 0:
            self.press(self.hall.person("pengawas"), days.close_now)
            catch_up(self.ledger, self.records)
            self.touch(draw)
        if draw.who % 3 < 2:
            self.hall.later(days=1)
            self.morning()

    def restart(self, draw: Draw) -> None:
        self.hall.restart()


EXAMPLES = int(os.environ.get("PROMISES_EXAMPLES", "0"))
TestAnySequence = Floor.TestCase
TestAnySequence.settings = settings(
    max_examples=EXAMPLES or 16,
    stateful_step_count=60,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    # A failure is made small only when somebody looks for it: that may take minutes.
    phases=[Phase.generate, Phase.shrink] if EXAMPLES else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)
