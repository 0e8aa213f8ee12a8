"""Summaries of times, and their classes.

Planted: mean of rounded values -> test_summary_agrees_with_statistics red; P90 by floor -> test_p90 red; a wait at the end of its
class counted in the next -> test_classes red.
"""

import statistics
from bisect import bisect_left

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain import measures


def test_no_values_no_figures():
    empty = {"n": 0, "mean": None, "median": None, "p90": None, "max": None}
    assert measures.summary([]) == empty


@pytest.mark.parametrize(("n", "p90"), [(1, 1), (9, 9), (10, 9), (11, 10), (20, 18), (30, 27)])
def test_p90(n, p90):
    assert measures.summary(range(1, n + 1))["p90"] == p90


@given(st.lists(st.integers(0, 10**5), max_size=40))
def test_summary_agrees_with_statistics(known):
    found = measures.summary(known)
    assert found["n"] == len(known)
    if known:
        assert found["mean"] == pytest.approx(statistics.fmean(known), abs=0.051)
        assert found["median"] == statistics.median(known)
        assert found["max"] == max(known)
        below = sum(value <= found["p90"] for value in known)
        assert below >= 0.9 * len(known) > sum(value < found["p90"] for value in known)


@given(st.lists(st.integers(0, 9000), max_size=60))
def test_classes(waits):
    waits += measures.WAIT_CLASSES_S
    found = measures.classes(waits)
    assert [row["to_s"] for row in found] == [*measures.WAIT_CLASSES_S, None]
    wanted = [bisect_left(measures.WAIT_CLASSES_S, wait) for wait in waits]
    assert [row["n"] for row in found] == [wanted.count(place) for place in range(len(found))]


def test_a_fact_is_counted_wherever_it_stands():
    facts = {measures.Fact.CALLED | measures.Fact.SERVED: 3, measures.Fact.CALLED: 2}
    assert (measures.counted(facts, measures.Fact.CALLED), measures.counted(facts, measures.Fact.SERVED)) == (5, 3)
