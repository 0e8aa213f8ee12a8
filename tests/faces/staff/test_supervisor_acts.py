"""What a supervisor does from the floor, seen on the kiosk, the display and the counter; and an agency head's part of it.

Planted, each seen red and taken out: the closure that opens; the priority confirmed where it is to be removed; a notice's end
sent to another address; `can` true for an agency head; `listen` without its ring; closures not drawn on the TV; a kiosk that tells its own reason;
all limits sent, also those as they were; minutes taken for seconds.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.faces.staff.mall import Mall
from tests.faces.staff.office import at_stage, opened, press, rested
from tests.faces.staff.test_admin_hall import screen

#: counts what sounds: the browser of the tests has no loudspeaker
COUNT_TONES = """() => { window.tones = 0; const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...given) { window.tones += 1; return start.apply(this, given); }; }"""


def card(page: Page, gerai: str) -> Locator:
    return page.locator(f'.gerai-card[data-gerai="{gerai}"]')


def in_detail(mall: Mall, gerai: str) -> Page:
    page = mall.log_in("/supervisor", "pengawas")
    card(page, gerai).get_by_role("button").click()
    expect(page.locator('.detail [data-list="services"] li').first).to_be_visible()
    return page


def pressed(page: Page, name: str, place: Locator | None = None) -> None:
    rested(page)
    (place or page.locator(".detail")).get_by_role("button", name=name, exact=True).click()


def because(page: Page, why: str, yes: str) -> None:
    asked = page.get_by_role("dialog").last
    asked.get_by_label("Alasan").fill(why)
    asked.get_by_role("button", name=yes, exact=True).click()


def test_a_gerai_and_a_service_are_closed_for_today_and_opened_again(mall: Mall) -> None:
    """Kiosk, TV, counter and API say the same at once; who waits goes on waiting."""
    kiosk, tv, number = screen(mall, "kiosk"), screen(mall, "display"), mall.take_number("DKC-KTP")
    officer = opened(mall, "DKC")
    page = in_detail(mall, "DKC")

    def are_open() -> set[bool]:
        return {row["open"] for row in mall.call("GET", "/services")["items"] if row["gerai"] == "DKC"}

    def all_say(sentence: str) -> None:
        expect(tv.locator("#closures")).to_contain_text(sentence)
        expect(officer.locator(".closed-today")).to_contain_text(sentence)
        kiosk.locator('[data-gerai="DKC"]').first.click()
        kiosk.locator('[data-service="DKC-KTP"]').first.click()
        expect(kiosk.locator(".closed")).to_contain_text(sentence)
        kiosk.locator("#home").click()
        kiosk.locator('[data-service="DKC-KTP"]').first.wait_for()
        kiosk.locator("#home").click()
        kiosk.locator('[data-gerai="DKC"]').first.wait_for()
        words = {row["why"] for row in mall.call("GET", "/services")["items"] if row["gerai"] == "DKC" and not row["open"]}
        assert words == {sentence.partition(": ")[2]}

    pressed(page, "Tutup gerai hari ini")
    because(page, "Listrik gerai padam", "Tutup")
    expect(page.locator(".detail .notice, dialog .notice").first).to_contain_text("ditutup hari ini")
    expect(kiosk.locator('[data-gerai="DKC"]')).to_have_attribute("data-open", "false")
    expect(officer.locator('.services [data-open="false"]')).to_have_count(1)
    expect(card(page, "DKC")).to_have_attribute("data-closed", "true")
    assert are_open() == {False}
    all_say("Gerai ini tidak melayani hari ini: Listrik gerai padam")
    expect(page.locator('.detail [data-list="line"]')).to_contain_text(number)
    pressed(page, "Buka kembali", page.locator(".detail .load"))
    page.get_by_role("dialog").last.get_by_role("button", name="Buka kembali").click()
    expect(kiosk.locator('[data-gerai="DKC"]')).to_have_attribute("data-open", "true")
    expect(tv.locator("#closures")).to_be_hidden()
    expect(officer.locator(".closed-today")).to_have_count(0)
    assert are_open() == {True}
    row = page.locator('.detail [data-service="DKC-KTP"]')
    pressed(page, "Tutup hari ini", row)
    because(page, "Blangko habis", "Tutup")
    expect(row).to_have_attribute("data-open", "false")
    assert are_open() == {True, False}
    all_say("Layanan ini tidak dibuka hari ini: Blangko habis")
    assert [one["data"]["scope"] for one in mall.events("OverrideSet")][-2:] == ["gerai", "service"]
    expect(page.locator('[data-list="exceptions"]')).to_contain_text("ditutup (Sel, 3 Nov 2026): Listrik gerai padam")
    pressed(page, "Buka kembali", row)
    page.get_by_role("dialog").last.get_by_role("button", name="Buka kembali").click()
    expect(row).to_have_attribute("data-open", "true")


def test_visitors_are_moved_given_back_and_let_go_first(mall: Mall) -> None:
    mall.call("POST", "/policy", {"no_show_min_calls": 1, "no_show_wait_s": 0})
    missed = mall.take_number("PTSP-NIB")
    officer = opened(mall, "PTSP")
    press(officer, "n")
    at_stage(officer, "called", missed)
    press(officer, "t")
    at_stage(officer, "free")
    moved, asked = mall.take_number("PTSP-NIB"), mall.take_number("PTSP-NIB", priority="lansia")
    page = in_detail(mall, "PTSP")
    line = page.locator('.detail [data-list="line"] li')
    expect(line).to_contain_text([asked, moved])
    pressed(page, "Benarkan", line.first)
    expect(line.first).to_contain_text("disetujui")
    pressed(page, "Hapus prioritas", line.first)
    because(page, "Bukan lansia", "Hapus prioritas")
    expect(line).to_contain_text([moved, asked])
    expect(officer.locator('[data-list="waiting"] .badge:not(.next)')).to_have_count(0)
    pressed(page, "Kembalikan")
    page.get_by_role("dialog").last.get_by_role("button", name="Kembalikan").click()
    expect(officer.locator('[data-list="waiting"] li')).to_have_count(3)
    pressed(page, "Alihkan", line.filter(has_text=moved))
    wish = page.get_by_role("dialog").last
    wish.get_by_label("Ke layanan").select_option("DKC-KK")
    because(page, "Salah ambil nomor", "Alihkan")
    expect(officer.locator('[data-list="waiting"]')).not_to_contain_text(moved)
    expect(card(page, "DKC").locator('[data-col="waiting"]')).not_to_have_text("0")
    record = page.locator('[data-list="exceptions"]')
    for words in (
        f"{missed} masuk antrean kembali", f"Prioritas {asked} disetujui (Lansia)", f"Prioritas {asked} dihapus (Lansia): Bukan lansia",
        f"{moved} dialihkan ke Kartu Keluarga (KK): Salah ambil nomor",
    ):
        expect(record).to_contain_text(words)
    told = [(row["type"], row["actor"]) for row in mall.events(label=moved) + mall.events(label=asked)]
    assert ("TicketTransferred", "user:pengawas") in told and told.count(("PrioritySet", "user:pengawas")) == 2
    assert mall.events("TicketTransferred")[-1]["data"]["reason"] == "Salah ambil nomor"


def test_words_are_put_on_the_displays_and_taken_off(mall: Mall) -> None:
    tv = screen(mall, "display")
    page = mall.log_in("/supervisor", "pengawas")
    pressed(page, "Tayangkan pengumuman", page.locator("#notices"))
    page.get_by_label("Kalimat").fill("Parkir pindah ke sisi timur")
    page.get_by_role("dialog").get_by_role("button", name="Tayangkan", exact=True).click()
    expect(tv.locator("body")).to_contain_text("Parkir pindah ke sisi timur")
    pressed(page, "Akhiri", page.locator("#notices"))
    page.get_by_role("dialog").get_by_role("button", name="Akhiri").click()
    expect(tv.locator("body")).not_to_contain_text("Parkir pindah")


def test_an_alert_sounds_where_wished_and_is_taken_on_by_name(mall: Mall) -> None:
    """A loket stands idle while somebody waits: a minute, on this clock a second."""
    mall.call("POST", "/policy", {"alert_idle_s": 60})
    page = mall.log_in("/supervisor", "pengawas")
    page.evaluate(COUNT_TONES)
    pressed(page, "Bunyi: mati", page.locator("#top"))
    page.wait_for_function("() => window.tones >= 2")
    assert page.evaluate("window.tones") == 2
    opened(mall, "PAM")
    service = next(row["code"] for row in mall.call("GET", "/services")["items"] if row["gerai"] == "PAM")
    mall.take_number(service)
    alert = page.locator('[data-what="alert-counter_idle"]').filter(has_text=card(page, "PAM").locator("h2").inner_text())
    expect(alert).to_be_visible(timeout=60_000)
    page.wait_for_function("() => window.tones >= 4")
    pressed(page, "Saya tangani", alert)
    expect(alert).to_contain_text("ditangani pengawas")
    assert mall.events("AlertAcknowledged")[-1]["actor"] == "user:pengawas"


def test_an_agency_head_sees_its_own_gerai_and_can_press_nothing(mall: Mall) -> None:
    mall.call("POST", "/users", {"username": "kepala", "name": "Kepala Dinas", "role": "agency_head", "gerai": ["DKC", "PAM"],
                                 "password": "melihat punya sendiri", "must_change": False})
    page = mall.log_in("/supervisor", "kepala", "melihat punya sendiri")
    expect(page.locator(".gerai-card")).to_have_count(2)
    card(page, "DKC").get_by_role("button").click()
    expect(page.locator('.detail [data-list="services"] li').first).to_be_visible()
    expect(page.locator("button:visible:not(.name):not([data-sound])")).to_have_text(["Keluar", "Selesai melihat"])
    expect(page.locator("#machines")).to_be_hidden()
    expect(page.locator(".summary .hour")).to_contain_text("biasanya: belum ada")


def test_limits_of_alerts_are_set_for_the_hall_and_for_one_service(mall: Mall) -> None:
    before = mall.call("GET", "/policy")
    page = mall.log_in("/supervisor", "pengawas")
    pressed(page, "Batas peringatan", page.locator("#top"))
    form = page.get_by_role("dialog")
    expect(form.get_by_label("Orang menunggu satu layanan")).to_have_value(str(before["alert_queue"]))
    form.get_by_label("Orang menunggu satu layanan").fill("dua puluh")
    form.get_by_role("button", name="Simpan").click()
    expect(form.get_by_role("alert")).to_have_text("Orang menunggu satu layanan: isi dengan angka dari 0 sampai 1000.")
    form.get_by_label("Orang menunggu satu layanan").fill("20")
    form.get_by_label("Tambah layanan").select_option("DKC-KK")
    own = form.locator('[data-list="limits"] li')
    own.get_by_label("Loket kosong (menit)").fill("1,5")
    code = own.get_attribute("data-service")
    form.get_by_role("button", name="Simpan").click()
    expect(form).to_have_count(0)
    after = mall.call("GET", "/policy")
    assert {name for name in after if after[name] != before[name]} == {"alert_queue", "alert_idle_s_of"}
    assert mall.events("PolicySet")[-1]["data"]["changed"] == {"alert_queue": 20, "alert_idle_s_of": {code: 90}}, "no more than was changed"
    assert (after["alert_queue"], after["alert_idle_s_of"], after["alert_queue_of"]) == (20, {code: 90}, {})
    pressed(page, "Batas peringatan", page.locator("#top"))
    expect(own.get_by_label("Loket kosong (menit)")).to_have_value("1,5")
    own.get_by_label("Loket kosong (menit)").fill("")
    form.get_by_role("button", name="Simpan").click()
    expect(form).to_have_count(0)
    assert mall.call("GET", "/policy")["alert_idle_s_of"] == {}
