"""The history pages in a real browser: their figures are the API's, each opens into its legs, and nobody sees what is not theirs.

Planted: the filter left out of legsOf (wish.js), the hour of a field one too late (heat.js), a bar's lower end left out (waits.js) ->
test_every_figure_opens_into_its_legs red. The trend drawn from the rows before, the earlier columns filled from now; half a
second rounded up, which the printed report rounds to the even one -> test_the_page_says_what_the_api_says red. A refusal not
said -> test_what_cannot_be_shown_is_said red. An agency head taken for a supervisor (routes_figures.py) -> its test red. The period
believed as a link calls it; no chooser where no date is one -> test_a_link_names_its_period_by_its_dates red. The figures'
rules for a phone left out, the heat map never turned round, no small numbers in it, the dates of a range beside each other ->
test_on_a_phone red. The switch that shows them sends the opposite -> test_officers_only_where_the_rules_allow_it red.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Locator, Page, expect

from server.app import figures
from server.cli.places import load_settings
from server.ops import talking
from tests.faces.staff.mall import Mall
from tests.faces.staff.past import add_past, dates
from tests.faces.staff.test_admin import admin
from tests.faces.test_axe import violations

CLOCK = "2026-11-03T09:00:00+08:00@1"
TODAY = date(2026, 11, 3)
CROWDED = date(2024, 6, 3)
OCTOBER = ("2026-10-01", "2026-10-31")
ASKED = "from=2026-10-01&to=2026-10-31"
MONTH = f"/supervisor/riwayat?period=month&{ASKED}"
SIZES = ((1920, 1080), (1366, 768), (390, 844))
TOO_WIDE = "() => document.documentElement.scrollWidth > window.innerWidth"


def before(data: Path) -> None:
    """Three weeks of October, one of September, a week of the October before."""
    add_past(data, dates(date(2026, 10, 5), date(2026, 10, 23)), 14)
    add_past(data, dates(date(2026, 9, 7), date(2026, 9, 11)), 9)
    add_past(data, dates(date(2025, 10, 6), date(2025, 10, 10)), 6)
    add_past(data, [CROWDED], 5000)


def opened(mall: Mall, path: str, username: str = "pengawas") -> Page:
    """The page once its answer is there."""
    page = mall.log_in(path, username)
    expect(page.locator("#drawn table, .notice[data-kind=bad]").first).to_be_visible(timeout=30_000)
    return page


def said(seconds: float | None) -> str:
    whole = round(seconds or 0)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def figure(page: Page, name: str, column: int = 0) -> str:
    return page.locator(f'tr[data-figure="{name}"] td').nth(column).inner_text()


def numbers(table: Locator) -> list[list[str]]:
    found: list[list[str]] = table.evaluate("(node) => Array.from(node.tBodies[0].rows).map((row) => Array.from(row.cells).slice(1).map((cell) => cell.textContent))")
    return found


@contextmanager
def reading(mall: Mall) -> Iterator[Callable[..., dict[str, Any]]]:
    """The API's own acts of figures on the server's data, without the start of a process for each."""
    with talking.reads(load_settings(None, {"server.data": str(mall.server.data)})) as work:
        yield lambda act, first, last, **wish: dict(act(work, first=date.fromisoformat(first), last=date.fromisoformat(last), today=TODAY, **wish))


def counted(mall: Mall, first: str, last: str, *by: str) -> dict[str, Any]:
    """What `GET /figures` answers."""
    with reading(mall) as read:
        return read(figures.figures, first, last, by=by)


def test_the_page_says_what_the_api_says(mall: Mall) -> None:
    """Every figure, the table behind each chart and the drawing itself, readable for everybody at every size."""
    page = opened(mall, MONTH)
    fetched = page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    assert [urlsplit(name).path for name in fetched if "/api/" in name] == ["/api/v1/me", "/api/v1/figures/history"]
    now, earlier = counted(mall, *OCTOBER)["total"], counted(mall, "2026-09-01", "2026-09-30")["total"]
    for column, total in enumerate((now, earlier)):
        for name in ("issued", "called", "served", "no_show", "expired"):
            assert figure(page, name, column) == str(total[name])
        for kind in ("wait", "service_time"):
            wanted = [str(total[kind]["n"]), *(said(total[kind][stat]) for stat in ("mean", "median", "p90", "max"))]
            assert [figure(page, f"{kind}_{stat}", column) for stat in ("n", "mean", "median", "p90", "max")] == wanted
        share = total["within_standard"]
        assert figure(page, "within_standard", column) == f"{share['n'] / share['of'] * 100:.1f}%".replace(".", ",")
        assert figure(page, "unmet", column) == str(sum(total["unmet"].values()))
    expect(page.locator('[data-chart="officers"]')).to_have_count(0)
    assert page.locator('[data-chart="trend"] .drawing .mark').all_text_contents()[-31:] == [str(day) for day in range(1, 32)]
    for chart in ("trend", "heat", "waits"):
        page.locator(f'[data-chart="{chart}"] summary').click()
    trend, heat, waits = (numbers(page.locator(f'[data-chart="{name}"] table')) for name in ("trend", "heat", "waits"))
    days = {row["date"]: row["issued"] for row in counted(mall, *OCTOBER, "date")["rows"]}
    assert [row[0] for row in trend] == [str(days.get(f"2026-10-{day:02}", "–")) for day in range(1, 32)]
    fields = sorted(row["issued"] for row in counted(mall, *OCTOBER, "weekday", "hour")["rows"] if row["issued"])
    assert sorted(int(cell) for row in heat for cell in row if cell != "–") == fields
    assert sorted(map(int, page.locator('[data-chart="heat"] svg .in-field').all_text_contents())) == fields
    assert [sum(int(row[at]) for row in waits) for at in (0, 2)] == [now["within_standard"]["n"], now["wait"]["n"]]
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(TOO_WIDE) is False, width
    heard = list(mall.complaints)
    assert violations(page) == []
    mall.complaints[:] = heard  # axe-core itself tries inline styles, which the policy forbids


def behind(mall: Mall, hrefs: Iterable[str]) -> dict[str, int]:
    """How many legs the API has under each address of a figure's legs."""
    found = {}
    with reading(mall) as read:
        for href in hrefs:
            told = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items() if name != "back"}
            cut = {name: int(told.pop(name)) for name in ("over", "upto") if name in told}
            found[href] = int(read(figures.stops, told.pop("from"), told.pop("to"), counts=told.pop("counts"), told=told, limit=1, **cut)["total"])
    return found


