"""What devices and their helpers may do: own tickets, displays, the print host, the report.

Planted: a kiosk that sees another kiosk's ticket -> red; a display that reports for another
-> red; a call a display told of forgotten before it is written -> red; a claim that ignores its
bell -> red; an agency head shown the whole hall -> red.
"""

from __future__ import annotations

import threading
from typing import Any

import pytest

from server.app.ask import StorageUnavailable
from tests.waiting import wait_for
from tests.web.conftest import Build
from tests.web.hall import NAMES, Hall


def test_a_kiosk_sees_its_own_tickets_only(hall: Hall) -> None:
    ticket = hall.issue("own-1")
    own = hall.device("K1").get(f"/tickets/{ticket['id']}")
    assert own.get_json()["number"] == ticket["number"]
    other = hall.device("K2").get(f"/tickets/{ticket['id']}")
    assert (other.status_code, other.get_json()["code"]) == (404, "unknown_ticket")
    staff = hall.person(NAMES["viewer"]).get("/tickets", number=ticket["number"].lower())
    assert [one["id"] for one in staff.get_json()["items"]] == [ticket["id"]]


def test_lists_go_on_where_they_ended(hall: Hall) -> None:
    for number in range(3):
        hall.issue(f"page-{number}")
    supervisor, seen, after = hall.person(NAMES["supervisor"]), [], 0
    for _ in range(100):
        page = supervisor.get("/events", after=after, limit=7).get_json()
        seen += [one["seq"] for one in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert seen == list(range(1, len(seen) + 1))
    assert supervisor.get("/events", limit=1001).status_code == 422


def test_a_display_hears_calls_after_its_cursor(hall: Hall) -> None:
    officer, counter, display = hall.person(NAMES["officer"]), hall.counter(), hall.device("TV2")
    start = display.get("/displays/TV2/calls").get_json()["next"]
    hall.issue("called-1")
    officer.post(f"/counters/{counter}/open", {})
    called = officer.post(f"/counters/{counter}/next", {}).get_json()
    told = display.get("/displays/TV2/calls", after=start).get_json()
    assert [one["call_id"] for one in told["items"]] == [called["call"]["id"]]
    assert display.get("/displays/TV2/calls", after=told["next"]).get_json()["items"] == []
    report = {
        "epoch": told["epoch"],
        "shown_seq": 1,
        "spoken": [{"call_id": called["call"]["id"], "at": "2026-11-03T00:30:00.000Z"}],
        "audio": "on",
        "visible": True,
    }
    reports, spoken = hall.house.reports, [called["call"]["id"]]
    said = {"unknown": [], "speaks": False}
    assert display.post("/displays/TV2/report", report).get_json() == {"written": [], **said}
    assert display.post("/displays/TV2/report", report).get_json() == {"written": [], **said}, "told again until it is written"
    batch = reports.unwritten()
    assert batch["TV2"]["spoken"] == report["spoken"]
    # The batch failed, as if the database were away: the next one has it still.
    assert reports.unwritten() == batch
    reports.written(batch)
    assert display.post("/displays/TV2/report", report).get_json() == {"written": spoken, **said}
    assert reports.unwritten() == {}
    for path in ("/displays/TV1/calls", "/displays/NONE/calls"):
        assert display.get(path).get_json()["code"] == "forbidden"
    assert display.post("/displays/TV1/report", report).get_json()["code"] == "forbidden"
    assert display.get("/displays/TV2/calls", after="x-9e9").status_code == 422
    officer.post(f"/counters/{counter}/finish", {})
    officer.post(f"/counters/{counter}/close", {})


def test_a_slip_from_touch_to_result(build: Build) -> None:
    hall = build(MPP_CLOCK="2026-11-03T08:30:00+08:00@1")
    host = hall.device("PH1")
    assert [one["code"] for one in host.get("/print-host").get_json()["printers"]] == ["P1"]
    assert host.post("/print-jobs/claim", {}).status_code == 204
    ticket = hall.issue("paper-1")
    assert ticket["print"]["state"] == "queued"
    job = host.post("/print-jobs/claim", {"wait_s": 20}).get_json()["job"]
    assert (job["printer"], job["copy"], job["slip"]["number"]) == ("P1", 0, ticket["number"])
    assert host.post("/print-jobs/claim", {}).get_json()["job"]["id"] == job["id"]
    other = hall.device("PH2").post(f"/print-jobs/{job['id']}/result", {"state": "sent"})
    assert (other.status_code, other.get_json()["code"]) == (409, "not_held")
    assert host.post(f"/print-jobs/{job['id']}/result", {"state": "confirmed"}).status_code == 200
    status = {"state": "paper_low", "cause": "sensor"}
    assert host.post("/printers/P1/status", status).status_code == 204
    listed = hall.person(NAMES["supervisor"]).get("/printers").get_json()["items"]
    assert listed[0]["state"] == "paper_low"


def test_a_waiting_claim_is_woken_by_a_touch(build: Build) -> None:
    hall, found = build(MPP_CLOCK="2026-11-03T08:30:00+08:00@1"), list[Any]()
    host = hall.device("PH1")
    claim = threading.Thread(
        target=lambda: found.append(host.post("/print-jobs/claim", {"wait_s": 20}))
    )
    claim.start()
    wait_for(lambda: hall.house._waiting_for_paper, 10, "the claim waits")
    ticket = hall.issue("paper-2")
    claim.join(timeout=15)
    assert found[0].get_json()["job"]["slip"]["number"] == ticket["number"]


def test_the_month_is_the_agency_s_own(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(hall.house, "month", lambda *given: asked.append(given) or {"month": given[0], "exceptions": []})
    for role in ("agency_head", "supervisor"):
        assert hall.person(NAMES[role]).get("/reports/monthly", month="2026-10").status_code == 200
    assert asked == [("2026-10", frozenset({"DKC"})), ("2026-10", None)]
    assert hall.person(NAMES["supervisor"]).get("/reports/monthly", month="2026-1").status_code == 422


def test_a_view_is_the_socket_s_bytes_and_known_ones_are_not_sent_again(hall: Hall) -> None:
    kiosk = hall.device("K1")
    first = kiosk.get("/views/kiosk:K1")
    assert first.data == hall.house.view("kiosk:K1").body
    told = first.get_json()
    assert first.headers["ETag"] == f'"{told["epoch"]}-{told["version"]}"'
    again = kiosk.get("/views/kiosk:K1", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"") and "MPP-Storage" not in again.headers
    hall.house.storage.failed(hall.house.now(), "database or disk is full")
    for known in ({}, {"If-None-Match": first.headers["ETag"]}):
        assert kiosk.get("/views/kiosk:K1", headers=known).headers["MPP-Storage"] == "failing"
    hall.house.storage.works()
    hall.issue("view-1")
    fresh = kiosk.get("/views/kiosk:K1", headers={"If-None-Match": first.headers["ETag"]})
    assert fresh.status_code == 200
    assert kiosk.get("/views/attic").get_json()["code"] == "unknown_room"


def test_a_floor_plan_larger_than_other_bodies_is_taken(hall: Hall) -> None:
    cli = hall.as_role("cli")
    plan = hall.house.read(lambda reads: reads.floors.plan())
    plan["site"]["address"] = "Jl. Baru"
    answer = cli.post("/floor", {"plan": plan, "padding": "x" * 200_000})
    assert answer.status_code == 200, answer.text
    plan["site"]["code"] = "LAMTIM"
    other = cli.post("/floor", {"plan": plan})
    assert (other.status_code, other.get_json()["code"]) == (409, "site_mismatch")


def test_an_unexpected_error_is_logged_once_with_the_id_it_answers(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise ZeroDivisionError("planted")

    supervisor = hall.person(NAMES["supervisor"])
    monkeypatch.setattr(hall.house, "read", broken)
    answer = supervisor.get("/devices")
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (500, "internal")
    assert "planted" not in answer.text
    lines = [record for record in caplog.records if told["error_id"] in record.getMessage()]
    assert len(lines) == 1
    assert lines[0].exc_info
    page = hall.browser().get("/t/whatever")
    assert (page.status_code, page.mimetype) == (500, "text/html")


def test_a_database_that_does_not_answer(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise StorageUnavailable("planted")

    monkeypatch.setattr(hall.house, "act", away)
    answer = hall.device("K1").post("/tickets", {"service": "A"}, key="away")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "storage_unavailable")
    assert int(answer.headers["Retry-After"]) >= 1
