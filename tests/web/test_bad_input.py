"""Bad input: each its status, code and Indonesian sentence, and not one row of the hall.

Planted: `wire.loads` that lets NaN through -> red; the content type not looked at -> red; an
id of any size handed on -> red; a refusal stored under its key -> red (a good try with the
same key would then be refused).
"""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import EnvironBuilder, run_wsgi_app

from config import texts
from tests.web.conftest import Build
from tests.web.hall import NAMES, Hall

#: what a refusal may never change
HALL_TABLES = ("ticket", "leg", "series_day", "print_job", "answer")
TEXTS = texts.load("id")


def tables(hall: Hall) -> tuple[str, ...]:
    known = hall.table_names()
    found = tuple(name for name in HALL_TABLES if name in known)
    assert {"ticket", "leg", "answer"} <= set(found), known
    return found


JSON = "application/json"
LONG = b'{"service":"' + b"x" * 70_000 + b'"}'

#: name -> (headers and body of POST /tickets from a kiosk, status, code, field or None)
TICKETS: dict[str, tuple[dict[str, Any], int, str, str | None]] = {
    "unknown service": ({"json": {"service": "NONE"}}, 404, "unknown_service", None),
    "missing key": ({"json": {"service": "NONE"}, "key": None}, 400, "idempotency_key_required", None),
    "endless key": ({"json": {"service": "NONE"}, "key": "k" * 101}, 400, "idempotency_key_invalid", None),
    "strange key": ({"json": {"service": "NONE"}, "key": "ku\xf1ci"}, 400, "idempotency_key_invalid", None),
    "broken JSON": ({"data": b"{", "content_type": JSON}, 400, "bad_json", None),
    "not a number": ({"data": b'{"service": NaN}', "content_type": JSON}, 400, "bad_json", None),
    "not UTF-8": ({"data": b'{"service":"\xff"}', "content_type": JSON}, 400, "bad_json", None),
    "nested deep": ({"data": b"[" * 60_000, "content_type": JSON}, 400, "bad_json", None),
    "a list": ({"data": b"[1]", "content_type": JSON}, 400, "bad_json", None),
    "a form": ({"data": {"service": "A"}}, 415, "unsupported_media_type", None),
    "plain text": ({"data": b"{}", "content_type": "text/plain"}, 415, "unsupported_media_type", None),
    "oversized": ({"data": LONG, "content_type": JSON}, 413, "too_large", None),
    "no service": ({"json": {}}, 422, "invalid", "service"),
    "a number": ({"json": {"service": 7}}, 422, "invalid", "service"),
    "control signs": ({"json": {"service": "A\x00B"}}, 422, "invalid", "service"),
    "endless text": ({"json": {"service": "A" * 61}}, 422, "invalid", "service"),
    "strange mode": ({"json": {"service": "A", "mode": "x"}}, 422, "invalid", "mode"),
    "strange language": ({"json": {"service": "A", "language": "<b>"}}, 422, "invalid", "language"),
    "unknown printer": ({"json": {"service": "*", "printer": "P99"}}, 404, "unknown_printer", None),
    "unknown priority": ({"json": {"service": "*", "priority": "raja"}}, 422, "invalid", "priority"),
}


@pytest.mark.parametrize("name", TICKETS)
def test_a_bad_wish_for_a_number(hall: Hall, name: str) -> None:
    sent, status, code, field = TICKETS[name]
    sent = {"key": f"bad {name}", **sent}
    if sent.get("json", {}).get("service") == "*":
        sent["json"] = {**sent["json"], "service": hall.service()}
    before = hall.rows(*tables(hall))
    answer = hall.device("K1").post("/tickets", **sent)
    check(answer, status, code, field)
    assert hall.rows(*tables(hall)) == before


def check(answer: Any, status: int, code: str, field: str | None = None) -> None:
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (status, code), answer.text
    assert answer.content_type == "application/problem+json"
    assert told["status"] == status
    assert told["title"] == TEXTS[f"error.{code}"]
    if field is not None:
        assert told["errors"][0]["field"] == field
        assert told["errors"][0]["message"][-1] == "."


def test_a_refused_key_may_be_used_again(hall: Hall) -> None:
    kiosk = hall.device("K1")
    check(kiosk.post("/tickets", {"service": "NONE"}, key="again"), 404, "unknown_service")
    assert kiosk.post("/tickets", {"service": hall.service()}, key="again").status_code == 201


