"""The kiosk's blueprint: one page for each enrolled kiosk; its news and acts go by /api/v1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, render_template

from kiosk.qr import drawing
from server.app.branding import address
from server.app.slips import ticket_url

if TYPE_CHECKING:
    from server.app.house import House

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")


def face(house: House) -> Blueprint:
    """The pages under /kiosk; they ask the API as any client does."""
    pages = Blueprint(
        "kiosk",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/kiosk/-",
    )

    @pages.get("/kiosk/<code>")
    def kiosk(code: str) -> str:
        """The kiosk `code`; a browser that does not hold this device sees an enrolment code."""
        return render_template("kiosk/page.html", device=code)

    @pages.get("/kiosk/<code>/qr/<token>.svg")
    def qr(code: str, token: str) -> Response:
        """The way to a ticket's page for a phone held before the screen; 404 without a public address."""
        url = ticket_url(house.read(address), token) if _TOKEN.fullmatch(token) else None
        if url is None:
            abort(404)
        return Response(drawing(url), mimetype="image/svg+xml", headers={"Cache-Control": "private, max-age=3600"})

    return pages
