"""Which scheduled backups stay.

Planted: the first of each slot kept instead of the last; the oldest 24 kept instead of the newest -> red.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.ops.backup.keeping import Rule, name_of, surplus, time_of

RULE = Rule(daily=35, monthly=13)
START = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)


def lived(days: int, step_min: int = 20) -> list[str]:
    """What is left after so many working days from 00.00 to 08.00 UTC, pruned again and again."""
    names: list[str] = []
    for day in range(days):
        for minute in range(0, 480, step_min):
            names.append(name_of("KUPANG", START + timedelta(days=day, minutes=minute)))
            if minute % 240 == 0 or minute + step_min >= 480:
                gone = set(surplus(names, RULE))
                names = [name for name in names if name not in gone]
    return names


def test_the_newest_hours_days_and_months_stay() -> None:
    names = lived(80)
    times = [time_of(name) for name in names]
    last = START + timedelta(days=79, minutes=460)
    assert times[-24:] == [last - timedelta(minutes=20 * n) for n in range(23, -1, -1)]
    ends = {at.date(): at for at in times if at}
    for day in range(45, 80):
        assert ends[(START + timedelta(days=day)).date()] == START + timedelta(days=day, minutes=460)
    hours = {at.strftime("%d%H") for at in times if at}
    assert len(hours) >= 48 and {at.month for at in times if at} == {1, 2, 3}
    assert len(names) <= 24 + 48 + 35 + 13


def test_a_clock_that_jumped_ahead_costs_nothing() -> None:
    names = lived(3)
    ahead = name_of("KUPANG", START + timedelta(days=700))
    assert len(surplus([*names, ahead], RULE)) <= 1
    later = name_of("KUPANG", START + timedelta(days=3))
    assert {ahead, later} & set(surplus([*names, ahead, later], RULE)) == set()


def test_other_files_are_not_ours() -> None:
    others = ["catatan.txt", "antrian-KUPANG-2026.mppb", "antrian-KUPANG-20260231T000000Z.mppb", "x.mppb"]
    assert surplus(others, Rule(1, 0)) == [] and not any(map(time_of, others))
    assert time_of(name_of("MPP / Kota", START)) == START


def test_halls_that_share_a_folder_do_not_count_each_others() -> None:
    """Planted: one rule for all names -> red. Here two halls, the other one silent for 40 days."""
    other = [name_of("ENDE", START - timedelta(days=40, minutes=5 * n)) for n in range(24)]
    own = [name_of("KUPANG", START + timedelta(minutes=5 * n)) for n in range(900)]
    gone = surplus([*own, *other], RULE)
    assert gone and not set(gone) & set(other) and gone == surplus(own, RULE)
