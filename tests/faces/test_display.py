"""The display's page: each call received live is sounded once, in order, never over another (P9).

The chime itself is counted by wrapping the browser's oscillators: the calls are the real page's.

Planted, each seen red and taken out: two fresh calls reduced to the newest; the age rule on live
calls too; the age rule left out on connect; a call remembered before its sound ended; memory not
kept over a reload; a second call begun while the first sounds; a display that does not speak
sounding; spoken calls told once only although no answer came; `serving` not looked at; permitted() always true.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.faces import hall
from tests.faces.stage import Stage
from tests.waiting import wait_for

ROOM = "display:TV1"
START = "2026-11-03T00:30:00.000Z"
LONG_AGO = "2026-11-03T00:20:00.000Z"

# Counts notes begun and ended; a note lasts as long as the real one, without a sound card.
EARS = """
  window.heard = { notes: 0, sounding: 0, over: 0, at: [] };
  window.OscillatorNode = class {
    constructor(context, options) { this.frequency = options.frequency; }
    connect(node) { return node; }
    start() {
      heard.notes += 1;
      if (this.frequency > 600) {
        if (heard.sounding) heard.over += 1;
        heard.sounding += 1;
        heard.at.push(document.querySelector(".big")?.textContent);
      }
    }
    stop() {
      setTimeout(() => {
        if (this.frequency > 600) heard.sounding -= 1;
        this.done?.();
      }, 900);
    }
    addEventListener(name, done) { this.done = done; }
  };
"""


@pytest.fixture
def display(stage: Stage) -> Stage:
    """The display TV1, on which B-010 was called ten minutes ago."""
    stage.page.clock.install(time=START)
    stage.page.add_init_script(EARS)
    stage.set(ROOM, hall.display([hall.call(1, "B-010", at=LONG_AGO)]))
    stage.open("/display/TV1")
    expect(stage.page.locator(".big")).to_have_text("B-010")
    stage.hold()
    return stage


def call_now(stage: Stage, version: int, *calls: dict[str, Any]) -> None:
    """Push a view with these calls beside the old one."""
    data = hall.display([hall.call(1, "B-010", at=LONG_AGO), *calls])
    stage.push(stage.set(ROOM, data, version, at="2026-11-03T00:30:02.000Z"))


def fresh(call_id: int, number: str, **changes: Any) -> dict[str, Any]:
    return hall.call(call_id, number, at="2026-11-03T00:30:01.000Z", **changes)


def heard(stage: Stage) -> dict[str, Any]:
    return stage.page.evaluate("heard")


def settle(stage: Stage, seconds: int = 12) -> None:
    """Let so much of the page's own time pass, in steps that let promises and answers through."""
    stage.settle(seconds)


def reports(stage: Stage) -> list[dict[str, Any]]:
    return [body for path, body, _ in stage.posts if path == "/displays/TV1/report"]


def test_an_old_call_is_shown_not_sounded(display: Stage) -> None:
    settle(display, 3)
    expect(display.page.locator("#current")).to_contain_text("Loket 2")
    expect(display.page.locator("#current")).to_contain_text("Zona Biru")
    assert heard(display)["notes"] == 0


def test_a_new_call_is_shown_and_sounded_once(display: Stage) -> None:
    call_now(display, 2, fresh(2, "B-011"))
    expect(display.page.locator(".big")).to_have_text("B-011")
    expect(display.page.locator(".call")).to_have_attribute("data-new", "true")
    settle(display)
    call_now(display, 3, fresh(2, "B-011"))
    settle(display, 2)
    assert heard(display) == {"notes": 2, "sounding": 0, "over": 0, "at": ["B-011"]}
    expect(display.page.locator(".call")).to_have_attribute("data-new", "false")


def test_calls_of_one_instant_follow_each_other_in_order(display: Stage) -> None:
    call_now(display, 2, fresh(5, "C-002"), fresh(3, "D-001"), fresh(4, "B-012"), fresh(2, "B-011"))
    settle(display, 20)
    assert heard(display)["at"] == ["B-011", "D-001", "B-012", "C-002"]
    assert heard(display)["over"] == 0
    expect(display.page.locator(".big")).to_have_text("C-002")


def test_a_call_that_comes_during_another_waits_for_its_end(display: Stage) -> None:
    call_now(display, 2, fresh(3, "B-012"))
    expect(display.page.locator(".big")).to_have_text("B-012")
    call_now(display, 3, fresh(3, "B-012"), fresh(4, "C-001"))
    settle(display, 1)
    expect(display.page.locator(".big")).to_have_text("B-012")
    expect(display.page.locator("#recent li").first).to_contain_text("C-001")
    settle(display)
    assert heard(display)["at"] == ["B-012", "C-001"]
    assert heard(display)["over"] == 0


