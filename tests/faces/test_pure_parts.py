"""The rules of kiosk and display alone: the visit, the choice of calls, the announcer, memory.

Planted, each seen red and taken out: `busy` not looked at in `take`; the frozen body rebuilt for
a second try; `sort` and the announcer's queue left in order of arrival; a failing sound
ending the announcer; trouble looked at before `sent`; memory without a bound.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.faces.stage import Stage


@pytest.fixture(scope="module")
def one_page(chromium: Browser) -> Iterator[Stage]:
    page = chromium.new_page()
    yield Stage(page)
    page.close()


@pytest.fixture
def blank(one_page: Stage) -> Stage:
    one_page.open("/blank")
    return one_page


def run(stage: Stage, module: str, code: str) -> object:
    """Evaluate `code` (a function body over `m`, the module) in the page."""
    return stage.page.evaluate(f"async () => {{ const m = await import('{module}'); {code} }}")


VISIT = """
  const kept = {};
  const storage = { getItem: (key) => kept[key] ?? null, setItem: (key, value) => (kept[key] = value) };
  const sent = [], answers = [];
  let made = 0;
  const open = () => m.createVisit({ storage, name: "v", newKey: () => `k${++made}`, changed: () => {}, again_ms: 0,
    send: async (body, key) => { sent.push([key, JSON.stringify(body)]); return answers.shift() ?? { status: 0 }; } });
  const visit = open();
