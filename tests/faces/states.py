"""Every page and main state of the faces, for tests of them all and for pictures.

A visitor's and a lobby's pages stand on the stage, whose server says what we choose; the staff's
and the phone's on a real server, as they are with its first accounts.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from tests.faces import hall
from tests.faces.stage import Stage
from tests.faces.staff.mall import Mall
from tests.serve.servers import Server

START = "2026-11-03T00:30:00.000Z"
#: an ordinary Tuesday morning at the pace of the wall
MORNING = "2026-11-03T08:30:00+08:00@1"
#: the administrator's own password, after the first one
OWN = "sandi administrator uji 1"
PORTRAIT, WIDE, TV, PHONE = (1080, 1920), (1366, 768), (1920, 1080), (360, 740)


@dataclass(frozen=True)
class OnStage:
    """A state of the kiosk or a display: how it is come to from the page's start."""

    name: str
    path: str
    go: Callable[[Stage], None] = lambda _: None
    data: Callable[[], dict[str, Any]] = hall.kiosk
    enrolled: bool = True

    def show(self, stage: Stage) -> Page:
        stage.app.config["ENROLLED"] = self.enrolled
        stage.page.clock.install(time=START)
        kind, code = self.path.strip("/").split("/")
        stage.set(f"{kind}:{code}", self.data())
        stage.answer = lambda path, *_: (201, hall.issued() if path == "/tickets" else {"enrolment": "K7M2QX"})
        stage.open(self.path)
        self.go(stage)
        return stage.page


def to_gerai(stage: Stage) -> None:
    stage.page.locator('[data-gerai="DKC"]').first.click()


def to_service(stage: Stage) -> None:
    to_gerai(stage)
    stage.page.locator('[data-service="DKC-KTP"]').first.click()
    expect(stage.page.locator(".service h1")).to_be_visible()


def to_result(stage: Stage) -> None:
    to_service(stage)
    stage.page.locator("#take").click()
    expect(stage.page.locator("#number")).to_have_text("B-014")


def to_search(stage: Stage) -> None:
    stage.page.locator("#search").click()
    stage.page.keyboard.type("ktp")
    expect(stage.page.locator('[data-service="DKC-KTP"]').first).to_be_visible()


def to_help(stage: Stage) -> None:
    stage.page.locator("#unknown").click()
    expect(stage.page.locator("#unknown")).to_have_count(0)


def in_english(stage: Stage) -> None:
    stage.page.locator('[data-language="en"]').click()
    to_service(stage)


def left_alone(stage: Stage) -> None:
    to_service(stage)
    stage.page.clock.run_for(45_000)
    expect(stage.page.locator("#stay")).to_be_visible()


def link_down(stage: Stage) -> None:
    to_service(stage)
    stage.down = True
    stage.cut()
    stage.page.clock.run_for(26_000)
    expect(stage.page.locator("#stale")).to_be_visible()


def away(stage: Stage) -> None:
    link_down(stage)
    stage.page.clock.run_for(61_000)
    expect(stage.page.locator(".away")).to_be_visible()


def closed(reason: str) -> Callable[[], dict[str, Any]]:
    def data() -> dict[str, Any]:
        data = hall.kiosk()
        for service in data["services"]:
            service.update(open=False, reason=reason, opens_at="2026-11-04T00:00:00.000Z")
        return data

    return data


def doubtful() -> dict[str, Any]:
    """The hall when nobody knows whether the number's slip came out."""
    data = hall.kiosk()
    data["prints"] = [{"job": 9, "ticket": 41, "number": "B-014", "printer": "P1", "copy": 0, "state": "uncertain",
                       "cause": None, "at": "2026-11-03T00:30:06.000Z"}]  # fmt: skip
    return data


def calls() -> dict[str, Any]:
    return hall.display([hall.call(place, f"B-{place:03}", counter_label=f"Loket {place % 4 + 1}") for place in range(1, 6)])


STAGED = (
    OnStage("kiosk-enrol", "/kiosk/K1", enrolled=False),
    OnStage("kiosk-home", "/kiosk/K1"),
    OnStage("kiosk-search", "/kiosk/K1", to_search),
    OnStage("kiosk-help", "/kiosk/K1", to_help),
    OnStage("kiosk-english", "/kiosk/K1", in_english),
    OnStage("kiosk-left-alone", "/kiosk/K1", left_alone),
    OnStage("kiosk-away", "/kiosk/K1", away),
    OnStage("kiosk-gerai", "/kiosk/K1", to_gerai),
    OnStage("kiosk-service", "/kiosk/K1", to_service),
    OnStage("kiosk-result", "/kiosk/K1", to_result),
    OnStage("kiosk-unsure", "/kiosk/K1", to_result, doubtful),
    OnStage("kiosk-closed", "/kiosk/K1", to_service, closed("closed")),
    OnStage("kiosk-quota", "/kiosk/K1", to_service, closed("quota_reached")),
    OnStage("kiosk-printer-out", "/kiosk/K1", data=lambda: hall.kiosk("error")),
    OnStage("kiosk-link-down", "/kiosk/K1", link_down),
    OnStage("display-enrol", "/display/TV1", enrolled=False),
    OnStage("display-quiet", "/display/TV1", data=lambda: hall.display([])),
    OnStage("display-calls", "/display/TV1", data=calls),
)


