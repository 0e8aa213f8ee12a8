"""The virtual printer's page in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from printers.layout import build
from printers.profile import Profile
from printers.slip import Slip
from tests.printers.samples import slip
from tests.printers.test_virtual import running, send

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page whose console errors fail the test; a test closes it while its printer still answers."""
    page = chromium.new_page(viewport={"width": 1100, "height": 900})
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    assert wrong == []


def test_new_paper_appears_without_a_reload_and_buttons_work(page: Page) -> None:
    """Planted: page.js drawing once only -> red (the second slip never shows)."""
    with running() as (tcp, web):
        page.goto(f"http://127.0.0.1:{web}/")
        expect(page.get_by_text("Belum ada karcis.")).to_be_visible()
        send(tcp, build(Slip.from_dict(slip("A-001")), Profile()))
        expect(page.get_by_alt_text("Karcis A-001")).to_be_visible()
        marked = slip("A-001", copy=1, copy_mark="CETAK ULANG 1")
        send(tcp, build(Slip.from_dict(marked), Profile()))
        expect(page.locator("#slips li")).to_have_count(2)
        expect(page.locator("#slips li").first).to_contain_text("CETAK ULANG 1")
        page.get_by_role("button", name="Tolak sambungan").click()
        expect(page.get_by_role("status")).to_contain_text("Menolak sambungan")
        page.get_by_role("button", name="Normal").click()
        expect(page.get_by_role("status")).to_contain_text("Normal")
        send(tcp, b"\x1bZ")
        expect(page.locator("#error-list li")).to_have_count(1)
        page.wait_for_function("() => document.querySelector('#slips img').naturalWidth === 640")
        page.close()
