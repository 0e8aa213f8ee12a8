"""What a real Chromium sees of the hall: when a call is on the screen, what the pages weigh, what a day leaves behind."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from server.ops.bench.figures import Weight

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

#: apart: what the limit of a page's weight does not count
APART = frozenset({"font", "image", "media"})
#: in the address of a call's sound, however it is fetched
CALLS = "/audio/"
#: looks at both clocks, of which the quickest counts
CLOCK_LOOKS = 30
PAINT_TIMEOUT_MS = 10_000
TV = {"width": 1920, "height": 1080}

# Notes when the number of each call was first painted, large or among the earlier ones: Chromium's own Element Timing says
# when the frame was presented, to 4 ms (https://w3c.github.io/element-timing/). The name is put on before the paint, since a
# MutationObserver is told before it.
WATCH = """(() => {
  window.painted = {};
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.identifier) painted[one.identifier] ??= one.renderTime || one.startTime;
  }).observe({ type: "element", buffered: true });
  const name = () => {
    for (const row of document.querySelectorAll("[data-call]")) {
      const number = row.querySelector(".number");
      if (number && !number.hasAttribute("elementtiming")) number.setAttribute("elementtiming", row.dataset.call);
    }
  };
  new MutationObserver(name).observe(document, { childList: true, subtree: true });
})()"""


def bound(browser: Browser, address: str, token: str) -> Any:
    """The state of a browser that holds a device, enrolled at its page's `address`."""
    context = browser.new_context()
    context.new_page().goto(f"{address}?enrol={token}")
    state = context.storage_state()
    context.close()
    return state


def lag_s(page: Page) -> float:
    """What the page's clock is behind this computer's monotonic one, which it follows (seconds)."""
    looks = []
    for _ in range(CLOCK_LOOKS):
        before_s = time.perf_counter()
        page_ms = page.evaluate("() => performance.now()")
        after_s = time.perf_counter()
        looks.append((after_s - before_s, (before_s + after_s) / 2 - page_ms / 1000))
    return min(looks)[1]


def watched(context: BrowserContext, address: str) -> Page:
    """A display's page that notes what it paints, once it stands."""
    page = context.new_page()
    page.set_viewport_size(TV)  # type: ignore[arg-type] # a plain dict
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_selector("#current")
    return page


def painted(page: Page, called: Mapping[int, float]) -> list[float]:
    """Seconds from each press (call_id -> monotonic seconds) until its number was painted; those that never came are left out."""
    from playwright import sync_api

    ids = [str(one) for one in called]
    try:
        page.wait_for_function("(ids) => ids.every((id) => id in painted)", arg=ids, timeout=PAINT_TIMEOUT_MS)
    except sync_api.TimeoutError:
        pass  # told as odd
    at_ms, behind_s = page.evaluate("() => painted"), lag_s(page)
    return [at_ms[str(one)] / 1000 + behind_s - pressed_s for one, pressed_s in called.items() if str(one) in at_ms]


def weigh(context: BrowserContext, address: str, there: str) -> Weight:
    """What a page is sent until it stands (`there`) and is at rest, but for the sounds of calls that wait just now."""
    page = context.new_page()
    requests: list[Request] = []
    sockets: list[object] = []
    page.on("requestfinished", lambda one: requests.append(one))  # the driver cannot mark a built-in
    page.on("websocket", lambda one: sockets.append(one))
    page.goto(address)
    page.wait_for_selector(there, state="attached")
    page.wait_for_load_state("networkidle")
    requests = [one for one in requests if CALLS not in one.url]
    own = [one for one in requests if one.resource_type not in APART]
    told = Weight(
        len(requests) + len(sockets), sum(map(_wire, own)), sum(map(_unpacked, own)), sum(_wire(one) for one in requests if one not in own)
    )
    context.close()
    return told


def _wire(one: Request) -> int:
    return int(one.sizes()["responseBodySize"])


def _unpacked(one: Request) -> int:
    answer = one.response()
    return len(answer.body()) if answer and answer.status == 200 else 0


def cookies(address: str, header: str) -> list[dict[str, str]]:
    """A Cookie header as a browser is given it."""
    parts = urlsplit(address)
    pairs = (one.strip().partition("=") for one in header.split(";"))
    return [{"name": name, "value": value, "url": f"{parts.scheme}://{parts.netloc}"} for name, _, value in pairs]


