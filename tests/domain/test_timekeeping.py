"""When a clock is believed, without any clock.

Planted: start at the wall clock whatever the log says -> test_never_before_the_last_event
red; `abs` left out of judge -> test_judge red; a far wall believed -> test_far_ahead red.
"""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.timekeeping import Flag, Start, Trust, judge, slewed, start_time
from tests.domain.builders import EIGHT

offsets = st.integers(-40 * 86_400_000, 40 * 86_400_000).map(lambda ms: timedelta(milliseconds=ms))


@pytest.mark.parametrize(
    ("by_s", "trust"),
    [
        (0, "agree"),
        (0.05, "agree"),
        (0.5, "slew"),
        (-2, "slew"),
        (2.001, "doubt"),
        (-86400, "doubt"),
    ],
)
def test_judge(by_s, trust):
    verdict = judge(EIGHT + timedelta(seconds=by_s), EIGHT, slew_s=2)
    assert (verdict.trust, verdict.by_s) == (Trust(trust), by_s)


def test_an_empty_log_believes_the_wall():
    assert start_time(EIGHT, None, 14) == Start(EIGHT, None, False)


def test_behind_goes_on_from_the_last_event():
    last = EIGHT + timedelta(hours=9)
    assert start_time(EIGHT, last, 14) == Start(last, Flag.BEHIND, False)


def test_what_slewing_leaves_behind_is_no_reason_to_doubt():
    last = EIGHT + timedelta(seconds=1.5)
    assert start_time(EIGHT, last, 14) == Start(last, None, False)


def test_a_holiday_is_believed():
    wall = EIGHT + timedelta(days=14)
    assert start_time(wall, EIGHT, 14) == Start(wall, None, False)


def test_far_ahead_waits_for_a_person_and_keeps_the_false_date_out():
    wall = EIGHT + timedelta(days=14, seconds=1)
    assert start_time(wall, EIGHT, 14) == Start(EIGHT, Flag.AHEAD, True)


@given(offsets)
def test_never_before_the_last_event(offset):
    begun = start_time(EIGHT + offset, EIGHT, 14)
    assert EIGHT <= begun.start <= EIGHT + timedelta(days=14)
    assert begun.start == EIGHT + offset or begun.start == EIGHT


@given(offsets, st.integers(0, 10**9), st.floats(0, 1))
def test_slewing_is_bounded_and_never_overshoots(gap, elapsed_ms, rate):
    elapsed = timedelta(milliseconds=elapsed_ms)
    made_up = slewed(gap, elapsed, rate)
    assert abs(made_up) <= min(abs(gap), elapsed * rate)
    assert made_up * (1 if gap >= timedelta(0) else -1) >= timedelta(0)
