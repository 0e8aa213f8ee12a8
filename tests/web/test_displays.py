"""What a display tells and is told over HTTP: its key, its reports, a supervisor's commands.

Planted, each seen red and taken out: a key that outlives its end; a key taken as an enrolment
token; a report of another epoch kept; a call that never was kept as spoken.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.web.hall import NAMES, Hall

AT = "2026-11-03T00:30:00.000Z"


def report(hall: Hall, **changes: Any) -> dict[str, Any]:
    epoch = hall.house.read(lambda work: work.floors.epoch())
    return {"epoch": epoch, "shown_seq": 1, "spoken": [], "audio": "ok", "visible": True, **changes}


def key_of(hall: Hall, display: str = "TV2") -> str:
    told = hall.person(NAMES["supervisor"]).post(f"/displays/{display}/key", {}).get_json()
    parts = urlsplit(told["url"])
    assert parts.path == f"/display/{display}/simple"
    return parse_qs(parts.query)["key"][0]


def test_a_key_reads_its_own_display_and_reports_for_it_and_nothing_else(hall: Hall) -> None:
    headers, anyone = {"X-MPP-Key": key_of(hall)}, hall.as_role("anyone")
    assert anyone.get("/displays/TV2/calls", headers=headers).status_code == 200
    assert anyone.get("/views/display:TV2", headers=headers).status_code == 200
    assert anyone.post("/displays/TV2/report", report(hall), headers=headers).status_code == 200
    for path in ("/displays/TV1/calls", "/views/display:TV1", "/views/floor", "/devices", "/events"):
        assert anyone.get(path, headers=headers).get_json()["code"] == "forbidden", path
    for path in ("/displays/TV2/command", "/displays/TV2/key", "/tickets"):
        answer = anyone.post(path, {"do": "reload", "service": "DKC-KTP"}, headers=headers, key="a key")
        assert answer.get_json()["code"] == "forbidden", path
    page = hall.browser().get("/display/TV2", enrol=headers["X-MPP-Key"])
    assert page.status_code == 401, "it enrols no browser"


def test_a_new_key_ends_the_one_before_and_so_does_its_end_and_the_device_s(hall: Hall) -> None:
    def status(key: str) -> int:
        return int(hall.as_role("anyone").get("/displays/TV2/calls", headers={"X-MPP-Key": key}).status_code)

    first = key_of(hall)
    second = key_of(hall)
    assert [status(key) for key in (first, second, "made up", "")] == [401, 200, 401, 401]
    supervisor = hall.person(NAMES["supervisor"])
    assert supervisor.post("/displays/TV2/key/end", {}).get_json() == {"display": "TV2", "has_key": False}
    assert status(second) == 401
    assert supervisor.post("/displays/K1/key", {}).get_json()["code"] == "unknown_display"
    keys = [event["data"] for event in supervisor.get("/events", limit=1000).get_json()["items"] if event["type"] == "DisplayKeySet"]
    assert keys[-1] == {"code": "TV2", "has_key": False}
    assert first not in str(keys)


def test_a_report_about_another_history_or_a_call_that_never_was(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    display, epoch = hall.device("TV2"), report(hall)["epoch"]
    monkeypatch.setattr(hall.house, "place_of", lambda room: (epoch, 1))
    refused = display.post("/displays/TV2/report", report(hall, epoch="other"))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "other_epoch")
    never = {"call_id": 2**40, "at": AT}
    told = display.post("/displays/TV2/report", report(hall, spoken=[never])).get_json()
    assert told["unknown"] == [2**40]
    assert hall.house.reports.unwritten().get("TV2", {"spoken": []})["spoken"] == []


def test_only_the_display_whose_turn_it_is_may_speak(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hall.house.reports, "may_speak", {"TV2"})
    display = hall.device("TV2")
    assert display.post("/displays/TV2/report", report(hall)).get_json()["speaks"] is True
    assert hall.device("TV1").post("/displays/TV1/report", report(hall)).get_json()["speaks"] is False
    assert display.post("/displays/TV2/report", report(hall, audio="locked")).get_json()["speaks"] is False


def test_a_command_stands_in_the_view_of_its_display(hall: Hall) -> None:
    supervisor = hall.person(NAMES["supervisor"])
    asked = supervisor.post("/displays/TV2/command", {"do": "test_sound"}).get_json()
    supervisor.post("/displays/TV2/command", {"do": "volume", "volume": 35})
    own = hall.device("TV2").get("/views/display:TV2").get_json()["data"]["display"]
    assert own["volume"] == 35
    assert [(row["id"], row["do"]) for row in own["commands"]] == [(asked["id"], "test_sound")]
    for wrong in ({"do": "dance"}, {"do": "volume", "volume": 101}, {"do": "volume"}):
        assert supervisor.post("/displays/TV2/command", wrong).status_code == 422
