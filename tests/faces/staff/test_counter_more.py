"""What an officer has beside the usual next thing: taking back a mistake, own figures, a transfer's present wait, a reprint.

Planted: remedy() without "hold" -> test_hold_is_taken_back red. stillWaits always true -> test_transfer_called_elsewhere red
(a visitor taken from a colleague). countOwn never called -> test_own_figures red. `value: null` for the remedy of a
priority -> test_priority red. The rows of targets made anew at each draw -> test_transfer_keeps_its_choice red. remedy() without
"put_back", or askFirst without the unserved -> test_put_back red. The main act without its own key -> test_each_shown_key red.
"""

from __future__ import annotations

import json

from playwright.sync_api import Page, Route, expect

from tests.faces.staff.mall import Mall
from tests.faces.staff.office import RULE_MS, act, at_stage, opened, press, press_tenfold, rested


def undo(page: Page) -> None:
    """By its key, as the button shows it."""
    expect(page.locator("#undo kbd")).to_have_text("Z")
    press(page, "z")
    expect(page.locator("#undo")).to_be_hidden()


def transfer(page: Page, search: str, option: str) -> None:
    press(page, "a")
    page.get_by_label("Cari layanan").fill(search)
    page.get_by_role("option", name=option).click()
    page.get_by_role("dialog").get_by_role("button", name="Alihkan").click()


def test_hold_is_taken_back(mall: Mall) -> None:
    number = mall.take_number("DKC-KTP")
    page = opened(mall, "DKC")
    press(page, "n")
    at_stage(page, "called", number)
    press(page, "d")
    expect(page.locator("#undo")).to_contain_text(f"Batalkan tunda {number}")
    undo(page)
    at_stage(page, "called", number)
    press(page, "n")
    at_stage(page, "serving", number)
    press(page, "s")
    at_stage(page, "free")
    expect(page.locator("#undo")).to_be_hidden()  # what is finished stays finished


def test_put_back_is_taken_back_and_a_finish_before_the_service_asks(mall: Mall) -> None:
    """By keyboard alone: the undo tenfold is one call; S and B ask before they end what nothing takes back."""
    number = mall.take_number("BJT-JHT")
    page = opened(mall, "BJT")
    press(page, "n")
    at_stage(page, "called", number)
    press(page, "k")
    at_stage(page, "free")
    page.locator("#undo").focus()
    rested(page)
    for _ in range(10):
        page.keyboard.press("z")
    at_stage(page, "called", number)
    [again] = mall.events("TicketPicked", number)
    assert again["data"]["reason"] == "Salah tekan"
    press(page, "b")
    page.keyboard.press("Escape")
    at_stage(page, "called", number)
    press(page, "s")
    expect(page.get_by_role("dialog")).to_contain_text(f"{number} belum dilayani")
    page.keyboard.press("Enter")
    at_stage(page, "free")
    assert len(mall.events("TicketFinished", number)) == 1


def test_each_shown_key_is_its_button(mall: Mall) -> None:
    """Every key on a button of every stage presses that button's act: shown keys are keys that work, and no others."""
    page = mall.page()
    page.goto(mall.address("/counter"))
    code = """async () => {
      const { actForKey, offered } = await import("/counter/-/acts.js");
      const leg = { leg: 1, round_calls: 2, last_called_at: "2026-11-03T00:00:00Z" };
      const data = { services: [], site: { rules: { no_show_min_calls: 2, no_show_wait_s: 60 } } };
      return Object.fromEntries(["paused", "free", "called", "serving"].map((stage) => {
        const acts = offered(stage, { leg, services: [] }, data, Date.parse("2026-11-03T01:00:00Z"));
        const keys = ["F2", ..."abcdefghijklmnopqrstuvwxyz"];
        const pressed = keys.map((key) => [key.toUpperCase(), actForKey(acts, key)]).filter(([, act]) => act);
        const shown = acts.flatMap((act) => act.keys.map((key) => [key, act]));
        return [stage, { pressed: pressed.map(([key, act]) => key + act.id).sort(), shown: shown.map(([key, act]) => key + act.id).sort() }];
      }));
    }"""
    stages = page.evaluate(code)
    for told in stages.values():
        assert told["pressed"] == told["shown"] != []
    assert "Sfinish" in stages["called"]["shown"] and {"Sfinish", "Nfinish", "F2finish"} <= set(stages["serving"]["shown"])


