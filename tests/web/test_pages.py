"""Pages, their headers and cookies on http and https, enrol links and codes, the ticket's page.

Planted: HSTS on plain http -> red; a page without the policy -> red; the browser's cookie not
renewed -> red; an enrol link of another device taken -> red; 410 never -> red.
"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.web.conftest import Build
from tests.web.hall import NAMES, Hall
from tests.web.test_sessions import Later

PAGES = ("/", "/api", "/kiosk/K1", "/display/TV1", "/counter", "/desk", "/supervisor", "/supervisor/riwayat", "/styleguide")
INLINE = re.compile(r"<script(?![^>]*(?:src=|application/json))|<style|\son\w+=|\sstyle=", re.IGNORECASE)


@pytest.mark.parametrize("path", [*PAGES, "/healthz", "/api/v1/me", "/nothing", "/shared/base.css"])
def test_headers_of_every_answer_on_http(hall: Hall, path: str) -> None:
    headers = hall.browser().client.get(path, headers={"Origin": "http://evil.example"}, buffered=True).headers
    assert not [name for name in headers.keys() if name.lower().startswith("access-control-")]
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert "Cross-Origin-Opener-Policy" not in headers
    assert "Server" not in headers
    wanted = "no-cache" if path.startswith("/shared/") else "no-store"
    assert headers["Cache-Control"] == wanted


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_nothing_inline_and_asks_nobody_else(hall: Hall, path: str) -> None:
    page = hall.browser().get(path)
    assert page.status_code == 200
    assert not INLINE.search(page.text)
    assert "//cdn" not in page.text
    for named in re.findall(r'(?:src|href)="([^"]+)"', page.text):
        url = named.partition("#")[0] or "/"
        assert url.startswith("/"), url
        if "/-/" in url or url.startswith("/shared/"):
            assert re.search(r"\?v=[0-9a-f]{12}$", url), url
            assert hall.browser().client.get(url, buffered=True).status_code == 200, url


def test_under_https_cookies_are_secure_and_https_is_pinned(build: Build) -> None:
    hall = build(MPP_PUBLIC_URL="https://antrean.example.go.id")
    visitor = hall.browser()
    page = visitor.client.get("/counter", base_url="https://antrean.example.go.id")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    told = page.headers["Set-Cookie"]
    assert told.startswith("__Host-mpp_browser=")
    assert "Secure" in told and "HttpOnly" in told and "SameSite=Strict" in told
    login = visitor.post("/login", {"username": NAMES["officer"], "password": "tiga ekor kambing"})
    assert login.headers["Set-Cookie"].startswith("__Host-mpp_session=")
    assert "Secure" in login.headers["Set-Cookie"]


def test_the_browser_s_cookie_is_renewed_at_each_page(hall: Hall) -> None:
    visitor = hall.browser()
    first = visitor.get("/counter").headers["Set-Cookie"]
    second = visitor.get("/").headers["Set-Cookie"]
    assert first.split(";")[0] == second.split(";")[0]
    assert f"Max-Age={400 * 86400}" in second
    assert "Secure" not in second
    assert "Set-Cookie" not in visitor.get("/shared/../healthz").headers


def test_an_enrol_link_binds_this_browser_as_often_as_it_is_opened(hall: Hall) -> None:
    link = f"/kiosk/K1?enrol={hall.tokens['K1']}"
    for visitor in (hall.browser(), hall.browser()):
        for _ in range(2):
            answer = visitor.client.get(link)
            assert (answer.status_code, answer.headers["Location"]) == (303, "/kiosk/K1")
        page = visitor.get("/kiosk/K1").text
        assert "data-enrolled" in page
        csrf = re.search(r'name="csrf" content="([0-9a-f]{64})"', page)
        assert csrf
        visitor.device, visitor.csrf = "K1", csrf.group(1)
        key = f"page-{id(visitor)}"
        # The second browser is the same kiosk, whose page gives one number in two seconds.
        answer = visitor.post("/tickets", {"service": hall.service()}, key=key)
        assert (answer.status_code, answer.get_json().get("code")) in {(201, None), (429, "too_fast")}


def test_one_browser_holds_several_devices_and_a_person(hall: Hall) -> None:
    """A newcomer opens every page in one browser; each request says whose it is."""
    visitor = hall.screen("kiosk", "K1")
    visitor.client.get(f"/display/TV1?enrol={hall.tokens['TV1']}")
    visitor.device = None
    visitor.login(NAMES["officer"])
    assert visitor.get("/me").get_json()["role"] == "officer"
    for code, role in (("K1", "kiosk"), ("TV1", "display")):
        assert visitor.get("/me", headers={"X-MPP-Device": code}).get_json()["role"] == role
    assert visitor.get("/me", headers={"X-MPP-Device": "K2"}).status_code == 401


@pytest.mark.parametrize("path", ["/kiosk/K2?enrol={K1}", "/display/K1?enrol={K1}", "/kiosk/K1?enrol=guess"])
def test_an_enrol_link_opens_its_own_device_only(hall: Hall, path: str) -> None:
    visitor, before = hall.browser(), hall.rows()
    answer = visitor.client.get(path.replace("{K1}", hall.tokens["K1"]))
    assert (answer.status_code, answer.mimetype) == (401, "text/html")
    assert hall.rows() == before


def test_a_code_on_the_screen_that_a_supervisor_approves(hall: Hall) -> None:
    visitor, stranger = hall.browser(), hall.browser()
    assert "data-enrolled" not in visitor.get("/kiosk/K7").text
    asked = visitor.post("/enrolments", {"kind": "kiosk", "code": "K7"})
    code = asked.get_json()["enrolment"]
    assert asked.status_code == 201
    assert re.fullmatch("[A-Z2-9]{6}", code)
    assert visitor.get(f"/enrolments/{code}").get_json()["approved"] is False
    assert stranger.get(f"/enrolments/{code}").status_code == 404
    supervisor = hall.person(NAMES["supervisor"])
    body = {"device_code": "K7", "kind": "kiosk", "name": "Kios pintu timur"}
    assert supervisor.post(f"/enrolments/{code}/approve", body).status_code == 200
    assert visitor.get(f"/enrolments/{code}").get_json()["approved"] is True
    assert "data-enrolled" in visitor.get("/kiosk/K7").text
    assert supervisor.post("/devices/K7/revoke", {}).status_code == 200
    assert "data-enrolled" not in visitor.get("/kiosk/K7").text


def test_a_visitor_s_own_page(hall: Hall) -> None:
    ticket = hall.issue("own-page")
    page = hall.browser().get(f"/t/{ticket['token']}")
    assert page.status_code == 200
    assert ticket["number"] in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    told = hall.browser().get(f"/public/tickets/{ticket['token']}").get_json()
    assert (told["number"], told["state"]) == (ticket["number"], "waiting")
    assert not {"id", "token", "device", "officer", "priority"} & set(told)
    assert hall.browser().get("/t/guess").status_code == 404


def test_a_visitor_s_page_ends_a_day_after_closing(build: Build) -> None:
    hall = build(MPP_CLOCK="2026-11-03T08:00:00+08:00@1")
    ticket, clock = hall.issue("ends"), hall.house.clock
    hall.house.clock = Later(clock, minutes=int(timedelta(days=3).total_seconds() / 60))
    gone = hall.browser().get(f"/public/tickets/{ticket['token']}")
    assert (gone.status_code, gone.get_json()["code"]) == (410, "expired_link")
    page = hall.browser().get(f"/t/{ticket['token']}")
    assert (page.status_code, page.mimetype) == (410, "text/html")


def test_the_simulated_clock_is_said_on_every_page(hall: Hall) -> None:
    for path in PAGES:
        assert re.search(r'<p id="practice"[^>]*(?<!hidden)>JAM SIMULASI', hall.browser().get(path).text), path
