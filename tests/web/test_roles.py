"""Every route with every role, against a table written by hand from DESIGN section 6.

A route that the table does not know fails. Planted: `/devices` open to receptionists ->
red; a new rule without a line here -> red; a role check left out of `serve` -> red; a GET
that records an event -> red.
"""

from __future__ import annotations

import pytest

from server.web.roles import ALL, PEOPLE
from server.web.routes import ROUTES
from tests.web.hall import GERAI, NAMES, Hall, Visitor

_SHORT = {
    "*": ALL,
    "proven": ALL - {"anyone"},
    "people": PEOPLE,
    "staff": PEOPLE | {"api", "cli"},
    "desk": {"officer", "receptionist", "supervisor", "admin", "cli"},
    "over": {"supervisor", "admin", "cli"},
    "admins": {"admin", "cli"},
}

#: rule -> who, by hand
EXPECTED = {
    "POST /login": "*",
    "POST /logout": "people",
    "POST /password": "people",
    "GET /me": "proven",
    "GET /users": "over",
    "POST /users": "admins",
    "POST /users/<code:username>": "admins",
    "POST /users/<code:username>/password": "admins",
    "POST /users/<code:username>/unlock": "over",
    "GET /services": "staff kiosk",
    "POST /tickets": "kiosk receptionist api",
    "GET /tickets": "staff",
    "GET /tickets/<id:ticket>": "staff kiosk",
    "POST /tickets/<id:ticket>/cancel": "desk",
    "POST /tickets/<id:ticket>/return": "desk",
    "POST /tickets/<id:ticket>/priority": "desk",
    "POST /tickets/<id:ticket>/reprint": "desk",
    "POST /tickets/<id:ticket>/transfer": "desk",
    "GET /counters": "staff",
    "POST /counters/<code:counter>/open": "officer",
    "POST /counters/<code:counter>/close": "officer",
    "POST /counters/<code:counter>/pause": "officer",
    "POST /counters/<code:counter>/resume": "officer",
    "POST /counters/<code:counter>/release": "over",
    "POST /counters/<code:counter>/next": "officer",
    "POST /counters/<code:counter>/pick": "officer",
    "POST /counters/<code:counter>/recall": "officer",
    "POST /counters/<code:counter>/start": "officer",
    "POST /counters/<code:counter>/finish": "officer",
    "POST /counters/<code:counter>/no-show": "officer",
    "POST /counters/<code:counter>/hold": "officer",
    "POST /counters/<code:counter>/put-back": "officer",
    "POST /counters/<code:counter>/resume-leg": "officer",
    "POST /counters/<code:counter>/transfer": "officer",
    "GET /views/<room>": "proven",
    "GET /public/tickets/<code:token>": "*",
    "GET /events": "over",
    "POST /day/close": "over",
    "GET /overrides": "staff",
    "POST /overrides": "over",
    "POST /overrides/preset": "over",
    "POST /overrides/<id:override>/end": "over",
    "POST /floor": "admins",
    "GET /policy": "staff",
    "POST /policy": "over",
    "POST /clock/confirm": "over",
    "GET /floor/last-hour": "over viewer agency_head",
    "POST /alerts/<code:alert>/ack": "over",
    "GET /reports/monthly": "over agency_head",
    "GET /figures": "over viewer agency_head",
    "GET /figures/history": "over viewer agency_head",
    "GET /figures/legs": "over viewer agency_head",
    "GET /devices": "over",
    "POST /devices": "over",
    "POST /devices/<code:code>": "over",
    "POST /devices/<code:code>/revoke": "over",
    "POST /enrolments": "*",
    "GET /enrolments/<code:enrolment>": "*",
    "POST /enrolments/<code:code>/approve": "over",
    "GET /displays/<code:display>/calls": "display",
    "POST /displays/<code:display>/report": "display",
    "POST /displays/<code:display>/command": "over",
    "POST /displays/<code:display>/key": "over",
    "POST /displays/<code:display>/key/end": "over",
    "GET /print-host": "print-host",
    "POST /print-jobs/claim": "print-host",
    "POST /print-jobs/<id:job>/result": "print-host",
    "POST /printers/<code:printer>/status": "print-host",
    "POST /tickets/<id:ticket>/paper": "kiosk",
    "POST /printers/<code:printer>/answers": "print-host",
    "POST /printers/<code:printer>/probe": "over",
    "GET /printers": "over",
    "POST /printers": "over",
    "GET /plan": "over",
    "GET /floor.toml": "over",
    "POST /site": "admins",
    "POST /gerai/<code:gerai>": "admins",
    "POST /gerai/<code:gerai>/archive": "admins",
    "POST /gerai/<code:gerai>/restore": "admins",
    "POST /services/<code:service>": "admins",
    "POST /services/<code:service>/archive": "admins",
    "POST /services/<code:service>/restore": "admins",
    "GET /notices": "staff",
    "POST /notices": "over",
    "POST /notices/<id:notice>/end": "over",
    "GET /branding": "staff",
    "POST /branding": "admins",
    "GET /branding/address": "admins",
    "POST /branding/address": "admins",
    "POST /branding/logo": "admins",
    "POST /branding/logo/remove": "admins",
    "GET /layouts": "over",
    "GET /screens": "over",
    "POST /screens/<code:display>": "admins",
    "GET /media": "over",
    "POST /media": "admins",
    "POST /media/<id:medium>": "admins",
    "POST /media/<id:medium>/remove": "admins",
    "POST /media/<id:medium>/shown": "display",
    "GET /slip-template": "admins",
    "POST /slip-template": "admins",
    "POST /slip-template/preview": "admins",
    "GET /report-letter": "admins",
    "POST /report-letter": "admins",
    "GET /reports": "over agency_head",
    "GET /reports/draft": "over",
    "POST /reports": "over",
    "GET /reports/<id:report>/<code:format>": "over agency_head",
}

