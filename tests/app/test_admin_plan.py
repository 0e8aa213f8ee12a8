"""Editing the plan row by row, two administrators at once, archiving, and the exported file.

Planted: `as_it_was` left out of edit_service -> test_the_second_administrator_is_told red. The promise changed under
the old version's name -> test_another_promise... red. `_must_be_empty` left out -> test_what_is_in_use_stays red. Hours
not written by `_service` of plan_toml -> test_the_exported_file... red. A counter's list not cleaned -> test_a_restored... red.
Planted: `_serving_again` left out -> test_a_restored_service... red; `went` not looked at -> test_a_service_archived... red.
Planted: Fridays without the prayer's break -> test_fridays_without_a_break_get_one red.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from config.floor import floor_path, read_floor
from server.app import calendar, floors, plan_edits, plan_rows
from server.app.plan_toml import plan_toml
from tests.app.small_hall import IKD, KK, KTP, NIB, SmallHall

ADMIN = "pengawas"  # the act asks for no role; the door does
SERVICE = {"service": KTP}


def row(hall: SmallHall, table: str, code: str) -> dict[str, Any]:
    plan = hall.read(plan_rows.read_plan)
    return dict(next(one for one in plan[table] if one["code"] == code))


def edit(hall: SmallHall, **given: Any) -> dict[str, Any]:
    version = given.pop("version", None) or row(hall, "services", KTP)["version"]
    return hall.say(hall.person(ADMIN), plan_edits.edit_service, **SERVICE, version=version, **given)


def test_an_edit_is_in_force_and_in_the_log(hall: SmallHall) -> None:
    """Texts, quota and hours at once; codes stay; the event says who and what, before and after."""
    hours = {"mon": [["08:00", "12:00"], ["13:00", "15:00"]]}
    told = edit(hall, name="KTP baru", quota=7, hours=hours, requirements=["KTP lama"], cost="Gratis")
    assert (told["code"], told["name"]["id"], told["quota"]) == (KTP, "KTP baru", 7)
    plan = hall.read(lambda work: work.floors.current()).services[KTP]
    assert (plan.name["id"], plan.quota, plan.requirements) == ("KTP baru", 7, ("KTP lama",))
    assert plan.hours is not None and plan.hours[0] == ((480, 720), (780, 900)) and plan.hours[1] == ()
    event = hall.events("ServiceChanged")[-1]
    assert (event.actor, event.service) == ("user:pengawas", KTP)
    assert event.data["changed"]["quota"] == [None, 7]


def test_an_edit_that_changes_nothing_is_no_event(hall: SmallHall) -> None:
    before = row(hall, "services", KTP)
    assert edit(hall, cost=before["cost"])["version"] == before["version"]
    assert hall.events("ServiceChanged") == []


def test_the_second_administrator_is_told(hall: SmallHall) -> None:
    """Who was faster and when; nothing of the second is kept; another row is nobody's business."""
    seen, other = row(hall, "services", KTP)["version"], row(hall, "services", KK)["version"]
    edit(hall, cost="Rp 1.000", version=seen)
    facts = hall.refused(
        "changed_meanwhile", hall.person("ani"), plan_edits.edit_service, **SERVICE, version=seen, cost="Rp 2.000"
    )
    assert facts["by"] == "user:pengawas" and facts["at"]
    assert row(hall, "services", KTP)["cost"] == "Rp 1.000"
    hall.say(hall.person("ani"), plan_edits.edit_service, service=KK, version=other, cost="Rp 3.000")


def test_a_loaded_plan_is_told_too(hall: SmallHall) -> None:
    seen = row(hall, "services", KTP)["version"]
    plan = hall.read(lambda work: work.floors.plan())
    next(one for one in plan["services"] if one["code"] == KTP)["cost"] = "Rp 9.000"
    hall.system(floors.load_floor, plan=plan)
    facts = hall.refused(
        "changed_meanwhile", hall.person(ADMIN), plan_edits.edit_service, **SERVICE, version=seen, cost="Rp 2.000"
    )
    assert facts["by"] == "cli:test"


def test_another_promise_is_another_standard(hall: SmallHall) -> None:
    """A ticket's frozen promise can always be found under its standard's version."""
    version = row(hall, "services", KTP)["version"]
    facts = hall.refused(
        "invalid", hall.person(ADMIN), plan_edits.edit_service, **SERVICE, version=version, wait_min=45
    )
    assert facts["field"] == "standard_version"
    before = hall.take()
    told = edit(hall, wait_min=45, standard_version="SK 12/2026")
    assert told["standard"]["wait_s"] == 45 * 60
    after = hall.take()
    frozen = [hall.leg(one["id"]).standard_version for one in (before, after)]
    assert frozen[0] != frozen[1] == "SK 12/2026"


def test_hours_out_of_order_are_refused(hall: SmallHall) -> None:
    version = row(hall, "gerai", "DKC")["version"]
    for spans in ([["12:00", "08:00"]], [["08:00", "12:00"], ["11:00", "15:00"]], [["08:00", "08:00"]]):
        facts = hall.refused(
            "invalid", hall.person(ADMIN), plan_edits.edit_gerai, gerai="DKC", version=version, hours={"tue": spans}
        )
        assert facts["field"] == "hours.tue"


