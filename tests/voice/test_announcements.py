"""From a call to a file by its content: what is remembered, replaced, made up, left out.

Planted, each seen red: a memory that ignores new recordings; a name nobody can say that silences the call; a shelf that
never forgets, and one that forgets the newest; a file swept away believed to be there; a clip whose content changed
believed; the ticket's language ignored; a broken index taken for an empty one; a name by the voice of another language;
a full disk that raises; one name for every unfinished file.
"""

from __future__ import annotations

import array
import hashlib
import io
import json
import wave
from pathlib import Path

import pytest

from server.ops.voices import SHIPPED, packs_of
from server.voice.announcements import Announcement, Announcements
from server.voice.bank import INDEX, Bank, Folder, put, store
from server.voice.grammar import Style
from server.voice.levels import RATE_HZ, as_wav
from server.voice.shelf import Shelf
from server.voice.wav import wav

CALL = ("B-014", "Loket 3", "Dukcapil")


def beep(length_s: float = 0.4, height: int = 4000) -> bytes:
    return as_wav(array.array("h", [height, -height] * round(length_s * RATE_HZ / 2)))


class Site:
    """A site with a voice that the test moves: `said` are its wishes, `sound` its answer."""

    def __init__(self, data: Path, style: Style | None = None) -> None:
        self.own, self.audio = data / "voice", data / "audio"
        self.said: list[tuple[str, str]] = []
        self.sound: bytes | None = None
        self.shelf = Shelf(self.audio, 3_000_000)
        bank = Bank(Folder(self.own), Folder(SHIPPED))
        self.calls = Announcements(packs_of(), "id", style or Style(), bank, self.shelf, self.speak)

    def speak(self, text: str, language: str) -> bytes | None:
        self.said.append((text, language))
        return self.sound

    def heard(self, made: Announcement | None) -> bytes:
        assert made is not None
        content = self.shelf.file(made.sha256).read_bytes()
        assert hashlib.sha256(content).hexdigest() == made.sha256
        with wave.open(io.BytesIO(content)) as file:
            assert made.length_s == pytest.approx(file.getnframes() / RATE_HZ)
        return content


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_a_call_is_a_file_and_the_same_call_the_same_file(site: Site) -> None:
    made = site.calls.make(*CALL)
    assert len(site.heard(made)) > 200_000
    assert made is not None
    assert made.path == f"/audio/{made.sha256}.wav"
    assert made.text == "Nomor antrean B, nol satu empat, silakan menuju loket tiga, Dukcapil."
    assert site.calls.make(*CALL) is made
    assert Site(site.own.parent).calls.make(*CALL) == made  # another server, the same sound
    assert site.said == []
    assert [file.name for file in site.audio.iterdir()] == [f"{made.sha256}.wav"]


def test_a_file_that_was_swept_away_is_made_again(site: Site) -> None:
    made = site.calls.make(*CALL)
    assert made is not None
    site.shelf.file(made.sha256).unlink()
    assert len(site.heard(site.calls.make(*CALL))) > 200_000


def test_the_ticket_s_language_is_spoken(site: Site) -> None:
    english, kupang = site.calls.make(*CALL, language="en"), site.calls.make(*CALL, language="mkn")
    assert english is not None and kupang is not None
    assert english.text == "Number B, zero one four, please go to counter three, Dukcapil."
    assert kupang.text.startswith("Nomor antrean B")
    site.calls._own = "mkn"
    local = site.calls.make(*CALL)
    assert local is not None
    assert "mari pi loket tiga" in local.text


def test_the_short_form_is_short(site: Site) -> None:
    whole, short = site.calls.make(*CALL), site.calls.make(*CALL, short=True)
    assert whole is not None and short is not None
    assert short.length_s < whole.length_s - 2
    recalled = site.calls.make(*CALL, count=2, short=True)
    assert recalled is not None
    assert recalled.text == "Panggilan kedua. Nomor antrean B, nol satu empat, silakan menuju loket tiga."


def test_an_unknown_name_is_spoken_where_there_is_a_voice(site: Site) -> None:
    site.sound = beep()
    made = site.calls.make("B-014", "Loket 3", "Samsat KPKNL", language="en")
    assert made is not None
    assert made.text.endswith("counter three, Samsat KPKNL.")
    assert set(site.said) == {("samsat ka pe ka en el", "id")}
    asked = len(site.said)
    site.calls.make("B-015", "Loket 4", "Samsat KPKNL")
    assert len(site.said) == asked  # the word is remembered


