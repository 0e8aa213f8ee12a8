"""An agency head is told of its own gerai alone, by every route and room that answers it at all.

Planted, each seen red and taken out: `own` left out of each of /services, /counters, /tickets and /tickets/ID;
the whole floor's exceptions in a part of it; the room of a part opened to a head of fewer gerai.
"""

from __future__ import annotations

import json
from datetime import date

from server.app import alerting, calendar, visits
from server.app.raised import Alert
from server.web.roles import AGENCY_HEAD, ROLES
from server.web.routes import ROUTES
from tests.web.hall import GERAI, NAMES, OTHER_GERAI, Hall, Visitor

#: what an agency head may read that names no gerai's work: settings, hours, rules, words and looks
HALL_WIDE = {"/me", "/overrides", "/policy", "/notices", "/branding", "/public/tickets/<code:token>", "/enrolments/<code:enrolment>"}
OF_ITS_OWN = {"/services", "/tickets", "/tickets/<id:ticket>", "/counters", "/views/<room>", "/reports/monthly", "/floor/last-hour",
              "/figures", "/figures/history", "/figures/legs", "/reports",
              "/reports/<id:report>/<code:format>"}


def head_of(hall: Hall) -> Visitor:
    return hall.person(NAMES[AGENCY_HEAD])


def test_every_route_for_an_agency_head_is_known_here() -> None:
    """A new one must say whose figures it tells."""
    reads = {row.rule for row in ROUTES if row.method == "GET" and AGENCY_HEAD in row.who}
    assert reads - HALL_WIDE - OF_ITS_OWN == set()


def test_lists_hold_its_own_gerai_only(hall: Hall) -> None:
    mine, theirs = hall.issue("t-1"), hall.issue("t-2", hall.service(OTHER_GERAI))
    head, chief = head_of(hall), hall.person(NAMES["supervisor"])
    for path in ("/services", "/counters"):
        assert {row["gerai"] for row in head.get(path).json["items"]} == {GERAI}
        assert OTHER_GERAI in {row["gerai"] for row in chief.get(path).json["items"]}
    assert {row["id"] for row in head.get("/tickets").json["items"]} == {mine["id"]}
    assert head.get(f"/tickets/{mine['id']}").status_code == 200
    refusal = head.get(f"/tickets/{theirs['id']}")
    assert (refusal.status_code, refusal.json["code"]) == (404, "unknown_ticket")


def test_of_a_visit_that_went_on_only_the_own_stop(hall: Hall) -> None:
    ticket = hall.issue("t-3")
    hall.act(visits.transfer_ticket, ticket=ticket["id"], service=hall.service(OTHER_GERAI), reason="salah gerai")
    told = head_of(hall).get(f"/tickets/{ticket['id']}").json
    assert [leg["service"] for leg in told["legs"]] == [ticket["service"]]
    assert told["token"] is None and ticket["token"] not in head_of(hall).get("/tickets").text
    assert (told["state"], told["gerai"], told["ahead"]) == ("transferred", GERAI, None)


def test_a_visitors_token_is_told_to_who_hands_it_over_only(hall: Hall) -> None:
    """Planted, each red: the officer among who hands over; the token to everybody; `told_to` left out of /tickets, of /tickets/ID, of an act."""
    made = hall.issue("t-6")
    token, path = made["token"], f"/tickets/{made['id']}"
    hand_over = {"kiosk", "receptionist", "api"}
    for role in sorted(ROLES):
        who = hall.as_role(role)
        paths = [row.rule.replace("<id:ticket>", str(made["id"])) for row in ROUTES if row.method == "GET" and role in row.who]
        seen = {one for one in paths if "<" not in one and token in who.get(one).text}
        assert seen <= ({"/tickets", path} if role in hand_over else set()), role
        assert (path in seen) == (role in hand_over), role
    for room in ("floor", "desk", f"gerai:{GERAI}", f"floor:{GERAI}", "kiosk:K1", "display:TV1"):
        assert token not in hall.as_role("cli").get(f"/views/{room}").text, room
    done = hall.person(NAMES["officer"]).post(f"{path}/priority", {"value": "lansia"}, key="t-6p")
    assert done.status_code == 200 and token not in done.text


