"""People: adding, changing, logging in and out, lock-outs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from server.app.ask import Answer, Ask
from server.app.plan_rows import unchanged, version_of
from server.app.ports import Work
from server.app.present import instant
from server.domain.calendar import business_date, day_closes_at
from server.domain.errors import RuleBroken
from server.domain.events import Event


#: roles whose work is that of their own gerai
OF_GERAI = frozenset({"officer", "agency_head"})
#: how many of the newest changes of passwords are looked at, at a log-in
_CHANGES_MAX = 300


def told(person: Mapping[str, Any]) -> dict[str, Any]:
    """A person over HTTP; never the password's hash."""
    return {
        "username": person["username"],
        "name": person["name"],
        "role": person["role"],
        "gerai": list(person["gerai"]),
        "active": person["active"],
        "must_change": person["must_change"],
        "version": version_of(_edited(person)),
        "password_version": version_of(_secret(person)),
    }


def _edited(person: Mapping[str, Any]) -> dict[str, Any]:
    return {key: person[key] for key in ("name", "role", "gerai", "active")}


def _secret(person: Mapping[str, Any]) -> dict[str, Any]:
    """The hash has a salt, so that what is told of it says nothing but that it is another one."""
    return {"password": person["password_hash"]}


def _person(work: Work, username: str) -> Mapping[str, Any]:
    found = work.people.person(username)
    if found is None:
        raise RuleBroken("unknown_user", username=username[:60])
    return found


def _known_gerai(work: Work, gerai: Sequence[str]) -> None:
    missing = set(gerai) - set(work.floors.current().gerai)
    if missing:
        raise RuleBroken("unknown_gerai", gerai=", ".join(sorted(missing))[:60])


def _has_gerai(role: str, gerai: Sequence[str]) -> None:
    """Who works for a gerai has one: an officer without would find no loket and nobody would say why."""
    if role in OF_GERAI and not gerai:
        raise RuleBroken("invalid", field="gerai", why="gerai_needed")


def add_user(
    work: Work,
    ask: Ask,
    *,
    username: str,
    name: str,
    role: str,
    password_hash: str,
    gerai: Sequence[str] = (),
    must_change: bool = True,
) -> Answer:
    """Add a person. Raises already_exists, unknown_gerai, and invalid (gerai) for one of OF_GERAI without."""
    if work.people.person(username) is not None:
        raise RuleBroken("already_exists", username=username)
    _known_gerai(work, gerai)
    _has_gerai(role, gerai)
    row = {
        "username": username,
        "name": name,
        "role": role,
        "password_hash": password_hash,
        "must_change": must_change,
        "active": True,
        "created_at": ask.now,
    }
    work.people.add(row, gerai)
    _record(work, ask, "UserAdded", username=username, role=role, gerai=list(gerai))
    return Answer(201, told({**row, "gerai": list(gerai)}))


def set_password(
    work: Work,
    ask: Ask,
    *,
    username: str,
    password_hash: str,
    must_change: bool,
    keep: str | None = None,
    version: str | None = None,
) -> Answer:
    """Give a person a new password; every session but `keep` (a hash) ends with the old one.

    `version`: the person's `password_version`, as it was read; None: whatever it is. Raises
    changed_meanwhile, unknown_user.
    """
    before = _secret(_person(work, username))
    unchanged(work, before, version, lambda event: event.data["username"] == username, ("UserAdded", "PasswordChanged"))
    work.people.change(username, None, password_hash=password_hash, must_change=must_change)
    work.people.end_sessions(ask.now, username=username, keep=keep)
    _record(work, ask, "PasswordChanged", username=username)
    return Answer(200, told(_person(work, username)))


def change_user(
    work: Work,
    ask: Ask,
    *,
    username: str,
    name: str | None = None,
    role: str | None = None,
    gerai: Sequence[str] | None = None,
    active: bool | None = None,
    version: str | None = None,
) -> Answer:
    """Change what is given; a person who is no longer active has no session any more.

    `version`: the person's, as it was read; None: whatever it is. Raises changed_meanwhile,
    last_admin when nobody could administer afterwards, unknown_user, unknown_gerai, and invalid (gerai)
    for one of OF_GERAI without.
    """
    before = _edited(_person(work, username))
    unchanged(work, before, version, lambda event: event.data["username"] == username, ("UserAdded", "UserChanged"))
    if active is False or role not in {None, "admin"}:
        _other_admin(work, username)
    if gerai is not None:
        _known_gerai(work, gerai)
    if role is not None or gerai is not None:
        _has_gerai(role or before["role"], before["gerai"] if gerai is None else gerai)
    given = {"name": name, "role": role, "active": active}
    changes = {key: value for key, value in given.items() if value is not None}
    work.people.change(username, gerai, **changes)
    if active is False or role is not None or gerai is not None:
        work.people.end_sessions(ask.now, username=username)
    changed = sorted([*changes, *(["gerai"] if gerai is not None else [])])
    _record(work, ask, "UserChanged", username=username, changed=changed)
    return Answer(200, told(_person(work, username)))


