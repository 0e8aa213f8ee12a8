"""From a dossier to a document: pure, so the same dossier gives the same report for ever."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from server.reports import counting, timing, words
from server.reports.letter import letter_of, of_what, period_words, summary
from server.reports.model import Column, Document, Group, Section, Table
from server.reports.shape import Dossier, first_and_last, is_recorded, scope, text

_FORMS = {"monthly": "Laporan Bulanan", "quarterly": "Laporan Triwulanan", "halfyearly": "Laporan Semesteran", "yearly": "Laporan Tahunan"}

#: the one definition that is about the figures as data; on paper times are written out
_IN_JSON, _ON_PAPER = "semua waktu dalam detik.", "waktu dihitung dalam detik dan ditulis jam:menit:detik."
#: who left, as a part of what: of the hall, of some gerai
_OF_HALL, _OF_GERAI = "dibagi nomor terbit.", "dibagi kunjungan yang singgah di gerai yang dimuat."


def document_of(dossier: Dossier, fingerprint: str) -> Document:
    """The report of a dossier (server/app/dossiers.py) whose SHA-256 is `fingerprint`."""
    form = _FORMS[dossier["form"]]
    about = period_words(dossier["form"], dossier["period"])
    title = f"{form} Penyelenggaraan {_capital(of_what(dossier))} {about}"
    only = scope(dossier)
    logo = dossier["logo"]
    return Document(
        title=title,
        period=f"{form} · {about}" + (f" · hanya {only}" if only else ""),
        mark=_mark(dossier, fingerprint),
        id=fingerprint,
        made_on=date.fromisoformat(dossier["made_on"]),
        letter=letter_of(dossier, title),
        sections=tuple(_sections(dossier)),
        logo=base64.b64decode(logo) if logo else None,
        is_draft=dossier["revision"] is None,
    )


def _mark(dossier: Dossier, fingerprint: str) -> str:
    """What tells this paper from every other of the same period."""
    revision = dossier["revision"]
    state = "konsep, belum diterbitkan" if revision is None else f"revisi {revision}" if revision else "terbitan pertama"
    if dossier["facts"]["simulated"]:
        state += " · JAM SIMULASI"
    only = scope(dossier)
    return f"{dossier['period']} · {state} · sidik jari {fingerprint[:16]}" + (f" · hanya {only}" if only else "")


def _capital(said: str) -> str:
    return said[0].upper() + said[1:]


def _sections(dossier: Dossier) -> list[Section]:
    if not is_recorded(dossier):
        return _unrecorded(dossier)
    return _numbered(
        ("Keterangan", _header(dossier), ()),
        ("Ringkasan", tuple(summary(dossier)), (timing.comparison(dossier), counting.kinds(dossier))),
        ("Permintaan tak terlayani dan pengecualian", (), (counting.unmet(dossier), counting.exceptions(dossier))),
        ("Loket dan perangkat", (), (timing.counters(dossier), counting.devices(dossier))),
        ("Sebaran waktu", (), (counting.days(dossier), counting.hours(dossier), counting.heat(dossier))),
        ("Instansi dan layanan", (), (counting.services(dossier), timing.times(dossier), timing.standards(dossier), counting.matrix(dossier))),
        ("Mutu data", (), (_quality(dossier),)),
        ("Definisi", (), (_definitions(dossier),)),
        ("Hari yang ditutup", (), (_closed(dossier),)),
    )  # fmt: skip


def _unrecorded(dossier: Dossier) -> list[Section]:
    """Of a period without any record: no table of figures, for an empty one would say that there was nothing."""
    return _numbered(
        ("Keterangan", _header(dossier), ()),
        ("Ringkasan", tuple(summary(dossier)), ()),
        ("Mutu data", (), (_quality(dossier),)),
        ("Definisi", (), (_definitions(dossier),)),
    )


def _numbered(*parts: tuple[str, tuple[str, ...], tuple[Table, ...]]) -> list[Section]:
    return [Section(f"{n}. {title}", says, tables) for n, (title, says, tables) in enumerate(parts, 1)]


def _header(dossier: Dossier) -> tuple[str, ...]:
    figures, facts = dossier["figures"], dossier["facts"]
    first, last = first_and_last(dossier)
    only = f" Laporan ini hanya memuat {scope(dossier)}." if scope(dossier) else ""
    where = (
        f"Titik layanan: {figures['site_name']} ({figures['site']}). Periode: {words.day(first)} sampai {words.day(last)}, "
        f"waktu setempat ({words.zone(figures['timezone'])}).{only}"
    )
    if not is_recorded(dossier):
        return (where,)
    return (
        where,
        f"Hari pelayanan: {words.count(facts['open_days'])}. Gerai: {words.count(len(figures['gerai']))}. Layanan: "
        f"{words.count(len(figures['services']))}. Loket: {words.count(facts['counters'])}. Waktu ditulis jam:menit:detik; n adalah banyaknya data; "
        f"tanda {words.NOTHING} berarti tidak ada data.",
    )


def _quality(dossier: Dossier) -> Table:
    rows = tuple((row["text"], row["n"]) for row in dossier["figures"]["quality"])
    return Table("Mutu data", "Catatan mutu data", (text("Catatan", 6), Column("Jumlah")), (Group("", rows),))


def _definitions(dossier: Dossier) -> Table:
    figures = dossier["figures"]
    rows = tuple(_split(_on_paper(dossier, said)) for said in figures["definitions"].values())
    title = f"Definisi (versi {figures['definitions_version']})"
    return Table("Definisi", title, (text("Istilah", 1.4), text("Arti", 5)), (Group("", rows),))


def _on_paper(dossier: Dossier, said: str) -> str:
    said = said.replace(_IN_JSON, _ON_PAPER)
    return said if dossier["gerai"] is None else said.replace(_OF_HALL, _OF_GERAI)


def _split(said: str) -> tuple[str, str]:
    term, _, meaning = said.partition(": ")
    return (term, meaning[0].upper() + meaning[1:]) if meaning and "." not in term else ("", said)


def _closed(dossier: Dossier) -> Table:
    rows: tuple[Any, ...] = tuple((date.fromisoformat(row["date"]), row["head"]) for row in dossier["figures"]["closed_days"])
    note = "" if rows else "Tidak ada hari yang ditutup pada periode ini."
    return Table("Hari ditutup", "Ujung catatan kejadian tiap hari yang ditutup (SHA-256)", (text("Tanggal", 1), text("Sidik jari", 5)), (Group("", rows),), note=note)
