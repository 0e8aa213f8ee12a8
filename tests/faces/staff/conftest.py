"""One real server for each file of tests; what is left in a browser's console at the end of a test fails it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import make_free_port
from tests.faces.staff.mall import FAST, Mall
from tests.house_builder import move_in
from tests.serve.servers import Server


#: The first printer's address stands in the data, so every server on a copy listens there; they run one after another.
PRINTER_PORT = make_free_port()


@pytest.fixture(scope="session")
def moved_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of a first start: making all the accounts takes a while."""
    data = tmp_path_factory.mktemp("staff") / "data"
    move_in(data, MPP_CLOCK=FAST, MPP_PRINTING_VIRTUAL_TCP_PORT=str(PRINTER_PORT))
    return data


@pytest.fixture(scope="module")
def running(
    chromium: Browser, request: pytest.FixtureRequest, moved_in: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mall]:
    """A server on a copy of that data, on the clock that the file names in CLOCK, after what its `before` did to the data."""
    data = tmp_path_factory.mktemp("staff") / "data"
    shutil.copytree(moved_in, data)
    if hasattr(request.module, "before"):
        request.module.before(data)
    server = Server(data, settings=settings(getattr(request.module, "CLOCK", FAST))).start()
    try:
        yield Mall(server.up(), chromium)
    finally:
        server.remove()  # an orderly end takes two seconds, and stands in tests/serve


def settings(clock: str) -> dict[str, object]:
    return {"clock": clock, "security_login_per_minute": 600, "printing_virtual_tcp_port": PRINTER_PORT}


@pytest.fixture
def mall(running: Mall) -> Iterator[Mall]:
    """The running mall, with no browser of another test in it."""
    yield running
    for context in list(running.browser.contexts):
        context.close()
    complaints, running.complaints[:] = list(running.complaints), []
    assert complaints == []
