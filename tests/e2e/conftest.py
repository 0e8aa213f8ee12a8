"""One real server and one real browser, on a host name that is not loopback."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.conftest import make_free_port
from tests.e2e.hall import Hall
from tests.serve.servers import Server


@pytest.fixture
def hall(chromium: Browser, tmp_path: Path) -> Iterator[Hall]:
    """A newcomer's hall: an empty data folder, served, and a browser to open its pages in."""
    ports = {
        "printing_virtual_tcp_port": make_free_port(),
        "printing_virtual_http_port": make_free_port(),
        # The walk's fingers are quicker than a visitor's; the pace has tests of its own.
        "kiosk_ticket_interval_s": 0,
    }
    server = Server(tmp_path / "data", settings=ports).start().up()
    found = Hall(server, chromium, ports["printing_virtual_http_port"])
    yield found
    found.close()
    for pid in server.family().values():
        os.kill(pid, signal.SIGKILL)
    server.end(signal.SIGKILL)