@pytest.mark.parametrize("token", ["", "x" * 43, "Bearer", "\xff" * 30, "a" * 5000])
def test_a_token_nobody_was_given(hall: Hall, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    answer = hall.browser().post("/tickets", {"service": "A"}, key="k", headers=headers)
    check(answer, 401, "unauthenticated")


def test_a_revoked_token(hall: Hall) -> None:
    hall.add_device("kiosk", "K9")
    kiosk = hall.device("K9")
    assert kiosk.get("/services").status_code == 200
    assert hall.person(NAMES["supervisor"]).post("/devices/K9/revoke", {}).status_code == 200
    check(kiosk.post("/tickets", {"service": hall.service()}, key="k9"), 401, "unauthenticated")


def test_acts_at_counters_that_cannot_be(hall: Hall) -> None:
    """Wrong state, foreign counter, unknown counter, closed counter, one too many."""
    officer, counter = hall.person(NAMES["officer"]), hall.counter()
    foreign = hall.counter("BPD")
    before = hall.rows(*tables(hall))
    check(officer.post(f"/counters/{counter}/next", {}), 409, "counter_closed")
    check(officer.post(f"/counters/{foreign}/open", {}), 403, "not_your_counter")
    check(officer.post("/counters/NONE/next", {}), 404, "unknown_counter")
    assert officer.post(f"/counters/{counter}/open", {}).status_code == 200
    for act in ("recall", "start", "finish", "no-show", "hold", "put-back"):
        check(officer.post(f"/counters/{counter}/{act}", {}), 409, "wrong_state")
    check(officer.post(f"/counters/{counter}/pause", {}), 422, "invalid", "reason")
    check(officer.post(f"/counters/{counter}/resume-leg", {"leg": 10**15}), 404, "unknown_leg")
    check(officer.post(f"/counters/{counter}/pick", {"ticket": 10**15, "reason": "x"}), 404, "unknown_ticket")
    assert hall.rows(*tables(hall)) == before
    assert officer.post(f"/counters/{counter}/close", {}).status_code == 200


@pytest.mark.parametrize("wrong", ["0", "abc", "9" * 40, "-1", "1e3", "%00", "١"])
def test_an_id_that_cannot_be(hall: Hall, wrong: str) -> None:
    check(hall.device("API1").get(f"/tickets/{wrong}"), 404, "unknown_ticket")


def test_a_name_of_markup_is_refused_and_text_comes_back_as_text(hall: Hall) -> None:
    admin = hall.person(NAMES["admin"])
    markup = {"kind": "kiosk", "code": "KX", "name": "<img src=x onerror=alert(1)>"}
    check(admin.post("/devices", markup), 422, "invalid", "name")
    for code in ("../K1", "K 1", "<b>", "", "K" * 31, "K\n1"):
        check(admin.post("/devices", {"kind": "kiosk", "code": code}), 422, "invalid", "code")


def test_a_closed_gerai(build: Build) -> None:
    """Two in the morning after the example's override was ended."""
    hall = build(MPP_CLOCK="2026-11-03T02:00:00+08:00@1")
    service = hall.service()
    supervisor = hall.person(NAMES["supervisor"])
    override = supervisor.get("/overrides").get_json()["items"][0]["id"]
    assert supervisor.post(f"/overrides/{override}/end", {}).status_code == 200
    before = hall.rows(*tables(hall))
    answer = hall.device("K1").post("/tickets", {"service": service}, key="night")
    check(answer, 409, "closed")
    assert answer.get_json()["opens_at"] == "2026-11-03T00:00:00.000Z"
    assert hall.rows(*tables(hall)) == before


def test_addresses_and_methods_nobody_declared(hall: Hall) -> None:
    visitor = hall.browser()
    check(visitor.client.get("/api/v1/nothing"), 404, "not_found")
    answer = visitor.client.delete("/api/v1/tickets")
    check(answer, 405, "method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "POST"}
    page = visitor.client.get("/nothing")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert TEXTS["error.not_found"] in page.text


def test_who_opens_the_api_in_a_tab_reads_a_page(hall: Hall) -> None:
    """Refused by a route and by none; a program gets problem+json. Planted: `told` left out of route.py -> red."""
    browser = hall.browser()
    tab = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    for path, status, code in (("/reports/draft?period=2026-10", 401, "unauthenticated"), ("/nothing", 404, "not_found")):
        page = browser.client.get(f"/api/v1{path}", headers=tab)
        assert (page.status_code, page.mimetype) == (status, "text/html")
        assert TEXTS[f"error.{code}"] in page.text
        check(browser.client.get(f"/api/v1{path}", headers={"Accept": "*/*"}), status, code)


def test_english_only_for_who_asks_for_it(hall: Hall) -> None:
    english = hall.browser().get("/me", headers={"Accept-Language": "en"})
    assert english.get_json()["title"] == texts.load("en")["error.unauthenticated"]
    browser = hall.browser().get("/me", headers={"Accept-Language": "en-US,en;q=0.9"})
    check(browser, 401, "unauthenticated")


@pytest.mark.parametrize(("protocol", "status"), [("HTTP/1.1", 400), ("HTTP/1.0", 200)])
def test_a_request_without_a_host(hall: Hall, protocol: str, status: int) -> None:
    """Planted: the look at the Host left out -> the first is red; HTTP/1.0 refused too -> the second."""
    environ = EnvironBuilder(path="/healthz").get_environ()
    del environ["HTTP_HOST"]
    _, told, _ = run_wsgi_app(hall.browser().client.application, {**environ, "SERVER_PROTOCOL": protocol})
    assert told.startswith(str(status))
