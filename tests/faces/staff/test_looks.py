"""The staff's pages at their sizes: nothing beyond the edge, the big button in sight, targets large enough for a finger.

Planted: `.desk > * { min-width: 60rem }` -> test_desk red. The visitor's card 40rem high -> big button out of sight, red.
Small buttons of 2rem -> all red. The strip's narrow rules taken out of counter/static/page.css -> test_counter red.
"""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.faces.staff.floors import floor_of, shown
from tests.faces.staff.mall import NARROW, TABLET, WIDE, Mall
from tests.faces.staff.office import act, at_stage, big, lengthened, opened, press

#: The last is a screen of 1366x768 zoomed to 200 %.
SIZES = (WIDE, TABLET, NARROW, (683, 384))
TARGET_PX = 44
LONG = "Pelayanan Perpanjangan Izin Penyelenggaraan Reklame dan Persetujuan Bangunan Gedung"
TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth"
SMALL = """(least) => Array.from(document.querySelectorAll("button, input:not([type=radio]):not([type=checkbox]), select, a.button"))
  .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < least - 0.5)
  .map((node) => `${node.textContent} ${node.getBoundingClientRect().height}`)"""


def looks_right(page: Page, has_big_button: bool = False) -> None:
    """At each size in turn, the page as it stands."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(TOO_WIDE) is False, width
        assert page.evaluate(SMALL, TARGET_PX) == [], width
        if has_big_button:
            expect(big(page)).to_be_in_viewport(ratio=1)


@pytest.fixture(scope="module", autouse=True)
def longest(running: Mall) -> None:
    """Every test of this file looks at the longest names of both floor plans."""
    lengthened(running)


def test_login(mall: Mall) -> None:
    page = mall.page()
    page.goto(mall.address("/counter"))
    expect(page.get_by_role("heading", name="Masuk petugas")).to_be_visible()
    looks_right(page)


def test_counter(mall: Mall) -> None:
    """Before a call, called with a priority to confirm, served; who is called next stands first and is marked as such.
    Planted: the line's places turned round in inOrder, or the mark on every row -> red."""
    numbers = [mall.take_number("PTSP-NIB"), mall.take_number("PTSP-NIB", priority="disabilitas")]
    page = opened(mall, "PTSP")
    rows = page.locator('[data-list="waiting"] li')
    expect(rows).to_contain_text(numbers[::-1])
    expect(page.locator(".badge.next")).to_have_count(1)
    expect(rows.first).to_contain_text("berikutnya")
    for stage in ("free", "called", "serving"):
        at_stage(page, stage)
        looks_right(page, has_big_button=True)
        if stage != "free":  # in the strip beside the agency's own software too
            page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
            expect(act(page, "finish_next")).to_be_in_viewport(ratio=1)
        press(page, "n")


def renamed(mall: Mall, path: str, room: str, username: str) -> Page:
    """A page whose view comes by HTTP, with every name at its longest."""
    page = mall.page(state=mall.sessions.get(username))

    def lengthen(route: Route) -> None:
        view = json.loads(mall.pass_on(route))
        text = re.sub(r'"(id|en|gerai_name|short|agency)":"[^"]{3,}"', rf'"\1":"{LONG}"', json.dumps(view["data"], separators=(",", ":")))
        route.fulfill(body=json.dumps({**view, "data": json.loads(text)}), content_type="application/json")

    page.route(f"**/api/v1/views/{room}*", lengthen)
    page.route_web_socket("**/socket.io/**", lambda socket: socket.close())
    page.goto(mall.address(path))
    return page


def test_longest_names(mall: Mall) -> None:
    """Names as long as the floor plans allow: the counter before and during a call, the desk with a service chosen."""
    number = mall.take_number("BPD-PBB", priority="disabilitas")
    officer = opened(mall, "BPD")
    page = renamed(mall, "/counter", "gerai", "petugas-bpd")
    expect(page.locator(".line")).to_contain_text(LONG, timeout=30_000)
    looks_right(page, has_big_button=True)
    press(officer, "n")
    at_stage(officer, "called", number)
    expect(page.locator(".visitor .number")).to_have_text(number, timeout=30_000)
    looks_right(page, has_big_button=True)
    mall.log_in("/desk", "resepsionis")
    desk = renamed(mall, "/desk", "desk", "resepsionis")
    desk.locator('[data-service="DKC-KTP"]').click()
    expect(desk.locator(".wish h1")).to_have_text(LONG)
    looks_right(desk)


