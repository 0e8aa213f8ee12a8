"""What each room shows, from one snapshot. Promise: views hold instants, never ages."""

import json
from dataclasses import replace
from datetime import timedelta
from itertools import accumulate

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from config import texts
from server.app.raised import Alert
from server.app.snapshot import (
    EXCEPTION_TYPES,
    DisplayState,
    ExceptionRow,
    PrinterRow,
    ServiceCount,
    SiteFacts,
)
from server.app.views import encode, room_exists, view_data, viewer
from server.app.views.alerts import PRINTER_TROUBLE
from server.app.views.display import turn_of
from server.domain.calendar import Override
from server.domain.errors import RuleBroken
from server.domain.events import EVENTS
from server.domain.tickets import State
from tests.app.halls import (
    DAY,
    NINE,
    ROOMS,
    SITE,
    call,
    device,
    later,
    make_snapshot,
    served,
    session,
    slip_job,
    stop,
)

BUSY = make_snapshot(
    open_legs=(stop(3), stop(1, "NPWP"), stop(2, "KK"), served(4, "DKC-1"),
               stop(5, state=State.ON_HOLD, held_at=later(50))),
    missed=(stop(6, state=State.NO_SHOW),),
    recent_calls=(call(1, 0), call(2, 30), call(3, 40, "SAM")),
    sessions=(session("DKC-1", "KTP", "KK"), session("DKC-2", "KTP", paused_since=later(9))),
    counts={"KTP": ServiceCount(9, 5, 1, 2), "KK": ServiceCount(1, 1, 0, 0)},
    prints=(slip_job(1, 0), slip_job(2, 100, "K2", "SAM")),
    recent_service_s={"KTP": (60, 90, 120, 180, 240)},
)


def show(snap, room, now=NINE, site=SITE):
    return view_data(snap, room, now, site)


@given(seconds=st.integers(0, 3 * 3600 - 1))
@settings(deadline=None, max_examples=30)
def test_views_of_one_snapshot_are_the_same_bytes_whenever_they_are_made(seconds):
    """Open from 9 to 12 without a break, so nothing may differ. Planted: `waited_s` in a
    ticket (now - queued_at) -> red; prints filtered by `now` -> red."""
    for room in ROOMS:
        assert encode(show(BUSY, room, later(seconds))) == encode(show(BUSY, room))


@pytest.mark.parametrize("room", ["kiosk:K1", "desk", "floor"])
def test_only_openness_differs_at_another_instant(room):
    """In the noon break `open`, `reason` and `opens_at` differ and nothing else does."""
    text = encode(show(BUSY, room, later(3 * 3600))).decode()
    assert '"open":false,"reason":"break","opens_at":"2026-11-03T05:00:00.000Z"' in text
    opened = text.replace(
        '"open":false,"reason":"break","opens_at":"2026-11-03T05:00:00.000Z"',
        '"open":true,"reason":null,"opens_at":null',
    )
    assert opened == encode(show(BUSY, room)).decode()


def test_many_rooms_share_the_work_and_give_the_same_data():
    data_of = viewer(BUSY, NINE, SITE)
    for room in ROOMS:
        assert data_of(room) == show(BUSY, room)


def test_kiosk_offers_services_with_line_and_estimate():
    data = show(BUSY, "kiosk:K1", site=SiteFacts(simulated=True, public_url="https://mpp.example"))
    assert data["site"]["simulated"] and data["site"]["public_url"] == "https://mpp.example"
    assert data["site"]["priorities"] == [
        {"code": "lansia", "name": {"id": "Lansia", "en": "Senior citizen"}}
    ]
    ktp = next(row for row in data["services"] if row["code"] == "KTP")
    # Counter DKC-1 serves KTP and KK from one line, so two people are ahead, not one.
    assert (ktp["waiting"], ktp["estimate"]) == (1, {"from_s": 2 * 90, "to_s": 3 * 180})
    assert ktp["name"] == {"id": "Layanan KTP", "en": "Layanan KTP"}
    assert data["gerai"][0]["agency"] == "Dinas DKC"
    assert data["device"]["printer"]["state"] == "ready"
    assert [row["ticket"] for row in data["prints"]] == [1]


def test_there_is_no_estimate_without_a_counter_at_work():
    paused = replace(BUSY, sessions=(session("DKC-1", "KTP", paused_since=later(1)),))
    data = show(paused, "kiosk:K1")
    assert all(row["estimate"] is None for row in data["services"])


