"""The report's files tell what the figures say, to the letter, and are the same for the same dossier.

Planted: subtotals counted into the total (SUM for SUBTOTAL) -> test_a_spreadsheet_program_finds_the_same red; a total over all rows
but the last -> test_totals_agree red; the wall's date in the file -> test_the_same_dossier... red; the log's exceptions kept in
the dossier -> test_no_officer_is_named red; numbers per day of all gerai in an extract -> test_an_extract... red; an absent year
compared as zeros -> test_what_a_head_of_office_signs red; a cause left out of a device -> test_devices_tell_how_long_and_why red;
a device told by its row instead of by the log (`since` is never empty) -> the same red; consecutive rows grouped only -> test_a_gerai_is_one_group
red; agencies counted by the plan -> test_the_letter_counts_what_was_asked_for red; the hall's title, foot or codes on an extract ->
test_an_extract... red; figures of a month before the hall's first day -> test_a_month_before_the_first_day... red; 0 for its first dates ->
test_dates_without_a_record... red; a month of its life without a visitor taken for one without a record -> test_an_empty_month... red.
"""

import json
from typing import Any

import pytest
from xlsxwriter.utility import xl_col_to_name

from server.app import dossiers
from server.app.definitions import NOT_RECORDED
from server.app.report_csv import csv_of
from server.app.report_periods import FORMS, period_of
from server.cli.faults import Stop
from server.cli.report import run
from server.ops.report_making import rendered
from server.reports import counting, words
from server.reports.document import document_of
from server.reports.letter import letter_of, period_words, summary
from server.reports.model import Column, Group, Seconds, Table, added
from server.reports.pdf_tables import table_of
from tests.app.small_hall import SmallHall
from tests.reports.conftest import FORMULA, dossier_text, table
from tests.reports.reading import formulas, part, parts, pdf_pages, recalculated

#: sheet -> how often the columns of counts stand in it, in their order
COUNTED = tuple(counting.COUNTS)


def test_totals_agree(dossier: dict[str, Any], files: dict[str, bytes]) -> None:
    """JSON, CSV, the document and the PDF's text."""
    totals, services = dossier["figures"]["totals"], table(dossier, "Layanan")
    assert totals["issued"] > 20
    assert all(totals[key] for key in COUNTED)
    assert added(services.columns, services.rows)[1:] == [totals[key] for key in COUNTED]
    head, *rows = csv_of(dossier["figures"]).splitlines()
    columns = head.split(",")
    assert sum(int(row.split(",")[columns.index("issued")]) for row in rows) == totals["issued"]
    pages = " ".join(pdf_pages(files["pdf"]))
    line = " ".join(words.count(totals[key]) for key in COUNTED)
    assert f"Jumlah {line}" in pages
    assert words.clock(totals["wait"]["p90"]) in pages
    for key in ("Matriks", "Hari dan jam", "Jam", "Harian"):
        found = table(dossier, key)
        place = {"Harian": 2, "Jam": 1}.get(key, len(found.columns) - 1)
        assert added(found.columns, found.rows)[place] == totals["issued"], key


@pytest.mark.office
def test_a_spreadsheet_program_finds_the_same(dossier: dict[str, Any], files: dict[str, bytes], tmp_path: Any) -> None:
    """LibreOffice, with the stored results taken out: it must reach what the PDF prints."""
    sheets = recalculated(files["xlsx"], tmp_path)
    document = document_of(dossier, "0" * 64)
    assert {one.key for one in document.tables} <= set(sheets)
    for one in document.tables:
        if not one.has_total:
            continue
        wanted = added(one.columns, one.rows, one.fixed)
        line = next(row for row in sheets[one.key] if row.get("A") == "Jumlah")
        for place, column in enumerate(one.columns):
            if column.total:
                assert line.get(xl_col_to_name(place), 0.0) == pytest.approx(_plain(wanted[place]), abs=1e-9), (one.key, column.title)
    assert any(row.get("A") == FORMULA for row in sheets["Layanan"]), "a name became a formula"


def _plain(cell: Any) -> float:
    if hasattr(cell, "s"):
        return float(cell.s) / 86_400
    return float((cell.value if hasattr(cell, "value") else cell) or 0)


