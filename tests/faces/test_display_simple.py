"""The display for old TVs: ES5 and nothing newer, and what it says is what was called.

Planted, each seen red and taken out: an arrow function in announcer.js; `fetch` in the poller;
`gap` in simple.css; the key in the address of a request; a key of the remote that cuts a call and leaves the next ones
waiting for a minute; a clock that stays where the TV's own clock jumped; the prompt for sound over
the loket; a long number in the size of a short one; the first of what stands at the foot alone.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest
from calmjs.parse import es5
from flask import request
from playwright.sync_api import Page, Request, expect

from server.ops.bench.pretend import PRETEND
from tests.faces import hall
from tests.faces.old_tv import WITHOUT
from tests.faces.stage import Stage, stage_app

ROOM = "display:TV1"
START = "2026-11-03T00:30:00.000Z"
#: so often the browser is asked for a word before an answer is taken for lost
ANSWERED_WITHIN_LOOKS = 500
#: names of the browser that a TV of 2017 may not have
NEWER = re.compile(
    r"\b(fetch|WebSocket|EventSource|Promise|Map|Set|WeakMap|Symbol|Proxy|Intl|URLSearchParams|AbortController|AudioContext)\b"
    r"|\.(includes|startsWith|endsWith|padStart|replaceAll|find|findIndex|flatMap|closest|append|remove|classList|dataset|assign|from)\("
)
FLEX_AND_GRID = re.compile(r"var\(|--[a-z]|\bgap\b|display:\s*(grid|flex)|\b(clamp|min|max)\(|aspect-ratio|inset")


def sent(path: str) -> str:
    return stage_app().test_client().get(path).text


@pytest.fixture(scope="module")
def script() -> str:
    """The one script of the page, as a TV gets it."""
    [address] = re.findall(r'<script src="([^"]+)"', sent("/display/TV1/simple"))
    return sent(address)


def test_the_page_s_script_is_es5(script: str) -> None:
    es5(script)
    without_remarks = "\n".join(line for line in script.splitlines() if not line.lstrip().startswith(("//", "*", "/*")))
    assert NEWER.findall(re.sub(r'"[^"]*"', '""', without_remarks)) == []


def test_the_page_needs_no_newer_markup_or_style() -> None:
    page = sent("/display/TV1/simple")
    assert "module" not in page
    [sheet] = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    assert FLEX_AND_GRID.findall(re.sub(r"/\*.*?\*/", "", sent(sheet), flags=re.DOTALL)) == []


class Hall:
    """What the server of one simple page says; `lost` answers are dropped, `old` views are given again."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.calls, self.version, self.epoch = stage, list[dict[str, Any]](), 0, "e1"
        self.display: dict[str, Any] = {}
        self.more: dict[str, Any] = {}
        self.lost: Callable[[], bool] = lambda: False
        self.reports: list[dict[str, Any]] = []
        self.keys: set[str | None] = set()
        self.urls: list[str] = []
        stage.answer = self.answer
        stage.page.on("request", lambda asked: self.urls.append(asked.url))
        self.tell()

    def call(self, number: str, audio: bool = True, **more: Any) -> None:
        call_id = self.version + 1
        sounds = {"audio": {"full": f"/audio/{call_id}-full.wav", "short": f"/audio/{call_id}-short.wav"}} if audio else {}
        self.calls.append(hall.call(call_id, number, at=START, **sounds, **more))
        self.tell()

    def tell(self) -> dict[str, Any]:
        self.version += 1
        data = hall.display(self.calls[-12:])
        data["display"].update({"beat_s": 1, **self.display})
        data.update(self.more)
        return self.stage.set(ROOM, data, self.version, epoch=self.epoch, at=START)

    def answer(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, Any] | None:
        self.keys.add(headers.get("x-mpp-key"))
        if self.lost():
            return None
        if path.endswith("/report"):
            self.reports.append(body)
            return 200, {"written": [row["call_id"] for row in body["spoken"]], "unknown": [], "speaks": True}
        epoch, _, seq = request.args.get("after", "").rpartition("-")
        items = [row for row in self.calls if row["call_id"] > (int(seq) if epoch == self.epoch else 0)]
        return 200, {"items": items, "next": f"{self.epoch}-{self.calls[-1]['call_id'] if self.calls else 0}", "epoch": self.epoch}

    @property
    def said(self) -> list[str]:
        told = self.stage.page.locator("html").get_attribute("data-said") or ""
        return [word for word in told.split() if word != "chime"]


