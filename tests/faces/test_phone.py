"""The page of a visitor's own phone (`/t/{token}`) in a real Chromium against the real door, on a plain http name.

Planted: `go` never shown by draw.js -> test_follows red. `rung` never kept in page.js -> test_rings_once red (rings at each
answer). The look at document.hidden left out of plan() -> test_hidden red. `failures` never counted -> test_no_answer red.
`history.replaceState` left out -> test_language red. The state's words left to the script -> test_without_a_script red.
`font-size: 40vw` for the number -> test_fits red. 404 for an old link -> test_old_link red. A `const` in ring.js -> red.
`dress()` left out of draw.js, draw.js out of gone.html, or the page's own word of brand.js -> test_the_hall_s_own_colour red.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Response, expect
from werkzeug.serving import make_server

from tests.faces.stage import ROOT, texts
from tests.web.conftest import Build, build, hall  # noqa: F401 # fixtures: a real house behind its real door
from tests.web.hall import NAMES, Hall
from tests.web.test_sessions import Later

API = "**/api/v1/public/**"
SIZES = [(360, 640), (390, 844), (320, 568)]
STATES = ("waiting", "called", "serving", "on_hold", "no_show", "finished", "cancelled", "expired")
LONG = "Pelayanan Perpanjangan Izin Penyelenggaraan Reklame dan Persetujuan Bangunan Gedung"
TOO_WIDE = "() => document.documentElement.scrollWidth > innerWidth"
SMALL = """() => [...document.querySelectorAll("a, button")].filter((node) => node.offsetParent)
  .filter((node) => node.getBoundingClientRect().height < 44).map((node) => node.textContent)"""
#: A phone that writes down what it sounds and shakes.
PHONE = """() => {
  window.rang = { notes: 0, shakes: 0 };
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...given) { window.rang.notes += 1; return start.apply(this, given); };
  Object.defineProperty(navigator, "vibrate", { value: () => { window.rang.shakes += 1; return true; } });
}"""
HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def address(hall: Hall) -> Iterator[str]:  # noqa: F811
    server = make_server("127.0.0.1", 0, hall.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://mpp.test:{server.server_port}"
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A small phone whose timers the test turns."""
    complaints: list[str] = []
    phone = chromium.new_page(viewport={"width": 360, "height": 640}, has_touch=True)
    phone.add_init_script(f"({PHONE})()")
    phone.clock.install()
    phone.on("console", lambda said: complaints.append(said.text))
    phone.on("pageerror", lambda error: complaints.append(str(error)))
    yield phone
    phone.close()
    assert [one for one in complaints if not one.startswith("Failed to load resource")] == []


class Officer:
    """The first loket of the gerai, open for one test."""

    def __init__(self, hall: Hall) -> None:  # noqa: F811
        self.visitor, self.code = hall.person(NAMES["officer"]), hall.counter()
        self.label = self.act("open")["counter"]["label"]

    def act(self, name: str) -> Any:
        answer = self.visitor.post(f"/counters/{self.code}/{name}", {})
        assert answer.status_code == 200, answer.text
        return answer.get_json()


@pytest.fixture
def officer(hall: Hall) -> Iterator[Officer]:  # noqa: F811
    one = Officer(hall)
    yield one
    one.act("close")


def opened(page: Page, address: str, ticket: dict[str, Any], query: str = "") -> None:
    page.goto(f"{address}/t/{ticket['token']}{query}")
    expect(page.locator("#number")).to_have_text(ticket["number"])


def asked(page: Page, run_ms: int) -> int:
    """How many questions the page asks in that time."""
    seen: list[Request] = []

    def see(request: Request) -> None:
        seen.append(request)

    page.on("request", see)
    page.clock.run_for(run_ms)
    page.evaluate("() => 0")
    page.remove_listener("request", see)
    return len(seen)


def next_answer(page: Page, run_ms: int = 5100) -> None:
    with page.expect_response(API):
        page.clock.run_for(run_ms)


