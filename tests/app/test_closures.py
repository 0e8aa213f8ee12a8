"""What was closed for today is in the views of kiosks, counters and displays in the words of who closed it.

Planted, each seen red and taken out: a row for each service of a closed gerai; closures of another group; the whole site's not first; what is closed
by the clock's date; a sign that tells of the whole group; `why` left out of the standing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from server.app.showing import Screen
from server.app.views import view_data
from server.domain.calendar import Override
from tests.app.halls import DAY, NINE, SITE, later, make_snapshot


def show(snap, room, now=NINE):
    return view_data(snap, room, now, SITE)


def test_what_is_closed_today_is_on_the_displays_that_show_it_in_the_words_of_who_closed_it():
    """The gerai once however many services it has; a service by name; a display of another group knows nothing of it."""
    gerai = Override(1, "gerai", "DKC", "closed", DAY, DAY, (), "Listrik padam", "user:ani")
    service = Override(2, "service", "STNK", "closed", DAY, None, (), "Blangko habis", "user:ani")
    over, gone = replace(gerai, id=3, target="PJK", ended=True), replace(gerai, id=4, target="PJK", date_to=DAY - timedelta(1), date_from=DAY - timedelta(1))
    snap = make_snapshot(overrides=(gerai, service, over, gone))
    rows = {tv: show(snap, f"display:{tv}")["closures"] for tv in ("TV1", "TV2", "TV9")}
    assert rows["TV1"] == [{"gerai": "DKC", "gerai_name": "Gerai DKC", "service_name": None, "reason": "gerai_closed", "why": "Listrik padam"}]
    assert rows["TV2"] == [{"gerai": "SAM", "gerai_name": "Gerai SAM", "service_name": "Layanan STNK", "reason": "service_paused", "why": "Blangko habis"}]
    assert rows["TV9"] == rows["TV1"] + rows["TV2"]
    assert show(snap, "display:TV1", later(24 * 3600))["closures"] == rows["TV1"], "by the business date, not by the clock"
    told = {row["code"]: row["why"] for row in show(snap, "kiosk:K1")["services"]}
    assert told == {"KTP": "Listrik padam", "KK": "Listrik padam", "NPWP": None, "STNK": "Blangko habis"}
    assert {row["why"] for row in show(snap, "gerai:DKC")["services"]} == {"Listrik padam"}


def test_a_screen_at_one_gerai_tells_only_what_is_closed_there_and_a_closed_hall_is_told_once():
    laid = tuple(Override(n, "gerai", code, "closed", DAY, DAY, (), "x", "user:ani") for n, code in enumerate(("DKC", "PJK", "SAM"), 1))
    screens = {"TV1": Screen(gerai="PJK"), "TV9": Screen(layout="loket", counter="SAM-1")}
    snap = make_snapshot(overrides=laid, screens=screens)
    assert [[row["gerai"] for row in show(snap, f"display:{tv}")["closures"]] for tv in ("TV1", "TV2", "TV9")] == [["PJK"], ["SAM"], ["SAM"]]
    hall = Override(9, "site", None, "holiday", DAY, DAY, (), "Nyepi", "user:ani")
    rows = show(replace(snap, overrides=(hall, laid[0]), screens={}), "display:TV1")["closures"]
    assert [(row["gerai"], row["reason"], row["why"]) for row in rows] == [(None, "holiday", "Nyepi"), ("DKC", "gerai_closed", "x")]
