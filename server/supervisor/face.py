"""The blueprint of the supervisor's pages. All it does is hand over the pages and their files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, render_template

if TYPE_CHECKING:
    from server.app.house import House


def face(house: House) -> Blueprint:
    """Serves `/supervisor` and its history to anyone: a page itself asks who is there, and the API decides."""
    pages = Blueprint(
        "supervisor",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/supervisor/-",
    )

    @pages.get("/supervisor")
    def supervisor_page() -> str:
        return render_template("supervisor/page.html")

    @pages.get("/supervisor/riwayat")
    def history_page() -> str:
        return render_template("supervisor/history.html")

    @pages.get("/supervisor/riwayat/langkah")
    def legs_page() -> str:
        return render_template("supervisor/legs.html")

    return pages
