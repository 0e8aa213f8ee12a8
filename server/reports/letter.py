"""The first page: the letter to the head of the region, with the figures in its sentences."""

from __future__ import annotations

from datetime import date

from server.app.definitions import NOT_RECORDED, UNRECORDED
from server.app.report_periods import FORMS, period_of
from server.reports import words
from server.reports.counting import OTHER, UNMET, unmet_n
from server.reports.model import Letter
from server.reports.shape import Dossier, Earlier, Figures, earlier, first_and_last, is_recorded, is_running, recorded, scope

_ROMAN = ("", "I", "II", "III", "IV")
#: stands where an administrator has not written anything yet
BLANK = "…………………………"


def period_words(form: str, code: str) -> str:
    """('quarterly', '2026-T4') -> 'Triwulan IV Tahun 2026'."""
    period = period_of(form, code)
    part = (period.first.month - 1) // FORMS[form] + 1
    year = period.first.year
    if form == "monthly":
        return f"Bulan {words.MONTHS[period.first.month - 1]} {year}"
    return {"quarterly": f"Triwulan {_ROMAN[part]} Tahun {year}", "halfyearly": f"Semester {_ROMAN[part]} Tahun {year}"}.get(form, f"Tahun {year}")


def _in_words(form: str, code: str) -> str:
    """Within a sentence: 'triwulan IV tahun 2026'."""
    said = period_words(form, code).replace("Tahun", "tahun")
    return said[0].lower() + said[1:]


def letter_of(dossier: Dossier, title: str) -> Letter:
    said = dossier["letter"]
    revision = f" (Revisi {dossier['revision']})" if dossier["revision"] else ""
    about = (
        ("Nomor", dossier["number"] or BLANK),
        ("Sifat", said.get("nature") or "Biasa"),
        ("Lampiran", said.get("enclosure") or "1 (satu) berkas"),
        ("Hal", f"{title}{revision}"),
    )
    made_on = words.day(date.fromisoformat(dossier["made_on"]))
    nip = (f"NIP {said['nip']}",) if said["nip"] else ()
    return Letter(
        head=tuple(said["head"]) or (dossier["figures"]["site_name"].upper(),),
        about=about,
        place_and_date=f"{said['place'] or BLANK}, {made_on}",
        to=_to(dossier),
        body=tuple(_body(dossier)),
        signature=(said["office"] or BLANK,),
        signatory=(said["name"] or BLANK, *filter(None, [said["rank"]]), *nip),
        copies=() if is_extract(dossier) else tuple(said["copies"]),
    )


def is_extract(dossier: Dossier) -> bool:
    """Of some gerai only: it goes to who sent them to the hall, not to the head of the region."""
    return dossier["gerai"] is not None


def _to(dossier: Dossier) -> tuple[str, ...]:
    said = dossier["letter"]
    if is_extract(dossier):
        agencies = dossier["facts"]["agencies"]
        names = list(dict.fromkeys(agencies[code] for code in dossier["gerai"] if code in agencies)) or dossier["facts"]["scope"]
        return (f"Yth. Pimpinan {words.listed(names) or BLANK}", "di Tempat")
    through = (f"melalui {said['through']}",) if said["through"] else ()
    return (f"Yth. {said['addressee'] or BLANK}", *through, f"di {said['addressee_place'] or BLANK}")


def _body(dossier: Dossier) -> list[str]:
    """The letter's paragraphs, from the ground of the report to its thanks."""
    said, only = dossier["letter"], is_extract(dossier)
    opening = f"Berdasarkan {said['basis']}, bersama" if said["basis"] and not only else "Bersama"
    about = _in_words(dossier["form"], dossier["period"])
    usual = f"{opening} ini kami sampaikan laporan penyelenggaraan {of_what(dossier)} {about}."
    start = usual if only else said.get("opening") or usual
    details = "Rincian menurut instansi, layanan, hari, dan jam termuat dalam lampiran. " if is_recorded(dossier) else ""
    end = said.get("closing") or "Demikian laporan ini kami sampaikan; atas perhatian Bapak/Ibu kami ucapkan terima kasih."
    return [f"{start}{_replaces(dossier['revision'])}", *summary(dossier), *filter(None, [said["note"]]), f"{details}{end}"]


def _replaces(revision: int | None) -> str:
    """What a correction takes the place of; why stands in the letter's note."""
    if not revision:
        return ""
    before = "laporan yang terbit semula" if revision == 1 else f"Revisi {revision - 1}"
    return f" Laporan ini adalah Revisi {revision} dan menggantikan {before}."


def of_what(dossier: Dossier) -> str:
    """The hall, or 'gerai A dan B pada' the hall."""
    only, site = scope(dossier), dossier["figures"]["site_name"]
    return f"{only} pada {site}" if only else str(site)


def summary(dossier: Dossier) -> list[str]:
    """The figures in sentences; an empty period says that it is empty, one without a record that it has none."""
    figures = dossier["figures"]
    if not is_recorded(dossier):
        return [_no_record(dossier)]
    if not figures["totals"]["issued"] and not figures["totals"]["legs"]:
        return [f"Tidak ada nomor antrean yang terbit pada {_span(dossier)}. {_unmet(figures)}".strip()]
    return [
        f"{_amount(dossier)} {_endings(figures)}",
        f"{_waiting(figures)} {_serving(figures)}",
        " ".join(filter(None, [_compared(dossier), _unmet(figures), _unrecorded()])),
    ]


