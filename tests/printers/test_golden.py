"""Slips as they lie in the hand, approved by eye: bytes and picture for each width, language and kind of QR code.

MPP_GOLDEN=write renews the files; look at the pictures then (`tests/printers/golden/*.png`).

Planted, each seen red: the QR code's module one dot smaller; drawn lines set in another size; bold left out;
an Indonesian word of the layout on an English slip; a write of its own for the cut.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from printers import talk
from printers.charset import carried, without_controls
from printers.layout import build
from printers.logo import Logo, key_of, picture_of
from printers.profile import Profile
from printers.slip import NUMBER_MAX_CHARS, Slip
from printers.status import Answers
from printers.virtual.parser import Command, Text, tokenise
from tests.printers.rendering import ink_runs, picture, printed, qr_on
from tests.printers.samples import ENGLISH, LINK, SCRIPTS, coat_of_arms, png_of, slip

GOLDEN = Path(__file__).parent / "golden"
SLIPS = {
    "english": slip(**ENGLISH),
    "scripts": slip("AB-1234", copy=2, copy_mark="CETAK ULANG 2", **SCRIPTS),
    "logo": slip("C-007", service="Pembuatan SKCK", priority_text="Prioritas: lansia"),
}
WIDTHS = {width: Profile.from_dict({"width_mm": width}) for width in (80, 58)}
MM = 8  # dots at 203 dpi


def made(name: str, width: int, native_qr: bool) -> bytes:
    profile = replace(WIDTHS[width], native_qr=native_qr)
    logo = Logo(picture_of(png_of(coat_of_arms()), profile.dots)) if name == "logo" else None
    return build(Slip.from_dict(SLIPS[name]), profile, logo)


@pytest.mark.parametrize("native_qr", [True, False], ids=["native", "raster"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [pytest.param("scripts", marks=pytest.mark.fribidi), "english", "logo"])
def test_golden(name: str, width: int, native_qr: bool) -> None:
    """Bytes; picture; the QR code read from it by a reader that is not ours; the number's height in ink."""
    data = made(name, width, native_qr)
    paper = printed(data, width)
    shown = picture(paper).point(lambda grey: 255 if grey > 127 else 0).convert("1")
    stem = GOLDEN / f"{name}-{width}{'' if native_qr else '-raster'}"
    if os.environ.get("MPP_GOLDEN") == "write":
        stem.with_suffix(".bin").write_bytes(data)
        stem.with_suffix(".png").write_bytes(png_of(shown))
    assert data == stem.with_suffix(".bin").read_bytes()
    with Image.open(stem.with_suffix(".png")) as approved:
        assert ImageChops.difference(approved.convert("L"), shown.convert("L")).getbbox() is None
    assert qr_on(paper) == LINK
    number = ink_runs(paper)[1 if name == "scripts" else 0]
    assert number[1] >= 12 * MM


def test_an_english_slip_is_english() -> None:
    text = printed(made("english", 80, True)).text()
    assert "Priority: elderly" in text and not {"Zona", "orang", "Prioritas", "Pindai"} & set(text.replace(":", " ").split())


def test_the_number_is_legible_in_any_script() -> None:
    """Planted: a drawn number in the size of a line -> red."""
    for number in ("一号-12", "رقم-7", "Ł-001", "WWWWWWWWWWWWWW-Ł"):
        for width, profile in WIDTHS.items():
            paper = printed(build(Slip.from_dict({"number": number}), profile), width)
            assert ink_runs(paper)[0][1] >= 12 * MM


class Noting:
    """A driver and its link, which notes each write and answers nothing."""

    write_timeout_s, budget_s = 5.0, 5.0

    def __init__(self) -> None:
        self.writes: list[bytes] = []

    def open(self) -> Noting:
        return self

    def write(self, data: bytes, timeout_s: float) -> None:
        self.writes.append(data)

    def read(self, timeout_s: float) -> bytes:
        return b""

    def finish(self, timeout_s: float) -> bytes:
        return b""

    def close(self) -> None:
        """Given back."""


def test_a_full_slip_is_below_a_thousand_bytes_and_one_write() -> None:
    """Every field used, 80 mm, text, native QR, the logo in the printer: one segment of a LAN (1,460 bytes)."""
    full = slip(
        "AB-1234", copy=12, copy_mark="CETAK ULANG 12", priority_text="Prioritas: penyandang disabilitas",
        notes=["Siapkan KK asli.", "Nomor terlewat? Lapor ke petugas pada hari yang sama."],
    )  # fmt: skip
    logo = picture_of(png_of(coat_of_arms()), 576)
    bare, with_logo = (build(Slip.from_dict(full), WIDTHS[80], each) for each in (None, Logo(logo, key_of(logo))))
    assert len(bare) < 1000 and len(with_logo) < 1460
    driver = Noting()
    talk.put(driver, Answers(), "7", with_logo)
    assert driver.writes == [with_logo]


numbers = st.text(alphabet=st.one_of(st.sampled_from("ABC-0123456789"), st.characters()), min_size=1, max_size=NUMBER_MAX_CHARS)


@settings(deadline=None, max_examples=60)
@given(number=numbers, words=st.text(max_size=30), codepage=st.sampled_from(["cp437", "cp852", "cp1252"]))
def test_the_number_is_never_changed(number: str, words: str, codepage: str) -> None:
    """As text, letter for letter, or as one picture: never shortened, never with another letter."""
    clean = without_controls(number)
    if not clean:
        return
    fields = {name: words for name in ("service", "place", "qr_caption", "site_name")}
    stream = build(Slip.from_dict({"number": number, **fields}), replace(WIDTHS[80], codepage=codepage))
    body = [one for one in tokenise(stream) if isinstance(one, Text) or one.name in ("GS v 0", "LF")]  # type: ignore[union-attr]
    first = body[0]
    if (plain := carried(clean, codepage)) is None:
        assert isinstance(first, Command) and first.name == "GS v 0"
    elif plain.strip():
        assert isinstance(first, Text) and first.raw.decode(codepage) == plain
