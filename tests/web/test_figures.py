"""Figures over HTTP: who sees what, and the refusals; the figures themselves are held in tests/app/test_figures.py.

Planted: an agency head taken for a supervisor -> test_an_agency_head_sees_the_own_gerai_by_every_route red; ranges looked at by the child
only -> test_refused_before_a_process_is_started red.
Officers' figures refused to a viewer only, a history that says to everybody that there are some ->
test_officers_are_told_to_who_oversees_the_hall_only red.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.web.hall import GERAI, NAMES, OTHER_GERAI, Hall


@pytest.fixture(scope="module")
def today(hall: Hall) -> date:
    """Two numbers were given, at two gerai."""
    kiosk = hall.device("K1")
    for service, key in (("DKC-KTP", "a"), ("BPD-KAS", "b")):
        found = kiosk.get("/services").json
        code = next((row["code"] for row in found["items"] if row["code"] == service), None) or next(
            row["code"] for row in found["items"] if row["gerai"] == service[:3]
        )
        answer = kiosk.post("/tickets", json={"service": code}, key=f"figures-{key}-0000000000")
        assert answer.status_code == 201, answer.text
    return date.fromisoformat(answer.json["business_date"])


def of(day: date, **more: Any) -> dict[str, Any]:
    return {"from": day.isoformat(), "to": day.isoformat(), **more}


def test_figures_and_the_stops_behind_them(hall: Hall, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """From a process of its own, for the whole hall."""
    viewer = hall.person(NAMES["viewer"])
    found = viewer.get("/figures", **of(today, by="gerai,channel"))
    assert found.status_code == 200, found.text
    assert {row["gerai"]: row["issued"] for row in found.json["rows"]} == {GERAI: 1, OTHER_GERAI: 1}
    assert (found.json["total"]["issued"], found.json["total"]["wait"]["n"]) == (2, 0)
    legs = viewer.get("/figures/legs", **of(today, gerai=OTHER_GERAI, limit=1)).json
    assert [row["gerai"] for row in legs["items"]] == [OTHER_GERAI] and legs["next"] == legs["items"][0]["id"]
    supervisor = hall.person(NAMES["supervisor"])
    monkeypatch.setattr(hall.house, "figures", lambda *given: {"items": [{"id": 1, "officer": "budi"}]})
    assert [who.get("/figures/legs", **of(today)).json["items"][0]["officer"] for who in (supervisor, viewer)] == ["budi", None]
    monkeypatch.undo()
    for person, asked, code in ((viewer, {"by": "officer"}, "forbidden"), (viewer, {"officer": "a"}, "forbidden"), (supervisor, {"by": "officer"}, "invalid")):
        assert person.get("/figures", **of(today, **asked)).json["code"] == code


def test_an_agency_head_sees_the_own_gerai_by_every_route(hall: Hall, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    head = hall.person(NAMES["agency_head"])
    found = head.get("/figures", **of(today, by="gerai")).json
    assert {row["gerai"]: row["issued"] for row in found["rows"]} == {GERAI: 1}
    assert found["total"]["issued"] == 1
    assert OTHER_GERAI not in {row["gerai"] for row in head.get("/figures/legs", **of(today)).json["items"]}
    half = [head.get("/figures/history", **{name: today}).json for name in ("from", "to")]
    assert [(one["code"], [error["field"] for error in one["errors"]]) for one in half] == [("invalid", ["to"]), ("invalid", ["from"])]
    history = head.get("/figures/history", **of(today)).json
    assert history["now"]["total"]["issued"] == 1
    assert [row["code"] for row in history["choices"]["gerai"]] == [GERAI]
    assert {row["gerai"] for row in history["choices"]["service"]} == {GERAI}
    monkeypatch.setattr(hall.house, "month", lambda *given: {"exceptions": [{"seq": 1, "actor": "user:budi"}]})
    asked = {"month": today.strftime("%Y-%m")}
    assert [who.get("/reports/monthly", **asked).json["exceptions"][0]["actor"] for who in (head, hall.person(NAMES["supervisor"]))] == [None, "user:budi"]
    monkeypatch.undo()
    for path in ("/figures", "/figures/legs", "/figures/history"):
        assert head.get(path, **of(today, gerai=OTHER_GERAI)).json["code"] == "forbidden"


def test_officers_are_told_to_who_oversees_the_hall_only(hall: Hall, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the rules allow it: to the supervisor; to nobody else by any route, nor does a history say that there were any."""
    supervisor, head, viewer = (hall.person(NAMES[role]) for role in ("supervisor", "agency_head", "viewer"))
    assert supervisor.post("/policy", {"officer_figures": True}, key="officers-on-0000").status_code == 200
    try:
        assert supervisor.get("/figures", **of(today, by="officer")).status_code == 200
        monkeypatch.setattr(hall.house, "figures", lambda *given: {"officers": True})
        assert [who.get("/figures/history", **of(today)).json["officers"] for who in (supervisor, head, viewer)] == [True, False, False]
        for who in (head, viewer):
            for path, asked in (("/figures", {"by": "officer"}), ("/figures", {"officer": "other"}), ("/figures/legs", {"officer": "other"}), ("/figures/history", {"officer": "other"})):
                assert who.get(path, **of(today, **asked)).json["code"] == "forbidden"
    finally:
        supervisor.post("/policy", {"officer_figures": False}, key="officers-off-000")


def test_a_history_without_dates_is_of_this_month(hall: Hall, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(hall.house, "figures", lambda what, wish: asked.append(wish) or {"officers": False})
    assert hall.person(NAMES["viewer"]).get("/figures/history").status_code == 200
    assert "first" not in asked[0] and asked[0]["today"] == today


def test_refused_before_a_process_is_started(hall: Hall, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall.house, "figures", lambda *given: pytest.fail("a process was started"))
    monkeypatch.setattr(hall.house, "month", lambda *given: pytest.fail("a process was started"))
    supervisor, tomorrow = hall.person(NAMES["supervisor"]), today + timedelta(days=1)
    wrong = {
        "range_backwards": {"from": tomorrow.isoformat(), "to": today.isoformat()},
        "range_in_future": of(tomorrow),
        "range_too_long": {"from": (today - timedelta(days=3653)).isoformat(), "to": today.isoformat()},
        "invalid": {"from": "kemarin", "to": today.isoformat()},
    }
    for code, wish in wrong.items():
        for path in ("/figures", "/figures/legs", "/figures/history"):
            answer = supervisor.get(path, **wish)
            assert (answer.status_code, answer.json["code"]) == (422, code)
            assert answer.json["title"]
    later = (today + timedelta(days=40)).strftime("%Y-%m")
    assert supervisor.get("/reports/monthly", month=later).json["code"] == "range_in_future"


def test_only_so_many_at_once(hall: Hall, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """A third asker is told to come again, and nothing is left counted."""
    children = hall.house._engines.figures.__self__  # type: ignore[attr-defined]
    monkeypatch.setattr(children, "_running", 2)
    answer = hall.person(NAMES["supervisor"]).get("/figures", **of(today))
    assert (answer.status_code, answer.json["code"], answer.headers["Retry-After"]) == (503, "storage_unavailable", "2")
    assert children._running == 2
