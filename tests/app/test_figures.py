"""Figures from SQL against a plain reckoning from the raw events, on a lived month in both sites' zones.

Planted: unreliable waits counted, waits to the last call, hours of UTC, a visit left although one of its stops was finished, stays of
visits whose other stops lie elsewhere -> test_figures_agree_with_the_log red; transferred stops counted as issued, pauses left in the
open time, stops lost where keys are merged -> test_the_month_agrees_with_the_log red; another weekday's stops behind a figure ->
test_the_stops_behind_a_figure red; refusals of other gerai told to an agency -> test_an_agency_sees_its_own_stops_only red.
"""

from __future__ import annotations

import json
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from server.app import figures as acts
from server.app import ranges
from server.app.counting import DIMENSIONS
from server.app.definitions import NOT_RECORDED
from server.app.months import month_of
from server.app.report_periods import period_of
from server.domain.errors import RuleBroken
from server.domain.tickets import State
from tests.app.lived_month import DATES, Life
from tests.app.log_figures import Replay, Stop, gone_s

TODAY = date(2026, 11, 3)
OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
PROMISE = (900, 300)
DKC = frozenset({"DKC"})


class Lived:
    """A life with what the log says of it."""

    def __init__(self, folder: Path, timezone: str, seed: int) -> None:
        self.life = Life(folder, timezone, seed)
        self.life.live(visitors=18)
        self.hall, self.zone, plan = self.life.hall, self.life.zone, self.life.plan
        self.places = {row["code"]: (row["zone"], row["agency"]) for row in plan["gerai"]}
        self.homes = {row["code"]: row["gerai"] for row in plan["services"]}
        self.log = Replay(self.hall.events(), self.zone, self.homes, PROMISE)

    def told(self, stop: Stop, by: str) -> Any:
        visit = stop.visit
        ways: dict[str, Callable[[], Any]] = {
            "zone": lambda: self.places[stop.gerai][0], "agency": lambda: self.places[stop.gerai][1],
            "hour": lambda: stop.queued.astimezone(self.zone).hour, "weekday": visit.day.weekday,
            "date": visit.day.isoformat, "month": lambda: visit.day.isoformat()[:7],
            "channel": lambda: visit.channel, "mode": lambda: visit.mode, "priority": lambda: visit.priority or "umum",
        }  # fmt: skip
        return ways[by]() if by in ways else getattr(stop, by)

    def stops(self, first: date, last: date, gerai: frozenset[str] | None) -> list[Stop]:
        return [s for s in self.log.stops.values() if first <= s.visit.day <= last and (gerai is None or s.gerai in gerai)]


@pytest.fixture(scope="module", params=[("Asia/Makassar", 3), ("Asia/Jakarta", 7)], ids=["kupang", "lampung"])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    found = Lived(tmp_path_factory.mktemp("lived") / "data", *request.param)
    yield found
    found.hall.close()


def summed(values: list[int | None]) -> dict[str, Any]:
    known = sorted(value for value in values if value is not None)
    if not known:
        return {"n": 0, "mean": None, "median": None, "p90": None, "max": None}
    p90 = next(value for value in known if 10 * sum(other <= value for other in known) >= 9 * len(known))
    mean = pytest.approx(statistics.fmean(known), abs=0.0501)
    return {"n": len(known), "mean": mean, "median": statistics.median(known), "p90": p90, "max": known[-1]}


