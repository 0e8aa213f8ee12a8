"""Figures, and the draft of a report, in a process of its own, beside the server: `python -m server.ops.figures_child DATA`, the wish as JSON on standard input.

Niced and read-only, so that a year's figures hold up nobody; what is refused is told as JSON too.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from typing import Any

from server.app import dossiers, figures, looking_back
from server.app.ask import StorageUnavailable
from server.app.ports import Work
from server.app.report_periods import period_of
from server.cli.places import home, load_settings
from server.domain.errors import RuleBroken
from server.ops import report_making, talking

NICE = 10
TIMEOUT_S = 120
#: more at a time would only make each of them slower
AT_ONCE = 2


def _draft(reads: Work, *, form: str, period: str, gerai: frozenset[str] | None, today: date) -> str:
    """The PDF of a report that is not issued, as base64."""
    dossier = dossiers.gather(reads, period_of(form, period), gerai, number="", revision=None, made_on=today)
    return base64.b64encode(report_making.rendered(dossiers.text_of(dossier), "pdf")).decode()


WISHES = {"figures": figures.figures, "stops": figures.stops, "history": looking_back.history, "draft": _draft}
_DATES = frozenset({"first", "last", "today"})


class Children:
    """Asks for figures; `data`: the server's data folder."""

    def __init__(self, data: str) -> None:
        self._data = data
        self._running = 0

    def ask(self, what: str, wish: Mapping[str, Any]) -> Any:
        """What WISHES answers. Raises RuleBroken, and StorageUnavailable while too many are asked for or when it broke."""
        if self._running >= AT_ONCE:
            raise StorageUnavailable("other figures are being made")
        self._running += 1
        try:
            told = self._told({"what": what, **wish})
        finally:
            self._running -= 1
        if "refused" in told:
            raise RuleBroken(told["refused"], **told["facts"])
        return told["answer"]

    def _told(self, wish: Mapping[str, Any]) -> Any:
        command = [sys.executable, "-m", "server.ops.figures_child", self._data]
        try:
            done = subprocess.run(
                command, input=json.dumps(wish, default=_plain).encode(), capture_output=True, timeout=TIMEOUT_S, check=False, cwd=home()
            )
        except subprocess.TimeoutExpired as late:
            raise StorageUnavailable(f"figures took longer than {TIMEOUT_S} s") from late
        if done.returncode != 0:
            raise StorageUnavailable(done.stderr.decode(errors="replace")[-500:])
        return json.loads(done.stdout)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else sorted(value)


def answer(data: str, wish: Mapping[str, Any]) -> dict[str, Any]:
    """{answer}, or {refused, facts}."""
    given = {name: date.fromisoformat(value) if name in _DATES else value for name, value in wish.items() if name != "what"}
    if given.get("gerai") is not None:
        given["gerai"] = frozenset(given["gerai"])
    try:
        with talking.reads(load_settings(None, {"server.data": data})) as work:
            return {"answer": WISHES[wish["what"]](work, **given)}
    except RuleBroken as refusal:
        return {"refused": refusal.code, "facts": refusal.facts}


def main() -> None:
    os.nice(NICE)
    told = answer(sys.argv[1], json.load(sys.stdin))
    json.dump(told, sys.stdout, ensure_ascii=False, allow_nan=False)


if __name__ == "__main__":
    main()
