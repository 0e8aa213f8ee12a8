"""Eight hours of calls at twice the peak in compressed time, on one page: says all, grows by nothing.

    python -m tests.faces.long_day [--simple] [--calls 5000]

Prints the page's heap after each tenth of the day, collected first, and exits 1 when a call was not
said in its order, or when the second half of the day grew by more than the bound.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM_ARGUMENTS, find_browser
from tests.faces.old_tv import PRETEND
from tests.faces.stage import Stage
from tests.faces.test_display_simple import Hall as Simple
from tests.faces.test_display_voice import Tv

#: a hall of 5,000 visitors in 8 h has about 10 calls a minute, 20 at twice that
GAP_S = 3
GROWN_MAX_KB = 400


def main() -> int:
    given = argparse.ArgumentParser()
    given.add_argument("--simple", action="store_true")
    given.add_argument("--calls", type=int, default=5000)
    asked = given.parse_args()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ.get("MPP_CHROMIUM") or find_browser(), args=list(CHROMIUM_ARGUMENTS))
        page = browser.new_context().new_page()
        hall = simple(page) if asked.simple else Tv(Stage(page))
        heaps, said = [], []
        page.evaluate("__length_s = 2")
        cdp = page.context.new_cdp_session(page)
        for n in range(asked.calls):
            view = hall.call(f"B-{n % 1000:03}")
            if isinstance(hall, Tv):
                hall.stage.push(view)
            hall.calls[:] = hall.calls[-40:]
            page.clock.run_for(GAP_S * 1000)
            if (n + 1) % (asked.calls // 10) == 0:
                said += page.evaluate("(() => { const root = document.documentElement, told = root.dataset.said; root.dataset.said = ''; return told.split(' '); })()")
                heaps.append(heap_kb(cdp))
                print(f"{n + 1} calls, {len(said)} said, {heaps[-1]:.0f} kB", flush=True)
        for _ in range(120):
            page.clock.run_for(1000)
        said += (page.locator("html").get_attribute("data-said") or "").split()
        browser.close()
    ids = [int(word.split("-")[0]) for word in said if word not in ("", "chime")]
    if ids != sorted(set(ids)):
        print("not in order, or twice:", [b for a, b in zip(ids, ids[1:], strict=False) if b <= a][:9])
    is_whole = ids == list(range(ids[0], ids[0] + asked.calls))
    grown_kb = heaps[-1] - heaps[4]
    print(f"in order and complete: {is_whole}; grown in the second half: {grown_kb:.0f} kB (at most {GROWN_MAX_KB})")
    return 0 if is_whole and grown_kb <= GROWN_MAX_KB else 1


def simple(page: Any) -> Simple:
    page.clock.install(time="2026-11-03T00:30:00.000Z")
    page.add_init_script(PRETEND)
    made = Simple(Stage(page))
    made.stage.open("/display/TV1/simple?key=x")
    page.clock.run_for(3000)
    return made


def heap_kb(cdp: Any) -> float:
    cdp.send("HeapProfiler.collectGarbage")
    used: float = cdp.send("Runtime.getHeapUsage")["usedSize"]
    return used / 1024


if __name__ == "__main__":
    sys.exit(main())
