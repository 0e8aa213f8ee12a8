"""The pages and answers of this room itself: home, the API page, health."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, render_template, send_file

from server.web import call_sounds, openapi, wire
from server.web.auth import Gate
from server.web.errors import STATUS, WebRefusal, problem
from server.web.route import PREFIX, Route

#: pages for people, in the order home shows them; only those a face serves are shown
STAFF_PAGES = ("counter", "desk", "supervisor", "admin")

_SHA = re.compile(r"[0-9a-f]{64}")


def install(app: Flask, gate: Gate, routes: tuple[Route, ...]) -> None:
    """Register everything outside /api/v1 that is not a face's."""
    _health(app, gate)
    call_sounds.install(app, gate)
    _documents(app, gate, routes)
    _pages(app, gate)


def _health(app: Flask, gate: Gate) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        """Alive: the process answers."""
        return Response(wire.dumps({"ok": True}), content_type=wire.JSON)

    @app.get("/readyz")
    def readyz() -> Response:
        """Ready: the database is open and migrated, the floor is loaded."""
        if not gate.house.ready:
            return problem(gate.house, "not_ready")
        return Response(wire.dumps({"ready": True}), content_type=wire.JSON)

    @app.get("/audio/<name>.wav")
    def audio(name: str) -> Response:
        """A clip by the sha256 of its bytes: it never changes, so it may be kept for ever."""
        file = Path(gate.house.settings.server.data).resolve() / "audio" / f"{name}.wav"
        if not _SHA.fullmatch(name) or not file.is_file():
            raise WebRefusal("not_found")
        response = send_file(file, mimetype="audio/wav", conditional=True)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _documents(app: Flask, gate: Gate, routes: tuple[Route, ...]) -> None:
    made: dict[str, bytes] = {}

    @app.get("/openapi.json")
    def openapi_json() -> Response:
        name = gate.house.site_name
        if name not in made:
            made[name] = wire.dumps(openapi.document(routes, name))
        return Response(made[name], content_type=wire.JSON)

    @app.get("/api")
    def api_page() -> str:
        texts = gate.house.texts("id")
        rows = [_api_row(route) for route in routes]
        codes = [(code, status, texts.get(f"error.{code}", code)) for code, status in sorted(STATUS.items())]
        return render_template("web/api.html", rows=rows, codes=codes, prefix=PREFIX)


def _api_row(route: Route) -> dict[str, Any]:
    fields = route.takes.model_fields if route.takes else {}
    return {
        "method": route.method,
        "path": route.path,
        "says": route.says,
        "who": sorted(route.who),
        "takes": [(field.alias or name, field.is_required()) for name, field in fields.items()],
        "gives": route.gives if isinstance(route.gives, str) else route.gives.__name__,
        "status": route.status,
        "codes": openapi.codes_by_status(route),
    }


def _pages(app: Flask, gate: Gate) -> None:
    @app.get("/")
    def home() -> str:
        """Where to go; it knows the devices of this browser, nobody else's."""
        browser = gate.house.vault.browser(g.browser_id)
        held = sorted(browser.devices.values(), key=lambda one: one.code) if browser else []
        known = {rule.rule for rule in app.url_map.iter_rules()}
        places = [name for name in STAFF_PAGES if f"/{name}" in known]
        return render_template("web/home.html", held=held, places=places)