def test_prints_stay_for_twenty_minutes_before_the_newest():
    snap = make_snapshot(prints=(slip_job(1, 0), slip_job(2, 1), slip_job(3, 1201)))
    assert [row["job"] for row in show(snap, "kiosk:K1")["prints"]] == [2, 3]


def test_desk_has_tickets_to_act_on_and_no_officers_business():
    data = show(BUSY, "desk")
    assert [row["number"] for row in data["tickets"]] == ["A-003", "A-002", "A-001"]
    assert [row["number"] for row in data["missed"]] == ["A-006"]
    assert data["device"] is None and len(data["prints"]) == 2
    assert data["printers"][0]["code"] == "P1"


def test_gerai_shows_its_own_line_in_order():
    moved = stop(1)[1]._replace(rank_at=later(99))
    snap = replace(BUSY, open_legs=((stop(1)[0], moved), stop(3), stop(2, "KK"), stop(9, "NPWP")))
    data = show(snap, "gerai:DKC")
    assert [row["ticket"] for row in data["waiting"]] == [2, 3, 1]
    ktp = data["services"][0]
    assert (ktp["waiting"], ktp["longest_queued_at"]) == (2, "2026-11-03T01:00:01.000Z")
    assert {row["service"]: row["waiting"] for row in data["targets"]} == {
        "KTP": 2, "KK": 1, "NPWP": 1, "STNK": 0,
    }  # fmt: skip


def test_gerai_shows_counters_held_missed_and_figures():
    data = show(BUSY, "gerai:DKC")
    one, two = data["counters"]
    assert (one["state"], one["leg"]["number"], one["officer"]["name"]) == ("open", "A-004", "Budi")
    assert (two["state"], two["since"], two["leg"]) == ("paused", "2026-11-03T01:00:09.000Z", None)
    assert [row["number"] for row in data["held"]] == ["A-005"]
    assert [row["number"] for row in data["missed"]] == ["A-006"]
    assert data["today"] == {"issued": 10, "served": 6, "no_show": 1, "cancelled": 2}
    assert data["site"]["rules"]["no_show_min_calls"] == 2


def test_gerai_view_carries_at_most_two_hundred_waiting():
    data = show(make_snapshot(open_legs=tuple(stop(n) for n in range(1, 302))), "gerai:DKC")
    assert len(data["waiting"]) == 200 and data["services"][0]["waiting"] == 301


def test_priority_tells_who_asked_and_whether_it_stands():
    ticket, leg = stop(1)
    asked = ticket._replace(priority="lansia", priority_state="asked")
    row = show(make_snapshot(open_legs=((asked, leg),)), "gerai:DKC")["waiting"][0]
    assert row["priority"] == {"code": "lansia", "state": "asked"}


def test_display_hears_its_sound_group_and_the_zoneless_one_hears_all():
    """Planted: calls not filtered by group -> red."""
    heard = {tv: [c["call_id"] for c in show(BUSY, f"display:{tv}")["calls"]]
             for tv in ("TV1", "TV2", "TV9")}
    assert heard == {"TV1": [1, 2], "TV2": [3], "TV9": [1, 2, 3]}
    data = show(BUSY, "display:TV1")
    assert data["serving"] == [
        {"counter": "DKC-1", "counter_label": "Loket 1", "gerai": "DKC",
         "gerai_name": "Gerai DKC", "number": "A-004", "state": "called"}
    ]
    assert {row["gerai"]: row["waiting"] for row in data["waiting"]} == {"DKC": 2, "PJK": 1}


def test_calls_of_visitors_who_wait_again_are_set_aside():
    """Put back, held, sent elsewhere; not: called, finished. Planted: on_hold left out; another leg's call kept -> red."""
    calls = tuple(call(n, n, "SAM" if n == 6 else "DKC", leg=n, ticket=n) for n in (1, 2, 3, 4, 6))
    moved = (stop(5)[0]._replace(id=3), stop(5, state=State.CALLED)[1])
    snap = make_snapshot(recent_calls=calls, open_legs=(
        stop(1), stop(2, state=State.ON_HOLD, held_at=later(50)), moved, stop(4, state=State.CALLED), stop(6)))
    assert {tv: show(snap, f"display:{tv}")["set_aside"] for tv in ("TV1", "TV2", "TV9")} == {
        "TV1": [1, 2, 3], "TV2": [6], "TV9": [1, 2, 3, 6]}


