"""The relay with a clock, a loop and a house that the test turns by hand.

Promise (P8): within an epoch a room's version only grows, the view of version v holds all
of v, and after the last change every watched room hears the last view.
"""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.app.ask import StorageUnavailable
from server.app.views.versions import WINDOW_EVENTS
from server.domain.errors import RuleBroken
from server.domain.events import as_told
from tests.app.halls import NINE, device
from tests.realtime.fakes import make_relay

WATCHED = ["display:TV1", "display:TV2", "gerai:DKC", "kiosk:K1", "floor", "desk"]
TYPES = ["TicketIssued", "ServiceStarted", "DeviceUp", "SlipReported", "OpeningChanged"]
COMMIT = st.tuples(
    st.just("commit"), st.sampled_from(TYPES), st.sampled_from(["DKC", "SAM", None]), st.sampled_from(["K1", None])
)
ACT = st.one_of(
    COMMIT,
    COMMIT,
    st.tuples(st.just("turn")),
    st.tuples(st.just("view"), st.sampled_from(WATCHED)),
    st.tuples(st.just("enter"), st.sampled_from(WATCHED)),
    st.tuples(st.just("leave"), st.sampled_from(WATCHED)),
    st.tuples(st.just("break"), st.sampled_from(["latest", "gather"])),
    st.tuples(st.just("mend")),
    st.tuples(st.just("meanwhile"), COMMIT),
    st.tuples(st.just("later"), st.integers(1, 20)),
)


def play(relay, house, audience, loop, act):
    kind, *rest = act
    if kind == "commit":
        house.commit(*rest)
    elif kind == "turn":
        relay.turn()
    elif kind == "view":
        if not house.broken:
            relay.view(rest[0])
    elif kind == "enter":
        audience.rooms.add(rest[0])
    elif kind == "leave":
        audience.rooms.discard(rest[0])
    elif kind == "break":
        house.broken.add(rest[0])
    elif kind == "mend":
        house.broken.clear()
    elif kind == "meanwhile":
        house.meanwhile.append(lambda: house.commit(*rest[0][1:]))
    else:
        loop.monotonic_s += rest[0]
        house.now_s += rest[0]


@given(st.lists(ACT, max_size=40))
@settings(deadline=None, max_examples=120)
def test_after_any_history_every_screen_ends_right(acts):
    """Planted: snapshot reused although the log went on -> red."""
    relay, house, audience, loop = make_relay()
    for act in acts:
        play(relay, house, audience, loop, act)
    house.broken.clear()
    house.meanwhile.clear()
    relay.turn()
    by_room: dict[str, list[int]] = {}
    for name, room, message in audience.heard:
        if name == "view":
            by_room.setdefault(room, []).append(message["version"])
            if room.startswith("display:"):
                assert int(message["data"]["notices"][0]) >= message["version"]
        else:
            assert message["version"] == by_room[room][-1]
    for versions in by_room.values():
        assert versions == sorted(versions)
    for room in audience.rooms:
        last, asked = audience.views(room)[-1], json.loads(relay.view(room).body)
        assert (last["version"], last["data"]) == (asked["version"], asked["data"])


def test_only_touched_and_watched_rooms_are_sent():
    relay, house, audience, _ = make_relay()
    audience.rooms = {"gerai:DKC", "gerai:SAM"}
    assert relay.turn() == 2
    house.commit("ServiceStarted", gerai="DKC")
    assert relay.turn() == 1
    assert [room for _, room, _ in audience.heard] == ["gerai:DKC", "gerai:SAM", "gerai:DKC"]
    assert relay.turn() == 0


def test_many_events_fold_to_one_view_from_one_snapshot():
    """Planted: a gather for each room -> red."""
    relay, house, audience, _ = make_relay()
    audience.rooms = set(WATCHED)
    relay.turn()
    for _ in range(2500):
        house.commit("TicketIssued", gerai="DKC")
    before = house.gathered
    relay.turn()
    assert house.gathered == before + 1
    assert [view["version"] for view in audience.views("gerai:DKC")] == [0, 2500]


