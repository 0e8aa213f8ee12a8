"""The administrator's page at its sizes, under axe-core and at twice the size.

Planted: the label left off the gerai's picker -> test_a_part_and_its_form red.
`.entries > .endings` not sticky -> test_a_long_form_s_end_stays_in_sight red.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.faces.staff.mall import Mall
from tests.faces.staff.office import lengthened
from tests.faces.staff.test_admin import admin, dialog
from tests.faces.staff.test_looks import TOO_WIDE, looks_right
from tests.faces.test_axe import violations

CLOCK = "2026-11-03T08:30:00+08:00@1"
PARTS = ("people", "devices", "calendar", "services", "notices", "look")
#: part -> the control that opens its form
FORMS = {
    "people": '[data-focus="add"]', "devices": '[data-focus="add"]', "calendar": '[data-focus="hours"]',
    "services": 'tr[data-service] [data-act="change"]', "notices": '[data-focus="add"]', "look": '[data-focus="change-site"]',
}  # fmt: skip
#: 1366 x 768 at 200 %
TWICE = {"width": 683, "height": 384}


@pytest.fixture(scope="module", autouse=True)
def longest(running: Mall) -> None:
    """Every test of this file looks at the longest names of both floor plans."""
    lengthened(running)


def well_read(mall: Mall, page: Page) -> None:
    own = list(mall.complaints)
    found = violations(page)
    mall.complaints[:] = own  # axe-core itself tries inline styles, which the policy forbids
    assert found == []


@pytest.mark.parametrize("part", PARTS)
def test_a_part_and_its_form(mall: Mall, part: str) -> None:
    page = admin(mall, part)
    looks_right(page)
    page.set_viewport_size(TWICE)
    assert page.evaluate(TOO_WIDE) is False
    page.locator(FORMS[part]).first.click()
    expect(dialog(page)).to_be_visible()
    looks_right(page)
    page.set_viewport_size(TWICE)
    assert page.evaluate(TOO_WIDE) is False
    well_read(mall, page)
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)
    page.set_viewport_size({"width": 1366, "height": 768})
    page.evaluate("delete document.documentElement.dataset.contrast; delete document.documentElement.dataset.text")
    well_read(mall, page)


def test_a_long_form_s_end_stays_in_sight(mall: Mall) -> None:
    """Who changes one word of a service need not look for the button below twenty fields."""
    page = admin(mall, "services")
    page.locator(FORMS["services"]).first.click()
    expect(dialog(page).get_by_role("button", name="Simpan")).to_be_in_viewport(ratio=1)
