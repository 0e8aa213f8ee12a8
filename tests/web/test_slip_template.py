"""What stands on slips, as an administrator writes it: kept, refused with its lines, handed to the print host, shown.

Planted, each seen red and taken out: a bad text saved before it was looked at; the version not looked at; the template
left out of `GET /print-host`; a preview of what is in use where lines were sent; the child waited for without end.
"""

from __future__ import annotations

import base64
import io
import sys

import pytest
from PIL import Image

from server.ops.slip_press import SlipPress
from tests.web.hall import NAMES, Hall, Visitor

OWN = "{nomor}\n{qr}\n\n{layanan} | besar\n[id] Terima kasih\n[en] Thank you"


@pytest.fixture(scope="module")
def admin(hall: Hall) -> Visitor:
    return hall.person(NAMES["admin"])


def handed_over(hall: Hall) -> str | None:
    return hall.device("PH1").get("/print-host").get_json()["template"]


def test_a_template_is_kept_handed_over_and_taken_back(hall: Hall, admin: Visitor) -> None:
    told = admin.get("/slip-template").get_json()
    assert told["own"] is False and told["template"] == told["standard"] and "{nomor}" in told["standard"]
    assert handed_over(hall) is None and len(told["help"]) == 4
    kept = admin.post("/slip-template", {"template": OWN, "version": told["version"]}).get_json()
    assert (kept["own"], kept["template"]) == (True, OWN) and handed_over(hall) == OWN
    again = admin.get("/slip-template").get_json()
    assert again == kept
    back = admin.post("/slip-template", {"template": None, "version": kept["version"]}).get_json()
    assert back == told and handed_over(hall) is None
    events = hall.person(NAMES["supervisor"]).get("/events", limit=1000).get_json()["items"]
    said = [(one["actor"], one["data"]) for one in events if one["type"] == "SlipTemplateSet"]
    assert said == [(f"user:{NAMES['admin']}", {"template": OWN}), (f"user:{NAMES['admin']}", {"template": None})]


def test_mistakes_are_told_with_their_lines_and_the_old_lines_stay(hall: Hall, admin: Visitor) -> None:
    assert admin.post("/slip-template", {"template": OWN}).status_code == 200
    for path in ("/slip-template", "/slip-template/preview"):
        answer = admin.post(path, {"template": "Halo\n{nomor}\n{x}"})
        told = answer.get_json()
        assert (answer.status_code, told["code"], told["title"]) == (400, "bad_template", "Susunan karcis belum benar.")
        assert [(one["field"], one["line"]) for one in told["errors"]] == [("template", 1), ("template", 3)]
        assert "{x}" in told["errors"][1]["message"]
    assert admin.post("/slip-template", {"template": "x" * 8001}).status_code == 422
    assert admin.post("/slip-template", {"template": ""}).status_code == 400
    assert handed_over(hall) == OWN


def test_the_second_of_two_administrators_is_told(hall: Hall, admin: Visitor) -> None:
    seen = admin.get("/slip-template").get_json()["version"]
    first = admin.post("/slip-template", {"template": OWN + "\n{waktu}", "version": seen})
    assert first.status_code == 200
    late = admin.post("/slip-template", {"template": "{nomor}", "version": seen})
    assert (late.status_code, late.get_json()["code"], late.get_json()["by"]) == (409, "changed_meanwhile", f"user:{NAMES['admin']}")
    assert handed_over(hall) == OWN + "\n{waktu}"


def size(admin: Visitor, **wish: object) -> tuple[int, int]:
    answer = admin.post("/slip-template/preview", wish)
    assert answer.status_code == 200, answer.text
    return Image.open(io.BytesIO(base64.b64decode(answer.get_json()["png"]))).size


def test_a_preview_is_the_slip_by_these_lines_and_prints_nothing(hall: Hall, admin: Visitor) -> None:
    wide, narrow = size(admin, template="{nomor}"), size(admin, template="{nomor}\n" + "\nSatu baris" * 10, width_mm=58, copy=2, language="en")
    assert wide[1] < 400, "these lines, not those in use"
    assert (wide[0], narrow[0]) == (640, 464) and narrow[1] > wide[1] + 10 * 30
    assert hall.device("PH1").post("/print-jobs/claim", {}).status_code == 204
    assert admin.post("/slip-template/preview", {"width_mm": 70}).status_code == 422


@pytest.mark.parametrize("program", ["raise SystemExit(1)", "import time; time.sleep(60)"])
def test_a_picture_that_cannot_be_made_is_a_refusal_and_nothing_else(hall: Hall, admin: Visitor, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The child fails, or does not end in time."""
    monkeypatch.setattr(hall.house, "slip_press", SlipPress((sys.executable, "-c", program), picture_s=0.5))
    answer = admin.post("/slip-template/preview", {})
    assert (answer.status_code, answer.get_json()["code"]) == (503, "no_preview")
    assert admin.post("/slip-template", {"template": OWN}).status_code == 200


def test_a_preview_has_the_site_s_logo(admin: Visitor) -> None:
    """Planted: the logo's bytes not handed to the child -> red."""
    bare = size(admin, template="{nomor}\n{logo}")
    picture = io.BytesIO()
    Image.new("L", (200, 100), 0).save(picture, "PNG")
    assert admin.post("/branding/logo", {"image": base64.b64encode(picture.getvalue()).decode()}).status_code == 200
    assert size(admin, template="{nomor}\n{logo}")[1] >= bare[1] + 100
    assert admin.post("/branding/logo/remove", {}).status_code == 200
