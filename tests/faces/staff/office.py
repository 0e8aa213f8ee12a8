"""What an officer does and sees, in the words of the page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from config.floor import read_floor
from tests.faces.staff.mall import WIDE, Mall
from tests.waiting import wait_for

#: The rule's 60 s: a second on the practice clock once the page has measured its rate, else a minute.
RULE_MS = 75_000


def big(page: Page) -> Locator:
    return page.locator(".act.big")


def act(page: Page, name: str) -> Locator:
    return page.locator(f'.act[data-act="{name}"]')


def at_stage(page: Page, stage: str, number: str | None = None) -> None:
    expect(page.locator("article.visitor")).to_have_attribute("data-stage", stage)
    if number:
        expect(page.locator(".visitor .number")).to_have_text(number)
    expect(big(page)).to_have_attribute("data-busy", "false")


def rested(page: Page) -> None:
    """The short rest after a press is over."""
    wait_for(lambda: page.evaluate("!document.documentElement.hasAttribute('data-resting')"), 30, "the rest after a press")


def press(page: Page, key: str) -> None:
    rested(page)
    page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Walk by Tab alone until the focus is there."""
    for _ in range(150):
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def press_tenfold(node: Locator) -> None:
    """Ten presses in one instant, as of a stuck button."""
    node.evaluate("(node) => { for (let n = 0; n < 10; n += 1) node.click(); }")


def opened(mall: Mall, gerai: str, size: tuple[int, int] = WIDE) -> Page:
    """The page of a gerai's officer with the first free loket open."""
    page = mall.log_in("/counter", f"petugas-{gerai.lower()}", size=size)
    page.locator(".choice:not([disabled])").first.click()
    at_stage(page, "free")
    rested(page)
    return page


def lengthened(mall: Mall) -> None:
    """Every name of the hall becomes the longest of its kind in both packaged floor plans."""
    plans = [read_floor(name).as_data() for name in ("kota-kupang", "lampung-timur")]
    plan = plans[0]
    plan["site"]["name"] = max((one["site"]["name"] for one in plans), key=len)
    for table, fields in {"zones": ("name",), "agencies": ("name",), "gerai": ("name", "short"), "services": ("name",)}.items():
        for field in fields:
            longest = max((row[field] for one in plans for row in one[table]), key=lambda name: len(str(name)))
            for row in plan[table]:
                row[field] = longest
    assert "changed" in mall.call("POST", "/floor", {"plan": plan})
