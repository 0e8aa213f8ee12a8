"""The shared modules' pure parts, each run in the browser they are for.

Planted, each seen red and taken out: `accepts` with >= for > (an equal version redraws);
`accepts` ignoring another epoch; `problem` preferring the status over the title; `el` setting
innerHTML; `inkOn` always white; `post` with a new key for each try; `observe` taking a
practice clock's rate from two messages of one moment; a pointer that comes up ending an open list's hold.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.faces.stage import Stage


@pytest.fixture(scope="module")
def one_page(chromium: Browser) -> Iterator[Stage]:
    """One page for all tests here; each loads it anew, which forgets every module's state."""
    page = chromium.new_page()
    yield Stage(page)
    page.close()


@pytest.fixture
def blank(one_page: Stage) -> Stage:
    one_page.posts.clear()
    one_page.open("/blank")
    return one_page


def run(stage: Stage, module: str, code: str, argument: object = None) -> object:
    """Evaluate `code` (a function body over `m`, the module, and `x`) in the page."""
    script = f"async (x) => {{ const m = await import('/shared/{module}'); {code} }}"
    return stage.page.evaluate(script, argument)


def test_which_views_are_accepted(blank: Stage) -> None:
    cases = [
        (None, ("a", 1), True),
        (("a", 5), ("a", 6), True),
        (("a", 5), ("a", 5), False),
        (("a", 5), ("a", 4), False),
        (("a", 5), ("b", 1), True),
        (("a", 5), ("a", None), False),
        (("a", 5), (None, 9), False),
    ]
    code = """const p = (pair) => pair && {epoch: pair[0], version: pair[1]};
      return x.map(([held, incoming]) => m.accepts(p(held), p(incoming)));"""
    assert run(blank, "versions.js", code, cases) == [accepted for _, _, accepted in cases]


def test_pauses_grow_to_two_seconds_and_never_further(blank: Stage) -> None:
    pauses = run(blank, "versions.js", "return [0, 1, 2, 3, 4, 50, 5000].map((n) => m.backoff_ms(n, 1));")
    assert pauses == [200, 400, 800, 1600, 2000, 2000, 2000]
    assert run(blank, "versions.js", "return m.backoff_ms(9, 0);") == 1000


def test_times_are_said_in_the_sites_zone(blank: Stage) -> None:
    code = """m.useZone("Asia/Makassar");
      const at = "2026-11-03T00:05:09.000Z";
      return [m.timeOf(at), m.timeWithSeconds(at), m.dateOf(at), m.zoneName(), m.duration(59), m.duration(90),
        m.duration(3900), m.duration(20), m.range({from_s: 600, to_s: 900}), m.range({from_s: 60, to_s: 60}),
        m.stopwatch(277), m.stopwatch(3877)];"""
    assert run(blank, "clock.js", code) == [
        "08.05", "08.05.09", "Selasa, 3 November 2026", "WITA", "1 menit", "2 menit",
        "1 jam 5 menit", "kurang dari 1 menit", "10–15 menit", "1 menit", "04.37", "1.04.37",
    ]  # fmt: skip


def test_english_times_and_plurals(blank: Stage) -> None:
    code = """const text = await import("/shared/text.js"); text.setLanguage("en"); m.useZone("Asia/Jayapura");
      return [m.timeOf("2026-11-03T00:05:09.000Z"), m.zoneName(), m.duration(60), m.duration(120)];"""
    assert run(blank, "clock.js", code) == ["09:05", "WIT", "1 minute", "2 minutes"]


def test_a_practice_clocks_rate_is_measured_not_guessed(blank: Stage) -> None:
    code = """const at = (s) => new Date(Date.UTC(2026, 10, 3) + s * 1000).toISOString();
      m.observe(at(0), true, 0); m.observe(at(30), true, 100); const early = m.clockRate();
      m.observe(at(600), true, 10000);
      return [early, m.clockRate(), (m.now_ms(11000) - Date.UTC(2026, 10, 3)) / 1000];"""
    assert run(blank, "clock.js", code) == [1, 60, 660]


def test_the_screens_own_clock_plays_no_part(blank: Stage) -> None:
    code = """m.observe("2026-11-03T00:00:00.000Z", false, 5000); Date.now = () => 0;
      return new Date(m.now_ms(8000)).toISOString();"""
    assert run(blank, "clock.js", code) == "2026-11-03T00:00:03.000Z"


def test_text_falls_back_and_fills(blank: Stage) -> None:
    code = """const values = [m.t("common.minutes", {n: 3}), m.t("nobody.wrote"), m.named({id: "Satu", en: "One"})];
      m.setLanguage("en"); const refused = m.setLanguage("xx");
      return [...values, m.named({id: "Satu", en: "One"}), m.named({id: "Satu"}), m.named("Dua"), refused, m.language()];"""
    assert run(blank, "text.js", code) == ["3 menit", "nobody.wrote", "Satu", "One", "Satu", "Dua", False, "en"]


