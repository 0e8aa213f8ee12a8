"""What an officer does and sees, in the words of the page."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

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


def opened(mall: Mall, gerai: str, size: tuple[int, int] = WIDE) -> Page:
    """The page of a gerai's officer with the first free loket open."""
    page = mall.log_in("/counter", f"petugas-{gerai.lower()}", size=size)
    page.locator(".choice:not([disabled])").first.click()
    at_stage(page, "free")
    rested(page)
    return page
