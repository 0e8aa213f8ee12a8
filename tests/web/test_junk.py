"""Values that fit no field, at every route that takes any: refused, never a 500.

Every field of every row in turn, the others as they should be. Planted: a list's
cursor without its upper bound -> red; times of day of any form -> red.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from werkzeug.test import TestResponse

from server.web.route import Route
from server.web.routes import ROUTES
from tests.web.hall import Hall, Visitor
from tests.web.test_roles import ARGUMENTS

JUNK = [
    None, True, 0, -1, 2**53 - 1, 2**70, 1.5, "", "A", "DKC-1", "K1", "P1", "DKC", "2026-11-03", "2026-02-30",
    "9" * 40, [], ["A"], [None], [["08:00", "12:00"]], [["12:00", "08:00"]], [["A", "B"]], {}, "x" * 300,
    "\x00", "\ud800", "<b>", "e-" + "9" * 30, [{"call_id": 1, "at": "2026-11-03T00:30:00Z"}],
]  # fmt: skip

#: they end what the others need, or start a child process; a floor plan is a room of its own
APART = {"/logout", "/login", "/password", "/day/close", "/reports/monthly", "/floor", "/figures", "/figures/history", "/figures/legs"}
ROWS = [
    route
    for route in ROUTES
    if route.takes and route.rule not in APART and not route.rule.endswith(("/revoke", "<code:username>", "/password"))
]
CALLERS = ("officer", "supervisor", "kiosk", "display", "print-host", "cli")
#: a good value for each field that some row requires
GOOD = {
    "period": "2026-10",
    "answers": ["status"], "came_out": True,
    "service": "NONE", "reason": "uji", "value": "lansia", "ticket": 10**9, "leg": 10**9, "month": "2026-10",
    "epoch": "e", "shown_seq": 1, "state": "sent", "username": "junk", "name": "Junk", "role": "viewer",
    "kind": "kiosk", "code": "JUNK", "scope": "gerai", "from": "2026-12-01", "host": "PH1",
    "transport": {"kind": "network", "host": "h"}, "version": "0" * 16, "preset": "ramadan", "to": "2026-12-31", "text": "Uji", "color": None, "image": "QUJD",
    "url": "http://10.0.0.1", "template": None, "do": "reload",
}  # fmt: skip
GOOD_AT = {"/overrides": {"scope": "site", "kind": "open"}}


@pytest.fixture(scope="module")
def callers(hall: Hall) -> dict[str, Visitor]:
    return {role: hall.as_role(role) for role in CALLERS}


def path_of(rule: str) -> str:
    for argument, value in {**ARGUMENTS, "<code:counter>": "DKC-1", "<code:printer>": "P1"}.items():
        rule = rule.replace(argument, value)
    return rule


@pytest.mark.parametrize("route", ROWS, ids=lambda route: route.endpoint)
def test_junk_is_refused(callers: dict[str, Visitor], route: Route) -> None:
    role = next(one for one in CALLERS if one in route.who or "anyone" in route.who)
    fields = route.takes.model_fields if route.takes else {}
    needed = [field.alias or name for name, field in fields.items() if field.is_required()]
    sent = {name: {**GOOD, **GOOD_AT.get(route.rule, {})}[name] for name in needed}
    for name, field in fields.items():
        for junk in JUNK:
            answer = ask(callers[role], route, {**sent, field.alias or name: junk})
            assert answer.status_code < 500, f"{role} {route.rule} {name}={junk!r} -> {answer.text}"


def ask(visitor: Visitor, route: Route, body: dict[str, Any]) -> TestResponse:
    path = path_of(route.rule)
    if route.method == "GET":
        told = {name: str(value).replace("\ud800", "?") for name, value in body.items()}
        return visitor.get(path, **told)
    return visitor.post(path, data=json.dumps(body), content_type="application/json")
