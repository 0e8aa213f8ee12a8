"""The live view of a room, against a server that does what servers do at their worst.

P8: a screen never lies silently: live, or says since when not; after healing it equals the
server. The clock is the browser's own fake one; nothing here waits in real time for it.

Planted, each seen red and taken out: a limit of 35 s; a pulse ahead that asks for nothing; a
socket view taken after a sleep without asking; `live` true for the first view; the socket never
opened again after a loss; a 404 not taken for a refusal; the view of another room taken.
"""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.faces.stage import Stage
from tests.waiting import wait_for

ROOM = "display:TV1"
START = "2026-11-03T00:30:00.000Z"

FOLLOW = """async (room) => {
  const { connect } = await import("/shared/live.js");
  window.seen = { views: [], links: [] };
  window.feed = connect({ room, device: "TV1",
    onView: (view, how) => { seen.views.push([view.version, view.data.word, how.live]); show(); },
    onLink: (link) => { seen.links.push(link); show(); } });
  function show() {
    const link = seen.links.at(-1);
    document.title = [seen.views.length, seen.views.at(-1)?.[1], link ? (link.up ? "up" : "down") : "none"].join(" ");
  }
}"""


@pytest.fixture
def live(stage: Stage) -> Stage:
    """A page that follows ROOM and has shown version 1, the word "one"."""
    stage.page.clock.install(time=START)
    stage.set(ROOM, {"word": "one", "site": {"timezone": "Asia/Makassar"}})
    stage.open("/blank")
    stage.page.evaluate(FOLLOW, ROOM)
    says(stage, "1 one up")
    stage.hold()
    return stage


def says(stage: Stage, title: str) -> None:
    """Wait until the page has seen that many views, the last word and link state."""
    expect(stage.page).to_have_title(title)


def seen(stage: Stage) -> dict[str, Any]:
    return stage.page.evaluate("seen")


def word(text: str) -> dict[str, Any]:
    return {"word": text, "site": {"timezone": "Asia/Makassar"}}


def test_the_first_view_is_not_news_and_the_next_is(live: Stage) -> None:
    live.push(live.set(ROOM, word("two"), 2))
    says(live, "2 two up")
    assert seen(live)["views"] == [[1, "one", False], [2, "two", True]]
    assert live.joined == {"room": ROOM, "device": "TV1"}


def test_late_repeated_and_foreign_views_change_nothing(live: Stage) -> None:
    old = dict(live.views[ROOM])
    live.push(live.set(ROOM, word("three"), 3))
    says(live, "2 three up")
    live.push(old)
    live.push(live.views[ROOM])
    live.push({**live.views[ROOM], "room": "display:TV2", "version": 9})
    live.push({"room": ROOM, "epoch": "e1", "version": 9})
    live.push(live.set(ROOM, word("four"), 4))
    says(live, "3 four up")


def test_another_epoch_is_always_accepted(live: Stage) -> None:
    live.push(live.set(ROOM, word("fifty"), 50))
    says(live, "2 fifty up")
    live.push(live.set(ROOM, word("restored"), 2, epoch="e2"))
    says(live, "3 restored up")


def test_a_pulse_ahead_fetches_what_was_lost(live: Stage) -> None:
    live.set(ROOM, word("lost on the way"), 7)
    live.pulse(ROOM)
    says(live, "2 lost on the way up")
    assert seen(live)["views"][-1] == [7, "lost on the way", True]


def test_a_pulse_of_what_is_shown_asks_for_nothing(live: Stage) -> None:
    live.pulse(ROOM)
    live.push(live.set(ROOM, word("two"), 2))
    says(live, "2 two up")
    assert live.gets == []


def test_that_nothing_can_be_written_is_said_by_pulse_and_by_http(live: Stage) -> None:
    """P8: the link is up, and yet nothing new can come. Planted: the pulse's word ignored; a 304's header ignored."""
    for stuck in (True, False):
        live.stuck = stuck
        live.pulse(ROOM)
        live.page.wait_for_function("yes => seen.links.at(-1).stuck === yes && seen.links.at(-1).up", arg=stuck)
    live.stuck = True
    live.page.evaluate("feed.ask()")
    live.page.wait_for_function("() => seen.links.at(-1).stuck")
    live.stuck = False
    live.page.evaluate("feed.ask()")
    live.page.wait_for_function("() => !seen.links.at(-1).stuck")
    assert len(seen(live)["links"]) == 5 and len(live.gets) == 2


