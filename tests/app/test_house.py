"""The house's bells and locks.

Planted, each seen red: `claim` rings the hosts -> two idle hosts wake each other for ever;
the bell entered after the look -> a slip queued in between is waited for; a visitor's word rings
nobody -> the copy comes up to 5 s late; unlock leaves the
browser's count -> the officer's own PC stays locked.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from server.app import issuing, people, printing
from server.app.ask import Ask
from server.app.house import House
from server.domain.errors import RuleBroken
from tests.house_builder import make_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    running, _ = make_house(tmp_path)
    yield running.house
    running.stop()


def kiosk(house: House) -> Ask:
    return Ask("device:K1", house.now(), role="kiosk", device="K1")


def host(house: House) -> Ask:
    return Ask("device:PH1", house.now(), role="print-host", device="PH1")


def test_an_idle_claim_wakes_nobody(house: House) -> None:
    with house.paper_bell() as bell:
        assert house.act(printing.claim, host(house)).status == 204
        assert not bell.wait(0)


def test_a_slip_queued_after_the_look_rings(house: House) -> None:
    with house.paper_bell() as bell:
        assert house.act(printing.claim, host(house)).status == 204
        house.act(issuing.issue, kiosk(house), service="DKC-KTP")
        assert bell.wait(0)


def test_a_copy_that_a_visitor_asks_for_rings(house: House) -> None:
    ticket = house.act(issuing.issue, kiosk(house), service="DKC-KTP").body["id"]
    job = house.act(printing.claim, host(house)).body["job"]["id"]
    house.act(printing.report_job, host(house), job=job, state="uncertain")
    with house.paper_bell() as bell:
        house.act(printing.visitor_told, kiosk(house), ticket=ticket, came_out=False)
        assert bell.wait(0)


def test_closing_the_doors_rings(house: House) -> None:
    with house.paper_bell() as bell:
        house.close_doors()
        assert bell.wait(0) and not house.ready


def log_in(house: House, ok: bool) -> int:
    now = house.now()
    answer = house.act(
        people.login,
        Ask("anyone", now),
        username="petugas-dkc",
        ok=ok,
        session_hash=f"s{now}",
        csrf="c",
        expires_at=now + timedelta(hours=1),
        browser="b",
        lock_after=2,
        lock_s=600,
    )
    return answer.status


def test_unlocking_a_person_unlocks_the_browser_it_happened_in(house: House) -> None:
    for code in ("bad_login", "locked", "locked"):
        with pytest.raises(RuleBroken) as refusal:
            log_in(house, ok=False)
        assert refusal.value.code == code
    house.act(people.unlock, Ask("user:pengawas", house.now(), role="supervisor"), username="petugas-dkc")
    assert log_in(house, ok=True) == 200