def test_a_room_not_touched_for_long_keeps_a_version_that_never_goes_back():
    relay, house, _, _ = make_relay()
    house.commit("ServiceStarted", gerai="DKC")
    assert relay.view("gerai:DKC").version == 1
    for _ in range(WINDOW_EVENTS + 10):
        house.commit("LoggedIn")
    assert relay.view("gerai:DKC").version == 1
    again, other, _, _ = make_relay()
    other.log = house.log
    assert again.view("gerai:DKC").version == 11
    assert again.view("floor").version == len(house.log)


def test_a_view_is_the_same_bytes_until_it_changes_and_its_instant_is_fresh():
    """A stored view would set a page's clock wrong. Planted: `at` kept for ever -> red."""
    relay, house, _, _ = make_relay()
    first = relay.view("floor")
    assert relay.view("floor").body is first.body
    house.now_s = 600
    second = relay.view("floor")
    assert second.version == first.version and second.at == house.now()
    assert json.loads(second.body)["data"] == json.loads(first.body)["data"]
    assert house.gathered == 1


def test_pulses_come_every_ten_seconds_and_tell_what_was_sent():
    relay, house, audience, loop = make_relay()
    audience.rooms = {"floor"}
    relay.turn()
    loop.monotonic_s = 9.9
    relay.turn()
    assert audience.pulses("floor") == []
    loop.monotonic_s = 10.0
    house.commit("LoggedIn")
    relay.turn()
    relay.turn()
    assert audience.pulses("floor") == [
        {"room": "floor", "epoch": "e1", "version": 1, "at": "2026-11-03T01:00:00.000Z"}
    ]


def test_pulses_tell_at_once_and_more_often_that_nothing_can_be_written():
    """Planted: `_stuck` not remembered -> a pulse every turn; the flip back waits for its beat -> red."""
    relay, house, audience, loop = make_relay()
    audience.rooms = {"floor"}
    for house.stuck, loop.monotonic_s, count in (
        (False, 1.0, 0), (True, 1.1, 1), (True, 3.0, 1), (True, 3.2, 2), (False, 3.3, 3), (False, 13.0, 3), (False, 13.4, 4)
    ):
        relay.turn()
        assert len(audience.pulses("floor")) == count
    assert [pulse.get("storage") for pulse in audience.pulses("floor")] == ["failing", "failing", None, None]


@pytest.mark.parametrize("what", ["latest", "gather"])
def test_no_pulse_while_the_log_cannot_be_read(what, caplog):
    """A screen must not look live. Planted: pulses sent in `finally` -> red."""
    relay, house, audience, loop = make_relay()
    audience.rooms = {"floor"}
    relay.turn()
    house.commit("LoggedIn")
    house.broken = {what}
    for _ in range(5):
        loop.monotonic_s += 20
        assert relay.turn() == 0
    assert audience.pulses("floor") == []
    assert len(caplog.records) == 1
    with pytest.raises(StorageUnavailable):
        relay.view("floor")
    house.broken = set()
    assert relay.turn() == 1
    assert len(audience.pulses("floor")) == 1
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]


def test_one_room_that_fails_stops_no_other_and_hears_no_pulse(caplog):
    """Planted: the exception let through -> red."""
    relay, house, audience, loop = make_relay()
    audience.rooms, audience.deaf = {"display:TV1", "floor", "gerai:DKC"}, {"display:TV1"}
    for _ in range(3):
        loop.monotonic_s += 10
        house.commit("TicketIssued", gerai="DKC")
        relay.turn()
    assert len(audience.views("floor")) == len(audience.views("gerai:DKC")) == 3
    assert audience.pulses("display:TV1") == [] and len(audience.pulses("floor")) == 3
    assert len(caplog.records) == 1
    audience.deaf = set()
    relay.turn()
    assert len(audience.views("display:TV1")) == 1
    assert len(caplog.records) == 2


def test_the_screens_of_a_room_that_ceased_are_closed():
    relay, house, audience, _ = make_relay()
    audience.rooms = {"kiosk:K1", "floor"}
    relay.turn()
    house.devices = (device("K2", "kiosk"),)
    house.commit("FloorLoaded")
    relay.turn()
    assert audience.closed == ["kiosk:K1"]
    with pytest.raises(RuleBroken) as refusal:
        relay.view("kiosk:K1")
    assert refusal.value.code == "unknown_device"