def reckoned(stops: list[Stop]) -> dict[str, Any]:
    """A row's figures by reading DESIGN section 7 aloud."""
    states = Counter(stop.state for stop in stops)
    waits = [stop.wait for stop in stops]
    uncalled = [stop for stop in stops if not stop.first and stop.ended and not stop.doubted]
    late = [s for s in uncalled if s.state == "cancelled" and gone_s(s.queued, s.ended) > PROMISE[0]]
    of_wait = len([w for w in waits if w is not None]) + len(late) + len([s for s in uncalled if s.state == "expired"])
    services = [stop.service_time for stop in stops if stop.service_time is not None]
    return {
        "legs": len(stops),
        "issued": len([stop for stop in stops if stop.origin == "issued"]),
        "called": len([stop for stop in stops if stop.first]),
        "served": states["finished"], "no_show": states["no_show"], "cancelled": states["cancelled"],
        "expired": states["expired"], "transferred_out": states["transferred"],
        "transferred_in": len([stop for stop in stops if stop.origin == "transferred"]),
        "wait": summed(waits), "walk": summed([stop.walk for stop in stops]), "service_time": summed(services),  # type: ignore[arg-type]
        "hold": summed([stop.held_s for stop in stops if stop.ended and stop.held_s and stop.state != "expired"]),
        "within_standard": {"n": len([w for w in waits if w is not None and w <= PROMISE[0]]), "of": of_wait},
        "within_standard_service": {"n": len([s for s in services if s <= PROMISE[1]]), "of": len(services)},
        "unreliable": {"wait": len([s for s in stops if s.doubted]), "service": len([s for s in stops if not s.sure])},
        "open": len([stop for stop in stops if not stop.ended]),
        **visited(stops),
    }  # fmt: skip


def visited(stops: list[Stop]) -> dict[str, Any]:
    left, stays = 0, []
    visits = {stop.visit.id: stop.visit for stop in stops}
    for visit in visits.values():
        own = [stop for stop in visit.stops if stop in stops]
        served = any(stop.state == "finished" for stop in own)
        left += not served and any(stop.state == "expired" or (stop.state == "cancelled" and stop.by_visitor) for stop in own)
        if own == visit.stops and all(stop.ended and stop.sure and not stop.doubted for stop in own):
            last = max(own, key=lambda stop: (stop.ended, own.index(stop)))
            if last.state == "finished" and last.ended:
                stays.append(gone_s(visit.at, last.ended))
    return {"visits": len(visits), "abandoned": {"n": left, "of": len(visits)}, "stay": summed(stays)}  # type: ignore[arg-type]


def part(row: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in wanted}


def asked(lived: Lived, first: date, last: date, by: tuple[str, ...], gerai: frozenset[str] | None = None) -> dict[str, Any]:
    found: dict[str, Any] = lived.hall.read(acts.figures, first=first, last=last, today=TODAY, by=by, gerai=gerai)
    return found


def agrees(lived: Lived, first: date, last: date, by: tuple[str, ...], gerai: frozenset[str] | None = None) -> None:
    found = asked(lived, first, last, by, gerai)
    json.dumps(found, allow_nan=False)
    heaps: dict[tuple[Any, ...], list[Stop]] = {}
    stops = lived.stops(first, last, gerai)
    for stop in stops:
        heaps.setdefault(tuple(lived.told(stop, name) for name in by), []).append(stop)
    rows = {tuple(row[name] for name in by): row for row in found["rows"]}
    assert rows.keys() == (heaps.keys() if by else {()} if stops else set())
    for key, row in rows.items():
        wanted = reckoned(heaps[key])
        assert part(row, wanted) == wanted, key
    wanted = reckoned(stops)
    assert part(found["total"], wanted) == wanted


@pytest.mark.parametrize("by", [(), *((name,) for name in DIMENSIONS)], ids=",".join)
def test_figures_agree_with_the_log(lived: Lived, by: tuple[str, ...]) -> None:
    agrees(lived, *OCTOBER, by)


def test_by_any_two(lived: Lived) -> None:
    for by in list(combinations(DIMENSIONS, 2))[::5]:
        agrees(lived, *OCTOBER, by)


@pytest.mark.parametrize(("first", "last"), [(DATES[4], DATES[5]), (DATES[4], DATES[4]), (date(2026, 10, 26), date(2026, 11, 1)), (date(2026, 1, 1), date(2026, 12, 31))])
def test_of_any_stretch(lived: Lived, first: date, last: date) -> None:
    """Two days over the month's end, one day, a week, a year."""
    agrees(lived, first, last, ("gerai", "date"))
    agrees(lived, first, last, ("service",), DKC)