def test_a_refusal_is_said_in_words(blank: Stage) -> None:
    code = """const title = "Layanan sedang tutup.";
      return [m.problem({status: 409, body: {code: "closed", title}}), m.problem({status: 0, body: null}),
        m.problem({status: 502, body: null})];"""
    said = run(blank, "text.js", code)
    assert said[0] == "Layanan sedang tutup."
    assert said[1].startswith("Server belum menjawab")
    assert said[2].startswith("Permintaan belum berhasil")


def test_markup_in_a_name_stays_text(blank: Stage) -> None:
    code = """const node = m.el("p", {data: {name: x}}, x); document.body.append(node);
      return [node.textContent, node.children.length, node.dataset.name];"""
    nasty = "<img src=x onerror=alert(1)>\u202e&amp;\x07"
    assert run(blank, "dom.js", code, nasty) == [nasty, 0, nasty]


def test_a_short_word_with_a_hyphen_is_kept_whole_and_reads_the_same(blank: Stage) -> None:
    """Planted: a hyphen of another kind in the text; a long word that cannot break -> red."""
    code = "const node = m.el('p', {}, m.whole(x)); return [node.textContent, [...node.children].map((one) => one.textContent)];"
    for text, kept in {
        "Cetak KTP-el (e-KTP) – <b>": ["KTP-el", "e-KTP"], "undang-undang pajak": [], "": [], "-": [],
    }.items():
        assert run(blank, "dom.js", code, text) == [text, kept]


def test_replace_keeps_the_focus_by_name(blank: Stage) -> None:
    code = """const make = () => [m.el("button", {data: {focus: "a"}}, "a"), m.el("button", {data: {focus: "b"}}, "b")];
      const home = m.el("div", {}); document.body.append(home); m.replace(home, make());
      home.lastChild.focus(); m.replace(home, make()); return document.activeElement.dataset.focus;"""
    assert run(blank, "dom.js", code) == "b"


def test_a_zones_ink_reads_on_its_colour(blank: Stage) -> None:
    inks = {"#1D4ED8": "#ffffff", "#FFE066": "#000000", "#15803D": "#ffffff", "red;x": "#ffffff"}
    got = run(blank, "zone.js", "return x.map((one) => m.zoneCss(one)['--zone-ink']);", list(inks))
    assert got == list(inks.values())


def test_an_act_is_tried_again_with_the_same_key(blank: Stage) -> None:
    answers = [None, (503, {"code": "storage_unavailable"}), (201, {"id": 1})]
    blank.answer = lambda *_: answers.pop(0)
    got = run(blank, "http.js", "return m.post('/api/v1/tickets', {service: 'A'}, {key: 'k1'});")
    assert (got["ok"], got["status"], got["body"]) == (True, 201, {"id": 1})
    assert [headers["idempotency-key"] for _, _, headers in blank.posts] == ["k1"] * 3


def test_what_has_no_key_is_sent_once(blank: Stage) -> None:
    blank.answer = lambda *_: None
    got = run(blank, "http.js", "return m.post('/api/v1/login', {});")
    assert (got["ok"], got["status"], len(blank.posts)) == (False, 0, 1)


def test_a_refusal_is_not_tried_again(blank: Stage) -> None:
    blank.answer = lambda *_: (409, {"code": "closed"})
    assert run(blank, "http.js", "return m.post('/api/v1/tickets', {}, {key: 'k'});")["status"] == 409
    assert len(blank.posts) == 1


def test_keys_differ(blank: Stage) -> None:
    keys = run(blank, "http.js", "return Array.from({length: 200}, m.newKey);")
    assert len(set(keys)) == 200
    assert all(len(key) == 32 for key in keys)


def test_nothing_is_redrawn_under_a_finger_or_an_open_list(blank: Stage) -> None:
    code = """const turn = () => new Promise((done) => setTimeout(done, 0));
      const told = [];
      for (const [kind, end] of [["button", "pointerup"], ["select", "change"]]) {
        const region = document.createElement("div");
        document.body.append(region);
        const draw = () => document.createElement(kind);
        m.redraw(region, 1, draw);
        const first = region.firstChild;
        first.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true }));
        if (kind === "select") first.dispatchEvent(new PointerEvent("pointerup", { bubbles: true }));
        await turn();
        m.redraw(region, 2, draw);
        const kept = region.firstChild === first;
        first.dispatchEvent(new Event(end, { bubbles: true }));
        await turn();
        told.push([kept, region.firstChild !== first]);
      }
      return told;"""
    assert run(blank, "redraw.js", code) == [[True, True], [True, True]]
