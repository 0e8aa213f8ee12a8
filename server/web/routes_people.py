"""The rows about people: logging in and out, passwords, accounts."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Response, request

from server.app import people, reading
from server.app.ask import Answer
from server.web import answers, bodies, passwords
from server.web.auth import browser_hash
from server.web.cookies import new_id
from server.web.roles import ADMINS, ALL, OVERSEERS, PEOPLE, ROLES
from server.web.route import Asked, Route, get, post, reply
from server.web.wire import sha256

#: letters and digits nobody mistakes for another
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def _login(asked: Asked) -> Response:
    """Check the password outside the event loop, then let the app count, lock and open.

    An unknown name costs the same time and gets the same answer as a wrong password.
    """
    gate, house = asked.gate, asked.gate.house
    username, password = asked.given["username"].lower(), asked.given["password"]
    browser = browser_hash(gate, request) or ""
    gate.limits.login(username, browser, request.remote_addr or "")
    kept = asked.read(reading.password_hash, username=username) or passwords.NOBODY
    ok = house.slow(passwords.matches, kept, password)
    session_id, csrf = new_id(), new_id()
    before = gate.person(request)
    answer = asked.act(
        people.login,
        username=username,
        ok=ok,
        session_hash=sha256(session_id),
        csrf=csrf,
        expires_at=house.now() + timedelta(seconds=gate.cookies.session_s),
        browser=browser,
        lock_after=house.settings.security.lock_after,
        lock_s=house.settings.security.lock_s,
    )
    response = reply(answer)
    if answer.status == 200:
        gate.cookies.set_session(response, session_id)
        _end_session(replace(asked, caller=before))
    return response


def _end_session(asked: Asked) -> None:
    """End the session that the caller came with, if any."""
    if asked.caller.session_hash:
        asked.act(people.logout, session_hash=asked.caller.session_hash)
        asked.gate.idle.forget(asked.caller.session_hash)


def _logout(asked: Asked) -> Response:
    _end_session(asked)
    response = Response(status=204)
    asked.gate.cookies.drop_session(response)
    return response


def _me(asked: Asked) -> dict[str, Any]:
    caller = asked.caller
    told: dict[str, Any] = {
        "user": caller.username,
        "name": caller.name,
        "role": caller.role,
        "gerai": [],
        "counters": [],
        "open_counter": None,
        "device": caller.device,
        "csrf": caller.csrf,
        "must_change": caller.must_change,
    }
    if caller.role in PEOPLE:
        told.update(asked.read(reading.me, username=caller.username))
    return told


def _own_password(asked: Asked) -> Answer:
    """Change one's own password: the present one is asked again."""
    house, caller = asked.gate.house, asked.caller
    username = caller.username or ""
    asked.gate.limits.login(username, "password", request.remote_addr or "")
    kept = asked.read(reading.password_hash, username=username) or passwords.NOBODY
    if not house.slow(passwords.matches, kept, asked.given["current"]):
        raise passwords.wrong()
    return _set(asked, username, asked.given["new"], must_change=False, keep=caller.session_hash)


def _set(
    asked: Asked, username: str, password: str, must_change: bool, **more: str | None
) -> Answer:
    house = asked.gate.house
    passwords.check_strength(password, username, house.settings.security.password_min)
    hashed = house.slow(passwords.hash_password, password)
    return asked.act(
        people.set_password, username=username, password_hash=hashed, must_change=must_change, **more
    )


def _made_up() -> str:
    """A password to read aloud once: 16 signs, about 79 bits."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def _shown_once(answer: Answer, name: str, secret: str | None) -> Answer:
    """The answer with a secret that was made for it; a replay cannot show it again."""
    if secret is None or answer.body is None:
        return answer
    shown = None if answer.replayed else secret
    return Answer(answer.status, {**answer.body, name: shown}, answer.replayed)


def _reset_password(asked: Asked) -> Answer:
    given = asked.given.get("password")
    made = None if given else _made_up()
    must_change = asked.given.get("must_change", True)
    version = asked.given.get("version")
    answer = _set(asked, asked.args["username"], given or made or "", must_change, version=version)
    return _shown_once(answer, "password", made)


def _add_user(asked: Asked) -> Answer:
    house, given = asked.gate.house, asked.given
    made = None if given.get("password") else _made_up()
    password = given.get("password") or made or ""
    passwords.check_strength(password, given["username"], house.settings.security.password_min)
    answer = asked.act(
        people.add_user,
        username=given["username"],
        name=given["name"],
        role=given["role"],
        gerai=given.get("gerai", []),
        password_hash=house.slow(passwords.hash_password, password),
        must_change=given.get("must_change", True),
    )
    return _shown_once(answer, "password", made)


def _users(asked: Asked) -> Any:
    return {"items": asked.read(reading.users), "next": None}


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/login",
        ALL,
        "Log a person in; sets the session cookie, under a new id each time.",
        run=_login,
        takes=bodies.Login,
        gives=answers.Me,
        codes=("bad_login", "locked", "too_many"),
        secret=frozenset({"password"}),
        proven=False,
    ),
    Route("POST", "/logout", PEOPLE, "End the session.", run=_logout, status=(204,)),
    Route(
        "POST",
        "/password",
        PEOPLE,
        "Change one's own password.",
        run=_own_password,
        takes=bodies.NewPassword,
        codes=("bad_login", "weak_password", "too_many"),
        secret=frozenset({"current", "new"}),
    ),
    get("/me", ROLES, "Who is asking, and the CSRF token of this session or browser.", _me, gives=answers.Me),
    get("/users", OVERSEERS, "Every person with an account.", _users, gives=answers.Users),
    Route(
        "POST",
        "/users",
        ADMINS,
        "Add a person; a password that is not given is made up and shown once.",
        run=_add_user,
        takes=bodies.NewUser,
        gives="the person, with `password` when it was made up",
        status=(201,),
        codes=("already_exists", "weak_password", "unknown_gerai"),
        secret=frozenset({"password"}),
    ),
    post(
        "/users/<code:username>",
        ADMINS,
        "Change name, role or gerai; `active` false ends the account and its sessions.",
        people.change_user,
        takes=bodies.ChangeUser,
        gives="the person",
        codes=("unknown_user", "unknown_gerai", "last_admin", "changed_meanwhile"),
    ),
    Route(
        "POST",
        "/users/<code:username>/password",
        ADMINS,
        "Give a person another password; made up and shown once when not given.",
        run=_reset_password,
        takes=bodies.SetPassword,
        gives="the person, with `password` when it was made up",
        codes=("unknown_user", "weak_password", "changed_meanwhile"),
        secret=frozenset({"password"}),
    ),
    post(
        "/users/<code:username>/unlock",
        OVERSEERS,
        "Let a locked-out person try again.",
        people.unlock,
        gives="the person",
        codes=("unknown_user",),
    ),
)
