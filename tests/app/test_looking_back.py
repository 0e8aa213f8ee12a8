"""History for the charts, against the raw events again: stretches beside each other, hours, bars of waits, and the stops behind each.

Planted: a filter left out of the earlier stretches, a bar that begins at its lower end, a wait of exactly the promise taken for late,
a month compared with its days back, a day told by its date, legs not cut to what a figure counts -> red.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from server.app import figures, looking_back
from server.app.tallies import Tally
from tests.app.lived_month import DATES
from tests.app.test_figures import DKC, OCTOBER, PROMISE, TODAY, Lived, part, reckoned

SPANS = {
    ("2026-10-01", "2026-10-31"): (("2026-09-01", "2026-09-30"), ("2025-10-01", "2025-10-31")),
    ("2026-01-01", "2026-03-31"): (("2025-10-01", "2025-12-31"), ("2025-01-01", "2025-03-31")),
    ("2028-02-01", "2028-02-29"): (("2028-01-01", "2028-01-31"), ("2027-02-01", "2027-02-28")),
    ("2028-02-29", "2028-02-29"): (("2028-02-28", "2028-02-28"), ("2027-03-02", "2027-03-02")),
    ("2026-11-02", "2026-11-08"): (("2026-10-26", "2026-11-01"), ("2025-11-03", "2025-11-09")),
    ("2024-01-01", "2024-12-31"): (("2023-01-01", "2023-12-31"), ("2023-01-01", "2023-12-31")),
}  # fmt: skip


@pytest.mark.parametrize("span", SPANS, ids="-".join)
def test_what_it_stands_beside(span: tuple[str, str]) -> None:
    first, last = map(date.fromisoformat, span)
    told = [tuple(map(date.isoformat, found)) for found in (looking_back.before(first, last), looking_back.a_year_ago(first, last))]
    assert tuple(told) == SPANS[span]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    folder: Path = tmp_path_factory.mktemp("looking") / "data"
    found = Lived(folder, "Asia/Makassar", 3)
    yield found
    found.hall.close()


def asked(lived: Lived, first: date, last: date, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = lived.hall.read(looking_back.history, first=first, last=last, today=TODAY, **more)
    return found


@pytest.mark.parametrize("only", [{}, {"gerai": "DKC"}, {"mode": "elektronik"}, {"channel": "kiosk", "weekday": "4"}], ids=str)
def test_history_agrees_with_the_log(lived: Lived, only: dict[str, str]) -> None:
    found = asked(lived, *OCTOBER, only=only)
    stops = matching(lived, *OCTOBER, only)
    wanted = reckoned(stops)
    assert part(found["now"]["total"], wanted) == wanted
    days = {row["at"]: row for row in found["now"]["rows"]}
    assert days.keys() == {day.isoformat() for day in DATES if day.month == 10}
    heat = {(row["weekday"], row["hour"]): row for row in found["hours"]}
    for rows, key in ((days, lambda s: s.visit.day.isoformat()), (heat, lambda s: (lived.told(s, "weekday"), lived.told(s, "hour")))):
        for at, row in rows.items():
            wanted = reckoned([stop for stop in stops if key(stop) == at])
            assert part(row, {"legs": 0, "issued": 0, "served": 0, "wait": 0, "service_time": 0}) == {
                name: wanted[name] for name in ("legs", "issued", "served", "wait", "service_time")
            }
    waits = [stop.wait for stop in stops if stop.wait is not None]
    assert sum(bar["within"] for bar in found["waits"]) == len([w for w in waits if w <= PROMISE[0]])
    assert sum(bar["late"] for bar in found["waits"]) == len([w for w in waits if w > PROMISE[0]])
    for bar in found["waits"]:
        here = [w for w in waits if w > (-1 if bar["over_s"] is None else bar["over_s"]) and (bar["upto_s"] is None or w <= bar["upto_s"])]
        assert bar["within"] + bar["late"] == len(here) == len(behind(lived, *OCTOBER, only, counts="wait", over=bar["over_s"], upto=bar["upto_s"]))
    assert found["standards"] == [PROMISE[0]]


def matching(lived: Lived, first: date, last: date, only: dict[str, str]) -> list[Any]:
    return [s for s in lived.stops(first, last, None) if all(str(lived.told(s, name)) == value for name, value in only.items())]


def behind(lived: Lived, first: date, last: date, told: dict[str, str], **more: Any) -> list[dict[str, Any]]:
    found, after = [], 0
    while after is not None:
        page = lived.hall.read(figures.stops, first=first, last=last, today=TODAY, told=told, after=after, limit=200, **more)
        found, after = found + page["items"], page["next"]
    assert page["total"] == len(found) and {row["service"] for row in found} <= page["names"]["service"].keys()
    return found


def test_the_stretches_before_keep_the_filter(lived: Lived) -> None:
    """November beside October: what is compared is of the same gerai."""
    found = asked(lived, date(2026, 11, 1), date(2026, 11, 30), only={"gerai": "DKC"})
    assert found["before"]["from"] == "2026-10-01" and found["before"]["total"]["legs"] == len(matching(lived, *OCTOBER, {"gerai": "DKC"}))
    assert found["year_ago"]["total"]["legs"] == 0 and found["year_ago"]["rows"] == []


def test_a_day_is_told_by_hour_and_no_dates_are_this_month(lived: Lived) -> None:
    day = date(2026, 10, 29)
    found = asked(lived, day, day)
    assert (found["step"], found["now"]["days"], found["before"]["days"]) == ("hour", 1, 0)
    wanted = Counter(lived.told(stop, "hour") for stop in lived.stops(day, day, None))
    assert {row["at"]: row["legs"] for row in found["now"]["rows"]} == wanted
    month = lived.hall.read(looking_back.history, today=TODAY)
    assert (month["from"], month["to"], month["today"]) == ("2026-11-01", "2026-11-30", TODAY.isoformat())


def test_a_year_is_told_by_month(lived: Lived) -> None:
    found = asked(lived, date(2026, 1, 1), date(2026, 12, 31))
    assert found["step"] == "month"
    assert {row["at"]: row["legs"] for row in found["now"]["rows"]} == {
        f"2026-{month:02}": len(stops) for month in range(1, 13) if (stops := [s for s in lived.stops(*OCTOBER, None) + nov(lived) if s.visit.day.month == month])
    }


def nov(lived: Lived) -> list[Any]:
    return lived.stops(date(2026, 11, 1), date(2026, 11, 30), None)


def test_each_figure_opens_into_its_stops(lived: Lived) -> None:
    total = asked(lived, *OCTOBER)["now"]["total"]
    for name in figures.COUNTED:
        figure = total[name]
        assert len(behind(lived, *OCTOBER, {}, counts=name)) == (figure if isinstance(figure, int) else figure["n"]), name


def test_an_agency_chooses_among_its_own(lived: Lived) -> None:
    found = asked(lived, *OCTOBER, gerai=DKC)
    assert found["now"]["total"]["legs"] == len([s for s in lived.stops(*OCTOBER, None) if s.gerai in DKC])
    assert {row["code"] for row in found["choices"]["gerai"]} == DKC == {row["gerai"] for row in found["choices"]["service"]}


def test_an_empty_stretch_is_empty(lived: Lived) -> None:
    found = asked(lived, date(2026, 3, 1), date(2026, 3, 31))
    assert (found["now"]["total"]["legs"], found["now"]["rows"], found["hours"], found["waits"], found["standards"]) == (0, [], [], [], [])


def test_a_wait_on_an_edge_stands_where_its_stops_are() -> None:
    """A bar holds waits longer than its lower end, and a wait of exactly the promise keeps it."""
    promised, waits = Tally(("wait",)), [0, 60, 61, 120, 900, 901, None, 4000]
    promised.add([(900,)] * len(waits), {"facts": [0] * len(waits), "running": [0] * len(waits), "wait": waits})
    promised.add([(60,)], {"facts": [0], "running": [0], "wait": [61]})
    bars = looking_back._bars(promised)
    told = {(bar["over_s"], bar["upto_s"]): (bar["within"], bar["late"]) for bar in bars if bar["within"] or bar["late"]}
    assert told == {(None, 60): (2, 0), (60, 120): (2, 1), (840, 900): (1, 0), (900, 960): (0, 1), (960, None): (0, 1)}
    assert looking_back._bars(Tally(("wait",))) == []
