"""`mpp report monthly --month 2026-10`: the monthly report, read-only, server or not."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from config.mistakes import system_said
from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.cli.places import load_settings
from server.cli.words import Parser

FORMATS = ("json", "csv")
#: a cell that a spreadsheet would take for a formula begins with one of these, perhaps after spaces; the last four are full-width
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def run(argv: Sequence[str]) -> int:
    """Write the report to --out ('-': standard output)."""
    parser = Parser("report", "Buat laporan bulanan.")
    parser.add_argument("what", choices=("monthly",), metavar="monthly")
    parser.add_argument("--month", required=True, metavar="TTTT-BB", help="bulan, misalnya 2026-10")
    parser.add_argument("--format", choices=FORMATS, default="json")
    parser.add_argument("--out", default="-", metavar="BERKAS")
    parser.add_argument("--gerai", metavar="KODE", help="hanya gerai ini, dipisah koma")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    said = parser.parse_args(argv)
    report = _report(said, _first_of(said.month))
    _write(said.out, _as_csv(report) if said.format == "csv" else json.dumps(report, ensure_ascii=False))
    return 0


def _first_of(month: str) -> date:
    try:
        return datetime.strptime(month, "%Y-%m").replace(day=1).date()
    except ValueError as wrong:
        raise Stop(f"Bulan {month!r} tidak sah; tulis seperti 2026-10.", BAD_ARGUMENTS) from wrong


def _report(said: Namespace, first: date) -> dict[str, Any]:
    from server.app.months import month_of
    from server.ops import talking

    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    gerai = frozenset(said.gerai.split(",")) - {"-"} if said.gerai is not None else None
    settings = load_settings(None, {"server.data": said.data})
    with talking.reads(settings) as work:
        return month_of(work, first, last, gerai)


def _as_csv(report: dict[str, Any]) -> str:
    """One row for each service; nested figures become `wait.median` and the like."""
    rows = [_flat(row) for row in report["services"]]
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _flat(row: dict[str, Any], before: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{before}{name}.")
        else:
            flat[f"{before}{name}"] = _safe(value)
    return flat


def _safe(value: Any) -> Any:
    """Text that looks like a formula stays text in a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def _write(out: str, text: str) -> None:
    if out == "-":
        sys.stdout.write(text)
        return
    half = Path(f"{out}.{os.getpid()}")
    try:
        half.write_text(text, "utf-8")
        half.replace(out)
    except OSError as problem:
        raise Stop(f"Berkas {out} tidak dapat ditulis ({system_said(problem)}).", FAILED) from problem
