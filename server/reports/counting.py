"""Sections of counts: per service, per day, per hour, channels, unmet demand, exceptions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from server.app.definitions import NOT_RECORDED
from server.reports import words
from server.reports.model import Chart, Column, Group, Row, Share, Table
from server.reports.shape import Dossier, Figures, by_gerai, first_and_last, known, recorded, seconds, summed, text

COUNTS = {
    "issued": "Terbit",
    "called": "Dipanggil",
    "served": "Dilayani",
    "no_show": "Tidak hadir",
    "cancelled": "Batal",
    "expired": "Belum dilayani",
    "transferred_in": "Dialihkan masuk",
    "transferred_out": "Dialihkan keluar",
}
UNMET = {"closed": "Tutup", "after_cutoff": "Lewat batas ambil", "quota": "Kuota habis"}
#: refusals that are no question of demand: a range used up, a clock in doubt
OTHER = "other"
CHANNELS = {"kiosk": "Kios", "petugas": "Dibantu petugas", "online": "Daring", "bergerak": "Bergerak", "api": "Program lain"}
MODES = {"langsung": "Langsung", "elektronik": "Elektronik", "mandiri": "Mandiri", "bergerak": "Bergerak"}
_KINDS = {"kiosk": "Kios", "display": "Layar", "print-host": "Pencetakan", "printer": "Pencetak"}
_CAUSES = {
    "down": "tidak terhubung", "offline": "tidak terhubung", "paper_out": "kertas habis", "cover_open": "penutup terbuka", "error": "rusak",
    "unknown": "keadaan tidak diketahui", "mute": "tanpa suara", "frozen": "tampilan macet", "stale": "tampilan terlambat", "small": "tulisan terlalu kecil",
}  # fmt: skip
#: longest form that has a column for each day
_DAYS_MAX = 31


def services(dossier: Dossier) -> Table:
    columns = (text("Instansi dan layanan", 4.2), *(summed(title) for title in COUNTS.values()))
    groups = by_gerai(dossier, lambda row: (row["service_name"], *(row[key] for key in COUNTS)))
    return Table("Layanan", "Jumlah per instansi dan layanan", columns, groups, wide=True)


def matrix(dossier: Dossier) -> Table:
    """Numbers given per service, a column for each day; for longer forms for each month."""
    first, last = first_and_last(dossier)
    is_month = (last - first).days < _DAYS_MAX
    slots = _days(first, last) if is_month else _months(first, last)
    since, until = recorded(dossier)
    told = {slot for slot in slots if (since if is_month else since.replace(day=1)) <= slot <= until}
    given: Counter[tuple[str, str, date]] = Counter()
    for gerai, service, day, n in dossier["facts"]["issued_by_day"]:
        when = date.fromisoformat(day)
        given[gerai, service, when if is_month else when.replace(day=1)] += n

    def row_of(row: Mapping[str, Any]) -> Row:
        cells = [given[row["gerai"], row["service"], slot] if slot in told else None for slot in slots]
        return (row["service_name"], *cells, sum(cell or 0 for cell in cells))

    titles = [str(slot.day) if is_month else words.MONTHS[slot.month - 1][:3] for slot in slots]
    columns = (text("Layanan", 7.0), *(summed(title, 0.85) for title in titles), summed("Jumlah", 1.6))
    what = "tanggal" if is_month else "bulan"
    return Table("Matriks", f"Nomor terbit per layanan dan {what}", columns, by_gerai(dossier, row_of), note=_unrecorded_dates(dossier), wide=True)


def _unrecorded_dates(dossier: Dossier) -> str:
    """Why some dates of the period have no figures; empty where the hall has a record of all of them."""
    (first, last), (since, until) = first_and_last(dossier), recorded(dossier)
    parts = [f"sebelum {words.day(since)}, hari pelayanan pertama pada sistem ini"] if first < since else []
    parts += [f"sesudah {words.day(until)}, tanggal catatan terakhir"] if until < last else []
    return f"{NOT_RECORDED[0].upper()}{NOT_RECORDED[1:]} ({words.NOTHING} atau kosong): {words.listed(parts)}." if parts else ""


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _months(first: date, last: date) -> list[date]:
    return [date(n // 12, n % 12 + 1, 1) for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)]


def days(dossier: Dossier) -> Table:
    """A row for each day; for longer forms for each month."""
    shown = ("issued", "called", "served", "no_show", "cancelled", "expired")
    counted = tuple(summed(COUNTS[key]) for key in shown)
    waits = (Column("Tunggu median"), Column("Tunggu P90"))
    wait = dossier["figures"]["totals"]["wait"]
    whole = [seconds(wait["median"]), seconds(wait["p90"])]

    def figures_of(row: Mapping[str, Any]) -> Row:
        if not known(row["issued"]):
            return (None,) * (len(shown) + len(waits))
        return (*(row[key] for key in shown), seconds(row["wait"]["median"]), seconds(row["wait"]["p90"]))

    if dossier["months"]:
        unknown = (NOT_RECORDED,) * (len(shown) + len(waits))
        monthly = tuple((_month_name(row["month"]), *(figures_of(row) if row["known"] else unknown)) for row in dossier["months"])
        columns = (text("Bulan", 2.0), *counted, *waits)
        return Table("Bulanan", "Jumlah per bulan", columns, (Group("", monthly),), fixed=dict(enumerate(whole, 7)), chart=Chart("column", 1, "Nomor terbit per bulan"))
    daily = tuple(
        (date.fromisoformat(row["date"]), words.weekday(date.fromisoformat(row["date"])), *figures_of(row))
        for row in dossier["figures"]["days"]
    )  # fmt: skip
    columns = (text("Tanggal", 1.3), text("Hari", 1.0), *counted, *waits)
    chart, note = Chart("line", 2, "Nomor terbit per hari"), _unrecorded_dates(dossier)
    return Table("Harian", "Jumlah per hari", columns, (Group("", daily),), note=note, fixed=dict(enumerate(whole, 8)), chart=chart)


def _month_name(month: str) -> str:
    return f"{words.MONTHS[int(month[5:]) - 1]} {month[:4]}"


def _open_hours(table: list[list[int]]) -> range:
    """From the first to the last hour in which any number was given."""
    busy = [hour for hour in range(24) if any(row[hour] for row in table)]
    return range(busy[0], busy[-1] + 1) if busy else range(8, 16)


def hours(dossier: Dossier) -> Table:
    table = dossier["figures"]["hours"]
    sums = [sum(row[hour] for row in table) for hour in range(24)]
    whole = sum(sums)
    rows = tuple((f"{hour:02}.00–{hour:02}.59", sums[hour], Share(sums[hour], whole)) for hour in _open_hours(table))
    columns = (text("Jam", 2.0), summed("Nomor terbit"), Column("Bagian"))
    return Table("Jam", "Sebaran jam ambil nomor", columns, (Group("", rows),), chart=Chart("column", 1, "Nomor terbit per jam"))


def heat(dossier: Dossier) -> Table:
    table = dossier["figures"]["hours"]
    shown = _open_hours(table)
    columns = (text("Hari", 1.6), *(summed(f"{hour:02}") for hour in shown), summed("Jumlah", 1.3))
    (first, last), (since, until) = first_and_last(dossier), recorded(dossier)
    met = {day.weekday() for day in _days(max(first, since), min(last, until))}
    rows = tuple(
        (words.WEEKDAYS[n], *((row[hour] for hour in shown) if n in met else (None,) * len(shown)), sum(row) if n in met else None)
        for n, row in enumerate(table)
    )
    return Table("Hari dan jam", "Nomor terbit menurut hari dan jam", columns, (Group("", rows),), note=_unrecorded_dates(dossier), heat=1)


def kinds(dossier: Dossier) -> Table:
    """Channels, modes and priorities: counts only, of nobody in particular."""
    totals = dossier["figures"]["totals"]
    priorities = {"umum": "Umum", **dossier["facts"]["priorities"]}
    parts = (("Kanal", totals["channels"], CHANNELS), ("Bentuk layanan", totals["modes"], MODES), ("Prioritas", totals["priorities"], priorities))
    rows = tuple(
        (kind, names.get(code, code), n, Share(n, totals["issued"]))
        for kind, found, names in parts for code, n in found.items()
    )  # fmt: skip
    return Table("Kanal", "Kanal, bentuk layanan, dan prioritas", (text("Kelompok", 2), text("Uraian"), Column("Jumlah"), Column("Bagian")), (Group("", rows),))


def unmet_n(found: Mapping[str, int]) -> int:
    """Unmet demand as DESIGN section 7 defines it."""
    return sum(found[key] for key in UNMET)


def unmet(dossier: Dossier) -> Table:
    """Per service; wishes for services that the plan no longer has stand in a group of their own."""
    figures = dossier["figures"]

    def row_of(name: str, found: Mapping[str, int]) -> Row:
        return (name, *(found[key] for key in UNMET), unmet_n(found), found[OTHER])

    groups = [
        Group(group.name, tuple(row for row in group.rows if any(row[1:])))
        for group in by_gerai(dossier, lambda row: row_of(row["service_name"], row["unmet"]))
    ]
    rest = {key: figures["unmet"][key] - sum(row["unmet"][key] for row in figures["services"]) for key in (*UNMET, OTHER)}
    if any(rest.values()):
        groups.append(Group("Tidak lagi ada di denah", (row_of("Layanan lain", rest),)))
    columns = (text("Instansi dan layanan", 4.2), *map(summed, UNMET.values()), summed("Jumlah"), summed("Ditolak karena sebab lain", 1.4))
    note = "Sebab lain, misalnya rentang nomor habis atau jam server diragukan, bukan permintaan tak terlayani dan tidak masuk jumlahnya."
    return Table("Tak terlayani", "Permintaan tak terlayani", columns, tuple(group for group in groups if group.rows), note=note)


#: kind of exception as the dossier counts it -> its words, in the order of the report
EXCEPTIONS = {
    "TicketPicked": "Dipanggil di luar urutan",
    "PrioritySet:confirmed": "Prioritas diberikan atau dipastikan petugas",
    "PrioritySet:removed": "Prioritas dicabut petugas",
    "TicketTransferred": "Dialihkan ke layanan lain",
    "TicketPutBack": "Dikembalikan ke antrean",
    "TicketReturned": "Kembali setelah tidak hadir",
    "SlipQueued": "Cetak ulang karcis",
    "CounterReleased": "Loket dilepas oleh pengawas",
    "OfficerLost": "Halaman petugas terputus",
    "OverrideSet": "Jam layanan diubah untuk sementara",
    "PolicySet": "Aturan antrean diubah",
    "SeriesJumped": "Nomor dilompati setelah pemulihan data",
    "ClockDoubted": "Jam server diragukan",
    "KioskPaused": "Kios beristirahat karena diketuk terlalu cepat",
}


def exceptions(dossier: Dossier) -> Table:
    """How often, never who: each one stands in the log with its actor."""
    found = dossier["facts"]["exceptions"]
    rows = tuple((label, found.get(kind, 0)) for kind, label in EXCEPTIONS.items())
    return Table("Pengecualian", "Pengecualian", (text("Kejadian", 4), summed("Jumlah")), (Group("", rows),))


def devices(dossier: Dossier) -> Table:
    out = {(row["kind"], row["code"]): row for row in dossier["figures"]["devices"]}
    known = {(row["kind"], row["code"]): _named(row) for row in dossier["facts"]["devices"]}
    rows = tuple(_device(known.get(key, key[1]), key[0], out.get(key)) for key in sorted({*known, *out}))
    note = (
        "Gangguan dihitung hanya selama hari pelayanan dibuka; sebab yang bersamaan dihitung sekali dalam jumlahnya. "
        f"Waktu sistem mati: {NOT_RECORDED}."
    )
    columns = (
        text("Perangkat"), text("Jenis", 1.5), summed("Gangguan (kali)", 1.2), summed("Lama gangguan", 1.2), text("Sebab", 4),
    )  # fmt: skip
    empty = "Belum dicatat: tidak ada perangkat yang melapor." if dossier["gerai"] is None else "Perangkat gedung tidak dirinci per gerai."
    return Table("Perangkat", "Gangguan perangkat", columns, (Group("", rows),), note=note, empty=empty)


def _named(row: Mapping[str, Any]) -> str:
    """Its name, and since when it is known how it was where that is not all the time."""
    since = row.get("since")
    return f"{row['name']} (tercatat sejak {words.day(date.fromisoformat(since))})" if since else str(row["name"])


def _device(name: str, kind: str, out: Figures | None) -> Row:
    causes = out["causes"] if out else {}
    why = [f"{_CAUSES.get(cause, cause)} {words.clock(found['s'])}" for cause, found in causes.items()]
    times = sum(found["times"] for found in causes.values())
    return (name, _KINDS.get(kind, kind), times, seconds(out["down_s"] if out else 0), "; ".join(why) or words.NOTHING)
