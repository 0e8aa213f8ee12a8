"""The playlist on a display: one after the other, by schedule, past whatever cannot be shown, under every call.

Planted, each seen red and taken out: `failed` not looked at by nextOf; a failure told at every round; a video's sound kept
under a call; the schedule's end included; the last picture left standing when nothing is due; `film.play()` left out (a film
that stands still).

`films/` are real ones, two seconds of a test picture: `ffmpeg -f lavfi -i testsrc=size=96x54:rate=10:duration=2`, then `-c:v libx264
-profile:v baseline -pix_fmt yuv420p -crf 34 -movflags +faststart` (H.264), `-c:v libvpx-vp9 -crf 45` (VP9) or `-c:v mpeg4`, which
Chromium does not decode: so a browser without H.264 meets one of those.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask import Response
from PIL import Image
from playwright.sync_api import expect

from server.web import containers
from tests.faces import hall
from tests.faces.stage import Stage
from tests.waiting import wait_for
from tests.web import movies

ROOM = "display:TV1"
FILMS = Path(__file__).with_name("films")


def medium(at: int, kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"id": at, "kind": kind, "url": f"/media/{name}", "seconds": 3, "sound": True, "days": "1234567", "from_min": 0, "to_min": 1440, **more}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (160, 90), "teal").save(out, "JPEG")
    return out.getvalue()


FILES = {"good.jpg": (picture(), "image/jpeg"), "other.jpg": (picture(), "image/jpeg"), "bad.jpg": (b"no picture", "image/jpeg"),
         "good.webm": (movies.webm(seconds=1.2), "video/webm"), "bad.webm": (movies.webm()[:90], "video/webm"),
         **{film.name: (film.read_bytes(), f"video/{film.suffix[1:]}") for film in FILMS.iterdir()}}  # fmt: skip


@pytest.fixture
def display(stage: Stage) -> Stage:
    @stage.app.get("/media/<name>")
    def media(name: str) -> Response:
        data, kind = FILES.get(name, (b"", "text/plain"))
        return Response(data, 200 if data else 404, content_type=kind)

    stage.answer = lambda *_: (200, {"written": []})
    stage.page.set_viewport_size({"width": 1366, "height": 768})
    return stage


def playing(stage: Stage, items: list[dict[str, Any]], version: int = 1) -> None:
    view = stage.set(ROOM, {**hall.display([]), "layout": hall.layout("media"), "media": items}, version)
    stage.open("/display/TV1") if version == 1 else stage.push(view)


def told(stage: Stage) -> list[tuple[str, Any]]:
    stage.page.evaluate("null")  # what the page asks is answered while something is asked of it
    return [(path, body["cause"]) for path, body, _ in stage.posts if path.startswith("/media/")]


def test_what_cannot_be_shown_is_told_once_and_the_next_one_comes(display: Stage) -> None:
    names = (("image", "gone.jpg"), ("image", "bad.jpg"), ("video", "bad.webm"), ("video", "good.webm"), ("image", "good.jpg"))
    playing(display, [medium(at, kind, name) for at, (kind, name) in enumerate(names, 1)])
    # Looked for in every frame: each stands for a second or three.
    stands = "(src) => document.querySelector(`#media > [src$='${src}']`)?.checkVisibility()"
    for src in ("good.webm", "good.jpg", "good.webm"):  # the video comes to its end, and round again
        display.page.wait_for_function(stands, arg=src)
    wait_for(lambda: len(told(display)) >= 3, 60, "the three faults to be told")
    assert sorted(told(display)) == [("/media/1/shown", "missing"), ("/media/2/shown", "corrupt"), ("/media/3/shown", "corrupt")]


@pytest.mark.parametrize(("name", "codec"), [("clock.mp4", "avc1.42E01E"), ("clock.webm", "vp9")])
def test_a_real_film_is_decoded_and_runs_to_its_end(display: Stage, name: str, codec: str) -> None:
    """H.264 as telephones record it and VP9: taken by the server's own check, then played by the page."""
    mime = containers.video(FILMS / name).mime
    display.open("/blank")
    if not display.page.evaluate("(type) => document.createElement('video').canPlayType(type)", f'{mime}; codecs="{codec}"'):
        pytest.skip(f"this Chromium was made without {codec}")
    playing(display, [medium(1, "video", name), medium(2, "image", "good.jpg")])
    display.page.wait_for_function("() => { const film = document.querySelector('#media video'); return film?.videoWidth === 96 && film.currentTime > 0.5; }")
    expect(display.page.locator("#media img")).to_be_visible()
    assert told(display) == []


