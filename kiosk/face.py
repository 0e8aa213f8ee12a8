"""The kiosk's blueprint: one page for each enrolled kiosk; its news and acts go by /api/v1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

if TYPE_CHECKING:
    from server.app.house import House


def face(house: House) -> Blueprint:
    """The pages under /kiosk. `house` is not needed: the page asks the API as any client does."""
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

    return pages
