"""What every test has: no network but this computer, no sleeping, a port of its own, a way to wait."""

import gc
import os
import socket
from collections.abc import Callable, Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

from server.cli.testing import find_browser
from tests import guards, waiting


def pytest_configure(config: pytest.Config) -> None:
    guards.install()
    # How long an example takes is the machine's business: no test is red for being slow.
    settings.register_profile("suite", deadline=None, max_examples=50)
    settings.load_profile("suite")


#: files that take longest, so that no worker begins one when the others have ended
LONG = (
    "test_day.py", "test_launcher.py", "test_kill.py", "test_bench.py", "test_life.py", "test_walk.py", "test_axe.py",
    "test_supervisor.py", "test_counter.py", "test_counter_more.py", "test_paper.py", "test_kiosk_pc.py", "test_any_sequence.py",
    "test_display_order.py", "test_display_simple.py", "test_printer_command.py",
)  # fmt: skip
#: rooms of servers and browsers; the quick tests of the others fill what is left at the end
SLOW_ROOMS = {"e2e", "faces", "promises", "prove", "serve", "simulate"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first. Whoever asks for a Chromium is a browser test, so that `mpp test` can leave it out
    where there is none."""
    items.sort(key=lambda item: (item.path.name not in LONG, SLOW_ROOMS.isdisjoint(item.path.parts)))
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays to the end: the collector need not look through it again and again (a tenth of the time)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def _sleeping(request: pytest.FixtureRequest) -> Iterator[None]:
    guards.sleeping_allowed = request.node.get_closest_marker("sleeps") is not None
    yield
    guards.sleeping_allowed = False


#: for every Chromium of the suite
CHROMIUM_ARGUMENTS = (
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
    """The system's Chromium, one for a process: its driver cannot be started twice beside itself."""
    path = os.environ.get("MPP_CHROMIUM") or find_browser()
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(CHROMIUM_ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Gives TCP ports that nobody listens on, another one at each call."""
    return make_free_port


def make_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def wait_for() -> Callable[..., object]:
    """tests.waiting.wait_for, for tests that would rather ask for it."""
    return waiting.wait_for
