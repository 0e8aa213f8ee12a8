"""The life of a leg: the one table, and what each step may and may not change.

Planted: `first_called_at=now` in call -> test_the_first_call_is_written_once red; serving ->
cancelled added to the table -> test_the_table_is_the_designs red; `_stop_serving` left out of
hold -> test_a_served_leg_resumes_serving_and_sums_its_intervals red; give_back leaving
`ended_at` -> test_any_life red.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import tickets
from server.domain.errors import RuleBroken
from server.domain.tickets import ACTIVE, ENDED, OPEN, TRANSITIONS, Leg, State
from tests.domain.builders import EIGHT, make_leg, make_ticket

Step = Callable[[Leg, datetime], Leg]
ACTS: dict[str, Step] = {
    "call": lambda leg, now: tickets.call(leg, "L1", "siti", now),
    "recall": tickets.recall,
    "put_back": lambda leg, now: tickets.put_back(leg, now, 7),
    "start": tickets.start,
    "finish": tickets.finish,
    "no_show": tickets.no_show,
    "give_back": lambda leg, now: tickets.give_back(leg, now, 8),
    "hold": tickets.hold,
    "resume": lambda leg, now: tickets.resume(leg, "L2", "budi", now),
    "cancel": lambda leg, now: tickets.cancel(leg, "visitor", now),
    "transfer": tickets.transfer,
    "close_day": tickets.close_day,
}
#: acts made of two lines of the table
JOINED = {
    "resume": ("resume_called", "resume_serving"),
    "close_day": ("expire", "close_serving"),
}


def goals(act: str) -> dict[State, set[State]]:
    """from -> the states an act may lead to."""
    found: dict[State, set[State]] = {}
    for name in JOINED.get(act, (act,)):
        for before, after in TRANSITIONS[name].items():
            found.setdefault(before, set()).add(after)
    return found


def test_the_table_is_the_designs():
    """DESIGN section 5, written out once more."""
    drawn = """
        planned: waiting cancelled expired
        waiting: called cancelled transferred expired
        called: called serving finished waiting no_show on_hold cancelled transferred expired
        serving: finished on_hold transferred
        on_hold: called serving cancelled transferred expired
        no_show: waiting
    """
    wanted = {
        line.split(":")[0].strip(): set(line.split(":")[1].split())
        for line in drawn.strip().splitlines()
    }
    found: dict[str, set[str]] = {}
    for table in TRANSITIONS.values():
        for before, after in table.items():
            found.setdefault(str(before), set()).add(str(after))
    assert found == wanted


def test_the_sets_of_states():
    assert ACTIVE < OPEN
    assert OPEN | ENDED | {State.PLANNED} == set(State)
    assert not OPEN & ENDED


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("state", State)
def test_every_pair_is_in_the_table_or_refused(state, act):
    leg = make_leg(state=state)
    allowed = goals(act)
    if state in allowed:
        assert ACTS[act](leg, EIGHT).state in allowed[state]
        return
    with pytest.raises(RuleBroken) as refusal:
        ACTS[act](leg, EIGHT)
    assert refusal.value.code == "wrong_state"
    assert refusal.value.facts == {"state": str(state), "leg": leg.id}


def test_a_forgotten_start_is_flagged():
    called = tickets.call(make_leg(), "L1", "siti", EIGHT)
    done = tickets.finish(called, EIGHT + timedelta(minutes=5))
    assert (done.service_reliable, done.served_s, done.wait_reliable) == (False, 0, True)
    assert done.started_at == done.ended_at


@pytest.mark.parametrize("way", [["put_back"], ["no_show", "give_back"], ["recall", "put_back"]])
def test_the_first_call_is_written_once(way):
    leg = tickets.call(make_leg(), "L1", "siti", EIGHT)
    now = EIGHT + timedelta(minutes=9)
    for act in way:
        leg = ACTS[act](leg, now)
    again = tickets.call(leg, "L2", "budi", now)
    assert (again.first_called_at, again.last_called_at) == (EIGHT, now)
    assert again.call_count == leg.call_count + 1 >= 2


def test_a_served_leg_resumes_serving_and_sums_its_intervals():
    now = EIGHT
    leg = tickets.start(tickets.call(make_leg(), "L1", "siti", now), now)
    leg = tickets.hold(leg, now + timedelta(minutes=10))
    assert (leg.counter, leg.served_s) == (None, 600)
    leg = tickets.resume(leg, "L2", "budi", now + timedelta(minutes=30))
    assert (leg.state, leg.counter, leg.held_s) == (State.SERVING, "L2", 1200)
    leg = tickets.finish(leg, now + timedelta(minutes=35))
    assert (leg.served_s, leg.held_s, leg.started_at) == (900, 1200, EIGHT)
    assert leg.service_reliable


def test_the_close_of_day():
    serving = tickets.start(tickets.call(make_leg(), "L1", "siti", EIGHT), EIGHT)
    closed = tickets.close_day(serving, EIGHT + timedelta(hours=1))
    assert (closed.state, closed.service_reliable) == (State.FINISHED, False)
    expired = tickets.close_day(make_leg(), EIGHT + timedelta(hours=1))
    assert (expired.state, expired.outcome) == (State.EXPIRED, "expired")


@pytest.mark.parametrize(
    ("priority", "standing", "first"),
    [(None, None, False), ("lansia", "asked", True), ("lansia", "removed", False)],
)
def test_a_removed_priority_waits_with_everybody(priority, standing, first):
    assert make_ticket(priority=priority, priority_state=standing).is_priority is first


def _frozen(leg: Leg) -> tuple[object, ...]:
    names = "id ticket business_date position service gerai queued_at promised_wait_s "
    names += "promised_service_s standard_version ahead open_counters origin estimate_from_s"
    return tuple(getattr(leg, name) for name in names.split())


def _possible(leg: Leg) -> list[str]:
    return sorted(act for act in ACTS if act != "close_day" and leg.state in goals(act))


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(-30, 3000)), max_size=25))
def test_any_life(path):
    """Any acts, also with a clock that steps back: what was frozen stays, nothing is negative,
    the first call is written once, and serving plus hold never exceed the time gone by."""
    leg, now, latest, served = make_leg(), EIGHT, EIGHT, 0.0
    for which, passed_s in path:
        acts = _possible(leg) or ["recall", "close_day"]
        act = acts[which % len(acts)]
        before, now = leg, now + timedelta(seconds=passed_s)
        served += max(0, passed_s) * (leg.state is State.SERVING)
        latest = max(latest, now)
        try:
            leg = ACTS[act](leg, now)
        except RuleBroken:
            continue
        assert _frozen(leg) == _frozen(before)
        assert before.first_called_at in (None, leg.first_called_at)
        assert before.started_at in (None, leg.started_at)
        assert leg.call_count == before.call_count + (act in {"call", "recall"})
        assert leg.served_s >= before.served_s >= 0
        assert leg.held_s >= before.held_s >= 0
        assert leg.active == (leg.state in ACTIVE)
        assert (leg.counter is not None) >= leg.active
        assert (leg.serving_since is not None) == (leg.state is State.SERVING)
        assert (leg.held_at is not None) == (leg.state is State.ON_HOLD)
        assert (leg.ended_at is not None) == (leg.state in ENDED)
        assert (leg.outcome is not None) == (leg.state in ENDED)
    if all(passed_s >= 0 for _, passed_s in path):
        assert leg.served_s + leg.held_s <= (latest - EIGHT).total_seconds()
        whole = leg.served_s + (
            int((now - leg.serving_since).total_seconds()) if leg.serving_since else 0
        )
        assert whole == served


def test_acts_return_new_legs():
    leg = make_leg()
    tickets.call(leg, "L1", "siti", EIGHT)
    assert leg == leg._replace() == make_leg()
