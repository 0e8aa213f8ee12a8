"""Every layout at every size holds 1, 12 and 60 lokets with the longest names of both floor plans; digits follow the
distance; nothing burns in; what cannot be understood leaves the last good picture.

Planted, each seen red and taken out: the angle halved; a board that shrinks its digits instead of turning its page; the
last layout taken down by one without rows; an unknown part that ends the drawing; no shift; a call of another gerai on a
pillar; the mark of a called loket left out; a number wider than its place.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config import layouts
from tests.faces import hall
from tests.faces.stage import Stage
from tests.faces.test_fit import CUT, HALL_SIZES, TOO_WIDE
from tests.waiting import wait_for

ROOM = "display:TV1"
# Numbers and words that stand out of their place, or parts out of the screen.
OUT = """() => { const out = [];
  const within = (node, room) => { const [a, b] = [node.getBoundingClientRect(), room.getBoundingClientRect()];
    if (a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1 || a.bottom > b.bottom + 1) out.push(node.className + ": " + node.textContent.slice(0, 40)); };
  for (const part of document.querySelectorAll(".part")) if (part.checkVisibility()) within(part, document.querySelector("#display"));
  for (const node of document.querySelectorAll(".number, .word, .call .counter, .call .gerai, .call .label, .lokets .where, #waiting li"))
    if (node.checkVisibility()) within(node, node.closest(".lokets li, #recent li, .call, .sign, .part"));
  return out; }"""
# Half a minute before the server's now: shown at once, not spoken one after the other.
OLD = "2026-11-03T00:29:20.000Z"
LONGEST = {name: max((row["name"] for row in hall.plan(name)["gerai"]), key=len) for name in ("kota-kupang", "lampung-timur")}


def data_of(name: str, count: int, plan: str = "kota-kupang", **more: Any) -> dict[str, Any]:
    """A busy hall: numbers up to nine letters long, the longest name of a plan."""
    rows = hall.lokets(count, plan)
    for row in rows[:1]:
        row.update(gerai_name=LONGEST[plan], gerai_short="Diskop UKM Naker", number="PTSP-0123")
    calls = [
        hall.call(at, "PTSP-0123" if at == 8 else f"B-{at:03}", OLD, gerai_name=LONGEST[plan], counter_label=f"Loket {at + 50}") for at in range(1, 9)
    ]
    data = {**hall.display(calls), "layout": {**hall.layout(name, rows), **more}}
    data["notices"] = ["Loket istirahat salat Jumat sampai 13.00"]
    data["closures"] = [{"gerai": "DKC", "gerai_name": LONGEST[plan], "service_name": None, "reason": "gerai_closed",
                         "why": "Listrik gerai padam, " * 9 + "$&"}]  # fmt: skip
    data["site"]["simulated"] = True
    return data


@pytest.mark.parametrize("name", layouts.READY)
def test_a_layout_holds(stage: Stage, name: str) -> None:
    page, version = stage.page, 1
    for plan, count in (("kota-kupang", 1), ("lampung-timur", 12), ("kota-kupang", 60)):
        view = stage.set(ROOM, data_of(name, count, plan), version)
        if version == 1:
            stage.open("/display/TV1")
        else:
            stage.push(view)
        version += 1
        expect(page.locator("#display")).to_contain_text("PTSP-0123")
        expect(page.locator("#closures")).to_contain_text(f"{LONGEST[plan]} – Gerai ini tidak melayani hari ini: Listrik gerai padam,")
        if name in ("papan", "pilar"):
            expect(page.locator(f'[data-counter="L-{min(count, 4) - 1}"]')).to_be_attached()
        for width, height in HALL_SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            told = f"{name} {count} {width}x{height}"
            assert page.evaluate(OUT) == [], told
            assert page.evaluate(TOO_WIDE) == [], told
            assert page.evaluate(CUT) == [], told


def rule_px(page: Page, metres: int, inches: int = 43) -> float:
    """Height in px of a digit of 0.7 degrees: 12.2 mm for each metre, on a screen of so many inches."""
    size = page.viewport_size
    return metres * 12.217 * (size["width"] ** 2 + size["height"] ** 2) ** 0.5 / (inches * 25.4)


# Height of a digit as the browser draws it, in px.
DIGIT = """(wanted) => { const node = document.querySelector(wanted), style = getComputedStyle(node);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
  return pen.measureText("0").actualBoundingBoxAscent; }"""


def test_digits_span_the_angle_from_where_people_stand(stage: Stage) -> None:
    page = stage.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    seen = []
    for version, metres in enumerate((2, 5, 8), start=1):
        view = stage.set(ROOM, {**hall.display([hall.call(1, "B-014")]), "layout": hall.layout("panggilan", distance_m=metres)}, version)
        stage.open("/display/TV1") if version == 1 else stage.push(view)
        expect(page.locator(".big")).to_be_visible()
        page.wait_for_function("(least) => parseFloat(getComputedStyle(display).getPropertyValue('--digit')) > least", arg=rule_px(page, metres))
        seen.append(page.evaluate(DIGIT, ".big"))
        assert seen[-1] >= rule_px(page, metres) * 0.98, metres
    assert seen[2] > seen[1]
    board = {**data_of("papan", 60), "calls": []}
    stage.push(stage.set(ROOM, board, 4))
    expect(page.locator(".lokets .number").first).to_be_visible()
    assert page.evaluate(DIGIT, ".lokets .number") >= rule_px(page, 2) * 0.98
    expect(page.locator(".page-of")).to_contain_text("1 dari")


FIT = """async (given) => { const m = await import("/display/-/distance.js"); return given.map((one) => m.boardFit(one)); }"""


@pytest.mark.parametrize("name", [name for name in layouts.READY if name != "loket"])
def test_a_long_number_is_as_large_as_the_rule_in_the_narrowest_place_of_every_ready_layout(stage: Stage, name: str) -> None:
    """At the settings' own 5 m and 43 inches; on a standing screen too. One line where that is enough."""
    page = stage.page
    stage.answer = lambda *_: (200, {"written": []})
    for version, (number, size) in enumerate(((number, size) for number in ("B-014", "PTSP-012") for size in ((1920, 1080), (1080, 1920))), 1):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        view = stage.set(ROOM, {**hall.display([hall.call(1, number, gerai_name=LONGEST["lampung-timur"])]), "layout": hall.layout(name)}, version)
        stage.open("/display/TV1") if version == 1 else stage.push(view)
        expect(page.locator(".big")).to_have_text(number)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        told = f"{name} {number} {size}"
        assert page.evaluate(DIGIT, ".big") >= rule_px(page, 5) * 0.98, told
        assert page.evaluate(OUT) == [], told
        if number == "B-014" and name == "panggilan":
            expect(page.locator("[data-split=true]")).to_have_count(0)


