"""A small hall after three days of work, and the dossier of its month: made once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from server.app import devices, dossiers, floors, report_letter
from server.app.report_periods import period_of
from server.ops.report_making import rendered
from server.reports.document import document_of
from tests.app.small_hall import KTP, SmallHall, row_of, small_plan
from tests.reports.playing import Play

FORMULA = "=1+1"
LETTER = {
    "head": ["Pemerintah Kota Kupang", "Dinas Penanaman Modal dan PTSP"], "basis": "Pasal 15 Peraturan Wali Kota Nomor 24 Tahun 2023",
    "addressee": "Wali Kota Kupang", "through": "Sekretaris Daerah Kota Kupang", "addressee_place": "Kupang",
    "copies": ["Inspektur Kota Kupang"], "place": "Kupang", "office": "Kepala Dinas", "name": "Drs. Contoh Nama", "nip": "19680101",
}  # fmt: skip


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallHall]:
    hall = SmallHall(tmp_path_factory.mktemp("report") / "data")
    plan = small_plan()
    row_of(plan, "services", KTP)["name"]["id"] = FORMULA
    hall.system(floors.load_floor, plan=plan)
    play = Play(hall)
    for day in (date(2026, 10, 29), date(2026, 10, 30), date(2026, 11, 3), date(2026, 11, 4)):
        play.day(day, 14)
    hall.system(devices.flip, code="K1", state="up")
    hall.system(report_letter.set_letter, **LETTER)
    yield hall
    hall.close()


def dossier_text(hall: SmallHall, period: str, gerai: frozenset[str] | None = None, revision: int | None = 0) -> str:
    form = "monthly" if "-" in period else "yearly"
    return dossiers.text_of(
        hall.read(dossiers.gather, period=period_of(form, period), gerai=gerai, number="7/XII", revision=revision, made_on=date(2026, 12, 1))
    )


@pytest.fixture(scope="module")
def text(played: SmallHall) -> str:
    return dossier_text(played, "2026-11")


@pytest.fixture(scope="module")
def dossier(text: str) -> dict[str, Any]:
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def files(text: str) -> dict[str, bytes]:
    return {kind: rendered(text, kind) for kind in ("pdf", "xlsx")}


def table(dossier: dict[str, Any], key: str) -> Any:
    """A table of its document, by the name of its sheet."""
    return next(one for one in document_of(dossier, "0" * 64).tables if one.key == key)
