"""Who of a sound group speaks: by example and for any sequence of failures.

Planted, each seen red and taken out: a silent speaker keeps the turn; a deputy that is mute is
chosen before one that can sound; the turn goes back at once; a speaker lost at the server's
start before it could be heard; the limits of lease and silence the wrong way round.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.speaking import (
    LEASE_S,
    SPEAKER_SILENT_S,
    START_S,
    WELL_S,
    Heard,
    Turn,
    condition,
    deputy,
    speaker,
    turn,
)

LONG = 1000.0


def heard(code: str, silent_s: float = 0.5, audio: str | None = "ok", well_s: float = LONG) -> Heard:
    return Heard(code, silent_s, audio, well_s)


def test_the_speaker_has_stopped_before_another_begins_and_all_is_within_5_s() -> None:
    """The page's own lease is counted from before its report was heard (display/static/order.js)."""
    assert LEASE_S < SPEAKER_SILENT_S
    assert SPEAKER_SILENT_S + 0.5 + 0.5 < 5, "silence, the look's beat, a view's way"


@pytest.mark.parametrize(
    ("current", "group", "change"),
    [
        ("TV1", [heard("TV1"), heard("TV2")], None),
        ("TV1", [heard("TV1", 3.6), heard("TV2")], Turn("TV2", "silent")),
        ("TV1", [heard("TV1", 3.6), heard("TV2", audio="locked"), heard("TV3")], Turn("TV3", "silent")),
        ("TV1", [heard("TV1", 3.6), heard("TV2", 9.0), heard("TV3")], Turn("TV3", "silent")),
        ("TV1", [heard("TV1", 3.6), heard("TV2", audio="locked")], Turn("TV2", "silent")),
        ("TV1", [heard("TV1", 3.6), heard("TV2", 60.0)], None),
        ("TV1", [heard("TV1", 3.6)], None),
        ("TV1", [heard("TV1", audio="locked"), heard("TV2")], Turn("TV2", "locked")),
        ("TV1", [heard("TV1", audio="error"), heard("TV2", audio="muted")], None),
        ("TV1", [heard("TV1", audio="chime"), heard("TV2")], None),
        ("TV2", [heard("TV1"), heard("TV2")], Turn("TV1", "back", back=True)),
        ("TV2", [heard("TV1", well_s=WELL_S - 1), heard("TV2")], None),
        ("TV2", [heard("TV1", audio="locked"), heard("TV2")], None),
        ("TV2", [heard("TV1"), heard("TV2", audio="error")], Turn("TV1", "error")),
    ],
)  # fmt: skip
def test_whose_turn_it_is(current: str, group: list[Heard], change: Turn | None) -> None:
    assert turn(current, group, LONG) == change


def test_a_server_that_has_just_begun_gives_its_displays_time() -> None:
    group = [heard("TV1", 4.0, None), heard("TV2")]
    assert turn("TV1", group, START_S - 1) is None
    assert turn("TV1", group, START_S + 1) == Turn("TV2", "silent")


ANY = st.builds(
    Heard,
    st.sampled_from(["TV1", "TV2", "TV3", "TV4"]),
    st.floats(0, 60),
    st.sampled_from(["ok", "chime", "locked", "error", "muted", None]),
    st.floats(0, 60),
)


@given(st.lists(ANY, min_size=1, max_size=4, unique_by=lambda one: one.code), st.data())
def test_whatever_fails_the_turn_is_with_who_can_sound(group: list[Heard], data: st.DataObject) -> None:
    """And it comes to rest: the display that got it keeps it while nothing else happens."""
    current = data.draw(st.sampled_from([one.code for one in group]))
    for _ in range(len(group) + 1):
        change = turn(current, group, LONG)
        if change is None:
            break
        current = change.code
    assert turn(current, group, LONG) is None
    found = next(one for one in group if one.code == current)
    if any(one.sounds and one.is_live(SPEAKER_SILENT_S) for one in group):
        assert found.sounds
        assert found.is_live(SPEAKER_SILENT_S)


def test_names() -> None:
    assert speaker("TV2", ["TV1", "TV2"]) == "TV2"
    assert speaker("gone", ["TV2", "TV1"]) == "TV1"
    assert deputy("TV1", ["TV1", "TV2", "TV3"], frozenset({"TV2"})) == "TV3"
    assert deputy("TV1", ["TV1"], frozenset()) is None


@pytest.mark.parametrize(
    ("one", "behind_s", "told"),
    [
        (heard("TV1"), 0, "live"),
        (heard("TV1", audio="chime"), 0, "live"),
        (heard("TV1", audio="locked"), 0, "mute"),
        (heard("TV1", audio="muted"), 0, "mute"),
        (Heard("TV1", 0.5, "ok", LONG, small=True), 0, "small"),
        (Heard("TV1", 0.5, "muted", LONG, small=True), 0, "mute"),
        (heard("TV1"), 11, "stale"),
        (heard("TV1", 13), 0, "frozen"),
    ],
)
def test_what_a_display_is_worth(one: Heard, behind_s: float, told: str) -> None:
    assert condition(one, behind_s, 10) == told
