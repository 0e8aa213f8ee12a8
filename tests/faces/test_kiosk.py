"""The kiosk's page: one touch, one ticket (P5), and each state in its own words.

Planted, each seen red and taken out: a new key for each try; the intent not kept in session
storage; a body that differs from the contract's; "done" words for an uncertain slip; the take
button enabled while the link is down; a closed service's tile disabled; nothing asked again when
the link comes back; the `why` of a refusal not said.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.faces import hall
from tests.faces.stage import Stage
from tests.waiting import wait_for

ROOM = "kiosk:K1"
START = "2026-11-03T00:30:00.000Z"


@pytest.fixture
def kiosk(stage: Stage) -> Stage:
    """The kiosk K1 at its home page, with a server that issues B-014, B-015, ... by key."""
    stage.page.clock.install(time=START)
    stage.set(ROOM, hall.kiosk())
    given: dict[str, dict[str, Any]] = {}

    def answer(path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        key = headers["idempotency-key"]
        given.setdefault(key, {**hall.issued(number=f"B-{14 + len(given):03}"), "id": 41 + len(given)})
        return 201, given[key]

    stage.answer = answer
    stage.open("/kiosk/K1")
    return stage


def to_service(stage: Stage, service: str = "DKC-KTP", gerai: str = "DKC") -> None:
    stage.page.locator(f'.all-gerai [data-gerai="{gerai}"]').click()
    stage.page.locator(f'.gerai [data-service="{service}"]').click()
    expect(stage.page.locator(".service h1")).to_be_visible()


def to_service_at_leisure(stage: Stage) -> None:
    """The same on a page whose time passes by the test's word alone: a second after the touch."""
    expect(stage.page.locator(".home h1")).to_be_visible()
    stage.hold()
    stage.settle(1)
    for tile in ('.all-gerai [data-gerai="DKC"]', '.gerai [data-service="DKC-KTP"]'):
        stage.page.locator(tile).click()
        stage.settle(1)  # it appears once the finger is off, and then takes no touch for a moment
    expect(stage.page.locator(".service h1")).to_be_visible()


def keys(stage: Stage) -> list[str]:
    return [headers["idempotency-key"] for path, _, headers in stage.posts if path == "/tickets"]


def push_prints(stage: Stage, state: str, version: int, printer: str = "P1", own: str = "ready") -> None:
    data = hall.kiosk(own)
    data["device"]["fallback"] = {"code": "P2", "name": "meja depan", "state": "ready", "cause": None, "since": None}
    data["prints"] = [{"job": 9, "ticket": 41, "number": "B-014", "printer": printer, "copy": 0, "state": state,
                       "cause": None, "at": START}]  # fmt: skip
    stage.push(stage.set(ROOM, data, version))


def test_three_touches_give_a_number_and_say_where_to_go(kiosk: Stage) -> None:
    to_service(kiosk)
    page = kiosk.page
    expect(page.locator(".bring li")).to_have_count(3)
    page.locator("#take").click()
    expect(page.locator("#number")).to_have_text("B-014")
    result = page.locator(".result")
    for words in ("Dukcapil", "Zona Biru", "Loket 1, 2, 3, 4", "3 orang", "10–15 menit", "Sedang mencetak karcis"):
        expect(result).to_contain_text(words)
    path, body, headers = kiosk.posts[0]
    assert (path, body) == ("/tickets", {"service": "DKC-KTP", "language": "id"})
    assert headers["x-mpp-device"] == "K1"
    assert headers["x-csrf-token"] == "csrf-of-the-stage"


def test_ten_taps_give_one_ticket(kiosk: Stage) -> None:
    to_service(kiosk)
    kiosk.page.evaluate("for (let n = 0; n < 10; n += 1) document.querySelector('#take')?.click()")
    expect(kiosk.page.locator("#number")).to_have_text("B-014")
    kiosk.page.evaluate("for (let n = 0; n < 10; n += 1) document.querySelector('#take')?.click()")
    assert len(set(keys(kiosk))) == 1
    assert len(keys(kiosk)) == 1


