"""The administrator's routes at the door: two at once, bad input, the logo, what is half saved (nothing).

Planted: the logo kept as it was sent, or served without its SHA compared -> test_the_logo... red. `formats=` left out of
logos.py -> a GIF is taken, red; Pillow's bomb not caught -> red. `why` not looked up in errors.py -> test_each_mistake...
red. Hidden signs (Cf) let through -> test_a_bad_name... red. The house's name not read again -> test_the_site_s_name... red.
Notices of every zone shown -> red. The last administrator not counted -> red. Another weight of green -> the ratio red.
The person's version not compared -> test_two_administrators... red.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zlib
from typing import Any

import pytest
from PIL import Image

from config.floor import read_floor
from server.domain.contrast import ratio
from tests.web.hall import NAMES, Hall, Visitor

SERVICE = "DKC-KTP"


@pytest.fixture(scope="module")
def admin(hall: Hall) -> Visitor:
    return hall.person(NAMES["admin"])


def version(admin: Visitor, table: str, code: str) -> str:
    rows = admin.get("/plan").get_json()[table]
    return str(next(row["version"] for row in rows if row["code"] == code))


def encoded(picture: Image.Image, kind: str = "PNG") -> str:
    out = io.BytesIO()
    picture.save(out, kind)
    return base64.b64encode(out.getvalue()).decode()


BAD_TEXTS = {
    "empty": "", "spaces": "   ", "long": "x" * 81, "markup": "<b>KTP</b>", "control": "KTP\x07", "line": "KTP\nbaru",
    "right to left": "KTP \u202egnaro", "isolate": "\u2066KTP", "hidden": "K\u200bTP", "joined": "KTP \U0001f469\u200d\U0001f467", "surrogate": "\ud800",
}  # fmt: skip


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_bad_name_is_refused_and_nothing_is_saved(hall: Hall, admin: Visitor, text: str) -> None:
    seen = version(admin, "services", SERVICE)
    before = hall.rows()
    body = json.dumps({"version": seen, "cost": "Rp 5.000", "name": text})  # escaped, as a lone surrogate must be
    answer = admin.post(f"/services/{SERVICE}", data=body, content_type="application/json")
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (422, "invalid")
    assert [one["field"] for one in told["errors"]] == ["name"] and len(told["errors"][0]["message"]) > 10
    assert hall.rows() == before


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/site", {"version": "0" * 16, "name": "MPP \U0001f469\u200d\U0001f467"}, "Emoji gabungan"),
        ("/site", {"version": "0" * 16, "name": "MPP \U0001f469\u200d\u202e"}, "huruf kendali"),
        ("/site", {"version": "0" * 16, "name": "M\u200dPP"}, "huruf tersembunyi"),
        ("/users", {"username": "Budi Kilat", "name": "Budi", "role": "viewer"}, "huruf kecil"),
        ("/users", {"username": "budi", "name": "<b>Budi</b>", "role": "viewer"}, "tanda < atau >"),
        ("/devices", {"kind": "kiosk", "code": "K 1"}, "tanpa spasi"),
    ],
    ids=["joined", "with a hidden mark", "no emoji", "username", "name", "code"],
)
def test_a_mistake_says_what_is_allowed(admin: Visitor, path: str, body: dict[str, Any], sentence: str) -> None:
    """Planted: joined emoji told as control characters, or the pattern's own sentence not looked up -> red."""
    [told] = admin.post(path, body).get_json()["errors"]
    assert sentence in told["message"]


@pytest.mark.parametrize("text", ["KTP 🙂", "بطاقة", "KTP & KIA — \"baru\""], ids=["emoji", "arabic", "signs"])
def test_any_other_writing_is_kept_as_it_is(admin: Visitor, text: str) -> None:
    """And goes out in the file and in again."""
    seen = version(admin, "services", SERVICE)
    answer = admin.post(f"/services/{SERVICE}", {"version": seen, "name": text})
    assert answer.get_json()["name"]["id"] == text
    plan = read_floor(admin.get("/floor.toml").get_data(as_text=True)).as_data()
    assert next(row for row in plan["services"] if row["code"] == SERVICE)["name"]["id"] == text


