"""The administrator's part *Karcis*: lines, their mistakes, the picture, saved and taken back.

Planted, each seen red and taken out: typed lines put back to the server's at a redraw; a mistake's button that does
not go to its line; the newest version taken by itself, so that another administrator's lines are lost unseen.
"""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.faces.staff.mall import Mall
from tests.faces.staff.office import rested
from tests.faces.staff.test_admin import admin, dialog
from tests.waiting import wait_for

MARKED = "area => area.value.slice(area.selectionStart, area.selectionEnd)"
WIDTH = "image => image.complete && image.naturalWidth"


def test_a_slip_is_written_looked_at_kept_and_taken_back(mall: Mall) -> None:
    page = admin(mall, "slip")
    lines = page.get_by_label("Susunan karcis")
    expect(lines).to_have_value(re.compile(r"^\{nomor\}"))
    lines.fill("{nomor}\n{layanann}\nKota Kupang Melayani | besar")
    page.get_by_role("button", name="Lihat hasilnya").click()
    wrong = page.locator(".wrongs li")
    expect(wrong).to_have_text(re.compile(r"^Baris 2.*mungkin \{layanan\}\?$"), timeout=30_000)
    wrong.get_by_role("button").click()
    assert lines.evaluate(MARKED) == "{layanann}"
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#says")).to_contain_text("belum benar")
    assert mall.call("GET", "/slip-template")["own"] is False, "the old lines stay"
    rested(page)
    lines.press_sequentially("{layanan}")
    page.get_by_label("Kertas").select_option("58")
    page.get_by_role("button", name="Lihat hasilnya").click()
    picture = page.get_by_alt_text("Contoh karcis")
    expect(picture).to_be_visible(timeout=30_000)
    assert picture.evaluate(WIDTH) == 464
    expect(page.locator(".slip")).to_contain_text("Tanpa kode QR")
    expect(lines).to_have_value("{nomor}\n{layanan}\nKota Kupang Melayani | besar")
    mall.call("POST", "/slip-template", {"template": "{nomor}\n{waktu}"})
    for part in ("look", "slip"):  # what was typed outlives a look at another part, and is still about the older lines
        page.goto(mall.address(f"/admin#{part}"))
        page.locator(f'#part[data-part="{part}"][data-ready="true"]').wait_for()
    expect(lines).to_have_value("{nomor}\n{layanan}\nKota Kupang Melayani | besar")
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#says")).to_contain_text("Sudah diubah oleh")
    expect(wrong).to_contain_text("menekan Simpan lagi menggantinya")
    assert mall.call("GET", "/slip-template")["template"] == "{nomor}\n{waktu}"
    rested(page)
    page.get_by_role("button", name="Simpan").click()
    expect(page.locator("#part")).to_contain_text("Karcis memakai susunan sendiri.")
    kept = "{nomor}\n{layanan}\nKota Kupang Melayani | besar"
    wait_for(lambda: mall.call("GET", "/slip-template")["template"] == kept, 20)
    rested(page)
    page.get_by_role("button", name="Kembalikan bawaan").click()
    dialog(page).get_by_role("button", name="Kembalikan bawaan").click()
    expect(page.locator("#part")).to_contain_text("Karcis memakai susunan bawaan.")
    expect(lines).to_have_value(re.compile(r"\{kontak\}\s*$"))
