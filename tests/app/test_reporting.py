"""The monthly report's shape, its edges, and what it says where there is nothing to say; its figures are held in test_figures.py.

Planted: a promise that ends a second early -> test_within_the_standard_to_the_second red; nights counted as downtime ->
test_downtime_is_counted_while_the_hall_was_open red; how devices stood before the month forgotten -> test_the_months_devices_are_the_logs
red; services that are gone left out, told by their code or without their promise -> test_what_is_gone_keeps_its_history red; dates before the
first business day counted as 0 -> test_a_period_without_a_record red; a month without a visitor taken for one without a record ->
test_an_empty_month_shows_no_invented_figures red.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from server.app import calling, clockwork, counters, days, devices, dossiers, floors, visits
from server.app.definitions import NOT_RECORDED
from server.app.downtime import downtime
from server.app.months import month_of
from server.app.report_periods import period_of
from server.domain.events import Event
from tests.app.small_hall import KK, KTP, NIB, row_of, small_plan

COUNTS = "issued called served no_show cancelled expired transferred_in transferred_out".split()


def report(hall, gerai=None, form="monthly", period="2026-11"):
    found = hall.read(lambda work: month_of(work, period_of(form, period), gerai))
    json.dumps(found, allow_nan=False)
    return found


def figures_in(part):
    """Each value within, but for the bounds of the classes."""
    if isinstance(part, dict):
        part = [value for name, value in part.items() if name != "to_s"]
    return [told for one in part for told in figures_in(one)] if isinstance(part, list) else [part]


def test_a_period_without_a_record(hall):
    """Before the first business day, after the newest event, and where there is neither."""
    assert report(hall, period="2026-10")["recorded"] == {"known": False, "first": None, "last": None}
    hall.take()
    for period in ("2026-10", "2026-12"):
        found = report(hall, period=period)
        assert found["recorded"] == {"known": False, "first": "2026-11-03", "last": "2026-11-03"}
        assert {told for name in ("totals", "hours", "unmet") for told in figures_in(found[name])} == {NOT_RECORDED}
        assert {told for row in found["services"] for told in figures_in([row[name] for name in (*COUNTS, "wait", "unmet")])} == {NOT_RECORDED}
        assert {row["code"] for row in found["quality"]} == {"not_recorded"}
    issued = [row["issued"] for row in report(hall)["days"]]
    assert issued == [NOT_RECORDED] * 2 + [1] + [NOT_RECORDED] * 27


def test_an_empty_month_shows_no_invented_figures(hall):
    """Within the hall's life; nobody came."""
    hall.take()
    hall.now += timedelta(days=62)
    hall.take()
    found = report(hall, period="2026-12")
    assert found["recorded"]["known"] and {row["issued"] for row in found["days"]} == {0}
    assert found["totals"]["issued"] == 0
    assert found["totals"]["wait"] == found["totals"]["stay"] == {"n": 0, "mean": None, "median": None, "p90": None, "max": None}
    assert found["totals"]["throughput"]["per_hour"] is None, "it is known that no counter was open"
    assert found["totals"]["occupancy"]["share"] is None
    assert len(found["services"]) == 5 and len(found["gerai"]) == 2
    assert (found["zones"], found["heat"], found["hour_profile"], found["devices"]) == ([], [], [], [])
    unknown = [row for row in found["quality"] if row["code"] == "not_recorded"]
    assert unknown and all(NOT_RECORDED in row["text"] and row["n"] is None for row in unknown)


def test_the_shape_of_the_contract(hall):
    """DESIGN section 7; additions are free."""
    hall.take()
    found = report(hall)
    wanted = "month site timezone definitions_version totals services gerai days hours unmet exceptions quality closed_days definitions"
    assert set(found) >= set(wanted.split())
    assert set(found["services"][0]) >= {*COUNTS, "gerai", "service", "wait", "service_time", "within_standard"}
    assert set(found["totals"]) >= set("visits legs no_show_share abandoned stay throughput occupancy channels modes priorities".split())
    assert all(text.endswith(".") for text in found["definitions"].values())
    assert [row["date"] for row in found["days"]] == [f"2026-11-{n:02d}" for n in range(1, 31)]
    assert (found["totals"]["channels"], found["totals"]["priorities"]) == ({"kiosk": 1}, {"umum": 1})


