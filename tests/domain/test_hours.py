"""Open or not, why, and when it changes.

Planted: cut-off counted from every interval -> test_no_cutoff_before_a_break red; oldest
override winning -> test_the_newest_override_of_a_scope_wins red; UTC date instead of the
site's -> test_business_date_is_the_sites_date red; cut-off left out of next_change ->
test_the_instants_of_a_day red.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.calendar import (
    RAMADAN_WEEK,
    REGULAR_WEEK,
    business_date,
    instant,
    merged,
    plan_on,
)
from server.domain.errors import RuleBroken
from server.domain.floor import week_of
from server.domain.hours import (
    REASONS,
    day_closes_at,
    intervals_on,
    next_change,
    runs_of,
    standing,
)
from tests.domain.builders import EIGHT, TUESDAY, ZONE, at, make_floor, override

FLOOR = make_floor()
FRIDAY = date(2026, 11, 6)
SATURDAY = date(2026, 11, 7)


def look(now, overrides=(), issued=0, floor=FLOOR, service="KTP", **other):
    return standing(floor, service, now, overrides, issued, **other)


@pytest.mark.parametrize(
    ("now", "reason", "opens_at"),
    [
        (at("07:59:59"), "before_opening", at("08:00")),
        (at("08:00"), None, None),
        (at("11:59:59"), None, None),
        (at("12:00"), "break", at("13:00")),
        (at("13:00"), None, None),
        (at("14:29:59"), None, None),
        (at("14:30"), "after_cutoff", at("08:00", TUESDAY + timedelta(1))),
        (at("15:00"), "closed", at("08:00", TUESDAY + timedelta(1))),
        (at("11:30", FRIDAY), "break", at("13:30", FRIDAY)),
        (at("16:00", FRIDAY), "closed", at("08:00", date(2026, 11, 9))),
        (at("10:00", SATURDAY), "closed", at("08:00", date(2026, 11, 9))),
    ],
)
def test_a_week(now, reason, opens_at):
    seen = look(now)
    assert (seen.open, seen.reason, seen.opens_at) == (reason is None, reason, opens_at)


def test_no_cutoff_before_a_break():
    """A number can be taken up to the Friday prayer; only the last closing cuts off."""
    seen = look(at("11:29:59", FRIDAY))
    assert seen.open
    assert seen.closes_at == at("11:30", FRIDAY)
    assert seen.cutoff_at == at("14:30", FRIDAY)


def test_cutoff_of_the_service_then_gerai_then_floor():
    floor = make_floor(services={"KTP": {"cutoff_min": 0}}, gerai={"DKC": {"cutoff_min": 60}})
    assert look(at("14:59"), floor=floor).open
    assert look(at("14:00"), floor=floor, service="KK").reason == "after_cutoff"
    assert look(at("14:00"), floor=floor, service="NPWP").open


def test_quota_waits_for_the_next_open_date():
    floor = make_floor(services={"KTP": {"quota": 2}})
    assert look(at("09:00"), issued=1, floor=floor).open
    for now in (at("09:00"), at("12:30"), at("07:00")):
        seen = look(now, issued=2, floor=floor)
        assert (seen.reason, seen.opens_at) == ("quota_reached", at("08:00", date(2026, 11, 4)))
    assert look(at("14:45"), issued=2, floor=floor).reason == "after_cutoff"


def test_hours_of_the_service_then_gerai_then_floor():
    early = {"tue": [["06:00", "07:00"]]}
    late = {"tue": [["20:00", "21:00"]]}
    floor = make_floor(services={"KTP": {"hours": early}}, gerai={"DKC": {"hours": late}})
    found = [intervals_on(floor, code, TUESDAY, ()) for code in ("KTP", "KK", "NPWP")]
    assert found == [((360, 420),), ((1200, 1260),), ((480, 720), (780, 900))]


def test_overrides_nearest_scope_first():
    laid = [
        override("holiday", id=9),
        override("closed", "gerai", "DKC", id=5),
        override("open", "service", "KTP", id=2, intervals=((600, 660),)),
    ]
    assert look(at("10:15"), laid).open
    assert look(at("10:15"), laid, service="KK").reason == "gerai_closed"
    assert look(at("10:15"), laid, service="NPWP").reason == "holiday"


def test_a_closed_service_is_not_a_closed_gerai():
    """Nor is a pause, of which nobody has said how long it lasts. Planted: the scope, the end not looked at -> red."""
    laid = [override("closed", "service", "KTP", id=5)]
    assert look(at("10:15"), laid).reason == "service_closed"
    assert look(at("10:15"), laid, service="KK").open
    paused = [override("closed", "service", "KTP", id=5, date_to=None)]
    assert look(at("10:15"), paused).reason == "service_paused"
    assert look(at("10:15"), [override("holiday", "service", "KTP", id=5)]).reason == "holiday"


def test_the_newest_override_of_a_scope_wins():
    laid = [override("open", id=3, intervals=((600, 660),)), override("holiday", id=2)]
    assert look(at("10:15"), laid).open
    assert look(at("10:15"), reversed(laid)).open


def test_ended_and_past_overrides_are_no_more():
    gone = override("holiday", ended=True)
    past = override("holiday", date_from=date(2026, 11, 1), date_to=date(2026, 11, 2))
    assert look(at("10:00"), [gone, past]).open
    assert look(at("10:00"), [override("holiday", date_to=None)]).opens_at is None
    assert not override("holiday", date_to=None).covers(TUESDAY - timedelta(1))


def test_open_day_and_night_has_no_cutoff():
    night = [override("open", date_to=None)]
    for now in (at("00:00"), at("14:45"), at("23:59:59"), at("03:00", SATURDAY)):
        seen = look(now, night)
        assert (seen.open, seen.cutoff_at) == (True, None)
    assert look(at("23:00"), night).closes_at == at("00:00", TUESDAY + timedelta(1))


def test_a_doubted_clock_says_nothing_else():
    seen = look(at("10:00"), clock_suspect=True)
    assert (seen.open, seen.reason, seen.opens_at) == (False, "clock_suspect", None)


def test_unknown_service():
    with pytest.raises(RuleBroken, match="unknown_service"):
        look(EIGHT, service="X")


def test_an_interval_wholly_after_the_cutoff_opens_nothing():
    short = [override("open", intervals=((480, 500), (880, 900)))]
    seen = look(at("12:00"), short)
    assert (seen.reason, seen.opens_at) == ("break", at("08:00", TUESDAY + timedelta(1)))


def test_day_closes_at():
    assert day_closes_at(FLOOR, TUESDAY, ()) == at("17:00")
    evening = [override("open", "service", "KK", intervals=((480, 1320),))]
    assert day_closes_at(FLOOR, TUESDAY, evening) == at("22:00")
    midnight = at("00:00", TUESDAY + timedelta(1))
    assert day_closes_at(FLOOR, TUESDAY, [override("open")]) == midnight


def test_the_instants_of_a_day():
    """Openings, breaks, cut-off, closing, midnight: what the ticker wakes for."""
    now, seen = at("00:00"), []
    while now < at("00:00", TUESDAY + timedelta(1)):
        now = next_change(FLOOR, now, ())
        seen.append(now)
    hours = ["08:00", "12:00", "13:00", "14:30", "15:00"]
    assert seen == [*map(at, hours), at("00:00", TUESDAY + timedelta(1))]


def test_business_date_is_the_sites_date():
    assert business_date(datetime(2026, 11, 2, 16, 0, tzinfo=UTC), ZONE) == TUESDAY
    assert business_date(datetime(2026, 11, 2, 15, 59, tzinfo=UTC), ZONE) == date(2026, 11, 2)
    assert business_date(datetime(2026, 11, 2, 15, 0, tzinfo=UTC), "Asia/Jayapura") == TUESDAY


def test_a_zone_that_changes_its_clock():
    """Not in Indonesia; but nothing here leans on days of 24 hours."""
    spring = date(2026, 3, 29)
    zone = ZoneInfo("Europe/Berlin")
    assert instant(spring, 480, zone.key) - instant(spring, 0, zone.key) == timedelta(hours=7)
    assert instant(spring, 480, zone.key).astimezone(zone).hour == 8


def test_presets_hold_the_hours_the_regulation_gives():
    """Perpres 21/2023: 37 h 30 min a week, 32 h 30 min in Ramadan."""
    for preset, minutes in ((REGULAR_WEEK, 2250), (RAMADAN_WEEK, 1950)):
        assert sum(b - a for day in week_of(preset) for a, b in day) == minutes


def test_a_month_of_ramadan_as_overrides():
    first, last = date(2027, 2, 8), date(2027, 3, 9)
    runs = runs_of(week_of(RAMADAN_WEEK), first, last)
    laid = [
        override("open" if hours else "closed", id=n, date_from=a, date_to=b, intervals=hours)
        for n, (a, b, hours) in enumerate(runs)
    ]
    for offset in range((last - first).days + 1):
        day = first + timedelta(offset)
        wanted = week_of(RAMADAN_WEEK)[day.weekday()]
        assert intervals_on(FLOOR, "KTP", day, laid) == wanted
    assert plan_on(FLOOR, "KTP", last + timedelta(1), laid).kind is None


intervals = st.lists(st.tuples(st.integers(-10, 1500), st.integers(-10, 1500)), max_size=4)
laid_over = st.lists(
    st.builds(
        override,
        st.sampled_from(["open", "closed", "holiday"]),
        st.sampled_from(["site", "gerai", "service"]),
        st.sampled_from(["KTP", "DKC"]),
        id=st.integers(1, 9),
        intervals=intervals.map(tuple),
    ),
    max_size=3,
)
moments = st.integers(0, 3 * 86_400).map(lambda s: EIGHT - timedelta(days=1, seconds=-s))


@given(intervals)
def test_merged_keeps_every_minute_and_orders_them(found):
    kept = {m for a, b in merged(found) for m in range(a, b)}
    assert kept == {m for a, b in found for m in range(max(0, a), min(1440, b))}
    flat = [minute for interval in merged(found) for minute in interval]
    assert flat == sorted(set(flat))


@given(laid_over, moments)
def test_a_standing_is_consistent(laid, now):
    seen = look(now, laid)
    assert seen.open == (seen.reason is None)
    assert seen.reason is None or seen.reason in REASONS
    if seen.open:
        assert seen.closes_at > now
        assert seen.cutoff_at is None or now < seen.cutoff_at
        assert seen.opens_at is None
    elif seen.opens_at is not None:
        assert seen.opens_at > now
        assert look(seen.opens_at, laid).open
        assert not look(seen.opens_at - timedelta(seconds=1), laid).open


@given(laid_over, moments, st.floats(0, 0.999))
def test_standing_changes_only_at_the_told_instants(laid, now, part):
    """Between now and next_change every service's standing is the same."""
    change = next_change(FLOOR, now, laid)
    assert now < change <= now + timedelta(days=1)
    between = now + (change - now) * part
    for code in FLOOR.services:
        assert look(now, laid, service=code) == look(between, laid, service=code)
