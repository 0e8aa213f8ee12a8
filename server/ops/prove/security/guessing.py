"""Guessing passwords: the lock grows, tells nothing about names, and is still there after a restart."""

from __future__ import annotations

from server.ops.prove.security.stage import Hall

#: settings as shipped: wrong passwords before the lock, its length in seconds, which doubles
LOCK_AFTER, LOCK_S = 5, 60
WRONG = "salah sekali 1234"


def guess(hall: Hall) -> tuple[str, str]:
    """Guess until locked, at a name that exists and at one that does not; (name, right password) of the locked one."""
    person = hall.person("officer")
    known = _answers(hall, person.username)
    unknown = _answers(hall, "tidak-ada-orang")
    hall.expect([row[:2] for row in known] == [row[:2] for row in unknown], f"guessing: names are told apart: {known} and {unknown}")
    codes = [code for _, code, _ in known]
    hall.expect(codes == ["bad_login"] * (LOCK_AFTER - 1) + ["locked"], f"guessing: {codes}")
    hall.expect(_is_locked(hall, person.username, person.password), "guessing: the right password opens a locked account")
    seconds = _lock_s(hall, person.username)
    hall.expect(LOCK_S - 10 <= seconds <= LOCK_S, f"guessing: locked for {seconds} s")
    return person.username, person.password


def after_restart(hall: Hall, username: str, password: str) -> None:
    """The lock is in the database, not in memory."""
    hall.expect(_is_locked(hall, username, password), "guessing: a restart opens a locked account")
    hall.post(f"/users/{username}/unlock", {})
    hall.expect(hall.ask("POST", "/login", {}, {"username": username, "password": password}).status == 200, "guessing: an unlocked account stays shut")


def _answers(hall: Hall, username: str) -> list[tuple[int, str, str]]:
    told = [hall.ask("POST", "/login", {}, {"username": username, "password": WRONG}) for _ in range(LOCK_AFTER)]
    hall.count("passwords guessed", len(told))
    return [(one.status, one.code, str(one.json.get("title"))) for one in told]


def _is_locked(hall: Hall, username: str, password: str) -> bool:
    told = hall.ask("POST", "/login", {}, {"username": username, "password": password})
    return told.code == "locked" and "Set-Cookie" not in told.headers


def _lock_s(hall: Hall, username: str) -> int:
    told = hall.ask("POST", "/login", {}, {"username": username, "password": WRONG})
    return int(told.headers.get("Retry-After", 0))
