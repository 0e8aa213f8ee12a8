"""A day of calls on one page of a display in compressed time: says all, in order, and grows by nothing.

The page is the real server's; its clock is Playwright's and its sounds pretend, so that 5,000 calls, four hours at 20 a
minute, take a few minutes. What the server would say of them is said here, after a real view of that display: a
server that called 5,000 visitors would tell nothing more about the page.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from server.ops.bench.figures import Day
from server.ops.bench.pretend import PRETEND

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page, Route, WebSocketRoute

#: a hall of 5,000 visitors in 8 h has about 10 calls a minute, 20 at twice that
GAP_S = 3
SOUND_S = 2
TENTHS = 10
#: as many calls as a view of the hall tells at least, and a poll's answer at most
CALLS_TOLD = 12
CALLS_KEPT = 40
#: at the end, for what still waits to be said: so many turns of so many seconds at most
LEFT_TURNS, LEFT_S = 40, 5
_TAKE_SAID = "() => { const root = document.documentElement, told = root.dataset.said || ''; root.dataset.said = ''; return told; }"


class _Hall:
    """What the server of one page would say. `view` is a real one, with at least one call to take after."""

    def __init__(self, page: Page, view: dict[str, Any]) -> None:
        self._view, self._call = view, view["data"]["calls"][-1]
        self._now = datetime.fromisoformat(view["at"])
        self._calls: list[dict[str, Any]] = []
        self._socket: WebSocketRoute | None = None
        self.first = view["version"] + 1
        page.clock.install(time=self._now)
        page.add_init_script(PRETEND)
        page.route("**/api/v1/**", self._answer)
        page.route("**/audio/**", lambda route: route.fulfill(status=404))
        page.route_web_socket("**/socket.io/**", self._open)
        self._view["data"]["display"].update(speaks=True, shared=False, volume=100, commands=[])
        self._tell()

    def call(self, number: str) -> None:
        """The next call, pushed to a page that holds a socket."""
        self._now += timedelta(seconds=GAP_S)
        self._view["version"] += 1
        seq = self._view["version"]
        audio = {kind: f"/audio/call/{seq}-{kind}.wav" for kind in ("full", "short")}
        row = {**self._call, "call_id": seq, "number": number, "at": _text(self._now), "audio": audio, "spoken": False}
        self._calls = [*self._calls, row][-CALLS_KEPT:]
        self._tell()
        if self._socket is not None:
            self._socket.send("42/live," + json.dumps(["view", self._view]))

    def _tell(self) -> None:
        calls = self._calls[-CALLS_TOLD:]
        self._view["at"] = _text(self._now)
        self._view["data"].update(calls=calls, serving=[{**row, "state": "called"} for row in calls], set_aside=[])

    def _answer(self, route: Route) -> None:
        path = route.request.url.partition("/api/v1")[2]
        told: dict[str, Any] = self._view
        if path.startswith("/displays/"):
            told = self._reported(route) if route.request.method == "POST" else self._after(path)
        route.fulfill(status=200, content_type="application/json", body=json.dumps(told))

    def _reported(self, route: Route) -> dict[str, Any]:
        spoken = json.loads(route.request.post_data or "{}").get("spoken", ())
        return {"written": [row["call_id"] for row in spoken], "unknown": [], "speaks": True}

    def _after(self, path: str) -> dict[str, Any]:
        """`/displays/{code}/calls?after=EPOCH-SEQ`."""
        epoch, seq = self._view["epoch"], path.rpartition("-")[2]
        items = [row for row in self._calls if row["call_id"] > (int(seq) if seq.isdigit() else 0)]
        return {"items": items, "next": f"{epoch}-{self._view['version']}", "epoch": epoch}

    def _open(self, socket: WebSocketRoute) -> None:
        """Engine.IO 4 and Socket.IO 5, as much as one client of one namespace needs."""
        def heard(message: str | bytes) -> None:
            if str(message).startswith("40/live"):
                socket.send('40/live,{"sid":"n"}')
                socket.send("42/live," + json.dumps(["view", self._view]))
                self._socket = socket

        socket.on_message(heard)
        hello = {"sid": "s", "upgrades": [], "pingInterval": 300_000_000, "pingTimeout": 300_000_000, "maxPayload": 1_000_000}
        socket.send("0" + json.dumps(hello))


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def measure(page: Page, address: str, view: dict[str, Any], calls: int) -> Day:
    """`calls` calls (at least TENTHS) on the page at `address`, a display whose view is `view`."""
    hall = _Hall(page, view)
    page.goto(address)
    page.evaluate(f"() => {{ __length_s = {SOUND_S}; }}")
    page.clock.run_for(GAP_S * 1000)
    cdp = page.context.new_cdp_session(page)
    said: list[str] = []
    heaps: list[float] = []
    nodes: list[int] = []
    for n in range(1, calls + 1):
        hall.call(f"B-{n % 1000:03}")
        page.clock.run_for(GAP_S * 1000)
        if n * TENTHS // calls > len(heaps):
            said += page.evaluate(_TAKE_SAID).split()
            heaps.append(_heap_kb(cdp))
            nodes.append(cdp.send("Memory.getDOMCounters")["nodes"])
    for _ in range(LEFT_TURNS):
        if len(_ids(said)) >= calls:
            break
        page.clock.run_for(LEFT_S * 1000)
        said += page.evaluate(_TAKE_SAID).split()
    return Day(calls, tuple(heaps), tuple(nodes), odd(_ids(said), hall.first, calls))


def _ids(said: list[str]) -> list[int]:
    """`17-full` or `17-short` -> 17, chimes left out."""
    return [int(word.partition("-")[0]) for word in said if word != "chime"]


def odd(told: list[int], first: int, calls: int) -> int:
    """How many of the calls `first`, `first + 1` ... were not said, or were said again or after a later one."""
    wrong = len(set(range(first, first + calls)) - set(told))
    newest = 0
    for one in told:
        wrong += one <= newest
        newest = max(newest, one)
    return wrong


def _heap_kb(cdp: CDPSession) -> float:
    cdp.send("HeapProfiler.collectGarbage")
    return float(cdp.send("Runtime.getHeapUsage")["usedSize"]) / 1024
