"""From the press to the frame: one wish by HTTP, and when each screen had what it brought about."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field

from server.ops.bench.figures import Round
from server.ops.bench.http_load import TIMEOUT_S, Asker, Wish
from server.ops.bench.sockets import Crowd, Screen

#: longest wait for the last screen, and the pause before the next press, seconds
FRAME_TIMEOUT_S, REST_S = 5.0, 0.3


@dataclass
class Pressed:
    """Latencies press -> frame by the kind of screen, all screens of all presses; `missing`: frames that never came."""

    by_kind: dict[str, list[float]] = field(default_factory=dict)
    presses: int = 0
    missing: int = 0
    frame_bytes: int = 0
    over_s: float = 0.0
    #: call_id -> when its button was pressed, on the monotonic clock of this computer
    called: dict[int, float] = field(default_factory=dict)

    def round(self, kind: str | None = None) -> Round:
        kinds = [kind] if kind else list(self.by_kind)
        return Round(tuple(t for one in kinds for t in self.by_kind.get(one, ())), self.over_s, self.missing)


@dataclass
class _Finger:
    """A press on its way: reads its answer in the crowd's own loop."""

    asker: Asker
    status: int = 0

    @property
    def sock(self) -> socket.socket:
        return self.asker.sock

    def take(self) -> None:
        self.status = self.status or self.asker.answered()

    def call(self) -> int:
        """The id of the call that the answer tells of; 0 when it tells of none."""
        got = self.asker.got
        body = bytes(got[got.find(b"\r\n\r\n") + 4:])
        told = json.loads(body) if body else {}
        return int((told.get("call") or {}).get("id", 0))


def press(crowd: Crowd, owner: str, address: tuple[str, int], wish: Wish, presses: int, wants_call: bool) -> Pressed:
    """Press again and again, each time when all screens are at rest.

    `wants_call`: a screen has it once its version reached the call; otherwise with its first event.
    Ends early when nobody waits any more. Raises ConnectionError when a screen is dropped.
    """
    told = Pressed()
    screens = crowd.of(owner)
    began_s = time.perf_counter()
    with socket.create_connection(address, TIMEOUT_S) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(presses):
            _rest(crowd)
            if not _once(crowd, screens, Asker(sock, wish), wants_call, told):
                break
    told.over_s = time.perf_counter() - began_s
    return told


def _rest(crowd: Crowd) -> None:
    until_s = time.perf_counter() + REST_S
    while (left_s := until_s - time.perf_counter()) > 0:
        crowd.turn(left_s)


def _once(crowd: Crowd, screens: list[Screen], asker: Asker, wants_call: bool, told: Pressed) -> bool:
    finger = _Finger(asker)
    for screen in screens:
        screen.heard.clear()
    crowd.watch(finger)
    asker.ask()
    ends_s = asker.since_s + FRAME_TIMEOUT_S
    version, waiting = -1, list(screens)
    while time.perf_counter() < ends_s and (version < 0 or waiting):
        crowd.turn(0.1)
        if finger.status and version < 0:
            version = finger.call() if wants_call else 0
            if finger.status >= 300 or (wants_call and not version):
                crowd.leave(finger)
                return False
        if version >= 0:
            waiting = [screen for screen in waiting if not _has(screen, version)]
    crowd.leave(finger)
    told.presses += 1
    if version > 0:
        told.called[version] = asker.since_s
    told.missing += len(waiting)
    for screen in screens:
        at_s = _has(screen, max(version, 0))
        if at_s:
            told.by_kind.setdefault(screen.kind, []).append(at_s - asker.since_s)
            told.frame_bytes = max(told.frame_bytes, screen.bytes_last)
    return True


def _has(screen: Screen, version: int) -> float:
    """When the screen first had this version, 0.0: not yet."""
    return next((at_s for have, at_s in screen.heard if have >= version), 0.0)
