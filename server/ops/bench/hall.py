"""The hall's screens: press to frame at all but one, press to pixel in that one, announcements, pages by weight and by day."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server.ops.bench import page_day, pages, past
from server.ops.bench.browser import NoBrowser, in_chromium
from server.ops.bench.figures import Round
from server.ops.bench.http_load import TIMEOUT_S, wish
from server.ops.bench.people import Cast, Refused, ask, bearer, call_somebody, give_numbers, hall_guests
from server.ops.bench.report import Report
from server.ops.bench.servers import Server
from server.ops.bench.worker import LoadWorker

if TYPE_CHECKING:
    from playwright.sync_api import Browser

#: after screens came: until the hall has taken note of each of them
SETTLE_S = 5.0
#: of the page in its day: what it keeps is not in its pixels
SMALL = {"width": 480, "height": 270}
SHOUT = wish("POST", "/send", body=b"x" * 100)


@dataclass(frozen=True)
class Length:
    """`rounds` of so many `presses`; `screens`: the page among them; `calls`: on each page in its day."""

    rounds: int
    presses: int
    screens: int
    calls: int


@dataclass(frozen=True)
class HallRows:
    """Measures into `report`; `cores` are those of the browser."""

    report: Report
    length: Length
    load: LoadWorker
    bare: Server
    server: Server
    cast: Cast
    data: Path
    cores: frozenset[int]
    say: Callable[[str], object]

    def measure(self) -> None:
        """Raises Refused, Broken. Without a browser only what needs none."""
        self._announcements()
        try:
            in_chromium(self.cores, self._pages)
        except NoBrowser as missing:
            self.report.facts["pages"] = f"not measured: {missing}"

    def _announcements(self) -> None:
        """The sound of a call that was never made, the same again, and the bare view, on one connection each."""
        self.say("announcements ...")
        call_somebody(self.server, self.cast)
        with _Listener(self.bare) as bare, _Listener(self.server) as ear:
            for _ in range(self.length.rounds):
                calls = self._calls(self.length.presses)
                self.report.of("bare view, alone").add(_timed(lambda: bare.hear("/ok"), 2 * self.length.presses))
                for name in ("announcement made", "announcement again"):
                    paths = iter([f"/audio/call/{one}.wav" for one in calls])
                    self.report.of(name).add(_timed(lambda paths=paths: ear.hear(next(paths)), len(calls)))  # type: ignore[misc]
        past.settle_paper(self.data)

    def _calls(self, count: int) -> list[int]:
        """So many new calls; their ids."""
        officer = self.cast.officers[0]
        give_numbers(self.server, self.cast, officer, count)
        press = (f"/counters/{officer.counter}/finish", officer.headers, {"next": True})
        return [int(ask(self.server, *press)["call"]["id"]) for _ in range(count)]

    def _pages(self, browser: Browser) -> None:
        self.report.facts["browser"] = f"Chromium {browser.version}"
        code, token = next(iter(self.cast.displays.items()))
        address = f"{self.server.url}/display/{code}"
        state = pages.bound(browser, address, token)
        self._weights(browser, address, state)
        self._pixels(browser, address, state)
        self._days(browser, address, state)

    def _pixels(self, browser: Browser, address: str, state: Any) -> None:
        """Presses in turn at the bare broadcast and at a hall of one page and sockets."""
        sockets = self.length.screens - 1
        self.load.enter("bare", self.bare.address, [("bare", {}, {})] * sockets)
        self.load.enter("page", self.server.address, hall_guests(self.cast, sockets))
        context = browser.new_context(storage_state=state)
        page = pages.watched(context, address)
        time.sleep(SETTLE_S)
        for number in range(self.length.rounds):
            self.say(f"pixels, round {number + 1} of {self.length.rounds}")
            at = number % len(self.cast.officers)
            floor = self.load.press("bare", self.bare.address, SHOUT, self.length.presses, False)
            self.report.of("bare broadcast").add(floor.round())
            call_somebody(self.server, self.cast)
            give_numbers(self.server, self.cast, self.cast.officers[at], self.length.presses)
            told = self.load.press("page", self.server.address, self.cast.finish_next_wishes()[at], self.length.presses, True)
            self.report.of("frame beside a page").add(told.round())
            seen = pages.painted(page, told.called)
            self.report.of("pixel of the page").add(Round(tuple(seen), told.over_s, len(told.called) - len(seen)))
            past.settle_paper(self.data)
        context.close()
        self.load.leave("page")
        self.load.leave("bare")

    def _weights(self, browser: Browser, address: str, state: Any) -> None:
        self.say("weight of the pages ...")
        kiosk, kiosk_token = next(iter(self.cast.kiosks.items()))
        kiosk_address = f"{self.server.url}/kiosk/{kiosk}"
        staff = browser.new_context()
        staff.add_cookies(pages.cookies(address, self.cast.officers[0].headers["Cookie"]))  # type: ignore[arg-type] # plain dicts
        looked = {
            "display": (browser.new_context(storage_state=state), address, "#current"),
            "simple": (browser.new_context(), self._simple(address), "[data-call]"),
            "kiosk": (browser.new_context(storage_state=pages.bound(browser, kiosk_address, kiosk_token)), kiosk_address, "[data-gerai]"),
            "counter": (staff, f"{self.server.url}/counter", "main button"),
        }
        self.report.weights.update({name: pages.weigh(*one) for name, one in looked.items()})

    def _days(self, browser: Browser, address: str, state: Any) -> None:
        code = next(iter(self.cast.displays))
        for name in ("display", "simple"):
            self.say(f"{self.length.calls} calls on the page {name} ...")
            view = ask(self.server, f"/views/display:{code}", bearer(self.cast.displays[code]))
            context = browser.new_context(storage_state=state, viewport=SMALL, reduced_motion="reduce")  # type: ignore[arg-type] # a plain dict
            where = address if name == "display" else self._simple(address)
            self.report.days[name] = page_day.measure(context.new_page(), where, view, self.length.calls)
            context.close()

    def _simple(self, address: str) -> str:
        """The address of the display's page for old TVs, with a new key."""
        code = address.rpartition("/")[2]
        path = ask(self.server, f"/displays/{code}/key", bearer(self.cast.cli), {})["url"].partition("/display/")[2]
        return f"{self.server.url}/display/{path}"


class _Listener:
    """One connection that is kept, as a page's is; follows one redirection."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection(*server.address, timeout=TIMEOUT_S)

    def __enter__(self) -> _Listener:
        return self

    def __exit__(self, *problem: object) -> None:
        self._connection.close()

    def hear(self, path: str) -> None:
        """Raises Refused when it is not there."""
        for _ in range(2):
            self._connection.request("GET", path)
            answer = self._connection.getresponse()
            answer.read()
            if answer.status == 200:
                return
            path = answer.headers.get("Location", path)
        raise Refused(f"{path}: {answer.status}")


def _timed(act: Callable[[], object], times: int) -> Round:
    took = []
    began_s = time.perf_counter()
    for _ in range(times):
        at_s = time.perf_counter()
        act()
        took.append(time.perf_counter() - at_s)
    return Round(tuple(took), time.perf_counter() - began_s)