def test_who_looks_on_cannot_count_by_officer(hall: Hall) -> None:
    """Planted, each red: `told_to` without its onlookers; a viewer in the room `floor`; the actor left in `floor:*` or a part of it;
    the officer left in `held`."""
    made = hall.issue("t-7")
    officer, counter = hall.person(NAMES["officer"]), hall.counter()
    officer.post(f"/counters/{counter}/open", {}, key="t-7o")
    assert officer.post(f"/counters/{counter}/pick", {"ticket": made["id"], "reason": "bayi"}, key="t-7p").status_code == 200
    officer.post(f"/counters/{counter}/start", {}, key="t-7s")
    officer.post(f"/counters/{counter}/hold", {}, key="t-7h")
    rooms = {"viewer": ("floor:*", f"gerai:{GERAI}", "desk", f"floor:{GERAI}"), "agency_head": (f"floor:{GERAI}",), "supervisor": ()}
    for role, own in rooms.items():
        who = hall.person(NAMES[role])
        told = NAMES["officer"] if role == "supervisor" else None
        listed = next(row for row in who.get("/tickets").json["items"] if row["id"] == made["id"])
        assert [row["legs"][0]["officer"] for row in (listed, who.get(f"/tickets/{made['id']}").json)] == [told, told], role
        for room in own:
            data = who.get(f"/views/{room}").json["data"]
            places = [data, *data["gerai"]] if isinstance(data["gerai"], list) else [data]
            assert {leg["officer"] for place in places for name in ("held", "missed") for leg in place.get(name, ())} <= {None}, room
            assert {row["actor"] for row in data.get("exceptions", ())} <= {None}, room
    assert hall.person(NAMES["viewer"]).get("/views/floor").status_code == 403
    seen = hall.person(NAMES["supervisor"]).get("/views/floor").json["data"]["exceptions"]
    assert f"user:{NAMES['officer']}" in {row["actor"] for row in seen}


def test_its_part_of_the_floor_holds_nothing_of_another(hall: Hall) -> None:
    """Planted: only a gerai's own closing told, not its service's nor the whole hall's -> red."""
    hall.issue("t-4")
    other = hall.issue("t-5", hall.service(OTHER_GERAI))
    hall.act(visits.set_priority, ticket=other["id"], value="lansia", reason="RAHASIA")
    day = other["business_date"]
    services = {target: hall.service(target) for target in (GERAI, OTHER_GERAI)}
    for target in (GERAI, OTHER_GERAI):
        hall.act(calendar.set_override, scope="gerai", target=target, kind="closed", date_from=date.fromisoformat(day), reason=f"tutup {target}")
    for gerai, service in services.items():
        hall.act(calendar.set_override, scope="service", target=service, kind="closed", date_from=date.fromisoformat(day), reason=f"habis {gerai}")
    hall.act(calendar.set_override, scope="site", kind="holiday", date_from=date(2099, 1, 1), reason="libur semua")
    alerts = [Alert("wait_over", None, {"gerai": code, "service": "x"}, f"x-{code}", code) for code in (GERAI, OTHER_GERAI)]
    hall.act(alerting.flip, raised=alerts, ended=[])
    head = head_of(hall)
    view = head.get(f"/views/floor:{GERAI}").json["data"]
    assert [row["code"] for row in view["gerai"]] == [GERAI]
    assert [row["number"] for row in view["gerai"][0]["line"]]
    assert {row["key"] for row in view["alerts"]} == {f"wait_over.x-{GERAI}"}
    text = json.dumps(view)
    assert f"tutup {OTHER_GERAI}" not in text and f"habis {OTHER_GERAI}" not in text
    record = " ".join(row["text"] for row in view["exceptions"])
    assert all(reason in record for reason in (f"tutup {GERAI}", f"habis {GERAI}", "libur semua"))
    assert "RAHASIA" not in text and other["number"] not in text
    for room in ("floor", f"floor:{OTHER_GERAI}", f"floor:{','.join(sorted((GERAI, OTHER_GERAI)))}", f"gerai:{GERAI}", "desk"):
        assert head.get(f"/views/{room}").status_code == 403, room
