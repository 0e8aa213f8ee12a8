"""The staff's pages at their sizes: nothing beyond the edge, the big button in sight, targets large enough for a finger.

Planted: `.desk > * { min-width: 60rem }` -> test_desk red. The visitor's card 40rem high -> big button out of sight, red.
Small buttons of 2rem -> all red.
"""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.faces.staff.mall import NARROW, TABLET, WIDE, Mall
from tests.faces.staff.office import at_stage, big, opened, press

SIZES = (WIDE, TABLET, NARROW)
TARGET_PX = 44
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
            box = big(page).bounding_box()
            assert box is not None and box["y"] + box["height"] <= height, width


def test_login(mall: Mall) -> None:
    page = mall.page()
    page.goto(mall.address("/counter"))
    expect(page.get_by_role("heading", name="Masuk petugas")).to_be_visible()
    looks_right(page)


def test_counter(mall: Mall) -> None:
    """Before a call, called with a priority to confirm, served."""
    mall.take_number("PTSP-NIB", priority="disabilitas")
    mall.take_number("PTSP-NIB")
    page = opened(mall, "PTSP")
    for stage in ("free", "called", "serving"):
        at_stage(page, stage)
        looks_right(page, has_big_button=True)
        press(page, "n")


def test_desk(mall: Mall) -> None:
    page = mall.log_in("/desk", "resepsionis")
    page.locator('[data-service="DKC-KTP"]').click()
    expect(page.locator(".take")).to_be_visible()
    looks_right(page)
    page.locator(".take").click()
    expect(page.locator(".result")).to_be_visible()
    looks_right(page)


def test_supervisor(mall: Mall) -> None:
    page = mall.log_in("/supervisor", "pengawas")
    expect(page.locator('tr[data-gerai="DKC"]')).to_be_visible()
    looks_right(page)
