"""What is looked at: every page fits its screens, in both languages, with the longest names.

Planted, each seen red and taken out: `white-space: nowrap` on a kiosk tile; a take button that
does not stick; targets of 60 px; the number at 40vmin; rows of earlier calls of a fixed height.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.faces import hall
from tests.faces.stage import Stage

KIOSK_SIZES = [(1080, 1920), (1366, 768), (1280, 800)]
HALL_SIZES = [(1920, 1080), (1080, 1920), (1366, 768)]
LONG = "Pelayanan Perpanjangan Izin Penyelenggaraan Reklame dan Persetujuan Bangunan Gedung"
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((node) => node.offsetParent && !node.closest(".visually-hidden, #waiting, .place"))
  .filter((node) => { const box = node.getBoundingClientRect(); return box.right > innerWidth + 1 || box.left < -1; })
  .map((node) => node.className || node.tagName)"""
CUT = """() => [...document.querySelectorAll("button, h1, h2, p, dd, li, strong")]
  .filter((node) => node.checkVisibility({ visibilityProperty: true }) && !node.closest(".visually-hidden") && node.scrollWidth > node.clientWidth + 1
    && getComputedStyle(node).display !== "inline" && getComputedStyle(node).textOverflow !== "ellipsis")
  .map((node) => node.textContent)"""
SMALL = """() => [...document.querySelectorAll("button")].filter((node) => node.offsetParent)
  .map((node) => [node.textContent, node.getBoundingClientRect().height]).filter(([, height]) => height < 72)"""


#: A look of our own comes after the page's own looks at its size, in the same frame.
LOOKED = """() => new Promise((done) => { const look = new ResizeObserver(() => { look.disconnect(); done(); });
  look.observe(document.documentElement); })"""


def resized(page: Page, width: int, height: int) -> None:
    """The page at another size, once it has set itself for it."""
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(LOOKED)


def fits(page: Page) -> None:
    assert page.evaluate(TOO_WIDE) == []
    assert page.evaluate(CUT) == []


def in_sight(page: Page, selector: str) -> None:
    expect(page.locator(selector).first).to_be_visible()
    # Found and measured at one instant: between two looks a redraw may have put another node there.
    box = page.evaluate("(wanted) => document.querySelector(wanted).getBoundingClientRect().toJSON()", selector)
    height = page.viewport_size["height"]
    assert box["height"] > 0
    assert 0 <= box["y"]
    assert box["y"] + box["height"] <= height


def long_names() -> dict[str, Any]:
    data = hall.kiosk()
    for service in data["services"]:
        if service["code"] == "DKC-KTP":
            service["name"] = {"id": LONG, "en": LONG}
            service["requirements"] = [LONG] * 8
    for gerai in data["gerai"]:
        if gerai["code"] == "DKC":
            gerai["name"] = "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Lampung Timur"
    return data


def at_each(page: Page, sizes: list[tuple[int, int]], *parts: str, small: bool = True) -> None:
    """The page as it stands, laid out at each size: it fits, its buttons are large, its parts are in sight."""
    for width, height in sizes:
        resized(page, width, height)
        fits(page)
        if small:
            assert page.evaluate(SMALL) == []
        for part in parts:
            in_sight(page, part)


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_kiosk_fits(stage: Stage, language: str) -> None:
    page = stage.page
    stage.set("kiosk:K1", long_names())
    stage.answer = lambda *_: (201, {**hall.issued(number="PTSP-0123", ahead=112), "counters": [
        f"Loket {number}" for number in range(1, 9)]})  # fmt: skip
    stage.open("/kiosk/K1")
    page.locator(f'[data-language="{language}"]').click()
    expect(page.locator("h1")).to_be_visible()
    at_each(page, KIOSK_SIZES)
    page.locator('.all-gerai [data-gerai="DKC"]').click()
    expect(page.locator(".gerai h1")).to_be_visible()
    at_each(page, KIOSK_SIZES)
    page.locator('.gerai [data-service="DKC-KTP"]').click()
    at_each(page, KIOSK_SIZES, "#take", ".service h1")
    page.locator("#take").click()
    expect(page.locator("#number")).to_be_visible()
    at_each(page, KIOSK_SIZES, "#number", ".paper", ".go-to", "#done", small=False)


@pytest.mark.parametrize("size", HALL_SIZES)
def test_the_display_fits_with_banners_and_long_numbers(stage: Stage, size: tuple[int, int]) -> None:
    page = stage.page
    page.set_viewport_size({"width": size[0], "height": size[1]})
    calls = [
        hall.call(number, f"PTSP-{number:04}", gerai_name="Dinas Kependudukan dan Pencatatan Sipil", counter_label=f"Loket {number}")
        for number in range(11, 18)
    ]
    data = hall.display(calls)
    data["site"]["simulated"] = True
    data["notices"] = ["Loket istirahat salat Jumat sampai pukul 13.00"]
    stage.set("display:TV1", data)
    stage.open("/display/TV1")
    expect(page.locator("#recent li")).to_have_count(5)
    fits(page)
    for part in (".big", ".counter", ".call .gerai", "#recent li:last-child .where", "#waiting li:last-child"):
        in_sight(page, part)
    # At one instant: the next call takes its turn, the rows move up.
    below = """() => { const [gerai, current] = [".call .gerai", "#current"].map((one) => document.querySelector(one).getBoundingClientRect().bottom);
      return gerai > current; }"""
    assert page.evaluate(below) is False
    cut = """() => [...document.querySelectorAll("#recent li")].filter((row) => {
      const bottom = (node) => node.getBoundingClientRect().bottom;
      return bottom(row.querySelector(".place")) > bottom(row) + 1 || bottom(row) > bottom(row.parentElement) + 1;
    }).map((row) => row.textContent)"""
    assert page.evaluate(cut) == []


