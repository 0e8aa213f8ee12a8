"""`mpp report monthly --month 2026-10 --format pdf`: a report that is not issued, read-only, server or not.

`mpp report issued --id 7 --format pdf`: one that was, made again from what it was made from.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.mistakes import system_said
from config.settings import Settings
from server.app import dossiers, reports
from server.app.report_csv import csv_of
from server.app.report_letter import missing
from server.app.report_periods import FORMS, WRITTEN, Period, period_of
from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.cli.places import load_settings
from server.cli.words import Parser
from server.domain.errors import RuleBroken

ISSUED = "issued"
FORMATS = ("json", "csv", "xlsx", "pdf")
#: fields of the letter that must not be empty, as the administrator's page calls them
LABELS = {"head": "kop surat", "addressee": "tujuan surat", "place": "tempat", "office": "jabatan", "name": "nama penanda tangan"}


def run(argv: Sequence[str]) -> int:
    """Write the report to --out ('-': standard output)."""
    parser = Parser("report", "Buat laporan bulanan, triwulanan, semesteran, atau tahunan.")
    kinds = (*FORMS, ISSUED)
    parser.add_argument("what", choices=kinds, metavar="|".join(kinds))
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--month", metavar="TTTT-BB", help="bulan, misalnya 2026-10")
    which.add_argument("--period", metavar="PERIODE", help="2026-10, triwulan 2026-T4, semester 2026-S2, atau tahun 2026")
    which.add_argument("--id", type=int, metavar="N", help=f"laporan yang sudah terbit, untuk {ISSUED}: dibuat lagi dan dibandingkan dengan yang diterbitkan")
    parser.add_argument("--format", choices=FORMATS, default="json")
    parser.add_argument("--out", default="-", metavar="BERKAS")
    parser.add_argument("--gerai", metavar="KODE", help="hanya gerai ini, dipisah koma")
    parser.add_argument("--number", default="", metavar="NOMOR", help="nomor surat pada PDF dan XLSX")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    said = parser.parse_args(argv)
    if (said.id is None) is (said.what == ISSUED):
        raise Stop(f"Tulis --id bersama {ISSUED}, dan hanya bersama itu.", BAD_ARGUMENTS)
    if said.id is not None:
        return _again(said)
    _write(said.out, _content(said, _period(said)))
    return 0


def _again(said: Namespace) -> int:
    """The file made anew; FAILED when it is not, byte for byte, the one that is kept."""
    from server.ops import report_making, talking

    settings = load_settings(None, {"server.data": said.data})
    with talking.reads(settings) as reads:
        try:
            row, text = reports.file_of(reads, said.id, "json", None)
        except RuleBroken as refusal:
            raise Stop(f"Laporan {said.id} tidak ada; nomornya ada di alamat unduhannya.", BAD_ARGUMENTS) from refusal
    if said.format in {"pdf", "xlsx"}:
        made = signed = report_making.rendered(text.decode(), said.format)
    else:  # the CSV is made of the figures that were signed
        made, signed = csv_of(json.loads(text)["figures"]).encode() if said.format == "csv" else text, text
    _write(said.out, made)
    digest = hashlib.sha256(signed).hexdigest()
    if digest == row["sha256"].get(said.format, row["sha256"]["json"]):
        print(f"Sama, bita demi bita, dengan yang diterbitkan (SHA-256 {digest}).", file=sys.stderr)
        return 0
    print("Berbeda dari berkas yang diterbitkan, misalnya karena versi program lain; yang sah ialah berkas yang tersimpan.", file=sys.stderr)
    return FAILED


def _period(said: Namespace) -> Period:
    if said.month is not None and said.what != "monthly":
        raise Stop(f"--month hanya untuk monthly; untuk {said.what} tulis --period {WRITTEN[said.what]}.", BAD_ARGUMENTS)
    code = said.month if said.period is None else said.period
    try:
        return period_of(said.what, code)
    except ValueError as wrong:
        what = "Bulan" if said.what == "monthly" else "Periode"
        raise Stop(f"{what} {code!r} tidak sah; tulis seperti {WRITTEN[said.what]}.", BAD_ARGUMENTS) from wrong


def _content(said: Namespace, period: Period) -> bytes:
    from server.ops import report_making

    settings = load_settings(None, {"server.data": said.data})
    gerai = frozenset(said.gerai.split(",")) - {"-"} if said.gerai is not None else None
    if said.format in {"pdf", "xlsx"}:
        dossier = report_making.draft(settings, period, gerai, said.number)
        _warn(dossier)
        return report_making.rendered(dossiers.text_of(dossier), said.format)
    report = _figures(settings, period, gerai)
    return (csv_of(report) if said.format == "csv" else json.dumps(report, ensure_ascii=False)).encode()


def _figures(settings: Settings, period: Period, gerai: frozenset[str] | None) -> dict[str, Any]:
    from server.app.months import month_of
    from server.ops import report_making, talking

    with talking.reads(settings) as work:
        report_making.refuse_future(period, report_making.today(settings, work))
        report_making.refuse_unknown(work, gerai)
        return month_of(work, period, gerai)


def _warn(dossier: dict[str, Any]) -> None:
    """What the person at the terminal should know of the file just made."""
    lacks = missing(dossier["letter"])
    if lacks:
        names = ", ".join(LABELS[name] for name in lacks)
        print(f"Kop surat belum lengkap ({names}); lengkapi di halaman Admin sebelum laporan diterbitkan.", file=sys.stderr)
    if not dossier["figures"]["recorded"]["known"]:
        print(f"Angka {dossier['period']} belum dicatat pada sistem ini; laporan menyebutkannya.", file=sys.stderr)
    elif not dossier["figures"]["totals"]["legs"]:
        print(f"Tidak ada nomor antrean pada {dossier['period']}; laporan menyebutkannya.", file=sys.stderr)


def _write(out: str, content: bytes) -> None:
    if out == "-":
        sys.stdout.buffer.write(content)
        return
    half = Path(f"{out}.{os.getpid()}")
    try:
        half.write_bytes(content)
        half.replace(out)
    except OSError as problem:
        raise Stop(f"Berkas {out} tidak dapat ditulis ({system_said(problem)}).", FAILED) from problem
