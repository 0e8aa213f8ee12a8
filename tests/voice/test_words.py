"""How written things are said.

Planted: the digits of a number kept as one number -> red; `&` dropped -> red; markup kept -> red;
a plain hyphen read as "sampai" -> red.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.voice.words import LANGUAGES, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Nomor Anda B-001", "Nomor Anda B, nol nol satu"),
        ("AB-1205.", "A B, satu dua nol lima."),
        ("Cetak KTP-el", "Cetak KTP-el"),
        ("Biaya Rp50.000", "Biaya 50.000 rupiah"),
        ("Rp 7.500, tunai", "7.500 rupiah, tunai"),
        ("10–15 menit", "10 sampai 15 menit"),
        ("08.00 - 14.00", "08.00 sampai 14.00"),
        ("0380-123456", "0380-123456"),
        ("Pengaduan & saran", "Pengaduan dan saran"),
        ("KK/KTP", "KK, KTP"),
        ("<b>Loket</b> 2 ✓ 😀", "b Loket, b 2"),
        ("\x00\x1b[31mAwas\u202e\n\tya", ", 31mAwas ya"),
        ("…  😀 <>", ""),
    ],
)
def test_indonesian(written: str, said: str) -> None:
    assert spoken(written, "id") == said


def test_english() -> None:
    assert spoken("B-104 & 10–15 minutes", "en") == "B, one zero four and 10 to 15 minutes"


@given(st.text(max_size=600), st.sampled_from(LANGUAGES))
def test_whatever_is_written_nothing_odd_is_left(text: str, language: str) -> None:
    said = spoken(text, language)
    assert said == said.strip()
    assert not set(said) & set("<>[]{}|\\^`~#*_@&\n\t\0")
    said.encode()
