"""The display's page with recordings, in a sound group, under commands; its view stream by chance.

Planted, each seen red and taken out: a sound begun without leave after a sleep; the set of calls dealt
with not bounded; a video's sound back while the TV beside it still speaks; a video that does not follow the volume.
"""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from playwright.sync_api import expect

from server.ops.bench.pretend import PRETEND
from tests.faces import hall
from tests.faces.stage import Stage
from tests.waiting import wait_for

ROOM = "display:TV1"
START = "2026-11-03T00:30:00.000Z"
LATER = "2026-11-03T00:30:02.000Z"


class Tv:
    """The page TV1 with the calls of its hall; `own` is what its view says of itself."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.page = stage, stage.page
        self.calls: list[dict[str, Any]] = []
        self.own: dict[str, Any] = {"beat_s": 1}
        self.version, self.epoch, self.speaks = 1, "e1", True
        stage.answer = lambda *_: (200, {"written": [], "unknown": [], "speaks": self.speaks})
        stage.page.clock.install(time=START)
        stage.page.add_init_script(PRETEND)
        self.made()
        stage.open("/display/TV1")
        expect(stage.page.locator("#current")).to_contain_text("Belum ada panggilan")
        stage.hold()
        self.settle(1)

    def made(self, at: str = LATER) -> dict[str, Any]:
        """The truth now, as a view."""
        data = hall.display(self.calls[-12:])
        data["display"].update(self.own)
        return self.stage.set(ROOM, data, self.version, epoch=self.epoch, at=at)

    def call(self, number: str, **more: Any) -> dict[str, Any]:
        self.version += 1
        audio = {kind: f"/audio/{self.version}-{kind}.wav" for kind in ("full", "short")}
        self.calls.append(hall.call(self.version, number, at="2026-11-03T00:30:01.000Z", audio=audio, **more))
        return self.made()

    def tell(self, **own: Any) -> None:
        self.version += 1
        self.own.update(own)
        self.stage.push(self.made())

    def settle(self, seconds: int) -> None:
        self.stage.settle(seconds)

    @property
    def said(self) -> list[str]:
        return (self.page.locator("html").get_attribute("data-said") or "").split()

    @property
    def report(self) -> dict[str, Any]:
        return [body for path, body, _ in self.stage.posts if path.endswith("/report")][-1]


@pytest.fixture
def tv(stage: Stage) -> Tv:
    return Tv(stage)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_stream_duplicated_delayed_reordered_folded_and_cut_says_the_truth(tv: Tv, seed: int) -> None:
    chance, views = random.Random(seed), [tv.made()]
    for n in range(12):
        views.append(tv.call(f"B-{n:03}"))
        what = chance.choice(["send", "send", "twice", "older", "fold", "cut"])
        if what in ("send", "twice") and tv.stage.socket:
            for _ in range(2 if what == "twice" else 1):
                tv.stage.push(views[-1])
        elif what == "older" and tv.stage.socket:
            for view in (views[-1], chance.choice(views)):
                tv.stage.push(view)
        elif what == "cut":
            tv.stage.cut()
        tv.settle(chance.randint(0, 4))
    if tv.stage.socket:
        tv.stage.pulse(ROOM, at=LATER)
    tv.settle(50)
    assert [int(word.split("-")[0]) for word in tv.said] == [row["call_id"] for row in tv.calls]


def test_with_more_than_two_waiting_the_short_form_and_none_dropped(tv: Tv) -> None:
    for n in range(5):
        tv.call(f"B-{n:03}")
    tv.stage.push(tv.made())
    tv.settle(25)
    assert tv.said == ["2-short", "3-short", "4-short", "5-full", "6-full"]


def test_the_recordings_of_the_next_three_calls_are_asked_for_and_no_more(tv: Tv) -> None:
    """Of ten that come at once: a screen that woke in a rush fetched two for each. Planted: `near` is all of them -> red."""
    asked: list[str] = []
    tv.page.on("request", lambda one: asked.append(one.url.rpartition("/")[2]) if "/audio/" in one.url else None)
    for n in range(10):
        tv.call(f"B-{n:03}")
    tv.stage.push(tv.made())
    tv.settle(1)
    wait_for(lambda: tv.page.evaluate("1") and len(asked) >= 6, 20, "the recordings to be asked for")
    tv.settle(1)
    assert sorted(asked) == sorted(f"{at}-{kind}.wav" for at in (3, 4, 5) for kind in ("full", "short"))


@pytest.mark.parametrize("mode", ["error", "endless"])
def test_a_recording_that_fails_or_never_ends_rings_and_the_next_is_tried(tv: Tv, mode: str) -> None:
    tv.page.evaluate(f"__mode = '{mode}'")
    tv.stage.push(tv.call("B-001"))
    tv.settle(14)
    assert tv.report["audio"] == "chime"
    assert [row["call_id"] for row in tv.report["spoken"]] == [2], "the chime was heard"
    expect(tv.page.locator("#sound")).to_have_text("Suara panggilan gagal diputar; hanya bel yang berbunyi")
    tv.page.evaluate("__mode = 'ok'")
    tv.stage.push(tv.call("B-002"))
    tv.settle(6)
    assert (tv.said[-1], tv.report["audio"]) == ("3-full", "ok")


def test_a_server_killed_in_mid_announcement_is_waited_for_and_the_call_said_whole(tv: Tv) -> None:
    """In a group the page falls silent, for its deputy may begin; alone it goes on."""
    tv.tell(shared=True)
    tv.settle(2)
    tv.page.evaluate("__length_s = 8")
    tv.stage.push(tv.call("B-001"))
    tv.settle(2)
    tv.stage.down = True
    tv.stage.cut()
    tv.settle(8)
    assert tv.said == ["3-full"]
    assert all(row["spoken"] == [] for path, row, _ in tv.stage.posts if path.endswith("/report"))
    tv.stage.down = False
    tv.settle(14)
    assert tv.said == ["3-full", "3-full"]
    assert [row["call_id"] for row in tv.report["spoken"]] == [3]


def test_alone_it_needs_no_leave(tv: Tv) -> None:
    tv.page.evaluate("__length_s = 8")
    tv.stage.push(tv.call("B-001"))
    tv.settle(2)
    tv.stage.down = True
    tv.stage.cut()
    tv.settle(10)
    tv.stage.down = False
    tv.settle(6)
    assert tv.said == ["2-full"]
    assert [row["call_id"] for row in tv.report["spoken"]] == [2]


def test_a_page_that_was_frozen_begins_nothing_before_it_has_leave_again(tv: Tv) -> None:
    tv.tell(shared=True)
    tv.settle(2)
    tv.call("B-001")
    tv.stage.push(tv.call("B-002"))
    tv.settle(1)
    tv.speaks = False  # meanwhile another was let to speak
    tv.page.clock.fast_forward(20000)
    tv.settle(3)
    assert tv.said == ["3-full"]
    for row in tv.calls:
        row["spoken"] = True
    tv.tell(speaks=False)
    tv.settle(10)
    tv.speaks = True
    tv.tell(speaks=True)
    tv.stage.push(tv.call("B-003"))
    tv.settle(8)
    assert tv.said == ["3-full", "7-full"]


def test_who_takes_over_says_what_nobody_spoke_and_no_more(tv: Tv) -> None:
    tv.tell(speaks=False, deputy=True, shared=True)
    tv.call("B-001", spoken=True)
    tv.stage.push(tv.call("B-002"))
    tv.settle(10)
    assert tv.said == []
    tv.tell(speaks=True)
    tv.settle(8)
    assert tv.said == [f"{tv.calls[1]['call_id']}-full"]
    tv.tell(speaks=False)
    tv.tell(speaks=True)
    tv.settle(8)
    assert len(tv.said) == 1


def test_another_epoch_in_mid_announcement_forgets_the_old_ids(tv: Tv) -> None:
    tv.stage.push(tv.call("B-001"))
    tv.settle(1)
    tv.epoch, tv.version, tv.calls = "e2", 1, []
    tv.stage.push(tv.call("A-001"))
    tv.settle(12)
    assert tv.said == ["2-full", "2-full"], "the same id is another call now"


def test_commands_are_done_once_and_not_again_after_a_reload(tv: Tv) -> None:
    tv.tell(volume=40)
    order = {"id": 50, "do": "reload", "at": LATER}
    loads = []
    tv.page.on("load", lambda: loads.append(1))
    tv.tell(commands=[order])
    tv.settle(2)
    expect(tv.page.locator("#current")).to_contain_text("Belum ada panggilan")
    tv.settle(3)
    assert len(loads) == 1
    heard = "window.rings = 0; const Own = OscillatorNode; window.OscillatorNode = class extends Own { start(at) { rings += 1; super.start(at); } }"
    tv.page.evaluate(f"() => {{ {heard} }}")
    tests = {"id": 60, "do": "test_sound", "at": LATER}
    tv.tell(commands=[order, tests])
    tv.tell(commands=[order, tests])
    tv.settle(4)
    assert tv.page.evaluate("rings") == 2
    assert len(loads) == 1
    tv.tell(volume=0)
    tv.settle(2)
    assert tv.report["audio"] == "muted"


def test_nothing_grows_over_5000_calls(stage: Stage) -> None:
    """Queues and sets of the modules both pages share; the pages' heaps are measured by `mpp bench --only hall`."""
    stage.open("/blank")
    found = stage.page.evaluate("""async () => {
      const { createOrder } = await import("/display/-/order.js");
      const { createMemory } = await import("/display/-/memory.js");
      const { createReport } = await import("/display/-/report.js");
      let kept = "", at = 0, said = 0;
      const memory = createMemory({ getItem: () => null, setItem: (_, text) => (kept = text) }, "x");
      const report = createReport({ state: () => ({ epoch: "e" }), post: () => {}, now: () => 0, at: () => "x", answered: () => {} });
      window.setTimeout = (act) => queueMicrotask(act);
      const order = createOrder({ memory, now: () => (at += 5000), begin: () => {}, idle: () => {}, command: () => {},
        play: (call, short, done) => (said += 1, queueMicrotask(() => done("ok"))), end: (call) => report.spoken(call) });
      const display = { speaks: true, shared: false, commands: [] };
      for (let id = 1; id <= 5000; id += 1) {
        order.take({ epoch: "e", data: { display, calls: [{ call_id: id, at: "2026-11-03T00:30:00Z" }] } },
          { live: true, now_ms: Date.parse("2026-11-03T00:30:00Z"), rate: 1 });
        await new Promise((resolve) => queueMicrotask(resolve));
      }
      for (let turn = 0; turn < 50000 && order.waiting().length; turn += 1) await null;
      return { said, dealt: memory.size(), kept: kept.length, waiting: order.waiting().length, unconfirmed: report.size() };
    }""")
    assert found["said"] >= 4999
    assert found["dealt"] <= 2000
    assert found["kept"] < 10000
    assert (found["waiting"], found["unconfirmed"]) == (0, 100), json.dumps(found)


def test_a_video_is_silent_as_long_as_the_tv_beside_it_speaks(tv: Tv) -> None:
    tv.page.evaluate("window.hushed = []; addEventListener('mpp:announcing', (event) => hushed.push(event.detail.on))")
    tv.tell(speaks=False, shared=True, deputy=True)
    tv.stage.push(tv.call("B-001"))
    tv.settle(10)
    assert tv.page.evaluate("hushed") == [True], "over here, and not yet there"
    tv.calls[0]["spoken"] = True
    tv.tell()
    tv.settle(2)
    assert tv.page.evaluate("hushed") == [True, False]
    tv.stage.push(tv.call("B-002"))
    tv.settle(2)
    tv.page.clock.run_for(60_000)
    tv.settle(1)
    assert tv.page.evaluate("hushed") == [True, False, True, False], "nobody tells of it: not for ever"
