"""Two displays of one sound group on the real server, and what the supervisor sees and asks of them.
"""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page, expect

from server.ops.bench.pretend import PRETEND
from tests.faces.staff.mall import Mall
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


def test_a_deputy_takes_over_from_a_page_that_died_and_the_supervisor_sees_it(mall: Mall) -> None:
    zone = mall.call("GET", "/views/floor")["data"]["gerai"][0]["zone"]
    addresses = [enrolled(mall, code, zone) for code in ("TVA", "TVB")]
    one, two = [display(mall, address) for address in addresses]

    def speaks(code: str) -> Any:
        rows = mall.call("GET", "/views/floor")["data"]["devices"]
        return next(row["display"]["speaks"] for row in rows if row["code"] == code)

    wait_for(lambda: speaks("TVA") or speaks("TVB"), 30, "one has the turn")
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