def test_desk(mall: Mall) -> None:
    page = mall.log_in("/desk", "resepsionis")
    page.locator('[data-service="DKC-KTP"]').click()
    expect(page.locator(".take")).to_be_visible()
    looks_right(page)
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(page.locator(".choose-service")).to_be_in_viewport()
    page.locator(".take").click()
    expect(page.locator(".result")).to_be_visible()
    page.set_viewport_size({"width": 1024, "height": 768})
    expect(page.get_by_label("Misalnya A-012")).to_be_in_viewport()
    looks_right(page)


def test_supervisor(mall: Mall) -> None:
    """With the longest names of both plans. Planted: the gerai of the plan left with their own names -> red."""
    page = mall.log_in("/supervisor", "pengawas")
    expect(page.locator('[data-gerai="DKC"]')).to_contain_text("Kementerian Agama Kabupaten Lampung Timur")
    looks_right(page)
    page.locator('[data-gerai="DKC"] button').click()
    expect(page.locator('.detail [data-list="services"] li').first).to_be_visible()
    looks_right(page)


#: every card with all that is to be read on it stands within the screen, and nothing of it is cut off below
CUT_OFF = """() => Array.from(document.querySelectorAll(".gerai-card")).filter((card) => {
  const edge = card.getBoundingClientRect();
  const parts = Array.from(card.querySelectorAll(".load b, .word, .longest, .counts > span, .lokets li")).filter((node) => node.checkVisibility());
  return edge.bottom > window.innerHeight || edge.right > window.innerWidth
    || parts.some((node) => node.getBoundingClientRect().bottom > edge.bottom + 1 || node.getBoundingClientRect().right > edge.right + 1);
}).map((card) => card.dataset.gerai)"""

#: a name, or what happens at a loket since when, that is cut off
CUT_WORDS = """() => Array.from(document.querySelectorAll(".gerai-card .name, .cards .lokets .what"))
  .filter((name) => name.scrollWidth > name.clientWidth || name.scrollHeight > name.clientHeight + 2).map((name) => name.textContent)"""


@pytest.mark.parametrize("count", [12, 20, 60])
def test_the_floor_is_one_screen(mall: Mall, count: int) -> None:
    """Of 1920x1080, calm, busy and broken; what is over says so in a word.

    Planted: two columns fewer; names of a small card on one line; all words of a loket on a narrow line; exceptions the oldest first;
    alerts in the order of the view, or by `since` alone -> red.
    """
    page = mall.log_in("/supervisor", "pengawas", size=(1920, 1080))
    view = mall.call("GET", "/views/floor")
    for state in ("calm", "busy", "broken"):
        shown(mall, page, floor_of(view, count, state))
        assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight"), state
        assert page.evaluate(TOO_WIDE) is False, state
        assert page.evaluate(CUT_OFF) == [], state
        assert page.evaluate(CUT_WORDS) == [], state
        over = page.locator('.gerai-card[data-standing="over"]')
        expect(over.first).to_be_attached(attached=state != "calm")
        assert all("lewat" in words for words in over.all_inner_texts())
        assert page.evaluate(SMALL, TARGET_PX) == [], state
    expect(page.locator('[data-lamp="P1"]')).to_contain_text(re.compile("P1 Kertas habis sejak", re.I))
    expect(page.locator(".many")).to_have_text("10 hal perlu perhatian, 9 belum ditangani")
    expect(page.locator(".alerts .taken")).to_have_count(1)
    order = page.locator(".alerts li").evaluate_all("(rows) => rows.map((row) => row.dataset.what.replace('alert-', ''))")
    assert order == ["nonstop"] + ["device_down"] * 2 + ["wait_over"] * 3 + ["counter_idle"] * 3 + ["device_down"]
    last = page.locator(".alerts li").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    expect(page.locator(".many")).to_be_in_viewport()
    assert page.evaluate("[...document.querySelectorAll('.alerts li')].findIndex((row) => row.querySelector('.taken'))") == 9
    newest = page.locator('[data-list="exceptions"] li').first
    assert newest.get_attribute("data-seq") == "90"
    expect(newest).to_be_in_viewport()
