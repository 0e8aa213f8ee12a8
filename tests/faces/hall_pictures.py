"""The pictures of docs/screens, taken in a hall in the middle of a morning: `python -m tests.faces.hall_pictures docs/screens`.

A real server on the practice clock, with `mpp simulate` as its visitors, officers and screens.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from server.cli.testing import find_browser
from tests.conftest import CHROMIUM_ARGUMENTS, make_free_port
from tests.faces import states
from tests.faces.staff.mall import Mall
from tests.faces.staff.past import add_past, dates
from tests.house.files import ROOT
from tests.house_builder import move_in
from tests.serve.servers import Server, environment
from tests.waiting import wait_for

CLOCK = "2026-11-03T07:55:00+08:00@60"
TALL, LARGE, TV = (1080, 1920), (1920, 1080), (1920, 1080)
#: a picture's longest side; of hall.png the width of the two wide ones, and what is between
SIDE_PX, WIDE_PX, GAP_PX = 1366, 836, 20
#: with the colours of several zones, which 256 colours in all would blur into each other
FULL = {"hall", "display"}
#: so many have been served when the pictures are taken
SERVED = 60
PAPER = (214, 220, 223)


def kiosk(mall: Mall, go: Callable[[Page], None] = lambda page: None) -> Page:
    page = enrolled(mall, "kiosk", TALL)
    go(page)
    return page


def enrolled(mall: Mall, kind: str, size: tuple[int, int]) -> Page:
    """The first device of a kind, in a browser of its own."""
    device = next(row for row in mall.facts["devices"] if row["kind"] == kind)
    page = mall.page(size)
    page.goto(mall.address(f"/{kind}/{device['code']}?enrol={device['token']}"))
    page.locator("[data-enrolled]").wait_for()
    return page


def to_service(page: Page) -> None:
    page.locator('[data-gerai="DKC"]').first.click()
    page.locator('[data-service="DKC-KTP"]').first.click()
    expect(page.locator("#take")).to_be_enabled()


def to_number(page: Page) -> None:
    to_service(page)
    page.locator("#take").click()
    expect(page.locator("#number")).to_be_visible()


def display(mall: Mall) -> Page:
    page = enrolled(mall, "display", TV)
    expect(page.locator("body")).to_contain_text("Loket", timeout=60_000)
    return page


def counter(mall: Mall) -> Page:
    page = mall.log_in("/counter", "petugas-kpp")
    page.locator('article.visitor[data-stage="serving"]').wait_for(timeout=120_000)
    return page


def supervisor(mall: Mall) -> Page:
    page = mall.log_in("/supervisor", "pengawas", size=LARGE)
    page.locator(".gerai-card").first.wait_for()
    return page


def history(mall: Mall) -> Page:
    page = mall.log_in("/supervisor/riwayat?from=2026-10-01&to=2026-10-31", "pengawas", size=LARGE)
    page.locator('[data-chart="waits"] .drawing svg').wait_for(timeout=60_000)
    return page


def administrator(mall: Mall) -> Page:
    mall.call("POST", "/users/admin/password", {"password": states.OWN, "must_change": False})
    page = mall.log_in("/admin#services", "admin", states.OWN, size=(1366, 900))
    page.locator('#part[data-ready="true"]').wait_for()
    return page


MORNING: dict[str, Callable[[Mall], Page]] = {
    "kiosk": kiosk, "kiosk-service": lambda mall: kiosk(mall, to_service), "kiosk-number": lambda mall: kiosk(mall, to_number),
    "counter": counter, "display": display, "supervisor": supervisor, "admin": administrator,
}  # fmt: skip


def main(folder: Path) -> None:
    """All of them, and three beside each other as hall.png."""
    taken: dict[str, Image.Image] = {}
    with tempfile.TemporaryDirectory() as place, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=os.environ.get("MPP_CHROMIUM") or find_browser(), args=list(CHROMIUM_ARGUMENTS))
        with hall(browser, Path(place) / "morning") as mall, visited(mall):
            wait_for(lambda: sum(row["today"]["served"] for row in mall.call("GET", "/views/floor")["data"]["gerai"]) >= SERVED, 400, f"{SERVED} served")
            for name, show in MORNING.items():
                taken[name] = picture(show(mall))
        # Days that nobody lived through are in no log: their hall is another one, for the morning's would rightly doubt its backup.
        with hall(browser, Path(place) / "past", past) as mall:
            taken["history"] = picture(history(mall))
        browser.close()
    taken["hall"] = beside(taken["kiosk-number"], taken["counter"], taken["display"])
    folder.mkdir(parents=True, exist_ok=True)
    for name, shot in taken.items():
        shot = shot if name == "hall" else smaller(shot)
        (shot if name in FULL else shot.quantize(256)).save(folder / f"{name}.png", optimize=True)
        print(folder / f"{name}.png")


def past(data: Path) -> None:
    for first, last, visits in ((date(2026, 10, 1), date(2026, 11, 2), 130), (date(2026, 9, 1), date(2026, 9, 30), 110), (date(2025, 10, 1), date(2025, 10, 31), 95)):
        add_past(data, dates(first, last), visits)


@contextmanager
def hall(browser: Browser, data: Path, before: Callable[[Path], None] = lambda data: None) -> Iterator[Mall]:
    printer = make_free_port()
    move_in(data, MPP_CLOCK=CLOCK, MPP_PRINTING_VIRTUAL_TCP_PORT=str(printer))
    before(data)
    server = Server(data, settings={"clock": CLOCK, "security_login_per_minute": 600, "printing_virtual_tcp_port": printer}).start()
    try:
        yield Mall(server.up(), browser)
    finally:
        server.remove()


@contextmanager
def visited(mall: Mall) -> Iterator[None]:
    """While visitors come and officers serve."""
    words = ["simulate", "--data", str(mall.server.data), "--tickets", "450", "--kiosks", "2", "--displays", "1", "--real-hours"]
    day = subprocess.Popen([sys.executable, "-m", "server.cli.main", *words], cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        day.kill()
        day.wait()


def picture(page: Page) -> Image.Image:
    page.evaluate("document.fonts.ready.then(() => null)")
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    page.context.close()
    return taken


def smaller(picture: Image.Image) -> Image.Image:
    scale = min(1.0, SIDE_PX / max(picture.size))
    return picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.LANCZOS)


def beside(tall: Image.Image, upper: Image.Image, lower: Image.Image) -> Image.Image:
    """A tall picture, and two wide ones above each other as high as it."""
    wide = [picture.resize((WIDE_PX, round(picture.height * WIDE_PX / picture.width)), Image.Resampling.LANCZOS) for picture in (upper, lower)]
    high = sum(picture.height for picture in wide) + GAP_PX
    narrow = tall.resize((round(tall.width * high / tall.height), high), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (narrow.width + WIDE_PX + 3 * GAP_PX, high + 2 * GAP_PX), PAPER)
    sheet.paste(narrow, (GAP_PX, GAP_PX))
    sheet.paste(wide[0], (narrow.width + 2 * GAP_PX, GAP_PX))
    sheet.paste(wide[1], (narrow.width + 2 * GAP_PX, wide[0].height + 2 * GAP_PX))
    return sheet


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
