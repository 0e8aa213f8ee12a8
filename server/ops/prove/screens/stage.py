"""The hall that the screens hang in: its rooms, somebody who presses, and what the server says is the truth."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

from server.ops.bench.http_load import once, wish
from server.ops.bench.people import Refused
from server.ops.bench.servers import HOST
from server.ops.prove.lives.calling import Unanswered
from server.ops.prove.lives.hall import Hall
from server.ops.prove.screens.client import Held, Screen, read_view

KIOSK, DESK, BOSS, OFFICER = "K1", "resepsionis", "pengawas", "petugas-dkc"
COUNTER, SERVICE, GERAI = "/counters/DKC-1", "DKC-KTP", "DKC"
#: every so many screens one goes by the bad road
ON_ROAD = 4

Headers = dict[str, dict[str, str]]


@dataclass
class Stage:
    """`called`: the number that was called last. `rooms`: room -> headers of somebody who may see it."""

    hall: Hall
    headers: Headers
    rooms: Headers = field(default_factory=dict)
    called: str = ""
    presses: int = 0

    def __post_init__(self) -> None:
        self._caller = self.hall.caller(self.headers)

    @property
    def address(self) -> tuple[str, int]:
        return (HOST, self.hall.port)

    def enrol(self, displays: int) -> None:
        """Displays beside the first run's own, and a counter that is open."""
        for number in range(displays):
            body = {"kind": "display", "code": f"S{number}", "name": f"Layar {number}"}
            token = self._caller.must(BOSS, "/devices", body)["token"]
            self.rooms[f"display:S{number}"] = {"Authorization": f"Bearer {token}"}
        self.rooms[f"gerai:{GERAI}"] = self.headers[OFFICER]
        self.rooms["floor"] = self.headers[BOSS]
        self.rooms["desk"] = self.headers[DESK]
        self.rooms[f"kiosk:{KIOSK}"] = self.headers[KIOSK]
        self._caller.must(OFFICER, f"{COUNTER}/open", {"services": [SERVICE]})

    def screens(self, count: int, road: tuple[str, int], seed: int) -> list[Screen]:
        """As in a hall: half are officers' pages, a third displays, the others kiosks, desks and supervisors."""
        rooms = [f"gerai:{GERAI}"] * 5 + ["display"] * 3 + ["other"] * 2
        turns = {
            "display": cycle(room for room in self.rooms if room.startswith("display:")),
            "other": cycle([f"kiosk:{KIOSK}", "desk", "floor"]),
        }
        made = []
        for at in range(count):
            room = rooms[at % len(rooms)]
            room = next(turns[room]) if room in turns else room
            made.append(self._screen(room, road if at % ON_ROAD == 0 else self.address, Random(f"{seed} screen {at}")))
        return made

    def _screen(self, room: str, address: tuple[str, int], chance: Random) -> Screen:
        headers = self.rooms[room]
        token = headers.get("Authorization", "").removeprefix("Bearer ")
        shown = {"Cookie": headers["Cookie"]} if "Cookie" in headers else {}
        return Screen(room, {"room": room, **({"token": token} if token else {})}, shown, address, chance)

    def press(self) -> None:
        """A number, a call, an end: the last is acknowledged when this returns. Raises Refused, Unanswered."""
        self._must(DESK, "/tickets", {"service": SERVICE})
        self._must(OFFICER, f"{COUNTER}/finish", {}, fails=409)
        self.called = self._must(OFFICER, f"{COUNTER}/next", {})["ticket"]["number"]

    def _must(self, who: str, path: str, body: dict[str, Any], fails: int = 0) -> Any:
        self.presses += 1
        told = self._caller.ask(who, path, body, f"press-{self.presses}")
        if told.status >= 300 and told.status != fails:
            raise Refused(f"{path}: {told.status} {told.body}")
        return told.body

    def truth(self, room: str) -> Held:
        """What `GET /views/{room}` says now. Raises Unanswered, Refused."""
        try:
            status, body = once(self.address, wish("GET", f"/api/v1/views/{room}", self.rooms[room]))
        except OSError as problem:
            raise Unanswered(repr(problem)) from problem
        if status != 200:
            raise Refused(f"{room}: {status} {body[:200]!r}")
        return read_view(body)[1]

    def truths(self) -> dict[str, Held]:
        return {room: self.truth(room) for room in self.rooms}

    def untold(self, truths: dict[str, Held]) -> list[str]:
        """Rooms that do not show the call that was acknowledged last, whatever version they say they are."""
        rooms = [room for room in truths if room.startswith(("display:", "gerai:"))]
        return [f"{room} does not show {self.called}, which was called" for room in rooms if not shows_call(truths[room], self.called)]

    # the process

    def begin(self) -> threading.Thread:
        """Start a server beside the screens, which live on meanwhile; the thread ends when it is ready."""
        thread = threading.Thread(target=self.hall.begin)
        thread.start()
        return thread

    @property
    def pid(self) -> int:
        assert self.hall.life is not None
        return self.hall.life.pid

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/task"))

    def memory_mb(self) -> float:
        """Resident, 10^6 bytes."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split("VmRSS:")[1].split()[0]) * 1024 / 1e6

    def still_open(self, ports: set[int]) -> set[int]:
        """Those of the screens' ports whose connections the server has not ended (proc(5): /proc/net/tcp, state 01)."""
        found = set()
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            local, remote, state = line.split()[1:4]
            if state == "01" and int(local.split(":")[1], 16) == self.hall.port:
                found.add(int(remote.split(":")[1], 16))
        return found & ports


def shows_call(held: Held | None, number: str) -> bool:
    """Whether this view of a display or an officer has the number as called, not merely as waiting."""
    if held is None:
        return False
    start, end = held.data.find(b'"counters":'), held.data.find(b'"held":')
    part = held.data[start:end] if 0 <= start < end else held.data
    return b'"number":"%b"' % number.encode() in part