def test_a_lost_answer_is_asked_again_with_the_same_key_and_body(kiosk: Stage) -> None:
    to_service(kiosk)
    real, kiosk.answer = kiosk.answer, lambda *_: None
    kiosk.page.locator("#take").click()
    kiosk.page.clock.run_for(6000)
    expect(kiosk.page.locator(".service-foot")).to_contain_text("Server belum menjawab")
    kiosk.answer = real
    kiosk.page.clock.run_for(6000)
    expect(kiosk.page.locator("#number")).to_have_text("B-014")
    assert len(keys(kiosk)) > 1
    assert len(set(keys(kiosk))) == 1
    assert {str(body) for _, body, _ in kiosk.posts} == {str({"service": "DKC-KTP", "language": "id"})}


def test_a_reload_while_the_answer_is_away_gives_the_same_ticket(kiosk: Stage) -> None:
    to_service(kiosk)
    kiosk.page.locator('[data-priority="lansia"]').click()
    real, kiosk.answer = kiosk.answer, lambda *_: None
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator("#take")).to_have_text("Sebentar…")
    kiosk.answer = real
    kiosk.page.reload()
    expect(kiosk.page.locator("#number")).to_have_text("B-014")
    assert len(set(keys(kiosk))) == 1
    assert kiosk.posts[-1][1] == kiosk.posts[0][1]


def test_a_reload_on_the_service_page_keeps_its_key(kiosk: Stage) -> None:
    to_service(kiosk)
    kept = "JSON.parse(sessionStorage.getItem('mpp.kiosk.K1')).visit.intent.key"
    before = kiosk.page.evaluate(kept)
    kiosk.page.reload()
    expect(kiosk.page.locator("#take")).to_be_enabled()
    assert kiosk.posts == []
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator("#number")).to_be_visible()
    assert keys(kiosk) == [before]


def test_the_result_survives_a_reload_and_takes_nothing_new(kiosk: Stage) -> None:
    to_service(kiosk)
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator("#number")).to_have_text("B-014")
    kiosk.page.reload()
    expect(kiosk.page.locator("#number")).to_have_text("B-014")
    assert len(keys(kiosk)) == 1


def test_the_next_visit_has_another_key(kiosk: Stage) -> None:
    for number in ("B-014", "B-015"):
        to_service(kiosk)
        kiosk.page.locator("#take").click()
        expect(kiosk.page.locator("#number")).to_have_text(number)
        kiosk.page.locator("#done").click()
    assert len(set(keys(kiosk))) == 2


def test_a_refusal_is_said_and_the_page_stays(kiosk: Stage) -> None:
    to_service(kiosk)
    kiosk.answer = lambda *_: (409, {"code": "quota_reached", "title": "Kuota layanan hari ini sudah habis."})
    kiosk.page.locator("#take").click()
    expect(kiosk.page.get_by_role("alert")).to_have_text("Kuota layanan hari ini sudah habis.")
    expect(kiosk.page.locator("#take")).to_be_enabled()
    # Closed between the look and the touch: in the words of who closed it.
    kiosk.answer = lambda *_: (409, {"code": "closed", "title": "Layanan ini sedang tutup.", "reason": "service_closed", "why": "Listrik padam"})
    kiosk.page.locator("#take").click()
    expect(kiosk.page.get_by_role("alert")).to_have_text("Layanan ini tidak dibuka hari ini: Listrik padam")


def test_the_paper_is_told_from_the_view(kiosk: Stage) -> None:
    to_service(kiosk)
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator("#number")).to_be_visible()
    failed, done = "Karcis tidak tercetak. Mohon catat nomor Anda.", "Silakan ambil karcis Anda"
    busy, sent = "Sedang mencetak karcis…", "Karcis sedang keluar dari pencetak…"
    told = {"queued": busy, "sending": busy, "sent": sent, "assumed": done, "confirmed": done, "failed": failed, "late": failed}
    for version, (state, words) in enumerate(told.items(), start=2):
        push_prints(kiosk, state, version)
        expect(kiosk.page.locator(".paper")).to_have_text(words)
    at = "Ambil karcis di meja depan."
    for version, (state, words) in enumerate({"sending": f"{busy} {at}", "confirmed": at, "failed": failed}.items(), start=20):
        push_prints(kiosk, state, version, "P2", "paper_out")
        expect(kiosk.page.locator(".paper")).to_have_text(words)
    push_prints(kiosk, "queued", 30, "P1", "paper_out")
    expect(kiosk.page.locator(".paper")).to_have_text(failed)


