"""What an administrator changes about the hall shows at once on the pages people look at.

Planted: ServiceChanged left out of the kiosk's rooms -> test_a_service_s_name_shows_on_the_kiosk red. The version
not sent by plan_forms.js -> test_the_second_of_two_is_told red. `to` of the pause set to today -> the pause's red. Notices
not gathered into the snapshot -> test_a_notice_runs_on_the_display red. `dress` left out of live.js -> test_a_colour... red.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from config.floor import read_floor
from tests.faces.staff.mall import Mall
from tests.faces.staff.office import opened, rested
from tests.faces.staff.test_admin import admin, dialog, mistake
from tests.waiting import wait_for

#: An ordinary Tuesday morning on a clock that hardly moves: nothing closes by itself.
CLOCK = "2026-11-03T08:30:00+08:00@1"
PRIMARY = "() => getComputedStyle(document.documentElement).getPropertyValue('--primary').trim()"

LOGO = "() => document.documentElement.hasAttribute('data-logo')"


def shown(page: Page, what: str, wanted: object) -> None:
    """The page comes to show it by itself."""
    wait_for(lambda: page.evaluate(what) == wanted, 20, f"{what} to be {wanted}")


def screen(mall: Mall, kind: str) -> Page:
    """The first kiosk or display, enrolled in a browser of its own."""
    device = next(row for row in mall.facts["devices"] if row["kind"] == kind)
    page = mall.page((1080, 1920))
    page.goto(mall.address(f"/{kind}/{device['code']}?enrol={device['token']}"))
    page.locator("[data-enrolled]").wait_for()
    return page


def services(mall: Mall, gerai: str) -> Page:
    page = admin(mall, "services")
    page.locator('[data-focus="gerai"]').select_option(gerai)
    return page


def row(page: Page, service: str) -> Locator:
    return page.locator(f'tr[data-service="{service}"]')


def save(page: Page, word: str = "Simpan") -> None:
    dialog(page).get_by_role("button", name=word, exact=True).click()


def kiosk_services(mall: Mall) -> dict[str, dict[str, object]]:
    return {one["code"]: one for one in mall.call("GET", "/views/kiosk:K1")["data"]["services"]}


def test_a_service_s_name_shows_on_the_kiosk(mall: Mall) -> None:
    """An open kiosk page shows the new name without a reload; the log says who changed what."""
    kiosk = screen(mall, "kiosk")
    page = services(mall, "DKC")
    row(page, "DKC-KTP").get_by_role("button", name="Ubah").click()
    dialog(page).get_by_label("Nama", exact=True).fill("KTP elektronik kilat")
    dialog(page).get_by_label("Kuota per hari").fill("40")
    save(page)
    expect(row(page, "DKC-KTP")).to_contain_text("KTP elektronik kilat")
    expect(kiosk.locator("body")).to_contain_text("KTP elektronik kilat")
    changed = mall.events("ServiceChanged")[-1]
    assert (changed["actor"], changed["service"], changed["data"]["changed"]["quota"][1]) == ("user:admin", "DKC-KTP", 40)


def test_a_new_promise_needs_a_new_version(mall: Mall) -> None:
    """Beside the field, with what was typed still there; then saved, hours of its own with it."""
    page = services(mall, "DKC")
    row(page, "DKC-KK").get_by_role("button", name="Ubah").click()
    dialog(page).get_by_label("Janji waktu tunggu").fill("dua puluh")
    save(page)
    expect(mistake(page, "wait_min")).to_contain_text("bilangan bulat")
    dialog(page).get_by_label("Janji waktu tunggu").fill("33")
    save(page)
    expect(mistake(page, "standard_version")).to_contain_text("versi standar yang baru")
    dialog(page).get_by_label("Versi standar").fill("SK 7/2026")
    dialog(page).get_by_label("Pakai jam sendiri").check()
    dialog(page).get_by_label("Senin").fill("delapan pagi")
    save(page)
    expect(mistake(page, "hours.mon")).to_contain_text("Tulis seperti 08.00-12.00")
    dialog(page).get_by_label("Senin").fill("12.00-08.00")
    save(page)
    expect(mistake(page, "hours.mon")).to_contain_text("berurutan")
    dialog(page).get_by_role("button", name="Jam kerja biasa").click()
    save(page)
    expect(row(page, "DKC-KK")).to_contain_text("SK 7/2026")
    expect(row(page, "DKC-KK")).to_contain_text("Jam sendiri")


def test_the_second_of_two_is_told(mall: Mall) -> None:
    """Who was faster and when, in the form that stays open; what the first wrote stands. Opened again, the form has what
    was typed beside what the first wrote, and is taken.

    Planted: nothing kept in form.js, all fields put back and not those typed alone, or the lists not read again -> red.
    """
    page = services(mall, "PAM")
    service = next(one["code"] for one in mall.call("GET", "/plan")["services"] if one["gerai"] == "PAM")
    row(page, service).get_by_role("button", name="Ubah").click()
    dialog(page).get_by_label("Biaya").fill("Rp 2.000")
    version = next(one["version"] for one in mall.call("GET", "/plan")["services"] if one["code"] == service)
    mall.call("POST", f"/services/{service}", {"version": version, "cost": "Rp 1.000", "requirements": ["Meteran lama"]})
    with page.expect_response("**/api/v1/plan"):
        save(page)
    expect(dialog(page).get_by_role("alert")).to_contain_text(re.compile(r"Sudah diubah oleh \w+ pukul \d\d\.\d\d"))
    assert kiosk_services(mall)[service]["cost"] == "Rp 1.000"
    dialog(page).get_by_role("button", name="Batal").click()
    row(page, service).get_by_role("button", name="Ubah").click()
    expect(dialog(page)).to_contain_text("sudah dipasang kembali")
    expect(dialog(page).get_by_label("Biaya")).to_have_value("Rp 2.000")
    expect(dialog(page).locator("textarea")).to_have_value("Meteran lama")
    save(page)
    expect(dialog(page)).to_have_count(0)
    assert kiosk_services(mall)[service]["cost"] == "Rp 2.000"


def test_a_service_is_paused_and_opened_again(mall: Mall) -> None:
    page = services(mall, "BPD")
    service = next(one["code"] for one in mall.call("GET", "/plan")["services"] if one["gerai"] == "BPD")
    row(page, service).get_by_role("button", name="Jeda").click()
    dialog(page).get_by_role("button", name="Blangko habis").click()
    save(page, "Jeda")
    expect(row(page, service)).to_contain_text("dijeda: Blangko habis")
    assert kiosk_services(mall)[service]["open"] is False
    rested(page)
    row(page, service).get_by_role("button", name="Buka lagi").click()
    expect(row(page, service).get_by_role("button", name="Jeda")).to_be_visible()
    assert kiosk_services(mall)[service]["open"] is True


def test_a_service_is_archived_and_restored(mall: Mall) -> None:
    page = services(mall, "DKC")
    row(page, "DKC-IKD").get_by_role("button", name="Arsipkan").click()
    save(page, "Arsipkan")
    expect(row(page, "DKC-IKD")).to_have_count(0)
    assert "DKC-IKD" not in kiosk_services(mall)
    page.get_by_text("Arsip (1)").click()
    rested(page)
    page.locator('[data-archived="DKC-IKD"]').get_by_role("button", name="Pulihkan").click()
    expect(row(page, "DKC-IKD")).to_be_visible()


def test_the_plan_is_downloaded_as_it_is_loaded(mall: Mall, tmp_path: Path) -> None:
    page = admin(mall, "services")
    with page.expect_download() as got:
        page.get_by_role("link", name="Unduh denah").click()
    file = tmp_path / "denah.toml"
    got.value.save_as(file)
    told = mall.call("POST", "/floor", {"plan": read_floor(file).as_data()})
    assert told == {"added": [], "changed": [], "archived": []}


def test_a_holiday_and_ramadan_hours(mall: Mall) -> None:
    """One act for the whole pattern; a wrong span is said beside the date and nothing is saved."""
    page = admin(mall, "calendar")
    page.get_by_role("button", name="Tambah hari libur").click()
    dialog(page).get_by_label("Jenis libur").select_option("shared")
    dialog(page).get_by_label("Nama libur").fill("Natal")
    dialog(page).get_by_label("Mulai tanggal").fill("2026-12-24")
    dialog(page).get_by_label("Sampai tanggal").fill("2026-12-23")
    save(page, "Tambah")
    expect(mistake(page, "to")).not_to_be_empty()
    dialog(page).get_by_label("Sampai tanggal").fill("2026-12-24")
    save(page, "Tambah")
    expect(page.locator('tr[data-kind="holiday"]')).to_contain_text("Cuti bersama: Natal")
    before = len(mall.call("GET", "/overrides")["items"])
    page.get_by_role("button", name="Pakai pola jam").click()
    dialog(page).get_by_label("Mulai tanggal").fill("2027-02-08")
    dialog(page).get_by_label("Sampai tanggal").fill("2027-02-21")
    dialog(page).get_by_label("Alasan").fill("Ramadan 1448 H")
    save(page, "Tambah")
    expect(page.locator("tr", has_text="Ramadan 1448 H")).to_have_count(6)
    assert len(mall.call("GET", "/overrides")["items"]) == before + 6
    expect(page.locator("tr", has_text="08.00–11.30, 12.30–15.30").first).to_be_visible()


def test_a_notice_runs_on_the_display(mall: Mall) -> None:
    display = screen(mall, "display")
    page = admin(mall, "notices")
    page.get_by_role("button", name="Tambah pengumuman").click()
    dialog(page).get_by_label("Tulisan").fill("Vaksin <b>gratis</b>")
    save(page, "Tayangkan")
    expect(mistake(page, "text")).to_contain_text("tanda < atau >")
    dialog(page).get_by_label("Tulisan").fill("Vaksinasi gratis di aula, pukul 10.00")
    save(page, "Tayangkan")
    expect(display.locator("#notices")).to_have_text("Vaksinasi gratis di aula, pukul 10.00")
    page.get_by_role("button", name="Akhiri").click()
    save(page, "Akhiri")
    expect(display.locator("#notices")).to_be_hidden()


def test_a_colour_that_can_be_read_shows_everywhere_at_once(mall: Mall) -> None:
    """Yellow is refused with its ratio; dark red is on kiosk, display and counter without a reload."""
    screens = [screen(mall, "kiosk"), screen(mall, "display"), opened(mall, "PTSP")]
    page = admin(mall, "look")
    page.locator('[data-focus="change-color"]').click()
    dialog(page).get_by_label("Warna utama").fill("#ffd700")
    save(page)
    expect(mistake(page, "color")).to_contain_text(re.compile(r"Kontrasnya 1,\d+ : 1; paling sedikit 4,5 : 1\."))
    dialog(page).get_by_label("Warna utama").fill("#7a1020")
    save(page)
    for one in [*screens, page]:
        shown(one, PRIMARY, "#7a1020")
    page.get_by_role("button", name="Kembali ke warna bawaan").click()
    shown(screens[0], PRIMARY, "#0b4f5e")


def test_the_address_for_phones_brings_the_code_to_the_kiosk(mall: Mall) -> None:
    """None at first; one of this computer alone is refused beside the field; then a ticket carries it, and it is taken back.

    Planted: `loopback` let through; the address in force not shown -> red.
    """
    page = admin(mall, "look")
    expect(page.locator('[data-address=""]')).to_contain_text("tidak memuat kode QR")
    page.locator('[data-focus="change-address"]').click()
    expect(dialog(page).get_by_label("Alamat")).to_have_value(re.compile(r"^http://[a-z0-9.-]+:\d+$"))
    dialog(page).get_by_label("Alamat").fill("http://127.0.0.1:8080")
    save(page)
    expect(mistake(page, "url")).to_contain_text("hanya dapat dibuka di komputer server")
    dialog(page).get_by_label("Alamat").fill("http://192.168.1.10:8080")
    save(page)
    expect(page.locator('[data-address="http://192.168.1.10:8080"]')).to_contain_text("http://192.168.1.10:8080 (ditetapkan di halaman ini)")
    assert mall.call("GET", "/branding/address")["own"] == "http://192.168.1.10:8080"
    rested(page)
    page.get_by_role("button", name="Hapus alamat").click()
    save(page, "Hapus alamat")
    expect(page.locator('[data-address=""]')).to_be_visible()


def test_a_logo_is_a_picture(mall: Mall) -> None:
    """A text with a picture's name is refused beside the field; a real one is served, made anew, and removed."""
    page = admin(mall, "look")
    page.get_by_role("button", name="Pasang logo").click()
    choose = dialog(page).get_by_label("Berkas logo")
    choose.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": b"<svg onload=alert(1)>"})
    save(page)
    expect(mistake(page, "image")).to_contain_text("bukan gambar PNG atau JPEG")
    choose.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": b"x" * 500_001})
    save(page)
    expect(mistake(page, "image")).to_contain_text("500 kB")
    choose.set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": picture()})
    save(page)
    logo = page.locator("img.logo")
    expect(logo).to_be_visible()
    assert logo.evaluate("node => node.decode().then(() => node.naturalWidth)") == 300
    kiosk = screen(mall, "kiosk")
    shown(kiosk, LOGO, True)
    rested(page)
    page.get_by_role("button", name="Hapus logo").click()
    save(page, "Hapus logo")
    shown(kiosk, LOGO, False)


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 120), "#7a1020").save(out, "PNG")
    return out.getvalue()