@given(gaps_s=st.lists(st.integers(0, 9), max_size=40), seen_after_s=st.integers(0, 60))
@example(gaps_s=[2] * 40, seen_after_s=0)
@settings(deadline=None, max_examples=60)
def test_no_call_younger_than_the_window_is_ever_left_out(gaps_s, seen_after_s):
    """Folding loses none: a screen that sees only this view still gets every call younger
    than 60 s, and at least the last 12. Planted: only the last 12 -> red."""
    instants = list(accumulate(gaps_s))
    calls = tuple(call(n + 1, second) for n, second in enumerate(instants))
    shown = [row["call_id"] for row in show(make_snapshot(recent_calls=calls), "display:TV1")["calls"]]
    now = later((instants or [0])[-1] + seen_after_s)
    young = [c.id for c in calls if (now - c.at).total_seconds() < 60]
    assert set(young) <= set(shown)
    assert shown == list(range(1, len(calls) + 1))[-len(shown):] if shown else not calls
    assert len(shown) >= min(12, len(calls))


def test_a_recall_is_a_call_of_its_own():
    rows = show(make_snapshot(recent_calls=(call(1, 0), call(2, 5, leg=1, count=2))), "display:TV1")
    assert [(row["call_id"], row["recall"]) for row in rows["calls"]] == [(1, False), (2, True)]


def test_one_display_of_a_group_speaks_and_a_deputy_takes_over():
    snap = make_snapshot(devices=(device("TV2", "display"), device("TV1", "display"),
                                  device("TV0", "display", revoked=True), device("B1", "display", "B")))
    assert turn_of(snap, "A") == {"speaks": "TV1", "deputy": "TV2"}
    own = {code: show(snap, f"display:{code}")["display"] for code in ("TV1", "TV2", "B1")}
    names = ("speaks", "deputy", "shared", "beat_s")
    assert [own["TV1"][name] for name in names] == [True, False, True, 1]
    assert [own["TV2"][name] for name in names] == [False, True, True, 1]
    assert [own["B1"][name] for name in names] == [True, False, False, 5], "alone: it needs no leave to speak"
    named = replace(snap, speakers={"A": "TV2"})
    assert turn_of(named, "A") == {"speaks": "TV2", "deputy": "TV1"}
    gone = replace(snap, speakers={"A": "TV0"})
    assert turn_of(gone, "A")["speaks"] == "TV1", "a revoked display has no turn"


def test_a_display_is_told_its_volume_its_commands_and_what_was_heard():
    state = DisplayState("mute", later(0), 40, ({"id": 7, "do": "reload", "at": "x"},))
    snap = make_snapshot(
        devices=(device("TV1", "display"), device("TV2", "display")), displays={"TV1": state, "TV2": state},
        recent_calls=(call(1, 0, spoken_at=later(3)), call(2, 5)),
    )
    shown = show(snap, "display:TV1")
    assert (shown["display"]["volume"], shown["display"]["commands"]) == (40, [{"id": 7, "do": "reload", "at": "x"}])
    assert [row["spoken"] for row in shown["calls"]] == [True, False]
    floor = show(snap, "floor")
    assert [row["display"]["speaks"] for row in floor["devices"]] == [True, False]
    assert {row["display"]["condition"] for row in floor["devices"]} == {"mute"}
    # A mute display is an alert where it has the turn: elsewhere the hall hears another.
    assert [row["code"] for row in floor["alerts"]] == ["display_mute"]


