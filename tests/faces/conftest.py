"""Fixtures of the faces' tests: one Chromium for all, one fresh page and stage for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect, sync_playwright

from tests.faces.stage import Stage

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
    # A name that is not loopback: over plain http it has no secure context, as in a hall.
    "--host-resolver-rules=MAP mpp.test 127.0.0.1",
)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium; the tests are skipped, and say so, where there is none."""
    path = os.environ.get("MPP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium on this machine")
    expect.set_options(timeout=20000)  # a bound, not a measure: how fast is not what these tests say
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console complained of; a test may take out what it provoked."""
    return []


@pytest.fixture
def stage(chromium: Browser, complaints: list[str]) -> Iterator[Stage]:
    """A fresh page in a portrait kiosk's size. Any complaint left at the end fails the test."""
    context = chromium.new_context(viewport={"width": 1080, "height": 1920}, has_touch=True)
    page = context.new_page()

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not provoked(message.text):
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Stage(page)
    context.close()
    assert complaints == []


def provoked(text: str) -> bool:
    """Chromium itself logs each failed request; the stage fails requests on purpose."""
    return text.startswith(("Failed to load resource", "WebSocket connection to"))