def test_every_figure_opens_into_its_legs(mall: Mall) -> None:
    """Each link of table and chart leads to as many legs as its number says; the page of legs says which they are, and leads back."""
    page = opened(mall, f"{MONTH}&gerai=DKC")
    expect(page.locator(".chosen")).to_contain_text("Gerai: Dukcapil")
    links: dict[str, str] = {
        href: text.replace(".", "")
        for chart in ("figures", "trend", "heat", "waits")
        for href, text in page.locator(f'[data-chart="{chart}"] td a').evaluate_all("(nodes) => nodes.map((node) => [node.getAttribute('href'), node.textContent])")
    }
    told = {href: int(text) for href, text in links.items() if text.isdecimal()}
    assert len(told) > 60 and all("gerai=DKC" in href for href in told)
    some = dict(list(told.items())[::3])  # of every chart: all of them take a while
    assert behind(mall, some) == some
    drawn = page.locator("[data-chart] svg a").evaluate_all("(nodes) => nodes.map((node) => node.getAttribute('href'))")
    assert drawn and set(drawn) <= set(links)
    bar = page.locator('[data-chart="waits"] svg a').last
    n = told[str(bar.get_attribute("href"))]
    bar.dispatch_event("click")
    expect(page.locator("#total")).to_have_text(f"{n} langkah", timeout=30_000)
    expect(page.locator(".meant")).to_contain_text("Oktober 2026 · Gerai: Dukcapil · lebih dari")
    expect(page.locator("#drawn tbody tr")).to_have_count(n)
    page.locator("#back").click()
    expect(page.locator("#period")).to_have_text("Oktober 2026", timeout=30_000)
    expect(page.locator(".chosen")).to_contain_text("Gerai: Dukcapil")
    assert "from=2026-09-01&to=2026-09-30&gerai=DKC" in str(page.locator('[data-step="-1"]').get_attribute("href"))


