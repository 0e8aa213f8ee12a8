"""The door's own pages in a real Chromium, on a plain http name that is not loopback.

Planted: an inline style in home.html -> red (the policy's complaint on the console).
"""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.web.hall import Hall

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


def test_a_refusal_is_a_page_too(page: Page, address: str) -> None:
    page.goto(f"{address}/tidak-ada")
    expect(page.get_by_role("heading")).to_have_text("Halaman atau alamat ini tidak ditemukan.")
    page.get_by_role("link", name="Ke halaman depan").click()
    expect(page.get_by_role("heading", name="Pilih halaman")).to_be_visible()
