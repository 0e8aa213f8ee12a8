"""The sound of a call by its content: `GET /audio/{sha}.wav`.

Planted, each seen red: the sound kept outside the folder that is served; a site's settings ignored; the short form never
asked for; a call that never was said as the next one.
"""

from __future__ import annotations

import hashlib

import pytest

from tests.web.conftest import Build
from tests.web.hall import NAMES, Hall


@pytest.fixture(scope="module")
def kupang(build: Build) -> Hall:
    return build(MPP_VOICE_LANGUAGE="mkn", MPP_VOICE_NUMBERS="cardinal", MPP_VOICE_REPEAT="2", MPP_VOICE_CHIME="false")


def test_a_call_s_sound_is_served_and_may_be_kept_for_ever(kupang: Hall) -> None:
    calls = kupang.house.announcements
    made = calls.make("B-014", "Loket 3", "Dukcapil") if calls else None
    assert made is not None
    assert made.text == (
        "Nomor antrean B, ampa blas, mari pi loket tiga, Dukcapil. Sakali lai, nomor antrean B, ampa blas, mari pi loket tiga, Dukcapil."
    )
    answer = kupang.browser().get(made.path)
    assert (answer.status_code, answer.content_type) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    sound = answer.data
    answer.close()
    assert made.path == f"/audio/{hashlib.sha256(sound).hexdigest()}.wav"
    part = kupang.browser().get(made.path, headers={"Range": "bytes=0-43"})
    assert (part.status_code, part.data[:4], len(part.data)) == (206, b"RIFF", 44)
    part.close()


@pytest.mark.parametrize("name", ["0" * 64, "index", "%2e%2e%2fserver", "A" * 64])
def test_what_is_not_there_is_not_found(kupang: Hall, name: str) -> None:
    answer = kupang.browser().get(f"/audio/{name}.wav")
    assert answer.status_code == 404


def test_the_sound_of_a_call_is_where_its_view_says(kupang: Hall) -> None:
    officer, counter = kupang.person(NAMES["officer"]), kupang.counter()
    kupang.issue("a call to hear")
    officer.post(f"/counters/{counter}/open", {})
    called = officer.post(f"/counters/{counter}/next", {}).get_json()["call"]["id"]
    told = kupang.device("TV2").get("/displays/TV2/calls").get_json()
    (audio,) = [call["audio"] for call in told["items"] if call["call_id"] == called]
    sounds = {}
    for form, path in audio.items():
        leads = kupang.browser().get(path)
        assert (leads.status_code, leads.headers["Cache-Control"]) == (302, "no-store")
        sound = kupang.browser().get(leads.headers["Location"])
        assert (sound.status_code, sound.content_type) == (200, "audio/wav")
        sounds[form] = len(sound.data)
        sound.close()
    assert sounds["short"] < sounds["full"]
    never = audio["full"].replace(str(called), str(called - 1))
    assert kupang.browser().get(never).status_code == 404
