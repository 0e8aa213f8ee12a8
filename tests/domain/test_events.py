"""What can happen: every event documented, the chain, the rooms.

Planted: `data` left out of canonical -> test_any_changed_field_shows red; previous hash left
out of seal -> test_a_removed_or_swapped_line_shows red; an event added without text ->
test_every_event_is_documented red.
"""

import hashlib
import json
import re
from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.errors import CODES, RuleBroken
from server.domain.events import (
    EVENTS,
    GENESIS,
    Event,
    canonical,
    parse_room,
    rooms_touched,
    seal,
    touches,
)
from tests.domain.builders import EIGHT

ROOM = re.compile(r"(kiosk|display|gerai):(\*|\{gerai\}|\{device\})|floor|desk")

keys = st.text(max_size=4)
plain = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
events = st.builds(
    Event,
    type=st.sampled_from(sorted(EVENTS)),
    at=st.integers(0, 10**9).map(lambda us: EIGHT + timedelta(microseconds=us)),
    actor=st.sampled_from(["user:siti", "device:K1", "cli:root"]),
    ticket=st.one_of(st.none(), st.integers(1, 99)),
    leg=st.one_of(st.none(), st.integers(1, 99)),
    gerai=st.sampled_from([None, "DKC"]),
    device=st.sampled_from([None, "K1"]),
    data=st.dictionaries(st.text(max_size=5), plain, max_size=3),
    seq=st.integers(1, 10**6),
)
chains = st.lists(events, min_size=1, max_size=6)


def sealed(chain):
    heads = [GENESIS]
    for event in chain:
        heads.append(seal(heads[-1], event, event.seq))
    return heads


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_is_documented(name):
    text, rooms = EVENTS[name]
    assert re.fullmatch(r"[A-Z][a-zA-Z]+", name)
    assert re.fullmatch(r"[A-Z].*\. data: [a-z_, ]+\.", text)
    assert rooms and all(ROOM.fullmatch(room) for room in rooms)


def test_every_refusal_is_documented():
    assert all(re.fullmatch(r"[a-z_]+", code) and text for code, text in CODES.items())
    with pytest.raises(ValueError, match="unlisted"):
        RuleBroken("no_such_code")
    with pytest.raises(ValueError, match="unlisted"):
        Event("NoSuchEvent", EIGHT, "user:siti")


@given(events)
def test_canonical_is_one_line_of_json(event):
    text = canonical(event, event.seq)
    assert "\n" not in text
    read = json.loads(text)
    assert set(read) == {field.name for field in fields(Event)}
    assert read["data"] == event.data
    assert seal(GENESIS, event, event.seq) == hashlib.sha256(f"{GENESIS}\n{text}".encode()).hexdigest()


@given(chains, st.data())
def test_any_changed_byte_shows(chain, data):
    """A log line altered in one byte no longer leads to the stored hash."""
    heads = sealed(chain)
    which = data.draw(st.integers(0, len(chain) - 1))
    line = bytearray(f"{heads[which]}\n{canonical(chain[which], chain[which].seq)}".encode())
    place = data.draw(st.integers(0, len(line) - 1))
    line[place] ^= data.draw(st.integers(1, 255))
    assert hashlib.sha256(bytes(line)).hexdigest() != heads[which + 1]


CHANGES = {
    "type": "LoggedIn",
    "at": EIGHT - timedelta(microseconds=1),
    "actor": "user:lain",
    "device": "K9",
    "ticket": 500,
    "leg": 500,
    "gerai": "LAIN",
    "service": "LAIN",
    "counter": "L9",
    "data": {"lain": True, "sekali": 1},
    "seq": 0,
}


@given(chains, st.sampled_from(sorted(CHANGES)), st.data())
def test_any_changed_field_shows(chain, name, data):
    which = data.draw(st.integers(0, len(chain) - 1))
    altered = list(chain)
    altered[which] = replace(chain[which], **{name: CHANGES[name]})
    if altered != chain:
        assert sealed(altered)[-1] != sealed(chain)[-1]


def test_every_field_is_under_the_seal():
    assert set(CHANGES) == {field.name for field in fields(Event)}


@given(chains, st.data())
def test_a_removed_or_swapped_line_shows(chain, data):
    which = data.draw(st.integers(0, len(chain) - 1))
    assert sealed(chain[:which] + chain[which + 1 :])[-1] != sealed(chain)[-1]
    if chain[which] != chain[0]:
        swapped = list(chain)
        swapped[0], swapped[which] = chain[which], chain[0]
        assert sealed(swapped)[-1] != sealed(chain)[-1]


@given(events)
def test_rooms_are_rooms(event):
    rooms = rooms_touched(event)
    for room in rooms:
        assert "{" not in room
        kind, name = parse_room(room)
        assert touches(rooms, f"{kind}:{name}" if name else kind)
    own = {f"gerai:{event.gerai}", f"kiosk:{event.device}"}
    assert all(room in own or room.endswith(":*") or room in {"floor", "desk"} for room in rooms)


def test_touches():
    patterns = frozenset({"gerai:*", "floor", "kiosk:K1"})
    assert touches(patterns, "gerai:DKC") and touches(patterns, "kiosk:K1")
    assert not touches(patterns, "kiosk:K2") and not touches(patterns, "display:TV1")


@pytest.mark.parametrize("room", ["", "lift", "gerai", "gerai:", "floor:", "floor:B,A", "desk:1", "x:y", ":"])
def test_no_such_room(room):
    with pytest.raises(RuleBroken, match="unknown_room"):
        parse_room(room)
