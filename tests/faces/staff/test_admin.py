"""The administrator's page (`/admin`): people and devices, by mouse and by keyboard only.

Planted: `errors[]` not placed in form.js -> test_a_mistake_stands_beside_its_field red. The made-up password not
shown -> test_a_person_is_added_by_keyboard red. Roles of enter() widened -> test_only_administrators_come_in red.
`PARTS[part].load()` not asked again after an act -> test_a_person_is_disabled red. The zone left out of
change_device -> test_a_device_gets_a_name_a_place_and_a_pace red.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.faces.staff.mall import TABLET, WIDE, Mall, fill_login

OWN = "sandi administrator uji 1"


def admin(mall: Mall, part: str = "people", size: tuple[int, int] = WIDE) -> Page:
    """The page as the first administrator, who changes the first password once."""
    if "admin" not in mall.sessions:
        mall.call("POST", "/users/admin/password", {"password": OWN, "must_change": False})
    page = mall.log_in(f"/admin#{part}", "admin", OWN, size)
    page.locator(f'#part[data-part="{part}"][data-ready="true"]').wait_for()
    return page


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def mistake(page: Page, field: str) -> Locator:
    return dialog(page).locator(f'[data-field="{field}"] .mistake')


def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the wanted control has the focus: what a person without a mouse does."""
    for _ in range(200):
        if wanted.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never comes to {wanted}")


def test_only_administrators_come_in(mall: Mall) -> None:
    page = mall.page()
    page.goto(mall.address("/admin"))
    fill_login(page, "pengawas", mall.password("pengawas"))
    expect(page.get_by_role("link", name=re.compile("halaman", re.I))).to_be_visible()
    expect(page.locator("#admin")).to_be_hidden()


@pytest.mark.parametrize("size", [WIDE, TABLET], ids=["wide", "tablet"])
def test_a_person_is_added_by_keyboard(mall: Mall, size: tuple[int, int]) -> None:
    """From the first Tab to the password shown once; then the new person logs in with it."""
    page = admin(mall, size=size)
    name = f"kilat-{size[0]}"
    tab_to(page, page.get_by_role("button", name="Tambah orang"))
    page.keyboard.press("Enter")
    page.keyboard.type("Maria Kilat")
    tab_to(page, dialog(page).get_by_label("Nama pengguna"))
    page.keyboard.type(name)
    tab_to(page, dialog(page).get_by_label("Peran"))
    tab_to(page, dialog(page).get_by_label("Dukcapil"))
    page.keyboard.press("Space")
    tab_to(page, dialog(page).get_by_role("button", name="Tambah"))
    page.keyboard.press("Enter")
    secret = dialog(page).locator(".secret")
    expect(secret).to_have_text(re.compile(r"^\w{4}-\w{4}-\w{4}-\w{4}$"))
    password = secret.inner_text()
    tab_to(page, dialog(page).get_by_role("button", name="Sudah dicatat"))
    page.keyboard.press("Enter")
    expect(page.locator(f'[data-person="{name}"]')).to_contain_text("Maria Kilat")
    other = mall.page()
    other.goto(mall.address("/counter"))
    fill_login(other, name, password)
    expect(other.get_by_role("heading", name="Ganti kata sandi")).to_be_visible()


def test_a_mistake_stands_beside_its_field(mall: Mall) -> None:
    """Empty, markup, capitals, a name that is taken: each said where it is; what was typed stays; nothing is saved."""
    page = admin(mall)
    before = len(mall.call("GET", "/users")["items"])
    page.get_by_role("button", name="Tambah orang").click()
    add = dialog(page).get_by_role("button", name="Tambah")
    add.click()
    expect(mistake(page, "name")).to_have_text("Wajib diisi.")
    dialog(page).get_by_label("Nama", exact=True).fill("<b>Budi</b>")
    dialog(page).get_by_label("Nama pengguna").fill("Budi Kilat")
    add.click()
    expect(mistake(page, "name")).not_to_be_empty()
    expect(mistake(page, "username")).to_contain_text("huruf kecil")
    dialog(page).get_by_label("Nama", exact=True).fill("Budi \u202egnik")
    add.click()
    expect(mistake(page, "name")).to_contain_text("huruf kendali")
    dialog(page).get_by_label("Nama", exact=True).fill("Budi 🙂")
    dialog(page).get_by_label("Nama pengguna").fill("admin")
    add.click()
    expect(mistake(page, "username")).to_have_text("Kode atau nama ini sudah dipakai.")
    expect(dialog(page).get_by_label("Nama", exact=True)).to_have_value("Budi 🙂")
    expect(dialog(page).get_by_label("Nama pengguna")).to_be_focused()
    assert len(mall.call("GET", "/users")["items"]) == before