def test_each_mistake_is_a_sentence_beside_its_field(admin: Visitor) -> None:
    seen = version(admin, "services", SERVICE)
    told = admin.post(f"/services/{SERVICE}", {"version": seen, "wait_min": 99}).get_json()
    sentence = "Waktu layanan yang dijanjikan berubah, jadi tulis versi standar yang baru."
    assert told["errors"] == [{"field": "standard_version", "message": sentence}]
    told = admin.post(f"/services/{SERVICE}", {"version": seen, "hours": {"mon": [["12:00", "08:00"]]}}).get_json()
    assert [one["field"] for one in told["errors"]] == ["hours.mon"]
    told = admin.post(f"/services/{SERVICE}", {"version": seen, "quota": 0, "requirements": ["a", ""]}).get_json()
    assert {one["field"] for one in told["errors"]} == {"quota", "requirements.1"}


def test_the_second_is_told_who_and_when(hall: Hall, admin: Visitor) -> None:
    seen = version(admin, "gerai", "DKC")
    assert admin.post("/gerai/DKC", {"version": seen, "place": "Lantai dua"}).status_code == 200
    answer = admin.post("/gerai/DKC", {"version": seen, "place": "Lantai tiga"})
    told = answer.get_json()
    assert (answer.status_code, told["code"], told["by"]) == (409, "changed_meanwhile", f"user:{NAMES['admin']}")
    assert told["at"].endswith("Z")


def test_the_site_s_name_is_in_every_title_at_once(hall: Hall, admin: Visitor) -> None:
    site = admin.get("/plan").get_json()["site"]
    answer = admin.post("/site", {"version": site["version"], "name": "MPP Uji Nama", "front_desk": "di lobi"})
    assert answer.status_code == 200, answer.text
    assert "MPP Uji Nama" in hall.browser().get("/counter").text


def test_the_logo_is_made_anew_and_kept_under_its_sum(hall: Hall, admin: Visitor) -> None:
    sent = encoded(Image.new("RGB", (2000, 400), "#336699"), "JPEG")
    answer = admin.post("/branding/logo", {"image": sent})
    assert answer.status_code == 200, answer.text
    logo = answer.get_json()["logo"]
    got = hall.browser().client.get(logo)
    assert (got.status_code, got.mimetype) == (200, "image/png")
    assert "immutable" in got.headers["Cache-Control"]
    assert logo == f"/brand/{hashlib.sha256(got.data).hexdigest()}.png"
    assert Image.open(io.BytesIO(got.data)).size == (640, 128)
    host = hall.device("PH1")  # which prints it
    assert logo == f"/brand/{host.get('/print-host').get_json()['logo_sha']}.png"
    for name in ("0" * 64, "x", "..%2f..%2fetc"):
        assert hall.browser().client.get(f"/brand/{name}.png").status_code == 404
    late = admin.post("/branding/logo/remove", {"version": "0" * 16})
    assert (late.status_code, late.get_json()["code"]) == (409, "changed_meanwhile")
    assert admin.post("/branding/logo/remove", {}).get_json()["logo"] is None
    assert host.get("/print-host").get_json()["logo_sha"] is None
    assert hall.browser().client.get(logo).status_code == 404