def test_a_recall_rings_again_and_says_which_call_it_is(display: Stage) -> None:
    call_now(display, 2, fresh(2, "B-011"))
    settle(display)
    call_now(display, 3, fresh(2, "B-011"), fresh(3, "B-011", count=2, recall=True))
    settle(display)
    assert heard(display)["at"] == ["B-011", "B-011"]
    expect(display.page.locator("#current")).to_contain_text("Panggilan ke-2")
    expect(display.page.locator("#recent li")).to_have_count(1)


def test_a_reload_repeats_nothing_that_was_over(display: Stage) -> None:
    call_now(display, 2, fresh(2, "B-011"))
    settle(display)
    display.page.reload()
    expect(display.page.locator(".big")).to_have_text("B-011")
    settle(display, 3)
    assert heard(display)["notes"] == 0


def test_a_reload_in_the_middle_repeats_the_interrupted_call_only(display: Stage) -> None:
    call_now(display, 2, fresh(2, "B-011"))
    settle(display)
    call_now(display, 3, fresh(2, "B-011"), fresh(3, "B-012"))
    expect(display.page.locator(".big")).to_have_text("B-012")
    display.page.reload()
    expect(display.page.locator(".big")).to_have_text("B-012")
    settle(display)
    assert heard(display)["at"] == ["B-012"]


def test_after_a_loss_calls_older_than_30_s_are_shown_only(display: Stage) -> None:
    young = hall.call(3, "C-001", at="2026-11-03T00:30:50.000Z")
    old = hall.call(2, "B-011", at="2026-11-03T00:30:20.000Z")
    display.set(ROOM, hall.display([old, young]), 3, at="2026-11-03T00:31:00.000Z")
    display.cut()
    settle(display, 8)
    assert heard(display)["at"] == ["C-001"]
    expect(display.page.locator("#recent li").first).to_contain_text("B-011")


def test_a_late_live_call_is_sounded_however_old(display: Stage) -> None:
    call_now(display, 2, hall.call(2, "B-011", at=LONG_AGO))
    settle(display)
    assert heard(display)["at"] == ["B-011"]


def test_another_epoch_begins_with_an_empty_memory(display: Stage) -> None:
    call_now(display, 2, fresh(2, "B-011"))
    settle(display)
    display.push(display.set(ROOM, hall.display([fresh(2, "A-001")]), 2, epoch="e2", at="2026-11-03T00:30:20.000Z"))
    settle(display)
    assert heard(display)["at"] == ["B-011", "A-001"]


def test_a_display_that_does_not_speak_shows_in_silence(display: Stage) -> None:
    data = hall.display([fresh(2, "B-011"), fresh(3, "B-012")])
    data["display"]["speaks"] = False
    display.push(display.set(ROOM, data, 2))
    settle(display)
    expect(display.page.locator(".big")).to_have_text("B-012")
    assert heard(display)["notes"] == 0
    assert all(report["spoken"] == [] for report in reports(display))


def test_an_audio_device_that_hangs_does_not_stop_the_calls(display: Stage) -> None:
    display.page.evaluate("OscillatorNode.prototype.addEventListener = () => {}")
    call_now(display, 2, fresh(2, "B-011"), fresh(3, "B-012"))
    settle(display, 25)
    assert heard(display)["at"] == ["B-011", "B-012"]


def test_what_is_over_is_no_invitation(display: Stage) -> None:
    """Finished or missed: an earlier visitor who is still called stands large, else calm words; the list keeps the calls."""
    current = display.page.locator("#current")
    calls = [hall.call(1, "B-010", at=LONG_AGO), fresh(2, "B-011")]
    call_now(display, 2, calls[1])
    expect(current.locator(".big")).to_have_text("B-011")
    settle(display)
    display.push(display.set(ROOM, hall.display(calls, over=("B-011",)), 3))
    expect(current.locator(".big")).to_have_text("B-010")
    display.push(display.set(ROOM, hall.display(calls, over=("B-010", "B-011")), 4))
    expect(current).to_have_text("Menunggu panggilan")
    expect(display.page.locator("#recent .number")).to_have_text(["B-011", "B-010"])


def test_a_number_put_back_or_held_is_gone_at_once_until_it_is_called_again(display: Stage) -> None:
    """Even while it is being announced. Planted: the announced call always large; the list keeps what was set aside -> red."""
    big, listed = display.page.locator("#current .big"), display.page.locator("#recent .number")
    calls = [hall.call(1, "B-010", at=LONG_AGO), fresh(2, "B-011")]
    display.push(display.set(ROOM, hall.display(calls), 2))
    expect(big).to_have_text("B-011")
    display.push(display.set(ROOM, hall.display(calls, aside=("B-011",)), 3))
    expect(big).to_have_text("B-010")
    expect(display.page.locator(".call")).to_have_attribute("data-new", "false")
    expect(listed).to_have_count(0)
    display.push(display.set(ROOM, hall.display([*calls, fresh(3, "B-011")]), 4))
    # Its announcement waits for the end of the one before, whose sound loads in real time.
    wait_for(lambda: settle(display, 1) or big.inner_text().split() == ["B-011"], 20)
    expect(listed).to_have_text(["B-010"])