def test_what_is_in_use_stays(hall: SmallHall) -> None:
    """Somebody waits, then a counter is open: neither the service nor the gerai leaves the plan."""
    hall.take()
    ask, gone = hall.person(ADMIN), {"version": row(hall, "services", KTP)["version"]}
    hall.refused("still_used", ask, plan_edits.archive_service, **SERVICE, **gone)
    hall.opened("dewi", "PTSP-1")
    whole = {"gerai": "PTSP", "version": row(hall, "gerai", "PTSP")["version"]}
    hall.refused("still_used", ask, plan_edits.archive_gerai, **whole)


def test_a_service_is_archived_and_brought_back(hall: SmallHall) -> None:
    before = row(hall, "services", KTP)
    hall.say(hall.person(ADMIN), plan_edits.archive_service, **SERVICE, version=before["version"])
    hall.refused("unknown_service", hall.kiosk(), plan_edits.restore_service, service="NONE")
    assert KTP not in hall.read(lambda work: work.floors.current()).services
    assert [one["code"] for one in hall.read(plan_rows.read_plan)["archived"]["services"]] == [KTP]
    hall.say(hall.person(ADMIN), plan_edits.restore_service, **SERVICE)
    assert row(hall, "services", KTP)["version"] == before["version"]
    assert hall.take()["service"] == KTP


def test_a_restored_service_is_served_again(hall: SmallHall) -> None:
    """By the counters that named it, as the exported file asks of every service."""
    plan = hall.read(plan_rows.plan_of)
    for one in plan["counters"]:
        if one["gerai"] == "DKC":
            one["services"] = [KTP, KK, IKD] if one["code"] == "DKC-1" else [KK, IKD]
    hall.system(floors.load_floor, plan=plan)
    hall.say(hall.person(ADMIN), plan_edits.archive_service, **SERVICE, version=row(hall, "services", KTP)["version"])
    hall.say(hall.person(ADMIN), plan_edits.restore_service, **SERVICE)
    after = hall.read(plan_rows.plan_of)
    assert [one["code"] for one in after["counters"] if KTP in (one["services"] or ())] == ["DKC-1"]
    assert read_floor(plan_toml(after)).as_data() == after


def test_a_service_archived_before_its_gerai_stays_archived(hall: SmallHall) -> None:
    hall.say(hall.person(ADMIN), plan_edits.archive_service, service=NIB, version=row(hall, "services", NIB)["version"])
    hall.say(hall.person(ADMIN), plan_edits.archive_gerai, gerai="PTSP", version=row(hall, "gerai", "PTSP")["version"])
    hall.say(hall.person(ADMIN), plan_edits.restore_gerai, gerai="PTSP")
    assert [one["code"] for one in hall.read(plan_rows.read_plan)["archived"]["services"]] == [NIB]


def test_a_gerai_goes_with_all_it_has_and_comes_back(hall: SmallHall) -> None:
    before = hall.read(lambda work: work.floors.plan())
    hall.say(hall.person(ADMIN), plan_edits.archive_gerai, gerai="PTSP", version=row(hall, "gerai", "PTSP")["version"])
    floor = hall.read(lambda work: work.floors.current())
    assert NIB not in floor.services and "PTSP-1" not in floor.counters
    hall.say(hall.person(ADMIN), plan_edits.restore_gerai, gerai="PTSP")
    after = hall.read(lambda work: work.floors.plan())
    for table in ("gerai", "services", "counters"):
        key = sorted(after[table], key=lambda one: str(one["code"]))
        assert key == sorted(before[table], key=lambda one: str(one["code"]))


def test_the_last_service_of_a_gerai_stays(hall: SmallHall) -> None:
    services = [one["code"] for one in hall.read(plan_rows.read_plan)["services"] if one["gerai"] == "PTSP"]
    for code in services[:-1]:
        hall.say(hall.person(ADMIN), plan_edits.archive_service, service=code, version=row(hall, "services", code)["version"])
    last = {"service": services[-1], "version": row(hall, "services", services[-1])["version"]}
    hall.refused("last_service", hall.person(ADMIN), plan_edits.archive_service, **last)


def test_the_exported_file_is_the_plan(hall: SmallHall) -> None:
    """Export, check, load: nothing changes; after edits of every kind too."""
    edit(hall, name='Rekam "KTP" \\ cepat', name_en="", quota=9, hours={"fri": [["08:00", "11:30"], ["13:00", "24:00"]]})
    hall.policy(priority_ratio=3, max_wait_guard_s=1800)
    hall.say(hall.person(ADMIN), plan_edits.archive_service, service=KK, version=row(hall, "services", KK)["version"])
    plan = hall.read(plan_rows.plan_of)
    again = read_floor(plan_toml(plan)).as_data()
    assert again == plan
    told = hall.system(floors.load_floor, plan=again).body
    assert told == {"added": [], "changed": [], "archived": []}


def test_fridays_without_a_break_get_one(hall: SmallHall) -> None:
    plan = hall.read(plan_rows.plan_of)
    plan["hours"]["fri"] = [["08:00", "15:30"]]
    hall.system(floors.load_floor, plan=plan)
    span = {"date_from": date(2026, 11, 5), "date_to": date(2026, 11, 7), "reason": "Salat Jumat"}
    items = hall.say(hall.person(ADMIN), calendar.set_preset, preset="friday", **span)["items"]
    assert [(one["from"], one["to"], one["intervals"]) for one in items] == [
        ("2026-11-06", "2026-11-06", [["08:00", "11:30"], ["13:00", "15:30"]])
    ]


@pytest.mark.parametrize("name", ["kota-kupang", "lampung-timur"])
def test_the_packaged_plans_go_round(name: str) -> None:
    plan = read_floor(floor_path(name)).as_data()
    assert read_floor(plan_toml(plan)).as_data() == plan
