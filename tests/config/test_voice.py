"""The packs of calls and a site's lexicon: complete, and every mistake told with its line.

Planted, each seen red: a letter left out of a pack; nothing said of what is missing; a sentence without the number; only
the first mistake told; any sign believed in a reading; what a local pack leaves out not taken from the one it is like.
"""

from pathlib import Path

import pytest

from config import texts, voice
from config.voice import VoiceError, load, read_lexicon, read_pack

INDONESIAN = (voice.PACKS / "id.toml").read_text("utf-8")


def mistakes_of(document: str) -> list[str]:
    with pytest.raises(VoiceError) as caught:
        read_pack(document)
    return list(caught.value.mistakes)


@pytest.mark.parametrize("code", voice.LANGUAGES)
def test_the_packs_that_ship_are_complete(code: str) -> None:
    pack = load(code)
    assert set(voice.PHRASES) == set(pack["phrases"])
    assert pack["names"] in voice.LANGUAGES
    assert set(pack["words"]) == set(load("id")["words"])


def test_every_language_of_a_ticket_is_called() -> None:
    assert set(texts.LANGUAGES) <= set(voice.LANGUAGES)
    with pytest.raises(ValueError, match="'jv' tidak dikenal"):
        load("jv")


def test_a_pack_given_out_is_the_caller_s_own() -> None:
    load("id")["letters"].clear()
    assert load("id")["letters"]["B"] == "be"


def test_a_local_pack_takes_what_it_leaves_out_from_the_one_it_is_like() -> None:
    kupang = load("mkn")
    assert kupang["numbers"]["5"] == "lima"
    assert kupang["numbers"]["6"] == "anam"
    assert kupang["letters"] == load("id")["letters"]
    assert "draf" in kupang["name"]


def test_every_mistake_of_a_pack_is_told_with_its_line() -> None:
    document = (
        INDONESIAN.replace('B = "be"\n', "").replace('C = "ce"', 'C = "c3"').replace('counting = "malay"', 'counting = "roman"')
        .replace('call = "{nomor-antrean} {label}, ', 'call = "{nomor-antrian} ').replace('lihat-layar = "', 'lihat-tv = "')
        .replace("[words]", "[kata]")
    )  # fmt: skip
    told = "\n".join(mistakes_of(document))
    line = next(number for number, text in enumerate(document.splitlines(), 1) if text.startswith("C = "))
    for sentence in (
        f"baris {line}: letters.C: tidak dapat diucapkan", "letters.B: belum ada bacaannya", "counting: pilihan tidak dikenal; pilih malay",
        "sentence.call: bagian label, nomor-antrian tidak dikenal atau tidak ada", "phrases.lihat-layar: belum ada bacaannya",
        "kata: kunci tidak dikenal; hapus atau perbaiki ejaannya", "words.loket: belum ada bacaannya",
    ):  # fmt: skip
        assert sentence in told


@pytest.mark.parametrize("broken", ["", "x", "letters = 3", 'like = "jv"', "[letters]\nA = 1", '[sentence]\ncall = "{label"', "a = " + "[" * 5000])
def test_a_pack_that_is_none_is_a_mistake_and_no_crash(broken: str) -> None:
    assert mistakes_of(broken)


def test_a_site_s_lexicon(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.toml"
    assert read_lexicon(file) == {}
    file.write_text('KPKNL = "ka pe ka en el"\nP3K = "pe tiga ka"\n')
    assert read_lexicon(file) == {"KPKNL": "ka pe ka en el", "P3K": "pe tiga ka"}


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"KPKNL", "tata tulis TOML salah"),
        (b'A = "\xff"', "bukan teks UTF-8"),
        (b'KPKNL = ""', "baris 1: KPKNL: tidak dapat diucapkan"),
        (b'\nKPKNL = "<b>"', "baris 2: KPKNL: tidak dapat diucapkan"),
        (b'KPKNL = "ka 3"', "tulis bacaannya dengan huruf saja"),
        (b'KPKNL = "' + b"a" * 200 + b'"', "terlalu panjang"),
        (b"KPKNL = [1]", "bukan teks"),
        (b'"P 3" = "a"', "bukan satu singkatan"),
        (b"#" * 300_000, "terlalu besar"),
    ],
)
def test_mistakes_of_a_lexicon(tmp_path: Path, written: bytes, told: str) -> None:
    file = tmp_path / "lexicon.toml"
    file.write_bytes(written)
    with pytest.raises(VoiceError, match=told):
        read_lexicon(file)


def test_a_lexicon_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="tidak dapat dibaca"):
        read_lexicon(tmp_path)
