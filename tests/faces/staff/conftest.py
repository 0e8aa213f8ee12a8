"""One real server for each file of tests; what is left in a browser's console at the end of a test fails it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.faces.staff.mall import FAST, Mall
from tests.serve.servers import Server


@pytest.fixture(scope="module")
def running(chromium: Browser, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    clock = getattr(request.module, "CLOCK", FAST)
    server = Server(tmp_path_factory.mktemp("staff") / "data", settings={"clock": clock, "security_login_per_minute": 600})
    server.start()
    try:
        yield Mall(server.up(), chromium)
    finally:
        server.end()


@pytest.fixture
def mall(running: Mall) -> Iterator[Mall]:
    """The running mall, with no browser of another test in it."""
    yield running
    for context in list(running.browser.contexts):
        context.close()
    complaints, running.complaints[:] = list(running.complaints), []
    assert complaints == []