def test_within_the_standard_to_the_second(hall):
    """Called in the promise's last second, and in the next one; left then; closed over; doubted."""
    promise = row_of(small_plan(), "services", KTP)["standard"]["wait_s"]
    supervisor, ani = hall.person("pengawas"), hall.opened()
    for more_ms, call in ((999, True), (1000, True), (999, False), (1000, False)):
        ticket = hall.take()["id"]
        hall.later(seconds=promise, milliseconds=more_ms)
        if call:
            hall.say(ani, calling.call_next, counter="DKC-1")
            hall.say(ani, calling.finish, counter="DKC-1")
        else:
            hall.say(supervisor, visits.cancel, ticket=ticket)
    hall.take()
    hall.say(supervisor, clockwork.confirm_clock)  # its wait is doubted, and the day closes over it
    hall.take()
    hall.say(supervisor, days.close_now)
    row = next(row for row in report(hall)["services"] if row["service"] == KTP)
    assert row["within_standard"] == {"n": 1, "of": 4}
    assert (row["expired"], row["cancelled"], row["wait"]["n"]) == (2, 2, 2)
    assert row["service_time"]["n"] == 0  # nobody pressed Mulai


def test_a_visit_over_two_gerai_is_one_of_each(hall):
    ani, dewi = hall.opened(), hall.opened("dewi", "PTSP-1")
    hall.take()
    for ask, counter in ((ani, "DKC-1"), (dewi, "PTSP-1")):
        hall.later(seconds=60)
        hall.say(ask, calling.call_next, counter=counter)
        hall.say(ask, calling.start, counter=counter)
        hall.later(seconds=100)
        if ask is ani:
            hall.say(ask, visits.transfer_from_counter, counter=counter, service=NIB)
    hall.say(dewi, calling.finish, counter="PTSP-1")
    whole, own = report(hall), report(hall, frozenset({"PTSP"}))
    assert (whole["totals"]["visits"], whole["totals"]["stay"]["max"]) == (1, 320)
    assert (own["totals"]["visits"], own["totals"]["issued"], own["totals"]["stay"]["n"]) == (1, 0, 0)
    assert [row["transferred_in"] for row in own["services"] if row["service"] == NIB] == [1]
    assert own["exceptions"] == [] and [row["type"] for row in whole["exceptions"]] == ["FloorLoaded", "TicketTransferred"]


def test_an_agencys_own_report(hall):
    """The same rows as in the whole report, and nothing of anybody else."""
    for service in (KTP, KK, NIB, KTP):
        hall.take(service)
    hall.opened()
    hall.opened("dewi", "PTSP-1")
    whole, own = report(hall), report(hall, frozenset({"DKC"}))
    for name in ("services", "gerai"):
        assert own[name] == [row for row in whole[name] if row["gerai"] == "DKC"]
    for name in COUNTS:
        assert own["totals"][name] == sum(row[name] for row in own["services"]) == own["days"][2][name]
    assert sum(map(sum, own["hours"])) == own["totals"]["issued"] == 3
    assert "PTSP" not in json.dumps([own["agencies"], own["zones"], own["gerai"], own["services"], own["exceptions"]])
    assert report(hall, frozenset())["services"] == []


def test_exceptions_and_heads(hall):
    """P4 and P15: who and why, and the head of each closed day; a first slip is no exception."""
    ani = hall.opened()
    ticket = hall.take()["id"]
    hall.say(ani, calling.pick, counter="DKC-1", ticket=ticket, reason="terburu-buru")
    hall.say(hall.person("pengawas"), visits.reprint, ticket=ticket)
    hall.say(hall.person("pengawas"), days.close_now)
    found = report(hall)
    told = [(row["type"], row["actor"], row["reason"]) for row in found["exceptions"]]
    assert [row[0] for row in told] == ["FloorLoaded", "TicketPicked", "SlipQueued", "DayClosed"]
    assert told[1] == ("TicketPicked", "user:ani", "terburu-buru")
    assert found["exceptions"][1]["at"] == "2026-11-03T00:00:00.000Z"
    assert (found["exception_counts"]["picks"], found["exception_counts"]["reprints"]) == (1, 1)
    (closed,) = found["closed_days"]
    assert closed["date"] == "2026-11-03" and len(closed["head"]) == 64
    assert [row["head"] for row in found["days"]][:4] == [None, None, closed["head"], None]


