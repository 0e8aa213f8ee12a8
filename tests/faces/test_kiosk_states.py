"""Every page and state of the kiosk fits every screen, with the longest names of both floor plans.

Looked at for each: nothing wider than the screen, no word cut, every target at least 72 px high,
the one thing to press in sight; with touch at 1080x1920, 1366x768 and 1280x800, and zoomed to 200 %.

Planted, each seen red and taken out: keys of 60 px; a nowrap on the bar's buttons; a list of
what was found that runs below the keyboard when zoomed; the away page over a number that was given; an away page before its minute;
a key made anew by a reload; a 429 shown as a failure.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces import hall
from tests.faces.stage import ROOT, Stage
from tests.faces.test_fit import CUT, SMALL, TOO_WIDE, fits, in_sight, resized

ROOM = "kiosk:K1"
SIZES = [(1080, 1920), (1366, 768), (1280, 800)]
START = "2026-11-03T00:30:00.000Z"


# Targets of the page that another one lies on, wherever they are on the scrolled page.
COVERED = """() => { const boxes = [...document.querySelectorAll("#screen button, #screen input, #bar button")]
  .filter((node) => node.checkVisibility()).map((node) => [node.textContent, node.getBoundingClientRect()]);
  return boxes.filter(([, one], at) => boxes.some(([, other], to) => to > at && one.left < other.right - 1
    && other.left < one.right - 1 && one.top < other.bottom - 1 && other.top < one.bottom - 1)).map(([text]) => text); }"""


@cache
def longest(table: str, field: str) -> str:
    """The longest text of a field in both floor plans."""
    plans = [tomllib.loads((ROOT / "config" / "floors" / f"{name}.toml").read_text("utf-8")) for name in ("kota-kupang", "lampung-timur")]
    return max((row[field] for plan in plans for row in plan[table] if field in row), key=len)


def long_data() -> dict[str, Any]:
    data = hall.kiosk()
    plans_needs = max((row["requirements"] for row in data["services"]), key=lambda needs: sum(map(len, needs)))
    for service in data["services"]:
        service["name"] = {"id": longest("service", "name"), "en": longest("service", "name_en")}
        service["requirements"] = plans_needs
    for gerai in data["gerai"]:
        gerai["name"], gerai["short"] = longest("gerai", "name"), longest("gerai", "short")
        gerai["agency"] = longest("agency", "name")
    data["site"].update(languages=["id", "en", "mkn"], front_desk="di dekat pintu masuk sebelah kiri")
    return data


def closed_data() -> dict[str, Any]:
    data = long_data()
    for service in data["services"]:
        service.update(open=False, reason="before_opening", opens_at="2026-11-03T01:00:00.000Z")
    return data


def go(stage: Stage, *selectors: str) -> None:
    for selector in selectors:
        stage.page.locator(selector).first.tap()
        stage.page.clock.run_for(500)


def on_service(stage: Stage) -> None:
    go(stage, ".all-gerai .tile", ".gerai .service-tile")


def on_number(stage: Stage) -> None:
    on_service(stage)
    go(stage, "#take")
    expect(stage.page.locator("#number")).to_be_visible()


def on_question(stage: Stage) -> None:
    on_number(stage)
    stage.page.clock.run_for(21000)


def on_away(stage: Stage) -> None:
    stage.down = True
    stage.cut()
    stage.page.clock.run_for(62000)
    expect(stage.page.locator(".away h1")).to_be_visible()


STATES: dict[str, tuple[Callable[[Stage], None], Callable[[], dict[str, Any]], tuple[str, ...]]] = {
    "home": (lambda stage: None, long_data, ("#search", "#unknown", ".popular .tile")),
    "gerai": (lambda stage: go(stage, ".all-gerai .tile"), long_data, (".gerai .tile", "#home")),
    "search": (lambda stage: go(stage, "#search", '[data-key="A"]'), long_data, ("#query", '[data-key="space"]', ".found .tile")),
    "nothing found": (lambda stage: go(stage, "#search", *['[data-key="X"]', '[data-key="W"]'] * 3), long_data, ("#ask",)),
    "help": (lambda stage: go(stage, "#unknown"), long_data, (".desk-place", "#home")),
    "service": (on_service, long_data, ("#take", ".service h1")),
    "number": (on_number, long_data, ("#number", ".paper", ".go-to", "#done")),
    "still here": (on_question, long_data, ("#number", "#done", "#stay button")),
    "hall closed": (lambda stage: None, closed_data, (".hall-closed",)),
    "service closed": (on_service, closed_data, (".closed",)),
    "away": (on_away, long_data, (".away h1",)),
}


def open_at(stage: Stage, size: tuple[int, int], data: dict[str, Any]) -> None:
    stage.page.set_viewport_size({"width": size[0], "height": size[1]})
    stage.page.clock.install(time=START)
    stage.set(ROOM, data)
    stage.answer = lambda *_: (201, {**hall.issued(number="PTSP-0123", ahead=112), "gerai_name": longest("gerai", "name"),
                                     "service_name": longest("service", "name")})  # fmt: skip
    stage.open("/kiosk/K1")
    expect(stage.page.locator(".home h1")).to_be_visible()


@pytest.mark.parametrize("state", STATES)
def test_every_state_fits(stage: Stage, state: str) -> None:
    """Come to at the portrait's size, then seen at each: the page is laid out by its sheet alone."""
    walk, data, wanted = STATES[state]
    open_at(stage, SIZES[0], data())
    walk(stage)
    for width, height in SIZES:
        resized(stage.page, width, height)
        fits(stage.page)
        assert stage.page.evaluate(SMALL) == []
        for selector in wanted:
            expect(stage.page.locator(selector).first).to_be_visible()
            in_sight(stage.page, selector)