# Short words with a hyphen that stand on two lines.
BROKEN = """() => { const found = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) for (const word of texts.currentNode.data.matchAll(/[A-Za-z]+-[A-Za-z]{2}/g)) {
    const part = document.createRange(); part.setStart(texts.currentNode, word.index); part.setEnd(texts.currentNode, word.index + word[0].length);
    if (word[0].length <= 8 && new Set([...part.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(word[0]);
  } return found; }"""


# Cards of which a part is shown and a part is below the edge.
HALVES = """() => { const area = document.querySelector("#screen"), edge = area.getBoundingClientRect().top + area.clientHeight;
  return [...area.querySelectorAll(".tile")].filter((card) => getComputedStyle(card).opacity !== "0").map((card) => [card.textContent, card.getBoundingClientRect()])
    .filter(([, box]) => box.top < edge && box.bottom > edge + 1).map(([text]) => text); }"""


@pytest.mark.parametrize("name", ["kota-kupang", "lampung-timur"])
def test_the_whole_hall_is_in_sight_open_or_closed(stage: Stage, name: str) -> None:
    """No card breaks "KTP-el" over two lines. Planted: five of six most wanted services; no tighter setting; long names
    of zones on a card; plain names on the tiles -> red."""
    page, data = stage.page, hall.kiosk(name=name)
    stage.set("kiosk:K1", data)
    stage.open("/kiosk/K1")
    for version, reason in enumerate([None, "before_opening"], start=2):
        for service in data["services"]:
            service.update(open=reason is None, reason=reason, opens_at="2026-11-03T01:00:00.000Z")
        stage.push(stage.set("kiosk:K1", data, version))
        expect(page.locator(".hall-closed")).to_have_count(version - 2)
        for width, height in KIOSK_SIZES:
            resized(page, width, height)
            expect(page.locator(".popular .tile")).to_have_count(6)
            expect(page.locator("#more")).to_be_hidden()
            in_sight(page, ".popular li:last-child .tile")
            in_sight(page, ".all-gerai li:last-child .tile")
            fits(page)
            assert page.evaluate(SMALL) == []
            assert page.evaluate(BROKEN) == []


def test_sixty_gerai_stay_usable(stage: Stage) -> None:
    """Cards are shown whole, page by page. Planted: a card cut by the edge stays in sight -> red."""
    data = hall.kiosk()
    data["gerai"] = [{**data["gerai"][n % 12], "code": f"G{n}", "short": f"Instansi {n}"} for n in range(60)]
    data["services"] = [{**data["services"][n % 20], "code": f"S{n}", "gerai": f"G{n}"} for n in range(60)]
    stage.set("kiosk:K1", data)
    stage.open("/kiosk/K1")
    more = stage.page.locator("#more")
    expect(more).to_have_text("▼ Lihat ke bawah")
    expect(stage.page.locator("[data-cut]").first).to_be_attached()
    assert stage.page.evaluate(HALVES) == []
    stage.page.emulate_media(reduced_motion="reduce")
    at = "() => new Promise((done) => requestAnimationFrame(() => done(document.querySelector('#screen').scrollTop)))"
    places = [stage.page.evaluate(at)]
    while more.inner_text().startswith("▼"):
        more.click()
        stage.page.evaluate(LOOKED)
        places.append(stage.page.evaluate(at))
        assert stage.page.evaluate(HALVES) == []
    assert places == sorted(set(places))
    more.click()
    stage.page.evaluate(LOOKED)
    assert stage.page.evaluate(at) == 0
    stage.page.locator('.all-gerai [data-gerai="G59"]').click()
    stage.page.locator('.gerai [data-service="S59"]').click()
    in_sight(stage.page, "#take")


def test_what_goes_on_below_the_edge_is_said_and_reached_by_touch(stage: Stage) -> None:
    stage.set("kiosk:K1", hall.kiosk())
    stage.open("/kiosk/K1")
    more = stage.page.locator("#more")
    expect(stage.page.locator("h1")).to_be_visible()
    expect(more).to_be_hidden()
    stage.push(stage.set("kiosk:K1", long_names(), 2))
    stage.page.locator('.all-gerai [data-gerai="DKC"]').click()
    stage.page.locator('.gerai [data-service="DKC-KTP"]').click()
    expect(more).to_have_text("▼ Lihat ke bawah")
    more.click()
    expect(more).to_have_text("▲ Kembali ke atas")
    in_sight(stage.page, ".priority")
    in_sight(stage.page, "#take")
