"""The kiosk's and the display's own page in a real Chromium, on a road that loses, repeats and turns round what it carries."""

from __future__ import annotations

import importlib
import random
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from server.cli.testing import find_browser
from server.ops.bench.cores import split
from server.ops.bench.people import Refused
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.security.asking import ask, bearer
from server.ops.prove.security.browser import ARGUMENTS, NAME, TIMEOUT_MS, missing
from server.ops.prove.security.stage import OWN, Hall

TITLE = "Pages: one touch and one call on a bad road"
HOW = """
What is promised: one touch, one number, however often the road fails (P5), and a screen that never goes back to an older state (P6).

A real server, and a real Chromium that opens the kiosk's page and a display's as they are shipped. Visitors touch a service and
take a number. By the seed the request is lost, or it is done and its answer lost, once or twice; the visitor touches twice, or
the page is loaded anew in the middle. At the end of each visit the log, read with SQLite alone, must hold exactly
one number more, and it must be the one on the screen.

Meanwhile an officer calls, and the frames of the display's socket are held back, repeated and given in another order by a man in the
middle; after the last call all that were ever sent come once more, mixed. The display must show the newest call of the log, above the
earlier ones in their order, and must never have shown an older one after a newer one (noted by the page itself, at each
change of what it draws), and how many wait must be what the tables say.

What it cannot show: sound is another matter (`tests/faces`), and so are old TVs; a browser that breaks itself.
"""

PLANTS = (
    Plant("the key is made at the tap, not with the wish", "kiosk/static/visit.js",
          "answer = await send(visit.intent.body, visit.intent.key);", "answer = await send(visit.intent.body, newKey());"),
    Plant("a wish that was sent is forgotten when the page is loaded anew", "kiosk/static/visit.js",
          "let visit = { ...HOME, ...kept.load(\"visit\") };", "let visit = { ...HOME };"),
    Plant("a view is taken without a look at its version", "server/shared/static/versions.js",
          "return incoming.version > held.version;", "return true;"),
)  # fmt: skip

#: visits, calls
SHORT, LONG = (2, 2), (60, 40)
#: visitors here follow each other faster than people do; what a kiosk's pace refuses is tried elsewhere
NO_PACE = {"MPP_KIOSK_TICKET_INTERVAL_S": "0", "MPP_KIOSK_TICKETS_PER_MINUTE": "0"}
SERVICE = "DKC-KTP"
#: what a visit meets, in turn
FATES = ("reply lost", "reply lost and loaded anew", "request lost", "reply lost twice", "touched twice")
#: how many wait as the display says, all gerai together
_WAITING = "() => [...document.querySelectorAll('li > .name + .number')].reduce((sum, node) => sum + Number(node.textContent), 0)"
#: so many wait after the last call: more than any old frame knows of
WAIT_AT_THE_END = 4
#: the page notes each call that it draws large
_NOTED = """() => {
  window.drawn = [];
  new MutationObserver(() => {
    const call = document.querySelector('.call[data-call]')?.dataset.call;
    if (call && window.drawn.at(-1) !== call) window.drawn.push(call);
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def run(order: Order) -> Findings:
    """In a thread of its own: whoever calls may have a browser going in this one."""
    if lack := missing():
        return Findings(left_out=[lack])
    with ThreadPoolExecutor(1, "pages") as thread:
        return thread.submit(_run, order).result()


def _run(order: Order) -> Findings:
    playwright: Any = importlib.import_module("playwright.sync_api")
    visits, calls = LONG if order.is_long else SHORT
    with tempfile.TemporaryDirectory(prefix="mpp-pages-") as folder:
        hall = Hall(Path(folder) / "hall", split()[0]).start(**NO_PACE)
        try:
            hall.furnish()
            with playwright.sync_playwright() as driver:
                chromium = driver.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
                try:
                    _Kiosk(hall, chromium, random.Random(order.seed)).serve(visits, order.say)
                    _Display(hall, chromium, random.Random(order.seed)).hear(calls, order.say)
                except playwright.Error as broken:
                    hall.broken.append(f"a page did not come as far as it should: {str(broken).splitlines()[0]}")
                chromium.close()
        finally:
            hall.stop()
    return Findings([f"- {what}: {count}" for what, count in sorted(hall.counts.items())], hall.broken)


def _page_of(hall: Hall, chromium: Any, kind: str, code: str) -> Any:
    """A page of this device's browser, not opened yet."""
    context = chromium.new_context(viewport={"width": 1080, "height": 1920})
    context.set_default_timeout(TIMEOUT_MS)
    context.add_cookies([{"name": "mpp_browser", "value": hall.browser(kind, code), "url": _at(hall, "/")}])
    return context.new_page()


def _at(hall: Hall, path: str) -> str:
    return f"http://{NAME}:{hall.address[1]}{path}"


