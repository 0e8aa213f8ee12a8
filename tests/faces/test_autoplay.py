"""A Chromium that itself forbids sound, not one in which a test says so: the prompt, the report, and a real press.

`--autoplay-policy=document-user-activation-required` holds without windows too: play() is refused and an AudioContext is
suspended. Playwright's own looks (evaluate, locators) count as a touch, so the page is looked at by CDP without one.

Planted, each seen red and taken out: `permitted()` always true (Chromium complains on the console); the prompt not shown
while "locked" (both pages).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from server.cli.testing import find_browser
from tests.conftest import CHROMIUM_ARGUMENTS
from tests.faces import hall
from tests.faces.stage import Stage
from tests.waiting import wait_for

POLICY = "--autoplay-policy="
FORBIDS = [one for one in CHROMIUM_ARGUMENTS if not one.startswith(POLICY)] + [f"{POLICY}document-user-activation-required"]
PAGES = (
    ("/display/TV1", "#sound", "Sentuh layar untuk mengaktifkan suara", lambda page: page.mouse.click(600, 400)),
    ("/display/TV1/simple?key=x", "#unlock", "Tekan OK pada remote untuk menyalakan suara", lambda page: page.keyboard.press("Enter")),
)  # fmt: skip


@pytest.fixture(scope="module")
def strict(chromium: Browser) -> Iterator[Browser]:
    """Another Chromium of the same driver."""
    browser = chromium.browser_type.launch(executable_path=os.environ.get("MPP_CHROMIUM") or find_browser(), args=FORBIDS)
    yield browser
    browser.close()


@pytest.mark.parametrize(("path", "prompt", "words", "press"), PAGES, ids=["modern", "simple"])
def test_forbidden_sound_is_asked_for_reported_and_had_after_one_press(
    strict: Browser, path: str, prompt: str, words: str, press: Callable[[Page], None]
) -> None:
    page = strict.new_context().new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    stage = Stage(page)
    stage.answer = lambda asked, *_: (200, {"written": [], "unknown": [], "speaks": True} if asked.endswith("/report") else {"items": [], "next": "e1-0"})
    stage.set("display:TV1", hall.display([]))
    stage.open(path)
    cdp = page.context.new_cdp_session(page)

    def asks() -> str:
        seen = f"(() => {{ const node = document.querySelector('{prompt}'); return node?.checkVisibility() ? node.textContent : ''; }})()"
        return str(cdp.send("Runtime.evaluate", {"expression": seen, "userGesture": False})["result"].get("value"))

    def audio() -> set[str]:
        return {body["audio"] for _, body, _ in stage.posts[-1:]}

    wait_for(lambda: asks() == words, 20, "the prompt")
    wait_for(lambda: asks() and audio() == {"locked"}, 20, "the report")
    press(page)
    wait_for(lambda: asks() == "" and audio() == {"ok"}, 20, "sound after the press")
    page.context.close()
    assert complaints == []
