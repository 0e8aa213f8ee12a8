"""An issued report is kept as it was signed; a correction is a new revision; nobody sees another agency's.

Planted: the revision counted over all extracts -> test_a_correction_is_a_new_revision red; any extract shown to any agency head
-> test_an_agency_head_sees_its_own_only red; a draft marked on its first page alone, given a revision, or refused for want of a letter;
the CSV of another's report given to an agency head. One key for all extracts of a wish; the next not begun; all begun after a stop
-> test_an_extract_for_each_gerai red.
"""

import hashlib
import json
import sqlite3
from typing import Any

import pytest

from server.app import dossiers, report_letter, reports
from server.app.report_csv import csv_of
from server.domain.errors import RuleBroken
from server.ops.report_desk import FOLDER
from server.ops.report_making import rendered
from tests.app.small_hall import SmallHall
from tests.reports.conftest import LETTER, dossier_text
from tests.reports.reading import pdf_pages
from tests.waiting import wait_for
from tests.web.conftest import build, hall
from tests.web.hall import Hall

__all__ = ["build", "hall"]


def issued(played: SmallHall, text: str) -> dict[str, Any]:
    body = played.system(reports.issue, dossier=text, pdf=b"pdf of " + text[-9:].encode(), xlsx=b"xlsx").body
    assert body is not None
    return dict(body)


def test_a_correction_is_a_new_revision(played: SmallHall) -> None:
    first = issued(played, dossier_text(played, "2026-10"))
    assert first["revision"] == 0
    with pytest.raises(RuleBroken) as again:
        issued(played, dossier_text(played, "2026-10"))
    assert again.value.code == "changed_meanwhile"
    second = issued(played, dossier_text(played, "2026-10", revision=1))
    own = issued(played, dossier_text(played, "2026-10", frozenset({"PTSP"})))
    assert (second["revision"], own["revision"], own["gerai"]) == (1, 0, ["PTSP"])
    row, kept = played.read(reports.file_of, report_id=first["id"], kind="json", gerai=None)
    assert hashlib.sha256(kept).hexdigest() == row["sha256"]["json"] == dossiers.fingerprint(kept.decode())
    logged = played.rows("SELECT data FROM event WHERE type = 'ReportIssued' ORDER BY seq")
    assert [json.loads(line)["json_sha"] for (line,) in logged] == [one["sha256"]["json"] for one in (first, second, own)]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE issued_report SET number = 'x'",
        "DELETE FROM issued_report",
        "INSERT OR REPLACE INTO issued_report SELECT * FROM issued_report",
    ],
)
def test_the_database_keeps_them_as_they_are(played: SmallHall, sql: str) -> None:
    with sqlite3.connect(played.path) as database, pytest.raises(sqlite3.DatabaseError, match="append-only"):
        database.execute(sql)
    database.close()


def test_an_agency_head_sees_its_own_only(played: SmallHall) -> None:
    whole, own = (row["id"] for row in reversed([row for row in played.read(reports.listed, gerai=None) if row["revision"] == 0]))
    seen = {code: [row["id"] for row in played.read(reports.listed, gerai=frozenset({code}))] for code in ("PTSP", "DKC")}
    assert seen == {"PTSP": [own], "DKC": []}
    for report in (whole, own):
        with pytest.raises(RuleBroken) as refused:
            played.read(reports.file_of, report_id=report, kind="pdf", gerai=frozenset({"DKC"}))
        assert refused.value.code == "unknown_report"


def test_the_letter_is_written_field_by_field(played: SmallHall) -> None:
    seen = played.read(report_letter.read_letter)
    assert seen["missing"] == []
    told = played.system(report_letter.set_letter, name="", version=seen["version"]).body
    assert told is not None
    assert told["missing"] == ["name"]
    assert told["head"] == LETTER["head"]
    with pytest.raises(RuleBroken) as late:
        played.system(report_letter.set_letter, name="Lain", version=seen["version"])
    assert late.value.code == "changed_meanwhile"
    played.system(report_letter.set_letter, name=LETTER["name"])


def test_a_draft_is_marked_has_no_number_and_is_kept_nowhere(hall: Hall) -> None:
    """Also before the letter is written; of one gerai where that is asked; refused in the same words as a report."""
    chief = hall.as_role("supervisor")
    for wish, code in (({"period": "2026-12"}, "period_ahead"), ({"period": "2026-T4"}, "invalid"), ({"period": "2026-11", "gerai": "NONE"}, "unknown_gerai")):
        assert chief.get("/reports/draft", **wish).get_json()["code"] == code
    before = hall.house.read(lambda work: work.log.head()[0])
    answer = chief.get("/reports/draft", period="2026-11", gerai="DKC")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert "konsep-laporan-2026-11-DKC.pdf" in answer.headers["Content-Disposition"]
    pages = pdf_pages(answer.data)
    assert len(pages) > 2 and all("KONSEP" in page and "konsep, belum diterbitkan" in page for page in pages)
    assert chief.get("/reports").get_json() == {"items": [], "next": None, "making": []}
    assert hall.house.read(lambda work: work.log.head()[0]) == before


