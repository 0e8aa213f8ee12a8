"""A kiosk switched on before the server shows a page of its own and goes on by itself.

Planted, each seen red and taken out: an error page taken for an answer; asked only once; a page
without an address that waits for ever.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.faces.stage import ROOT

START = ROOT / "kiosk" / "start"
KIOSK = "http://mpp.test/kiosk/K1"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>'


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1080, "height": 1920})
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


def test_it_waits_for_the_server_and_not_for_an_error_page(page: Page) -> None:
    answers = ["nobody", "starting", "ready"]
    asked = []

    def answer(route: Route) -> None:
        if "/kiosk/" in route.request.url:
            route.fulfill(body="<h1>Kios K1</h1>", content_type="text/html")
            return
        asked.append(answers[min(len(asked), 2)])
        if asked[-1] == "nobody":
            route.abort("connectionrefused")
        elif asked[-1] == "starting":
            route.fulfill(status=503, body="<h1>Sebentar</h1>", content_type="text/html")
        else:
            route.fulfill(body=PICTURE, content_type="image/svg+xml")

    page.route("http://mpp.test/**", answer)
    page.goto(f"{(START / 'waiting.html').as_uri()}#{KIOSK}")
    expect(page.locator("h1")).to_have_text("Kios sedang disiapkan")
    for count in (1, 2):
        page.wait_for_function("() => document.querySelector('h1').textContent === 'Kios sedang disiapkan'")
        for _ in range(500):  # each look lets the page's request come in
            if len(asked) >= count:
                break
            page.evaluate("1")
        page.clock.run_for(3100)
    page.wait_for_url(KIOSK, timeout=10000)
    expect(page.locator("h1")).to_have_text("Kios K1")
    assert asked == ["nobody", "starting", "ready"]


@pytest.mark.parametrize("address", ["", "#", "#javascript:alert(1)", "#http://mpp.test/admin", "#file:///etc/passwd"])
def test_without_an_address_it_says_what_to_write(page: Page, address: str) -> None:
    page.goto((START / "waiting.html").as_uri() + address)
    expect(page.locator("#state")).to_contain_text("Alamat kios belum ditulis.")


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = environment.pop("PATH", "/usr/bin:/bin")
    return subprocess.run(
        [str(START / "start.sh"), *arguments], env={"PATH": path, "HOME": "/nonexistent", **environment},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_a_display_waits_in_its_own_words(page: Page) -> None:
    page.route("http://mpp.test/**", lambda route: route.abort("connectionrefused"))
    page.goto(f"{(START / 'waiting.html').as_uri()}#http://mpp.test/display/TV1")
    expect(page.locator("h1")).to_have_text("Layar panggilan sedang disiapkan")
    expect(page.locator("main")).not_to_contain_text("meja informasi")


def test_the_flags_of_a_display_let_it_sound_and_ask_nothing() -> None:
    script = (START / "start.sh").read_text("utf-8")
    for flag in ("--autoplay-policy=no-user-gesture-required", "--kiosk", "--hide-crash-restore-bubble", "--disable-translate",
                 "--disable-features=Translate", "--disable-background-timer-throttling", "xset s off -dpms"):  # fmt: skip
        assert flag in script


@pytest.mark.parametrize("arguments", [(), ("mpp.local",), ("http://mpp.local/admin",)])
def test_the_script_wants_the_address_of_a_kiosk(arguments: tuple[str, ...]) -> None:
    found = run(*arguments)
    assert (found.returncode, "Pemakaian" in found.stderr) == (2, True)


@pytest.mark.parametrize("address", [KIOSK, "http://mpp.test/display/TV1"])
def test_the_script_opens_the_waiting_page_over_the_whole_screen_again_and_again(tmp_path: Path, address: str) -> None:
    browser, told = tmp_path / "browser", tmp_path / "told"
    # The second start asks the script (its parent) to end, so the test needs no clock.
    browser.write_text(f'#!/bin/sh\necho "$@" >> {told}\n[ $(wc -l < {told}) -lt 2 ] || kill -TERM $PPID\n')
    browser.chmod(0o755)
    (tmp_path / "sleep").write_text("#!/bin/sh\n")
    (tmp_path / "sleep").chmod(0o755)
    found = run(address, MPP_CHROMIUM=str(browser), MPP_KIOSK_PROFILE=str(tmp_path / "profile"), PATH=f"{tmp_path}:/usr/bin:/bin")
    assert found.returncode == 0, found.stderr
    first, second = told.read_text().splitlines()
    assert first == second
    assert "--kiosk" in first
    assert first.endswith(f"waiting.html#{address}")
