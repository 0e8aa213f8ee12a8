"""Loading floor plans, the rules a supervisor sets, and overrides of the hours.

Planted: `_freeze_today` left out -> test_a_changed_prefix... red.
Planted: `_archive` deleting rows -> test_what_is_gone... red.
Planted: the site's code not compared -> test_another_sites_plan... red.
"""

import json
from datetime import date
from typing import Any

import pytest

from server.app import calendar, calling, floors, issuing
from server.storage.unit import Unit
from tests.app.small_hall import IKD, KK, KTP, NIB, SmallHall, row_of, small_plan
from tests.storage.raw import opened


def load(hall: SmallHall, plan: dict[str, Any]) -> dict[str, Any]:
    return dict(hall.system(floors.load_floor, plan=plan).body or {})


def test_the_same_plan_again_changes_nothing(hall: SmallHall) -> None:
    seq = hall.events()[-1].seq
    assert load(hall, small_plan()) == {"added": [], "changed": [], "archived": []}
    assert hall.events()[-1].seq == seq


def test_another_sites_plan_is_refused(hall: SmallHall) -> None:
    plan = small_plan()
    plan["site"]["code"] = "LAMTIM"
    before = hall.rows("SELECT * FROM site")
    assert hall.refused("site_mismatch", hall.person("pengawas"), floors.load_floor, plan=plan) == {
        "site": "KUPANG", "given": "LAMTIM",
    }
    assert hall.rows("SELECT * FROM site") == before


def test_what_is_gone_is_archived_and_may_come_back(hall: SmallHall) -> None:
    told, whole = hall.take(KK), small_plan()
    plan = small_plan()
    plan["services"] = [row for row in plan["services"] if row["code"] != KK]
    assert load(hall, plan)["archived"] == [f"service:{KK}"]
    hall.refused("unknown_service", hall.kiosk(), issuing.issue, service=KK)
    assert hall.rows("SELECT archived_at IS NOT NULL FROM service WHERE code = ?", KK) == [(1,)]
    assert hall.ticket(told["id"]).service == KK
    assert hall.events("FloorLoaded")[-1].data["archived"] == [f"service:{KK}"]
    assert f"service:{KK}" in load(hall, whole)["changed"]
    assert hall.take(KK)["number"] == "B-002"


def test_people_devices_and_overrides_are_not_touched(hall: SmallHall) -> None:
    hall.open_all_day()
    tables = ("person", "person_gerai", "device", "printer", "calendar_override")
    before = [hall.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]
    plan = small_plan()
    row_of(plan, "services", KTP)["quota"] = 5
    load(hall, plan)
    assert [hall.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables] == before
    hall.at("23:00", day=8)
    assert hall.take(KTP)["number"] == "B-001"


@pytest.mark.parametrize("given_today", [True, False])
def test_a_changed_prefix_takes_effect_on_the_next_date(hall: SmallHall, given_today: bool) -> None:
    if given_today:
        assert hall.take()["number"] == "B-001"
    plan = small_plan()
    row_of(plan, "series", "DKC").update(prefix="DK", first=100)
    load(hall, plan)
    assert hall.take()["number"] == ("B-002" if given_today else "B-001")
    hall.at("08:00", day=4)
    assert hall.take()["number"] == "DK-100"


def test_two_series_that_swap_prefixes_never_share_a_number(hall: SmallHall) -> None:
    assert [hall.take(KTP)["number"], hall.take(NIB)["number"]] == ["B-001", "A-001"]
    plan = small_plan()
    row_of(plan, "series", "DKC")["prefix"] = "A"
    row_of(plan, "series", "PTSP")["prefix"] = "B"
    load(hall, plan)
    assert [hall.take(KTP)["number"], hall.take(NIB)["number"]] == ["B-002", "A-002"]
    hall.at("08:00", day=4)
    assert [hall.take(KTP)["number"], hall.take(NIB)["number"]] == ["A-001", "B-001"]


def test_a_new_series_waits_for_a_prefix_that_is_on_todays_papers(hall: SmallHall) -> None:
    assert hall.take(KTP)["number"] == "B-001"
    plan = small_plan()
    row_of(plan, "series", "DKC")["prefix"] = "Z"
    plan["series"].append({**row_of(plan, "series", "PTSP"), "code": "BARU", "prefix": "B"})
    row_of(plan, "services", NIB)["series"] = "BARU"
    load(hall, plan)
    assert hall.refused("closed", hall.kiosk(), issuing.issue, service=NIB)["reason"] == "prefix_in_use"
    assert hall.take(KTP)["number"] == "B-002"
    hall.at("08:00", day=4)
    assert [hall.take(NIB)["number"], hall.take(KTP)["number"]] == ["B-001", "Z-001"]


