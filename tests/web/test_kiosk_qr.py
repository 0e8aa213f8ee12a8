"""The route of a kiosk's QR: only for a token, only with an address that a phone can open.

Planted, each seen red and taken out: any text drawn as a token; a code drawn without an address; the administrator's
address read by the picture but not by the slip; the settings' address before the administrator's; a path left in;
127.0.0.1 let through.
"""

from __future__ import annotations

import pytest

from kiosk.qr import drawing
from tests.web.conftest import Build
from tests.web.hall import NAMES, Hall

TOKEN = "Ab_-" * 5


@pytest.fixture(scope="module")
def public(build: Build) -> Hall:
    return build(MPP_PUBLIC_URL="http://mpp.example:8080")


def test_a_token_is_drawn_as_a_picture_that_may_be_kept_by_the_kiosk_alone(public: Hall) -> None:
    answer = public.browser().get(f"/kiosk/K1/qr/{TOKEN}.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.data.startswith(b"<svg ")
    assert b"script" not in answer.data


@pytest.mark.parametrize("token", ["short", "a b" * 8, "x" * 65, "%3Cscript%3E" + "x" * 16])
def test_what_is_no_token_is_not_drawn(public: Hall, token: str) -> None:
    assert public.browser().get(f"/kiosk/K1/qr/{token}.svg").status_code == 404


def test_an_administrators_address_is_on_ticket_paper_and_picture_and_goes_before_the_settings(public: Hall) -> None:
    admin = public.person(NAMES["admin"])
    told = admin.get("/branding/address").get_json()
    assert (told["url"], told["own"], told["settings"]) == ("http://mpp.example:8080", None, "http://mpp.example:8080")
    seen = told["version"]
    own = admin.post("/branding/address", {"url": "http://192.168.1.10:8080/", "version": seen}).get_json()
    assert (own["url"], own["own"]) == ("http://192.168.1.10:8080", "http://192.168.1.10:8080")
    ticket = public.issue("own-address")
    assert ticket["url"] == f"http://192.168.1.10:8080/t/{ticket['token']}"
    slip = public.device("PH1").post("/print-jobs/claim", {}).get_json()["job"]["slip"]
    assert slip["qr"] == ticket["url"]
    assert public.browser().get(f"/kiosk/K1/qr/{TOKEN}.svg").data == drawing(f"http://192.168.1.10:8080/t/{TOKEN}")
    late = admin.post("/branding/address", {"url": None, "version": seen}).get_json()
    assert (late["code"], late["by"]) == ("changed_meanwhile", f"user:{NAMES['admin']}")
    assert admin.post("/branding/address", {"url": None}).get_json()["url"] == "http://mpp.example:8080"
    events = public.person(NAMES["supervisor"]).get("/events", limit=1000).get_json()["items"]
    said = [one["data"]["changed"] for one in events if one["type"] == "BrandingSet"]
    assert said == [{"public_url": "http://192.168.1.10:8080"}, {"public_url": None}]


WRONG = ["", " ", "antrean.go.id", "ftp://mpp.example", "http://", "http://mpp.example/t", "http://mpp.example?x=1", "http://mpp.example#x",
         "http://a@mpp.example", "http://mpp.example:99999", "http://mpp example", "http://<b>", "javascript:alert(1)", "http://\u202egnik",
         "http://127.0.0.1:8080", "http://localhost:8080", "https://[::1]", "http://0.0.0.0", "http://" + "a" * 200, 7]  # fmt: skip


@pytest.mark.parametrize("url", WRONG)
def test_an_address_that_no_phone_could_open_is_refused_beside_its_field(hall: Hall, url: object) -> None:
    admin = hall.person(NAMES["admin"])
    refused = admin.post("/branding/address", {"url": url})
    assert (refused.status_code, refused.get_json()["errors"][0]["field"]) == (422, "url")
    assert admin.get("/branding/address").get_json()["url"] is None


def test_without_a_public_address_there_is_nothing_to_draw(hall: Hall) -> None:
    assert hall.browser().get(f"/kiosk/K1/qr/{TOKEN}.svg").status_code == 404