def bomb() -> str:
    """A PNG of a few hundred bytes that says it is 60000 by 60000."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    head = (60000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00"
    whole = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00" * 999)) + chunk(b"IEND", b"")
    return base64.b64encode(whole).decode()


WRONG_FILES: dict[str, Any] = {
    "text": base64.b64encode(b"<svg onload='alert(1)'/>").decode(), "not base64": "bukan base64 !",
    "gif": encoded(Image.new("RGB", (5, 5)), "GIF"), "cut off": encoded(Image.new("RGB", (400, 400)))[:120],
    "bomb": bomb(), "empty picture": base64.b64encode(b"").decode() or "=",
}  # fmt: skip


@pytest.mark.parametrize("image", WRONG_FILES.values(), ids=WRONG_FILES)
def test_a_wrong_file_is_refused_and_nothing_is_saved(hall: Hall, admin: Visitor, image: str) -> None:
    before = hall.rows()
    answer = admin.post("/branding/logo", {"image": image})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad_image")
    assert hall.rows() == before


@pytest.mark.parametrize("size", [(3000, 20), (20, 3000), (81, 10), (10, 21)], ids=str)
def test_a_logo_that_no_header_has_room_for_is_refused(hall: Hall, admin: Visitor, size: tuple[int, int]) -> None:
    """Beside its field, with what is allowed. Planted: one of the two bounds left out -> red."""
    before = hall.rows()
    answer = admin.post("/branding/logo", {"image": encoded(Image.new("RGB", size))})
    [told] = answer.get_json()["errors"]
    assert (answer.status_code, told["field"], "8 kali" in told["message"]) == (422, "image", True)
    assert hall.rows() == before


def test_a_file_too_large_is_refused(admin: Visitor) -> None:
    big = base64.b64encode(b"\x89PNG" + b"0" * 510_000).decode()
    answer = admin.post("/branding/logo", {"image": big})
    assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")
    assert admin.post("/branding/logo", {"image": "A" * 2_000_000}).status_code == 413


@pytest.mark.parametrize(("color", "code"), [("#FFD700", "low_contrast"), ("red", "invalid"), ("#12345", "invalid")])
def test_a_colour_that_cannot_be_read_is_refused(admin: Visitor, color: str, code: str) -> None:
    answer = admin.post("/branding", {"color": color})
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (422, code)
    if code == "low_contrast":
        assert (told["ratio"] < 2, told["least"]) == (True, 4.5)


def test_the_ratio_is_that_of_wcag(admin: Visitor) -> None:
    """#767676 is the palest grey on white (4.54), #777777 is not (4.47): WebAIM's and the W3C's own examples."""
    assert round(ratio("#767676", "#ffffff"), 2) == 4.54
    assert round(ratio("#777777", "#FFFFFF"), 2) == 4.48
    assert round(ratio("#000000", "#ffffff"), 1) == 21.0
    assert admin.post("/branding", {"color": "#0B4F5E"}).get_json()["color"] == "#0b4f5e"


def test_notices_of_a_zone_and_of_their_dates(hall: Hall, admin: Visitor) -> None:
    """A display shows those of its own zone and of the hall, on their dates only."""
    zones = [row["code"] for row in admin.get("/plan").get_json()["zones"]]
    own = next(row["zone"] for row in admin.get("/devices").get_json()["items"] if row["code"] == "TV1")
    other = next(code for code in zones if code != own)
    texts = {"semua": {}, "zona sendiri": {"zone": own}, "zona lain": {"zone": other}, "lewat": {"to": "2026-11-02", "from": "2026-11-01"}}
    for text, more in texts.items():
        body = {"text": text, "from": "2026-11-03", **more}
        assert admin.post("/notices", body).status_code == 201
    shown = admin.get("/views/display:TV1").get_json()["data"]["notices"]
    assert shown == ["semua", "zona sendiri"]
    assert admin.post("/notices", {"text": "x", "from": "2026-11-03", "zone": "NONE"}).status_code == 422
    told = admin.post("/notices", {"text": "x", "from": "2026-11-03", "to": "2026-11-02"}).get_json()
    assert told["errors"] == [{"field": "to", "message": "Tanggal akhir mendahului tanggal mulai."}]


def test_a_pattern_of_hours_is_all_or_nothing(hall: Hall, admin: Visitor) -> None:
    """Fridays with the prayer's break; a target that is not there leaves no row behind."""
    body = {"preset": "friday", "from": "2026-11-01", "to": "2026-11-30", "reason": "Salat Jumat"}
    before = hall.rows("calendar_override")
    assert admin.post("/overrides/preset", {**body, "scope": "gerai", "target": "NONE"}).status_code == 404
    told = admin.post("/overrides/preset", {**body, "to": "2026-11-05"}).get_json()
    assert told["errors"][0]["message"] == "Tidak ada hari Jumat di rentang tanggal ini."
    assert hall.rows("calendar_override") == before
    items = admin.post("/overrides/preset", {**body, "scope": "gerai", "target": "DKC"}).get_json()["items"]
    assert [one["from"] for one in items] == ["2026-11-06", "2026-11-13", "2026-11-20", "2026-11-27"]
    assert {str(one["intervals"]) for one in items} == {"[['08:00', '11:30'], ['13:00', '15:30']]"}