def test_a_commit_that_failed_is_forgotten_by_the_memory_too(hall: SmallHall) -> None:
    """The floor and calendar kept in memory follow the database, not acts whose commit failed after them."""
    boss = hall.person("pengawas")

    def change(ratio: int, kind: str) -> Unit:
        def unit(work: Any) -> tuple[int, list[str]]:
            floors.set_policy(work, boss, priority_ratio=ratio)
            calendar.set_override(work, boss, scope="site", kind=kind, date_from=date(2026, 11, 3), reason="x")
            return work.floors.current().policy.priority_ratio, [row.kind for row in work.floors.overrides()]

        return unit

    def fail_at_commit(work: Any) -> None:
        work.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        work.connection.exec_driver_sql("INSERT INTO span (leg, kind, from_at, to_at) VALUES (999, 'held', 1, 2)")

    assert [ok for ok, _ in hall.writer.run_batch([change(9, "closed"), fail_at_commit])] == [False, False]
    # The next act gets the very seq, and so the version, that the failed one had.
    assert hall.writer.run_batch([change(7, "open")]) == [(True, (7, ["open"]))]


def test_policies_change_one_by_one(hall: SmallHall) -> None:
    answer = hall.say(hall.person("pengawas"), floors.set_policy, priority_ratio=1, max_calls=None)
    assert (answer["priority_ratio"], answer["max_calls"], answer["put_back_places"]) == (1, 5, 3)
    event = hall.events("PolicySet")[-1]
    assert (event.actor, event.data) == ("user:pengawas", {"changed": {"priority_ratio": 1}})
    hall.restart()
    assert hall.read(lambda work: work.floors.current().policy.priority_ratio) == 1


def test_an_override_lasts_its_dates(hall: SmallHall) -> None:
    run = {"scope": "site", "kind": "holiday", "date_from": date(2026, 11, 4), "date_to": date(2026, 11, 5)}
    made = hall.say(hall.person("pengawas"), calendar.set_override, **run, reason="libur")
    assert (made["from"], made["to"], made["by"]) == ("2026-11-04", "2026-11-05", "user:pengawas")
    for day, reason in ((4, "holiday"), (5, "holiday")):
        hall.at("09:00", day)
        assert hall.refused("closed", hall.kiosk(), issuing.issue, service=KTP)["reason"] == reason
    hall.at("09:00", day=6)
    assert hall.take()["number"] == "B-001"


def test_an_override_of_a_service_and_of_hours(hall: SmallHall) -> None:
    run = {"kind": "open", "date_from": date(2026, 11, 3), "intervals": [["18:00", "20:00"]], "reason": "malam"}
    hall.say(hall.person("pengawas"), calendar.set_override, scope="service", target=IKD, **run)
    assert hall.refused("closed", hall.kiosk(), issuing.issue, service=IKD)["reason"] == "before_opening"
    hall.at("18:30")
    assert hall.take(IKD)["number"] == "B-001"
    hall.refused("closed", hall.kiosk(), issuing.issue, service=KTP)


def test_overrides_that_make_no_sense(hall: SmallHall) -> None:
    boss, run = hall.person("pengawas"), {"kind": "open", "date_from": date(2026, 11, 3), "reason": "x"}
    hall.refused("unknown_gerai", boss, calendar.set_override, scope="gerai", target="NOPE", **run)
    hall.refused("unknown_service", boss, calendar.set_override, scope="service", target=None, **run)
    for intervals in ([["12:00", "11:00"]], [["08:00", "12:00"], ["11:00", "13:00"]], [["08:00", "25:00"]]):
        hall.refused("invalid", boss, calendar.set_override, scope="site", intervals=intervals, **run)
    backwards = {**run, "date_to": date(2026, 11, 2)}
    hall.refused("invalid", boss, calendar.set_override, scope="site", **backwards)
    hall.refused("unknown_override", boss, calendar.end_override, override=5)
    made = hall.say(boss, calendar.set_override, scope="site", **run)
    hall.say(boss, calendar.end_override, override=made["id"])
    hall.refused("already_ended", boss, calendar.end_override, override=made["id"])


def test_who_waits_for_an_archived_service_is_still_called(hall: SmallHall) -> None:
    told = hall.take(KK)
    ani = hall.opened()
    plan = small_plan()
    plan["services"] = [row for row in plan["services"] if row["code"] != KK]
    load(hall, plan)
    assert hall.say(ani, calling.call_next, counter="DKC-1")["ticket"]["id"] == told["id"]
    assert hall.say(ani, calling.finish, counter="DKC-1")["leg"]["service_name"] == {"id": KK, "en": KK}


def test_a_rule_of_a_newer_release_is_passed_over_and_stays(hall: SmallHall) -> None:
    """A release that was put back reads and changes the rules without it (P14). Planted: the rules built from all keys -> red."""
    with opened(hall.path) as database:
        [(text,)] = database.execute("SELECT data FROM site").fetchall()
        data = json.loads(text)
        data["policy"]["tomorrow"] = 7
        database.execute("UPDATE site SET data = ?", (json.dumps(data),))
    hall.restart()
    told = hall.system(floors.set_policy, max_calls=4).body
    assert told is not None and told["max_calls"] == 4 and told["tomorrow"] == 7
    assert hall.read(floors.policy_of)["max_calls"] == 4
