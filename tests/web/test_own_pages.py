"""The door's own pages in a real Chromium, on a plain http name that is not loopback.

Planted: `go` never shown by ticket.js -> red; an inline style in home.html -> red (the
policy's complaint on the console); the stale line left out -> red.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.web.hall import NAMES, Hall

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(hall: Hall) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, hall.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://mpp.test:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    complaints: list[str] = []
    phone = chromium.new_page(viewport={"width": 360, "height": 740})
    phone.clock.install()
    phone.on("console", lambda said: complaints.append(said.text) if said.type != "log" else None)
    phone.on("pageerror", lambda error: complaints.append(str(error)))
    yield phone
    phone.close()
    assert [one for one in complaints if not one.startswith("Failed to load resource")] == []


def test_home_and_api(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("link", name="Loket")).to_be_visible()
    page.get_by_role("link", name="Keterangan API").click()
    expect(page.get_by_role("heading", name="Kode penolakan")).to_be_visible()


def test_a_phone_follows_its_ticket(page: Page, address: str, hall: Hall) -> None:
    ticket = hall.issue("phone")
    page.goto(f"{address}/t/{ticket['token']}")
    expect(page.locator("#number")).to_have_text(ticket["number"])
    expect(page.locator("#state")).to_have_text("Menunggu")
    expect(page.locator("#ahead")).to_have_text("Anda berikutnya")
    expect(page.locator("#go")).to_be_hidden()
    officer, counter = hall.person(NAMES["officer"]), hall.counter()
    label = officer.post(f"/counters/{counter}/open", {}).get_json()["counter"]["label"]
    officer.post(f"/counters/{counter}/next", {})
    page.clock.run_for(5100)
    expect(page.locator("#state")).to_have_text("Dipanggil")
    expect(page.locator("#go")).to_be_visible()
    expect(page.locator("#go")).to_have_text(f"Silakan menuju {label}")
    page.route("**/api/v1/public/**", lambda route: route.abort())
    page.clock.run_for(5100)
    expect(page.locator("#fresh")).to_contain_text("Belum diperbarui sejak")
    page.unroute("**/api/v1/public/**")
    officer.post(f"/counters/{counter}/finish", {})
    page.clock.run_for(5100)
    expect(page.locator("#state")).to_have_text("Selesai dilayani")
    expect(page.locator("#fresh")).to_contain_text("Diperbarui pukul")
    officer.post(f"/counters/{counter}/close", {})


def test_a_refusal_is_a_page_too(page: Page, address: str) -> None:
    page.goto(f"{address}/t/tidak-ada")
    expect(page.get_by_role("heading")).to_have_text("Nomor antrean tidak ditemukan.")
    page.get_by_role("link", name="Ke halaman depan").click()
    expect(page.get_by_role("heading", name="Pilih halaman")).to_be_visible()
