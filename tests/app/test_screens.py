"""What a display's view says of its layout, and what the supervisor is told when something is missing.

Planted, each seen red and taken out: a paused counter told as open; an archived gerai's board that fails; a broken text
shown; a revoked display told of; the settings' fault left out; the file's mistakes not read; faults of the voice not told;
a broken index or clip of it passed over; a display that has gone while its report was written.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from config import layouts, settings
from server.app.screen_reports import ScreenReports
from server.app.showing import EVERY_DAY, Medium, Screen
from server.app.snapshot import SiteFacts
from server.app.views import view_data
from server.domain.tickets import State
from server.ops.companion_commands import companions_of
from server.ops.site_screen import site_screen
from server.ops.voices import voice_faults
from server.voice.bank import store
from server.voice.wav import wav
from tests.app.halls import NINE, SITE, device, later, make_snapshot, served, session

SITE = replace(SITE, layouts=layouts.load(), screen=Screen(text=layouts.load()["panggilan"], distance_m=5, diagonal_in=43))


def shown(screen: Screen | None = None, site: SiteFacts = SITE, **other: Any) -> dict[str, Any]:
    screens = {"TV1": screen} if screen else {}
    return view_data(make_snapshot(screens=screens, **other), "display:TV1", NINE, site)


def alerts(site: SiteFacts = SITE, **other: Any) -> list[tuple[str, str]]:
    told = view_data(make_snapshot(**other), "floor", NINE, site)["alerts"]
    return [(one["code"], one["text"]) for one in told]


def parts(view: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["part"]: one for row in view["layout"]["rows"] for one in row["parts"]}


def test_nobody_has_set_it() -> None:
    layout = shown()["layout"]
    assert [row["kind"] for row in layout["rows"]] == ["strip", "area", "strip", "strip"]
    assert (layout["distance_m"], layout["diagonal_in"], layout["gerai"]) == (5, 43, None)


def test_a_board_tells_the_state_of_every_loket() -> None:
    text = "baris: papan gerai=DKC,PJK | menunggu gerai=SAM\nbaris: loket kode=SAM-1"
    view = shown(
        Screen(text=text, distance_m=2),
        open_legs=(served(1, "DKC-1"), served(2, "PJK-1", State.SERVING, "NPWP")),
        sessions=(session("DKC-1", "KTP"), session("DKC-2", "KTP", paused_since=later(9)), session("PJK-1", "NPWP"), session("SAM-1", "STNK")),
    )
    rows = {row["counter"]: (row["state"], row["number"]) for row in parts(view)["board"]["rows"]}
    assert rows == {"DKC-1": ("called", "A-001"), "DKC-2": ("paused", None), "PJK-1": ("serving", "A-002"), "PJK-2": ("closed", None)}
    assert [row["gerai"] for row in parts(view)["waiting"]["rows"]] == ["SAM"]
    assert parts(view)["counter"]["row"]["state"] == "open"
    assert view["layout"]["distance_m"] == 2


def test_a_pillar_has_its_gerai_on_board_and_waiting() -> None:
    view = shown(Screen(layout="pilar", gerai="PJK"))
    assert {row["gerai"] for row in parts(view)["board"]["rows"]} == {"PJK"}
    assert [row["gerai"] for row in parts(view)["waiting"]["rows"]] == ["PJK"]


def test_what_is_missing_is_left_out_and_told_to_the_supervisor_alone() -> None:
    lost = Screen(text="bilah: nama\nbaris: panggilan | papan gerai=LAMA,DKC")
    view = shown(lost)
    assert {row["gerai"] for row in parts(view)["board"]["rows"]} == {"DKC"}
    assert alerts(screens={"TV1": lost}) == [("layout_missing", "Layar TV1: tata letak perlu diperbaiki. "
        "Baris 2: gerai LAMA tidak ada di denah; periksa kodenya atau hapus.")]  # fmt: skip
    assert alerts(screens={"TV1": lost}, devices=(device("TV1", "display", revoked=True),)) == []
    broken = Screen(text="baris: hologram")
    assert "call" in parts(shown(broken))
    assert "Baris 1: bagian “hologram”" in alerts(screens={"TV1": broken})[0][1]
    assert parts(shown(Screen(layout="loket", counter="LAMA-1")))["counter"]["row"] is None
    assert "LAMA-1" in alerts(screens={"TV1": Screen(layout="loket", counter="LAMA-1")})[0][1]
    assert "LAMA" in alerts(screens={"TV1": Screen(gerai="LAMA")})[0][1]


def medium(**other: Any) -> Medium:
    day = make_snapshot().business_date
    row = {"id": 1, "sha": "a" * 64, "mime": "video/mp4", "name": "Film", "bytes": 9, "width": 1, "height": 1, "length_ms": 5, "seconds": 10,
           "sound": True, "zone": None, "days": EVERY_DAY, "from_min": 0, "to_min": 1440, "date_from": day, "date_to": day, "position": 1, "by": "x"}  # fmt: skip
    return Medium(**{**row, **other})


def test_media_of_the_day_and_the_zone() -> None:
    day = medium().date_from
    assert day is not None
    some = (medium(), medium(id=2, zone="B"), medium(id=3, zone="A"), medium(id=4, date_from=day.replace(day=day.day + 1), date_to=None))
    assert [one["id"] for one in shown(Screen(layout="media"), media=some)["media"]] == [1, 3]
    assert shown(media=some)["media"] == []
    assert alerts(media=(medium(trouble="corrupt"),)) == [("medium_corrupt", "Film: tidak dapat ditampilkan layar. Hapus lalu unggah dalam bentuk lain.")]


def test_the_settings_layout_is_a_ready_one_or_a_file(tmp_path: Path) -> None:
    def of(layout: str) -> tuple[Screen, str]:
        return site_screen(settings.load(None, {"MPP_DISPLAY_LAYOUT": layout, "MPP_DISPLAY_DISTANCE_M": "7"}))

    ready, fault = of("papan")
    assert (ready.text, ready.distance_m, fault) == (layouts.load()["papan"], 7, "")
    own = tmp_path / "aula.txt"
    own.write_text("baris: panggilan\n", "utf-8")
    assert of(str(own)) == (Screen(text="baris: panggilan\n", distance_m=7, diagonal_in=43), "")
    own.write_text("baris: panggilan\nbaris: jamm\n", "utf-8")
    screen, fault = of(str(own))
    assert screen.text is None and "Baris 2: bagian “jamm” tidak dikenal; mungkin maksudnya: jam." in fault
    site = replace(SITE, screen=screen, layout_fault=fault)
    assert "call" in parts(shown(site=site)) and alerts(site)[0][0] == "layout_settings"
    assert "tidak ada" in of(str(tmp_path / "nihil.txt"))[1]
    own.write_bytes(b"\xff\xfe")
    assert "UTF-8" in of(str(own))[1]


def test_what_of_the_own_voice_is_not_used_is_told_to_the_supervisor(tmp_path: Path) -> None:
    def faults() -> tuple[str, ...]:
        return voice_faults(settings.load(None, {"MPP_SERVER_DATA": str(tmp_path)}))

    assert faults() == ()
    own = tmp_path / "voice"
    own.mkdir()
    (own / "lexicon.toml").write_text('UPT = 3\n')
    store(own, {"id": {"huruf-a": (wav(b"ab" * 900, 16000), None)}})
    wrong_word, wrong_clip = faults()
    assert "baris 1: UPT" in wrong_word and "huruf-a" in wrong_clip and "rate" in wrong_clip
    (own / "index.json").write_text("[]")
    assert "index.json" in faults()[1]
    [(kind, said)] = alerts(replace(SITE, voice_faults=faults()))
    assert kind == "voice_settings" and "2 kesalahan" in said and "baris 1: UPT" in said


def test_a_display_taken_away_while_its_report_is_written_hurts_nobody() -> None:
    reports = ScreenReports()
    reports.written({"TV1": {"spoken": []}})
    assert reports.keep_only(set()) is None


def test_the_signs_are_a_companion_of_the_server(tmp_path: Path) -> None:
    names = [watched.companion.name for watched in companions_of(tmp_path, "http://x", tmp_path, None, "signs.toml")._watched]
    assert names == ["print host", "signs"]
    command = companions_of(tmp_path, "http://x", tmp_path, None, "signs.toml")._watched[1].companion.command()
    assert {"signs", "http://x", "signs.toml", "--die-with-parent"} <= set(command)
