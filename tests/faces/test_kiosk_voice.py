"""A kiosk whose browser has no voice of its own hears the server's: real page, real server, real sound.

Planted, each seen red and taken out: `onabort` heard as the end of the reading; the meta left out of the
page; an Indonesian page read by the English voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.faces.staff.mall import Mall
from tests.serve.servers import Server

MORNING = "2026-11-03T08:30:00+08:00@1"
#: No voice of the browser's; every sound that ended is written down, ten times as fast as it would be.
EARS = """
  window.heard = [];
  Object.defineProperty(window, "speechSynthesis", { value: undefined });
  const Plain = window.Audio;
  window.Audio = function () {
    const sound = new Plain();
    sound.defaultPlaybackRate = 10;
    sound.addEventListener("ended", () => window.heard.push([sound.src, sound.duration]));
    return sound;
  };
"""


@pytest.fixture
def kiosk(chromium: Browser, tmp_path: Path) -> Iterator[Page]:
    server = Server(tmp_path / "data", settings={"clock": MORNING}).start()
    try:
        mall = Mall(server.up(), chromium)
        row = next(row for row in mall.facts["devices"] if row["kind"] == "kiosk")
        page = mall.page((1080, 1920))
        page.add_init_script(EARS)
        page.goto(mall.address(f"/kiosk/{row['code']}?enrol={row['token']}"))
        expect(page.locator(".home h1")).to_be_visible()
        yield page
        assert mall.complaints == []
    finally:
        server.remove()


def heard(page: Page) -> list[tuple[str, str]]:
    """(language, text) of every sound that was played to its end."""
    asked = [parse_qs(urlsplit(url).query) for url, _ in page.evaluate("window.heard")]
    return [(one["lang"][0], one["text"][0]) for one in asked]


def test_the_kiosk_reads_its_page_aloud_and_goes_on(kiosk: Page) -> None:
    kiosk.locator('[data-wish="listen"]').click()
    kiosk.wait_for_function("() => window.heard.length >= 4")
    expect(kiosk.locator(".no-voice")).to_have_text("")
    assert heard(kiosk)[0] == ("id", "Silakan pilih layanan")
    assert len(set(heard(kiosk)[:4])) == 4
    assert all(duration > 0.5 for _, duration in kiosk.evaluate("window.heard"))
    kiosk.get_by_role("button", name="English").click()
    kiosk.wait_for_function("() => window.heard.some(([src]) => src.includes('lang=en'))")
    assert ("en", "Please choose a service") in heard(kiosk)