def test_follows_the_ticket_to_the_thanks(page: Page, address: str, hall: Hall, officer: Officer) -> None:  # noqa: F811
    ticket = hall.issue("phone")
    opened(page, address, ticket)
    expect(page.locator("#state")).to_have_text("Menunggu giliran")
    expect(page.locator("#next")).to_have_text("Anda berikutnya.")
    expect(page.locator("#ahead-line")).to_be_hidden()
    expect(page.locator("#zone")).to_have_text(ticket["zone_name"])
    expect(page.locator("#go")).to_be_hidden()
    officer.act("next")
    next_answer(page)
    expect(page.locator("#state")).to_have_text("Anda dipanggil!")
    expect(page.locator("#go")).to_be_visible()
    expect(page.locator("#go")).to_have_text(re.compile(rf"Silakan ke\s+{officer.label}"))
    expect(page).to_have_title(re.compile(f"^DIPANGGIL: {ticket['number']}"))
    officer.act("start")
    next_answer(page)
    expect(page.locator("#state")).to_have_text("Sedang dilayani")
    officer.act("finish")
    next_answer(page)
    expect(page.locator("#advice")).to_have_text("Terima kasih atas kunjungan Anda.")
    expect(page.locator("#go")).to_be_hidden()
    assert asked(page, 120_000) == 0


def test_rings_once_for_each_call(page: Page, address: str, hall: Hall, officer: Officer) -> None:  # noqa: F811
    """After one touch; a reload keeps the wish and any touch gives the sound back."""
    opened(page, address, hall.issue("rings"))
    page.get_by_role("button", name="Bunyikan saat saya dipanggil").tap()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("rang") == {"notes": 1, "shakes": 1}
    page.reload()
    expect(page.locator("#sound")).to_have_text("Sentuh agar bunyi menyala lagi")
    page.locator("#number").tap()
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")
    officer.act("next")
    next_answer(page)
    page.wait_for_function("() => rang.notes === 4 && rang.shakes === 1")
    next_answer(page)
    expect(page.locator("#state")).to_have_text("Anda dipanggil!")
    assert page.evaluate("rang.notes") == 4
    officer.act("recall")
    next_answer(page)
    page.wait_for_function("() => rang.notes === 8 && rang.shakes === 2")
    officer.act("finish")


def test_hidden_asks_nothing_and_wakes_at_once(page: Page, address: str, hall: Hall, officer: Officer) -> None:  # noqa: F811
    opened(page, address, hall.issue("sleeps"))
    page.evaluate(HIDE, True)
    assert asked(page, 300_000) == 0
    officer.act("next")
    with page.expect_response(API):
        page.evaluate(HIDE, False)
    expect(page.locator("#state")).to_have_text("Anda dipanggil!")
    officer.act("finish")


def test_hidden_but_told_to_sound_still_rings(page: Page, address: str, hall: Hall, officer: Officer) -> None:  # noqa: F811
    opened(page, address, hall.issue("pocket"))
    page.locator("#sound").tap()
    page.evaluate(HIDE, True)
    officer.act("next")
    next_answer(page, 10_100)
    page.wait_for_function("() => rang.notes === 5")
    officer.act("finish")


def test_no_answer_is_said_and_asked_ever_later(page: Page, address: str, hall: Hall) -> None:  # noqa: F811
    opened(page, address, hall.issue("lost"))
    tries: list[str] = []

    def lose(route: Any) -> None:
        tries.append(route.request.url)
        route.abort()

    page.route(API, lose)
    for _ in range(60):
        page.clock.run_for(5_000)
        page.evaluate("() => 0")
    expect(page.locator("#fresh")).to_contain_text("Belum diperbarui sejak pukul 08.")
    assert 5 <= len(tries) <= 12  # 5 s, 5, 10, 20, 40, then each minute; not sixty
    page.unroute(API)
    next_answer(page, 61_000)
    expect(page.locator("#fresh")).to_contain_text("Diperbarui pukul")


def test_the_hall_s_own_colour(page: Page, address: str, hall: Hall) -> None:  # noqa: F811
    """On the phone, where a link is unknown, and at a staff page's log-in, where no view tells it yet."""
    admin = hall.as_role("admin")
    assert admin.post("/branding", {"color": "#7a1020"}).status_code == 200
    opened(page, address, hall.issue("colour"))
    for path, heading in ((None, ""), ("/t/unknown", ""), ("/counter", "Masuk petugas")):
        if path:
            page.goto(address + path)
            expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--primary')") == "#7a1020"
    assert admin.post("/branding", {"color": None}).status_code == 200


def test_language_is_switched_and_kept(page: Page, address: str, hall: Hall) -> None:  # noqa: F811
    opened(page, address, hall.issue("english"))
    page.get_by_role("link", name="English").tap()
    expect(page.locator("#state")).to_have_text("Waiting")
    page.reload()
    expect(page.locator("#next")).not_to_have_text("Anda berikutnya.")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Indonesia").tap()
    expect(page.locator("#state")).to_have_text("Menunggu giliran")


