"""Sections of times and shares: comparison, waits and service times, standards, counters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from server.app.definitions import NOT_RECORDED
from server.reports import words
from server.reports.counting import unmet_n
from server.reports.model import Cell, Change, Column, Group, Row, Seconds, Share, Table
from server.reports.shape import Dossier, Figures, by_gerai, earlier, gerai_name, is_running, seconds, share, shared, summed, text

Read = Callable[[Figures], Cell]


def _count(key: str) -> Read:
    return lambda figures: int(figures["totals"][key])


def _time(kind: str, what: str) -> Read:
    return lambda figures: seconds(figures["totals"][kind][what])


def _share(key: str) -> Read:
    return lambda figures: share(figures["totals"][key])


#: the indicators that are compared, in the order of the report
INDICATORS: tuple[tuple[str, Read], ...] = (
    ("Nomor terbit", _count("issued")),
    ("Langkah dipanggil", _count("called")),
    ("Langkah dilayani", _count("served")),
    ("Tidak hadir", _count("no_show")),
    ("Tidak hadir, bagian dari yang dipanggil", _share("no_show_share")),
    ("Batal", _count("cancelled")),
    ("Belum dilayani saat tutup", _count("expired")),
    ("Ditinggalkan, bagian dari nomor terbit", _share("abandoned")),
    ("Waktu tunggu, banyak data (n)", lambda figures: figures["totals"]["wait"]["n"]),
    ("Waktu tunggu, rata-rata", _time("wait", "mean")),
    ("Waktu tunggu, median", _time("wait", "median")),
    ("Waktu tunggu, P90", _time("wait", "p90")),
    ("Waktu tunggu, paling lama", _time("wait", "max")),
    ("Waktu menuju loket, median", _time("walk", "median")),
    ("Waktu pelayanan, banyak data (n)", lambda figures: figures["totals"]["service_time"]["n"]),
    ("Waktu pelayanan, rata-rata", _time("service_time", "mean")),
    ("Waktu pelayanan, median", _time("service_time", "median")),
    ("Waktu pelayanan, P90", _time("service_time", "p90")),
    ("Lama kunjungan, median", _time("stay", "median")),
    ("Sesuai standar waktu tunggu", _share("within_standard")),
    ("Sesuai standar waktu pelayanan", _share("within_standard_service")),
    ("Jam loket buka", _time("throughput", "open_s")),
    ("Kecepatan, dilayani per jam loket", lambda figures: figures["totals"]["throughput"]["per_hour"]),
    ("Permintaan tak terlayani", lambda figures: unmet_n(figures["unmet"])),
)
#: what is divided by something else where only some gerai are told of
_OF_SOME_GERAI = {"Ditinggalkan, bagian dari nomor terbit": "Ditinggalkan, bagian dari kunjungan yang singgah"}


def change(now: Cell, before: Cell) -> Cell:
    """By how much; None where there is nothing to compare with."""
    if isinstance(now, Share) and isinstance(before, Share):
        return None if now.value is None or before.value is None else Change(now.value - before.value, in_points=True)
    new, old = _plain(now), _plain(before)
    return None if new is None or not old else Change((new - old) / old)


def _plain(cell: Cell) -> float | None:
    if isinstance(cell, Seconds):
        return cell.s
    return cell if isinstance(cell, int | float) else None


def comparison(dossier: Dossier) -> Table:
    """This period beside earlier ones; an absent one is `belum dicatat`, and a part is not compared with a whole."""
    others, running = earlier(dossier), is_running(dossier)

    def row_of(label: str, read: Read) -> Row:
        now = read(dossier["figures"])
        cells: list[Cell] = [label if dossier["gerai"] is None else _OF_SOME_GERAI.get(label, label), now]
        for other in others:
            was = NOT_RECORDED if other.figures is None else read(other.figures)
            cells += [was, None if running or other.since else change(now, was)]
        return tuple(cells)

    told = [column for other in others for column in (Column(other.column, 1.5), Column("Perubahan", 1.2))]
    rows = tuple(row_of(label, read) for label, read in INDICATORS)
    return Table("Perbandingan", "Ringkasan dan perbandingan", (text("Indikator", 4), Column("Periode ini", 1.3), *told), (Group("", rows),), note=_compared_how(dossier))


def _compared_how(dossier: Dossier) -> str:
    means = {"Sebelumnya": "periode yang sama panjang tepat sebelumnya", "Tahun lalu": "periode yang sama tahun sebelumnya"}
    others = earlier(dossier)
    says = [f"{other.column}: {means[other.column]}." for other in others]
    says += ["Selisih bagian ditulis dalam poin persen."]
    if is_running(dossier):
        says += ["Periode ini belum berakhir; perubahannya tidak dihitung."]
    else:
        says += [
            f"{other.column} baru dicatat sejak {words.day(other.since)}; perubahannya tidak dihitung."
            for other in others if other.since and other.figures is not None
        ]
    return " ".join(says)


_STATS = ("n", "mean", "median", "p90", "max")


def _stats(found: Mapping[str, Any]) -> list[Cell]:
    return [found["n"], *(seconds(found[key]) for key in _STATS[1:])]


def times(dossier: Dossier) -> Table:
    titles = ("rata-rata", "median", "P90", "terlama")
    columns = (
        text("Instansi dan layanan", 4.2),
        summed("Tunggu n"), *(Column(f"Tunggu {title}") for title in titles),
        summed("Layanan n"), *(Column(f"Layanan {title}") for title in titles),
    )  # fmt: skip
    groups = by_gerai(dossier, lambda row: (row["service_name"], *_stats(row["wait"]), *_stats(row["service_time"])))
    totals = dossier["figures"]["totals"]
    whole = [*_stats(totals["wait"]), *_stats(totals["service_time"])]
    fixed = {place: cell for place, cell in enumerate(whole, 1) if not columns[place].total}
    note = "Jam:menit:detik. Median, P90, dan rata-rata dihitung dari data aslinya; karena itu subtotal tidak memuatnya."
    return Table("Waktu", "Waktu tunggu dan waktu pelayanan", columns, groups, note=note, wide=True, fixed=fixed)


def standards(dossier: Dossier) -> Table:
    promised = dossier["facts"]["standards"]

    def row_of(row: Mapping[str, Any]) -> Row:
        wait, service = row["within_standard"], row["within_standard_service"]
        promise = promised.get(row["service"], {})
        return (
            row["service_name"],
            seconds(promise.get("wait_s", NOT_RECORDED)), wait["n"], wait["of"], share(wait),
            seconds(promise.get("service_s", NOT_RECORDED)), service["n"], service["of"], share(service),
        )  # fmt: skip

    columns = (
        text("Instansi dan layanan", 4.2),
        Column("Janji tunggu"), summed("Sesuai"), summed("Dari"), shared(),
        Column("Janji pelayanan"), summed("Sesuai"), summed("Dari"), shared(),
    )  # fmt: skip
    note = "Janji menurut denah yang berlaku saat laporan dibuat, dari layanan yang sudah dihapus janji terakhirnya; kesesuaian dihitung dengan janji yang berlaku saat nomor terbit."
    return Table("Standar", "Kesesuaian dengan standar pelayanan", columns, by_gerai(dossier, row_of), note=note, wide=True)


def counters(dossier: Dossier) -> Table:
    def row_of(row: Mapping[str, Any]) -> Row:
        pace, used = row["throughput"], row["occupancy"]
        return (
            gerai_name(dossier, row["gerai"], row["name"]), row["sessions"], pace["served"], seconds(pace["open_s"]), pace["per_hour"],
            Seconds(used["serving_s"]), Share(used["serving_s"], used["open_s"]),
        )  # fmt: skip

    columns = (
        text("Instansi dan gerai", 3.6), summed("Sesi loket"), summed("Dilayani"), summed("Loket buka", 1.2),
        Column("Per jam loket"), summed("Melayani", 1.2), Column("Keterisian", 1.1),
    )  # fmt: skip
    totals = dossier["figures"]["totals"]
    used = totals["occupancy"]
    fixed: dict[int, Cell] = {4: totals["throughput"]["per_hour"], 6: Share(used["serving_s"], used["open_s"])}
    rows = tuple(map(row_of, dossier["figures"]["gerai"]))
    return Table("Loket", "Jam loket buka dan kecepatan", columns, (Group("", rows),), fixed=fixed)
