"""Displays and media on the administrator's page: what is set there shows on the display at once.

Planted, each seen red and taken out: the mistakes of a layout not put beside its field; a ready layout's text sent as the
display's own; the part's script joined with modules of its own; `version` not sent by screens.js; the name of a medium
not sent.
"""

from __future__ import annotations

import io
import re

from PIL import Image
from playwright.sync_api import Page, expect

from tests.faces.staff.mall import Mall
from tests.faces.staff.test_admin import admin, dialog, mistake
from tests.faces.staff.test_admin_hall import save, screen

CLOCK = "2026-11-03T08:30:00+08:00@1"


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (320, 180), "teal").save(out, "PNG")
    return out.getvalue()


def opened_form(page: Page) -> None:
    page.locator("[data-screen] [data-act=change]").first.click()
    expect(dialog(page)).to_be_visible()


def test_a_layout_is_chosen_changed_and_refused_with_its_line(mall: Mall) -> None:
    display, page = screen(mall, "display"), admin(mall, "screens")
    row = page.locator("[data-screen]").first
    expect(row).to_contain_text("Seperti pengaturan: Satu panggilan besar")
    opened_form(page)
    area = dialog(page).locator("textarea")
    expect(area).not_to_be_editable()
    dialog(page).get_by_label("Tata letak", exact=True).select_option("papan")
    expect(area).to_have_value(re.compile("papan jarak=2"))
    save(page)
    expect(row).to_contain_text("Papan semua loket")
    expect(display.locator(".lokets li").first).to_be_visible()
    opened_form(page)
    dialog(page).get_by_label("Tata letak", exact=True).select_option("own")
    area.fill("bilah: nama\nbaris: pangilan\nbaris: papan gerai=DKC")
    save(page)
    expect(mistake(page, "text")).to_contain_text("Baris 2: bagian “pangilan” tidak dikenal")
    expect(area).to_have_value(re.compile("pangilan"))
    area.fill("bilah: nama\nbaris: panggilan\nbaris: papan gerai=DKC")
    dialog(page).get_by_label("Jarak baca (meter)").fill("3")
    save(page)
    expect(row).to_contain_text("Tata letak sendiri")
    expect(row).to_contain_text("3 m")
    expect(display.locator(".lokets li")).to_have_count(4)
    expect(display.locator("#recent")).to_have_count(0)
    opened_form(page)
    code = next(row["code"] for row in mall.facts["devices"] if row["kind"] == "display")
    mall.call("POST", f"/screens/{code}", {"layout": "papan", "text": None})  # somebody else meanwhile
    save(page)
    expect(dialog(page).get_by_role("alert").filter(has_text="Sudah diubah oleh")).to_be_visible()


def test_a_picture_is_uploaded_scheduled_and_removed(mall: Mall) -> None:
    code = next(row["code"] for row in mall.facts["devices"] if row["kind"] == "display")
    mall.call("POST", f"/screens/{code}", {"layout": "media", "text": None})
    display, page = screen(mall, "display"), admin(mall, "media")
    page.get_by_role("button", name="Tambah gambar atau video").click()
    dialog(page).locator("input[type=file]").set_input_files({"name": "Cara daftar.png", "mimeType": "image/png", "buffer": b"bukan gambar"})
    expect(dialog(page).locator("input[name=name]")).to_have_value("Cara daftar")
    dialog(page).get_by_role("button", name="Unggah").click()
    expect(dialog(page).get_by_role("alert")).to_contain_text("bukan gambar PNG")
    dialog(page).locator("input[type=file]").set_input_files({"name": "Cara daftar.png", "mimeType": "image/png", "buffer": picture()})
    dialog(page).get_by_role("button", name="Unggah").click()
    row = page.locator("[data-medium]")
    expect(row).to_contain_text("Cara daftar")
    expect(display.locator("#media img")).to_be_visible()
    row.get_by_role("button", name="Ubah").click()
    dialog(page).get_by_label("Sabtu").uncheck()
    dialog(page).get_by_label("Selasa").uncheck()
    save(page)
    expect(row).not_to_contain_text("Setiap hari")
    row.get_by_role("button", name="Hapus").click()
    dialog(page).get_by_role("button", name="Hapus").click()
    expect(page.locator("[data-medium]")).to_have_count(0)
    expect(display.locator("#media > *")).to_have_count(0)