@pytest.fixture
def simple(stage: Stage) -> Hall:
    stage.page.clock.install(time=START)
    stage.page.add_init_script(PRETEND)
    made = Hall(stage)
    stage.open("/display/TV1/simple?key=geheim")
    stage.hold()
    settle(stage.page, 3)
    return made


def settle(page: Page, seconds: int) -> None:
    """The page's clock moves on; what it asked meanwhile is answered before it moves again."""
    asked: set[Request] = set()

    def begun(one: Request) -> None:
        asked.add(one)

    def ended(one: Request) -> None:
        asked.discard(one)

    page.on("request", begun)
    for over in ("requestfinished", "requestfailed"):
        page.on(over, ended)
    for _ in range(seconds * 2):
        page.clock.run_for(500)
        for _ in range(ANSWERED_WITHIN_LOOKS):
            if not page.evaluate("window.__asked || 0") and not asked:
                break
    for name, heard in (("request", begun), ("requestfinished", ended), ("requestfailed", ended)):
        page.remove_listener(name, heard)


def spoken_ids(said: list[str]) -> list[int]:
    return [int(word.split("-")[0]) for word in said]


def test_notices_and_what_is_closed_take_turns_at_the_foot(simple: Hall) -> None:
    closed = {"gerai_name": "Dukcapil", "gerai": "DKC", "service_name": None, "reason": "gerai_closed", "why": "Listrik padam $&"}
    hall_wide = {**closed, "gerai": None, "gerai_name": None, "why": "Upacara"}
    simple.more = {"notices": ["Parkir pindah"], "closures": [hall_wide, closed, {**closed, "service_name": "KTP-el", "reason": "service_closed"}]}
    simple.tell()
    settle(simple.stage.page, 3)
    told = set()
    for _ in range(20):  # each stands for ten seconds
        told.add(simple.stage.page.locator("#notices").inner_text())
        settle(simple.stage.page, 4)
    assert told == {
        "Parkir pindah", "Semua layanan tutup hari ini: Upacara", "Dukcapil – Gerai ini tidak melayani hari ini: Listrik padam $&",
        "Dukcapil, KTP-el – Layanan ini tidak dibuka hari ini: Listrik padam $&",
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_lost_folded_and_repeated_answers_say_every_call_once_in_order(simple: Hall, seed: int) -> None:
    chance = random.Random(seed)
    simple.lost = lambda: chance.random() < 0.3
    for n in range(12):
        simple.call(f"B-{n:03}")
        if chance.random() < 0.6:
            settle(simple.stage.page, chance.randint(1, 5))
    simple.lost = lambda: False
    settle(simple.stage.page, 60)
    assert spoken_ids(simple.said) == [row["call_id"] for row in simple.calls]
    assert {word.split("-")[1] for word in simple.said} == {"full", "short"}
    told = [row["call_id"] for report in simple.reports for row in report["spoken"]]
    assert set(told) == set(spoken_ids(simple.said))


def test_more_calls_than_a_view_holds_are_all_said(simple: Hall) -> None:
    for n in range(20):
        simple.call(f"B-{n:03}")
    settle(simple.stage.page, 80)
    assert spoken_ids(simple.said) == [row["call_id"] for row in simple.calls]


def test_forbidden_sound_asks_for_a_key_and_counts_as_locked(simple: Hall) -> None:
    page = simple.stage.page
    page.evaluate("__mode = 'forbid'")
    simple.call("B-001")
    settle(page, 6)
    expect(page.locator("#unlock")).to_have_text("Tekan OK pada remote untuk menyalakan suara")
    expect(page.locator("#unlock")).to_be_visible()
    for size in ((1920, 1080), (1080, 1920), (1366, 768)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        prompt, where = page.locator("#unlock").bounding_box(), page.locator("#gerai").bounding_box()
        assert prompt and where and where["y"] + where["height"] <= prompt["y"], "number and loket can be read"
    assert simple.reports[-1]["audio"] == "locked"
    page.evaluate("__mode = 'ok'")
    page.keyboard.press("Enter")
    settle(page, 5)
    expect(page.locator("#unlock")).to_be_hidden()
    assert simple.reports[-1]["audio"] == "ok"


@pytest.mark.parametrize("mode", ["error", "endless"])
def test_a_recording_that_fails_or_never_ends_becomes_a_chime_and_the_next_is_tried(simple: Hall, mode: str) -> None:
    page = simple.stage.page
    page.evaluate(f"__mode = '{mode}'")
    simple.call("B-001")
    settle(page, 20)
    assert (simple.stage.page.locator("html").get_attribute("data-said") or "").split()[-2:] == ["2-full", "chime"]
    assert simple.reports[-1]["audio"] == "chime"
    page.evaluate("__mode = 'ok'")
    simple.call("B-002")
    settle(page, 14)
    assert simple.said[-1] == "3-full"
    assert simple.reports[-1]["audio"] == "ok"


def test_a_key_pressed_while_a_call_sounds_again_does_not_cut_it(simple: Hall) -> None:
    page = simple.stage.page
    page.evaluate("__mode = 'dead'")
    simple.call("B-001")
    settle(page, 8)
    expect(page.locator("#unlock")).to_be_visible()
    page.evaluate("__mode = 'ok'")
    simple.call("B-002")
    simple.call("B-003")
    settle(page, 3)
    page.keyboard.press("Enter")
    settle(page, 10)
    assert spoken_ids(simple.said) == [2, 3, 4]
    assert {3, 4} <= {row["call_id"] for report in simple.reports for row in report["spoken"]}


def test_the_longest_number_stays_in_its_box(simple: Hall) -> None:
    page = simple.stage.page
    simple.call("PTSP-0123")
    settle(page, 2)
    for size in ((1920, 1080), (1080, 1920), (1366, 768)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate("document.getElementById('number').scrollWidth <= document.getElementById('call').clientWidth")


def test_the_hall_s_time_is_right_again_after_the_tv_set_its_own_clock(simple: Hall) -> None:
    simple.stage.page.clock.set_system_time("2026-11-05T09:11:00.000Z")
    settle(simple.stage.page, 2)
    simple.call("B-001")
    settle(simple.stage.page, 2)
    expect(simple.stage.page.locator("#clock")).to_have_text("08.30 WITA")
    simple.stage.stuck = True
    settle(simple.stage.page, 3)
    expect(simple.stage.page.locator("#stale")).to_contain_text("Penyimpanan server sedang bermasalah")
    simple.stage.stuck = False
    settle(simple.stage.page, 3)
    expect(simple.stage.page.locator("#stale")).to_be_hidden()


def test_another_epoch_a_deputy_a_test_sound_and_a_bad_key(simple: Hall) -> None:
    page = simple.stage.page
    simple.call("B-001")
    settle(page, 6)
    simple.display = {"speaks": False, "shared": True, "commands": [{"id": 90, "do": "test_sound", "at": START}]}
    simple.call("B-002")
    settle(page, 8)
    assert page.locator("html").get_attribute("data-said") == "2-full chime"
    simple.display["speaks"] = True
    simple.tell()
    settle(page, 8)
    assert simple.said == ["2-full", "3-full"], "what nobody spoke is spoken by who takes over; no command twice"
    simple.epoch, simple.calls, simple.version = "e2", [], 1
    simple.call("A-001")
    settle(page, 8)
    assert simple.said == ["2-full", "3-full", "2-full"]
    expect(page.locator("#number")).to_have_text("A-001")
    simple.stage.answer = lambda *_: (401, {"code": "unauthenticated"})
    settle(page, 3)
    expect(page.locator("#stale")).to_contain_text("Kunci halaman ini tidak berlaku lagi")
    assert simple.keys == {"geheim"}
    assert [url for url in simple.urls if "geheim" in url] == ["http://mpp.test/display/TV1/simple?key=geheim"]


def test_it_runs_with_what_a_tv_of_2017_has(stage: Stage) -> None:
    """In real time, for nothing of the page may be asked but what stands on it."""
    stage.page.add_init_script(PRETEND.replace("__length_s = 3", "__length_s = 0.1") + WITHOUT)
    told = Hall(stage)
    told.call("B-007", recall=True, count=2)
    stage.open("/display/TV1/simple?key=geheim")
    expect(stage.page.locator("#number")).to_have_text("B-007")
    expect(stage.page.locator("#recall")).to_have_text("Panggilan ke-2")
    expect(stage.page.locator("#clock")).to_have_text("08.30 WITA")
    told.call("B-008")
    expect(stage.page.locator("#number")).to_have_text("B-008")
    expect(stage.page.locator("html")).to_have_attribute("data-said", re.compile("3-full"))
    expect(stage.page.locator("#recent li").first).to_contain_text("B-007")