def test_the_same_dossier_gives_the_same_bytes(text: str, files: dict[str, bytes]) -> None:
    again = dossiers.text_of(json.loads(text))
    assert again == text
    assert {kind: rendered(again, kind) for kind in files} == files
    assert b"D:20261201" in files["pdf"], "the file's date is not the report's"


def test_what_a_head_of_office_signs(dossier: dict[str, Any], files: dict[str, bytes]) -> None:
    pages = pdf_pages(files["pdf"])
    first = pages[0]
    for said in (
        "Pemerintah Kota Kupang", "Nomor : 7/XII", "Yth. Wali Kota Kupang melalui Sekretaris Daerah Kota Kupang", "di Kupang",
        "Berdasarkan Pasal 15", "bulan November 2026", "Kupang, 1 Desember 2026", "Drs. Contoh Nama", "NIP 19680101", "1. Inspektur Kota Kupang",
    ):  # fmt: skip
        assert said in first, said
    assert all(page.endswith(f"halaman {n} dari {len(pages)}") or f"halaman {n} dari {len(pages)}" in page for n, page in enumerate(pages, 1))
    whole = " ".join(pages)
    assert f"Pembanding bulan November 2025: {NOT_RECORDED}." in whole
    assert f"Survei Kepuasan Masyarakat: {NOT_RECORDED}." in whole
    for row in dossier["figures"]["closed_days"]:
        assert row["head"] in whole.replace(" ", ""), row["date"]
    assert len(dossier["figures"]["closed_days"]) == 2
    assert FORMULA in whole
    assert "ditulis jam:menit:detik. n: banyaknya data" in whole
    assert "semua waktu dalam detik" not in whole


def test_no_officer_is_named(text: str, files: dict[str, bytes]) -> None:
    seen = text + " ".join(pdf_pages(files["pdf"])) + part(files["xlsx"], "xl/sharedStrings.xml")
    assert "petugas-" not in seen.lower()
    assert "salah loket" not in seen, "a reason, which anybody may have filled with a name"


def test_the_spreadsheet_is_one_to_work_with(dossier: dict[str, Any], files: dict[str, bytes]) -> None:
    found = formulas(files["xlsx"])
    assert all(one.startswith(("SUBTOTAL(9,", "IF(")) for one in found), "only our own formulas"
    assert len(found) > 90
    assert len(parts(files["xlsx"], "charts/chart")) == sum(one.chart is not None for one in document_of(dossier, "0" * 64).tables) == 2
    assert 'state="frozen"' in part(files["xlsx"], "xl/worksheets/sheet2.xml")
    daily = next(chart for chart in (part(files["xlsx"], f"xl/charts/chart{n}.xml") for n in (1, 2)) if "Harian" in chart)
    assert "<c:dateAx>" in daily and 'formatCode="d"' in daily, "its dates are dates"
    assert 'fitToHeight="0"' in part(files["xlsx"], "xl/worksheets/sheet1.xml"), "printed as wide as the paper"


def test_an_extract_tells_nothing_of_others(played: SmallHall) -> None:
    text = dossier_text(played, "2026-11", frozenset({"PTSP"}))
    each = pdf_pages(rendered(text, "pdf"))
    pages = " ".join(each)
    floor = played.read(lambda work: work.floors.current())
    others = [floor.gerai["DKC"].name, *(row.name["id"] for row in floor.services.values() if row.gerai == "DKC")]
    assert [name for name in others if name in text or name in pages] == []
    assert "DKC" not in text
    own, site = floor.gerai["PTSP"].name, floor.site.name
    assert f"hanya memuat gerai {own}." in pages and "gerai PTSP" not in pages
    title = f"Laporan Bulanan Penyelenggaraan Gerai {own} pada {site} Bulan November 2026"
    assert f"Hal : {title}" in each[0] and f"LAMPIRAN {title}" in each[1]
    assert [page for page in each if f"hanya gerai {own}" not in page] == [], "a page that could be the hall's"
    document, hall = (document_of(json.loads(one), "0" * 64) for one in (text, dossier_text(played, "2026-11")))
    assert document.period.endswith(f"hanya gerai {own}") and "hanya" not in hall.title + hall.period + hall.mark


