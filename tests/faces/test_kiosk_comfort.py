"""The kiosk for everyone: languages, large letters, contrast, low reach, reading aloud, four keys.

Planted, each seen red and taken out: wishes kept after "Selesai"; a way back that takes the
language away; a home page left alone that keeps its wishes; a ticket sent in Kupang Malay; the
low header left at its height; Enter that reads instead of choosing; speech that is not ended.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.faces import hall
from tests.faces.stage import Stage

ROOM = "kiosk:K1"
SIZES = [(1080, 1920), (1366, 768), (1280, 800)]
WISHES = {"text": "large", "contrast": "high", "reach": "low"}
# A voice that says everything at once and remembers it.
VOICE = """
  window.said = []; window.cut = 0;
  class Words { constructor(text) { this.text = text; } }
  const synthesis = new EventTarget();
  Object.assign(synthesis, {
    getVoices: () => [{ lang: "id-ID", name: "suara" }, { lang: "en-GB", name: "voice" }],
    cancel: () => { window.cut += 1; },
    speak: (words) => { window.said.push(words.text); window.tongue = words.lang; if (!window.slow) setTimeout(() => words.onend(), 0); },
  });
  Object.defineProperty(window, "speechSynthesis", { value: synthesis });
  window.SpeechSynthesisUtterance = Words;
