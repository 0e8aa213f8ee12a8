"""Hostile text in every field that people can write, put into the database by hand, so that no check at the door helps."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from html.parser import HTMLParser
from typing import Any

from server.cli.places import home
from server.ops.prove.security.asking import ask, bearer
from server.ops.prove.security.stage import FILE, OWN, Hall, Person

#: seen on a page, it shows that the text came there; as an element, that it was taken for markup
MARK, ELEMENT = "taintmark", "x-taint"
#: closes what a careless page may have opened, then HTML, script, SVG, templates, control, direction, bounds, and length
CORPUS = (
    f"=1+1{MARK}\"'></title></script></style></textarea><{ELEMENT} onclick=alert(1)></{ELEMENT}><img src=x onerror=alert(1)>"
    "<svg onload=alert(1)></svg><iframe srcdoc='<script>alert(1)</script>'></iframe><a href=\"javascript:alert(1)\">x</a>"
    "{{7*7}}${7*7}<%=7*7%>{% raw %}#{7*7} `${alert(1)}` \\u003cscript\\u003e --> ]]> <!-- \x01\x07\x1b[31m\u202eabc\u202c\u2028\ufeff\U0001f600 "
    + "w" * 200
)
SEVEN = "49"
#: fields of the floor plan's rows that people read
WRITTEN = frozenset({"name", "short", "address", "phone", "front_desk", "complaint", "place", "requirements", "cost", "label", "id", "en", "decree"})
PLAN = ("site", "agency", "zone", "gerai", "counter", "service")
COLUMNS = (("site", "name"), ("person", "name"), ("device", "name"), ("printer", "name"), ("notice", "text"), ("calendar_override", "reason"), ("medium", "name"))
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def furnish(hall: Hall) -> None:
    """Rows for what a first day has none of; called before `poison`."""
    hall.post("/notices", {"text": "uji", "from": "2026-11-03"})
    hall.post("/printers", {"code": "PX", "name": "uji", "host": "PH1", "transport": {"kind": "network", "host": "127.0.0.1", "port": 9}})


def poison(hall: Hall) -> None:
    """With the server stopped: every text that people write becomes CORPUS."""
    with closing(sqlite3.connect(hall.data / FILE)) as database, database:
        for table in PLAN:
            for rowid, data in database.execute(f"SELECT rowid, data FROM {table}").fetchall():
                database.execute(f"UPDATE {table} SET data = ? WHERE rowid = ?", (json.dumps(_poisoned(json.loads(data))), rowid))
        for table, column in COLUMNS:
            changed = database.execute(f"UPDATE {table} SET {column} = ?", (CORPUS,)).rowcount
            hall.count("rows of hostile text", changed)


def _poisoned(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _poisoned(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_poisoned(one, key) for one in value]
    return CORPUS if isinstance(value, str) and key in WRITTEN else value


def live(hall: Hall, officer: Person, service: str) -> str:
    """A visitor who is called, and hostile reasons by the API; the public token of the visitor's ticket."""
    ticket = hall.ask("POST", "/tickets", bearer(hall.tokens["K1"]), {"service": service}).json
    reason = CORPUS[:190].replace("\x01", "").replace("\x07", "")
    for path, body in (
        (f"/counters/{OWN}-1/open", {}), (f"/counters/{OWN}-1/pause", {"reason": reason}), (f"/counters/{OWN}-1/resume", {}),
        (f"/counters/{OWN}-1/next", {}), (f"/counters/{OWN}-1/put-back", {"reason": reason}), (f"/counters/{OWN}-1/next", {}),
    ):
        told = hall.ask("POST", path, officer.headers, body)
        hall.expect(told.status == 200, f"taint: {path}: {told.status} {told.body[:100]!r}")
    for name in ("name", "reason"):
        told = hall.ask("POST", "/users", bearer(hall.tokens["cli"]), {"username": "jahat", "role": "viewer", name: CORPUS, "gerai": []})
        hall.expect(told.status == 422, f"taint: a person with such a {name} was taken: {told.status}")
    return hall.keep("a ticket's public token", ticket["token"])


class _Elements(HTMLParser):
    """Finds the taint where it has become markup: its element, or a handler or an address of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = {name for name, _ in attrs}
        if tag == ELEMENT or names & {"onerror", "onload", "onclick"} or any((value or "").startswith("javascript:") for _, value in attrs):
            self.found.append(f"<{tag}>")


def markup(page: str) -> list[str]:
    """Elements of a page that only the taint can have made."""
    reader = _Elements()
    reader.feed(page)
    return reader.found


def as_sent(hall: Hall, pages: dict[str, dict[str, str]]) -> None:
    """Every page as the server sends it. `pages`: address -> headers."""
    for path, headers in pages.items():
        told = ask(hall.address, "GET", path, headers)
        text = told.body.decode(errors="replace")
        hall.count("pages read as sent")
        hall.expect(told.status == 200, f"taint: {path}: {told.status}")
        hall.expect(not markup(text), f"taint: {path} has the taint as markup: {markup(text)[:3]}")
        hall.expect(MARK + SEVEN not in text.replace("{{7*7}}", ""), f"taint: {path} worked the taint out")


def export(hall: Hall) -> None:
    """The month as CSV: no cell of text that a spreadsheet would work out."""
    command = [sys.executable, "-m", "server.cli.main", "report", "monthly", "--month", "2026-11", "--format", "csv", "--data", str(hall.data)]
    done = subprocess.run(command, cwd=home(), capture_output=True, timeout=120, check=False)
    rows = list(csv.reader(io.StringIO(done.stdout.decode(errors="replace"), newline="")))
    hall.expect(done.returncode == 0 and len(rows) > 1, f"export: no report ({done.returncode}): {done.stderr[-300:]!r}")
    cells = [cell for row in rows for cell in row]
    hall.expect(any(MARK in cell for cell in cells), "export: the hostile names are not in the report, so nothing was tried")
    bad = formulas(cells)
    hall.expect(not bad, f"export: {len(bad)} cells begin like a formula: {bad[:1]}")
    hall.count("cells exported", len(cells))


def formulas(cells: list[str]) -> list[str]:
    """Cells that are text and begin, perhaps after spaces, as a formula does; a plain number is none."""

    def is_number(cell: str) -> bool:
        try:
            float(cell)
        except ValueError:
            return False
        return True

    return [cell for cell in cells if cell.lstrip(" ").startswith(FORMULA) and not is_number(cell)]

