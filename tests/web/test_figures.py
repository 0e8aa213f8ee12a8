"""Figures over HTTP: who sees what, and the refusals; the figures themselves are held in tests/app/test_figures.py.

Planted: an agency head taken for a supervisor -> test_an_agency_head_sees_the_own_gerai_by_every_route red; ranges looked at by the child
only -> test_refused_before_a_process_is_started red.
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


def test_figures_and_the_stops_behind_them(hall: Hall, today: date) -> None:
    """From a process of its own, for the whole hall."""
    viewer = hall.person(NAMES["viewer"])
    found = viewer.get("/figures", **of(today, by="gerai,channel"))
    assert found.status_code == 200, found.text
    assert {row["gerai"]: row["issued"] for row in found.json["rows"]} == {GERAI: 1, OTHER_GERAI: 1}
    assert (found.json["total"]["issued"], found.json["total"]["wait"]["n"]) == (2, 0)
    legs = viewer.get("/figures/legs", **of(today, gerai=OTHER_GERAI, limit=1)).json
    assert [row["gerai"] for row in legs["items"]] == [OTHER_GERAI] and legs["next"] == legs["items"][0]["id"]
    refused = viewer.get("/figures", **of(today, by="officer"))
    assert (refused.status_code, refused.json["code"]) == (422, "invalid")


def test_an_agency_head_sees_the_own_gerai_by_every_route(hall: Hall, today: date) -> None:
    head = hall.person(NAMES["agency_head"])
    found = head.get("/figures", **of(today, by="gerai")).json
    assert {row["gerai"]: row["issued"] for row in found["rows"]} == {GERAI: 1}
    assert found["total"]["issued"] == 1
    assert OTHER_GERAI not in {row["gerai"] for row in head.get("/figures/legs", **of(today)).json["items"]}
    for path in ("/figures", "/figures/legs"):
        assert head.get(path, **of(today, gerai=OTHER_GERAI)).json["code"] == "forbidden"


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
        for path in ("/figures", "/figures/legs"):
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