def test_what_is_gone_keeps_its_history(hall):
    hall.take(NIB)
    hall.say(hall.person("pengawas"), days.close_now)
    plan = small_plan()
    names = {"gerai": row_of(plan, "gerai", "PTSP")["name"], "agency": row_of(plan, "agencies", "PTSP")["name"], "service": row_of(plan, "services", NIB)["name"]["id"]}
    for name in ("gerai", "services", "counters", "series", "agencies"):
        plan[name] = [row for row in plan[name] if "PTSP" not in (row["code"], row.get("gerai"))]
    row_of(plan, "services", KTP)["name"]["id"] = "Nama baru"
    hall.system(floors.load_floor, plan=plan)
    found = report(hall)
    row = found["services"][-1]
    assert (row["service"], row["gerai"], row["issued"], row["expired"]) == (NIB, "PTSP", 1, 1)
    assert [row["gerai"] for row in found["gerai"]] == ["DKC", "PTSP"]
    assert [row["code"] for row in found["agencies"]] == ["PTSP"]
    told = (row["gerai_name"], row["service_name"], found["gerai"][-1]["name"], found["agencies"][0]["name"])
    assert told == (names["gerai"], names["service"], names["gerai"], names["agency"])
    assert "Nama baru" in [row["service_name"] for row in found["services"]]
    november = period_of("monthly", "2026-11")
    facts = hall.read(dossiers.gather, period=november, gerai=frozenset({"PTSP"}), number="", revision=None, made_on=november.last)["facts"]
    promised = row_of(small_plan(), "services", NIB)["standard"]
    assert facts["standards"] == {NIB: {name: promised[name] for name in ("wait_s", "service_s", "version")}}
    assert (facts["agencies"], facts["scope"]) == ({"PTSP": names["agency"]}, [names["gerai"]])


def test_a_removed_priority_counts_with_everybody(hall):
    supervisor = hall.person("pengawas")
    for _ in range(2):
        ticket = hall.take(priority="lansia")["id"]
    hall.say(supervisor, visits.set_priority, ticket=ticket, value="umum")
    found = report(hall)
    assert found["totals"]["priorities"] == {"lansia": 1, "umum": 1}
    assert found["exception_counts"]["priority_removed"] == 1


def test_open_sessions_and_pauses(hall):
    ani = hall.opened()
    hall.opened("dewi", "PTSP-1")
    hall.later(minutes=30)
    hall.say(ani, counters.pause, counter="DKC-1", reason="istirahat")
    hall.later(minutes=10)
    hall.say(ani, counters.close_counter, counter="DKC-1")
    found = report(hall)
    assert {row["gerai"]: row["throughput"]["open_s"] for row in found["gerai"]} == {"DKC": 1800, "PTSP": 2400}
    assert {row["code"]: row["n"] for row in found["quality"]}["sessions_open"] == 1


def minute(n):
    return datetime(2026, 11, 3, tzinfo=UTC) + timedelta(minutes=n)


def flip(type_, at, **data):
    return Event(type_, minute(at), "system", data=data)


