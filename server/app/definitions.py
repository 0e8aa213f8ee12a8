"""The words of the monthly report: its definitions and its notes on data quality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: raised whenever a definition below changes its meaning
DEFINITIONS_VERSION = 1

NOT_RECORDED = "belum dicatat"

DEFINITIONS: Mapping[str, str] = {
    "issued": "Nomor terbit: nomor antrean yang diberikan. Satu nomor adalah satu kunjungan.",
    "leg": "Langkah: satu persinggahan kunjungan di satu gerai. Pengalihan menambah langkah, "
    "nomornya tetap. Pada tabel layanan, nomor terbit dihitung pada layanan yang dipilih saat "
    "nomor diambil; angka lain dihitung pada layanan tempat langkah itu terjadi.",
    "called": "Dipanggil: langkah yang sedikitnya sekali dipanggil.",
    "served": "Dilayani: langkah yang dilayani sampai selesai.",
    "no_show": "Tidak hadir: langkah yang berakhir karena pengunjung tidak datang setelah "
    "dipanggil, dibagi langkah yang dipanggil.",
    "cancelled": "Batal: langkah yang dibatalkan oleh pengunjung atau petugas.",
    "expired": "Belum dilayani saat tutup: langkah yang masih terbuka ketika hari ditutup.",
    "transferred": "Dialihkan: langkah yang diteruskan ke layanan lain (keluar) atau diterima "
    "dari layanan lain (masuk).",
    "wait": "Waktu tunggu: dari masuk antrean sampai panggilan pertama. Pemanggilan ulang "
    "tidak mengubahnya.",
    "walk": "Waktu menuju loket: dari panggilan pertama sampai mulai dilayani.",
    "service_time": "Waktu pelayanan: jumlah selang waktu dilayani; waktu ditunda tidak "
    "termasuk.",
    "hold": "Waktu ditunda: lamanya langkah yang sudah berakhir pernah ditunda; tanpa yang tidak terlayani sampai hari ditutup.",
    "stay": "Lama kunjungan: dari nomor terbit sampai langkah terakhir selesai dilayani.",
    "abandoned": "Ditinggalkan: kunjungan tanpa langkah yang selesai dilayani, karena "
    "dibatalkan pengunjung atau belum dilayani saat tutup, dibagi nomor terbit.",
    "within_standard": "Sesuai standar (tunggu): langkah yang dipanggil dalam waktu tunggu "
    "yang dijanjikan, dibagi langkah yang dipanggil, yang belum dipanggil saat tutup, dan "
    "yang dibatalkan setelah janji terlewati.",
    "within_standard_service": "Sesuai standar (pelayanan): waktu pelayanan andal yang tidak "
    "melebihi janji, dibagi semua waktu pelayanan andal.",
    "throughput": "Kecepatan: langkah yang selesai dilayani per jam loket buka, jeda tidak "
    "dihitung.",
    "occupancy": "Keterisian: waktu dilayani dibagi waktu loket buka, jeda tidak dihitung.",
    "unmet": "Permintaan tak terlayani: permintaan nomor yang ditolak karena tutup, lewat "
    "batas ambil nomor, atau kuota habis.",
    "reliable": "Waktu tidak andal: lupa menekan Mulai, ditutup otomatis, atau jam diragukan; "
    "tidak ikut dihitung, tetapi jumlahnya dicantumkan.",
    "hour": "Jam: jam setempat saat langkah mulai menunggu.",
    "wait_classes": "Sebaran waktu tunggu: banyaknya langkah dengan waktu tunggu lebih lama daripada "
    "kelas sebelumnya dan paling lama sampai batas kelasnya; kelas terakhir tanpa batas.",
    "devices": "Gangguan perangkat: lamanya perangkat tidak terdengar, layar tidak bersuara atau macet, "
    "dan pencetak tidak siap, selama hari layanan berjalan. Sebab dapat bertumpuk; jumlahnya dihitung sekali.",
    "figures": "Satuan: semua waktu dalam detik. n: banyaknya data; P90: peringkat terdekat; rata-rata "
    "selalu dari data aslinya. Hari dan jam menurut waktu setempat.",
    "closed_days": "Hari yang ditutup: sidik jari (SHA-256) ujung catatan kejadian pada saat "
    "hari ditutup, untuk membuktikan bahwa catatan tidak diubah.",
}

#: fields a monthly report is expected to have and that nothing records yet, as they stand within a sentence
UNRECORDED: Mapping[str, str] = {
    "skm": "Survei Kepuasan Masyarakat",
    "complaints": "pengaduan",
    "downtime": "waktu sistem mati dan pelayanan manual",
    "attendance": "petugas terjadwal dan gerai terwakili",
}

#: code -> note; {n} is its count
NOTES: Mapping[str, str] = {
    "wait_unreliable": "{n} langkah dengan waktu tunggu tidak andal, tidak ikut dihitung.",
    "service_unreliable": "{n} langkah dengan waktu pelayanan tidak andal, tidak ikut dihitung.",
    "sessions_flagged": "{n} sesi loket ditutup otomatis; lamanya perkiraan.",
    "sessions_open": "{n} sesi loket belum ditutup, tidak ikut dihitung.",
    "legs_open": "{n} langkah belum berakhir saat laporan dibuat.",
    "days_open": "{n} hari dengan nomor terbit belum ditutup.",
}


def note(code: str, n: int) -> dict[str, Any]:
    """One counted line of the report's `quality`."""
    return {"code": code, "n": n, "text": NOTES[code].format(n=n)}


def blanked(value: Any, kept: frozenset[str] = frozenset()) -> Any:
    """The same shape with `belum dicatat` in place of each number, and of each that is missing; not under the names `kept`."""
    if isinstance(value, Mapping):
        return {name: part if name in kept else blanked(part, kept) for name, part in value.items()}
    if isinstance(value, list):
        return [blanked(part, kept) for part in value]
    return value if isinstance(value, str) else NOT_RECORDED


def unrecorded() -> list[dict[str, Any]]:
    """What the report does not know, said as such rather than as a zero."""
    return [
        {"code": "not_recorded", "field": field, "n": None, "text": f"{label[0].upper()}{label[1:]}: {NOT_RECORDED}."}
        for field, label in UNRECORDED.items()
    ]
