"""The clock on injected time sources: monotone whatever the wall clock does.

Planted: `now()` as the wall clock -> test_never_backwards red; doubt followed without
confirmation -> test_a_jump_is_flagged_and_not_followed red; confirm() going back ->
test_confirming_a_wall_behind red; gap not re-anchored -> test_small_difference_is_slewed red.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.clock import SLEW_RATE, Clock, SimulatedClock, parse_clock
from server.domain.timekeeping import Flag, Trust

EIGHT = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
DAY_S = 86_400.0


class Hands:
    """A wall clock and a monotonic clock moved by hand, in seconds."""

    def __init__(self) -> None:
        self.wall = EIGHT
        self.monotonic_s = 1000.0

    def pass_s(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.monotonic_s += seconds

    def jump_s(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)

    def clock(self, **other) -> Clock:
        return Clock(wall=lambda: self.wall, monotonic=lambda: self.monotonic_s, **other)


@pytest.fixture
def hands() -> Hands:
    return Hands()


def after_s(clock) -> float:
    return (clock.now() - EIGHT).total_seconds()


def test_it_runs_with_the_monotonic_clock(hands):
    clock = hands.clock()
    hands.pass_s(90)
    assert after_s(clock) == 90
    assert clock.now().tzinfo is UTC
    assert clock.check().trust is Trust.AGREE


def test_small_difference_is_slewed(hands):
    """2 s take 2 / SLEW_RATE seconds, in either direction, checked every 5 s or never again."""
    for by_s in (2.0, -2.0):
        clock = hands.clock()
        hands.jump_s(by_s)
        assert clock.check().trust is Trust.SLEW
        assert not clock.doubted
        start = after_s(clock)
        hands.pass_s(10)
        moved = 10 * (1 + SLEW_RATE * (1 if by_s > 0 else -1))
        assert after_s(clock) - start == pytest.approx(moved, abs=1e-3)
        for _ in range(8):
            hands.pass_s(5)
            clock.check()
        assert clock.now() == hands.wall


def test_a_jump_is_flagged_and_not_followed(hands):
    clock = hands.clock()
    hands.jump_s(3600)
    verdict = clock.check()
    assert (verdict.trust, verdict.by_s) == (Trust.DOUBT, 3600)
    assert (clock.doubted, clock.flag, clock.needs_confirmation) == (True, Flag.JUMP, False)
    hands.pass_s(60)
    assert after_s(clock) == 60


def test_doubt_ends_when_the_wall_is_put_right(hands):
    clock = hands.clock()
    hands.jump_s(-3600)
    clock.check()
    assert clock.doubted
    hands.jump_s(3600)
    assert clock.check().trust is Trust.AGREE
    assert not clock.doubted


def test_creeping_away_is_noticed(hands):
    """Steps that are each small enough to slew do not add up unseen."""
    clock = hands.clock()
    for _ in range(10):
        hands.pass_s(5)
        hands.jump_s(1.9)
        clock.check()
    assert clock.doubted


def test_confirming_a_wall_ahead(hands):
    clock = hands.clock()
    hands.jump_s(DAY_S)
    clock.check()
    assert clock.confirm() == hands.wall
    assert not clock.doubted
    assert clock.check().trust is Trust.AGREE


def test_confirming_a_wall_behind(hands):
    """Time never goes back; it runs slower until the wall has caught up, without doubt."""
    clock = hands.clock()
    hands.jump_s(-60)
    clock.check()
    before = clock.now()
    assert clock.confirm() == before
    for _ in range(300):
        hands.pass_s(5)
        clock.check()
        assert not clock.doubted
        assert clock.now() > before
        before = clock.now()
    assert clock.now() == hands.wall
    hands.jump_s(-60)
    clock.check()
    assert clock.doubted


def test_a_jump_while_settling_is_doubted(hands):
    clock = hands.clock()
    hands.jump_s(-600)
    clock.confirm()
    hands.pass_s(5)
    assert clock.check().trust is Trust.AGREE
    hands.jump_s(-600)
    assert clock.check().trust is Trust.DOUBT
    assert clock.doubted


def test_start_behind_the_log(hands):
    last = EIGHT + timedelta(hours=9)
    clock = hands.clock(last_event_at=last)
    assert (clock.flag, clock.needs_confirmation) == (Flag.BEHIND, False)
    hands.pass_s(5)
    clock.check()
    assert clock.doubted
    assert clock.now() == last + timedelta(seconds=5)


def test_start_far_ahead_of_the_log(hands):
    last = EIGHT - timedelta(days=400)
    clock = hands.clock(last_event_at=last, ahead_days=14)
    assert (clock.flag, clock.needs_confirmation, clock.now()) == (Flag.AHEAD, True, last)
    clock.check()
    assert clock.needs_confirmation
    assert clock.confirm() == EIGHT
    assert (clock.doubted, clock.needs_confirmation) == (False, False)


steps = st.lists(
    st.tuples(
        st.sampled_from(["pass", "jump", "check", "confirm", "now"]),
        st.floats(-2 * DAY_S, 2 * DAY_S, allow_nan=False),
    ),
    max_size=40,
)


@given(steps, st.one_of(st.none(), st.integers(-10**6, 10**6)))
def test_never_backwards(path, last_s):
    """Any jumps, checks and confirmations: time goes on, and never by itself too fast."""
    hands = Hands()
    last = None if last_s is None else EIGHT + timedelta(seconds=last_s)
    clock = hands.clock(last_event_at=last)
    before = clock.now()
    assert last is None or before >= last
    for act, amount in path:
        passed = abs(amount) / 100 if act == "pass" else 0.0
        if act == "pass":
            hands.pass_s(passed)
        elif act == "jump":
            hands.jump_s(amount)
        elif act == "check":
            clock.check()
        elif act == "confirm":
            clock.confirm()
        now = clock.now()
        assert now >= before
        if act != "confirm":
            most = passed * (1 + SLEW_RATE) + 0.001
            assert (now - before).total_seconds() <= most
        before = now


def test_the_simulated_day(hands):
    clock = SimulatedClock(EIGHT, 60, monotonic=lambda: hands.monotonic_s)
    hands.pass_s(10)
    assert after_s(clock) == 600
    assert (clock.simulated, clock.doubted, clock.check().trust) == (True, False, Trust.AGREE)
    hands.monotonic_s -= 5
    assert after_s(clock) == 600


def test_parse_clock():
    clock = parse_clock("2026-11-03T07:30:00+08:00@60")
    assert clock.rate == 60
    assert clock.now() >= EIGHT - timedelta(minutes=30)
    assert parse_clock("") is None
    with pytest.raises(ValueError, match="2026"):
        parse_clock("kemarin")


def test_a_restarted_practice_day_goes_on_where_it_was():
    later = EIGHT + timedelta(hours=3)
    assert parse_clock("2026-11-03T07:30:00+08:00", last_event_at=later).now() >= later
