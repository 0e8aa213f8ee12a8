"""The staff's pages at their sizes: nothing beyond the edge, the big button in sight, targets large enough for a finger.

Planted: `min-width: 60rem` on .office -> red at 400 px. The visitor's card 40rem high -> big button out of sight, red.
A button of 2rem -> red.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.faces.staff.mall import NARROW, TABLET, WIDE, Mall
from tests.faces.staff.office import at_stage, big, opened, press

SIZES = {"wide": WIDE, "tablet": TABLET, "narrow": NARROW}
TARGET_PX = 44
TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth"
SMALL = """(least) => Array.from(document.querySelectorAll("button, input:not([type=radio]):not([type=checkbox]), select, a.button"))
  .filter((node) => node.checkVisibility() && node.getBoundingClientRect().height < least - 0.5)
  .map((node) => `${node.textContent} ${node.getBoundingClientRect().height}`)"""


def looks_right(page: Page) -> None:
    assert page.evaluate(TOO_WIDE) is False
    assert page.evaluate(SMALL, TARGET_PX) == []


def in_sight(page: Page) -> None:
    box = big(page).bounding_box()
    assert box is not None and box["y"] + box["height"] <= page.viewport_size["height"]


@pytest.mark.parametrize("gerai, size", [("DKC", "wide"), ("PTSP", "tablet"), ("BPN", "narrow")])
def test_counter(mall: Mall, gerai: str, size: str) -> None:
    service = {"DKC": "DKC-KTP", "PTSP": "PTSP-NIB", "BPN": "BPN-CEK"}[gerai]
    for priority in ("disabilitas", None):
        mall.take_number(service, **({"priority": priority} if priority else {}))
    page = mall.page(SIZES[size])
    page.goto(mall.address("/counter"))
    looks_right(page)
    page.context.close()
    page = opened(mall, gerai, SIZES[size])
    for stage in ("free", "called", "serving"):
        at_stage(page, stage)
        looks_right(page)
        in_sight(page)
        press(page, "n")


@pytest.mark.parametrize("size", SIZES)
def test_desk(mall: Mall, size: str) -> None:
    page = mall.log_in("/desk", "resepsionis", size=SIZES[size])
    page.locator('[data-service="DKC-KTP"]').click()
    expect(page.locator(".take")).to_be_visible()
    looks_right(page)
    page.locator(".take").click()
    expect(page.locator(".result")).to_be_visible()
    looks_right(page)


@pytest.mark.parametrize("size", SIZES)
def test_supervisor(mall: Mall, size: str) -> None:
    page = mall.log_in("/supervisor", "pengawas", size=SIZES[size])
    expect(page.locator('tr[data-gerai="DKC"]')).to_be_visible()
    looks_right(page)
