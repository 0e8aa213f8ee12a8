"""Measures of a leg and their summaries.

Planted: unreliable legs counted -> test_unreliable_times_are_left_out red; mean of rounded
values -> test_summary_agrees_with_statistics red; P90 by floor -> test_p90 red; expired legs
left out of the standard -> test_within_wait red.
"""

import statistics
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import measures, tickets
from server.domain.tickets import State
from tests.domain.builders import EIGHT, at, make_leg, make_ticket


def finished(wait_s=60, walk_s=20, service_s=300, **other):
    now = EIGHT + timedelta(seconds=wait_s)
    leg = tickets.call(make_leg(**other), "L1", "siti", now)
    now += timedelta(seconds=walk_s)
    leg = tickets.start(leg, now)
    return tickets.finish(leg, now + timedelta(seconds=service_s))


def test_a_plain_visit():
    leg = finished()
    assert (measures.wait_s(leg), measures.walk_s(leg), measures.service_s(leg)) == (60, 20, 300)
    assert measures.stay_s(make_ticket(), [leg]) == 380


def test_a_recall_does_not_lengthen_the_wait():
    called = tickets.call(make_leg(), "L1", "siti", at("08:05"))
    assert measures.wait_s(tickets.recall(called, at("08:09"))) == 300


def test_unreliable_times_are_left_out():
    leg = finished()
    assert measures.wait_s(leg._replace(wait_reliable=False)) is None
    doubted = leg._replace(service_reliable=False)
    assert (measures.service_s(doubted), measures.walk_s(doubted)) == (None, None)
    assert measures.serving_s(doubted) == 0
    assert measures.stay_s(make_ticket(), [doubted]) is None
    assert measures.wait_s(doubted) == 60


def test_what_did_not_happen_has_no_time():
    gone = tickets.no_show(tickets.call(make_leg(), "L1", "siti", at("08:05")), at("08:10"))
    assert measures.wait_s(gone) == 300
    assert measures.walk_s(gone) is measures.service_s(gone) is None
    assert measures.wait_s(make_leg()) is None
    assert measures.stay_s(make_ticket(), [gone]) is None
    assert measures.stay_s(make_ticket(), [finished(), make_leg(2)]) is None
    assert measures.stay_s(make_ticket(), []) is None


def test_a_service_still_running_has_no_time_yet():
    serving = tickets.start(tickets.call(make_leg(), "L1", "siti", EIGHT), EIGHT)
    assert measures.service_s(serving) is None


def test_stay_goes_to_the_last_stop():
    first = finished()._replace(state=State.TRANSFERRED, outcome="transferred")
    second = finished(wait_s=3600, position=2)
    assert measures.stay_s(make_ticket(), [second, first]) == 3920


def test_within_wait():
    """Promise 600 s: in time, late, uncalled at closing, left late, left early."""
    waiting = make_leg()
    legs = [
        finished(wait_s=600),
        finished(wait_s=601),
        tickets.close_day(waiting, at("08:05")),
        tickets.cancel(waiting, "visitor", at("08:11")),
        tickets.cancel(waiting, "visitor", at("08:10")),
        tickets.transfer(waiting, at("09:00")),
        finished(wait_s=10)._replace(wait_reliable=False),
        waiting,
    ]
    assert measures.within_wait(legs) == measures.Share(1, 4)


def test_within_service():
    legs = [finished(service_s=900), finished(service_s=901), make_leg()]
    legs.append(finished(service_s=1)._replace(service_reliable=False))
    assert measures.within_service(legs) == measures.Share(1, 2)


def test_no_values_no_figures():
    empty = {"n": 0, "mean": None, "median": None, "p90": None, "max": None}
    assert measures.summary([]) == measures.summary([None, None]) == empty


@pytest.mark.parametrize(("n", "p90"), [(1, 1), (9, 9), (10, 9), (11, 10), (20, 18), (30, 27)])
def test_p90(n, p90):
    assert measures.summary(range(1, n + 1))["p90"] == p90


@given(st.lists(st.one_of(st.none(), st.integers(0, 10**5)), max_size=40))
def test_summary_agrees_with_statistics(values):
    known = [value for value in values if value is not None]
    found = measures.summary(values)
    assert found["n"] == len(known)
    if known:
        assert found["mean"] == pytest.approx(statistics.fmean(known), abs=0.051)
        assert found["median"] == statistics.median(known)
        assert found["max"] == max(known)
        below = sum(value <= found["p90"] for value in known)
        assert below >= 0.9 * len(known) > sum(value < found["p90"] for value in known)
