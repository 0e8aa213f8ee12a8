"""The blueprint of the administrator's page. All it does is hand over the page and its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

if TYPE_CHECKING:
    from server.app.house import House


def face(house: House) -> Blueprint:
    """Serves `/admin` to anyone: the page itself asks who is there, and the API decides."""
    pages = Blueprint(
        "admin",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/admin/-",
    )

    @pages.get("/admin")
    def admin_page() -> str:
        return render_template("admin/page.html")

    return pages
