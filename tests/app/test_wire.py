"""Views as bytes, and versions of rooms."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.app.views import wire
from server.app.views.versions import WINDOW_EVENTS, Versions, window_start
from server.domain.events import EVENTS, Event, rooms_touched, touches
from tests.app.halls import NINE

#: short: what could go wrong is in the kinds of values and signs, not in their number
WORDS = st.text(max_size=6)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_dumps_and_loads_are_inverse_and_encoded_text_is_taken_as_it_is(value):
    """Planted: an Encoded dumped once more as a string -> red."""
    text = wire.dumps(value)
    assert wire.loads(text) == value
    assert wire.dumps(wire.Encoded(text)) == text
    assert wire.dumps(["view", wire.Encoded(text)]) == wire.dumps(["view", value])


@given(st.dictionaries(WORDS, VALUES, max_size=4))
def test_a_view_is_one_json_object_with_its_data_unchanged(data):
    view = wire.view_of("floor", "e", 7, NINE, wire.Encoded(wire.dumps(data)))
    assert json.loads(view.body) == {
        "room": "floor", "epoch": "e", "version": 7, "at": "2026-11-03T01:00:00.000Z", "data": data,
    }  # fmt: skip


def test_what_is_no_character_does_not_break_the_bytes():
    assert wire.encode("a\ud800b") == b'"a?b"'
    view = wire.view_of("floor", "e", 1, NINE, wire.Encoded('"\ud800"'))
    assert view.body.endswith(b'"data":"?"}')


def test_not_a_number_is_never_sent():
    with pytest.raises(ValueError):
        wire.dumps(float("nan"))


EVENT = st.builds(
    lambda kind, gerai, device: (kind, gerai, device),
    st.sampled_from(sorted(EVENTS)),
    st.sampled_from([None, "DKC", "PJK"]),
    st.sampled_from([None, "K1", "K2"]),
)
ROOMS = ["floor", "desk", "gerai:DKC", "gerai:PJK", "kiosk:K1", "kiosk:K2", "display:TV1", "display:X"]


@given(st.integers(0, 50), st.lists(EVENT, max_size=30))
def test_a_rooms_version_is_the_last_event_that_touched_it(base, raw):
    """Against the plain definition. Planted: kind-wide patterns forgotten -> red."""
    events = [
        Event(kind, NINE, "system", gerai=gerai, device=device, seq=base + n + 1)
        for n, (kind, gerai, device) in enumerate(raw)
    ]
    versions = Versions(base)
    before = dict.fromkeys(ROOMS, base)
    for event in events:
        versions.add([event, event])
        for room in ROOMS:
            assert versions.of(room) >= before[room]
            before[room] = versions.of(room)
    for room in ROOMS:
        touching = [e.seq for e in events if touches(rooms_touched(e), room)]
        assert versions.of(room) == max(touching, default=base)
    assert versions.head == base + len(events)


def test_the_window_at_start_ends_at_the_newest_event():
    assert window_start(3) == 0
    assert window_start(WINDOW_EVENTS + 9) == 9