def test_a_number_too_small_for_its_distance_is_told_until_it_has_room(stage: Stage) -> None:
    page = stage.page
    page.set_viewport_size({"width": 1366, "height": 768})
    stage.answer = lambda *_: (200, {"written": []})

    def shown(shares: tuple[int, int], metres: int, version: int) -> None:
        rows = [{"kind": "area", "share": None, "parts": [{"part": one, "share": share, "distance_m": None} for one, share in zip(("media", "call"), shares, strict=True)]}]
        data = {**hall.display([hall.call(1, "PTSP-012", spoken=True)]), "layout": {**hall.layout("panggilan", distance_m=metres), "rows": rows}}
        data["display"]["beat_s"] = 1
        view = stage.set(ROOM, data, version)
        stage.open("/display/TV1") if version == 1 else stage.push(view)

    def told() -> list[bool]:
        return [body["small"] for path, body, _ in stage.posts if path.endswith("/report")][-1:]

    shown((80, 20), 8, 1)
    wait_for(lambda: page.evaluate("1") and told() == [True], 20, "the small number to be told")
    shown((40, 60), 4, 2)
    wait_for(lambda: page.evaluate("1") and told() == [False], 20, "the large one to be told")


def test_a_board_turns_its_page_before_its_digits_get_smaller(stage: Stage) -> None:
    """Pure: for many places and counts all are shown, each inside, at the rule's size where the place is as large as one."""
    stage.open("/blank")
    given = [
        {"width": width, "height": height, "count": count, "chars": chars, "least": least}
        for width in (300, 1000, 1860) for height in (120, 500, 1500) for count in (0, 1, 12, 60) for chars in (5, 9) for least in (0, 40, 184)
    ]  # fmt: skip
    for one, fit in zip(given, stage.page.evaluate(FIT, given), strict=True):
        told = json.dumps([one, fit])
        assert fit["columns"] * fit["rows"] * fit["pages"] >= one["count"], told
        assert fit["font"] * 1.2 * fit["rows"] <= one["height"], told
        if fit["font"] < one["least"] - 1:
            # The place itself is lower or narrower than one loket at that size.
            assert fit["rows"] == 1 or fit["columns"] == 1, told
        if fit["pages"] > 1:
            assert fit["font"] <= max(one["least"], 23), told