def _no_record(dossier: Dossier) -> str:
    why = "sistem ini belum mempunyai hari pelayanan"
    if dossier["figures"]["recorded"]["first"] is not None:
        (first, last), period = recorded(dossier), first_and_last(dossier)
        is_before = period[1] < first
        why = f"hari pelayanan pertama pada sistem ini {words.day(first)}" if is_before else f"catatan terakhir pada sistem ini bertanggal {words.day(last)}"
    return f"Angka {_span(dossier)} {NOT_RECORDED}: {why}."


def _span(dossier: Dossier) -> str:
    so_far = f" (sampai dengan {words.day(recorded(dossier)[1])})" if is_running(dossier) and is_recorded(dossier) else ""
    return _in_words(dossier["form"], dossier["period"]) + so_far


def _amount(dossier: Dossier) -> str:
    figures, days = dossier["figures"], dossier["facts"]["open_days"]
    served_days = f"Dalam {words.count(days)} hari pelayanan pada" if days else "Pada"
    asked = [row for row in figures["services"] if row["issued"]]
    agencies = {dossier["facts"]["agencies"].get(row["gerai"], row["gerai_name"]) for row in asked}
    # A gerai that only took over others' visitors gave no number.
    what = f" untuk {words.count(len(asked))} layanan dari {words.count(len(agencies))} instansi" if asked else ""
    return f"{served_days} {_span(dossier)} terbit {words.count(figures['totals']['issued'])} nomor antrean{what}."


def _endings(figures: Figures) -> str:
    totals = figures["totals"]
    missed = totals["no_show_share"]
    part = f" ({words.percent(missed['n'] / missed['of'])} dari yang dipanggil)" if missed["of"] else ""
    return (
        f"Sebanyak {words.count(totals['served'])} langkah dilayani sampai selesai, {words.count(totals['no_show'])} berakhir karena "
        f"pengunjung tidak hadir{part}, {words.count(totals['cancelled'])} dibatalkan, dan {words.count(totals['expired'])} "
        "belum dilayani saat hari ditutup."
    )


def _waiting(figures: Figures) -> str:
    wait, within = figures["totals"]["wait"], figures["totals"]["within_standard"]
    if not wait["n"]:
        return "Tidak ada waktu tunggu yang dapat dihitung."
    kept = f"; {words.percent(within['n'] / within['of'])} sesuai dengan waktu tunggu pada standar pelayanan" if within["of"] else ""
    return (
        f"Waktu tunggu median {words.lasting(wait['median'])}, dan sembilan dari sepuluh dipanggil dalam "
        f"{words.lasting(wait['p90'])} (n = {words.count(wait['n'])}){kept}."
    )


def _serving(figures: Figures) -> str:
    took, within = figures["totals"]["service_time"], figures["totals"]["within_standard_service"]
    if not took["n"]:
        return "Tidak ada waktu pelayanan yang dapat dihitung."
    kept = f"; {words.percent(within['n'] / within['of'])} sesuai dengan standar" if within["of"] else ""
    return f"Waktu pelayanan median {words.lasting(took['median'])} (n = {words.count(took['n'])}){kept}."


def _compared(dossier: Dossier) -> str:
    if is_running(dossier):  # a part beside a whole would only mislead
        return "Jangka waktu laporan ini belum berakhir; pembandingnya belum dapat disebut."
    return " ".join(_against(other, dossier["figures"]["totals"]["issued"]) for other in earlier(dossier))


def _against(other: Earlier, now: int) -> str:
    name = _in_words(other.period.form, other.period.code)
    if other.figures is None:
        return f"Pembanding {name}: {NOT_RECORDED}."
    was = other.figures["totals"]["issued"]
    if other.since:
        return f"Pada {name} tercatat {words.count(was)} nomor sejak {words.day(other.since)}, hari pelayanan pertama pada sistem ini."
    if not was or was == now:
        return f"Pada {name} terbit {words.count(was)} nomor."
    turn = "naik" if now > was else "turun"
    return f"Dibandingkan dengan {name} ({words.count(was)} nomor), jumlah itu {turn} {words.percent(abs(now - was) / was)}."


def _unmet(figures: Figures) -> str:
    found = figures["unmet"]
    parts = [f"{words.count(found[key])} karena {label.lower()}" for key, label in UNMET.items() if found[key]]
    says = [f"Permintaan nomor yang tidak terlayani ada {words.count(unmet_n(found))}: {words.listed(parts)}."] if parts else []
    if found[OTHER]:
        says.append(f"{words.count(found[OTHER])} permintaan nomor ditolak karena sebab lain.")
    return " ".join(says)


def _unrecorded() -> str:
    return f"{NOT_RECORDED[0].upper()}{NOT_RECORDED[1:]}: {'; '.join(UNRECORDED.values())}."