"""


def data_of() -> dict[str, Any]:
    data = hall.kiosk()
    data["site"]["languages"] = ["id", "en", "mkn"]
    return data


@pytest.fixture
def kiosk(stage: Stage) -> Stage:
    """The kiosk K1 at its home page, with three languages."""
    stage.page.clock.install(time="2026-11-03T00:30:00.000Z")
    stage.set(ROOM, data_of())
    stage.answer = lambda *_: (201, hall.issued())
    stage.open("/kiosk/K1")
    expect(stage.page.locator(".home h1")).to_be_visible()
    return stage


def settle(stage: Stage) -> None:
    stage.page.clock.run_for(500)


def to_service(stage: Stage) -> None:
    stage.page.locator('.all-gerai [data-gerai="DKC"]').click()
    settle(stage)
    stage.page.locator('.gerai [data-service="DKC-KTP"]').click()
    settle(stage)
    expect(stage.page.locator(".service h1")).to_be_visible()


def wish(stage: Stage, name: str) -> None:
    stage.page.locator(f'[data-wish="{name}"]').click()


def wishes(stage: Stage) -> dict[str, str | None]:
    found: dict[str, str | None] = stage.page.evaluate(
        "() => Object.fromEntries(['text', 'contrast', 'reach'].map((one) => [one, document.documentElement.dataset[one] ?? null]))"
    )
    return found


def test_each_wish_is_one_touch_and_one_touch_back(kiosk: Stage) -> None:
    for name, value in WISHES.items():
        button = kiosk.page.locator(f'[data-wish="{name}"]')
        wish(kiosk, name)
        expect(button).to_have_attribute("aria-pressed", "true")
        assert wishes(kiosk)[name] == value
        wish(kiosk, name)
        expect(button).to_have_attribute("aria-pressed", "false")
        assert wishes(kiosk)[name] is None


def test_wishes_last_through_the_visit_and_end_with_it(kiosk: Stage) -> None:
    for name in WISHES:
        wish(kiosk, name)
    kiosk.page.get_by_role("button", name="English").click()
    to_service(kiosk)
    kiosk.page.locator("#home").click()
    kiosk.page.locator("#home").click()
    expect(kiosk.page.locator(".home h1")).to_have_text("Please choose a service")
    assert wishes(kiosk) == WISHES
    kiosk.page.reload()
    expect(kiosk.page.locator(".home h1")).to_have_text("Please choose a service")
    assert wishes(kiosk) == WISHES
    to_service(kiosk)
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator(".result h1")).to_have_text("Your queue number")
    settle(kiosk)
    kiosk.page.locator("#done").click()
    expect(kiosk.page.locator(".home h1")).to_have_text("Silakan pilih layanan")
    assert wishes(kiosk) == dict.fromkeys(WISHES)


def test_a_home_page_left_alone_takes_wishes_back_but_asks_first(kiosk: Stage) -> None:
    wish(kiosk, "contrast")
    kiosk.page.clock.run_for(42000)
    expect(kiosk.page.locator("#stay")).to_contain_text("Masih di sini?")
    kiosk.pulse(ROOM)
    kiosk.page.get_by_role("button", name="Ya, masih di sini").click()
    kiosk.page.clock.run_for(20000)
    assert wishes(kiosk)["contrast"] == "high"
    kiosk.pulse(ROOM)
    kiosk.page.clock.run_for(24000)
    kiosk.pulse(ROOM)
    kiosk.page.clock.run_for(24000)
    assert wishes(kiosk)["contrast"] is None
    expect(kiosk.page.locator("#stay")).to_be_hidden()


def test_kupang_malay_is_a_draft_on_the_screen_and_indonesian_on_paper(kiosk: Stage) -> None:
    kiosk.page.get_by_role("button", name="Melayu Kupang").click()
    expect(kiosk.page.locator(".home h1")).to_have_text("Mari pili layanan")
    expect(kiosk.page.locator("#draft")).to_contain_text("draf")
    expect(kiosk.page.locator("html")).to_have_attribute("lang", "mkn")
    to_service(kiosk)
    expect(kiosk.page.locator("#take")).to_have_text("Ambe nomor")
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator("#number")).to_be_visible()
    assert kiosk.posts[0][1]["language"] == "id"


def test_a_plan_that_offers_two_languages_shows_two(kiosk: Stage) -> None:
    expect(kiosk.page.locator("#languages button")).to_have_count(3)
    data = hall.kiosk()
    data["site"]["languages"] = ["id", "en"]
    kiosk.push(kiosk.set(ROOM, data, 2))
    expect(kiosk.page.locator("#languages button")).to_have_count(2)


LOW = """() => [...document.querySelectorAll("button, input")].filter((node) => node.checkVisibility())
  .map((node) => [node.id || node.textContent, node.getBoundingClientRect()])
  .filter(([, box]) => box.bottom > 0 && box.top < innerHeight && box.top < innerHeight / 2 - 1).map(([text]) => text)"""
# Of what a selector means: how many are whole within the part of `area` that nothing covers, and how many are cut by it.
WHOLE = """([selector, area]) => { const { top, bottom } = document.querySelector(area).getBoundingClientRect();
  const boxes = [...document.querySelectorAll(selector)].filter((node) => node.checkVisibility({ opacityProperty: true }))
    .map((node) => node.getBoundingClientRect()).filter((box) => box.bottom > top + 1 && box.top < bottom - 1);
  const whole = boxes.filter((box) => box.top >= top - 1 && box.bottom <= bottom + 1).length; return [whole, boxes.length - whole]; }"""


def low(stage: Stage, least: int = 0, cards: str = ".tile", area: str = "#screen") -> None:
    """With letters of both sizes all that is touched stands low, and `least` cards are seen, none in half."""
    for size in ("large", None):
        stage.page.evaluate("(size) => { size ? document.documentElement.dataset.text = size : delete document.documentElement.dataset.text }", size)
        assert stage.page.evaluate(LOW) == []
        whole, cut = stage.page.evaluate(WHOLE, [cards, area])
        assert whole >= least
        assert cut == 0


@pytest.mark.parametrize("size", SIZES)
def test_low_reach_keeps_every_control_in_the_lower_half(kiosk: Stage, size: tuple[int, int]) -> None:
    """With high contrast the free upper half is dark. Planted: a white strip above; a header left at its height;
    the search's field left above; cards of the list cut by its edge; a home page set as without low reach;
    priorities under the button in large letters -> red."""
    kiosk.page.set_viewport_size({"width": size[0], "height": size[1]})
    wish(kiosk, "reach")
    wish(kiosk, "contrast")
    for strip in (".top", "#bar"):
        expect(kiosk.page.locator(strip)).to_have_css("background-color", "rgb(0, 0, 0)")
    low(kiosk, 6)
    kiosk.page.locator("#search").click()
    settle(kiosk)
    low(kiosk, 2, area=".found .tiles")
    kiosk.page.locator('[data-key="K"]').click()
    low(kiosk, 2, area=".found .tiles")
    kiosk.page.emulate_media(reduced_motion="reduce")
    kiosk.page.evaluate("delete document.documentElement.dataset.reach")  # whole cards without it too
    assert kiosk.page.evaluate(WHOLE, [".tile", ".found .tiles"])[1] == 0
    expect(kiosk.page.locator("#more")).to_be_hidden()
    kiosk.page.evaluate("document.documentElement.dataset.reach = 'low'")
    kiosk.page.locator("#more-found").click()
    assert kiosk.page.evaluate("document.querySelector('.found .tiles').scrollTop") > 0
    kiosk.page.locator("#home").click()
    settle(kiosk)
    kiosk.page.locator("#unknown").click()
    settle(kiosk)
    low(kiosk)
    kiosk.page.locator("#home").click()
    settle(kiosk)
    to_service(kiosk)
    low(kiosk, 6, ".option")
    kiosk.page.locator("#take").click()
    expect(kiosk.page.locator("#number")).to_be_visible()
    low(kiosk)


@pytest.fixture
def speaking(stage: Stage) -> Stage:
    """The same kiosk with a voice that the test hears."""
    stage.page.add_init_script(VOICE)
    stage.set(ROOM, data_of())
    stage.answer = lambda *_: (201, hall.issued())
    stage.open("/kiosk/K1")
    expect(stage.page.locator(".home h1")).to_be_visible()
    return stage


def heard(stage: Stage, words: str) -> None:
    stage.page.wait_for_function("(words) => window.said.some((one) => one.includes(words))", arg=words)


def press_until(stage: Stage, key: str, words: str) -> None:
    """Press one key until the part that is read says `words`."""
    for _ in range(80):
        stage.page.keyboard.press(key)
        if words in stage.page.evaluate("window.said.at(-1)"):
            return
    raise AssertionError(f"never read: {words}")


def test_listening_reads_the_page_and_marks_what_is_read(speaking: Stage) -> None:
    wish(speaking, "listen")
    heard(speaking, "Silakan pilih layanan")
    heard(speaking, "Saya tidak tahu. Tombol.")
    heard(speaking, "PLN")
    expect(speaking.page.locator(".read")).to_have_count(1)
    expect(speaking.page.locator(".no-voice")).to_have_text("")
    assert speaking.page.evaluate("window.tongue") == "id-ID"
    speaking.page.get_by_role("button", name="English").click()
    heard(speaking, "Please choose a service")


def test_four_keys_take_a_number_without_touching_or_seeing(speaking: Stage) -> None:
    page = speaking.page
    page.evaluate("window.slow = true")  # nothing is read on by itself: every word below was asked for
    page.keyboard.press("ArrowDown")
    heard(speaking, "Silakan pilih layanan")
    press_until(speaking, "ArrowRight", "Cetak KTP-el Dukcapil")
    page.keyboard.press("Enter")
    expect(page.locator(".service h1")).to_be_visible()
    heard(speaking, "Cetak KTP-el")
    press_until(speaking, "ArrowDown", "Biaya Gratis")
    page.keyboard.press("Space")
    assert page.evaluate("window.said.slice(-2)") == ["Biaya Gratis", "Biaya Gratis"]
    press_until(speaking, "ArrowDown", "Ambil nomor")
    page.keyboard.press("ArrowUp")
    assert "Ambil nomor" not in page.evaluate("window.said.at(-1)")
    press_until(speaking, "ArrowDown", "Ambil nomor")
    page.keyboard.press("Enter")
    expect(page.locator("#number")).to_be_visible()
    press_until(speaking, "ArrowDown", "B, 0 1 4")
    assert page.evaluate("window.cut") > 5
    assert len(speaking.posts) == 1


def test_the_four_keys_stand_on_the_screen_too(speaking: Stage) -> None:
    speaking.page.evaluate("window.slow = true")
    wish(speaking, "listen")
    heard(speaking, "Silakan pilih layanan")
    speaking.page.locator('#listen [data-key="next"]').click()
    heard(speaking, "Cari layanan. Tombol.")
    speaking.page.locator('#listen [data-key="repeat"]').click()
    assert speaking.page.evaluate("window.said.filter((one) => one.startsWith('Cari layanan')).length") == 2
    speaking.page.locator('#listen [data-key="choose"]').click()
    expect(speaking.page.locator("#query")).to_be_visible()


def test_without_a_voice_it_says_so_and_the_keys_work(kiosk: Stage) -> None:
    wish(kiosk, "listen")
    kiosk.page.clock.run_for(1500)
    expect(kiosk.page.locator(".no-voice")).to_contain_text("Belum ada suara terpasang di kios ini.")
    kiosk.page.keyboard.press("ArrowDown")
    expect(kiosk.page.locator("#search")).to_have_class("way read")
    kiosk.page.keyboard.press("Enter")
    expect(kiosk.page.locator("#query")).to_be_visible()