def test_the_foot_has_room_for_many_gerai(dossier: dict[str, Any]) -> None:
    names = [f"Kantor Pelayanan Nomor {n}" for n in range(60)]
    many = {**dossier, "gerai": names, "facts": {**dossier["facts"], "scope": names}}
    foot = pdf_pages(rendered(dossiers.text_of(many), "pdf"))[1]
    assert "sidik jari" in foot and "Kantor Pelayanan Nomor 1," in foot and "…" in foot and "halaman 2 dari" in foot


def test_an_empty_month_says_so(played: SmallHall) -> None:
    """A month of the hall's life without a visitor: 0, and a sentence."""
    text = dossier_text(played, "2026-11", frozenset(), revision=None)
    pages = " ".join(pdf_pages(rendered(text, "pdf")))
    assert "Tidak ada nomor antrean yang terbit pada bulan November 2026." in pages
    assert "konsep, belum diterbitkan" in pages
    assert "Jam loket buka 0:00:00" in pages and "Kecepatan, dilayani per jam loket –" in pages
    assert json.loads(text)["before"]["totals"]["issued"] == 0
    assert rendered(text, "xlsx")


def test_a_month_before_the_first_day_is_not_recorded(played: SmallHall) -> None:
    """As the next month's comparison says of it: no figure in any format, not even a 0."""
    text = dossier_text(played, "2026-09", revision=None)
    said = json.loads(text)
    assert json.loads(dossier_text(played, "2026-10"))["before"] is None
    assert said["figures"]["totals"]["issued"] == said["figures"]["services"][0]["wait"]["median"] == NOT_RECORDED
    assert said["figures"]["recorded"] == {"known": False, "first": "2026-10-29", "last": "2026-11-04"}
    assert {cell for row in csv_of(said["figures"]).splitlines()[1:] for cell in row.split(",")[4:]} == {NOT_RECORDED}
    pages = " ".join(pdf_pages(rendered(text, "pdf")))
    assert f"Angka bulan September 2026 {NOT_RECORDED}: hari pelayanan pertama pada sistem ini 29 Oktober 2026." in pages
    assert "Tidak ada nomor" not in pages and "Jumlah 0" not in pages and "Perbandingan" not in pages
    assert [one.key for one in document_of(said, "0" * 64).tables] == ["Mutu data", "Definisi"] and rendered(text, "xlsx")
    later = json.loads(dossier_text(played, "2026-12"))
    assert summary(later) == [f"Angka bulan Desember 2026 {NOT_RECORDED}: catatan terakhir pada sistem ini bertanggal 4 November 2026."]


def test_dates_without_a_record_are_no_zeros(played: SmallHall) -> None:
    """The hall began on the 29th: the dates before it are empty, the 31st, on which nobody came, is 0."""
    october = json.loads(dossier_text(played, "2026-10"))
    daily, given = table(october, "Harian"), table(october, "Matriks")
    assert {row[2:] for row in daily.rows[:28]} == {(None,) * 8}
    assert daily.rows[28][2] and daily.rows[29][2] and daily.rows[30][2:8] == (0,) * 6
    assert {row[1:29] for row in given.rows} == {(None,) * 28} and {row[31] for row in given.rows} == {0}
    assert added(given.columns, given.rows)[32] == added(daily.columns, daily.rows)[2] == october["figures"]["totals"]["issued"]
    note = "Belum dicatat (– atau kosong): sebelum 29 Oktober 2026, hari pelayanan pertama pada sistem ini."
    assert daily.note == given.note == note
    by_weekday = {row[0]: row[1:] for row in table(october, "Hari dan jam").rows}
    assert set(by_weekday["Rabu"]) == {None} and by_weekday["Kamis"][-1] == daily.rows[28][2] and by_weekday["Sabtu"][-1] == 0
    pages = " ".join(pdf_pages(rendered(dossiers.text_of(october), "pdf")))
    assert note in pages and "Jumlah per hari 1 2 3" in pages, "a figure over a date without a record in the chart"
    assert rendered(dossiers.text_of(october), "xlsx")


