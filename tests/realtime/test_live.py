"""Real screens at a real server, on eventlet and on gevent."""

import json
import socket

import pytest
import socketio
import websocket

EVERYTHING = "floor gerai:* display:* kiosk:* desk"


def test_a_screen_gets_the_same_bytes_as_who_asks_by_http(http, screen):
    """Planted: a socket that encodes by another json module -> red."""
    tv = screen()
    assert tv.enter("gerai:DKC").startswith('40/live,{"sid":')
    assert tv.next("view").encode() == http.get("/view/gerai:DKC")


@pytest.mark.parametrize(
    ("auth", "code"),
    [
        ({"room": "gerai:DKC"}, "unauthenticated"),
        ({"room": "gerai:DKC", "token": "gerai:SAM"}, "forbidden"),
        ({"room": "gerai:NONE", "token": EVERYTHING}, "unknown_gerai"),
        ({"room": "kiosk:K9", "token": EVERYTHING}, "unknown_device"),
        ({"room": "attic", "token": "attic"}, "unknown_room"),
        ({"room": ["floor"], "token": EVERYTHING}, "invalid"),
        ({"token": EVERYTHING}, "invalid"),
        ("floor", "invalid"),
    ],
)
def test_the_door_says_why_not(http, screen, auth, code):
    before = http.json("/test/counts")
    tv = screen()
    tv.say(f"40/live,{json.dumps(auth)}")
    assert json.loads(tv.hear().removeprefix("44/live,"))["message"] == code
    after = http.json("/test/counts")
    assert (after["screens"], after["up"]) == (before["screens"], before["up"])


FORGED = [
    '42/live,["view",{"room":"floor","version":999}]',
    '42/live,["connect",{"flask.app":1}]',
    '42/live,["disconnect","forged"]',
    '42/live,7["next",{"counter":"DKC-1"}]',
    "42/live,[]",
    "42/live,{broken",
    '42["message","hello"]',
    '43/live,1["ack"]',
    '451-/live,["x",{"_placeholder":true,"num":0}]',
    b"\x00\x01binary",
    '40/live,{"room":"floor","token":"floor"}',
    '44/live,{"message":"no"}',
    "49/live",
    "4",
    "4\x00",
]


def test_whatever_a_screen_says_is_ignored_and_counted(server, http, screen):
    """Planted: events handed to the library -> red (a forged `disconnect` empties the
    registry, a forged binary event is kept); nothing counted -> red."""
    tv = screen()
    tv.enter("gerai:DKC")
    tv.next("view")
    before = http.json("/test/counts")
    for message in FORGED:
        tv.say(message)
    seq = http.post("/test/commit", gerai="DKC")["seq"]
    tv.view(seq)
    # One more, answered by the library itself, so that all before it have been received.
    tv.say("41/live,")
    after = http.json(f"/test/counts?screens={before['screens'] - 1}")
    assert after["ignored"] - before["ignored"] == len(FORGED)
    assert after["events"] == before["events"] + 1
    assert after["binary"] == 0
    assert after["down"][len(before["down"]) :] == [["user", EVERYTHING]]
    assert "Traceback" not in server[1].read_text()


def test_a_greeting_that_is_no_json_is_ignored(server, http, screen):
    before = http.json("/test/counts")["ignored"]
    tv = screen()
    tv.say("40/live,{broken")
    tv.say("40/live," + "[" * 5000)
    assert tv.enter("floor").startswith("40/live,")
    assert http.json("/test/counts")["ignored"] == before + 2
    assert "Traceback" not in server[1].read_text()


def test_a_message_above_16_kb_ends_its_connection_only(http, screen):
    good, bad = screen(), screen()
    good.enter("floor")
    bad.enter("floor")
    bad.say(f'42/live,["x","{"x" * 20_000}"]')
    while bad.hear():
        pass
    good.view(http.post("/test/commit")["seq"])


