"""`mpp voice script` and `mpp voice check`: an office's recordings.

Planted, each seen red: only the first mistake told; the good files installed beside wrong ones; a stereo file taken;
a missing clip not told; a cut-off file taken; the floor plan's names left out of the list; the level left as recorded.
"""

from __future__ import annotations

import array
import csv
import io
import os
import wave
from pathlib import Path

import pytest

from server.cli.faults import BAD_ARGUMENTS, DATA_NOT_WRITABLE, Stop
from server.cli.voice import SENTENCES, run
from server.ops.voices import SHIPPED, packs_of
from server.voice import levels
from server.voice.bank import Folder
from server.voice.checking import FILE_MAX_BYTES, WHYS


def recording(
    peak: float = 0.2, length_s: float = 0.5, rate_hz: int = levels.RATE_HZ, channels: int = 1, width: int = 2, silent_s: float = 0.2
) -> bytes:
    """A file as a recorder writes it: a tone with silence around it."""
    count = round(length_s * rate_hz)
    height = round(peak * levels.FULL)
    tone = [height if place // 50 % 2 else -height for place in range(count)]
    samples = [0] * round(silent_s * rate_hz) + tone + [0] * round(silent_s * rate_hz)
    raw = array.array("h", [one for one in samples for _ in range(channels)]).tobytes()
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate_hz)
        file.writeframes(raw if width == 2 else raw[: len(raw) // width * width])
    return made.getvalue()


class Office:
    def __init__(self, place: Path) -> None:
        self.folder, self.data = place / "rekaman", place / "data"
        self.folder.mkdir()
        self.data.mkdir()

    def has(self, **files: bytes) -> None:
        for name, content in files.items():
            (self.folder / f"{name.replace('_', '-')}.wav").write_bytes(content)

    def check(self, *more: str) -> int:
        return run(["check", str(self.folder), "--data", str(self.data), *more])

    def refused(self, *more: str) -> str:
        with pytest.raises(Stop) as stop:
            self.check(*more)
        assert stop.value.exit_code == BAD_ARGUMENTS
        return stop.value.sentence


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_the_list_has_each_clip_of_the_site_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["script", "--csv", "--floor", "kota-kupang"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0] == ["berkas", "teks", "dibaca"]
    assert len({row[0] for row in rows}) == len(rows)
    for row in (["huruf-b.wav", "B", "be"], ["angka-belas.wav", "belas", "belas"], ["gerai-bpjs-kesehatan.wav", "BPJS Kesehatan", "be pe je es kesehatan"]):
        assert row in rows
    assert not any("dinkes" in row[0] or "kejaksaan" in row[0] for row in rows)
    assert run(["script", "--floor", "lampung-timur"]) == 0
    printed = capsys.readouterr().out
    assert "gerai-kejaksaan-negeri.wav" in printed
    assert "be pe je es kesehatan ka ce pe metro   (BPJS Kesehatan KCP Metro)" in printed


def test_a_local_language_lists_its_own_words_and_no_names(capsys: pytest.CaptureFixture[str]) -> None:
    run(["script", "--csv", "--language", "mkn"])
    printed = capsys.readouterr().out
    assert "frasa-silakan-menuju.wav,mari pi,mari pi" in printed
    assert "gerai-" not in printed


def test_every_mistake_is_told_and_nothing_installed(office: Office) -> None:
    office.has(
        huruf_a=recording(), huruf_b=recording(rate_hz=44100), huruf_c=recording(channels=2), huruf_d=recording(width=1),
        huruf_e=b"RIFF....", huruf_f=recording(peak=1.0), huruf_g=recording(peak=0.003), huruf_h=recording(peak=0),
        huruf_i=recording(length_s=0.03), huruf_j=recording(length_s=12.5), huruf_k=recording()[:9000],
        hurf_l=recording(), huruf_m=bytes(FILE_MAX_BYTES + 1), huruf_n=recording(peak=0.9), HURUF_A=recording(),
    )  # fmt: skip
    said = office.refused("--install")
    told = {line.split(".wav: ")[0].strip(): line for line in said.splitlines() if ".wav: " in line}
    expected = {
        "huruf-b": "laju cuplik 44100 Hz", "huruf-c": "2 kanal", "huruf-d": "8 bit", "huruf-e": "bukan berkas WAV",
        "huruf-f": "suara terpotong", "huruf-g": "terlalu pelan (-51 dBFS)", "huruf-h": "tidak ada suara",
        "huruf-i": "terlalu singkat", "huruf-j": "terlalu panjang", "huruf-k": "bukan berkas WAV yang utuh",
        "hurf-l": "(mungkin maksudnya: huruf-l)", "huruf-m": "terlalu besar", "huruf-n": "terlalu keras (-1 dBFS)",
        "huruf-a": "sudah ada",
    }  # fmt: skip
    assert set(told) == set(expected)
    assert {name: line for name, line in told.items() if expected[name] not in line} == {}
    assert said.startswith("14 berkas salah:")
    assert said.endswith("Tidak ada yang dipasang.")
    assert not (office.data / "voice").exists()


def test_each_fault_has_its_sentence() -> None:
    assert set(SENTENCES) == set(WHYS)


def test_good_recordings_are_levelled_and_installed(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.has(huruf_a=recording(peak=0.05), huruf_b=recording(peak=0.3), gerai_pln=recording(length_s=2))
    assert office.check() == 0
    assert not (office.data / "voice").exists()
    assert office.check("--install") == 0
    printed = capsys.readouterr().out
    assert "3 klip baik." in printed
    assert "  huruf-c.wav: ce\n" in printed
    assert "huruf-b.wav" not in printed
    assert "gong.wav" not in printed
    bank = Folder(office.data / "voice")
    assert bank.names("id") == ["gerai-pln", "huruf-a", "huruf-b"]
    part = packs_of()["id"].part("letters", "A")
    clip = bank.find("id", part.clip, part.say)
    assert clip is not None
    found = levels.measure(levels.samples_of(clip.file.read_bytes()))
    assert abs(found.level_dbfs - levels.LEVEL_DBFS) < 0.3
    assert 0.5 <= found.length_s < 0.56


def test_the_clips_that_ship_pass_their_own_check(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    clips = {name: Folder(SHIPPED).find("mkn", name) for name in Folder(SHIPPED).names("mkn")}
    office.has(**{name: clip.file.read_bytes() for name, clip in clips.items() if clip})
    assert office.check("--language", "mkn") == 0
    assert "Belum ada" not in capsys.readouterr().out


def test_what_cannot_be_read_or_written_is_said(office: Office, tmp_path: Path) -> None:
    assert "tidak berisi berkas .wav" in office.refused()
    for wrong in ([], ["check"], ["sing"], ["check", str(tmp_path / "nothing")], ["check", str(tmp_path), "--language", "jv"]):
        with pytest.raises(Stop) as stop:
            run(wrong)
        assert stop.value.exit_code == BAD_ARGUMENTS
    office.has(huruf_a=recording())
    (office.data / "voice").write_text("in the way")
    with pytest.raises(Stop) as stop:
        office.check("--install")
    assert stop.value.exit_code == DATA_NOT_WRITABLE


def test_a_lexicon_with_mistakes_is_told_with_its_lines(office: Office) -> None:
    office.has(huruf_a=recording())
    (office.data / "voice").mkdir()
    (office.data / "voice" / "lexicon.toml").write_text('# singkatan\nKPKNL = "ka pe ka en el"\nUPT = 3\n"P 3K" = "pe tiga ka"\n')
    said = office.refused()
    assert "baris 3: UPT: bukan teks" in said
    assert "baris 4: P 3K: bukan satu singkatan" in said
    assert "KPKNL:" not in said
    assert os.listdir(office.data / "voice") == ["lexicon.toml"]