def test_a_gerai_is_one_group(dossier: dict[str, Any]) -> None:
    """A service that is gone stands last among the services, and with the others of its gerai on paper."""
    first, *rest = dossier["figures"]["services"]
    found = table({**dossier, "figures": {**dossier["figures"], "services": [*rest, first]}}, "Layanan")
    names = [group.name for group in found.groups]
    assert len(names) == len(set(names)) == 2
    assert first["service_name"] in {row[0] for group in found.groups if group.name.endswith(first["gerai_name"]) for row in group.rows}


def test_the_letter_counts_what_was_asked_for(dossier: dict[str, Any]) -> None:
    """Services and agencies with numbers given, not those of the plan."""
    figures = dossier["figures"]
    rows = [{**row, "issued": 0 if row["gerai"] == "DKC" else row["issued"]} for row in figures["services"]]
    for services, said in ((figures["services"], "5 layanan dari 2 instansi."), (rows, "2 layanan dari 1 instansi.")):
        assert said in summary({**dossier, "figures": {**figures, "services": services}})[0]


def test_no_page_ends_behind_a_name_or_before_a_sum() -> None:
    """Planted: `together` that keeps nothing -> red."""
    groups = tuple(Group(f"Gerai {n}", ((f"layanan {n}", 1), (f"lain {n}", 2))) for n in range(8))
    table = Table("Layanan", "Layanan", (Column("Layanan", 4, is_text=True), Column("Nomor", total="sum")), groups)
    for height in range(90, 200, 3):
        left, cut = [table_of(table, 400)], []
        while left:
            whole = left.pop()
            parts_of = [] if whole.wrap(400, height)[1] <= height else whole.split(400, height)
            left += reversed(parts_of)
            cut += [] if parts_of else [whole._cellvalues]
        assert len(cut) > 1
        for above, below in zip(cut, cut[1:], strict=False):
            assert not str(above[-1][0]).startswith("Gerai"), height
            assert str(below[1][0]) != "Jumlah", height


def test_the_letters_words_are_the_administrators(dossier: dict[str, Any]) -> None:
    """Planted: the own opening or closing passed over; a first report that replaces something -> red each."""
    usual = letter_of(dossier, "Laporan")
    assert usual.about[1:3] == (("Sifat", "Biasa"), ("Lampiran", "1 (satu) berkas"))
    assert usual.body[0].startswith("Berdasarkan Pasal 15") and "Revisi" not in usual.body[0]
    said = {**dossier["letter"], "nature": "Segera", "enclosure": "2 (dua) berkas", "opening": "Dengan hormat.", "closing": "Sekian."}
    own = letter_of({**dossier, "letter": said, "revision": 2}, "Laporan")
    assert own.about[1:3] == (("Sifat", "Segera"), ("Lampiran", "2 (dua) berkas"))
    assert own.body[0] == "Dengan hormat. Laporan ini adalah Revisi 2 dan menggantikan Revisi 1."
    assert own.body[-1].endswith("termuat dalam lampiran. Sekian.")


def test_a_period_that_is_not_over_says_so_and_is_compared_with_nothing(dossier: dict[str, Any]) -> None:
    """Planted: always compared; always over -> red each."""
    whole, part = (" ".join(summary({**dossier, "made_on": day})) for day in ("2026-12-01", "2026-11-05"))
    assert "sampai dengan" not in whole and "belum berakhir" not in whole
    assert "pada bulan November 2026 (sampai dengan 4 November 2026) terbit" in part
    assert "belum berakhir" in part and "Dibandingkan" not in part and "Pembanding" not in part


def test_a_longer_form_is_its_months(played: SmallHall, text: str) -> None:
    """Told month by month; a month of which nothing is known is no zero; months that do not add up are not signed."""
    found = {code: json.loads(dossier_text(played, code)) for code in ("2026-10", "2026-11")}
    totals = {key: sum(one["figures"]["totals"][key] for one in found.values()) for key in dossiers.ADDED}
    wish = {"period": period_of("quarterly", "2026-T4"), "gerai": None}
    months = played.read(dossiers._months, **wish, whole={"totals": totals})
    assert [(row["month"], row["known"]) for row in months] == [("2026-10", True), ("2026-11", True), ("2026-12", False)]
    rows = table({**json.loads(text), "months": months}, "Bulanan").rows
    assert [row[1] for row in rows] == [*(one["figures"]["totals"]["issued"] for one in found.values()), NOT_RECORDED]
    with pytest.raises(ArithmeticError, match="issued"):
        played.read(dossiers._months, **wish, whole={"totals": {**totals, "issued": totals["issued"] + 1}})


