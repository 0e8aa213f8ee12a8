"""What a sound group says is the truth, whatever the network and the displays do: by property, in the
page's own modules and in virtual time (group_model.js), for every seed one hall.

Planted, each seen red and taken out: the turn not asked for before a sound; a sound that goes on
without leave; calls shown in silence forgotten by who takes over; what another spoke not settled;
a report's answer believed from its arrival on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.faces.stage import Stage

MODEL = (Path(__file__).parent / "group_model.js").read_text("utf-8")
START = "2026-11-03T00:30:00.000Z"

# One call or several at one instant, about every `gap` s; then what fails, and when.
PLAY = """async ([seeds, plan]) => {
  window.halls = await Promise.all(seeds.map(async (seed) => {
    const hall = await hallOf(seed, plan);
    let at = 3000;
    for (let n = 0; n < plan.calls; n += 1) {
      at += hall.random() < 0.25 ? 0 : hall.between(500, plan.gap);
      setTimeout(hall.call, at);
    }
    const [first] = hall.screens;
    for (const [what, from, to] of plan.fails) {
      const begin = from + hall.between(0, 6000);
      if (what === "kill") setTimeout(() => hall.kill(first), begin);
      if (what === "cut") {
        setTimeout(() => (first.isLinked = false), begin);
        setTimeout(() => (first.isLinked = true), begin + to);
      }
      if (what === "error" || what === "locked") {
        setTimeout(() => (first.audio = what), begin);
        setTimeout(() => (first.audio = "ok"), begin + to);
      }
      if (what === "server") {
        setTimeout(() => hall.set(false), begin);
        setTimeout(() => hall.set(true), begin + to);
      }
    }
    return hall;
  }));
}"""
TOLD = "halls.map((hall) => ({ calls: hall.calls.map((call) => call.call_id), log: hall.log, turn: hall.turn() }))"


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Any:
    context = chromium.new_context()
    found = context.new_page()
    found.clock.install(time=START)
    stage = Stage(found)
    stage.open("/blank")
    found.evaluate("() => {" + MODEL.replace("export async function hallOf", "window.hallOf = async function") + "}")
    yield found
    context.close()


def played(page: Any, seeds: range, seconds: int = 150, **plan: Any) -> list[dict[str, Any]]:
    """Each seed's hall after so much virtual time: its calls, what was announced, whose turn it is."""
    whole = {"displays": 2, "loss": 0.15, "lost": 0, "endless": 0, "calls": 12, "gap": 9000, "fails": [], **plan}
    page.evaluate(PLAY, [list(seeds), whole])
    for _ in range(seconds // 5):
        page.clock.run_for(5000)
    told: list[dict[str, Any]] = page.evaluate(TOLD)
    assert all(len(hall["calls"]) == whole["calls"] for hall in told)
    return told


def over_each_other(log: list[dict[str, Any]]) -> list[tuple[Any, Any]]:
    rows = sorted(log, key=lambda row: row["at"])
    return [
        (one["call"], other["call"])
        for one, other in zip(rows, rows[1:], strict=False)
        if one["end"] is None or other["at"] < one["end"]
    ]


def whole(log: list[dict[str, Any]]) -> list[int]:
    return [row["call"] for row in log if row["isWhole"]]


@pytest.mark.parametrize("displays", [1, 2, 3])
def test_duplicated_delayed_reordered_folded_and_lost_views_say_each_call_once_in_order(page: Any, displays: int) -> None:
    for hall in played(page, range(1, 4), displays=displays, loss=0.3):
        assert [row["call"] for row in hall["log"]] == hall["calls"]
        assert {row["by"] for row in hall["log"]} == {"TV1"}
        assert over_each_other(hall["log"]) == []


@pytest.mark.parametrize(
    "fails",
    [
        [["kill", 10000, 0]],
        [["cut", 10000, 20000]],
        [["cut", 8000, 2500], ["cut", 30000, 6000]],
        [["error", 10000, 15000]],
        [["locked", 5000, 30000], ["cut", 50000, 8000]],
        [["server", 12000, 7000]],
        [["server", 12000, 5000], ["cut", 12000, 20000], ["error", 60000, 5000]],
    ],
    ids=lambda fails: "+".join(f[0] for f in fails),
)
def test_speaker_and_deputy_failing_at_each_step(page: Any, fails: list[Any]) -> None:
    """Nothing is lost, nothing is said over another, and no more is begun twice than was broken off."""
    for hall in played(page, range(10, 13), fails=fails, loss=0.05, lost=0.03):
        log = hall["log"]
        assert over_each_other(log) == [], log
        assert sorted(set(whole(log))) == hall["calls"], log
        again = [one for one in hall["calls"] if [row["call"] for row in log].count(one) > 1]
        assert len(again) <= 2 * len(fails), log
        assert len(whole(log)) - len(set(whole(log))) <= len(fails), log
        if fails[0][0] != "kill":
            assert hall["turn"] == "TV1", "back with the first when it is well"


def test_audio_that_never_ends_delays_the_next_call_and_no_more(page: Any) -> None:
    for hall in played(page, range(20, 22), displays=1, endless=0.4, seconds=200):
        assert [row["call"] for row in hall["log"]] == hall["calls"]
        assert over_each_other(hall["log"]) == []