def test_issued_through_the_door(hall: Hall) -> None:
    """Refused with a reason, then made by a child process, once for one key, and handed out as it was kept."""
    admin, wish = hall.as_role("admin"), {"form": "monthly", "period": "2026-11", "number": "9/XI"}
    lacking = admin.post("/reports", wish).get_json()
    assert (lacking["code"], lacking["missing"][0]) == ("letter_missing", "head")
    too_large = admin.post("/report-letter", {"head": ["x" * 81]})
    assert too_large.status_code == 422
    assert admin.post("/report-letter", {"head": ["x"] * 7}).status_code == 422
    assert admin.post("/report-letter", LETTER).status_code == 200
    for bad, code in (({"period": "2026-12"}, "period_ahead"), ({"period": "2026-T4"}, "invalid"), ({"gerai": ["NONE"]}, "unknown_gerai")):
        assert admin.post("/reports", {**wish, **bad}).get_json()["code"] == code
    job = admin.post("/reports", wish, key="laporan-1")
    assert job.status_code == 202
    assert admin.post("/reports", {**wish, "form": "yearly", "period": "2026"}, key="laporan-2").get_json()["code"] == "report_under_way"
    wait_for(lambda: admin.get("/reports").get_json()["making"][0]["state"] != "making", 60)
    assert admin.post("/reports", wish, key="laporan-1").get_json()["state"] == "issued"
    found = admin.get("/reports").get_json()
    report, = found["items"]
    assert (report["period"], report["revision"], report["number"]) == ("2026-11", 0, "9/XI")
    texts = {kind: admin.get(f"/reports/{report['id']}/{kind}") for kind in ("json", "pdf", "xlsx")}
    assert {kind: hashlib.sha256(answer.data).hexdigest() for kind, answer in texts.items()} == report["sha256"]
    assert rendered(texts["json"].text, "pdf") == texts["pdf"].data, "not made again identically"
    assert rendered(texts["json"].text, "xlsx") == texts["xlsx"].data
    assert "laporan-2026-11-r0.pdf" in texts["pdf"].headers["Content-Disposition"]
    csv = admin.get(f"/reports/{report['id']}/csv")
    assert csv.text == csv_of(json.loads(texts["json"].text)["figures"]) and csv.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "laporan-2026-11-r0.csv" in csv.headers["Content-Disposition"]
    assert admin.get(f"/reports/{report['id']}/docx").status_code == 404
    head = hall.as_role("agency_head")
    assert head.get(f"/reports/{report['id']}/csv").get_json()["code"] == "unknown_report"
    assert head.get("/reports").get_json()["items"] == head.get("/reports").get_json()["making"] == []
    assert head.get(f"/reports/{report['id']}/pdf").get_json()["code"] == "unknown_report"
    assert not list((hall.data / FOLDER).glob("*")), "files were left behind"


def under(boss: Any, wish: int) -> list[tuple[str, list[str]]]:
    """The jobs of a wish, newest first."""
    return [(job["state"], job["gerai"]) for job in boss.get("/reports").get_json()["making"] if job["wish"] == wish]


def extracts(boss: Any) -> list[tuple[list[str], int]]:
    return [(row["gerai"], row["revision"]) for row in boss.get("/reports").get_json()["items"] if row["gerai"]]


def test_an_extract_for_each_gerai(hall: Hall) -> None:
    """One after another, each issued by itself and once for one key; those that wait are not begun when the server ends."""
    admin, wish = hall.as_role("admin"), {"form": "monthly", "period": "2026-11", "each": True}
    assert admin.post("/report-letter", LETTER).status_code == 200
    assert admin.post("/reports", {**wish, "gerai": ["DKC", "NONE"]}).get_json()["code"] == "unknown_gerai"
    job = admin.post("/reports", {**wish, "gerai": ["DKC", "PTSP"]}, key="tiap-1").get_json()
    assert (job["gerai"], job["state"], job["wish"]) == (["DKC"], "making", job["job"])
    assert admin.post("/reports", wish, key="tiap-2").get_json()["code"] == "report_under_way"
    wait_for(lambda: not {"making", "waiting"} & {state for state, _ in under(admin, job["wish"])}, 90)
    assert under(admin, job["wish"]) == [("issued", ["PTSP"]), ("issued", ["DKC"])]
    assert admin.post("/reports", {**wish, "gerai": ["DKC", "PTSP"]}, key="tiap-1").get_json()["job"] == job["job"]
    assert extracts(admin) == [(["PTSP"], 0), (["DKC"], 0)]
    every = admin.post("/reports", wish, key="tiap-3").get_json()["wish"]
    assert [gerai for _, gerai in under(admin, every)][::-1] == [[row["code"]] for row in admin.get("/views/floor").get_json()["data"]["gerai"]]
    hall.house.report_desk.stop()
    wait_for(lambda: {state for state, _ in under(admin, every)} == {"failed"}, 30)
    assert len(extracts(admin)) == 2