@pytest.mark.parametrize(
    ("form", "code", "first", "last", "before", "said"),
    [
        ("monthly", "2026-01", "2026-01-01", "2026-01-31", "2025-12", "Bulan Januari 2026"),
        ("quarterly", "2026-T1", "2026-01-01", "2026-03-31", "2025-T4", "Triwulan I Tahun 2026"),
        ("quarterly", "2026-Q4", "2026-10-01", "2026-12-31", "2026-T3", "Triwulan IV Tahun 2026"),
        ("halfyearly", "2026-S2", "2026-07-01", "2026-12-31", "2026-S1", "Semester II Tahun 2026"),
        ("yearly", "2028", "2028-01-01", "2028-12-31", "2027", "Tahun 2028"),
    ],
)
def test_periods(form: str, code: str, first: str, last: str, before: str, said: str) -> None:
    found = period_of(form, code)
    assert (found.first.isoformat(), found.last.isoformat(), found.before.code) == (first, last, before)
    assert (found.year_before.first.year, found.year_before.first.month) == (found.first.year - 1, found.first.month)
    assert period_words(form, found.code) == said
    for other in FORMS:
        if other != form:
            with pytest.raises(ValueError, match="no period"):
                period_of(other, code)


def test_devices_tell_how_long_and_why(played: SmallHall, dossier: dict[str, Any]) -> None:
    """The same seconds as the JSON report; what never failed says 0, what never spoke is left out."""
    rows = dossier["facts"]["devices"]
    whole = played.read(lambda work: work.devices.devices())
    assert [row["code"] for row in rows] == ["K1"] and rows[0]["name"] and len(whole) > 1
    assert json.loads(dossier_text(played, "2026-10"))["facts"]["devices"] == [], "it was heard in November"
    causes = {"down": {"s": 60, "times": 1}, "paper_out": {"s": 30, "times": 2}}
    out = [{"code": rows[0]["code"], "kind": rows[0]["kind"], "down_s": 75, "causes": causes}, {"code": "TV-9", "kind": "display", "down_s": 5, "causes": {}}]
    table = counting.devices({**dossier, "figures": {**dossier["figures"], "devices": out}})
    told = {row[0]: row[2:] for group in table.groups for row in group.rows}
    assert told[f"{rows[0]['name']} (tercatat sejak 4 November 2026)"] == (3, Seconds(75), "tidak terhubung 0:01:00; kertas habis 0:00:30") and told["TV-9"][:2] == (0, Seconds(5))
    well = counting.devices({**dossier, "figures": {**dossier["figures"], "devices": []}})
    assert [row[2:] for row in well.rows] == [(0, Seconds(0), "–")]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["monthly", "--month", "2099-01"], "belum dimulai"),
        (["monthly", "--month", "2026-13"], "tidak sah; tulis seperti 2026-10"),
        (["quarterly", "--month", "2026-10"], "tulis --period 2026-T4"),
        (["quarterly", "--period", "2026-S1"], "tidak sah; tulis seperti 2026-T4"),
        (["yearly"], "--month --period --id wajib diisi"),
        (["monthly", "--month", "2026-10", "--gerai", "DKC,NIX"], "Gerai 'NIX' tidak ada dan tidak pernah ada"),
    ],
)
def test_the_command_says_what_is_wrong(played: SmallHall, argv: list[str], said: str) -> None:
    with pytest.raises(Stop) as stopped:
        run([*argv, "--format", "pdf", "--data", played.settings.server.data])
    assert said in stopped.value.sentence


def test_the_command_makes_a_draft(played: SmallHall, tmp_path: Any, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "laporan.pdf"
    assert run(["monthly", "--month", "2026-09", "--format", "pdf", "--out", str(out), "--data", played.settings.server.data]) == 0
    assert "Angka 2026-09 belum dicatat" in capsys.readouterr().err
    assert out.read_bytes().startswith(b"%PDF")
