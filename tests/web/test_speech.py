"""The route that gives a kiosk's page its voice.

Planted: any browser's cookie believed -> test_which_browsers_may_listen red; no limit of the text -> test_what_is_refused
red; `Cache-Control: no-store` -> test_a_kiosk_s_page... red; the meta without a voice -> test_a_page_names... red.
"""

from __future__ import annotations

from typing import Any

import pytest

from server.web.roles import ALL
from tests.web.hall import NAMES, Hall, Visitor

ASKED = {"lang": "id", "text": "Silakan pilih layanan. Nomor B-001."}
META = '<meta name="speech" content="/speech">'


def heard(visitor: Visitor, **asked: Any) -> tuple[int, str | None]:
    answer = visitor.get("/speech", **{**ASKED, **asked})
    return answer.status_code, (answer.get_json(silent=True) or {}).get("code")


def test_a_kiosk_s_page_hears_its_text(hall: Hall) -> None:
    answer = hall.screen("kiosk", "K1").get("/speech", **ASKED)
    assert (answer.status_code, answer.content_type) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    assert "Set-Cookie" not in answer.headers
    assert answer.data[:4] == b"RIFF"
    assert len(answer.data) > 44100
    assert hall.screen("kiosk", "K1").get("/speech", **{**ASKED, "lang": "en"}).data != answer.data


@pytest.mark.parametrize("role", sorted(ALL))
def test_who_may_listen(hall: Hall, role: str) -> None:
    expected = {"kiosk": (200, None), "anyone": (401, "unauthenticated")}.get(role, (403, "forbidden"))
    assert heard(hall.as_role(role)) == expected


def test_which_browsers_may_listen(hall: Hall) -> None:
    assert heard(hall.screen("display", "TV1")) == (403, "forbidden")
    stranger = hall.browser()
    stranger.get("/kiosk/K1")
    assert heard(stranger) == (401, "unauthenticated")
    assert heard(Visitor(hall.app.test_client(), "no such token")) == (401, "unauthenticated")
    both = hall.screen("kiosk", "K2")
    both.login(NAMES["officer"])
    assert heard(both) == (200, None)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"text": ""}, "text"), ({"text": " \n "}, "text"), ({"text": "x" * 601}, "text"), ({"text": None}, "text"),
        ({"lang": "mkn"}, "lang"), ({"lang": "../id"}, "lang"), ({"lang": None}, "lang"),
    ],
)  # fmt: skip
def test_what_is_refused(hall: Hall, asked: dict[str, Any], field: str) -> None:
    answer = hall.device("K1").get("/speech", **{**ASKED, **asked})
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (422, "invalid")
    assert [one["field"] for one in told["errors"]] == [field]


def test_the_longest_and_the_oddest_are_answered(hall: Hall) -> None:
    for text in ("x" * 600, "😀", "\x00 ya", "<script>", "%s" * 9):
        assert heard(hall.device("K1"), text=text) == (200, None), text


class Silent:
    """A voice that is there (or not) and says nothing."""

    def __init__(self, ready: bool) -> None:
        self.ready = ready

    def speak(self, text: str, language: str) -> bytes | None:
        return None


def test_a_page_names_the_voice_only_where_there_is_one(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    kiosk = hall.screen("kiosk", "K1")
    assert META in kiosk.get("/kiosk/K1").text
    for voice in (None, Silent(False)):
        monkeypatch.setattr(hall.house, "voice", voice)
        assert 'name="speech"' not in kiosk.get("/kiosk/K1").text
        answer = kiosk.get("/speech", **ASKED)
        assert (answer.status_code, answer.get_json()["code"]) == (503, "no_voice")
        assert int(answer.headers["Retry-After"]) > 0