def test_downtime_is_counted_while_the_hall_was_open():
    """Open from minute 0 to 100 and 200 to 300. Out before, over night, twice at once, and still."""
    open_days = [(minute(0), minute(100)), (minute(200), minute(300))]
    flips = [
        flip("DeviceDown", -50, code="K1", kind="kiosk"),
        flip("DeviceUp", 10, code="K1", kind="kiosk"),
        flip("DeviceDown", 90, code="K1", kind="kiosk"),
        flip("DeviceUp", 205, code="K1", kind="kiosk"),
        flip("DisplayFlipped", 20, code="TV1", condition="mute", audio="locked"),
        flip("DeviceDown", 25, code="TV1", kind="display"),
        flip("DeviceUp", 40, code="TV1", kind="display"),
        flip("DisplayFlipped", 30, code="TV1", condition="stale", audio=None),
        flip("DisplayFlipped", 35, code="TV1", condition="live", audio="ok"),
        flip("PrinterChanged", 50, printer="P1", state="paper_low", cause=None),
        flip("PrinterChanged", 295, printer="P1", state="paper_out", cause=None),
        flip("DeviceDown", 120, code="K2", kind="kiosk"),
        flip("DeviceUp", 180, code="K2", kind="kiosk"),
    ]
    assert downtime(flips, open_days) == [
        {"code": "TV1", "kind": "display", "down_s": 1200, "causes": {
            "down": {"s": 900, "times": 1}, "mute": {"s": 600, "times": 1}, "stale": {"s": 300, "times": 1}}},
        {"code": "K1", "kind": "kiosk", "down_s": 1500, "causes": {"down": {"s": 1500, "times": 1}}},
        {"code": "P1", "kind": "printer", "down_s": 300, "causes": {"paper_out": {"s": 300, "times": 1}}},
    ]  # fmt: skip


def test_the_months_devices_are_the_logs(hall):
    """Down before the month began, and up in it."""
    hall.at("08:00", 2)
    hall.now -= timedelta(days=2)
    hall.system(devices.flip, code="K1", state="up")
    hall.system(devices.flip, code="K1", state="down")
    hall.at("09:00")
    hall.take()
    hall.later(minutes=7)
    hall.system(devices.flip, code="K1", state="up")
    hall.later(minutes=3)
    hall.system(devices.flip, code="K1", state="down")
    hall.later(minutes=2)
    hall.take()
    found = report(hall)
    assert found["devices"] == [{"code": "K1", "kind": "kiosk", "down_s": 540, "causes": {"down": {"s": 540, "times": 1}}}]
    assert report(hall, frozenset({"DKC"}))["devices"] == []


def test_a_hall_that_is_closed_or_without_power_needs_no_devices(hall):
    """Down at four, the last counter ends at five; the power goes, and the day is closed by the next morning's start.

    Planted: a day lasts until it is closed; sessions not looked at -> red each."""
    ani = hall.opened()
    hall.system(devices.flip, code="K1", state="up")
    hall.at("16:00")
    hall.system(devices.flip, code="K1", state="down")
    hall.at("17:00")
    hall.say(ani, counters.close_counter, counter="DKC-1")
    hall.at("08:00", 4)
    hall.system(days.close_due)
    assert [row["down_s"] for row in report(hall)["devices"]] == [3600]


def test_a_device_out_of_order_where_no_counter_opened_is_counted_up_to_midnight(hall):
    hall.take()
    hall.system(devices.flip, code="K1", state="up")
    hall.at("23:00")
    hall.system(devices.flip, code="K1", state="down")
    hall.at("08:00", 4)
    hall.system(days.close_due)
    assert [row["down_s"] for row in report(hall)["devices"]] == [3600]


def test_a_refused_wish_is_told_by_its_service(hall):
    hall.at("16:30")
    with pytest.raises(Exception, match="closed|cutoff"):
        hall.take(KTP)
    found = report(hall)
    assert sum(found["unmet"].values()) == 1
    assert sum(next(row for row in found["services"] if row["service"] == KTP)["unmet"].values()) == 1


def test_the_days_of_a_longer_form_are_all_of_its_dates(hall):
    """With their sum; `month` would be one of them only, and is none."""
    hall.take()
    hall.now += timedelta(days=42)
    hall.take()
    found = report(hall, form="quarterly", period="2026-T4")
    assert {name: found[name] for name in ("form", "period", "first", "last", "month")} == {
        "form": "quarterly", "period": "2026-T4", "first": "2026-10-01", "last": "2026-12-31", "month": None}
    dates = [row["date"] for row in found["days"]]
    assert (len(dates), dates[0], dates[-1]) == (92, "2026-10-01", "2026-12-31")
    assert sum(row["issued"] for row in found["days"] if row["issued"] != NOT_RECORDED) == found["totals"]["issued"] == 2