class _Kiosk:
    def __init__(self, hall: Hall, chromium: Any, rng: random.Random) -> None:
        self._hall, self._rng = hall, rng
        self._page = _page_of(hall, chromium, "kiosk", "K1")
        self._lose: list[str] = []  # what the next presses meet
        self._page.route("**/api/v1/tickets", self._carry)
        self._page.goto(_at(hall, "/kiosk/K1"))

    def serve(self, visits: int, say: Callable[[str], object]) -> None:
        for number in range(visits):
            self._visit(FATES[number % len(FATES)] if number < len(FATES) else self._rng.choice(FATES))
            if number % 10 == 9:
                say(f"{number + 1} visits, {len(self._hall.broken)} broken")

    def _carry(self, route: Any) -> None:
        fate = self._lose.pop(0) if self._lose else "carried"
        if fate == "request":
            route.abort("connectionreset")
        elif fate == "reply":
            self._pass_on(route.request)
            route.abort("connectionreset")
        else:
            route.continue_()

    def _pass_on(self, asked: Any) -> None:
        """Carry the page's request to the server as it is, and lose the answer."""
        told = {"idempotency-key": "Idempotency-Key", "content-type": "Content-Type"}
        headers = {told.get(name, name): value for name, value in asked.all_headers().items() if name[0] != ":" and name != "content-length"}
        headers |= {"host": urlsplit(asked.url).netloc, "accept-encoding": "identity"}
        answer = ask(self._hall.address, "POST", urlsplit(asked.url).path, headers, asked.post_data_buffer)
        self._hall.expect(answer.status == 201, f"a number was refused: {answer.status} {answer.body[:200]!r}")
        self._hall.count("answers lost")

    def _visit(self, fate: str) -> None:
        page, before = self._page, self._hall.tickets()
        page.locator(f'[data-gerai="{OWN}"]').first.click()
        page.locator(f'[data-service="{SERVICE}"]').first.click()
        self._lose = {"request lost": ["request"], "reply lost twice": ["reply", "reply"], "touched twice": []}.get(fate, ["reply"])
        take = page.locator("#take")
        if fate == "touched twice":
            take.dblclick()
        else:
            take.click()
        if fate.endswith("loaded anew"):
            page.wait_for_function("() => !document.querySelector('#take') || document.querySelector('#take').disabled")
            page.reload()
        self._judge(fate, before)
        page.locator("#done").click()

    def _judge(self, fate: str, before: int) -> None:
        number = self._page.locator("#number")
        number.wait_for()
        shown = number.text_content()
        rows = self._hall.rows("SELECT label FROM ticket ORDER BY id DESC LIMIT 1")
        self._hall.count(f"visits: {fate}")
        self._hall.expect(self._hall.tickets() == before + 1, f"{fate}: one touch gave {self._hall.tickets() - before} numbers")
        self._hall.expect(rows and rows[0][0] == shown, f"{fate}: the screen shows {shown}, the log's newest is {rows}")


class _Display:
    def __init__(self, hall: Hall, chromium: Any, rng: random.Random) -> None:
        self._hall, self._rng = hall, rng
        self._officer = hall.person("officer")
        self._to_page: Any = None
        self._frames: list[Any] = []
        self._page = _page_of(hall, chromium, "display", "TV1")
        self._page.route_web_socket("**/socket.io/**", self._between)

    def hear(self, calls: int, say: Callable[[str], object]) -> None:
        """Calls by an officer, each seen on the page; then all old frames again."""
        self._do(f"/counters/{OWN}-1/open")
        self._page.goto(_at(self._hall, "/display/TV1"))
        self._page.evaluate(_NOTED)
        for number in range(calls):
            self._do("/tickets", bearer(self._hall.tokens["API1"]), {"service": SERVICE})
            self._do(f"/counters/{OWN}-1/next")
            self._seen(self._newest())
            self._repeat(self._rng.randrange(3))
            self._do(f"/counters/{OWN}-1/finish")
            if number % 20 == 19:
                say(f"{number + 1} calls, {len(self._hall.broken)} broken")
        for _ in range(WAIT_AT_THE_END):
            self._do("/tickets", bearer(self._hall.tokens["API1"]), {"service": SERVICE})
        self._page.wait_for_function(f"(wanted) => ({_WAITING})() === wanted", arg=self._waiting())
        self._repeat(len(self._frames))
        self._page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)))")
        self._judge()

    def _between(self, socket: Any) -> None:
        """The man in the middle: carries everything, and keeps each view that the server sent."""
        server = socket.connect_to_server()
        self._to_page = socket
        socket.on_message(server.send)

        def back(message: Any) -> None:
            if isinstance(message, str) and '"view"' in message[:20]:
                self._frames.append(message)
                if self._rng.random() < 0.3:
                    socket.send(message)
                    self._hall.count("frames repeated at once")
            socket.send(message)

        server.on_message(back)

    def _repeat(self, count: int) -> None:
        """Old frames, in any order."""
        for message in self._rng.sample(self._frames, min(count, len(self._frames))):
            self._to_page.send(message)
            self._hall.count("old frames sent again")

    def _do(self, path: str, who: dict[str, str] | None = None, body: dict[str, str] | None = None) -> None:
        """As the officer, or as somebody else. Raises Refused."""
        told = self._hall.ask("POST", path, who or self._officer.headers, body or {})
        if told.status >= 300:
            raise Refused(f"{path}: {told.status} {told.body[:200]!r}")

    def _newest(self) -> int:
        self._hall.count("calls")
        return int(self._hall.rows("SELECT max(id) FROM call")[0][0])

    def _seen(self, call: int) -> None:
        self._page.wait_for_function("(call) => window.drawn.includes(call)", arg=str(call))

    def _waiting(self) -> int:
        return int(self._hall.rows("SELECT count(*) FROM leg WHERE state = 'waiting'")[0][0])

    def _judge(self) -> None:
        waiting = self._page.evaluate(_WAITING)
        self._hall.expect(waiting == self._waiting(), f"the display went back: it says {waiting} wait, {self._waiting()} do")
        drawn = [int(one) for one in self._page.evaluate("window.drawn")]
        self._hall.expect(drawn == sorted(drawn), f"the display went back: it drew the calls {drawn}")
        shown = [int(one) for one in self._page.evaluate("[...document.querySelectorAll('[data-call]')].map((node) => node.dataset.call)")]
        wanted = [row[0] for row in self._hall.rows("SELECT id FROM call ORDER BY id DESC")][: len(shown)]
        self._hall.expect(shown == wanted, f"the display shows the calls {shown}; the newest of the log are {wanted}")