@pytest.mark.parametrize(("key", "came_out"), [("Ya, sudah keluar", True), ("Tidak keluar", False)])
def test_the_visitor_is_asked_whether_paper_of_which_nobody_knows_came_out(kiosk: Stage, key: str, came_out: bool) -> None:
    """Planted: a slip whose outcome is unknown told as not printed -> red."""
    to_service(kiosk)
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator("#number")).to_be_visible()
    push_prints(kiosk, "uncertain", 2)
    expect(kiosk.page.locator(".paper")).to_contain_text("Apakah karcis keluar?")
    kiosk.page.get_by_role("button", name=key).tap()
    expect(kiosk.page.locator("#number")).to_be_visible()
    wait_for(lambda: kiosk.page.evaluate("null") or [body for path, body, _ in kiosk.posts if path == "/tickets/41/paper"], 20)
    assert [body for path, body, _ in kiosk.posts if path == "/tickets/41/paper"] == [{"came_out": came_out}]
    push_prints(kiosk, "assumed" if came_out else "queued", 3)
    expect(kiosk.page.get_by_role("button", name=key)).to_be_hidden()


def test_a_kiosk_without_a_printer_says_write_it_down(kiosk: Stage) -> None:
    kiosk.answer = lambda *_: (201, {**hall.issued(), "print": {"state": "none", "printer": None, "job": None}})
    to_service(kiosk)
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator(".paper")).to_contain_text("Mohon catat nomor Anda")


def test_the_result_is_read_in_peace_and_goes_home_unless_someone_stays(kiosk: Stage) -> None:
    """Planted: the question asked from the start; a result that stays for 80 s -> red."""
    to_service_at_leisure(kiosk)
    kiosk.page.locator("#take").click()
    kiosk.settle(1)
    expect(kiosk.page.locator("#number")).to_be_visible()
    kiosk.page.clock.run_for(18000)
    expect(kiosk.page.locator("#stay")).to_be_hidden()
    kiosk.page.clock.run_for(3000)
    expect(kiosk.page.locator("#stay")).to_contain_text("Masih di sini?")
    kiosk.page.clock.run_for(15000)
    kiosk.page.get_by_role("button", name="Ya, masih di sini").click()
    kiosk.page.clock.run_for(15000)
    expect(kiosk.page.locator("#number")).to_be_visible()
    kiosk.pulse(ROOM)
    kiosk.page.clock.run_for(50000)
    expect(kiosk.page.locator(".home h1")).to_be_visible()


def test_a_page_left_alone_asks_20_s_before_it_goes(kiosk: Stage) -> None:
    to_service_at_leisure(kiosk)
    kiosk.page.clock.run_for(38000)
    expect(kiosk.page.locator("#stay")).to_be_hidden()
    kiosk.page.clock.run_for(4000)
    expect(kiosk.page.locator("#stay")).to_be_visible()
    kiosk.pulse(ROOM)
    kiosk.page.clock.run_for(20000)
    expect(kiosk.page.locator(".home h1")).to_be_visible()


def test_a_closed_service_explains_itself(kiosk: Stage) -> None:
    data = hall.kiosk()
    for service in data["services"]:
        if service["gerai"] == "KPP":
            service.update(open=False, reason="before_opening", opens_at="2026-11-03T05:00:00.000Z")
    kiosk.push(kiosk.set(ROOM, data, 2))
    tile = kiosk.page.locator('.all-gerai [data-gerai="KPP"]')
    expect(tile).to_contain_text("Belum buka")
    tile.click()
    kiosk.page.locator(".gerai .tile").first.click()
    closed = kiosk.page.locator(".closed")
    expect(closed).to_contain_text("Layanan ini belum buka.")
    expect(closed).to_contain_text("Buka lagi pukul 13.00 WITA.")
    expect(kiosk.page.locator("#take")).to_have_count(0)


def test_a_service_that_closes_under_the_finger_says_so(kiosk: Stage) -> None:
    to_service(kiosk)
    data = hall.kiosk()
    for service in data["services"]:
        service.update(open=False, reason="quota_reached", opens_at="2026-11-04T00:00:00.000Z")
    kiosk.push(kiosk.set(ROOM, data, 2))
    expect(kiosk.page.locator(".closed")).to_contain_text("Buka lagi Rabu, 4 November 2026, pukul 08.00 WITA.")


