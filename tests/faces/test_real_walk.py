"""Kiosk and display in a real browser against the real server, through a `kill -9` in the middle.

The server stands at a name that is not loopback over plain http, as in a hall.

Planted, each seen red and taken out: the view never asked for after a lost socket; a kiosk that
tries to take a number only once.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces.staff.mall import Mall
from tests.serve.servers import Server

#: An ordinary Tuesday morning at the pace of the wall, so that a call is as old as it looks.
MORNING = "2026-11-03T08:30:00+08:00@1"
HALL, KIOSK = (1920, 1080), (1080, 1920)


@pytest.fixture
def mall(chromium: Browser, tmp_path: Path) -> Iterator[Mall]:
    server = Server(tmp_path / "data", settings={"clock": MORNING}).start()
    try:
        yield Mall(server.up(), chromium)
    finally:
        server.remove()


def device(mall: Mall, kind: str, size: tuple[int, int]) -> Page:
    """The page of the first device of a kind, opened by its enrolment link."""
    row = next(row for row in mall.facts["devices"] if row["kind"] == kind)
    page = mall.page(size)
    page.goto(mall.address(f"/{kind}/{row['code']}?enrol={row['token']}"))
    return page


def to_service(kiosk: Page) -> None:
    kiosk.locator('.all-gerai [data-gerai="DKC"]').click()
    kiosk.locator('.gerai [data-service="DKC-KTP"]').click()


def test_touch_number_paper_call_kill_and_heal(mall: Mall) -> None:
    kiosk, display = device(mall, "kiosk", KIOSK), device(mall, "display", HALL)
    expect(display.locator("#current")).to_contain_text("Belum ada panggilan")
    to_service(kiosk)
    kiosk.locator("#take").click()
    expect(kiosk.locator("#number")).to_have_text("B-001")
    expect(kiosk.locator(".paper")).to_contain_text("Silakan ambil karcis Anda")
    kiosk.locator("#done").click()

    officer = mall.log_in("/counter", "petugas-dkc")
    post = """async ([path, body]) => {
      const { useCsrf, get, post, newKey } = await import("/shared/http.js");
      useCsrf((await get("/api/v1/me")).body.csrf);
      return (await post("/api/v1" + path, body, { key: newKey() })).status;
    }"""
    assert officer.evaluate(post, ["/counters/DKC-2/open", {}]) == 200
    assert officer.evaluate(post, ["/counters/DKC-2/next", {}]) == 200
    expect(display.locator(".big")).to_have_text("B-001")
    expect(display.locator(".counter")).to_have_text("Loket 2")
    expect(display.locator(".zone-band")).to_contain_text("Zona Biru")

    to_service(kiosk)
    expect(kiosk.locator("#take")).to_be_enabled()
    mall.server.end(signal.SIGKILL)
    kiosk.locator("#take").click()
    expect(kiosk.locator(".service-foot")).to_contain_text("Server belum menjawab")
    mall.server.start().up()
    expect(kiosk.locator("#number")).to_have_text("B-002")
    expect(display.locator('#waiting li:has-text("Dukcapil") strong')).to_have_text("1")
    expect(display.locator(".big")).to_have_text("B-001")
    issued = [row["data"]["label"] for row in mall.events("TicketIssued")]
    assert issued == ["B-001", "B-002"]
    assert mall.complaints == []