def test_no_show_is_taken_back(mall: Mall) -> None:
    number = mall.take_number("BJK-AKTIF")
    page = opened(mall, "BJK")
    press(page, "n")
    at_stage(page, "called", number)
    press(page, "u")
    expect(act(page, "no_show")).to_have_attribute("aria-disabled", "false", timeout=RULE_MS)
    press(page, "t")
    at_stage(page, "free")
    undo(page)
    expect(page.locator('[data-list="waiting"]')).to_contain_text(number)
    assert [row["data"]["reason"] for row in mall.events("TicketReturned", number)] == ["Salah tekan"]


def test_transfer_is_taken_back(mall: Mall) -> None:
    number = mall.take_number("PTSP-NIB")
    page = opened(mall, "PTSP")
    press(page, "n")
    at_stage(page, "called", number)
    transfer(page, "kartu keluarga", "Kartu Keluarga")
    undo(page)
    expect(page.locator('[data-list="waiting"]')).to_contain_text(number)
    assert [row["data"]["reason"] for row in mall.events("TicketTransferred", number)] == [None, "Salah tekan"]


def test_transfer_called_elsewhere_is_not_taken_back(mall: Mall) -> None:
    """A colleague has called the visitor meanwhile: the page says so and leaves them alone."""
    number = mall.take_number("PAM-BARU")
    page = opened(mall, "PAM")
    press(page, "n")
    at_stage(page, "called", number)
    transfer(page, "bphtb", "Validasi BPHTB")
    expect(page.locator("#undo")).to_be_visible()
    colleague = opened(mall, "BPD")
    press(colleague, "n")
    at_stage(colleague, "called", number)
    press(page, "z")
    expect(page.locator("#says")).to_contain_text(f"{number} sudah dipanggil di loket lain")
    rested(colleague)
    at_stage(colleague, "called", number)
    press(colleague, "n")
    press(colleague, "n")


def test_priority_is_given_again(mall: Mall) -> None:
    number = mall.take_number("KPP-NPWP", priority="lansia")
    page = opened(mall, "KPP")
    press(page, "n")
    at_stage(page, "called", number)
    rested(page)
    page.get_by_role("button", name="Hapus prioritas").click()
    expect(page.locator(".priority")).to_have_attribute("data-state", "removed")
    undo(page)
    expect(page.locator(".priority")).to_have_attribute("data-state", "confirmed")


def test_own_figures_and_reprint(mall: Mall) -> None:
    """What this officer did today, beside what the gerai did; the slip of the visitor at the loket once more."""
    number = mall.take_number("BNT-SETOR")
    page = opened(mall, "BNT")
    own = page.locator('[data-figures="counter.today_own"] [data-key="served"] dd')
    expect(own).to_have_text("0")
    press(page, "n")
    at_stage(page, "called", number)
    rested(page)
    press_tenfold(page.locator(".visitor").get_by_role("button", name="Cetak ulang"))
    expect(page.locator("#says")).to_contain_text(f"{number} dicetak ulang")
    press(page, "n")
    at_stage(page, "serving")
    press(page, "n")
    at_stage(page, "free")
    expect(own).to_have_text("1")
    assert len(mall.events("SlipQueued", number)) == 1


def test_transfer_keeps_its_choice_whatever_comes(mall: Mall) -> None:
    """Another gerai's present wait arrives with the finger down, views while the reason is typed: choice, words and focus stay."""
    number = mall.take_number("PLN-BARU")
    page = opened(mall, "PLN")
    press(page, "n")
    at_stage(page, "called", number)
    for _ in range(2):
        mall.take_number("POS-KIRIM")
    answers: list[Route] = []
    page.route("**/api/v1/services", lambda route: answers.append(route))
    press(page, "a")
    page.get_by_label("Cari layanan").fill("kirim")
    target = page.locator('[data-service="POS-KIRIM"]')
    expect(target).to_contain_text("menunggu")
    target.hover()
    page.mouse.down()
    standing = json.loads(mall.pass_on(answers[0]))["items"]
    answers[0].fulfill(json={"items": [{**one, "estimate": {"from_s": 300, "to_s": 600}} for one in standing]})
    expect(target).to_contain_text("2 menunggu± 5–10 menit")
    page.mouse.up()
    expect(target).to_have_attribute("aria-selected", "true")
    page.get_by_label("Alasan").press_sequentially("salah ")
    waiting = [mall.take_number("PLN-BARU") for _ in range(2)]
    expect(page.locator('[data-list="waiting"]')).to_contain_text(waiting[-1])
    page.keyboard.type("gerai")
    page.keyboard.press("Enter")
    expect(page.locator("#says")).to_contain_text(f"{number} dialihkan")
    [moved] = mall.events("TicketTransferred", number)
    assert moved["data"]["reason"] == "salah gerai"