def test_the_life_had_everything(lived: Lived) -> None:
    """Otherwise the tests above compare little."""
    stops = lived.stops(*OCTOBER, None)
    assert {stop.state for stop in stops} >= {"finished", "no_show", "cancelled", "expired", "transferred"}
    assert {stop.origin for stop in stops} == {"issued", "planned", "transferred"}
    row = reckoned(stops)
    assert min(row["hold"]["n"], row["unreliable"]["wait"], row["unreliable"]["service"], row["abandoned"]["n"], row["stay"]["n"]) > 2
    assert row["within_standard"]["n"] < row["within_standard"]["of"]
    over = [s for s in stops if s.visit.day == OCTOBER[1] and s.ended and s.ended.astimezone(lived.zone).month == 11]
    assert len(over) > 5
    assert {row["flagged"] for row in lived.log.sessions} == {True, False}
    assert not {State(stop.state) for stop in stops} & {State.PLANNED}


def pace_of(lived: Lived, stops: list[Stop], sessions: list[dict[str, Any]]) -> tuple[int, int, int]:
    open_s = sum(
        int((row["end"] - row["begin"]).total_seconds()) - int(sum((end - since).total_seconds() for since, end in row["pauses"]))
        for row in sessions
    )
    served = len([stop for stop in stops if stop.state == "finished"])
    return served, open_s, sum(stop.served_s for stop in stops if stop.sure)


def test_the_month_agrees_with_the_log(lived: Lived) -> None:
    found = lived.hall.read(lambda work: month_of(work, period_of("monthly", "2026-10"), None))
    stops = lived.stops(*OCTOBER, None)
    whole = reckoned(stops)
    del whole["unreliable"], whole["open"]
    assert part(found["totals"], whole) == whole
    for name, key in (("services", "service"), ("gerai", "gerai"), ("zones", "zone"), ("agencies", "agency")):
        code = key if key in found[name][0] else "code"
        for row in found[name]:
            wanted = reckoned([stop for stop in stops if lived.told(stop, key) == row[code]])
            wanted = {field: wanted[field] for field in ("issued", "called", "served", "wait", "service_time", "within_standard")}
            assert part(row, wanted) == wanted, row[code]
    for row in found["days"]:
        wanted = reckoned([stop for stop in stops if stop.visit.day.isoformat() == row["date"]])
        assert part(row, {"issued": 0, "expired": 0, "wait": 0}) == part(wanted, {"issued": 0, "expired": 0, "wait": 0})
    heat = {(row["weekday"], row["hour"]): row for row in found["heat"]}
    assert sum(map(sum, found["hours"])) == whole["issued"]
    for weekday in range(7):
        for hour in range(24):
            here = [s for s in stops if (lived.told(s, "weekday"), lived.told(s, "hour")) == (weekday, hour)]
            given = len([stop for stop in here if stop.origin == "issued"])
            assert found["hours"][weekday][hour] == given
            assert bool(here) == ((weekday, hour) in heat)
            if here:
                assert heat[weekday, hour]["wait"] == summed([stop.wait for stop in here])
    counts = {name: n for name, n in found["exception_counts"].items() if name != "releases"}
    assert counts == {name: lived.log.exceptions[name, "2026-10"] for name in counts}
    assert sum(map(bool, counts.values())) >= 4 and counts["reprints"] and counts["transfers"]
    told = Counter(row["type"] for row in found["exceptions"])
    assert (told["SlipQueued"], told["TicketPicked"]) == (counts["reprints"], counts["picks"])
    held = [row for row in lived.log.sessions if row["day"].month == 10]
    served, open_s, serving_s = pace_of(lived, stops, held)
    pace = found["totals"]
    assert (pace["throughput"]["served"], pace["throughput"]["open_s"], pace["occupancy"]["serving_s"]) == (served, open_s, serving_s)
    assert sum(row["open_s"] for row in found["days"]) == open_s == sum(row["throughput"]["open_s"] for row in found["zones"])
    refused = [row for row in lived.log.refused if row["at"].astimezone(lived.zone).month == 10]
    assert sum(found["unmet"].values()) == len(refused) > 0


