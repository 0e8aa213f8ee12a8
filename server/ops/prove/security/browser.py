"""The poisoned pages in one real Chromium: not a dialog, not a report of the policy, not a word on the console."""

from __future__ import annotations

import importlib
import threading
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from server.cli.testing import find_browser
from server.ops.prove.security.stage import Hall
from server.ops.prove.security.taint import ELEMENT, MARK

TIMEOUT_MS = 30_000
#: a name that is not loopback: over plain http it has no secure context, as in a hall
NAME = "mpp.test"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage", f"--host-resolver-rules=MAP {NAME} 127.0.0.1")
#: told to the console by every page, so that a report of the policy is heard as what it is
_LISTEN = "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective, e.blockedURI))"
_MARKUP = f"document.querySelectorAll('{ELEMENT}, [onerror], [onload], [onclick], [href^=\"javascript:\"], iframe').length"
_SHOWN = f"() => document.documentElement.outerHTML.includes('{MARK}')"


@dataclass(frozen=True)
class Visit:
    """A page: its address, the cookies it is opened with, and what is clicked there, in turn (CSS); every one is shown first."""

    path: str
    cookies: dict[str, str] = field(default_factory=dict)
    clicks: tuple[str, ...] = ()


def missing() -> str:
    """Why no browser can be had here; empty when one can."""
    try:
        importlib.import_module("playwright.sync_api")
    except ImportError:
        return "the pages in a browser: playwright is not here (./mpp test installs it)"
    return "" if find_browser() else "the pages in a browser: no Chromium (sudo apt install chromium-headless-shell)"


def look(hall: Hall, visits: list[Visit]) -> None:
    """In a thread of its own: whoever calls may have a browser of its own going in this one."""
    problems: list[str] = []
    thread = threading.Thread(target=_look, args=(hall, visits, problems), name="browser")
    thread.start()
    thread.join()
    hall.broken += problems


def _look(hall: Hall, visits: list[Visit], problems: list[str]) -> None:
    playwright: Any = importlib.import_module("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        for visit in visits:
            try:
                problems += _visit(hall, chromium, visit)
            except playwright.Error as broken:
                problems.append(f"browser: {urlsplit(visit.path).path}: {str(broken).splitlines()[0]}")
        chromium.close()


def _visit(hall: Hall, chromium: Any, visit: Visit) -> list[str]:
    heard: list[str] = []
    context = chromium.new_context(viewport={"width": 1080, "height": 1500})
    context.set_default_timeout(TIMEOUT_MS)
    context.add_init_script(_LISTEN)
    base = f"http://{NAME}:{hall.address[1]}"
    context.add_cookies([{"name": name, "value": value, "url": base} for name, value in visit.cookies.items()])
    page = context.new_page()
    page.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda said: heard.append(f"console {said.text}"))
    page.on("pageerror", lambda error: heard.append(f"error {error}"))
    page.goto(base + visit.path)
    for selector in ("", *visit.clicks):
        if selector:
            page.locator(selector).first.click()
        page.wait_for_function(_SHOWN)
        hall.count("views looked at in a browser")
        if found := page.evaluate(_MARKUP):
            heard.append(f"{found} elements made by the taint, after {selector or 'opening'}")
    context.close()
    return [f"browser: {urlsplit(visit.path).path}: {one[:300]}" for one in heard]
