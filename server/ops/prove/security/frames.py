"""Forged, malformed and oversized frames, packets and polls. Whoever sends them is ignored or ended; nothing else happens."""

from __future__ import annotations

import select
import socket
import struct
from contextlib import suppress

from server.ops.bench.sockets import Screen, connect, frame
from server.ops.prove.security.asking import TIMEOUT_S, ask, bearer
from server.ops.prove.security.stage import OWN, Hall

PATH = "/socket.io/?EIO=4"
#: packets of a screen that is in its room: none of them means anything
FORGED = (
    '42/live,["view",{"room":"floor","version":999999}]', '42/live,["pulse",{}]', '42/live,["connect",{}]', '42/live,["disconnect"]',
    f'42/live,9["next",{{"counter":"{OWN}-1"}}]', "42/live,[]", "42/live,{", '42["message","x"]', '43/live,1["x"]', '40/live,{"room":"floor"}',
    '40/other,{"room":"floor"}', '451-/live,["x",{"_placeholder":true,"num":0}]', '45999999999-/live,["x",{"_placeholder":true,"num":0}]',
    "44/live,{}", "4", "4\0", "49/live", "3probe", "5", "6", "9", "\ud7ff", "42/live," + "[" * 5000, '42/live,{"__proto__":{"a":1}}',
    '42/live,["x",' + '{"a":' * 2000 + "1" + "}" * 2000 + "]", "4" + "2" * 4000, "42/" + "n" * 9000 + ',["x"]', "42/live,NaN", "40/live,1e999",
)
#: frames that RFC 6455 forbids or this server never takes: each ends its own connection at the most
_MASK = b"\x01\x02\x03\x04"
BROKEN_FRAMES = {
    "unmasked": b"\x81\x05hello",
    "reserved bits": b"\xf1\x80" + _MASK,
    "an unknown opcode": b"\x83\x80" + _MASK,
    "a ping of 200 bytes": b"\x89\xfe\x00\xc8" + _MASK + bytes(200),
    "a ping in pieces": b"\x09\x80" + _MASK,
    "a continuation of nothing": b"\x80\x80" + _MASK,
    "a length of 2^63": b"\x81\xff" + struct.pack(">Q", 2**63) + _MASK,
    "a length of 1 GB": b"\x81\xff" + struct.pack(">Q", 10**9) + _MASK + bytes(1000),
    "text that is no UTF-8": b"\x81\x84" + bytes(4) + b"\xff\xfe\xfd\xfc",
    "a close with a bad code": b"\x88\x82" + bytes(4) + b"\x00\x01",
    "binary": b"\x82\x84" + bytes(4) + b"\x00\x01\x02\x03",
    "a compressed frame": b"\xc1\x80" + _MASK,
    "pieces without end": b"\x01\x84" + bytes(4) + b"42/l" + (b"\x00\x84" + bytes(4) + b"aaaa") * 200,
}


def attack(hall: Hall, service: str, forged: int) -> None:
    """`forged`: how many forged packets in all. A screen beside them goes on hearing the truth."""
    auth = {"room": f"gerai:{OWN}", "token": hall.tokens["cli"]}
    watcher = connect(hall.address, "watcher", auth, {})
    before = _done(hall)
    said = _say_all(hall, auth, forged, watcher)
    _break_all(hall, auth)
    _polls(hall)
    after = _done(hall)
    hall.expect(after == before, f"frames: something was done by forged packets: {before} became {after}")
    hall.count("forged packets", said)
    _still_hears(hall, watcher, service)
    hall.expect("Traceback" not in hall.log_text(), "frames: a trace in the log")


def _done(hall: Hall) -> tuple[int, int]:
    """The newest act of anybody (what the server notices by itself goes on meanwhile), and the tickets."""
    return int(hall.rows("SELECT max(seq) FROM event WHERE actor <> 'system'")[0][0]), hall.tickets()


def _say_all(hall: Hall, auth: dict[str, str], most: int, watcher: Screen) -> int:
    said = 0
    while said < most:
        with suppress(OSError):  # it was closed: that is told at the end
            while select.select([watcher.sock], [], [], 0)[0]:
                watcher.take()  # answers its pings, as an honest screen does
        screen = connect(hall.address, "forger", auth, {})
        with suppress(OSError):  # ended for what it said: then another one comes
            for packet in FORGED:
                screen.sock.sendall(frame(packet.encode()))
                said += 1
        screen.sock.close()
    return said


def _break_all(hall: Hall, auth: dict[str, str]) -> None:
    oversized = {"a packet of 60 kB": frame(b"42/live," + b"x" * 60_000)}
    for data in {**BROKEN_FRAMES, **oversized}.values():
        screen = connect(hall.address, "breaker", auth, {})
        with suppress(OSError):
            screen.sock.sendall(data)
            screen.sock.shutdown(socket.SHUT_WR)
        screen.sock.close()
        hall.count("broken frames")


def _polls(hall: Hall) -> None:
    """The other transport, and handshakes that are none: a refusal, never a 500."""
    bad = {
        "another version": ("GET", "/socket.io/?EIO=3&transport=polling", b""), "no version": ("GET", "/socket.io/?transport=polling", b""),
        "no transport": ("GET", PATH + "&transport=smoke", b""), "an unknown session": ("GET", PATH + "&transport=polling&sid=nobody", b""),
        "a session like a path": ("GET", PATH + "&transport=polling&sid=../../etc", b""), "JSONP": ("GET", PATH + "&transport=polling&j=<script>&sid=x", b""),
        "JSONP with a word": ("GET", PATH + "&transport=polling&j=alert", b""), "polling": ("GET", PATH + "&transport=polling", b""), "a post to nobody": ("POST", PATH + "&transport=polling&sid=nobody", b"40/live,{}"),
        "a method": ("DELETE", PATH + "&transport=polling", b""), "no socket": ("GET", PATH + "&transport=websocket", b""),
    }
    for name, (method, path, body) in bad.items():
        told = ask(hall.address, method, path, {"Content-Type": "text/plain"}, body)
        hall.expect(400 <= told.status < 500, f"frames: poll, {name}: {told.status}")
    hall.count("forged polls", len(bad))


def _still_hears(hall: Hall, watcher: Screen, service: str) -> None:
    """A number taken now reaches the screen that was there all the time."""
    hall.ask("POST", "/tickets", bearer(hall.tokens["K1"]), {"service": service})
    seq = int(hall.rows("SELECT max(seq) FROM event WHERE type = 'TicketIssued'")[0][0])
    watcher.sock.settimeout(TIMEOUT_S)
    try:
        while not any(version >= seq for version, _ in watcher.heard):
            watcher.take()
    except (OSError, TimeoutError) as ended:
        hall.broken.append(f"frames: an honest screen beside the forgers heard no more ({ended})")
    watcher.sock.close()