#: everything outside /api/v1: anyone may ask; what is personal is asked of the API
OUTSIDE = {
    "/",
    "/api",
    "/openapi.json",
    "/healthz",
    "/readyz",
    "/metrics",
    "/audio/<name>.wav",
    "/audio/call/<int:call>.wav",
    "/audio/call/<int:call>-short.wav",
    "/t/<code:token>",
    "/supervisor/riwayat",
    "/supervisor/riwayat/langkah",
    "/kiosk/<code>",
    "/kiosk/<code>/qr/<token>.svg",
    "/display/<code>",
    "/display/<code>/simple",
    "/counter",
    "/desk",
    "/supervisor",
    "/supervisor/riwayat",
    "/supervisor/riwayat/langkah",
    "/admin",
    "/brand/<name>.png",
    "/styleguide",
    "/speech",
    "/media/<name>",
}

ARGUMENTS = {
    "<code:username>": "nobody",
    "<id:ticket>": "1",
    "<id:report>": "999",
    "<code:format>": "pdf",
    "<code:counter>": "NOWHERE",
    "<code:alert>": "NONE",
    "<room>": f"gerai:{GERAI}",
    "<code:token>": "nonesuch",
    "<id:override>": "999",
    "<code:code>": "NONE",
    "<code:enrolment>": "NONE22",
    "<code:display>": "TV1",
    "<id:job>": "999",
    "<code:printer>": "NONE",
    "<code:gerai>": "NONE",
    "<code:service>": "NONE",
    "<id:notice>": "999",
    "<id:medium>": "999",
}


def who(words: str) -> set[str]:
    found: set[str] = set()
    for word in words.split():
        found |= _SHORT.get(word, {word})
    return found


def path_of(rule: str) -> str:
    for argument, value in ARGUMENTS.items():
        rule = rule.replace(argument, value)
    assert "<" not in rule, f"no sample value for {rule}"
    return rule


def test_the_table_knows_every_route(hall: Hall) -> None:
    known = {f"{rule.split()[0]} /api/v1{rule.split()[1]}" for rule in EXPECTED}
    seen, outside = set(), set()
    for rule in hall.app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1"):
            seen |= {f"{method} {rule.rule}" for method in rule.methods - {"HEAD", "OPTIONS"}}
        elif not rule.endpoint.endswith("static"):
            assert rule.methods <= {"GET", "HEAD", "OPTIONS"}, rule
            outside.add(rule.rule)
    assert seen == known
    assert outside <= OUTSIDE, outside - OUTSIDE


