"""The screens campaign, small (`mpp prove screens`), and its own parts: what a screen takes, and what the bad road does.

Planted: see `server/ops/prove/screens/__init__.py` (PLANTS), each caught by this form. In the parts: an older view taken; a pulse not
looked at; views compared by version alone; a road that does no harm; a number that waits taken for called -> one red each.
"""

from __future__ import annotations

import socket
from random import Random

import pytest

from server.cli.faults import Stop
from server.ops.prove import screens
from server.ops.prove.campaign import Order
from server.ops.prove.screens import cutting
from server.ops.prove.screens.client import Held, Screen, read_view
from server.ops.prove.screens.cutting import Road, frame_size
from server.ops.prove.screens.playing import _difference
from server.ops.prove.screens.stage import shows_call


def test_screens_come_back_equal_after_kills_and_nobody_is_hurt_by_a_frozen_one() -> None:
    said: list[str] = []
    findings = screens.run(Order(is_long=False, seed=1, say=said.append))
    assert findings.broken == [] and findings.left_out == []
    text = "\n".join(findings.figures)
    for fault in (*cutting.FAULTS, "frozen screens were let go", "outage: short"):
        assert fault in text, fault
    assert len(said) == screens.SHORT.kills + 1


def test_another_size_is_said_in_kills_and_seconds() -> None:
    assert screens.plan_of(False, "10x10") == screens.SHORT and screens.plan_of(True, "") == screens.LONG
    other = screens.plan_of(True, "7x10")
    assert (other.kills, other.outages, other.screens) == (7, (10.0,), screens.LONG.screens)
    with pytest.raises(Stop, match="7y"):
        screens.plan_of(True, "7y")


def view(version: int, epoch: str = "e1", data: str = "{}", room: str = "floor") -> bytes:
    return f'{{"room":"{room}","epoch":"{epoch}","version":{version},"at":"2026-11-03T00:00:00Z","data":{data}}}'.encode()


def news(body: bytes) -> bytes:
    return b'42/live,["view",' + body + b"]"


@pytest.fixture
def screen() -> Screen:
    """Live, as if its socket were open."""
    made = Screen("floor", {"room": "floor"}, {}, ("127.0.0.1", 9), Random(1))
    made.state = "live"
    return made


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ([view(5), view(7, data="[7]"), view(6)], Held(b"e1", 7, b"[7]")),
        ([view(5, data="[1]"), view(5, data="[2]")], Held(b"e1", 5, b"[1]")),
        ([view(5), view(1, epoch="e2")], Held(b"e2", 1, b"{}")),
    ],
)
def test_within_an_epoch_the_newest_view_wins(screen: Screen, came: list[bytes], shown: Held) -> None:
    for body in came:
        assert screen._packet(news(body))
    assert screen.held == shown and screen.live_s and not screen.odd


@pytest.mark.parametrize(("body", "why"), [(view(1, room="desk"), "got a view of desk"), (b'{"room":1}', "no view")])
def test_what_no_server_may_send_is_told(screen: Screen, body: bytes, why: str) -> None:
    screen._packet(news(body))
    assert why in screen.odd[0] and screen.held is None


@pytest.mark.parametrize(("version", "asks"), [(5, 0), (4, 0), (6, 1)])
def test_a_pulse_that_knows_more_makes_it_ask(screen: Screen, version: int, asks: int) -> None:
    screen._packet(news(view(5)))
    screen._packet(b'42/live,["pulse",' + view(version).replace(b',"data":{}', b"") + b"]")
    assert screen.healed == asks and (screen.state != "live") is bool(asks)
    screen.close()


def test_views_are_compared_byte_for_byte() -> None:
    _, one = read_view(view(3, data='{"a":1}'))
    _, two = read_view(view(3, data='{"a":2}'))
    assert one != two and "at version 3" in _difference(one, two)
    assert "version 3 where the server is at 4" in _difference(one, Held(b"e1", 4, b""))


@pytest.mark.parametrize(
    ("data", "is_shown"),
    [
        (b'{"calls":[{"number":"B-001"}]}', True),
        (b'{"waiting":[{"number":"B-001"}],"counters":[],"held":[]}', False),
        (b'{"waiting":[],"counters":[{"leg":{"number":"B-001"}}],"held":[]}', True),
    ],
)
def test_a_number_that_waits_is_not_called(data: bytes, is_shown: bool) -> None:
    assert shows_call(Held(b"e1", 1, data), "B-001") is is_shown


@pytest.mark.parametrize("size", [5, 125, 126, 70_000])
def test_a_frame_is_known_when_it_is_whole(size: int) -> None:
    head = bytes([0x81, size]) if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big") if size < 65536 else b"\x81\x7f" + size.to_bytes(8, "big")
    whole = bytearray(head + b"x" * size)
    assert frame_size(whole) == len(whole) == frame_size(whole + b"more") and frame_size(whole[:-1]) == 0


def passed_on(fault: str, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """What a screen gets of three frames by a road where each meets this fault."""
    monkeypatch.setattr(cutting, "FAULTS", {fault: 1.0})
    frames = [b"\x81\x01" + bytes([65 + at]) for at in range(3)]
    server = socket.create_server(("127.0.0.1", 0))
    road = Road(server.getsockname(), 1)
    with server, socket.create_connection(road.address, 10) as screen:
        peer, _ = server.accept()
        with peer:
            peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + b"".join(frames))
        got = b""
        while part := screen.recv(4096):
            got += part
    road.close()
    assert road.faults[fault] >= 1
    return got.partition(b"\r\n\r\n")[2]


def test_the_bad_road(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cutting, "LATE_S", 0.0)
    one, two, three = (b"\x81\x01" + bytes([65 + at]) for at in range(3))
    assert passed_on("twice", monkeypatch) == one * 2 + two * 2 + three * 2
    assert passed_on("again later", monkeypatch) == one + two + one + three + two
    assert passed_on("late", monkeypatch) == one + two + three
    assert passed_on("cut", monkeypatch) in (b"", one[:1], one[:2])
