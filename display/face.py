"""The display's blueprint: one page for each enrolled display; its news comes by /api/v1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

if TYPE_CHECKING:
    from server.app.house import House


def face(house: House) -> Blueprint:
    """The pages under /display. `house` is not needed: the page asks the API as any client does."""
    pages = Blueprint(
        "display",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/display/-",
    )

    @pages.get("/display/<code>")
    def display(code: str) -> str:
        """The display `code`; a browser that does not hold this device sees an enrolment code."""
        return render_template("display/page.html", device=code)

    @pages.get("/display/<code>/simple")
    def simple(code: str) -> str:
        """The same for TVs of 2017. The key in its address proves it to the API, at each request."""
        return render_template("display/simple.html", device=code)

    return pages
