"""Pages on the namespace `/live`: they keep the newest view, and displays every call they got."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import socketio

from server.simulate.record import Record
from server.simulate.wire import Unsettled, Wire

NAMESPACE = "/live"
CONNECT_TIMEOUT_S = 20
#: pages come back within so many real seconds
COMES_BACK_S = 2


class Page:
    """One connected screen. `at` of every view and pulse goes to `heard`."""

    def __init__(self, url: str, room: str, wire: Wire, heard: Callable[[str], None]) -> None:
        self.room = room
        self.wire = wire
        self.latest: dict[str, Any] | None = None
        self.views = 0
        self._url = url
        self._heard = heard
        self._news = threading.Condition()
        self._cookie: str | None = None
        self._client = socketio.Client(
            reconnection_delay=0.2, reconnection_delay_max=COMES_BACK_S, handle_sigint=False
        )
        self._client.on("view", self._on_view, namespace=NAMESPACE)
        self._client.on("pulse", self._on_pulse, namespace=NAMESPACE)

    def open(self) -> None:
        """Connect; the first view follows. Raises socketio.exceptions.ConnectionError."""
        shown = self.wire.proof.headers
        self._cookie = shown.get("Cookie")
        token = shown.get("Authorization", "").removeprefix("Bearer ")
        headers = {"Cookie": shown["Cookie"]} if "Cookie" in shown else {}
        self._client.connect(
            self._url, headers=headers, auth={"room": self.room, **({"token": token} if token else {})},
            transports=["websocket"], namespaces=[NAMESPACE], wait_timeout=CONNECT_TIMEOUT_S,
        )

    def close(self) -> None:
        self._client.disconnect()

    def renew(self) -> None:
        """Come in again when the session was renewed: the old one's screens are closed."""
        if self.wire.proof.headers.get("Cookie") != self._cookie:
            self.close()
            self.open()

    @property
    def version(self) -> int:
        return int(self.latest["version"]) if self.latest else -1

    def wait_newer(self, version: int, timeout_s: float) -> bool:
        """Wait, at most so many real seconds, for a view newer than `version`."""
        with self._news:
            return self._news.wait_for(lambda: self.version > version, timeout_s)

    def ask(self) -> Mapping[str, Any]:
        """The room's view by HTTP. Raises Unsettled."""
        reply = self.wire.get(f"/views/{self.room}", kind="view")
        if reply.status != 200:
            raise Unsettled(f"view {self.room}: {reply.status} {reply.code}")
        view: Mapping[str, Any] = reply.body
        return view

    def _on_view(self, view: dict[str, Any]) -> None:
        self._heard(view["at"])
        self.take(view)
        with self._news:
            if self.latest is None or view["epoch"] != self.latest["epoch"] or view["version"] >= self.version:
                self.latest = view
            self.views += 1
            self._news.notify_all()

    def _on_pulse(self, pulse: Mapping[str, Any]) -> None:
        self._heard(pulse["at"])
        if pulse["version"] > self.version:
            self._on_view(dict(self.ask()))

    def take(self, view: Mapping[str, Any]) -> None:
        """Overridden by pages that keep more than the newest view."""


class Display(Page):
    """A lobby screen: it owns the set of calls it was given."""

    def __init__(self, url: str, code: str, wire: Wire, record: Record, heard: Callable[[str], None]) -> None:
        super().__init__(url, f"display:{code}", wire, heard)
        self.code = code
        self._record = record
        self.calls: dict[int, Mapping[str, Any]] = {}
        #: version of the first view: calls after it must all come
        self.since: int | None = None
        #: gerai whose calls this screen's sound group hears
        self.hears: frozenset[str] = frozenset()

    def take(self, view: Mapping[str, Any]) -> None:
        told = [int(row["call_id"]) for row in view["data"]["calls"]]
        if told != sorted(set(told)):
            self._record.break_promise("P8", f"{self.room}: calls out of order in version {view['version']}")
        if self.since is None:
            self.since = int(view["version"])
            self.hears = frozenset(row["gerai"] for row in view["data"]["waiting"])
        elif told and told[0] > (known := max([self.since, *self.calls])):
            # At a high rate more calls may fall between two views than a view carries.
            self._fill(view["epoch"], known)
        self.calls.update((row["call_id"], row) for row in view["data"]["calls"])

    def _fill(self, epoch: str, after: int) -> None:
        reply = self.wire.get(f"/displays/{self.code}/calls?after={epoch}-{after}", kind="look")
        if reply.status == 200:
            missed = {row["call_id"]: row for row in reply.body["items"]}
            self._record.count("calls_fetched", len(missed.keys() - self.calls.keys()))
            self.calls.update(missed)
