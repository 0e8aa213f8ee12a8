"""Who is next, and places given back.

Planted: newest first inside a class -> test_regular_line_is_first_come_first_served red;
the ratio's `>=` turned to `>` -> the bound and test_ratio red; the guard left out ->
test_guard_* red; weights in microseconds dropped -> test_weights red; place_behind off by
one -> test_place_behind red.
"""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from server.domain.floor import Policy
from server.domain.queueing import calling_order, pick_next, place_behind, rank_for_transfer, streak_of
from tests.domain.builders import EIGHT, person

POLICY = Policy(priority_ratio=2, max_wait_guard_s=3600)
NOW = EIGHT + timedelta(minutes=30)


def chosen(line, streak=0, weights=None, policy=POLICY, now=NOW):
    found = pick_next(line, weights or {}, policy, streak, now)
    return found.leg if found else None


def test_nobody_waits():
    assert chosen([]) is None


def test_ratio():
    line = [person(1), person(2, 60, priority=True)]
    assert [chosen(line, streak) for streak in (0, 1, 2, 9)] == [2, 2, 1, 1]


def test_a_class_alone_is_served_whatever_the_streak():
    assert chosen([person(1, priority=True)], streak=99) == 1
    assert chosen([person(1)], streak=0) == 1


def test_ratio_zero_disregards_priority():
    line = [person(1), person(2, 60, priority=True)]
    assert chosen(line, policy=replace(POLICY, priority_ratio=0)) == 1


def test_weights():
    """After 30 and 20 minutes: 30 x 1 < 20 x 2."""
    line = [person(1), person(2, 600, service="KK")]
    assert chosen(line) == 1
    assert chosen(line, weights={"KK": 2}) == 2
    assert chosen(line, weights={"KK": 2, "KTP": 2}) == 1


def test_guard_lets_the_regular_visitor_first():
    line = [person(1), person(2, 60, priority=True)]
    assert chosen(line, now=EIGHT + timedelta(seconds=3600)) == 2
    assert chosen(line, now=EIGHT + timedelta(seconds=3601)) == 1


def test_guard_does_not_starve_the_priority_visitor():
    """Everybody waits too long: a plain line, in which the one who came first goes first."""
    line = [person(1, priority=True), person(2, 60)]
    assert chosen(line, now=EIGHT + timedelta(hours=3)) == 1
    assert chosen(line, streak=2, now=EIGHT + timedelta(hours=3)) == 2


def test_guard_ends_weights_too():
    line = [person(1), person(2, 3000, service="KK")]
    late = EIGHT + timedelta(hours=2)
    assert chosen(line, weights={"KK": 20}, now=late) == 1


people = st.lists(
    st.builds(
        lambda after, priority, service: (after, priority, service),
        st.integers(0, 3000),
        st.booleans(),
        st.sampled_from(["KTP", "KK"]),
    ),
    max_size=12,
).map(
    lambda rows: [
        person(seq, after, priority=priority, service=service)
        for seq, (after, priority, service) in enumerate(rows, 1)
    ]
)
streaks = st.integers(0, 4)
ratios = st.integers(1, 4)
minutes = st.integers(0, 200).map(lambda m: EIGHT + timedelta(minutes=m))


@given(people, minutes)
def test_regular_line_is_first_come_first_served(line, now):
    regular = [replace(who, priority=False) for who in line]
    served = []
    while regular:
        found = pick_next(regular, {"KTP": 3, "KK": 3}, POLICY, 0, now)
        served.append((found.rank_at, found.rank_seq))
        regular.remove(found)
    assert served == sorted(served)


@given(people, st.permutations(range(12)), streaks, minutes)
def test_the_order_of_the_input_does_not_matter(line, order, streak, now):
    shuffled = [line[n] for n in order if n < len(line)]
    assert chosen(line, streak, now=now) == chosen(shuffled, streak, now=now)


@given(people, streaks, minutes, st.dictionaries(st.sampled_from(["KTP", "KK"]), st.integers(1, 5)))
def test_the_heads_of_the_lines_are_enough(line, streak, now, weights):
    """Storage hands over only the first of each service and class."""
    heads = {}
    for who in sorted(line, key=lambda who: who.rank):
        heads.setdefault((who.service, who.priority), who)
    few = list(heads.values())
    assert chosen(line, streak, weights, now=now) == chosen(few, streak, weights, now=now)


