"""A slip's bytes, checked by an independent parser, an independent QR reader and by measuring ink."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.charset import carried
from printers.layout import build
from printers.profile import CODEPAGE_SLOTS, Profile
from printers.slip import Slip, SlipInvalid
from printers.virtual.parser import Command, Text, tokenise
from tests.printers.conftest import ROOT
from tests.printers.rendering import ink_runs, picture, printed, qr_on
from tests.printers.samples import LINK, slip

GOLDEN = Path(__file__).parent / "golden"
WIDE = Profile.from_dict({"width_mm": 80})
NARROW = Profile.from_dict({"width_mm": 58})
PROFILES = {
    "80": WIDE,
    "58": NARROW,
    "80-raster": replace(WIDE, native_qr=False),
    "58-raster": replace(NARROW, native_qr=False),
}
SLIPS = {
    "first": slip(),
    "copy": slip("AB-1234", copy=2, copy_mark="CETAK ULANG 2", priority_text="Prioritas: lansia"),
    "plain": {"number": "C-007"},
}
ALLOWED = {"ESC @", "ESC t", "ESC a", "ESC E", "GS !", "GS B", "LF", "GS ( k", "GS v 0", "GS V", "ESC d"}
WIFI = "WIFI:T:WPA;S:MPP Tamu  é;P:a\\;b;;"
MM = 8  # dots at 203 dpi


@pytest.mark.parametrize("slip_name", SLIPS)
@pytest.mark.parametrize("profile_name", PROFILES)
def test_golden(profile_name: str, slip_name: str) -> None:
    """Bytes and text as approved by eye. MPP_GOLDEN=write renews the files: look at them then."""
    profile = PROFILES[profile_name]
    data = build(Slip.from_dict(SLIPS[slip_name]), profile)
    text = printed(data, profile.width_mm).text() + "\n"
    stem = GOLDEN / f"{slip_name}-{profile_name}"
    if os.environ.get("MPP_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        stem.with_suffix(".bin").write_bytes(data)
        stem.with_suffix(".txt").write_text(text, encoding="utf-8")
    assert text == stem.with_suffix(".txt").read_text(encoding="utf-8")
    assert data == stem.with_suffix(".bin").read_bytes()


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("link", [LINK, "http://10.0.0.1/t/a", "https://mpp.lan/" + "q" * 280, WIFI])
def test_the_qr_is_read_back_from_the_paper(profile: Profile, link: str) -> None:
    assert qr_on(printed(build(Slip.from_dict(slip(qr=link)), profile), profile.width_mm)) == link


@pytest.mark.parametrize("number", ["A-1", "A-001", "AB-1234", "DUKCAPIL-9999"])
@pytest.mark.parametrize("profile", [WIDE, NARROW], ids=["80", "58"])
def test_the_number_is_first_and_at_least_12_mm_high(profile: Profile, number: str) -> None:
    """Planted: NUMBER_HEIGHT = 6 -> red (11 mm of ink)."""
    paper = printed(build(Slip.from_dict(slip(number)), profile), profile.width_mm)
    assert paper.large_lines == [number] and paper.lines[0] == number
    assert ink_runs(paper)[0][1] >= 12 * MM
    assert picture(paper).width == {80: 640, 58: 464}[profile.width_mm]


@pytest.mark.parametrize("profile", [WIDE, NARROW], ids=["80", "58"])
def test_order_on_paper(profile: Profile) -> None:
    lines = printed(build(Slip.from_dict(SLIPS["copy"]), profile), profile.width_mm).text()
    parts = [
        "CETAK ULANG 2", "AB-1234", "[QR]", "Perekaman KTP-el", "Dinas Kependudukan", "Zona A",
        "5 orang", "Perkiraan", "3 Nov 2026", "Prioritas: lansia", "Wi-Fi: MPP-TAMU", "Siapkan KK",
        "Mal Pelayanan", "Nomor hanya berlaku",
    ]  # fmt: skip
    places = [lines.index(part) for part in parts]
    assert places == sorted(places)


def test_starts_with_initialise_and_ends_with_the_cut() -> None:
    data = build(Slip.from_dict(slip()), WIDE)
    assert data.startswith(b"\x1b@") and data.endswith(b"\x1dV\x42\x00")
    assert len(data) < 1000
    uncut = build(Slip.from_dict(slip()), replace(WIDE, cut=False))
    assert b"\x1dV" not in uncut and uncut.endswith(b"\x1bd\x05")


@pytest.mark.parametrize("profile", [WIDE, NARROW], ids=["80", "58"])
def test_each_loket_keeps_its_number(profile: Profile) -> None:
    """Planted: `_wrap` without glue -> red on 58 mm."""
    place = "Zona Biru · Sisi kiri pintu masuk · Loket 1, Loket 2, Loket 3, Loket 4"
    text = printed(build(Slip.from_dict(slip(place=place)), profile), profile.width_mm).text()
    assert [f"Loket {n}" in text for n in (1, 2, 3, 4)] == [True] * 4
    assert "Zona Biru\n" in text


def test_a_copy_is_always_marked() -> None:
    """Planted: no default mark in Slip.from_dict -> red."""
    marked = Slip.from_dict(slip(copy=3, copy_mark=None))
    assert printed(build(marked, WIDE)).mark() == "CETAK ULANG 3"
    assert printed(build(Slip.from_dict(slip()), WIDE)).mark() is None


def test_a_line_is_text_only_when_the_code_page_says_the_same() -> None:
    """Planted: letters in their plain form ("Łódź" as "Lodz") -> red."""
    assert carried("“Kupang” – 3…", "cp437") == '"Kupang" - 3...'
    assert carried("a\u0301\u200b\u202eb\x1b@\r\nc", "cp437") == "áb@ c"
    assert carried("é", "cp852") == "é" and carried("ő", "cp852") == "ő"
    assert [carried(text, "cp437") for text in ("ő", "Łódź", "日本 ok", "€5", "x\u0301", "ﬁ", "١")] == [None] * 7


any_text = st.text(max_size=60) | st.text(alphabet="\x00\x04\x10\x1b\x1c\x1d\n\rV@(k0é日ڤ\u0301\u200d\ud800\ue000", max_size=30)
any_lines = st.lists(any_text, max_size=4)
any_slip = st.fixed_dictionaries(
    {"number": st.text(min_size=1, max_size=16)},
    optional={
        **{name: any_text for name in (
            "copy_mark", "service", "gerai", "place", "site_name", "issued_text", "ahead_text",
            "estimate_text", "priority_text", "qr", "qr_caption", "language",
        )},
        **{name: any_lines for name in ("wifi_lines", "notes", "footer")},
        "copy": st.integers(0, 999),
        "unheard_of": any_text,
    },
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(data=any_slip, name=st.sampled_from(sorted(PROFILES)), codepage=st.sampled_from(sorted(CODEPAGE_SLOTS)))
def test_any_input_gives_allowed_commands_only(data, name: str, codepage: str) -> None:
    """Three walls: the slip's cleaning, `carried`, the writer's allow-list.

    Planted: all three taken down -> red; the writer's wall alone holds everything back.
    """
    profile = replace(PROFILES[name], codepage=codepage)
    try:
        checked = Slip.from_dict(data)
    except SlipInvalid:
        return
    stream = build(checked, profile)
    tokens = tokenise(stream)
    assert {token.name for token in tokens if isinstance(token, Command)} <= ALLOWED
    assert all(isinstance(token, Command | Text) for token in tokens)
    assert tokens[0] == Command("ESC @", b"") and tokens[-1] == Command("GS V", b"\x42\x00")
    assert not any(pair in stream for pair in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=80), codepage=st.sampled_from(sorted(CODEPAGE_SLOTS)))
def test_carried_text_is_one_harmless_byte_for_each_character(text: str, codepage: str) -> None:
    """Planted: `carried` passing its text through -> red."""
    encoded = (carried(text, codepage) or "").encode(codepage)
    assert all(byte >= 0x20 and byte != 0x7F for byte in encoded)


@settings(deadline=None, max_examples=100)
@given(data=st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists) | any_slip)
def test_a_slip_is_checked_or_refused_never_a_crash(data) -> None:
    for wrong in (data, {"number": data}, {"number": "A-1", "notes": data}, {"number": "A-1", "copy": data}):
        try:
            build(Slip.from_dict(wrong), WIDE)
        except SlipInvalid as error:
            assert str(error).startswith("slip")


def test_using_escpos_leaves_nothing_behind() -> None:
    """Planted: escpos imported without `_contained_import` -> red (a folder stays, a handler too)."""
    code = (
        "import json, logging, os, sys, tempfile\n"
        "before = dict(os.environ)\n"
        "from printers.writer import load_escpos\n"
        "load_escpos()\n"
        "print(json.dumps([os.listdir(tempfile.gettempdir()), len(logging.root.handlers),"
        " dict(os.environ) == before]))\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True,
            env={**os.environ, "TMPDIR": folder, "PYTHONPATH": str(ROOT)}, check=True,
        )  # fmt: skip
    assert json.loads(done.stdout) == [[], 0, True]
    assert done.stderr == ""


def test_building_prints_and_logs_nothing(capfd, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        build(Slip.from_dict(slip()), PROFILES["80-raster"])
    assert capfd.readouterr() == ("", "")
    assert [record for record in caplog.records if record.name.startswith(("escpos", "root"))] == []
