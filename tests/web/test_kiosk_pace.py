"""A kiosk's page takes numbers no faster than a hand needs them; a program with a token of its own no faster than is good for the lokets.

Planted, each seen red and taken out: the same key refused when it is asked again; a refusal that
is counted; a rest that never ends; a kiosk's token paced as a page is; no event when the rest begins.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.web.pace import GO, Pace, Rule
from tests.web.conftest import Build
from tests.web.hall import NAMES, Hall

START = datetime(2026, 11, 3, 0, 30, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def pace(interval_s: int = 2, per_minute: int = 20, pause_s: int = 10) -> Pace:
    return Pace(lambda device: Rule(interval_s, per_minute, pause_s))


def test_two_numbers_stand_two_seconds_apart_and_kiosks_do_not_share() -> None:
    paced = pace()
    assert paced.ask("K1", "a", at(0)) == GO
    assert paced.ask("K1", "b", at(0.5)).wait_s == 1.5
    assert paced.ask("K2", "c", at(0.5)) == GO
    assert paced.ask("K1", "b", at(2)) == GO


def test_the_same_wish_is_never_too_fast() -> None:
    paced = pace()
    assert paced.ask("K1", "a", at(0)) == GO
    assert paced.ask("K1", "a", at(0.1)) == GO
    assert paced.ask("K1", "b", at(2)) == GO, "asking again took no turn"


def test_twenty_a_minute_then_a_rest_of_ten_seconds_told_once_each_way() -> None:
    paced = pace()
    assert [paced.ask("K1", f"k{n}", at(2 * n)) for n in range(20)] == [GO] * 20
    begun = paced.ask("K1", "more", at(41))
    assert (begun.wait_s, begun.flip) == (10, True)
    resting = paced.ask("K1", "more", at(45))
    assert (resting.wait_s, resting.flip) == (6, None)
    ended = paced.ask("K1", "more", at(51))
    assert (ended.wait_s, ended.flip) == (0, False)
    assert paced.ask("K1", "next", at(53)) == GO, "after the rest the minute begins anew"


def test_a_wish_that_was_refused_takes_no_turn() -> None:
    """Planted: forgive() doing nothing -> red."""
    paced = pace()
    assert paced.ask("K1", "a", at(0)) == GO
    paced.forgive("K1", "a")
    assert paced.ask("K1", "b", at(0.5)) == GO
    paced.forgive("K1", "never asked")
    assert paced.ask("K1", "c", at(1)).wait_s == 1.5


def test_zero_is_no_limit_and_a_clock_set_back_harms_nobody() -> None:
    paced = pace(interval_s=0, per_minute=0)
    assert {paced.ask("K1", f"k{n}", at(0)) for n in range(200)} == {GO}
    paced = pace()
    paced.ask("K1", "a", at(3600))
    assert paced.ask("K1", "b", at(0)).wait_s == 2


@pytest.fixture(scope="module")
def paced_hall(build: Build) -> Hall:
    """A hall whose kiosk K1 may give two numbers a minute, then rests 30 s."""
    return build(MPP_CLOCK="2026-11-03T08:30:00+08:00@1", MPP_KIOSK_PER_DEVICE="K1=0/2/30")


def test_a_page_that_plays_is_asked_to_wait_and_the_supervisor_sees_a_lamp(paced_hall: Hall) -> None:
    kiosk = paced_hall.screen("kiosk", "K1")
    wish = {"service": "DKC-KTP"}
    given = [kiosk.post("/tickets", wish, key=f"page-{n}") for n in range(2)]
    assert [answer.status_code for answer in given] == [201, 201]
    before = paced_hall.rows("ticket", "leg")
    refused = kiosk.post("/tickets", wish, key="page-2")
    assert (refused.status_code, refused.get_json()["code"]) == (429, "too_fast")
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    assert 0 < refused.get_json()["retry_after_s"] <= 30
    again = kiosk.post("/tickets", wish, key="page-1")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert paced_hall.rows("ticket", "leg") == before
    alerts = paced_hall.person(NAMES["supervisor"]).get("/views/floor").get_json()["data"]["alerts"]
    assert [alert["code"] for alert in alerts if alert["code"] == "kiosk_paused"] == ["kiosk_paused"]


def test_an_administrator_gives_a_kiosk_a_pace_of_its_own(paced_hall: Hall) -> None:
    """At once, before the settings' rule; taken back, the settings' again. Planted: the device's row not asked -> red."""
    admin, kiosk = paced_hall.person(NAMES["admin"]), paced_hall.screen("kiosk", "K2")
    wish = {"service": "DKC-KTP"}
    row = next(one for one in admin.get("/devices").get_json()["items"] if one["code"] == "K2")
    assert row["pace"] is None
    own = {"interval_s": 0, "per_minute": 1, "pause_s": 45}
    told = admin.post("/devices/K2", {"pace": own, "version": row["version"]}).get_json()
    assert told["pace"] == own and told["version"] != row["version"]
    assert kiosk.post("/tickets", wish, key="own-0").status_code == 201
    refused = kiosk.post("/tickets", wish, key="own-1").get_json()
    assert (refused["code"], 30 < refused["retry_after_s"] <= 45) == ("too_fast", True)
    late = admin.post("/devices/K2", {"pace": None, "version": row["version"]}).get_json()
    assert (late["code"], late["by"]) == ("changed_meanwhile", f"user:{NAMES['admin']}")
    assert admin.post("/devices/K2", {"pace": None}).get_json()["pace"] is None
    for wrong in ({**own, "interval_s": 61}, {**own, "pause_s": 0}, {"interval_s": 1}, {**own, "per_minute": "x"}):
        assert admin.post("/devices/K2", {"pace": wrong}).status_code == 422
    assert admin.post("/devices/TV1", {"pace": own}).get_json()["errors"][0]["field"] == "pace"


def test_a_program_that_floods_is_asked_to_wait_and_the_others_are_not(paced_hall: Hall) -> None:
    """Planted: programs not counted -> red; all programs counted as one -> red."""
    for code in ("API8", "API9"):
        paced_hall.add_device("program", code)
    program, wish = paced_hall.device("API8"), {"service": "DKC-KTP"}
    answers = (program.post("/tickets", wish, key=f"flood-{n}") for n in range(200))
    refused = next(answer for answer in answers if answer.status_code != 201)
    assert (refused.status_code, refused.get_json()["code"], refused.headers["Retry-After"]) == (429, "too_many", "1")
    assert paced_hall.device("API9").post("/tickets", wish, key="other").status_code == 201
    assert paced_hall.device("K1").post("/tickets", wish, key="kiosk").status_code == 201


def test_a_kiosks_token_is_faster_than_a_hand_and_no_flood(build: Build) -> None:
    """Planted: tokens of kiosks not counted, or those of all kiosks as one -> red."""
    hall = build(MPP_SECURITY_KIOSK_TOKEN_PER_SECOND="5")
    kiosks = [hall.device(code) for code in ("K1", "K2")]
    wish = {"service": "DKC-KTP"}
    codes = [kiosks[0].post("/tickets", wish, key=f"token-{n}").status_code for n in range(4)]
    assert codes == [201] * 4
    refused = next(answer for answer in (kiosks[0].post("/tickets", wish, key=f"flood-{n}") for n in range(200)) if answer.status_code != 201)
    assert (refused.status_code, refused.get_json()["code"], refused.headers["Retry-After"]) == (429, "too_many", "1")
    assert kiosks[1].post("/tickets", wish, key="other").status_code == 201