def test_states_are_words_not_colours(stage: Stage) -> None:
    stage.set(ROOM, data_of("papan", 5))
    stage.open("/display/TV1")
    page = stage.page
    for state, word in (("open", "Buka"), ("paused", "Istirahat"), ("closed", "Tutup")):
        expect(page.locator(f'.lokets [data-state="{state}"] .word')).to_have_text(word)
    mark = "() => getComputedStyle(document.querySelector('.lokets [data-state=called] .number'), '::before').content"
    assert "▸" in page.evaluate(mark)
    for version, (state, number, word) in enumerate(
        [("called", "A-007", "Silakan"), ("serving", "A-007", "Dilayani"), ("open", None, "Buka"), ("paused", None, "Istirahat"), ("closed", None, "Tutup")], 2
    ):  # fmt: skip
        row = {**hall.lokets(1)[0], "state": state, "number": number}
        stage.push(stage.set(ROOM, {**hall.display([]), "layout": hall.layout("loket", [row])}, version))
        expect(page.locator(".sign .word")).to_have_text(word)
        expect(page.locator(".sign .big")).to_have_count(1 if number else 0)


def test_a_pillar_shows_the_calls_of_its_gerai(stage: Stage) -> None:
    calls = [hall.call(1, "B-001", gerai="DKC"), hall.call(2, "C-002", gerai="PDAM")]
    data = hall.display(calls)
    data["layout"]["gerai"] = "DKC"
    stage.set(ROOM, data)
    stage.open("/display/TV1")
    expect(stage.page.locator(".big")).to_have_text("B-001")
    expect(stage.page.locator("#recent li")).to_have_count(0)


def test_what_cannot_be_understood_leaves_the_last_good_picture(stage: Stage) -> None:
    data = data_of("papan", 3)
    stage.set(ROOM, data)
    stage.open("/display/TV1")
    page = stage.page
    expect(page.locator(".lokets li")).to_have_count(3)
    for version, broken in enumerate((None, {"rows": []}), start=2):
        stage.push(stage.set(ROOM, {**data, "calls": [hall.call(20 + version, f"Z-00{version}", OLD)], "layout": broken}, version))
        expect(page.locator(".big")).to_have_text(f"Z-00{version}")
        expect(page.locator("#board")).to_be_attached()
    newer = {**hall.layout("panggilan"), "rows": [{"kind": "area", "share": None, "parts": [{"part": "hologram"}, {"part": "call"}]}]}
    stage.push(stage.set(ROOM, {**data, "layout": newer}, 4))
    expect(page.locator("#board")).to_have_count(0)
    expect(page.locator(".big")).to_be_visible()


def test_nothing_stands_still_for_hours_and_nothing_moves_for_who_wants_that(stage: Stage) -> None:
    page = stage.page
    page.clock.install(time="2026-11-03T00:30:00.000Z")
    words = {"kind": "strip", "share": None, "parts": [{"part": "ticker", "words": "Selamat datang. " * 12}]}
    data = hall.display([])
    data["layout"]["rows"].append(words)
    stage.set(ROOM, data)
    stage.open("/display/TV1")
    expect(page.locator("[data-runs=true] .run")).to_be_visible()
    at = "() => document.querySelector('#display').style.transform"
    seen = []
    for _ in range(9):
        page.clock.run_for(60_000)
        seen.append(page.evaluate(at))
    assert len(set(seen)) == 9 and "translate(4px, 4px)" in seen
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.querySelector('.run')).animationName") == "none"
    assert page.evaluate(CUT) == []