def test_many_events_fold_to_few_views_and_the_last_is_the_truth(http, screen):
    """Planted: a view for each event -> red."""
    tv = screen()
    tv.enter("display:TV1")
    tv.next("view")
    seq = http.post("/test/commit", n=200)["seq"]
    views, last = 0, "{}"
    while json.loads(last).get("version", 0) < seq:
        last = tv.next("view")
        views += 1
    assert views <= 50
    assert json.loads(last)["data"] == http.json("/view/display:TV1")["data"]


def test_after_a_cut_a_screen_is_right_again(http, screen):
    tv = screen()
    tv.enter("floor")
    tv.next("view")
    connected = http.json("/test/counts")["screens"]
    tv.socket.sock.shutdown(socket.SHUT_RDWR)
    assert http.json(f"/test/counts?screens={connected - 1}")["screens"] == connected - 1
    seq = http.post("/test/commit", n=3)["seq"]
    again = screen()
    again.enter("floor")
    view = json.loads(again.next("view"))
    assert view["version"] == seq
    assert view["data"] == http.json("/view/floor")["data"]


def test_pulses_tell_the_version(http, screen):
    tv = screen()
    tv.enter("floor")
    version = json.loads(tv.next("view"))["version"]
    pulse = json.loads(tv.next("pulse"))
    assert (pulse["room"], pulse["epoch"], pulse["version"]) == ("floor", "e1", version)


def test_ending_a_credential_ends_its_screens_at_once_and_no_others(http, screen):
    """Planted: only the registry emptied -> red (the socket lives on)."""
    mine, also_mine, other = screen(), screen(), screen()
    mine.enter("floor", "floor gerai:*,one")
    also_mine.enter("gerai:DKC", "floor gerai:*,one")
    other.enter("floor", "floor,two")
    connected = http.json("/test/counts")["screens"]
    answer = http.post("/test/drop", key="floor gerai:*,one")
    assert answer == {"dropped": 2, "screens": connected - 2}
    for ended in (mine, also_mine):
        while ended.hear():
            pass
    again = screen()
    assert again.enter("floor", "floor gerai:*,one") == '44/live,{"message":"unauthenticated"}'
    other.view(http.post("/test/commit")["seq"])
    down = http.json("/test/counts")["down"]
    assert down.count(["user", "floor gerai:*,one"]) == 2
    assert ["user", "floor,two"] not in down


def test_a_screen_that_does_not_read_delays_nobody_and_is_dropped(http, screen):
    """Planted: BACKLOG_MAX never checked -> red (the server keeps megabytes for it)."""
    tiny = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)]
    deaf, reader, elsewhere = screen(sockopt=tiny), screen(), screen()
    deaf.enter("gerai:SAM", "gerai:*,deaf")
    reader.enter("gerai:SAM")
    elsewhere.enter("floor")
    dropped_before = http.post("/test/flood", n=0, room="gerai:SAM")["dropped"]
    for _ in range(300):
        dropped = http.post("/test/flood", n=16, room="gerai:SAM")["dropped"]
        for _ in range(16):
            assert len(reader.next("flood")) == 65538
        if dropped > dropped_before:
            break
    assert dropped == dropped_before + 1
    elsewhere.view(http.post("/test/commit")["seq"])
    assert ["user", "gerai:*,deaf"] in http.json("/test/counts")["down"]


def test_another_site_cannot_listen(server):
    """A browser sends its page's origin; only our own is let in."""
    url = f"ws://127.0.0.1:{server[0]}/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(url, timeout=5, origin="http://evil.example")


def test_the_usual_client_understands(server, http):
    client = socketio.SimpleClient()
    auth = {"room": "desk", "token": "desk"}
    client.connect(f"http://127.0.0.1:{server[0]}", namespace="/live", auth=auth, transports=["websocket"])
    try:
        name, view = client.receive(timeout=10)
        assert (name, view["data"]) == ("view", http.json("/view/desk")["data"])
    finally:
        client.disconnect()