def test_what_cannot_be_shown_is_said(mall: Mall) -> None:
    """In the API's own sentence, with the way to another period still there; an empty month says that it is empty."""
    page = mall.log_in("/supervisor", "pengawas")
    wrong = {
        "period=month&from=2027-01-01&to=2027-01-31": "Tanggal itu belum tiba.",
        "period=range&from=2026-10-20&to=2026-10-01": "Tanggal akhir mendahului tanggal awal.",
        "period=range&from=2016-10-20&to=2026-10-01": "Rentang tanggal terlalu panjang; paling lama tiga tahun.",
        "period=month&from=2026-03-01&to=2026-03-31": "Tidak ada hari layanan yang tercatat pada Maret 2026.",
    }
    for query, sentence in wrong.items():
        page.goto(mall.address(f"/supervisor/riwayat?{query}"))
        expect(page.locator("#told")).to_have_text(sentence, timeout=30_000)
        expect(page.locator('[data-step="-1"]')).to_be_visible()
        expect(page.locator("[data-chart]")).to_have_count(0)


def test_a_link_names_its_period_by_its_dates(mall: Mall) -> None:
    """Whatever it calls them: the chooser shows what is shown. Dates that are none are refused, and others can be chosen."""
    page = mall.log_in("/supervisor", "pengawas")
    wanted = {
        "from=2026-10-05&to=2026-10-16": ("range", "5 – 16 Oktober 2026"),
        "period=month&from=2026-10-05&to=2026-10-16": ("range", "5 – 16 Oktober 2026"),
        "from=2026-07-01&to=2026-09-30": ("quarter", "Triwulan III 2026"),
        "period=apa&from=2026-10-05&to=2026-10-11": ("week", "5 – 11 Oktober 2026"),
        "from=kemarin&to=besok": ("month", None),
    }
    for query, (period, words) in wanted.items():
        page.goto(mall.address(f"/supervisor/riwayat?{query}"))
        expect(page.locator(".periods [aria-current=true]")).to_have_attribute("data-period", period, timeout=30_000)
        expect(page.locator("#period")).to_have_text(words or re.compile(r"\d{4}"))
        if period == "range":
            assert [page.locator(f"#{end}").input_value() for end in ("from", "to")] == ["2026-10-05", "2026-10-16"]
    expect(page.locator("#told .notice")).to_have_attribute("data-kind", "bad")
    page.goto(mall.address("/supervisor/riwayat/langkah?from=2026-07-01&to=2026-09-30&gerai=DKC"))
    expect(page.locator(".meant")).to_contain_text("Triwulan III 2026", timeout=30_000)
    assert page.locator("#back").get_attribute("href") == "/supervisor/riwayat?from=2026-07-01&to=2026-09-30&gerai=DKC"


#: numbers of the heat map that stand out of their fields
OUT_OF_FIELD = """() => Array.from(document.querySelectorAll('[data-chart="heat"] svg a')).filter((node) => {
  const [field, number] = ["rect", "text"].map((tag) => node.querySelector(tag).getBoundingClientRect());
  return number.left < field.left + 1 || number.right > field.right - 1;
}).map((node) => node.textContent)"""
#: what must be pushed sideways to be seen whole
PUSHED = """() => Array.from(document.querySelectorAll(".figures .scroll, .drawing, [data-chart=trend] .scroll, [data-chart=waits] .scroll"))
  .filter((node) => node.scrollWidth > node.clientWidth).map((node) => node.className + node.ariaLabel)"""