def test_a_person_is_disabled(mall: Mall) -> None:
    page = admin(mall)
    row = page.locator('[data-person="petugas-bjk"]')
    row.get_by_role("button", name="Nonaktifkan").click()
    dialog(page).get_by_role("button", name="Nonaktifkan").click()
    expect(row.get_by_role("button", name="Aktifkan", exact=True)).to_be_visible()
    assert [one["active"] for one in mall.call("GET", "/users")["items"] if one["username"] == "petugas-bjk"] == [False]


def test_the_last_administrator_stays(mall: Mall) -> None:
    page = admin(mall)
    page.locator('[data-person="admin"]').get_by_role("button", name="Nonaktifkan").click()
    dialog(page).get_by_role("button", name="Nonaktifkan").click()
    expect(page.locator("#says")).to_contain_text("satu-satunya administrator")


def test_a_device_gets_a_name_a_place_and_a_pace(mall: Mall) -> None:
    """The title tells the name, the code small. Two of the three figures empty: said beside them.

    Planted: the title from the code alone; `pace` left out of the form -> red.
    """
    page = admin(mall, "devices")
    page.locator('[data-device="K1"]').get_by_role("button", name="Ubah").click()
    expect(dialog(page).get_by_role("heading")).to_have_text(re.compile("^Ubah .{4,} K1$"))
    dialog(page).get_by_label("Nama perangkat").fill("Kios pintu utama")
    dialog(page).get_by_label("Zona").select_option(index=2)
    dialog(page).get_by_label("Jarak antarnomor").fill("5")
    dialog(page).get_by_role("button", name="Simpan").click()
    expect(mistake(page, "pace.per_minute")).not_to_be_empty()
    dialog(page).get_by_label("Nomor terbanyak per menit").fill("10")
    dialog(page).get_by_label("Lama istirahat").fill("20")
    dialog(page).get_by_role("button", name="Simpan").click()
    row = page.locator('[data-device="K1"]')
    expect(row).to_contain_text("Kios pintu utama")
    expect(row).to_contain_text("zona")
    changed = mall.events("DeviceChanged")[-1]
    assert (changed["actor"], set(changed["data"]["changed"])) == ("user:admin", {"name", "zone", "pace"})


def test_a_display_is_let_in_and_revoked(mall: Mall) -> None:
    """By the code on its screen; then revoked, and its screen asks to be let in again."""
    screen = mall.page()
    screen.goto(mall.address("/display/TV9"))
    expect(screen.locator("#enrol-code")).to_have_text(re.compile(r"^[A-Z0-9]{3} ?[A-Z0-9]{3}$"))
    page = admin(mall, "devices")
    page.get_by_role("button", name="Setujui").click()
    dialog(page).get_by_label("Nama perangkat").fill("Layar teras")
    dialog(page).get_by_role("button", name="Setujui").click()
    row = page.locator('[data-device="TV9"]')
    expect(row).to_contain_text("Layar teras")
    expect(screen.locator("#enrol-code")).to_have_count(0)
    row.get_by_role("button", name="Cabut").click()
    dialog(page).get_by_role("button", name="Cabut").click()
    expect(row).to_have_count(0)


def test_a_program_s_key_is_shown_once(mall: Mall) -> None:
    page = admin(mall, "devices")
    page.get_by_role("button", name="Tambah perangkat").click()
    dialog(page).get_by_label("Jenis").select_option("program")
    dialog(page).get_by_label("Kode perangkat").fill("SIPINTAR")
    dialog(page).get_by_role("button", name="Tambah").click()
    key = dialog(page).locator(".secret").inner_text()
    assert "items" in mall.call("GET", "/services", token=key)