def test_floor_shows_load_devices_and_exceptions_in_words():
    override = Override(3, "site", None, "open", DAY, None, ((480, 720),), "contoh", "user:admin")
    snap = replace(
        BUSY,
        overrides=(override,),
        exceptions=(ExceptionRow(9, NINE, "TicketPicked", "user:budi",
                                 {"label": "A-001", "reason": "<b>{x}</b>"}),
                    ExceptionRow(8, NINE, "PrioritySet", "user:budi", {"label": "A-002", "value": "lansia", "standing": "removed", "reason": None}),
                    ExceptionRow(7, NINE, "OverrideSet", "cli:mpp", 
                                 {"scope": "gerai", "target": "DKC", "kind": "closed", "from": "2026-11-03", "to": None, "reason": "contoh"}),
                    ExceptionRow(6, NINE, "CounterReleased", "user:ani",
                                 {"officer": "budi", "reason": "pulang"}, "DKC", None, "DKC-1"),
                    ExceptionRow(5, NINE, "TicketTransferred", "user:budi",
                                 {"label": "A-003", "to_service": "KTP", "reason": None})),
        printers=(PrinterRow("P1", "Pencetak 1", "paper_out", None, NINE, "PH1", 4),),
        prints=(*(replace(slip_job(place, after_s), state=state) for place, (after_s, state) in enumerate(
            [(-5, "late"), (5, "confirmed"), (6, "late"), (7, "uncertain"), (8, "queued")], start=1)),),
        sessions=(session("DKC-1", "KTP", lost_since=later(70)),),
        alerts=(Alert("clock", None),),
    )
    data = show(snap, "floor")
    assert data["gerai"][0]["promised_wait_s"] == 600
    assert data["gerai"][0]["counters"][0]["lost_since"] == "2026-11-03T01:01:10.000Z"
    assert data["overrides"][0]["intervals"] == [["08:00", "12:00"]]
    assert data["overrides"][0]["to"] is None
    assert data["exceptions"][0]["text"] == "A-001 dipanggil di luar urutan: <b>{x}</b>"
    assert data["exceptions"][1]["text"] == "Prioritas A-002 dihapus (Lansia)"
    assert [row["text"] for row in data["exceptions"][2:]] == [  # no code and no ISO date
        "Gerai DKC ditutup (mulai Sel, 3 Nov 2026, sampai diakhiri): contoh", "Loket 1 dilepas: pulang",
        "A-003 dialihkan ke Layanan KTP",
    ]
    assert data["gerai"][0]["zone_name"] == data["devices"][0]["zone_name"] == "Zona A"
    assert [row["text"] for row in data["alerts"]] == [
        "Pencetak 1: kertas habis, 4 karcis menunggu, 2 tidak atau belum pasti tercetak",
        "Layar petugas Budi di Loket 1 tidak terhubung",
        "Waktu diragukan. Periksa jam server.",
    ]


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_exception_and_alert_has_its_words(language):
    known = texts.load(language)
    alerts = {f"printer_{state}" for state in PRINTER_TROUBLE} | {"clock", "device_down", "officer_lost"}
    assert {f"alert.{code}" for code in alerts} <= known.keys()
    assert {f"exception.{type}" for type in EXCEPTION_TYPES} <= known.keys()
    assert set(EXCEPTION_TYPES) <= EVENTS.keys()


def test_what_a_new_plan_dropped_is_still_shown_by_its_code():
    gone = stop(1)[1]._replace(service="LAMA", gerai="LAMA", counter="LAMA-1", state=State.CALLED)
    snap = make_snapshot(open_legs=((stop(1)[0], gone),), recent_calls=(call(1, 0, "LAMA"),))
    for room in ROOMS:
        show(snap, room)
    assert show(snap, "display:TV9")["calls"][0]["gerai_name"] == "LAMA"


@pytest.mark.parametrize(
    ("room", "code"),
    [("kiosk:K9", "unknown_device"), ("kiosk:TV1", "unknown_device"), ("display:K1", "unknown_display"),
     ("gerai:NONE", "unknown_gerai"), ("attic", "unknown_room"), ("floor:x", "unknown_gerai"), ("floor:", "unknown_room"),
     ("floor:SAM,DKC", "unknown_room"),
     ("gerai:", "unknown_room"), ("x" * 500, "unknown_room")],
)
def test_unknown_rooms_are_refused(room, code):
    for refuse in (lambda: room_exists(BUSY, room), lambda: show(BUSY, room)):
        with pytest.raises(RuleBroken) as refusal:
            refuse()
        assert refusal.value.code == code
        assert len(json.dumps(refusal.value.facts)) < 100


def test_a_revoked_device_has_no_room():
    snap = make_snapshot(devices=(device("K1", "kiosk", revoked=True),))
    with pytest.raises(RuleBroken):
        room_exists(snap, "kiosk:K1")
    assert show(snap, "floor")["devices"] == []


def test_known_rooms_exist():
    for room in ROOMS:
        room_exists(BUSY, room)


def test_instants_are_utc_with_milliseconds():
    odd = NINE + timedelta(microseconds=1999)
    snap = make_snapshot(recent_calls=(replace(call(1, 0), at=odd),))
    assert show(snap, "display:TV1")["calls"][0]["at"] == "2026-11-03T01:00:00.001Z"