def test_silence_of_25_s_is_said_with_since_when(live: Stage) -> None:
    live.page.clock.run_for(5000)
    live.pulse(ROOM, at="2026-11-03T00:30:05.000Z")
    live.page.clock.run_for(24000)
    says(live, "1 one up")
    live.down = True
    live.page.clock.run_for(2000)
    says(live, "1 one down")
    assert seen(live)["links"][-1] == {"up": False, "since": "2026-11-03T00:30:05.000Z", "refused": None, "stuck": False}


def test_after_silence_the_next_view_is_no_news_and_the_link_is_up(live: Stage) -> None:
    live.page.clock.run_for(26000)
    says(live, "1 one down")
    live.push(live.set(ROOM, word("late"), 2))
    says(live, "2 late up")
    assert seen(live)["views"][-1] == [2, "late", False]


def test_a_lost_socket_heals_by_http_first_and_then_by_a_new_socket(live: Stage) -> None:
    live.set(ROOM, word("meanwhile"), 5)
    live.cut()
    live.page.clock.run_for(1000)
    says(live, "2 meanwhile up")
    assert seen(live)["views"][-1] == [5, "meanwhile", False]
    live.page.clock.run_for(500)
    wait_for(lambda: live.page.evaluate("1") and live.opened == 2, 20, "another socket")
    live.push(live.set(ROOM, word("again"), 6))
    says(live, "3 again up")
    assert seen(live)["views"][-1] == [6, "again", True]


def test_an_outage_of_ten_minutes_opens_no_socket_before_the_server_answers(live: Stage) -> None:
    live.down = True
    live.cut()
    for _ in range(60):
        live.page.clock.run_for(10000)
    says(live, "1 one down")
    assert live.opened == 1
    live.down = False
    live.set(ROOM, word("back"), 9)
    live.page.clock.run_for(2200)
    says(live, "2 back up")
    wait_for(lambda: live.page.evaluate("1") and live.opened == 2, 20, "another socket")


def test_without_sockets_the_room_is_polled_every_3_s(live: Stage) -> None:
    live.sockets_refused = True
    live.set(ROOM, word("polled 2"), 2)
    live.cut()
    live.page.clock.run_for(1000)
    says(live, "2 polled 2 up")
    for version in (3, 4, 5):
        live.set(ROOM, word(f"polled {version}"), version)
        live.page.clock.run_for(3200)
        says(live, f"{version} polled {version} up")
    assert [how for _, _, how in seen(live)["views"]] == [False, False, True, True, True]


def test_an_unchanged_poll_is_a_sign_of_life(live: Stage) -> None:
    live.sockets_refused = True
    live.cut()
    for _ in range(12):
        live.page.clock.run_for(3000)
        live.page.evaluate("feed.ask()")
    says(live, "1 one up")
    assert [link["up"] for link in seen(live)["links"]] == [True]


def test_after_a_sleep_the_truth_is_asked_for_and_is_no_news(live: Stage) -> None:
    live.set(ROOM, word("while asleep"), 8)
    live.page.clock.fast_forward(60000)
    says(live, "2 while asleep up")
    assert seen(live)["views"][-1] == [8, "while asleep", False]
    live.push(live.set(ROOM, word("awake"), 9))
    says(live, "3 awake up")
    assert seen(live)["views"][-1] == [9, "awake", True]


def test_news_that_overtakes_the_answer_after_a_sleep_is_asked_for_again(live: Stage) -> None:
    """A message that comes while the question is on its way may be newer than the answer: not shown only at the next pulse."""
    answer = live._view

    def overtaken(room: str) -> Any:
        old = answer(room)
        live._view = answer  # type: ignore[method-assign]
        live.push(live.set(ROOM, word("newer"), 9))
        live.page.evaluate("0")  # the message is there before the answer
        return old

    live.set(ROOM, word("while asleep"), 8)
    live._view = overtaken  # type: ignore[method-assign]
    live.page.clock.fast_forward(60000)
    says(live, "3 newer up")
    assert [view[:2] for view in seen(live)["views"][1:]] == [[8, "while asleep"], [9, "newer"]]


def test_a_refused_room_is_said(stage: Stage) -> None:
    stage.sockets_refused = True
    stage.open("/blank")
    stage.page.evaluate(FOLLOW, "display:GONE")
    stage.page.evaluate("feed.ask()")
    says(stage, "0  down")
    assert seen(stage)["links"] == [{"up": False, "since": None, "refused": 404, "stuck": False}]


def test_a_closed_feed_asks_no_more(live: Stage) -> None:
    live.page.evaluate("feed.close()")
    live.down = True
    live.page.clock.run_for(60000)
    says(live, "1 one up")
    assert live.gets == []
