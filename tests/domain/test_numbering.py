"""Numbers of a series. Planted: wrap to `first` past `last` -> test_refuses_past_the_last red;
`last_given + 2` -> test_gapless red; truncation to `width` -> test_label red."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import RuleBroken
from server.domain.numbering import label, next_number, skip_after


@given(st.integers(0, 50), st.integers(0, 200))
def test_gapless(first, count):
    given_out, last = [], None
    for _ in range(count):
        last = next_number(last, first, first + 200)
        given_out.append(last)
    assert given_out == list(range(first, first + count))


def test_refuses_past_the_last():
    with pytest.raises(RuleBroken) as refusal:
        next_number(9999, 1, 9999)
    assert (refusal.value.code, refusal.value.facts) == ("range_exhausted", {"last": 9999})
    with pytest.raises(RuleBroken):
        next_number(None, 2, 1)


def test_a_raised_first_number_is_kept_to():
    assert next_number(3, 100, 200) == 100
    assert next_number(150, 100, 200) == 151


@given(st.integers(0, 10**6), st.integers(1, 5))
def test_label(number, width):
    shown = label("A", number, width)
    assert shown.startswith("A-")
    assert int(shown[2:]) == number
    assert len(shown) >= 2 + width


@given(st.integers(0, 10**5), st.integers(0, 10**5), st.integers(1, 5))
def test_two_numbers_never_look_the_same(one, two, width):
    assert (label("A", one, width) == label("A", two, width)) == (one == two)


@given(st.floats(0, 10_000), st.floats(1, 600))
def test_a_later_restore_skips_past_what_an_earlier_one_gave(minutes: float, more: float) -> None:
    """However old the backup is and wherever it lies: 6 numbers a minute of one series fit between. Planted: an end at 5000 -> red."""
    assert skip_after(minutes + more) >= skip_after(minutes) + math.floor(more * 6)
