"""The security campaign, short: a real server attacked, every page poisoned in one Chromium (`mpp prove security`).

Planted: the bugs of its PLANTS, each seen red by `mpp prove --controls security`. In its own judging, each seen red:
a second answer on one connection not counted; the taint's element not looked for; a formula behind spaces let pass;
a secret in the log not seen.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from server.app.report_csv import _safe
from server.ops.prove.campaign import Order
from server.ops.prove.security import leaks, run, taint
from server.ops.prove.security.asking import statuses
from server.ops.prove.security.stage import Hall


@pytest.mark.browser
def test_the_floor_attacked() -> None:
    findings = run(Order(False, 1, lambda line: None))
    assert findings.broken == []
    assert findings.left_out == []
    assert any("doors tried" in line for line in findings.figures)


def test_two_answers_on_one_connection_are_two() -> None:
    one = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    assert statuses(one) == [200]
    assert statuses(one + one.replace(b"200", b"201")) == [200, 201]
    assert statuses(b"") == [] and statuses(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>") == [400]


@pytest.mark.parametrize(
    ("page", "is_markup"),
    [
        ("<p>&lt;x-taint&gt; &lt;img onerror=alert(1)&gt;</p>", False), (f"<p>{taint.CORPUS}</p>", True), ("<x-taint></x-taint>", True),
        ("<img src=x onerror=1>", True), ('<a href="javascript:1">', True), ('<a href="/t/x">', False),
    ],
)
def test_markup_made_by_the_taint_is_seen(page: str, is_markup: bool) -> None:
    assert bool(taint.markup(page)) is is_markup


@pytest.mark.parametrize("text", ["=1+1", "+1+cmd", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\uff1d1"])
def test_a_formula_is_seen_and_made_text(text: str) -> None:
    assert taint.formulas([text]) == [text]
    assert taint.formulas([_safe(text)]) == []
    assert taint.formulas(["-12.5", "12", "Loket 1", "a=1", ""]) == []


def test_a_secret_in_a_log_or_in_the_data_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hall = Hall(tmp_path, frozenset())
    (tmp_path / "mpp.sqlite3").write_bytes(b"page:" + b"hidden-token")
    log = tmp_path / "log"
    log.write_text("x" * 200 + " key=shown-key\n")
    monkeypatch.setattr(hall, "server", SimpleNamespace(log=log), raising=False)
    monkeypatch.setattr(hall, "rows", lambda question: [("LoggedIn", "a-password")])
    for secret, what in (("shown-key", "a key"), ("hidden-token", "a token"), ("a-password", "a password"), ("other", "a token")):
        hall.keep(what, secret)
    leaks.search(hall)
    assert hall.broken == [
        "leaks: a key stands in the server's log", "leaks: a password stands in the log of events",
        "leaks: a token stands in the database as it is",
    ]