@pytest.mark.parametrize("size", SIZES)
def test_large_letters_fit_too(stage: Stage, size: tuple[int, int]) -> None:
    open_at(stage, size, long_data())
    for wish in ("text", "contrast"):
        go(stage, f'[data-wish="{wish}"]')
    fits(stage.page)
    on_service(stage)
    fits(stage.page)
    in_sight(stage.page, "#take")
    go(stage, "#take")
    in_sight(stage.page, "#done")
    fits(stage.page)


@pytest.mark.parametrize("size", SIZES)
def test_zoomed_to_200_percent_all_is_there_and_nothing_is_cut(chromium: Browser, size: tuple[int, int]) -> None:
    """A browser zoomed to 200 % has half as many CSS pixels, each drawn with two."""
    context = chromium.new_context(viewport={"width": size[0] // 2, "height": size[1] // 2}, device_scale_factor=2, has_touch=True)
    stage = Stage(context.new_page())
    open_at(stage, (size[0] // 2, size[1] // 2), long_data())
    zoomed_fits(stage.page)
    go(stage, "#search", '[data-key="A"]')
    zoomed_fits(stage.page)
    go(stage, "#home")
    on_service(stage)
    zoomed_fits(stage.page)
    go(stage, "#take")
    expect(stage.page.locator("#number")).to_be_visible()
    zoomed_fits(stage.page)
    go(stage, "#done")
    expect(stage.page.locator(".home h1")).to_be_visible()
    context.close()


def zoomed_fits(page: Page) -> None:
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(CUT) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(COVERED) == []


def test_a_minute_without_the_server_is_said_and_ends_by_itself(stage: Stage) -> None:
    open_at(stage, SIZES[0], long_data())
    stage.down = True
    stage.cut()
    stage.page.clock.run_for(50000)
    expect(stage.page.locator(".home h1")).to_be_visible()
    stage.page.clock.run_for(12000)
    away = stage.page.locator(".away")
    expect(away).to_contain_text("Silakan ambil nomor di meja informasi di dekat pintu masuk sebelah kiri.")
    expect(away).to_contain_text("Layar ini kembali sendiri")
    stage.down = False
    stage.page.clock.run_for(4000)
    expect(stage.page.locator(".home h1")).to_be_visible()


def test_a_number_that_was_given_stays_while_the_server_is_away(stage: Stage) -> None:
    open_at(stage, SIZES[0], long_data())
    on_number(stage)
    stage.down = True
    stage.cut()
    for _ in range(4):
        stage.page.clock.run_for(16000)
        stage.page.locator(".result h1").tap()
    expect(stage.page.locator("#number")).to_be_visible()


def test_ten_taps_across_a_reload_give_one_ticket(stage: Stage) -> None:
    open_at(stage, SIZES[0], hall.kiosk())
    on_service(stage)
    answer, stage.answer = stage.answer, lambda *_: None
    taps = "for (let n = 0; n < 10; n += 1) setTimeout(() => document.querySelector('#take')?.click(), n * 30)"
    stage.page.evaluate(taps)
    stage.page.clock.run_for(300)
    expect(stage.page.locator("#take")).to_have_text("Sebentar…")
    stage.answer = answer
    stage.page.reload()
    stage.page.evaluate(taps)
    stage.page.clock.run_for(300)
    expect(stage.page.locator("#number")).to_be_visible()
    keys = [headers["idempotency-key"] for path, _, headers in stage.posts if path == "/tickets"]
    assert len(keys) > 1
    assert len(set(keys)) == 1


def test_asked_to_go_slower_the_page_waits_and_asks_again_with_the_same_key(stage: Stage) -> None:
    open_at(stage, SIZES[0], hall.kiosk())
    on_service(stage)
    given, stage.answer = stage.answer, lambda *_: (429, {"code": "too_fast", "title": "Terlalu cepat.", "retry_after_s": 60})
    stage.page.locator("#take").tap()
    expect(stage.page.locator(".service-foot")).to_contain_text("Mohon tunggu sebentar.")
    expect(stage.page.locator("#take")).to_be_disabled()
    first = copy.deepcopy(stage.posts)
    stage.answer = given
    stage.page.clock.run_for(30_000)  # the page's clock runs on by itself too, as fast as the machine lets it
    assert stage.posts == first
    stage.page.clock.run_for(31_000)
    expect(stage.page.locator("#number")).to_be_visible()
    assert stage.posts[-1][1] == first[0][1]
    assert stage.posts[-1][2]["idempotency-key"] == first[0][2]["idempotency-key"]
