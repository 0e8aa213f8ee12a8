"""Values that fit no field, at every route that takes any: refused, never a 500.

Seeded, so that a red run can be run again. Planted: a leg's id without its upper bound ->
red; times of day of any form -> red.
"""

from __future__ import annotations

import json
import random

import pytest

from server.web.route import Route
from server.web.routes import ROUTES
from tests.web.hall import Hall, Visitor
from tests.web.test_roles import ARGUMENTS

JUNK = [
    None, True, 0, 1, -1, 2**53 - 1, 2**70, 1.5, "", "A", "DKC-1", "K1", "P1", "PH1", "TV1", "other",
    "lansia", "umum", "waiting", "id", "2026-11-03", "2026-02-30", "08:00", "9" * 40, [], ["A"], [None],
    [["08:00", "12:00"]], [["12:00", "08:00"]], [[]], {}, {"kind": "network", "host": "h"}, "x" * 300,
    "\x00", "\ud800", "<b>", "kiosk", "program", "site", "gerai", "service", "open", "closed", "holiday",
    "officer", "sent", "ready", "e-" + "9" * 30, [{"call_id": 1, "at": "2026-11-03T00:30:00Z"}],
]  # fmt: skip

#: they end what the others need, or start a child process; a floor plan is a room of its own
APART = {"/logout", "/login", "/password", "/day/close", "/reports/monthly", "/floor"}
ROWS = [
    route
    for route in ROUTES
    if route.rule not in APART and not route.rule.endswith(("/revoke", "<code:username>", "/password"))
]
CALLERS = ("officer", "supervisor", "kiosk", "display", "print-host", "cli")
ROUNDS = 25


@pytest.fixture(scope="module")
def callers(hall: Hall) -> dict[str, Visitor]:
    return {role: hall.as_role(role) for role in CALLERS}


@pytest.mark.parametrize("route", ROWS, ids=lambda route: route.endpoint)
def test_junk_is_refused(hall: Hall, callers: dict[str, Visitor], route: Route) -> None:
    dice = random.Random(route.endpoint)
    role = next(one for one in CALLERS if one in route.who or "anyone" in route.who)
    fields = route.takes.model_fields if route.takes else {}
    for turn in range(ROUNDS):
        path = route.rule
        for argument, value in ARGUMENTS.items():
            path = path.replace(argument, dice.choice([value, "1", "DKC-1", "K2", "P1", "9" * 30]))
        body = {field.alias or name: dice.choice(JUNK) for name, field in fields.items() if dice.random() < 0.75}
        if route.method == "GET":
            answer = callers[role].get(path, **{name: str(value).replace("\ud800", "?") for name, value in body.items()})
        else:
            sent = {"data": json.dumps(body), "content_type": "application/json"}
            answer = callers[role].post(path, key=dice.choice([None, f"{route.endpoint} {turn}"]), **sent)
        assert answer.status_code < 500, f"{role} {path} {body} -> {answer.text}"
