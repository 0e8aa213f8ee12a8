"""A real Chromium for the bench, on the cores of the load, driven from a thread of its own.

Playwright is a library of the tests and a Chromium is not part of the product: without them these rows are left out.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from server.cli.testing import find_browser
from server.ops.bench.people import Refused

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Told = TypeVar("Told")
#: sound as the start script of a TV allows it
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-dev-shm-usage",
    "--autoplay-policy=no-user-gesture-required",
)


class NoBrowser(Exception):
    """What is missing to measure pages; the text says how to get it."""


def in_chromium(cores: frozenset[int], work: Callable[[Browser], Told]) -> Told:
    """What `work` makes with a Chromium that is closed afterwards. Raises NoBrowser, Refused."""
    told: Future[Told] = Future()
    # The driver wants a thread without another loop; a daemon, so that SIGTERM ends the bench in the middle of a day.
    threading.Thread(target=_keep, args=(told, cores, work), name="chromium", daemon=True).start()
    return told.result()


def _keep(told: Future[Told], cores: frozenset[int], work: Callable[[Browser], Told]) -> None:
    try:
        told.set_result(_run(cores, work))
    except BaseException as problem:  # whatever it is, it is raised where it is waited for
        told.set_exception(problem)


def _run(cores: frozenset[int], work: Callable[[Browser], Told]) -> Told:
    path = os.environ.get("MPP_CHROMIUM") or find_browser()
    if path is None:
        raise NoBrowser("no Chromium (apt install chromium-headless-shell)")
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowser("no Playwright (./mpp test installs it)") from None
    os.sched_setaffinity(0, cores)  # of this thread and of what it starts
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        try:
            return work(browser)
        except Error as problem:
            raise Refused(f"a page did not do what the bench needs: {problem}") from problem
        finally:
            browser.close()