@contextmanager
def a_mall(chromium: Browser, folder: Path) -> Iterator[Mall]:
    """A real server of its own, with somebody waiting, somebody called and somebody served."""
    server = Server(folder / "data", settings={"clock": MORNING, "security_login_per_minute": 600}).start()
    try:
        mall = Mall(server.up(), chromium)
        for service in ("DKC-KTP", "DKC-KTP", "DKC-KK", "PTSP-NIB", "PTSP-NIB"):
            mall.take_number(service, priority="lansia" if service == "DKC-KK" else None)
        mall.call("POST", "/users/admin/password", {"password": OWN, "must_change": False})
        yield mall
    finally:
        server.remove()


def a_token(mall: Mall) -> str:
    """The token of a ticket taken now, as its QR carries it."""
    kiosk = next(row for row in mall.facts["devices"] if row["kind"] == "kiosk")
    asked = urllib.request.Request(
        f"http://127.0.0.1:{mall.server.port}/api/v1/tickets", method="POST", data=b'{"service": "DKC-KTP"}',
        headers={"Authorization": f"Bearer {kiosk['token']}", "Content-Type": "application/json", "Idempotency-Key": "phone"},
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return str(json.load(answer)["token"])


@dataclass(frozen=True)
class OnServer:
    """A state of a page of the staff, the phone or the door itself."""

    name: str
    path: str
    who: str | None = None
    go: Callable[[Page], None] = lambda _: None
    size: tuple[int, int] = WIDE

    def show(self, mall: Mall) -> Page:
        if self.who:
            page = mall.log_in(self.path, self.who, OWN if self.who == "admin" else None, self.size)
        else:
            page = mall.page(self.size)
            page.goto(mall.address(f"/t/{a_token(mall)}" if self.path == "/t" else self.path))
        page.locator("h1, h2, button").first.wait_for()
        self.go(page)
        return page

    @property
    def scene(self) -> tuple[str, str | None, tuple[int, int]]:
        """States of one scene follow from each other, in their order, on one page."""
        return (self.path.partition("#")[0] if self.who else self.path, self.who, self.size)

    def follow(self, mall: Mall, page: Page) -> None:
        """Come to this state from the one before it in the scene."""
        if "#" in self.path:
            page.goto(mall.address(self.path))
        self.go(page)


def open_counter(page: Page) -> None:
    """The first free loket, if this officer has none open; then as far as the visitor's card."""
    choice = page.locator(".choice:not([disabled]):visible").first
    choice.or_(page.locator("article.visitor:visible")).first.wait_for()
    if choice.is_visible():
        choice.click()
    page.locator("article.visitor").wait_for()
    rested(page)


def rested(page: Page) -> None:
    expect(page.locator("html[data-resting]")).to_have_count(0)


def press(page: Page, key: str, stage: str) -> None:
    open_counter(page)
    page.keyboard.press(key)
    expect(page.locator("article.visitor")).to_have_attribute("data-stage", stage)
    rested(page)


def ask(page: Page, key: str) -> None:
    """A question of the counter; that where a visitor goes on needs a visitor."""
    open_counter(page)
    if key == "a" and page.locator('article.visitor[data-stage="free"]').is_visible():
        press(page, "F2", "called")
    page.keyboard.press(key)
    page.get_by_role("dialog").wait_for()


def part(page: Page) -> None:
    page.locator('#part[data-ready="true"]').wait_for()


def add_person(page: Page) -> None:
    part(page)
    page.get_by_role("button", name="Tambah orang").click()
    page.get_by_role("dialog").wait_for()


def chosen(page: Page) -> None:
    page.locator('[data-service="DKC-KTP"]').click()
    expect(page.locator(".take")).to_be_visible()


def numbered(page: Page) -> None:
    chosen(page)
    page.locator(".take").click()
    expect(page.locator(".result")).to_be_visible()


ADMIN = ("people", "devices", "screens", "media", "calendar", "services", "notices", "look", "slip")
SERVED = (
    OnServer("home", "/"),
    OnServer("api", "/api"),
    OnServer("styleguide", "/styleguide"),
    OnServer("unknown-page", "/tidak-ada"),
    OnServer("login", "/counter"),
    OnServer("counter-choose", "/counter", "petugas-dkc", lambda page: page.locator(".choice").first.wait_for()),
    OnServer("counter-free", "/counter", "petugas-dkc", open_counter),
    OnServer("counter-called", "/counter", "petugas-dkc", lambda page: press(page, "F2", "called")),
    OnServer("counter-serving", "/counter", "petugas-dkc", lambda page: press(page, "n", "serving")),
    OnServer("counter-transfer", "/counter", "petugas-dkc", lambda page: ask(page, "a")),
    OnServer("counter-strip", "/counter", "petugas-dkc", open_counter, (400, 768)),
    OnServer("counter-pause", "/counter", "petugas-ptsp", lambda page: ask(page, "j")),
    OnServer("desk", "/desk", "resepsionis", lambda page: page.locator(".service").first.wait_for()),
    OnServer("desk-chosen", "/desk", "resepsionis", chosen),
    OnServer("desk-result", "/desk", "resepsionis", numbered),
    OnServer("phone", "/t", size=PHONE),
    OnServer("phone-unknown", "/t/tidak-ada", size=PHONE),
    *(OnServer(f"admin-{name}", f"/admin#{name}", "admin", part) for name in ADMIN),
    OnServer("admin-add-person", "/admin#people", "admin", add_person),
    OnServer("supervisor", "/supervisor", "pengawas", lambda page: page.locator('[data-gerai="DKC"]').wait_for()),
)