def test_pace_and_unmet_by_what_they_can_be_told_by(lived: Lived) -> None:
    for name in ("counter", "gerai", "officer"):
        if name == "officer":
            lived.hall.policy(officer_figures=True)
        found = {row[name]: row for row in asked(lived, *OCTOBER, (name,))["rows"] if row[name]}
        for code, row in found.items():
            stops = [stop for stop in lived.stops(*OCTOBER, None) if getattr(stop, name) == code]
            held = [session for session in lived.log.sessions if session[name] == code and session["day"].month == 10]
            served, open_s, serving_s = pace_of(lived, stops, held)
            assert (row["throughput"]["served"], row["throughput"]["open_s"], row["occupancy"]["serving_s"]) == (served, open_s, serving_s)
        assert found
    lived.hall.policy(officer_figures=False)
    row = asked(lived, *OCTOBER, ("service",))["rows"][0]
    assert (row["throughput"], row["occupancy"]) == (NOT_RECORDED, NOT_RECORDED)
    assert asked(lived, *OCTOBER, ("channel",))["rows"][0]["unmet"] == NOT_RECORDED
    by_service = {row["service"]: row["unmet"] for row in asked(lived, *OCTOBER, ("service",))["rows"]}
    for code, row in by_service.items():
        assert sum(row.values()) == len([one for one in lived.log.refused if one["service"] == code and one["at"].astimezone(lived.zone).month == 10])


def test_the_stops_behind_a_figure(lived: Lived) -> None:
    """Every row of every dimension opens into exactly its stops, page by page."""
    for name in DIMENSIONS:
        for row in asked(lived, *OCTOBER, (name,))["rows"][:4]:
            value, found, after = "-" if row[name] is None else str(row[name]), [], 0
            while after is not None:
                page = lived.hall.read(acts.stops, first=OCTOBER[0], last=OCTOBER[1], today=TODAY, told={name: value}, after=after, limit=70)
                found, after = found + page["items"], page["next"]
            wanted = [stop for stop in lived.stops(*OCTOBER, None) if lived.told(stop, name) == row[name]]
            assert [one["id"] for one in found] == sorted(stop.id for stop in wanted), name
            waits = {stop.id: (stop.wait, stop.walk, stop.service_time) for stop in wanted}
            assert {one["id"]: (one["wait"], one["walk"], one["service_time"]) for one in found} == waits
            assert "officer" not in found[0]


def test_an_agency_sees_its_own_stops_only(lived: Lived) -> None:
    for by in ((), ("zone",), ("gerai", "hour"), ("channel",), ("priority", "weekday")):
        agrees(lived, *OCTOBER, by, DKC)
    assert {row["gerai"] for row in asked(lived, *OCTOBER, ("gerai",), DKC)["rows"]} == DKC
    page = lived.hall.read(acts.stops, first=OCTOBER[0], last=OCTOBER[1], today=TODAY, told={"gerai": "PTSP"}, gerai=DKC)
    assert (page["items"], page["next"], page["total"]) == ([], None, 0)
    nobody = asked(lived, *OCTOBER, ("gerai",), frozenset())
    assert (nobody["rows"], nobody["total"]["legs"], sum(nobody["total"]["unmet"].values())) == ([], 0, 0)


@pytest.mark.parametrize(
    ("code", "wish"),
    [
        ("range_backwards", {"first": date(2026, 11, 1), "last": date(2026, 10, 31)}),
        ("range_in_future", {"first": date(2026, 11, 4), "last": date(2026, 11, 5)}),
        ("range_too_long", {"first": date(2016, 11, 3), "last": TODAY}),
        ("range_too_long", {"first": TODAY - timedelta(days=ranges.MOST_DAYS), "last": TODAY}),
        ("invalid", {"by": ("cuaca",)}),
        ("invalid", {"by": ("gerai", "gerai")}),
        ("invalid", {"by": ("zone", "gerai", "hour")}),
        ("invalid", {"by": ("officer",)}),
    ],
)
def test_refused(lived: Lived, code: str, wish: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken) as refusal:
        lived.hall.read(acts.figures, **{"first": DATES[0], "last": TODAY, "today": TODAY, **wish})
    assert refusal.value.code == code


def test_too_many_rows(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acts, "MOST_ROWS", 3)
    with pytest.raises(RuleBroken, match="too_many_rows"):
        asked(lived, *OCTOBER, ("service", "hour"))
    assert len(asked(lived, *OCTOBER, ("gerai",))["rows"]) <= 3