def test_a_greeted_screen_is_not_sent_the_same_view_again():
    relay, _, audience, _ = make_relay()
    audience.rooms = {"floor"}
    relay.greet("floor")
    assert relay.turn() == 0


def test_what_a_newer_program_did_may_change_any_room():
    """It was put back, and its log goes on. Planted: an unknown type touches nothing -> red."""
    relay, house, audience, _ = make_relay()
    audience.rooms = set(WATCHED)
    relay.turn()
    house.log.append(as_told("TomorrowCame", at=NINE, actor="system", seq=1))
    assert relay.turn() == len(WATCHED)


def test_who_is_greeted_while_the_relay_looks_hears_what_the_next_one_is_greeted_with():
    """Planted: the rooms watched are listed before the look -> red, the first screen is left behind until its next pulse."""
    relay, house, audience, _ = make_relay()
    audience.rooms = {"gerai:SAM"}

    def first_comes() -> None:
        audience.rooms.add("floor")
        assert relay.greet("floor").version == 0

    relay._shelf._turn = Crowd([first_comes])
    relay.turn()
    house.commit("LoggedIn")
    assert relay.greet("floor").version == 1
    relay.turn()
    assert audience.views("floor")[-1]["version"] == 1


def test_who_could_not_be_greeted_is_sent_the_view_although_it_did_not_change():
    """Planted: a failed greeting leaves the room as sent; a room of others that failed is taken for sent -> red each."""
    relay, house, audience, loop = make_relay()
    audience.rooms = {"floor"}
    assert relay.turn() == 1
    house.broken = {"latest"}
    with pytest.raises(StorageUnavailable):
        relay.greet("floor")
    house.broken = set()
    assert relay.turn() == 1
    audience.deaf = {"floor"}
    house.commit("LoggedIn")
    relay.turn()
    relay.greet("floor")
    audience.deaf = set()
    loop.monotonic_s = 10
    relay.turn()
    assert [view["version"] for view in audience.views("floor")] == [0, 0, 1]
    assert [pulse["version"] for pulse in audience.pulses("floor")] == [1]


def test_the_loop_sends_at_once_and_rests_between_rounds():
    """At most every 100 ms, and never more than half of the time. Planted: a rest after a
    round that sent nothing -> red, for then the next press waits."""
    relay, house, audience, loop = make_relay()
    audience.rooms = {"floor"}
    nudged, ended = loop.events
    costs_s = [0.03, 0.25, 0.0, 30.0]

    def script() -> None:
        if not costs_s:
            relay.stop()
            return
        cost_s = costs_s.pop(0)
        if cost_s:
            house.commit("LoggedIn")
            house.meanwhile.append(lambda: setattr(loop, "monotonic_s", loop.monotonic_s + cost_s))

    nudged.on_wait = script
    relay.start()
    assert [round(s, 3) for s in loop.slept] == [0.07, 0.25, 1.0]
    assert set(nudged.waits) == {0.2}
    assert ended.is_on


def test_nudging_wakes_the_loop():
    relay, _, _, loop = make_relay()
    relay.nudge()
    assert loop.events[0].is_on


class Crowd:
    """A turn that somebody else had first."""

    def __init__(self, others) -> None:
        self.others = others

    def __enter__(self) -> None:
        if self.others:
            self.others.pop()()

    def __exit__(self, *_: object) -> None:
        pass


def test_those_who_wait_together_look_together():
    """200 screens that come back at once must not read the log 200 times. A look that was
    under way before one asked does not count. Planted: always look -> red; the number of
    looks read after the wait -> red."""
    relay, house, _, _ = make_relay()
    relay.view("floor")
    shelf, looked = relay._shelf, house.looked
    shelf._turn = Crowd([shelf._look])
    house.commit("LoggedIn")
    assert relay.view("floor").version == 1
    assert house.looked == looked + 1
    house.meanwhile.append(lambda: (house.commit("LoggedIn"), relay.view("floor")))
    assert relay.view("floor").version == 2