def test_the_declared_roles_are_the_contract_s() -> None:
    assert {f"{row.method} {row.rule}": set(row.who) for row in ROUTES} == {
        rule: who(words) for rule, words in EXPECTED.items()
    }


@pytest.mark.parametrize("role", sorted(ALL))
def test_every_route_with_this_role(hall: Hall, role: str) -> None:
    """Refused before anything is looked at, or let through to be judged on its body."""
    visitor = hall.as_role(role)
    for rule, words in EXPECTED.items():
        method, path = rule.split()
        if rule in {"POST /logout", "POST /day/close"}:
            continue  # tried last: they end what the others need
        _try(visitor, method, path, role, who(words))
    for rule in ("POST /logout", "POST /day/close"):
        _try(visitor, "POST", rule.split()[1], role, who(EXPECTED[rule]))
        if role in PEOPLE:
            visitor = hall.as_role(role)


def _try(visitor: Visitor, method: str, path: str, role: str, allowed: set[str]) -> None:
    answer = visitor.get(path_of(path)) if method == "GET" else visitor.post(path_of(path), {})
    code = (answer.get_json(silent=True) or {}).get("code")
    told = f"{role}: {method} {path} -> {answer.status_code} {answer.text[:200]}"
    if role in allowed:
        assert code not in {"unauthenticated", "csrf", "password_change_required"}, told
        assert code != "forbidden" or path in {"/views/<room>"}, told
        assert answer.status_code < 500, told
    else:
        assert code == ("unauthenticated" if role == "anyone" else "forbidden"), told
        assert answer.status_code == (401 if role == "anyone" else 403), told


def test_looking_changes_nothing(hall: Hall) -> None:
    """Every GET, API and page, by everyone: not one row of any table differs afterwards."""
    ticket = hall.issue("look-1")
    visitors = [hall.as_role(role) for role in sorted(ALL)]
    browsers = [hall.browser(), hall.person(NAMES["officer"]), hall.screen("kiosk", "K1")]
    paths = [path_of(rule.split()[1]) for rule in EXPECTED if rule.startswith("GET")]
    paths += [f"/tickets/{ticket['id']}", f"/t/{ticket['token']}", f"/public/tickets/{ticket['token']}"]
    pages = ["/", "/api", "/openapi.json", "/healthz", "/readyz", "/metrics", "/kiosk/K1", "/display/TV1", "/counter"]
    hall.house.reports.written(hall.house.reports.unwritten())
    before = hall.rows()
    for visitor in visitors:
        for path in paths:
            assert visitor.get(path).status_code < 500, path
    for visitor in browsers:
        for path in pages:
            assert visitor.get(path).status_code == 200, path
    assert hall.rows() == before


ROOMS = {
    "kiosk:K1": "kiosk supervisor admin viewer cli",
    "display:TV1": "display supervisor admin viewer cli",
    f"gerai:{GERAI}": "officer receptionist supervisor admin viewer cli",
    "gerai:BPD": "receptionist supervisor admin viewer cli",
    "desk": "receptionist supervisor admin viewer cli",
    "floor": "supervisor admin cli",
    "floor:*": "supervisor admin viewer cli",
    f"floor:{GERAI}": "agency_head supervisor admin viewer cli",
    f"floor:BPD,{GERAI}": "supervisor admin viewer cli",
    "floor:BPD": "supervisor admin viewer cli",
}


@pytest.mark.parametrize("role", sorted(ALL - {"anyone"}))
def test_every_room_with_this_role(hall: Hall, role: str) -> None:
    visitor = hall.as_role(role)
    for room, words in ROOMS.items():
        answer = visitor.get(f"/views/{room}")
        expected = 200 if role in words.split() else 403
        assert answer.status_code == expected, f"{role} {room}: {answer.text[:200]}"