def test_a_film_this_browser_cannot_decode_is_passed_over_and_told(display: Stage) -> None:
    playing(display, [medium(1, "video", "old.mp4"), medium(2, "video", "clock.webm")])
    expect(display.page.locator("#media video[src$='clock.webm']")).to_be_visible()
    wait_for(lambda: told(display), 60, "the fault to be told")
    assert told(display) == [("/media/1/shown", "corrupt")]


def test_a_call_is_not_drowned_by_a_video(display: Stage) -> None:
    playing(display, [medium(1, "video", "good.webm"), medium(2, "video", "good.webm", sound=False)])
    film = display.page.locator("#media video[data-sound=true]")
    expect(film).to_be_visible()
    # A call begins and ends while one film stands there: at one instant, for the films take turns each second.
    muted = """(sound) => { const film = document.querySelector(`#media video[data-sound=${sound}]`);
      return film && [true, false].map((on) => { dispatchEvent(new CustomEvent('mpp:announcing', { detail: { on } })); return film.muted; }); }"""
    assert film.evaluate("(film) => [film.muted, film.volume]") == [False, 1]
    view = {**hall.display([]), "layout": hall.layout("media"), "media": [medium(1, "video", "good.webm"), medium(2, "video", "good.webm", sound=False)]}
    view["display"]["volume"] = 0
    display.push(display.set(ROOM, view, 2))
    expect(display.page.locator("#media video")).to_have_js_property("volume", 0)
    for sound, told in ((True, [True, False]), (False, [True, True])):
        assert wait_for(lambda sound=sound: display.page.evaluate(muted, sound), 20, "the film's turn") == told


def test_the_page_says_when_a_call_begins_and_ends(display: Stage) -> None:
    page = display.page
    page.add_init_script("window.said = []; addEventListener('mpp:announcing', (event) => said.push(event.detail.on));")
    display.set(ROOM, hall.display([hall.call(1, "B-001")]))
    display.open("/display/TV1")
    expect(page.locator(".call")).to_have_attribute("data-new", "false")
    wait_for(lambda: page.evaluate("said.at(-1)") is False, 20, "the end to be said")
    assert page.evaluate("said[0]") is True


def test_nothing_due_leaves_the_place_empty(display: Stage) -> None:
    playing(display, [medium(1, "image", "good.jpg")])
    expect(display.page.locator("#media img")).to_be_visible()
    playing(display, [medium(2, "image", "other.jpg", days="1")], 2)
    expect(display.page.locator("#media > *")).to_have_count(0)


RULES = """async ([items, moments]) => { const m = await import("/display/-/playlist.js");
  return moments.map(([weekday, minute, last, failed]) => m.nextOf(items, last, { weekday, minute }, new Set(failed))?.id ?? null); }"""


def test_the_schedule(display: Stage) -> None:
    """Pure: days, the minute it begins and the minute it is over, the order, those that have failed."""
    display.open("/blank")
    items = [medium(1, "image", "a"), medium(2, "image", "b", days="15", from_min=480, to_min=720), medium(3, "image", "c")]
    asked = [
        (1, 480, 1, []), (1, 479, 1, []), (1, 719, 1, []), (1, 720, 1, []), (2, 500, 1, []), (5, 500, 2, []), (5, 500, 3, []),
        (5, 500, None, []), (5, 500, 9, []), (5, 500, 1, [2]), (5, 500, 1, [3, 1, 2]), (2, 500, 1, [2, 3]),
    ]  # fmt: skip
    assert display.page.evaluate(RULES, [items, asked]) == [2, 3, 2, 3, 3, 3, 1, 1, 1, 3, 3, 1]
    assert display.page.evaluate(RULES, [items[1:2], [(2, 500, None, [])]]) == [None]
