"""A stage for one page: the real templates and modules in a real browser, with a server whose
every word the test chooses.

Requests of the page go to a small Flask app in this process, its socket to `Stage.socket`, so
that a test can push, delay, repeat, lose and reorder what a server would say. The walks against
the real server are elsewhere; this stage is for what a real server does only by accident.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, request
from playwright.sync_api import Error, Page, Route, WebSocketRoute

from server.web import assets
from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://mpp.test"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
FACES = ("kiosk", "display")
#: how many questions of the page have no answer yet
ASKED = """(() => { const ask = window.fetch, { send } = XMLHttpRequest.prototype; window.__asked = 0;
  window.fetch = (...what) => { window.__asked += 1; return ask(...what).finally(() => { window.__asked -= 1; }); };
  XMLHttpRequest.prototype.send = function (...what) {
    window.__asked += 1; this.addEventListener("loadend", () => { window.__asked -= 1; }); return send.apply(this, what); }; })()"""
#: the pages' files as the server sends them, joined once for all stages of a run
_SENT: dict[str, assets.Sent] = {}


@cache
def texts(lang: str) -> dict[str, str]:
    """The texts of one language as shipped."""
    return json.loads((ROOT / "config" / "texts" / f"{lang}.json").read_text("utf-8"))


def stage_app() -> Flask:
    """The faces' pages and static files, with what server/web gives to templates."""
    app = Flask("stage", static_folder=None)
    shared = ROOT / "server" / "shared"
    app.register_blueprint(
        Blueprint("shared", "shared", root_path=str(shared), static_folder="static",
                  static_url_path="/shared", template_folder="templates")
    )
    for name in FACES:
        app.register_blueprint(import_module(f"{name}.face").face(None))  # they ask the API only
    asset = assets.install(app)
    asset.known = _SENT
    both = {lang: texts(lang) for lang in ("id", "en", "mkn")}

    def chosen(prefixes: list[str]) -> dict[str, dict[str, str]]:
        return {
            lang: {key: text for key, text in known.items() if key.startswith(tuple(prefixes))}
            for lang, known in both.items()
        }

    app.context_processor(
        lambda: {
            "csrf": "csrf-of-the-stage", "lang": "id", "asset": asset, "texts": chosen,
            "t": lambda key, **values: both["id"].get(key, key), "site_name": "MPP Panggung",
            "simulated": False, "enrolled": app.config.get("ENROLLED", True),
        }
    )

    @app.get("/blank")
    def blank() -> str:
        """A page for tests of single modules."""
        block = json.dumps(both).replace("<", "\\u003c")
        return f'<!doctype html><html lang="id"><body><script type="application/json" id="texts">{block}</script>'

    @app.get("/shared-parts")
    def shared_parts() -> str:
        """A page with the common look and nothing on it, for tests of tokens and components."""
        sheets = '<link rel="stylesheet" href="/shared/base.css"><link rel="stylesheet" href="/shared/staff.css">'
        return f'<!doctype html><html lang="id"><head>{sheets}</head><body class="hand"><h1>MPP</h1>'

    @app.after_request
    def dress(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


class Stage:
    """One page's world. `down` True: neither HTTP nor sockets answer."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.down = False
        self.sockets_refused = False
        #: the server says that it can write nothing
        self.stuck = False
        self.views: dict[str, dict[str, Any]] = {}
        self.posts: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.gets: list[str] = []
        self.answer: Callable[[str, dict[str, Any], dict[str, str]], tuple[int, Any] | None] = lambda *_: (204, None)
        self.socket: WebSocketRoute | None = None
        self.joined: dict[str, Any] = {}
        self.opened = 0
        self.app = stage_app()
        self.app.before_request(self._api)
        page.add_init_script(ASKED)
        page.route("**/*", self._http)
        page.route_web_socket("**/*", self._ws)

    def open(self, path: str) -> None:
        self.page.goto(ORIGIN + path)

    def settle(self, seconds: int) -> None:
        """Let so much of the page's own time pass; answers travel in real time, so each step waits for those that are due."""
        for _ in range(seconds * 2):
            self.page.clock.run_for(500)
            for _ in range(500):
                with suppress(Error):  # the page is being loaded again
                    if not self.page.evaluate("window.__asked"):
                        break

    def hold(self) -> None:
        """Stop the page's own time, which else runs on as the test does: from now on it passes by `settle` and run_for alone.

        The step to there is shorter than what a page takes for a sleep.
        """
        self.page.clock.pause_at(self.page.evaluate("Date.now()") / 1000 + 3)

    def set(self, room: str, data: dict[str, Any], version: int = 1, epoch: str = "e1", at: str = "") -> dict[str, Any]:
        """Make `data` the room's truth without telling anyone."""
        self.views[room] = {
            "room": room, "epoch": epoch, "version": version, "at": at or "2026-11-03T00:30:00.000Z", "data": data,
        }
        return self.views[room]

    def push(self, view: dict[str, Any]) -> None:
        """Send a view over the socket, whether or not it is the truth."""
        self._emit("view", view)

    def pulse(self, room: str, at: str = "") -> None:
        """Send the pulse of a room's truth."""
        view = self.views[room]
        self._emit("pulse", {"room": room, "epoch": view["epoch"], "version": view["version"], "at": at or view["at"],
                             **({"storage": "failing"} if self.stuck else {})})

    def cut(self) -> None:
        """End the socket as a dying server does."""
        if self.socket is not None:
            self.socket.close()
        self.socket, self.joined = None, {}

    def _emit(self, name: str, body: dict[str, Any]) -> None:
        """A server tells a room's news to who has joined it; the page may show the room by HTTP before that."""
        if not self.joined:
            wait_for(self._is_joined, 20, "the page to join its room")
        assert self.socket is not None, "the page holds no socket"
        self.socket.send("42/live," + json.dumps([name, body]))

    def _is_joined(self) -> bool:
        with suppress(Error):  # the page is being loaded again
            self.page.evaluate("0")  # what it said meanwhile is heard
        return bool(self.joined)

    # HTTP

    def _http(self, route: Route) -> None:
        asked = route.request
        parts = urlsplit(asked.url)
        if self.down or parts.hostname != "mpp.test":
            route.abort("connectionrefused")
            return
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        answer = self.app.test_client().open(
            path, method=asked.method, headers={**asked.headers, "accept-encoding": "identity"}, data=asked.post_data_buffer, buffered=True
        )
        if answer.headers.get("X-Stage") == "lost":
            route.abort("connectionreset")
            return
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)

    def _api(self) -> Response | None:
        if not request.path.startswith("/api/v1/"):
            return None
        path = request.path.removeprefix("/api/v1")
        if path.startswith("/views/"):
            self.gets.append(path)
            return self._view(path.removeprefix("/views/"))
        body = request.get_json(silent=True) or {}
        headers = {name.lower(): value for name, value in request.headers.items()}
        if request.method == "POST":
            self.posts.append((path, body, headers))
        found = self.answer(path, body, headers)
        if found is None:
            return Response(status=200, headers={"X-Stage": "lost"})
        status, told = found
        return Response(json.dumps(told) if told is not None else "", status, content_type="application/json")

    def _view(self, room: str) -> Response:
        view = self.views.get(room)
        if view is None:
            return Response('{"code":"unknown_room"}', 404, content_type="application/problem+json")
        tag = f'"{view["epoch"]}-{view["version"]}"'
        stuck = {"MPP-Storage": "failing"} if self.stuck else {}
        if request.headers.get("If-None-Match") == tag:
            return Response(status=304, headers={"ETag": tag, **stuck})
        return Response(json.dumps(view), 200, content_type="application/json", headers={"ETag": tag, **stuck})

    # the socket: Engine.IO 4 and Socket.IO 5, as much as one client of one namespace needs

    def _ws(self, socket: WebSocketRoute) -> None:
        self.opened += 1
        if self.down or self.sockets_refused:
            socket.close()
            return
        self.socket, self.joined = socket, {}
        socket.on_message(lambda message: self._hear(socket, message))
        hello = {"sid": "s", "upgrades": [], "pingInterval": 25000, "pingTimeout": 60000, "maxPayload": 1000000}
        socket.send("0" + json.dumps(hello))

    def _hear(self, socket: WebSocketRoute, message: str | bytes) -> None:
        text = message if isinstance(message, str) else message.decode()
        if text.startswith("40/live"):
            self.joined = json.loads(text.partition(",")[2] or "{}")
            socket.send('40/live,{"sid":"n"}')
            room = self.joined.get("room", "")
            if room in self.views:
                self.push(self.views[room])