@pytest.mark.parametrize("sound", [None, b"", b"RIFF nothing", wav(b"ab" * 800, 16000), as_wav(array.array("h"))])
def test_an_unknown_name_nobody_can_say_is_left_out(site: Site, sound: bytes | None) -> None:
    site.sound = sound
    made = site.calls.make("B-014", "Loket Anggrek 3", "Samsat KPKNL")
    assert made is not None
    assert made.text == "Nomor antrean B, nol satu empat, silakan menuju loket tiga."


def test_a_site_s_recordings_win_at_once_and_only_where_they_are(site: Site) -> None:
    before = site.calls.make(*CALL)
    store(site.own, {"id": {"kata-loket": (beep(), None)}})
    after = site.calls.make(*CALL)
    assert before is not None and after is not None
    assert after.sha256 != before.sha256
    assert array.array("h", beep()[44:]).tobytes() in site.heard(after)
    store(site.own, {"id": {"angka-3": (beep(0.6), None)}})
    assert Folder(site.own).names("id") == ["angka-3", "kata-loket"]
    (site.own / INDEX).unlink()
    assert site.calls.make(*CALL) == before


def test_a_broken_recording_gives_way_to_the_clip_that_ships(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    before = site.calls.make(*CALL)
    index = store(site.own, {"id": {"kata-loket": (beep(), None)}})
    file = site.own / f"{index['id']['kata-loket']['sha256']}.wav"
    file.write_bytes(beep(0.7))  # its name says something else
    made = site.calls.make(*CALL)
    assert before is not None and made is not None
    assert site.heard(made) == site.heard(before)
    file.unlink()
    site.calls.make("B-015", *CALL[1:])
    told = [line for line in caplog.messages if "kata-loket" in line]
    assert len(told) == 1


@pytest.mark.parametrize(
    "broken", ["", "{", "[]", '{"id": []}', '{"id": {"kata-loket": {}}}', '{"id": {"kata-loket": {"sha256": "../../x"}}}']
)
def test_a_broken_index_leaves_what_was_known(site: Site, broken: str) -> None:
    store(site.own, {"id": {"kata-loket": (beep(), None)}})
    own = site.calls.make(*CALL)
    put(site.own / INDEX, broken.encode())
    assert site.calls.make(*CALL) == own
    fresh = Site(site.own.parent).calls.make(*CALL)
    assert fresh is not None
    assert fresh != own


def test_the_shelf_forgets_what_was_asked_for_longest_ago(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "audio", 1000)
    first, *others = [shelf.put(bytes([number]) * 300) for number in range(3)]
    assert shelf.has(first)
    newest = shelf.put(b"x" * 300)
    assert [shelf.has(one) for one in (first, others[0], others[1], newest)] == [True, False, True, True]
    again = Shelf(tmp_path / "audio", 700)  # another server finds them
    last = again.put(b"y" * 300)
    assert again.has(last)
    assert len(list((tmp_path / "audio").iterdir())) == 2
    assert again.put(b"z" * 5000) in {file.stem for file in (tmp_path / "audio").iterdir()}  # one is always kept


def test_two_who_write_the_same_file_at_once_both_succeed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, write = tmp_path / "a.wav", Path.write_bytes
    others = [b"other"]

    def meddle(self: Path, content: bytes) -> int:
        count = write(self, content)
        if others:
            put(file, others.pop())
        return count

    monkeypatch.setattr(Path, "write_bytes", meddle)
    put(file, b"mine")
    assert file.read_bytes() == b"mine"
    assert [one.name for one in tmp_path.iterdir()] == ["a.wav"]


def test_without_sound_a_call_is_none_and_nothing_breaks(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "audio").write_text("in the way")
    site = Site(tmp_path)
    assert site.calls.make(*CALL) is None
    assert site.calls.make("no label", "Loket 3") is None
    site.calls._bank = Bank(Folder(tmp_path / "empty"))
    assert site.calls.make(*CALL) is None
    assert len([line for line in caplog.messages if "no clip" in line or "no sound" in line]) == 3


def test_the_index_that_ships_is_data_of_one_shape() -> None:
    data = json.loads((SHIPPED / INDEX).read_text("utf-8"))
    assert Folder(SHIPPED).index() == data
