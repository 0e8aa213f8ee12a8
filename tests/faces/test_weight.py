"""No page weighs more than 150 kB before fonts and images, none asks more than 12 times (first visit, nothing kept).

What is counted is what a real browser is sent by the real server, the page's own news and questions included;
the live socket is one of the twelve.

Planted, each seen red and taken out: scripts and sheets never joined; `_answer` never packed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.faces import states
from tests.faces.staff.mall import Mall

MAX_BYTES, MAX_REQUESTS = 150_000, 12
#: apart: what the limit does not count
APART = {"font", "image", "media"}
#: path, who looks, what is there when the page stands
PAGES = (
    ("/", None, "h1"), ("/api", None, "table"), ("/styleguide", None, ".drawings"), ("/counter", None, "#gate input"),
    ("/counter", "petugas-dkc", ".choice"), ("/desk", "resepsionis", ".service"), ("/supervisor", "pengawas", "[data-gerai]"),
    ("/admin", None, "#gate input"), ("/kiosk", "device", "[data-gerai]"), ("/display", "device", "#current"), ("/t", "ticket", "h1, #number"),
)  # fmt: skip


@dataclass
class Scales:
    """What one page was sent."""

    page: Page
    requests: list[Request] = field(default_factory=list)
    sockets: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("requestfinished", lambda request: self.requests.append(request))
        self.page.on("websocket", lambda socket: self.sockets.append(socket.url))

    def weighed(self) -> int:
        return sum(one.sizes()["responseBodySize"] for one in self.requests if one.resource_type not in APART)

    def told(self) -> list[str]:
        rows = [f"{one.sizes()['responseBodySize']:>7} {one.resource_type} {one.url}" for one in self.requests]
        return [*rows, *self.sockets]


@pytest.fixture(scope="module")
def mall(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mall]:
    with states.a_mall(chromium, tmp_path_factory.mktemp("weight")) as mall:
        yield mall


def scales(mall: Mall, path: str, who: str | None) -> tuple[Scales, str]:
    """A browser with nothing kept, and the address to open in it."""
    if who == "device":
        row = next(row for row in mall.facts["devices"] if row["kind"] == path.strip("/"))
        bound = mall.page()
        bound.goto(mall.address(f"{path}/{row['code']}?enrol={row['token']}"))
        return Scales(mall.page(state=bound.context.storage_state())), f"{path}/{row['code']}"
    if who == "ticket":
        return Scales(mall.page(states.PHONE)), f"/t/{states.a_token(mall)}"
    if who:
        mall.log_in(path, who).context.close()
    return Scales(mall.page(state=mall.sessions.get(who or ""))), path


@pytest.mark.parametrize(("path", "who", "there"), PAGES)
def test_a_page_is_light(mall: Mall, path: str, who: str | None, there: str) -> None:
    scale, address = scales(mall, path, who)
    scale.page.goto(mall.address(address))
    expect(scale.page.locator(there).first).to_be_visible()
    scale.page.wait_for_load_state("networkidle")
    told, weight = "\n".join(scale.told()), scale.weighed()
    scale.page.context.close()
    print(f"{address}: {weight} bytes before fonts and images\n{told}")
    assert len(told.splitlines()) <= MAX_REQUESTS, told
    assert 1000 < weight <= MAX_BYTES, told
