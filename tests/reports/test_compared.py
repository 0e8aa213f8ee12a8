"""What a report compares, leaves out and calls by which name, in letter, tables and spreadsheet.

Planted: a part compared with a whole, or a running period -> test_compared_with_the_month_before red; the year before told twice ->
test_a_year_is_compared_once red; all refusals summed up -> test_what_is_no_question_of_demand_stands_apart red; the hall's letter on an
extract -> test_an_extract_is_written_to_who_sent_the_gerai red; the sum of nothing taken for 0 -> test_a_date_without_a_record_has_no_sum red.
"""

import json
from typing import Any

import pytest

from server.app.definitions import NOT_RECORDED
from server.reports import words
from server.reports.letter import letter_of, summary
from server.reports.model import added
from tests.app.small_hall import SmallHall
from tests.reports.conftest import dossier_text, table
from tests.reports.reading import sheets


def begun(dossier: dict[str, Any], first: str) -> dict[str, Any]:
    """The same of a hall that began on another day."""
    return {**dossier, "figures": {**dossier["figures"], "recorded": {**dossier["figures"]["recorded"], "first": first}}}


def test_compared_with_the_month_before(dossier: dict[str, Any]) -> None:
    """A hall that began on a month's first Monday has the whole of it; of a part, and with a part, nothing is compared."""
    before, now = dossier["before"]["totals"]["issued"], dossier["figures"]["totals"]["issued"]
    assert before
    whole = begun(dossier, "2026-10-05")
    rows = {row[0]: row for row in table(whole, "Perbandingan").rows}
    assert rows["Nomor terbit"][1:3] == (now, before)
    assert rows["Nomor terbit"][3].value == pytest.approx((now - before) / before)
    assert rows["Nomor terbit"][4:] == (NOT_RECORDED, None)
    assert f"Dibandingkan dengan bulan Oktober 2026 ({before} nomor)" in " ".join(summary(whole))
    part, running = dossier, {**whole, "made_on": "2026-11-05"}
    assert f"Pada bulan Oktober 2026 tercatat {before} nomor sejak 29 Oktober 2026" in " ".join(summary(part))
    for one, why in ((part, "Sebelumnya baru dicatat sejak 29 Oktober 2026"), (running, "Periode ini belum berakhir")):
        told = table(one, "Perbandingan")
        assert why in told.note and {row[3] for row in told.rows} == {None}


def test_a_year_is_compared_once(played: SmallHall) -> None:
    """The year before is the same year a year ago."""
    found = json.loads(dossier_text(played, "2026"))
    assert [column.title for column in table(found, "Perbandingan").columns] == ["Indikator", "Periode ini", "Tahun lalu", "Perubahan"]
    said = " ".join(summary({**found, "made_on": "2027-01-05"}))
    assert said.count("tahun 2025") == 1 and "Tahun" not in said


def test_what_is_no_question_of_demand_stands_apart(dossier: dict[str, Any]) -> None:
    """DESIGN section 7: unmet demand is closed, after cut-off or over quota."""
    found = {**dossier, "figures": {**dossier["figures"], "unmet": {"closed": 0, "after_cutoff": 1, "quota": 2, "other": 3}}}
    said = " ".join(summary(found))
    assert "yang tidak terlayani ada 3: 1 karena lewat batas ambil dan 2 karena kuota habis. 3 permintaan nomor ditolak karena sebab lain." in said
    rows = {row[0]: row for row in table(found, "Perbandingan").rows}
    assert rows["Permintaan tak terlayani"][1] == 3
    unmet = table(found, "Tak terlayani")
    [*_, total, other] = added(unmet.columns, unmet.rows)
    assert (total, other) == (3, 3)


def test_an_extract_is_written_to_who_sent_the_gerai(played: SmallHall) -> None:
    """Not to the head of the region, with none of that letter's ground and copies; who left is divided by who came."""
    hall, own = (json.loads(dossier_text(played, "2026-11", gerai)) for gerai in (None, frozenset({"PTSP"})))
    agency = own["facts"]["agencies"]["PTSP"]
    letter = letter_of(own, "")
    assert letter.to == (f"Yth. Pimpinan {agency}", "di Tempat") and letter.copies == ()
    assert letter.body[0].startswith("Bersama ini kami sampaikan") and letter_of(hall, "").copies and hall["letter"]["basis"]
    told = [{row[0] for row in table(one, "Perbandingan").rows} for one in (hall, own)]
    assert [{name for name in names if name.startswith("Ditinggalkan")} for names in told] == [
        {"Ditinggalkan, bagian dari nomor terbit"}, {"Ditinggalkan, bagian dari kunjungan yang singgah"}]
    [[_, meaning]] = [row for row in table(own, "Definisi").rows if row[0] == "Ditinggalkan"]
    assert meaning.endswith("dibagi kunjungan yang singgah di gerai yang dimuat.")


def test_half_a_second_is_written_as_a_spreadsheet_writes_it() -> None:
    assert (words.clock(160.5), words.lasting(160.5), words.percent(13.667)) == ("0:02:41", "2 menit 41 detik", "1.366,7%")


def test_a_date_without_a_record_has_no_sum(dossier: dict[str, Any], files: dict[str, bytes]) -> None:
    """Neither in the PDF's model nor in the spreadsheet's cell; a day on which nobody came is 0."""
    matrix = table(dossier, "Matriks")
    total = added(matrix.columns, matrix.rows)
    assert total[1] == 0 and total[3] and total[5] is None and total[31]
    [last] = [row for row in sheets(files["xlsx"])["Matriks"] if row.get("A") == "Jumlah"]
    assert last["B"] == 0 and last["D"] == total[3] and "F" not in last
