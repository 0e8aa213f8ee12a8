"""A slip's template: what it may say, every mistake of one by its line, and what it prints.

Planted, each seen red and taken out: the order of number and QR code not looked at; only the first mistake told;
a block that is left out but not the rule above it; `[en]` lines on every slip; a field's value looked at for fields again;
`{prioritas} | besar` let through; what cannot be read put in use by the host.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from printers.in_use import TemplateInUse
from printers.layout import _STYLES, build
from printers.profile import Profile
from printers.slip import Slip
from printers.template import FIELDS, LINES_MAX, STYLES, TemplateInvalid, mistakes_in, parse, standard, standard_source
from tests.printers.rendering import ink_runs, printed, qr_on
from tests.printers.samples import LINK, slip

GOLDEN = Path(__file__).parent / "golden"
WIDE, NARROW = Profile.from_dict({"width_mm": 80}), Profile.from_dict({"width_mm": 58})
#: what a site might write: other order, own words, both languages, its own foot
OWN = """{logo}
{nomor}
{qr}

{nama_mpp} | tebal
---
[id] Silakan ke {tempat} | tinggi
[en] Please go to {tempat} | tinggi
{layanan} - {gerai}
---
{perkiraan}
{prioritas}
---
{waktu}
---
[id] Kota Kupang Melayani
[en] Kupang City at your service
"""
ENGLISH = {
    "language": "en", "service": "ID card", "issued_text": "Tue, 3 Nov 2026 08:15 WITA", "estimate_text": "Estimated wait 10-20 minutes",
    "qr_caption": "Scan to follow the queue", "ahead_text": "5 people are waiting before you", "notes": ["Keep this number."],
}  # fmt: skip


def text_of(source: str, profile: Profile = WIDE, **changes: object) -> str:
    return printed(build(Slip.from_dict(slip(**changes)), profile, template=parse(source)), profile.width_mm).text()


def wrong(source: str) -> list[tuple[int, str]]:
    return [(one.line, one.text) for one in mistakes_in(source)]


@pytest.mark.parametrize(
    ("source", "line", "said"),
    [
        ("", 1, "{nomor} belum ada"),
        ("{layanan}", 1, "{nomor} belum ada"),
        ("{nomor}\n\n{nomor}", 3, "sudah ada di baris 1"),
        ("{nomor}\n{qr}\n{qr}", 3, "sudah ada di baris 2"),
        ("{nomor}\n{logo}\n{logo}", 3, "sudah ada di baris 2"),
        ("{qr}\n{nomor}", 1, "harus di bawah {nomor}"),
        ("Halo\n{nomor}", 1, "hanya boleh ada {logo}"),
        ("---\n{nomor}", 1, "hanya boleh ada {logo}"),
        ("{nomor}\n{layanan}\n{qr}", 2, "hanya boleh ada {logo}"),
        ("{nomor} | besar", 1, "ukuran {nomor} tetap"),
        ("{nomor}\n{qr} | besar", 2, "ukuran {qr} tetap"),
        ("[en] {nomor}", 1, "setiap bahasa"),
        ("{nomor}\nNomor {nomor}", 2, "harus sendirian"),
        ("{nomor}\n{layanann}", 2, "mungkin {layanan}?"),
        ("{nomor}\n{apa saja}", 2, "pilihannya logo, nomor, qr, keterangan_qr"),
        ("{nomor}\n{}", 2, "tidak dikenal"),
        ("{nomor}\n{layanan} | raksasa", 2, "gaya 'raksasa' tidak dikenal"),
        ("{nomor}\n| besar", 2, "tidak ada isi di depan"),
        ("{nomor}\n{prioritas} | besar", 2, "hanya dicetak kecil"),
        ("{nomor}\nSaya {prioritas} | tebal", 2, "hanya dicetak kecil"),
        ("{nomor}\n[fr] Merci", 2, "bahasa [fr] tidak dikenal"),
        ("{nomor}\n[en]", 2, "tidak ada isi di belakang"),
        ("{nomor}\n{layanan", 2, "tidak berpasangan"),
        ("{nomor}\n{{layanan}}", 2, "tidak berpasangan"),
        ("{nomor}\na\x1b@b", 2, "U+001B"),
        ("{nomor}\na\u202eb", 2, "U+202E"),
        ("{nomor}\n{\ud800}", 2, "U+D800"),
        ("{nomor}\n" + "a" * 201, 2, "paling banyak 200 huruf"),
        ("{nomor}\n" * 1 + "a\n" * LINES_MAX, LINES_MAX + 1, "paling banyak 40 baris"),
        ("{nomor}\n" + ("a" * 199 + "\n") * 25, 21, "seluruhnya paling banyak 4000 huruf"),
    ],
)
def test_each_mistake_has_its_line_and_a_sentence(source: str, line: int, said: str) -> None:
    found = wrong(source)
    assert [one for one in found if one[0] == line and said in one[1]], found
    assert len(found) == len({text for _, text in found}) and all(text.endswith((".", "?")) for _, text in found)


def test_all_mistakes_are_told_at_once_in_the_order_of_lines() -> None:
    lines = [line for line, _ in wrong("Halo\n{qr}\n{nomor} | besar\n{x} | y\n{nomor}\n[fr] a")]
    assert lines == [1, 2, 3, 4, 4, 5, 6]


def test_the_standard_template_is_one_and_knows_every_field_and_style() -> None:
    assert wrong(standard_source()) == []
    assert {name for line in standard().lines for name in line.pieces()[1::2]} == set(FIELDS)
    assert set(_STYLES) == {"", *STYLES}
    assert set(FIELDS.values()) <= set(Slip.__dataclass_fields__)


def test_what_a_person_writes_carelessly_is_understood() -> None:
    assert parse("{Nomor}\r\n{ layanan }|Besar\r\n[ EN ] Thanks\n-----\n\n\n").lines == parse("{nomor}\n{layanan} | besar\n[en] Thanks\n---").lines


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=300) | st.text(alphabet="{}[]|- \nnomrqid\x1b", max_size=120))
@example("{nomor}\n[id]---\n[en] ---\n[id] {layanan}|")
def test_any_text_is_a_template_or_has_mistakes(source: str) -> None:
    """Never another exception; what is a template prints, its number first."""
    try:
        template = parse(source)
    except TemplateInvalid as invalid:
        assert 1 <= len(invalid.mistakes) <= 20
        assert all(1 <= one.line <= max(1, len(source.split("\n"))) and one.text.isprintable() for one in invalid.mistakes)
    else:
        paper = printed(build(Slip.from_dict(slip()), WIDE, template=template))
        assert paper.lines[0] == "A-001" and paper.large_lines == ["A-001"]


def check_golden(name: str, data: bytes, text: str) -> None:
    """Bytes and text as approved by eye. MPP_GOLDEN=write renews the files: look at them then."""
    stem = GOLDEN / name
    if os.environ.get("MPP_GOLDEN") == "write":
        stem.with_suffix(".bin").write_bytes(data)
        stem.with_suffix(".txt").write_text(text, encoding="utf-8")
    assert text == stem.with_suffix(".txt").read_text(encoding="utf-8")
    assert data == stem.with_suffix(".bin").read_bytes()


@pytest.mark.parametrize("profile", [WIDE, NARROW], ids=["80", "58"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_site_s_own_template_on_paper(profile: Profile, language: str) -> None:
    words = ENGLISH if language == "en" else {}
    data = build(Slip.from_dict(slip(copy=1, copy_mark="CETAK ULANG 1", **words)), profile, template=parse(OWN))
    paper = printed(data, profile.width_mm)
    check_golden(f"own-{profile.width_mm}-{language}", data, paper.text() + "\n")
    assert qr_on(paper) == LINK
    assert ink_runs(paper)[1][1] >= 12 * 8, "the number under the mark"
    rows = [row for row in paper.lines if row]
    assert (rows[0].strip(), rows[1]) == ("CETAK ULANG 1", "A-001")
    text = " ".join(" ".join(rows).split())
    first, foot = ("Please go to Zona A · Loket 1, 2", "Kupang City at your service") if language == "en" else (
        "Silakan ke Zona A · Loket 1, 2", "Kota Kupang Melayani")  # fmt: skip
    service = "ID card" if language == "en" else "Perekaman KTP-el"
    parts = ["[QR]", "Mal Pelayanan Publik Kota Kupang", first.replace("·", "-"), f"{service} - Dinas", "10-20", "08", foot]
    text = text.replace("·", "-")
    assert [part for part in parts if part not in text] == []
    assert sorted(map(text.index, parts)) == list(map(text.index, parts))
    others = ("Silakan", "Melayani", "Perkiraan", "Anda") if language == "en" else ("Please", "Kupang City", "Estimated")
    assert [word for word in others if word in text] == []


@pytest.mark.parametrize("source", ["{nomor}\n{qr}\nXXXX | tinggi", "{nomor}\n{logo}\n{qr}\n---\n{waktu}", "{nomor}\n\n{qr}\n\n---\n{waktu}"])
def test_the_code_has_white_around_it(source: str) -> None:
    """Planted: `_with_quiet_zone` taking the lines as they are -> red. 24 dots are four of its modules."""
    paper = printed(build(Slip.from_dict(slip()), WIDE, template=parse(source)))
    (number, height), (code, side), *rest = ink_runs(paper)
    assert code - number - height >= 24 and rest[0][0] - code - side >= 24
    assert qr_on(paper) == LINK


def test_what_is_empty_goes_with_its_rule() -> None:
    source = "{nomor}\n---\n{wifi}\n{catatan}\n---\n{layanan}\n\n{tempat}\n\n---\n{kontak}\n---\n"
    bare = {"wifi_lines": [], "notes": [], "place": "", "footer": []}
    assert text_of(source, **bare).replace("-" * 48, "-") == "A-001\n-\nPerekaman KTP-el"
    full = text_of(source).replace("-" * 48, "-").split("\n")
    assert full.count("-") == 3 and full[-1] == "Nomor hanya berlaku hari ini."


def test_a_line_with_an_empty_field_has_no_loose_ends() -> None:
    assert text_of("{nomor}\n{layanan} - {gerai}", gerai="") == "A-001\nPerekaman KTP-el"
    assert text_of("{nomor}\n{gerai} - {layanan}", gerai="", service="") == "A-001"


def test_a_value_is_never_a_field_and_a_language_that_no_line_knows_is_indonesian() -> None:
    assert text_of("{nomor}\n{layanan}", service="{gerai} | besar") == "A-001\n{gerai} | besar"
    assert text_of("{nomor}\n[id] Ya\n[en] Yes", language="mkn") == "A-001\nYa"


def test_a_host_keeps_the_last_template_that_it_could_read(caplog: pytest.LogCaptureFixture) -> None:
    use = TemplateInUse()
    assert use.now is None
    with caplog.at_level(logging.INFO, "printers"):
        for source in (OWN, OWN, "{nomor}\n{masa_depan}", "{nomor}\n{masa_depan}", 7):
            use.take(source)
    assert use.now == parse(OWN)
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "WARNING"]
    assert "Baris 2" in caplog.text
    use.take(None)
    assert use.now is None