@given(people, streaks, minutes, st.dictionaries(st.sampled_from(["KTP", "KK"]), st.integers(1, 5)), st.integers(0, 15))
def test_the_order_told_is_the_order_called(line, streak, now, weights, most):
    """Planted: the streak not carried on, or only the first service's lines looked at -> red."""
    told = calling_order(line, weights, POLICY, streak, now, most)
    left, called = list(line), []
    while left and len(called) < most:
        found = pick_next(left, weights, POLICY, streak, now)
        left.remove(found)
        called.append(found)
        streak = streak + 1 if found.priority else 0
    assert told == called


def test_a_streak_is_counted_over_the_counters_own_services():
    """Planted: the service not looked at -> red."""
    calls = [(True, "KTP"), (False, "KK"), (True, "KTP"), (False, "KTP"), (True, "KTP")]
    assert streak_of(calls, {"KTP"}, 5) == 2
    assert streak_of(calls, {"KTP", "KK"}, 5) == 1
    assert streak_of(calls, {"KTP"}, 1) == 1


@given(people, st.lists(st.integers(0, 3), max_size=60), ratios, streaks, minutes)
def test_no_regular_visitor_starves(line, arrivals, k, streak, now):
    """However many priority visitors keep coming, a regular visitor with n regular ahead is
    called within n regular and k * (n + 1) priority calls."""
    policy = replace(POLICY, priority_ratio=k)
    line = [replace(who, service="KTP") for who in line] + [person(500, 3600)]
    ahead = {who.leg: 0 for who in line if not who.priority}
    for who in line:
        if not who.priority:
            ahead[who.leg] = sum(o.rank < who.rank for o in line if not o.priority)
    passed = {leg: [0, 0] for leg in ahead}
    seq = 1000
    for more in [*arrivals, *[1] * 80]:
        for _ in range(more):
            seq += 1
            line.append(person(seq, 3600 + seq, priority=True))
        if not line:
            continue
        found = pick_next(line, {}, policy, streak, now)
        line.remove(found)
        streak = streak + 1 if found.priority else 0
        passed.pop(found.leg, None)
        for leg, counts in passed.items():
            counts[found.priority] += 1
            assert counts[0] <= ahead[leg]
            assert counts[1] <= k * (ahead[leg] + 1)
    assert not passed


@given(people, ratios, streaks, minutes)
def test_never_more_than_k_priority_in_a_row(line, k, streak, now):
    policy = replace(POLICY, priority_ratio=k)
    while any(not who.priority for who in line):
        found = pick_next(line, {}, policy, streak, now)
        line.remove(found)
        assert not (found.priority and streak >= k)
        streak = streak + 1 if found.priority else 0


@given(people, streaks, minutes)
def test_over_the_guard_nobody_younger_goes_first_by_priority(line, streak, now):
    found = pick_next(line, {}, POLICY, streak, now)
    guard = now - timedelta(seconds=POLICY.max_wait_guard_s)
    over = [who.rank for who in line if not who.priority and who.rank_at < guard]
    if over and found.priority:
        assert found.rank < min(over)


@given(people, st.integers(1, 15), minutes)
def test_place_behind(line, places, now):
    """Exactly `places` people stand before, or everybody."""
    place = place_behind(line, places, now, seq=999)
    before = [who for who in line if who.rank < place]
    at_same = [who for who in line if who.rank_at == place[0]]
    if len(line) < places:
        assert len(before) == len(line)
        assert place[0] >= now
    elif not at_same:
        assert len(before) == places
    else:
        assert places <= len(before) <= places + len(at_same)


@given(st.lists(st.integers(0, 3000), min_size=4, max_size=8, unique=True), st.integers(1, 3))
def test_one_after_another_finds_room_at_the_same_place(seconds, places):
    line = [person(seq, after) for seq, after in enumerate(seconds, 1)]
    for seq in range(100, 110):
        rank_at, rank_seq = place_behind(line, places, NOW, seq)
        assert sum(who.rank < (rank_at, rank_seq) for who in line) == places
        line.append(person(rank_seq, rank_at=rank_at))


def test_place_zero_is_the_front():
    line = [person(1, 10), person(2, 20)]
    assert place_behind(line, 0, NOW, 9) < line[0].rank
    assert place_behind([], 0, NOW, 9) == (NOW, 9)


def test_one_who_returns_does_not_bring_the_missed_time_along():
    """The guard counts from the place in the line, so a late return moves no priority."""
    late = EIGHT + timedelta(hours=2)
    back = person(9, 7100, queued_at=EIGHT)
    assert chosen([back, person(10, 7150, priority=True)], now=late) == 10


def test_a_transfer_keeps_the_place_earned():
    place = rank_for_transfer(EIGHT, 77)
    line = [person(1, 60), person(2, 0, rank_at=place[0], rank_seq=place[1])]
    assert chosen(line) == 2
