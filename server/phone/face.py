"""The blueprint of a visitor's own ticket: the page as it stands now, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, g, render_template, request

from server.app import public

if TYPE_CHECKING:
    from server.app.house import House

LANGUAGES = ("id", "en")


def face(house: House) -> Blueprint:
    """Serves `/t/{token}` to whoever has the link; it is limited as the API's route is."""
    pages = Blueprint(
        "phone",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/phone/-",
    )

    @pages.get("/t/<code:token>")
    def ticket_page(token: str) -> Response:
        current_app.extensions["mpp_gate"].limits.public(token, request.remote_addr or "")
        told, refused = house.read(public.public_page, token=token, now=house.now())
        if told is None:
            status = 410 if refused == "expired_link" else 404
            return _page(render_template("phone/gone.html", both=_both(house), status=status), status)
        g.lang = _language(told)
        words = estimate_words(house.texts(g.lang), told["estimate"])
        return _page(render_template("phone/page.html", ticket=told, token=token, estimate=words))

    return pages


def _page(html: str, status: int = 200) -> Response:
    page = Response(html, status, mimetype="text/html")
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def _language(told: Mapping[str, Any]) -> str:
    """What the visitor chose on the page, else at the kiosk; Indonesian for any other."""
    wanted = request.args.get("lang") or told["language"]
    return wanted if wanted in LANGUAGES else "id"


def _both(house: House) -> dict[str, Mapping[str, str]]:
    return {lang: house.texts(lang) for lang in LANGUAGES}


def estimate_words(texts: Mapping[str, str], estimate: Mapping[str, int] | None) -> str:
    """The expected wait in whole minutes, as page.js says it too."""
    if estimate is None:
        return texts["phone.no_estimate"]
    start, end = (max(1, round(estimate[name] / 60)) for name in ("from_s", "to_s"))
    if start == end:
        return texts["phone.minutes_about"].replace("{to}", str(end))
    return texts["phone.minutes"].replace("{from}", str(start)).replace("{to}", str(end))
