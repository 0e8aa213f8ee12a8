"""One real server for each file of tests; what is left in a browser's console at the end of a test fails it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.faces.staff.mall import FAST, Mall
from tests.serve.servers import Server


@pytest.fixture(scope="session")
def moved_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a server that was started once: making all the accounts takes a while."""
    server = Server(tmp_path_factory.mktemp("staff") / "data", settings={"clock": FAST}).start()
    try:
        server.up()
    finally:
        server.end()
    return server.data


@pytest.fixture(scope="module")
def running(
    chromium: Browser, request: pytest.FixtureRequest, moved_in: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mall]:
    """A server on a copy of that data, on the clock that the file names in CLOCK."""
    data = tmp_path_factory.mktemp("staff") / "data"
    shutil.copytree(moved_in, data)
    clock = getattr(request.module, "CLOCK", FAST)
    server = Server(data, settings={"clock": clock, "security_login_per_minute": 600}).start()
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