def test_a_device_is_moved_and_the_last_administrator_stays(hall: Hall, admin: Visitor) -> None:
    told = admin.post("/devices/TV2", {"name": "Layar baru", "zone": None}).get_json()
    assert (told["name"], told["zone"]) == ("Layar baru", None)
    assert admin.post("/devices/TV2", {"zone": "NONE"}).status_code == 422
    assert admin.post("/devices/NONE", {"name": "x"}).status_code == 404
    for username in ("admin", NAMES["admin"]):
        last = admin.post(f"/users/{username}", {"role": "viewer"} if username == "admin" else {"active": False})
    assert (last.status_code, last.get_json()["code"]) == (409, "last_admin")


def test_two_administrators_at_one_look(hall: Hall, admin: Visitor) -> None:
    """Colour and logo are one row. Planted: the version not looked at by set_color -> red."""
    seen = admin.get("/branding").get_json()["version"]
    assert admin.post("/branding", {"color": "#7a1020", "version": seen}).status_code == 200
    told = admin.post("/branding", {"color": None, "version": seen}).get_json()
    assert (told["code"], told["by"]) == ("changed_meanwhile", f"user:{NAMES['admin']}")
    assert admin.post("/branding", {"color": None}).get_json()["color"] is None


def test_two_administrators_at_one_person(hall: Hall, admin: Visitor) -> None:
    """The second is told who was faster and when; a program that names no version changes what there is."""
    rows = admin.get("/users").get_json()["items"]
    seen = next(row["version"] for row in rows if row["username"] == "other")
    assert admin.post("/users/other", {"version": seen, "name": "Nama Pertama"}).status_code == 200
    told = admin.post("/users/other", {"version": seen, "name": "Nama Kedua"}).get_json()
    assert (told["code"], told["by"]) == ("changed_meanwhile", f"user:{NAMES['admin']}")
    assert admin.post("/users/other", {"name": "Nama Ketiga"}).get_json()["name"] == "Nama Ketiga"


def test_two_administrators_at_one_password_and_one_device(hall: Hall, admin: Visitor) -> None:
    """Done once, and the second is told. Planted: the version not handed on by _reset_password, or a revoked device
    taken for the one that was seen -> red."""
    seen = next(row for row in admin.get("/users").get_json()["items"] if row["username"] == "other")
    body = {"version": seen["password_version"]}
    assert admin.post("/users/other/password", body).status_code == 200
    told = admin.post("/users/other/password", body).get_json()
    assert (told["code"], told["by"]) == ("changed_meanwhile", f"user:{NAMES['admin']}")
    assert admin.post("/users/other", {"version": seen["version"], "name": "Nama Lain"}).status_code == 200
    device = admin.post("/devices", {"kind": "display", "code": "TV8"}).get_json()
    body = {"version": next(row["version"] for row in admin.get("/devices").get_json()["items"] if row["code"] == device["code"])}
    assert admin.post("/devices/TV8/revoke", body).status_code == 200
    told = admin.post("/devices/TV8/revoke", body).get_json()
    assert (told["code"], told["by"]) == ("changed_meanwhile", f"user:{NAMES['admin']}")


@pytest.mark.parametrize("rows", ["notices", "overrides"])
def test_what_has_been_ended_says_by_whom(admin: Visitor, rows: str) -> None:
    """And what never was is not found. Planted: the row's id not compared -> red."""
    day = {"from": "2026-11-20", "to": "2026-11-20"}
    body = {"text": "uji", **day} if rows == "notices" else {"scope": "site", "kind": "holiday", "reason": "uji", **day}
    made = admin.post(f"/{rows}", body).get_json()["id"]
    assert admin.post(f"/{rows}/{made}/end", {}).status_code == 200
    late = admin.post(f"/{rows}/{made}/end", {})
    told = late.get_json()
    assert (late.status_code, told["code"], told["by"]) == (409, "already_ended", f"user:{NAMES['admin']}")
    assert admin.post(f"/{rows}/999999/end", {}).status_code == 404