"""


def test_taps_while_one_is_on_its_way_send_nothing(blank: Stage) -> None:
    code = VISIT + """answers.push({ ok: true, status: 201, body: { number: "A-001" } });
      visit.toService("S", "G");
      await Promise.all(Array.from({ length: 10 }, () => visit.take("id")));
      return [sent, visit.state().screen];"""
    assert run(blank, "/kiosk/-/visit.js", code) == [[["k1", '{"service":"S","language":"id"}']], "result"]


def test_what_was_sent_never_changes_until_it_is_answered(blank: Stage) -> None:
    code = VISIT + """visit.toService("S", "G"); visit.choose("lansia"); await visit.take("id");
      visit.choose("hamil"); await visit.take("en");
      const later = open(); await later.resume("en");
      return [new Set(sent.map(String)).size, sent[0], later.state().refusal];"""
    assert run(blank, "/kiosk/-/visit.js", code) == [
        1, ["k1", '{"service":"S","language":"id","priority":"lansia"}'], {"unsure": True},
    ]  # fmt: skip


def test_a_refused_body_may_be_changed_under_the_same_key(blank: Stage) -> None:
    code = VISIT + """answers.push({ ok: false, status: 409, body: { code: "closed" } });
      visit.toService("S", "G"); await visit.take("id"); visit.choose("hamil");
      answers.push({ ok: true, status: 201, body: {} }); await visit.take("id");
      return sent.map(([key, body]) => [key, JSON.parse(body).priority ?? null]);"""
    assert run(blank, "/kiosk/-/visit.js", code) == [["k1", None], ["k1", "hamil"]]


def test_each_showing_of_a_service_has_its_own_key(blank: Stage) -> None:
    code = VISIT + """visit.toService("S", "G"); visit.toHome(); visit.toService("S", "G");
      answers.push({ ok: true, status: 201, body: {} }); await visit.take("id"); return sent[0][0];"""
    assert run(blank, "/kiosk/-/visit.js", code) == "k2"


def test_a_visit_of_yesterday_is_not_taken_up(blank: Stage) -> None:
    code = VISIT + """visit.toService("S", "G"); const old = JSON.parse(kept.v);
      const at = (ms) => { kept.v = JSON.stringify({ ...old, at: Date.now() + ms }); return open().state().screen; };
      return [at(-1000), at(-6 * 60000), at(60000), (kept.v = "{broken", open().state().screen)];"""
    assert run(blank, "/kiosk/-/visit.js", code) == ["service", "home", "home", "home"]


def test_lokets_are_said_short(blank: Stage) -> None:
    code = """return [["Loket 1", "Loket 2"], ["Loket 7"], ["Loket A", "Meja 2"], ["Loket 1", "Meja 2"], []].map(m.counters);"""
    assert run(blank, "/kiosk/-/words.js", code) == ["Loket 1, 2", "Loket 7", "Loket A, Meja 2", "Loket 1, Meja 2", ""]


def test_a_slip_that_was_sent_is_never_called_unprinted(blank: Stage) -> None:
    code = """const device = { printer: { code: "P1", state: "paper_out" } };
      const is = (state) => m.paper({ id: 1 }, [{ ticket: 1, printer: "P1", state }], device).is;
      return ["queued", "sent", "uncertain", "confirmed", "late"].map(is);"""
    assert run(blank, "/kiosk/-/words.js", code) == ["failed", "sent", "unsure", "done", "failed"]


def test_which_calls_are_fresh_and_which_only_old(blank: Stage) -> None:
    code = """const at = (s) => new Date(1e12 - s * 1000).toISOString();
      const calls = [[5, 29], [3, 31], [4, 10], [2, 5]].map(([call_id, age]) => ({ call_id, at: at(age) }));
      const ids = (found) => [found.fresh.map((one) => one.call_id), found.old.map((one) => one.call_id)];
      return [m.sort(calls, new Set(), { live: false, now_ms: 1e12 }), m.sort(calls, new Set(), { live: true, now_ms: 1e12 }),
        m.sort(calls, new Set([4, 5]), { live: false, now_ms: 1e12 }),
        m.sort(calls, new Set(), { live: false, now_ms: 1e12, rate: 60 })].map(ids);"""
    assert run(blank, "/display/-/calls.js", code) == [
        [[2, 4, 5], [3]], [[2, 3, 4, 5], []], [[2], [3]], [[2, 3, 4, 5], []],
    ]  # fmt: skip


ANNOUNCE = """
  const said = [], over = [], later = window.setTimeout;
  let sounding = 0, now = 0;
  const tick = () => new Promise((resolve) => later(resolve, 0));
  // Waits of the announcer are over at once, and its clock says how long they were.
  window.setTimeout = (act, ms) => later(() => { now += ms; act(); }, 0);
  const announcer = m.createAnnouncer({
    now: () => now, turn: () => "speak",
    play: (call, isShort, ended) => {
      if (call.fails) throw new Error("no sound");
      if (sounding++) over.push(call.call_id);
      later(() => { sounding -= 1; ended("ok"); }, 0);
      return () => undefined;
    },
    begin: () => {}, end: (call, state) => said.push([call.call_id, state]), idle: () => {},
  });
  const calls = (...ids) => ids.map((call_id) => ({ call_id, fails: call_id === 99 }));
  const done = async () => { for (let n = 0; n < 60; n += 1) await tick(); window.setTimeout = later; };
"""


def test_the_announcer_keeps_order_and_never_speaks_over_itself(blank: Stage) -> None:
    code = ANNOUNCE + """announcer.add(calls(5)); announcer.add(calls(9, 7)); announcer.add(calls(8, 7, 5));
      await done(); return [said.map(([id]) => id), over];"""
    assert run(blank, "/display/-/announcer.js", code) == [[5, 7, 8, 9], []]


def test_a_failing_sound_is_no_end(blank: Stage) -> None:
    code = ANNOUNCE + "announcer.add(calls(98, 99, 100)); await done(); return said;"
    assert run(blank, "/display/-/announcer.js", code) == [[98, "ok"], [99, "error"], [100, "ok"]]


def test_memory_is_bounded_and_belongs_to_an_epoch(blank: Stage) -> None:
    code = """const kept = {}; const storage = { getItem: (key) => kept[key] ?? null, setItem: (key, v) => (kept[key] = v) };
      const one = m.createMemory(storage, "x"); one.reset("e1"); for (let id = 0; id < 3000; id += 1) one.add(id);
      const two = m.createMemory(storage, "x");
      const same = two.reset("e1"), size = JSON.parse(kept.x).ids.length, last = two.has(2999), other = two.reset("e2");
      return [same, size, last, other, two.has(2999)];"""
    assert run(blank, "/display/-/memory.js", code) == [False, 1000, True, True, False]