def test_without_a_script(chromium: Browser, address: str, hall: Hall) -> None:  # noqa: F811
    """A browser too old for anything still reads number, state, place and the other language."""
    ticket = hall.issue("old", "DKC-KTP")
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    opened(page, address, ticket)
    expect(page.locator("#state")).to_have_text("Menunggu giliran")
    expect(page.locator("#where")).to_contain_text(ticket["gerai_name"])
    expect(page.locator("#wait")).to_contain_text("Perkiraan menunggu")
    page.get_by_role("link", name="English").click()
    expect(page.locator("#state")).to_have_text("Waiting")
    context.close()


@pytest.mark.parametrize("state", STATES)
def test_fits_small_phones(page: Page, address: str, hall: Hall, state: str) -> None:  # noqa: F811
    """Every state, both languages, the longest names; what matters is in sight at once."""
    ticket = hall.issue(f"fits-{state}")
    told = hall.browser().get(f"/public/tickets/{ticket['token']}").get_json()
    active = state in {"called", "serving"}
    told |= {
        "state": state, "number": "PTSP-0123", "service_name": {"id": LONG, "en": LONG}, "gerai_name": LONG,
        "counter": "Loket 12 Pelayanan Terpadu" if active else None, "called_at": told["at"], "call_count": 1,
        "ahead": 112 if state == "waiting" else None, "estimate": {"from_s": 7200, "to_s": 10_800}, "place": "Lantai 2, sisi kiri tangga",
    }
    page.route(API, lambda route: route.fulfill(json=told))
    opened(page, address, ticket)
    next_answer(page, 20_100)
    expect(page.locator("body")).to_have_attribute("data-state", state)
    for language in ("English", "Indonesia"):
        page.get_by_role("link", name=language).tap()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            assert page.evaluate(TOO_WIDE) is False
            assert page.evaluate(SMALL) == []
            box = page.locator("#counter" if active else "#state").bounding_box()
            assert box is not None and box["y"] + box["height"] <= height


def test_weight_and_requests(page: Page, address: str, hall: Hall) -> None:  # noqa: F811
    ticket, answers = hall.issue("weight"), list[Response]()
    page.on("response", lambda answer: answers.append(answer))
    page.goto(f"{address}/t/{ticket['token']}", wait_until="networkidle")
    sizes = [len(answer.body()) for answer in answers]
    assert len(sizes) <= 6
    assert sum(sizes) < 60_000


def test_nothing_personal(hall: Hall) -> None:  # noqa: F811
    ticket = hall.device("K1").post("/tickets", {"service": hall.service(), "priority": "hamil"}, key="personal").get_json()
    html = hall.browser().get(f"/t/{ticket['token']}").text
    told = json.loads(html.partition('id="told">')[2].partition("</script>")[0])
    assert set(told) == {
        "number", "state", "service_name", "gerai_name", "zone_name", "zone_color", "place", "counter", "ahead", "estimate",
        "called_at", "call_count", "language", "business_date", "timezone", "at",
    }
    assert "hamil" not in html


def test_old_link_and_unknown_link_are_told_in_words(build: Build, chromium: Browser) -> None:  # noqa: F811
    """410 a day after closing, in both languages; no way into the staff's pages from there."""
    later = build(MPP_CLOCK="2026-11-03T08:00:00+08:00@1")
    ticket = later.issue("ends")
    later.house.clock = Later(later.house.clock, minutes=int(timedelta(days=3).total_seconds() / 60))
    for path, status, words in ((ticket["token"], 410, "Terima kasih"), ("guess", 404, "tidak ditemukan")):
        gone = later.browser().get(f"/t/{path}")
        assert (gone.status_code, gone.mimetype, gone.headers["X-Robots-Tag"]) == (status, "text/html", "noindex")
        assert words in gone.text and texts("en")[f"phone.gone.{status}"] in gone.text
        assert "<a " not in gone.text


@pytest.mark.parametrize("name", ["ring.js", "draw.js", "page.js"])
def test_a_browser_of_2017_can_read_it(name: str) -> None:
    source = re.sub(r"//.*|/\*.*?\*/", "", (ROOT / "server" / "phone" / "static" / name).read_text("utf-8"))
    assert re.findall(r"\b(?:const|let|class|async|await|import|export|fetch)\b|=>|`|\?\.|\?\?|\.\.\.", source) == []


def test_its_styles_are_as_old() -> None:
    styles = (ROOT / "server" / "phone" / "static" / "page.css").read_text("utf-8").partition("*/")[2]
    assert re.findall(r"\bgrid\b|\bgap:|clamp\(|min\(|inset-|-inline|-block:|:has\(|:is\(|color-mix", styles) == []
