"""The hall as a newcomer meets it: addresses and passwords from first-run.json, real pages."""

from __future__ import annotations

import json
import urllib.request
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.serve.servers import Server

HOST = "mpp.test"
#: while the server is down the browser itself notes every refused connection
_OUTAGE = ("Failed to load resource", "WebSocket connection to")


class Hall:
    def __init__(self, server: Server, chromium: Browser, paper_port: int) -> None:
        self.server = server
        self.paper_port = paper_port
        self.facts: dict[str, Any] = server.facts()
        self.complaints: list[str] = []
        self.outage = False
        self._chromium = chromium
        self._context = chromium.new_context(has_touch=True)

    def close(self) -> None:
        for context in list(self._chromium.contexts):
            context.close()

    def page(self, key: str, width: int, height: int, apart: bool = False) -> Page:
        """Open one of the first run's addresses in the newcomer's browser.

        `apart`: in a browser of its own, since one browser holds one person's session.
        """
        parts = urlsplit(self.facts["addresses"][key])
        address = parts._replace(netloc=f"{HOST}:{parts.port}").geturl()
        context = self._chromium.new_context() if apart else self._context
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": height})
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(address)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if self.outage and message.text.startswith(_OUTAGE):
            return
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.type}: {message.text}")

    def password(self, username: str) -> str:
        return next(u["password"] for u in self.facts["users"] if u["username"] == username)

    def token(self, code: str) -> str:
        return next(d["token"] for d in self.facts["devices"] if d["code"] == code)

    def slips(self) -> list[dict[str, Any]]:
        """What the virtual printer has printed, newest first."""
        url = f"http://127.0.0.1:{self.paper_port}/slips"
        with urllib.request.urlopen(url, timeout=5) as answer:
            return list(json.loads(answer.read()))
