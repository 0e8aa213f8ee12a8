"""Fixtures of the faces' tests: one Chromium for all, one fresh page and stage for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect

from tests.faces.stage import Stage

expect.set_options(timeout=20000)  # a bound, not a measure: how fast is not what these tests say


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
        if not provoked(message.text):  # of any level: a page has nothing to tell the console
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield Stage(page)
    context.close()
    assert complaints == []


def provoked(text: str) -> bool:
    """Chromium itself logs each failed request; the stage fails requests on purpose."""
    return text.startswith(("Failed to load resource", "WebSocket connection to"))
