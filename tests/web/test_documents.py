"""OpenAPI, the page /api and /metrics say what is there.

Planted: a row left out of the document -> red; a code left off the page -> red; the path
instead of the rule as a metric's label -> red.
"""

from __future__ import annotations

import re

from openapi_spec_validator import validate

from server.web import answers
from server.web.errors import STATUS
from server.web.openapi import document
from server.web.routes import ROUTES
from tests.web.hall import NAMES, Hall

TOLD = document(ROUTES, "Uji")


def test_the_document_is_valid_openapi(hall: Hall) -> None:
    told = hall.browser().get("/openapi.json").get_json()
    validate(told)
    assert told["openapi"] == "3.1.0"
    assert told["paths"].keys() == TOLD["paths"].keys()
    plan = hall.person(NAMES["supervisor"]).get("/floor.toml")
    said = told["paths"]["/api/v1/floor.toml"]["get"]["responses"]["200"]["content"]
    assert list(said) == [plan.mimetype] == ["application/toml"], "what is no JSON says so"


def test_the_largest_page_is_light_even_unpacked(hall: Hall) -> None:
    """/admin with all it names: page, joined script, sheets and client. Planted: remarks and indentation sent; texts of every language -> red."""
    client = hall.browser().client
    page = client.get("/admin").text
    asked = dict.fromkeys(re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css)\?v=[0-9a-f]+)"', page))
    sent = {url: client.get(url, buffered=True).text for url in asked}
    sent |= {url: client.get(url, buffered=True).text for text in list(sent.values()) for url in re.findall(r' from "(/[^"]+)";', text)}
    weight = {url: len(text.encode()) for url, text in {**sent, "/admin": page}.items()}
    assert any("/vendor/" in url for url in weight)
    assert sum(weight.values()) <= 150_000, weight


def test_every_rule_of_the_app_is_in_the_document(hall: Hall) -> None:
    rules = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in hall.app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert rules == {(path, method) for path, one in TOLD["paths"].items() for method in one}


def test_every_operation_tells_roles_answers_and_refusals() -> None:
    names = set()
    for path, methods in TOLD["paths"].items():
        for method, operation in methods.items():
            assert operation["operationId"] not in names
            names.add(operation["operationId"])
            assert operation["summary"].endswith("."), path
            assert operation["description"].startswith("Roles: ")
            assert any(status.startswith("2") for status in operation["responses"]), path
            if method == "post" and operation["security"]:
                assert {"401", "403"} <= set(operation["responses"]), path


def test_the_key_is_required_where_the_contract_says() -> None:
    for path, methods in TOLD["paths"].items():
        for operation in methods.values():
            keys = [one for one in operation["parameters"] if one["name"] == "Idempotency-Key"]
            assert [one["required"] for one in keys] in ([], [path == "/api/v1/tickets"]), path


def test_every_code_of_a_row_is_listed() -> None:
    assert {code for route in ROUTES for code in route.codes} <= set(STATUS)


def test_the_api_page_lists_every_route_and_code(hall: Hall) -> None:
    page = hall.browser().get("/api").text
    for route in ROUTES:
        shown = route.path.replace("<", "&lt;").replace(">", "&gt;")
        assert f"{route.method} {shown}<" in page
    for code in STATUS:
        assert f"<code>{code}</code>" in page


def test_figures_by_rule_not_by_path(hall: Hall) -> None:
    visitor = hall.device("API1")
    for number in range(1, 4):
        visitor.get(f"/tickets/{number}")
    visitor.client.open("/healthz", method="BREW")
    told = hall.browser().get("/metrics").text
    assert 'route="/api/v1/tickets/<id:ticket>"' in told
    assert "/api/v1/tickets/2" not in told
    assert 'method="BREW"' not in told
    assert "mpp_screens 0.0" in told
    assert "mpp_http_seconds_bucket" in told


def test_alive_and_ready(hall: Hall) -> None:
    visitor = hall.browser()
    assert visitor.get("/healthz").status_code == visitor.get("/readyz").status_code == 200
    hall.house.ready = False
    try:
        waiting = visitor.get("/readyz")
        assert (waiting.status_code, waiting.get_json()["code"]) == (503, "not_ready")
        assert visitor.get("/healthz").status_code == 200
    finally:
        hall.house.ready = True


def test_real_answers_have_the_documented_shape(hall: Hall) -> None:
    """One walk through the hall; each answer is read by the model the document shows."""
    officer, counter, kiosk = hall.person(NAMES["officer"]), hall.counter(), hall.device("K1")
    supervisor, host = hall.person(NAMES["supervisor"]), hall.device("PH1")
    ticket = hall.issue("shape-1")
    answers.TicketGiven.model_validate(ticket)
    answers.AtCounter.model_validate(officer.post(f"/counters/{counter}/open", {}).get_json())
    called = officer.post(f"/counters/{counter}/next", {}).get_json()
    walk = [
        (answers.Called, called),
        (answers.Me, officer.get("/me").get_json()),
        (answers.Services, kiosk.get("/services").get_json()),
        (answers.Ticket, kiosk.get(f"/tickets/{ticket['id']}").get_json()),
        (answers.Tickets, officer.get("/tickets", limit=1).get_json()),
        (answers.Counters, officer.get("/counters").get_json()),
        (answers.View, kiosk.get("/views/kiosk:K1").get_json()),
        (answers.PublicTicket, kiosk.get(f"/public/tickets/{ticket['token']}").get_json()),
        (answers.Events, supervisor.get("/events").get_json()),
        (answers.Devices, supervisor.get("/devices").get_json()),
        (answers.Users, supervisor.get("/users").get_json()),
        (answers.Printers, supervisor.get("/printers").get_json()),
        (answers.Overrides, supervisor.get("/overrides").get_json()),
        (answers.Calls, hall.device("TV1").get("/displays/TV1/calls").get_json()),
        (answers.PrintHost, host.get("/print-host").get_json()),
        (answers.ClaimedJob, host.post("/print-jobs/claim", {}).get_json()),
        (answers.Problem, hall.browser().get("/me").get_json()),
        (answers.AtCounter, officer.post(f"/counters/{counter}/finish", {}).get_json()),
    ]
    for shape, told in walk:
        shape.model_validate(told)
    officer.post(f"/counters/{counter}/close", {})