def _other_admin(work: Work, username: str) -> None:
    """Raises last_admin when this person is the only one who may administer."""
    admins = {row["username"] for row in work.people.people() if row["active"] and row["role"] == "admin"}
    if admins == {username}:
        raise RuleBroken("last_admin")


def login(
    work: Work,
    ask: Ask,
    *,
    username: str,
    ok: bool,
    session_hash: str,
    csrf: str,
    expires_at: datetime,
    browser: str,
    lock_after: int,
    lock_s: int,
) -> Answer:
    """Count a log-in. `ok`: the password matched; it was checked outside the event loop.

    Failures count for the account and for the browser; from the limit on each further one
    locks twice as long, up to an hour. A locked account refuses a right password too.
    """
    subjects = [f"user:{username}", *([f"browser:{browser}"] if browser else [])]
    guards = {subject: work.people.guard(subject) for subject in subjects}
    until = max(
        (g["locked_until"] for g in guards.values() if g and g["locked_until"]), default=None
    )
    if until is not None and until > ask.now:
        return Answer(401, refused=RuleBroken("locked", until=instant(until)))
    person = work.people.person(username)
    if not ok or person is None or not person["active"]:
        return _failed(work, ask, username, guards, lock_after, lock_s)
    for subject, guard in guards.items():
        if guard:
            work.people.save_guard(_guard(subject, 0, None, ask.now))
    floor = work.floors.current()
    closes = day_closes_at(
        floor, business_date(ask.now, floor.site.timezone), work.floors.overrides()
    )
    ends = min(expires_at, closes) if closes > ask.now else expires_at
    work.people.add_session(
        {
            "hash": session_hash,
            "username": username,
            "csrf": csrf,
            "created_at": ask.now,
            "expires_at": ends,
        }
    )
    _record(work, ask, "LoggedIn", username=username)
    body = me(work, username)
    return Answer(200, {**body, "csrf": csrf, "first_password": _is_first_password(work, username)})


def _is_first_password(work: Work, username: str) -> bool:
    """Nobody has changed it since the account was made, so whoever made it knows it. Never so in practice."""
    if work.around.simulated:
        return False
    changes = work.history.newest(("PasswordChanged",), _CHANGES_MAX)
    return all(event.data["username"] != username for event in changes)


def _guard(subject: str, failed: int, until: datetime | None, at: datetime) -> dict[str, Any]:
    return {"subject": subject, "failed": failed, "locked_until": until, "last_at": at}


def _failed(
    work: Work,
    ask: Ask,
    username: str,
    guards: Mapping[str, Mapping[str, Any] | None],
    lock_after: int,
    lock_s: int,
) -> Answer:
    locked: datetime | None = None
    for subject, guard in guards.items():
        failed = (guard["failed"] if guard else 0) + 1
        until = None
        if failed >= lock_after:
            until = ask.now + timedelta(seconds=min(3600, lock_s * 2 ** (failed - lock_after)))
            locked = until
            if subject.startswith("user:"):
                _record(work, ask, "LoginLocked", username=username, until=instant(until))
        work.people.save_guard(_guard(subject, failed, until, ask.now))
    if locked is not None:
        return Answer(401, refused=RuleBroken("locked", until=instant(locked)))
    return Answer(401, refused=RuleBroken("bad_login"))


def unlock(work: Work, ask: Ask, *, username: str) -> Answer:
    """A supervisor lets a locked-out person try again, at the browser it happened in too."""
    person = _person(work, username)
    guard = work.people.guard(f"user:{username}")
    if guard is not None:
        # One attempt counts for account and browser at the same instant.
        work.people.forget_guards(guard["last_at"])
    work.people.save_guard(_guard(f"user:{username}", 0, None, ask.now))
    _record(work, ask, "LoginUnlocked", username=username)
    return Answer(200, told(person))


def logout(work: Work, ask: Ask, *, session_hash: str) -> Answer:
    work.people.end_sessions(ask.now, hash=session_hash)
    _record(work, ask, "LoggedOut", username=ask.username)
    return Answer(200, {})


def me(work: Work, username: str) -> dict[str, Any]:
    """What a person's pages need first: role, gerai, own counters, the one that is open."""
    person = _person(work, username)
    floor = work.floors.current()
    own = set(person["gerai"])
    session = work.counters.session_of(username)
    return {
        "user": username,
        "name": person["name"],
        "role": person["role"],
        "gerai": [
            {"code": g.code, "name": g.name} for g in floor.gerai.values() if g.code in own
        ],
        "counters": [
            {"code": c.code, "label": c.label, "gerai": c.gerai}
            for c in floor.counters.values()
            if c.gerai in own
        ],
        "open_counter": session.counter if session else None,
        "must_change": person["must_change"],
        "today": _own_figures(work, username),
    }


def _own_figures(work: Work, username: str) -> dict[str, int]:
    """How many this officer finished today, and how many never came."""
    day = work.days.open_day()
    ended = work.history.ended_by(day, username) if day else {}
    return {"served": ended.get("finished", 0), "no_show": ended.get("no_show", 0)}


def _record(work: Work, ask: Ask, type_: str, **data: Any) -> int:
    return work.log.record(Event(type_, ask.now, ask.actor, device=ask.device, data=data))
