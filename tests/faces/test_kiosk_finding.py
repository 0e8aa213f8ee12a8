"""Finding one's way at the kiosk: most wanted first, search with own keys, "Saya tidak tahu".

Planted, each seen red and taken out: a key that types nothing; a search that wants whole words;
the way back from a found service leading home; a helper's page that does not name the desk;
a closed hall told only by its tiles; the reason's word missing on a tile.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.faces import hall
from tests.faces.stage import Stage

ROOM = "kiosk:K1"
OPENS = "2026-11-04T00:00:00.000Z"


@pytest.fixture
def kiosk(stage: Stage) -> Stage:
    """The kiosk K1 at its home page, on the morning of 3 November 2026."""
    stage.page.clock.install(time="2026-11-03T00:30:00.000Z")
    stage.set(ROOM, hall.kiosk())
    stage.answer = lambda *_: (201, hall.issued())
    stage.open("/kiosk/K1")
    return stage


def type_in(stage: Stage, word: str) -> None:
    for letter in word:
        stage.page.locator('[data-key="space"]' if letter == " " else f'[data-key="{letter.upper()}"]').click()


def settle(stage: Stage) -> None:
    """Wait out the rest in which a double tap does nothing on a page that has just appeared."""
    stage.page.clock.run_for(500)


def to_search(stage: Stage) -> None:
    stage.page.locator("#search").click()
    settle(stage)


def closed(reason: str, opens_at: str | None = OPENS) -> dict[str, Any]:
    data = hall.kiosk()
    for service in data["services"]:
        service.update(open=False, reason=reason, opens_at=opens_at)
    return data


def test_the_most_wanted_stand_first_and_take_two_touches(kiosk: Stage) -> None:
    first = kiosk.page.locator(".popular .tile").first
    expect(first).to_contain_text("Cetak KTP-el")
    first.click()
    settle(kiosk)
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator("#number")).to_have_text("B-014")


def test_searching_with_the_kiosks_own_keys_finds_and_comes_back(kiosk: Stage) -> None:
    to_search(kiosk)
    type_in(kiosk, "kk")
    expect(kiosk.page.locator("#query")).to_have_value("kk")
    found = kiosk.page.locator('.found [data-service="DKC-KK"]')
    expect(found).to_be_visible()
    found.click()
    expect(kiosk.page.locator(".service h1")).to_have_text("Kartu Keluarga (KK)")
    settle(kiosk)
    kiosk.page.locator("#home").click()
    expect(kiosk.page.locator("#query")).to_have_value("kk")
    kiosk.page.locator('[data-key="back"]').click()
    expect(kiosk.page.locator("#query")).to_have_value("k")
    kiosk.page.locator('[data-key="clear"]').click()
    expect(kiosk.page.locator(".found h2")).to_have_text("Paling banyak dicari")


def test_a_real_keyboard_types_into_the_search_too(kiosk: Stage) -> None:
    to_search(kiosk)
    kiosk.page.keyboard.type("dukcapil")
    expect(kiosk.page.locator("#query")).to_have_value("dukcapil")
    expect(kiosk.page.locator(".found .tile").first).to_contain_text("Dukcapil")
    kiosk.page.keyboard.press("Escape")
    expect(kiosk.page.locator(".home h1")).to_be_visible()


def test_what_is_not_found_leads_to_people(kiosk: Stage) -> None:
    to_search(kiosk)
    type_in(kiosk, "xyzw")
    expect(kiosk.page.locator(".found")).to_contain_text("Belum ditemukan")
    kiosk.page.locator("#ask").click()
    expect(kiosk.page.locator(".help h1")).to_be_visible()


@pytest.mark.parametrize("place", ["di dekat pintu masuk", ""])
def test_who_does_not_know_is_sent_to_the_desk_and_to_what_informs(kiosk: Stage, place: str) -> None:
    data = hall.kiosk()
    data["site"]["front_desk"] = place
    kiosk.push(kiosk.set(ROOM, data, 2))
    kiosk.page.get_by_role("button", name="Saya tidak tahu").click()
    desk = kiosk.page.locator(".desk-place")
    expect(desk).to_have_text(f"Silakan datang ke meja informasi {place}." if place else "Silakan datang ke meja informasi.")
    expect(kiosk.page.locator(".help .service-tile").first).to_contain_text("Konsultasi perizinan")
    settle(kiosk)
    kiosk.page.locator(".help .service-tile").first.click()
    expect(kiosk.page.locator(".service h1")).to_be_visible()
    settle(kiosk)
    kiosk.page.locator("#home").click()
    expect(kiosk.page.locator(".help h1")).to_be_visible()


def test_a_hall_that_gives_no_numbers_says_why_and_stays_readable(kiosk: Stage) -> None:
    expect(kiosk.page.locator(".hall-closed")).to_have_count(0)
    for version, (reason, says, tag) in enumerate(
        [
            ("before_opening", "Kami belum buka.", "Belum buka"),
            ("break", "Kami sedang istirahat.", "Istirahat"),
            ("after_cutoff", "Pengambilan nomor untuk hari ini sudah selesai.", "Selesai hari ini"),
            ("holiday", "Hari ini libur.", "Libur"),
            ("closed", "Kami sedang tutup.", "Tutup"),
        ],
        start=2,
    ):
        kiosk.push(kiosk.set(ROOM, closed(reason), version))
        told = kiosk.page.locator(".hall-closed")
        expect(told).to_contain_text(says)
        expect(told).to_contain_text("Buka lagi Rabu, 4 November 2026, pukul 08.00 WITA.")
        expect(kiosk.page.locator(".all-gerai .closed-tag").first).to_have_text(tag)
        kiosk.page.locator(".popular .tile").first.click()
        expect(kiosk.page.locator(".closed")).to_be_visible()
        expect(kiosk.page.locator(".bring li").first).to_be_visible()
        settle(kiosk)
        kiosk.page.locator("#home").click()
        settle(kiosk)


def test_one_gerai_that_gives_no_numbers_says_why(kiosk: Stage) -> None:
    for version, (reason, says, tag) in enumerate(
        [
            ("gerai_closed", "Gerai ini tidak melayani hari ini.", "Tutup hari ini"),
            ("quota_reached", "Kuota layanan ini untuk hari ini sudah habis.", "Kuota habis"),
            ("after_cutoff", "Pengambilan nomor untuk hari ini sudah selesai.", "Selesai hari ini"),
        ],
        start=2,
    ):
        data = hall.kiosk()
        for service in data["services"]:
            if service["gerai"] == "DKC":
                service.update(open=False, reason=reason, opens_at=None)
        kiosk.push(kiosk.set(ROOM, data, version))
        expect(kiosk.page.locator(".hall-closed")).to_have_count(0)
        tile = kiosk.page.locator('.all-gerai [data-gerai="DKC"]')
        expect(tile).to_contain_text(tag)
        tile.click()
        settle(kiosk)
        kiosk.page.locator('[data-service="DKC-KTP"]').click()
        expect(kiosk.page.locator(".closed")).to_contain_text(says)
        for _ in ("to the gerai", "to the home page"):
            settle(kiosk)
            kiosk.page.locator("#home").click()
        settle(kiosk)


FIND = """async ([query, data]) => {
  const { find, otherNames } = await import("/kiosk/-/find.js");
  const { t } = await import("/shared/text.js");
  return find(query, data, otherNames(t("kiosk.search_names"))).map((one) => (one.service || one.gerai).code);
}"""


FOUND = {
    "akte lahir": "DKC-LAHIR", "AKTA KELAHIRAN": "DKC-LAHIR", "kelahran": "DKC-LAHIR", "kk": "DKC-KK",
    "sertifikat": "BPN-CEK", "dukcapil": "DKC", "catatan sipil": "DKC", "ktp el": "DKC-KTP",
    "listrik": "PLN-BARU", "id card": "DKC-KTP", "pln": "PLN",
}  # fmt: skip


def test_the_search_forgives_and_finds_nothing_in_nothing(stage: Stage) -> None:
    stage.open("/blank")
    first = {query: stage.page.evaluate(FIND, [query, hall.kiosk()])[:3] for query in FOUND}
    assert {query: codes for query, codes in first.items() if FOUND[query] not in codes} == {}
    for query in ("", "   ", "???", "qwxj", "<script>", "😀"):
        assert stage.page.evaluate(FIND, [query, hall.kiosk()]) == [], query
