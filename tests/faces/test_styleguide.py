"""The style guide shows what there is, in every wish, and every page also runs from its sources.

Planted, each seen red and taken out: the switch never taking its wish back; a symbol of the sprite left out of
the guide; `?sources` giving joined scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces import states
from tests.faces.stage import ROOT
from tests.faces.staff.mall import Mall

SPRITE = (ROOT / "server" / "shared" / "static" / "pictograms.svg").read_text("utf-8")


@pytest.fixture(scope="module")
def running(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    with states.a_mall(chromium, tmp_path_factory.mktemp("guide")) as mall:
        yield mall


@pytest.fixture
def guide(running: Mall) -> Iterator[Page]:
    """The guide in a fresh browser; a word in the console fails the test."""
    page = running.page()
    page.goto(running.address("/styleguide"))
    yield page
    page.context.close()
    assert running.complaints == []


def test_every_drawing_is_shown_and_drawn(guide: Page) -> None:
    names = re.findall(r'<symbol id="([^"]+)"', SPRITE)
    expect(guide.locator(".drawings code")).to_have_text(names)
    expect(guide.locator(".drawings use").last).to_be_visible()
    empty = "(all) => all.filter((one) => one.getBoundingClientRect().width < 4).map((one) => one.getAttribute('href'))"
    assert guide.locator(".drawings use").evaluate_all(empty) == []


def test_the_wishes_are_switched_on_and_off_by_keyboard(guide: Page) -> None:
    html = guide.locator("html")
    for name, attribute, wish in (("Kontras tinggi", "contrast", "high"), ("Huruf besar", "text", "large"), ("Jangkauan rendah", "reach", "low")):
        button = guide.get_by_role("button", name=name)
        button.focus()
        guide.keyboard.press("Enter")
        expect(html).to_have_attribute(f"data-{attribute}", wish)
        expect(button).to_have_attribute("aria-pressed", "true")
        guide.keyboard.press("Enter")
        expect(guide.locator(f"html[data-{attribute}]")).to_have_count(0)
        expect(button).to_have_attribute("aria-pressed", "false")


def test_samples_follow_the_tokens(guide: Page) -> None:
    colour = "(node) => getComputedStyle(node).backgroundColor"
    paper = guide.locator('[data-ground="surface"]')
    assert paper.evaluate(colour) == "rgb(255, 255, 255)"
    guide.get_by_role("button", name="Kontras tinggi").click()
    assert paper.evaluate(colour) == "rgb(0, 0, 0)"
    size = "(node) => parseFloat(getComputedStyle(node).fontSize)"
    number = guide.locator('[data-size="t-number"]')
    near = number.evaluate(size)
    guide.get_by_label("Jarak baca").select_option("hall")
    assert number.evaluate(size) > near


@pytest.mark.parametrize("width", [1366, 683, 360])
def test_nothing_goes_beyond_the_edge(guide: Page, width: int) -> None:
    """683 px is the office's screen at 200 % zoom."""
    guide.set_viewport_size({"width": width, "height": 768})
    assert guide.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("path", "there"),
    [("/styleguide", "[data-attribute]"), ("/counter", "#gate input"), ("/desk", "#gate input"), ("/supervisor", "#gate input"), ("/admin", "#gate input")],
)
def test_a_page_also_runs_from_its_sources(running: Mall, path: str, there: str) -> None:
    page = running.page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(running.address(f"{path}?sources"))
    expect(page.locator(there).first).to_be_visible()
    page.context.close()
    assert any(url.endswith(".js") for url in asked)
    assert [url for url in asked if "?v=" in url] == []
    assert running.complaints == []
