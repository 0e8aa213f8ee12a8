"""Two displays of one sound group on the real server, and what the supervisor sees and asks of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from server.ops.bench.pretend import PRETEND
from tests.faces.staff.mall import Mall
from tests.faces.staff.office import big, opened
from tests.waiting import wait_for


def display(mall: Mall, url: str) -> Page:
    page = mall.page()
    page.add_init_script(PRETEND)
    page.goto(url)
    expect(page.locator("#display")).to_be_visible()
    return page


def enrolled(mall: Mall, code: str, zone: str) -> str:
    told = mall.call("POST", "/devices", {"kind": "display", "code": code, "name": f"Layar {code}", "zone": zone})
    return mall.address(f"/display/{code}?enrol={told['token']}")


def frozen(page: Page) -> Callable[[], object]:
    """Halt the page as a TV that sleeps does, no timer, no message; returns what wakes it.

    By the debugger: `Page.setWebLifecycleState` freezes no page that is in sight, and without windows every page is (tried
    with Chromium 156, headless shell: timers go on, no `freeze` event).
    """
    cdp = page.context.new_cdp_session(page)
    cdp.send("Debugger.enable")
    cdp.send("Debugger.pause")
    return lambda: cdp.send("Debugger.disable")


def said(page: Page) -> list[str]:
    """Recordings played through, `{call_id}` or `{call_id}-short`."""
    return str(page.evaluate("document.documentElement.dataset.said || ''")).split()


def frozen_and_woken(mall: Mall, first: Page, deputy: Page, speaks: Any) -> None:
    """While a page is frozen its deputy says the call; awake again it shows that call, says nothing of it, and has the turn."""
    wait_for(lambda: speaks("TVA"), 60, "the first has the turn")
    officer = opened(mall, "DKC")
    wake = frozen(first)
    number = mall.take_number("DKC-KTP")
    big(officer).click()
    wait_for(lambda: said(deputy), 60, "the deputy says it")
    wake()
    expect(first.locator("#display")).to_contain_text(number)
    wait_for(lambda: speaks("TVA"), 60, "the turn goes back")
    assert (said(first), len(said(deputy))) == ([], 1)
    officer.context.close()


def test_a_deputy_takes_over_from_a_page_that_was_frozen_or_died_and_the_supervisor_sees_it(mall: Mall) -> None:
    zone = next(row["zone"] for row in mall.call("GET", "/views/floor")["data"]["gerai"] if row["code"] == "DKC")
    addresses = [enrolled(mall, code, zone) for code in ("TVA", "TVB")]
    one, two = [display(mall, address) for address in addresses]

    def speaks(code: str) -> Any:
        rows = mall.call("GET", "/views/floor")["data"]["devices"]
        return next(row["display"]["speaks"] for row in rows if row["code"] == code)

    frozen_and_woken(mall, one, two, speaks)
    first, other = ("TVA", "TVB") if speaks("TVA") else ("TVB", "TVA")
    dying, living = (one, two) if first == "TVA" else (two, one)
    office = mall.log_in("/supervisor", "pengawas")
    rows = office.locator('[data-list="devices"]')
    expect(rows.locator(f'[data-code="{other}"]')).to_contain_text("cadangan suara")
    began = time.monotonic()
    dying.context.close()
    wait_for(lambda: speaks(other), 30, "the deputy has the turn")
    print(f"the turn came after {time.monotonic() - began:.1f} s")
    expect(rows.locator(f'[data-code="{other}"]')).to_contain_text("membacakan panggilan")

    row = rows.locator(f'[data-code="{other}"]')
    row.locator("select").select_option("40")
    expect(office.locator("#says")).to_contain_text(f"Volume Layar {other} diubah.")
    wait_for(lambda: next(r["display"]["volume"] for r in mall.call("GET", "/views/floor")["data"]["devices"] if r["code"] == other) == 40, 20, "volume")
    expect(office.locator("html")).not_to_have_attribute("data-resting", "")
    with living.expect_event("load", timeout=20000):
        row.get_by_role("button", name="Muat ulang").click()
    living.context.close()
