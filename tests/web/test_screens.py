"""Displays set and media taken in, at the door: by content, by pieces, within limits, nothing half done.

Planted, each seen red and taken out: a file kept after its refusal; the picture kept as it was sent; the size of the last
box not compared; a video's length not looked at; the limit left at the largest; /media open to a kiosk; a layout not checked;
`version` not compared; a medium's file left when it is removed; a sign elected to speak.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from tests.web import movies
from tests.web.conftest import Build
from tests.web.hall import NAMES, Hall, Visitor


@pytest.fixture(scope="module")
def hall(build: Build) -> Hall:
    """Limits that small files reach."""
    small = {"MPP_MEDIA_IMAGE_MAX_MB": "1", "MPP_MEDIA_VIDEO_MAX_MB": "2", "MPP_MEDIA_VIDEO_MAX_S": "60", "MPP_MEDIA_IMAGE_MAX_MP": "1"}
    return build(MPP_CLOCK="2026-11-03T08:30:00+08:00@1", **small)


@pytest.fixture(scope="module")
def admin(hall: Hall) -> Visitor:
    return hall.person(NAMES["admin"])


def upload(admin: Visitor, data: bytes, name: str = "Uji", **more: Any) -> TestResponse:
    return admin.post("/media", data=data, content_type="application/octet-stream", query_string={"name": name}, **more)


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), color: str = "red", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, kind, **more)
    return out.getvalue()


def kept(hall: Hall) -> set[str]:
    folder = hall.data / "media"
    return {path.name for path in folder.glob("*")} if folder.exists() else set()


def display_view(hall: Hall, code: str = "TV1") -> dict[str, Any]:
    told: dict[str, Any] = hall.device(code).get(f"/views/display:{code}").get_json()["data"]
    return told


def test_a_picture_is_made_anew_and_served_to_displays_only(hall: Hall, admin: Visitor) -> None:
    exif = Image.Exif()
    exif[0x010F] = "kamera rahasia"
    told = upload(admin, picture("JPEG", exif=exif.tobytes())).get_json()
    assert (told["kind"], told["width"], told["height"]) == ("image", 300, 200)
    assert admin.post("/screens/TV1", {"layout": "media"}).status_code == 200
    [one] = display_view(hall)["media"]
    assert one["url"] == told["url"]
    screen = hall.screen("display", "TV1")
    answer = screen.client.get(one["url"])
    assert answer.status_code == 200 and b"rahasia" not in answer.data
    assert hashlib.sha256(answer.data).hexdigest() in one["url"]
    assert "immutable" in answer.headers["Cache-Control"]
    assert screen.client.get(one["url"], headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert hall.screen("kiosk", "K1").client.get(one["url"]).status_code == 403
    assert hall.browser().client.get(one["url"]).status_code == 401
    assert admin.client.get(one["url"]).status_code == 200
    assert admin.client.get("/media/../mpp.sqlite3").status_code == 404
    assert admin.client.get(f"/media/{'0' * 64}.jpg").status_code == 404


def test_a_video_is_served_by_range(hall: Hall, admin: Visitor) -> None:
    data = movies.webm(seconds=2)
    told = upload(admin, data, "Video").get_json()
    assert (told["kind"], told["length_ms"], told["width"]) == ("video", 2000, 64)
    parts = {"bytes=0-9": (206, data[:10]), "bytes=10-": (206, data[10:]), "bytes=-5": (206, data[-5:]), "bytes=0-1,4-5": (200, data)}
    for asked, (status, content) in parts.items():
        answer = admin.client.get(told["url"], headers={"Range": asked})
        assert (answer.status_code, answer.data) == (status, content), asked
    assert admin.client.get(told["url"], headers={"Range": "bytes=0-9"}).headers["Content-Range"] == f"bytes 0-9/{len(data)}"
    assert admin.client.get(told["url"], headers={"Range": f"bytes={len(data)}-"}).status_code == 416


def test_an_mp4_is_known_by_its_boxes(admin: Visitor) -> None:
    told = upload(admin, movies.mp4(), "film.txt").get_json()
    assert (told["kind"], told["length_ms"], told["width"], told["height"]) == ("video", 5000, 640, 360)


BAD = {
    "empty": (b"", "kosong"),
    "text": (b"bukan gambar", "bukan gambar"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "bukan gambar"),
    "a picture cut off": (picture()[:60], "bukan gambar"),
    "a picture of too many pixels": (picture(size=(1100, 1000)), "megapiksel"),
    "a picture too large": (picture() + bytes(1_000_001), "1 MB"),
    "an mp4 cut off": (movies.mp4()[:-10], "terpotong"),
    "an mp4 without a table": (movies.box(b"ftyp", b"isom") + movies.box(b"mdat", bytes(10)), "terpotong"),
    "an mp4 of another codec": (movies.mp4(codec=b"hvc1"), "hvc1"),
    "sound alone": (movies.mp4(handler=b"soun"), "tidak bergambar"),
    "an mp4 without a length": (movies.mp4(seconds=0), "Panjang"),
    "an mp4 too long": (movies.mp4(seconds=61), "60 detik"),
    "an mp4 too wide": (movies.mp4(width=5000), "4096"),
    "a webm cut off": (movies.webm()[:-10], "terpotong"),
    "matroska": (movies.webm(doctype=b"matroska"), "bukan gambar"),
    "a webm of another codec": (movies.webm(codec="V_THEORA"), "V_THEORA"),
    "junk after a beginning": (b"\x1aE\xdf\xa3" + b"\x01" * 30, ""),
    "junk after ftyp": (b"\0\0\0\x10ftyp" + b"\xff" * 30, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_and_nothing_of_it_stays(hall: Hall, admin: Visitor, name: str) -> None:
    data, word = BAD[name]
    files, rows = kept(hall), hall.rows("medium", "event")
    answer = upload(admin, data)
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (422, "bad_medium"), told
    assert word in told["errors"][0]["message"] and told["errors"][0]["field"] == "file"
    assert (kept(hall), hall.rows("medium", "event")) == (files, rows)


def test_more_than_the_limit_is_not_taken_in(hall: Hall, admin: Visitor) -> None:
    files = kept(hall)
    unsaid = {"wsgi.input_terminated": True, "CONTENT_LENGTH": ""}  # as a chunked body comes
    for more in ({}, {"environ_overrides": unsaid}):
        answer = upload(admin, bytes(2_000_001), **more)
        assert (answer.status_code, answer.get_json()["code"]) == (413, "too_large")
        assert kept(hall) == files


def test_the_same_file_twice_and_the_same_press_twice(hall: Hall, admin: Visitor) -> None:
    data = picture(color="teal")
    first = upload(admin, data, key="sekali")
    again = upload(admin, data, key="sekali")
    assert (first.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    other = upload(admin, data, "Nama lain")
    assert (other.status_code, other.get_json()["code"], other.get_json()["name"]) == (409, "already_exists", "Uji")
    assert first.get_json()["url"].rpartition("/")[2] in kept(hall)


def test_a_schedule_is_set_and_a_medium_taken_off(hall: Hall, admin: Visitor) -> None:
    one = upload(admin, picture(color="olive"), "Jadwal").get_json()
    path = f"/media/{one['id']}"
    body = {"days": "15", "from": "08:00", "to": "12:00", "seconds": 20, "zone": "BIRU", "version": one["version"]}
    told = admin.post(path, body).get_json()
    assert {name: told[name] for name in ("days", "from", "to", "seconds", "zone")} == {name: body[name] for name in list(body)[:5]}
    late = admin.post(path, {"name": "Lain", "version": one["version"]})
    assert (late.status_code, late.get_json()["code"]) == (409, "changed_meanwhile")
    for wrong in ({"from": "12:00", "to": "12:00"}, {"date_from": "2026-12-02", "date_to": "2026-12-01"}, {"zone": "Z"}, {"days": "51"}, {"seconds": 1}):
        assert admin.post(path, wrong).status_code == 422, wrong
    assert admin.post(path, {"date_from": "2026-12-01"}).status_code == 200
    assert one["id"] not in [row["id"] for row in display_view(hall)["media"]]
    assert admin.post(f"{path}/remove").status_code == 200
    assert one["url"].rpartition("/")[2] not in kept(hall)
    assert admin.post(f"{path}/remove").get_json()["code"] == "already_ended"


def test_what_a_display_cannot_show_is_told_to_the_supervisor(hall: Hall, admin: Visitor) -> None:
    one = upload(admin, picture(color="pink"), "Banner rusak").get_json()
    screen = hall.screen("display", "TV1")
    alerts = lambda: [row["text"] for row in admin.get("/views/floor").get_json()["data"]["alerts"]]  # noqa: E731
    for _ in range(2):
        assert screen.post(f"/media/{one['id']}/shown", {"cause": "corrupt"}).status_code == 204
    assert [text for text in alerts() if "Banner rusak" in text]
    events = [row["type"] for row in admin.get("/events", limit=1000).get_json()["items"] if row["type"].startswith("MediumF")]
    assert events == ["MediumFailed"]
    assert screen.post(f"/media/{one['id']}/shown", {}).status_code == 204
    assert not [text for text in alerts() if "Banner rusak" in text]


def test_a_wrong_layout_is_told_line_by_line_and_the_old_one_stays(hall: Hall, admin: Visitor) -> None:
    good = "bilah: nama\nbaris: panggilan 60 | papan gerai=DKC 40"
    assert admin.post("/screens/TV2", {"text": good}).status_code == 200
    before = display_view(hall, "TV2")["layout"]
    answer = admin.post("/screens/TV2", {"text": "bilah: nama\nbaris: pangilan | papan gerai=LAMA"})
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (422, "bad_layout")
    mistake, other = told["errors"]
    assert "gerai LAMA tidak ada di denah" in other["message"], "all at once"
    assert mistake["message"] == "Baris 2: bagian “pangilan” tidak dikenal; mungkin maksudnya: panggilan."
    told = admin.post("/screens/TV2", {"text": "baris: papan gerai=LAMA"}).get_json()
    assert "gerai LAMA tidak ada di denah" in told["errors"][0]["message"]
    assert display_view(hall, "TV2")["layout"] == before
    board = before["rows"][1]["parts"][1]["rows"]
    assert {row["gerai"] for row in board} == {"DKC"} and board[0]["state"] == "closed"


def test_a_sign_needs_its_loket_and_never_speaks(hall: Hall, admin: Visitor) -> None:
    hall.add_device("display", "A-SIGN", zone="BIRU")
    hall.add_device("display", "B-TV", zone="BIRU")
    told = admin.post("/screens/A-SIGN", {"layout": "loket"}).get_json()
    assert [one["field"] for one in told["errors"]] == ["counter"]
    assert admin.post("/screens/A-SIGN", {"layout": "loket", "counter": "NIHIL"}).get_json()["errors"][0]["field"] == "counter"
    assert admin.post("/screens/A-SIGN", {"layout": "loket", "counter": "DKC-1"}).status_code == 200
    view = display_view(hall, "A-SIGN")
    assert view["layout"]["rows"][0]["parts"][0]["row"]["counter"] == "DKC-1"
    assert view["display"]["speaks"] is False


def test_two_administrators_and_a_lost_gerai(hall: Hall, admin: Visitor) -> None:
    row = next(one for one in admin.get("/screens").get_json()["items"] if one["display"] == "TV1")
    assert admin.post("/screens/TV1", {"distance_m": 8, "version": row["version"]}).status_code == 200
    late = admin.post("/screens/TV1", {"distance_m": 9, "version": row["version"]})
    assert (late.status_code, late.get_json()["code"]) == (409, "changed_meanwhile")
    assert display_view(hall)["layout"]["distance_m"] == 8
    for wrong in ({"layout": "nihil"}, {"distance_m": 0}, {"gerai": "NIHIL"}, {"text": "baris: panggilan\x07"}):
        assert admin.post("/screens/TV1", wrong).status_code == 422, wrong
    assert admin.post("/screens/K1", {"distance_m": 9}).get_json()["code"] == "unknown_display"
    assert admin.post("/screens/TV1", {"layout": None, "distance_m": None}).status_code == 200
    told = admin.get("/layouts").get_json()
    assert [one["name"] for one in told["items"]][:2] == ["panggilan", "media"] and told["standard"]["distance_m"] == 5
