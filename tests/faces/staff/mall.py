"""The staff's pages in a real browser against the real server: who logs in, what the server says apart from the page.

The server stands at a name that is not loopback over plain http, as in a hall: there a page has no secure context.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from tests.serve.servers import Server

NAME = "mpp.test"
WIDE, TABLET, NARROW = (1366, 768), (1024, 768), (400, 700)
#: An ordinary Tuesday morning, a minute in each second: the rules' 60 s pass while a test runs.
FAST = "2026-11-03T08:30:00+08:00@60"


@dataclass
class Mall:
    """A running server with its first accounts, seen from outside and through browsers."""

    server: Server
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    sessions: dict[str, Any] = field(default_factory=dict)

    @property
    def facts(self) -> dict[str, Any]:
        return self.server.facts()

    def password(self, username: str) -> str:
        return next(row["password"] for row in self.facts["users"] if row["username"] == username)

    def call(self, method: str, path: str, body: dict[str, Any] | None = None, token: str | None = None) -> Any:
        """The API as the command line's own program, or with another token; the parsed answer, errors too."""
        own = json.loads((self.server.data / "server.json").read_text("utf-8"))["token"]
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port}/api/v1{path}", method=method,
            data=json.dumps(body or {}).encode() if method == "POST" else None,
            headers={"Authorization": f"Bearer {token or own}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                text = answer.read()
        except urllib.error.HTTPError as refused:
            text = refused.read()
        return json.loads(text) if text else None

    def take_number(self, service: str, **more: Any) -> str:
        """Give a number as the first kiosk does; its label."""
        kiosk = next(row for row in self.facts["devices"] if row["kind"] == "kiosk")
        key = f"{service}-{len(list(self.events()))}"
        own = urllib.request.Request(
            f"http://127.0.0.1:{self.server.port}/api/v1/tickets", method="POST",
            data=json.dumps({"service": service, **more}).encode(),
            headers={"Authorization": f"Bearer {kiosk['token']}", "Content-Type": "application/json", "Idempotency-Key": key},
        )
        with urllib.request.urlopen(own, timeout=30) as answer:
            return str(json.load(answer)["number"])

    def events(self, kind: str | None = None, label: str | None = None) -> list[dict[str, Any]]:
        """The log, or its events of a type, of a number."""
        rows, after = [], 0
        while True:
            page = self.call("GET", f"/events?after={after}&limit=1000")
            rows += page["items"]
            if page["next"] is None:
                break
            after = page["next"]
        wanted = [row for row in rows if kind in (None, row["type"])]
        return [row for row in wanted if label is None or row["data"].get("label") == label]

    def page(self, size: tuple[int, int] = WIDE, state: Any = None) -> Page:
        """A fresh browser of its own. What its console complains of fails the test, but for a refusal."""
        page = self.browser.new_context(viewport={"width": size[0], "height": size[1]}, storage_state=state).new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def log_in(self, path: str, username: str, password: str | None = None, size: tuple[int, int] = WIDE) -> Page:
        """A page of somebody who is logged in: by the form the first time, then with the session's cookie."""
        page = self.page(size, self.sessions.get(username))
        page.goto(self.address(path))
        if username not in self.sessions:
            fill_login(page, username, password or self.password(username))
            page.locator("#gate").wait_for(state="hidden")
            self.sessions[username] = page.context.storage_state()
        return page

    def pass_on(self, route: Route) -> str:
        """Carry a page's request to the server as it is; the text of the answer."""
        asked = route.request
        headers = {name: value for name, value in asked.all_headers().items() if not name.startswith(":") and name != "accept-encoding"}
        own = urllib.request.Request(
            asked.url.replace(NAME, "127.0.0.1"), method=asked.method, data=asked.post_data_buffer,
            headers={**headers, "Host": f"{NAME}:{self.server.port}"},
        )
        with urllib.request.urlopen(own, timeout=30) as answer:
            return str(answer.read(), "utf-8")

    def address(self, path: str) -> str:
        return f"http://{NAME}:{self.server.port}{path}"

    def _heard(self, message: ConsoleMessage) -> None:
        # Chromium itself logs each refused or lost request; tests refuse and lose some on purpose.
        if not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)


def fill_login(page: Page, username: str, password: str) -> None:
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi", exact=True).fill(password)
    page.get_by_role("button", name="Masuk").click()
