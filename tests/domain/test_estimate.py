"""The first honest estimate. Planted: mean instead of quartiles -> range red; waves without
the counters -> test_more_counters_never_lengthen red; a default for no data -> no_ground red."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.estimate import estimate, nearest_rank

ahead = st.integers(0, 500)
counters = st.integers(1, 30)
times = st.lists(st.integers(0, 7200), min_size=5, max_size=30)


def test_no_ground_no_figure():
    assert estimate(3, 0, [60] * 9) is None
    assert estimate(3, 2, [60] * 4) is None
    assert estimate(3, 2, []) is None
    assert estimate(0, 1, [], minimum=0) is None


def test_by_hand():
    """Quartiles of 100..800 by nearest rank: 200 and 600; 5 ahead at 2 counters: 2 waves."""
    recent = [100, 200, 300, 400, 500, 600, 700, 800]
    assert estimate(5, 2, recent) == (400, 1800)
    assert estimate(0, 2, recent) == (0, 600)
    assert estimate(1, 2, recent) == (0, 600)


def test_nearest_rank():
    assert [nearest_rank([1, 2, 3, 4], p) for p in (0, 25, 26, 75, 90, 100)] == [1, 1, 2, 3, 4, 4]


@given(ahead, counters, times)
def test_from_is_not_after_to(people, desks, recent):
    low, high = estimate(people, desks, recent)
    assert 0 <= low <= high


@given(ahead, ahead, counters, times)
def test_more_people_never_shorten(one, two, desks, recent):
    few, many = (estimate(n, desks, recent) for n in sorted((one, two)))
    assert few[0] <= many[0]
    assert few[1] <= many[1]


@given(ahead, counters, counters, times)
def test_more_counters_never_lengthen(people, one, two, recent):
    many, few = (estimate(people, n, recent) for n in sorted((one, two), reverse=True))
    assert many[0] <= few[0]
    assert many[1] <= few[1]


@given(ahead, counters, times, st.randoms())
def test_the_order_of_the_times_does_not_matter(people, desks, recent, random):
    mixed = list(recent)
    random.shuffle(mixed)
    assert estimate(people, desks, recent) == estimate(people, desks, mixed)
