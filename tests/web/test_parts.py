"""The small parts of the door: passwords, cookies, idleness, limits.

Planted: `matches` that answers True for a broken hash -> red; Secure left out under https
-> red; Idle that never sleeps -> red; a limit per address as narrow as per account -> red.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Response

from server.domain.errors import RuleBroken
from server.web import limits as module
from server.web import passwords
from server.web.cookies import Cookies, new_id
from server.web.errors import WebRefusal
from server.web.idle import Idle
from server.web.limits import ADDRESS_FACTOR, Limits

NOW = datetime(2026, 11, 3, 0, 30, tzinfo=UTC)


def test_a_password_matches_its_own_hash_only() -> None:
    made = passwords.hash_password("kunci rumah saya")
    assert made.startswith("$argon2id$")
    assert passwords.matches(made, "kunci rumah saya")
    assert not passwords.matches(made, "kunci rumah Saya")
    assert not passwords.matches("not a hash", "kunci rumah saya")
    assert not passwords.matches(passwords.NOBODY, "")


@pytest.mark.parametrize("weak", ["pendek", "passwordadmin", "petugas-dkc12", "aaaaaaaaaaaaaaaa", "rahasia123456"])
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        passwords.check_strength(weak, "petugas-dkc", 12)
    assert caught.value.code == "weak_password"
    assert caught.value.facts["min_length"] == 12


def test_a_sentence_is_a_good_password() -> None:
    passwords.check_strength("tiga ekor kambing", "petugas-dkc", 12)


@pytest.mark.parametrize(("secure", "name"), [(False, "mpp_session"), (True, "__Host-mpp_session")])
def test_cookie_flags(secure: bool, name: str) -> None:
    response = Response()
    Cookies(secure, session_s=60, browser_s=400 * 86400).set_session(response, "x" * 43)
    told = response.headers["Set-Cookie"]
    assert told.startswith(f"{name}={'x' * 43};")
    assert "HttpOnly" in told
    assert "SameSite=Strict" in told
    assert "Path=/" in told
    assert "Domain" not in told
    assert ("Secure" in told) == secure


def test_ids_are_long_and_never_the_same() -> None:
    made = {new_id() for _ in range(1000)}
    assert len(made) == 1000
    assert all(len(one) == 43 for one in made)


def test_a_session_falls_asleep_and_stays_so() -> None:
    idle = Idle(idle_minutes=10)
    assert idle.awake("a", NOW)
    assert idle.awake("a", NOW + timedelta(minutes=9))
    assert not idle.awake("a", NOW + timedelta(minutes=19, seconds=1))
    assert not idle.awake("a", NOW + timedelta(minutes=19, seconds=2))
    assert idle.awake("b", NOW + timedelta(minutes=20))


def test_a_hall_behind_one_address_is_not_locked_out() -> None:
    limits = Limits(login_per_minute=5, public_per_minute=5, program_per_second=1)
    for visitor in range(5 * 10):
        limits.public(f"ticket-{visitor}", "10.0.0.1")
    with pytest.raises(WebRefusal) as caught:
        for _ in range(6):
            limits.public("ticket-1", "10.0.0.1")
    assert caught.value.code == "too_many"
    assert caught.value.facts["retry_after_s"] == 60


def test_an_address_that_guesses_is_stopped() -> None:
    limits = Limits(login_per_minute=2, public_per_minute=5, program_per_second=1)
    with pytest.raises(WebRefusal):
        for guess in range(2 * ADDRESS_FACTOR + 1):
            limits.login(f"name-{guess}", "browser", "10.0.0.2")


def test_a_window_ends_by_time_that_only_goes_forward() -> None:
    """Planted: the wall clock, which may be set back by a day -> the clock's campaign never ends. Windows never begun anew -> red."""
    now = 1000.0
    limits = Limits(login_per_minute=5, public_per_minute=5, program_per_second=2, now=lambda: now)
    for second in range(3):
        now = 1000.0 + second
        for _ in range(2):
            limits.program("device:API1")
        with pytest.raises(WebRefusal):
            limits.program("device:API1")
        limits.program("device:API2")


def test_windows_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Guesses under ever new names take no memory for ever. Planted: none forgotten -> red."""
    monkeypatch.setattr(module, "WINDOWS_MOST", 100)
    now = 0.0
    limits = Limits(login_per_minute=5, public_per_minute=5, program_per_second=2, now=lambda: now)
    for n in range(1000):
        now = float(n)
        limits.enrolment(f"address-{n}")
    assert len(limits._windows) <= 101