def test_on_a_phone(mall: Mall) -> None:
    """Nothing is pushed sideways but the table of hours; a field holds its number, of four figures too."""
    page = opened(mall, MONTH)
    page.set_viewport_size({"width": 390, "height": 844})
    for query in (f"period=month&{ASKED}", "from=2024-06-01&to=2024-06-30", "from=2024-05-20&to=2024-06-20"):
        page.goto(mall.address(f"/supervisor/riwayat?{query}"))
        expect(page.locator('[data-chart="heat"] svg .in-field').first).to_be_visible(timeout=30_000)
        for chart in ("trend", "waits"):
            page.locator(f'[data-chart="{chart}"] summary').click()
        assert page.evaluate(PUSHED) == [], query
        assert page.evaluate(OUT_OF_FIELD) == [], query
        assert page.evaluate(TOO_WIDE) is False, query
    busiest = max(row["issued"] for row in counted(mall, "2024-06-01", "2024-06-30", "weekday", "hour")["rows"])
    assert busiest >= 1000
    expect(page.locator('[data-chart="heat"] svg .in-field', has_text=f"{busiest:,}".replace(",", "."))).to_have_count(1)
    widths = [box["width"] for end in ("from", "to") if (box := page.locator(f"#{end}").bounding_box())]
    assert len(widths) == 2 and min(widths) > 200


def test_an_agency_head_looks_back_on_its_own(mall: Mall) -> None:
    """Nothing of another gerai, whatever the address says; and nothing of single officers."""
    mall.call("POST", "/users", {"username": "kepala", "name": "Kepala Dinas", "role": "agency_head", "gerai": ["DKC"],
                                 "password": "melihat punya sendiri", "must_change": False})
    mall.call("POST", "/policy", {"officer_figures": True})
    page = mall.log_in(MONTH, "kepala", "melihat punya sendiri")
    expect(page.locator('[data-chart="figures"]')).to_be_visible(timeout=30_000)
    own = sum(row["issued"] for row in counted(mall, *OCTOBER, "gerai")["rows"] if row["gerai"] == "DKC")
    assert figure(page, "issued") == str(own) > "0"
    assert page.locator("#filter-gerai option").evaluate_all("(nodes) => nodes.map((node) => node.value)") == ["", "DKC"]
    expect(page.locator('[data-chart="officers"]')).to_have_count(0)
    for path in (f"{MONTH}&gerai=PTSP", f"/supervisor/riwayat/langkah?{ASKED}&gerai=PTSP", f"/supervisor/riwayat/langkah?{ASKED}&officer=petugas-dkc"):
        page.goto(mall.address(path))
        expect(page.locator("#told .notice")).to_have_attribute("data-kind", "bad", timeout=30_000)
        expect(page.locator("#drawn table")).to_have_count(0)


def test_officers_only_where_the_rules_allow_it(mall: Mall) -> None:
    """An administrator switches them on and off, asked first; the log tells who."""
    mall.call("POST", "/policy", {"officer_figures": False})
    page, office = opened(mall, MONTH), admin(mall, "report")
    expect(page.locator('[data-chart="officers"]')).to_have_count(0)
    expect(office.locator("[data-told]")).to_have_attribute("data-told", "false")
    switched(office, "Tampilkan angka per petugas", True)
    page.reload()
    wanted = [str(row["served"]) for row in counted(mall, *OCTOBER, "officer")["rows"] if row["officer"]]
    expect(page.locator('[data-chart="officers"] tbody tr')).to_have_count(len(wanted), timeout=30_000)
    assert sorted(row[0] for row in numbers(page.locator('[data-chart="officers"] table'))) == sorted(wanted)
    switched(office, "Sembunyikan angka per petugas", False)
    assert mall.call("GET", "/policy")["officer_figures"] is False
    assert [row["actor"] for row in mall.events("PolicySet")][-2:] == ["user:admin"] * 2


def switched(office: Page, words: str, told: bool) -> None:
    office.get_by_role("button", name=words).click()
    office.get_by_role("dialog").get_by_role("button", name=words).click()
    expect(office.locator("[data-told]")).to_have_attribute("data-told", str(told).lower())
