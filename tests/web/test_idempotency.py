"""The same key gives the same answer, by act and by person; nothing else is kept.

Planted: the path left out of the fingerprint -> red; keys shared between devices -> red; a
204 stored -> red; `Idempotent-Replayed` missing on a replay -> red.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.web.hall import NAMES, Hall


def test_the_same_touch_is_one_ticket(hall: Hall) -> None:
    kiosk, wish = hall.device("K1"), {"service": hall.service(), "language": "id"}
    first = kiosk.post("/tickets", wish, key="touch-1")
    again = kiosk.post("/tickets", {"language": "id", "service": wish["service"]}, key="touch-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.get_json() == again.get_json()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_for_another_wish(hall: Hall) -> None:
    kiosk, service = hall.device("K1"), hall.service()
    assert kiosk.post("/tickets", {"service": service}, key="touch-2").status_code == 201
    before = hall.rows()
    answer = kiosk.post("/tickets", {"service": service, "language": "en"}, key="touch-2")
    assert (answer.status_code, answer.get_json()["code"]) == (422, "idempotency_mismatch")
    assert hall.rows() == before


def test_a_key_belongs_to_who_made_it(hall: Hall) -> None:
    service = {"service": hall.service()}
    one = hall.device("K1").post("/tickets", service, key="shared").get_json()
    other = hall.device("K2").post("/tickets", service, key="shared").get_json()
    assert one["number"] != other["number"]


def test_a_key_belongs_to_its_address(hall: Hall) -> None:
    officer, counter = hall.person(NAMES["officer"]), hall.counter()
    officer.post(f"/counters/{counter}/open", {}, key="c-1")
    answer = officer.post(f"/counters/{counter}/close", {}, key="c-1")
    assert answer.get_json()["code"] == "idempotency_mismatch"
    assert officer.post(f"/counters/{counter}/close", {}, key="c-2").status_code == 200


def test_next_pressed_twice_calls_once_and_nobody_is_not_kept(hall: Hall) -> None:
    """204 is not stored: the same key calls the visitor who comes later."""
    officer, counter = hall.person("other"), hall.counter("BPD")
    service = hall.service("BPD")
    assert officer.post(f"/counters/{counter}/open", {}).status_code == 200
    empty = officer.post(f"/counters/{counter}/next", {}, key="n-1")
    assert (empty.status_code, empty.data) == (204, b"")
    ticket = hall.issue("for-next", service)
    called = officer.post(f"/counters/{counter}/next", {}, key="n-1")
    assert called.get_json()["ticket"] == {"id": ticket["id"], "number": ticket["number"]}
    pressed = officer.post(f"/counters/{counter}/next", {}, key="n-1")
    assert pressed.get_json() == called.get_json()
    assert pressed.headers["Idempotent-Replayed"] == "true"
    busy = officer.post(f"/counters/{counter}/next", {}, key="n-2")
    assert (busy.status_code, busy.get_json()["code"]) == (409, "counter_busy")
    assert busy.get_json()["leg"]["number"] == ticket["number"]
    assert officer.post(f"/counters/{counter}/finish", {"next": True}).status_code == 200
    assert officer.post(f"/counters/{counter}/close", {}).status_code == 200


def test_one_key_from_many_threads_is_one_ticket(hall: Hall) -> None:
    service = {"service": hall.service()}

    def touch(_: int) -> str:
        answer = hall.device("K1").post("/tickets", service, key="storm")
        assert answer.status_code == 201, answer.text
        number: str = answer.get_json()["number"]
        return number

    with ThreadPoolExecutor(8) as threads:
        numbers = set(threads.map(touch, range(24)))
    assert len(numbers) == 1


def test_a_made_up_password_is_shown_once(hall: Hall) -> None:
    admin = hall.person(NAMES["admin"])
    person = {"username": "baru", "name": "Orang Baru", "role": "viewer"}
    first = admin.post("/users", person, key="user-1")
    again = admin.post("/users", person, key="user-1")
    assert first.status_code == again.status_code == 201
    assert len(first.get_json()["password"]) >= 16
    assert again.get_json()["password"] is None
    assert hall.browser().login("baru", first.get_json()["password"]).status_code == 200


def test_no_secret_reaches_the_database(hall: Hall) -> None:
    """Neither tokens nor passwords nor session ids, nor a fast hash of a password."""
    admin = hall.person(NAMES["admin"])
    made = admin.post("/devices", {"kind": "display", "code": "TV7"}, key="device-1").get_json()
    admin.post("/users/other/password", {"password": "empat ekor kambing"}, key="pw-1")
    stored = b"".join(file.read_bytes() for file in sorted(hall.data.glob("mpp.sqlite3*")))
    cookie = admin.client.get_cookie("mpp_session")
    assert cookie is not None
    for secret in (made["token"], "empat ekor kambing", cookie.value):
        assert secret.encode() not in stored
    assert hall.browser().login("other", "empat ekor kambing").status_code == 200