def test_server_away_is_said_and_heals_by_itself(kiosk: Stage) -> None:
    to_service(kiosk)
    kiosk.down = True
    kiosk.cut()
    kiosk.page.clock.run_for(30000)
    expect(kiosk.page.locator("#stale")).to_have_text(re.compile(r"Tampilan belum diperbarui sejak 08\.30\.\d\d"))
    expect(kiosk.page.locator("#take")).to_be_disabled()
    expect(kiosk.page.locator(".service-foot")).to_contain_text("Kios belum terhubung ke server")
    kiosk.down = False
    kiosk.page.clock.run_for(3000)
    expect(kiosk.page.locator("#stale")).to_be_hidden()
    expect(kiosk.page.locator("#take")).to_be_enabled()


def test_printer_trouble_is_said_and_taken_back(kiosk: Stage) -> None:
    expect(kiosk.page.locator(".home")).to_be_visible()
    kiosk.push(kiosk.set(ROOM, hall.kiosk("paper_out"), 2))
    expect(kiosk.page.locator("#printer")).to_contain_text("Pencetak karcis sedang terganggu")
    kiosk.push(kiosk.set(ROOM, hall.kiosk("ready"), 3))
    expect(kiosk.page.locator("#printer")).to_be_hidden()


def test_keyboard_alone_takes_a_number_and_escape_goes_back(kiosk: Stage) -> None:
    page = kiosk.page
    page.locator('.all-gerai [data-gerai="DKC"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(".gerai h1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".service h1")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".gerai h1")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#take").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#number")).to_have_text("B-014")


def test_english_is_one_touch_and_ends_with_the_visit(kiosk: Stage) -> None:
    kiosk.page.get_by_role("button", name="English").click()
    expect(kiosk.page.locator(".home h1")).to_have_text("Please choose a service")
    to_service(kiosk)
    expect(kiosk.page.locator(".service h1")).to_have_text("Print ID card (KTP-el)")
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator(".result h1")).to_have_text("Your queue number")
    assert kiosk.posts[0][1]["language"] == "en"
    kiosk.page.locator("#done").click()
    expect(kiosk.page.locator(".home h1")).to_have_text("Silakan pilih layanan")


def test_priority_is_asked_only_where_the_site_asks(kiosk: Stage) -> None:
    data = hall.kiosk()
    data["site"]["priority_mode"] = "staff_only"
    to_service(kiosk)
    expect(kiosk.page.locator(".priority")).to_be_visible()
    kiosk.push(kiosk.set(ROOM, data, 2))
    expect(kiosk.page.locator(".priority")).to_have_count(0)
    expect(kiosk.page.locator(".priority-told")).to_contain_text("Lansia, Penyandang disabilitas")
    expect(kiosk.page.locator(".priority-told")).to_contain_text("Sampaikan kepada petugas.")


def test_an_unenrolled_kiosk_shows_a_code_and_opens_when_approved(stage: Stage) -> None:
    stage.app.config["ENROLLED"] = False
    approved = False

    def answer(path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any]:
        if path == "/enrolments":
            return 201, {"enrolment": "ABC234"}
        return 200, {"enrolment": "ABC234", "kind": "kiosk", "approved": approved, "device": None}

    stage.answer = answer
    stage.set(ROOM, hall.kiosk())
    stage.page.clock.install(time=START)
    stage.open("/kiosk/K1")
    expect(stage.page.locator("#enrol-code")).to_have_text("ABC 234")
    assert stage.posts[0][:2] == ("/enrolments", {"kind": "kiosk", "code": "K1"})
    approved = True
    stage.app.config["ENROLLED"] = True
    stage.page.clock.run_for(3100)
    expect(stage.page.locator(".home")).to_be_visible()


def test_what_was_sent_before_an_outage_is_asked_once_more_after_it(kiosk: Stage) -> None:
    to_service(kiosk)
    real, kiosk.answer = kiosk.answer, lambda *_: None
    kiosk.page.locator("#take").click()
    for second in range(40):
        kiosk.page.clock.run_for(1000)
        if second % 10 == 0:
            kiosk.pulse(ROOM)
    expect(kiosk.page.locator("#take")).to_have_text("Coba lagi")
    kiosk.down = True
    kiosk.cut()
    kiosk.page.locator(".service h1").click()  # still here
    kiosk.page.clock.run_for(27000)
    expect(kiosk.page.locator(".service-foot")).to_contain_text("Nomor Anda diminta lagi begitu kios tersambung")
    kiosk.answer, kiosk.down = real, False
    kiosk.page.clock.run_for(3000)
    expect(kiosk.page.locator("#number")).to_have_text("B-014")
    assert len(set(keys(kiosk))) == 1