def test_forbidden_sound_asks_for_a_touch_and_the_next_call_sounds(stage: Stage) -> None:
    """Without a word on the console: what may not sound yet is not even tried."""
    stage.page.clock.install(time=START)
    stage.page.add_init_script(EARS + """
      let touched = false; // evaluate() of the test counts as a touch, so the real answer says nothing
      document.addEventListener("pointerdown", () => (touched = true), true);
      Object.defineProperty(UserActivation.prototype, "hasBeenActive", { get: () => touched });
      const allowed = () => touched;
      const [Context, play] = [window.AudioContext, HTMLMediaElement.prototype.play];
      window.AudioContext = class extends Context {
        constructor() { super(); if (!allowed()) console.warn("The AudioContext was not allowed to start."); }
      };
      HTMLMediaElement.prototype.play = function () {
        return allowed() ? play.call(this) : Promise.reject(new DOMException("", "NotAllowedError"));
      };
    """)
    stage.set(ROOM, hall.display([fresh(2, "B-011")]))
    stage.open("/display/TV1")
    expect(stage.page.locator("#sound")).to_have_text("Sentuh layar untuk mengaktifkan suara")
    settle(stage, 11)
    assert heard(stage)["notes"] == 0
    assert reports(stage)[-1]["audio"] == "locked"
    stage.page.locator("#sound").click()
    expect(stage.page.locator("#sound")).to_be_hidden()
    stage.push(stage.set(ROOM, hall.display([fresh(2, "B-011"), fresh(3, "B-012")]), 2))
    settle(stage)
    assert heard(stage)["at"] == ["B-012"]
    assert reports(stage)[-1]["audio"] == "ok"


def test_what_was_shown_and_spoken_is_reported(display: Stage) -> None:
    display.answer = lambda *_: (200, {"written": [2]})
    call_now(display, 2, fresh(2, "B-011"))
    settle(display, 11)
    last = reports(display)
    assert {"epoch": "e1", "shown_seq": 2, "audio": "ok", "visible": True}.items() <= last[-1].items()
    spoken = [one["call_id"] for report in last for one in report["spoken"]]
    assert spoken == [2]
    assert next(headers for path, _, headers in display.posts if "report" in path)["x-mpp-device"] == "TV1"


def test_a_call_is_told_again_until_it_is_written(display: Stage) -> None:
    call_now(display, 2, fresh(2, "B-011"))
    for answer in (None, (200, {"written": []}), (200, {"written": [2]})):
        display.answer, before = (lambda *_, answer=answer: answer), len(reports(display))
        settle(display, 11)
        told = [[one["call_id"] for one in report["spoken"]] for report in reports(display)[before:] if report["spoken"]]
        assert told and told[0] == [2]
    settle(display, 11)
    assert reports(display)[-1]["spoken"] == []


def test_a_stale_display_says_since_when(display: Stage) -> None:
    display.down = True
    display.cut()
    settle(display, 27)
    expect(display.page.locator("#stale")).to_contain_text("Tampilan belum diperbarui sejak 08.30.")
    display.down = False
    settle(display, 3)
    expect(display.page.locator("#stale")).to_be_hidden()


def test_a_display_says_that_nothing_can_be_stored(display: Stage) -> None:
    [room] = display.views
    display.stuck = True
    display.pulse(room)
    expect(display.page.locator("#stale")).to_have_text(
        "Penyimpanan server sedang bermasalah. Nomor dan panggilan tertunda; yang sudah tercatat tetap aman."
    )
    display.stuck = False
    display.pulse(room)
    expect(display.page.locator("#stale")).to_be_hidden()


def test_clock_date_waiting_and_practice_banner(display: Stage) -> None:
    expect(display.page.locator("#clock")).to_have_text("08.30 WITA")
    expect(display.page.locator("#date")).to_have_text("Selasa, 3 November 2026")
    expect(display.page.locator("#waiting li")).to_have_count(12)
    data = hall.display([])
    data["site"]["simulated"] = True
    display.push(display.set(ROOM, data, 2))
    expect(display.page.locator("#practice")).to_have_text("JAM SIMULASI")
    expect(display.page.locator("#current")).to_contain_text("Belum ada panggilan")
