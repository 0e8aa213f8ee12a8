"""Who a secret belongs to, answered from memory; only hashes of secrets are known here.

Loaded whole at start and again after every act that changes people, sessions or devices.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server.app.ports import Work


@dataclass(frozen=True)
class Person:
    username: str
    name: str
    role: str
    gerai: frozenset[str]
    csrf: str
    must_change: bool
    expires_at: datetime
    session_hash: str


@dataclass(frozen=True)
class Device:
    """`kind`: kiosk, display or print-host."""

    code: str
    kind: str
    zone: str | None
    printer: str | None
    token_hash: str
    name: str = ""
    #: a kiosk's own rule: interval_s, per_minute, pause_s
    pace: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Program:
    """`kind`: api or cli; `actor` is what the log names."""

    kind: str
    actor: str
    name: str


@dataclass(frozen=True)
class Browser:
    hash: str
    devices: Mapping[str, Device]


@dataclass(frozen=True)
class Secrets:
    """Everything that proves somebody, as of event `seq`."""

    seq: int = -1
    sessions: Mapping[str, Person] = field(default_factory=dict)
    devices: Mapping[str, Device] = field(default_factory=dict)
    tokens: Mapping[str, Device | Program] = field(default_factory=dict)
    #: read-only keys of displays' simple pages
    keys: Mapping[str, Device] = field(default_factory=dict)
    browsers: Mapping[str, Browser] = field(default_factory=dict)


def sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def read_secrets(reads: Work, now: datetime) -> Secrets:
    """All sessions, devices and browsers that are good at `now`."""
    people = {row["username"]: row for row in reads.people.people()}
    sessions = {}
    for row in reads.people.sessions(now):
        person = people[row["username"]]
        if person["active"]:
            sessions[row["hash"]] = Person(
                username=person["username"],
                name=person["name"],
                role=person["role"],
                gerai=frozenset(person["gerai"]),
                csrf=row["csrf"],
                must_change=person["must_change"],
                expires_at=row["expires_at"],
                session_hash=row["hash"],
            )
    devices: dict[str, Device] = {}
    tokens: dict[str, Device | Program] = {}
    paces = reads.devices.paces()
    for row in reads.devices.devices():
        if row["revoked_at"] is not None:
            continue
        if row["kind"] == "program":
            tokens[row["token_hash"]] = Program("api", f"api:{row['code']}", row["code"])
            continue
        device = Device(
            row["code"], row["kind"], row["zone"], row["printer"], row["token_hash"], row["name"],
            paces.get(row["code"]),
        )
        devices[device.code] = device
        tokens[device.token_hash] = device
    held: dict[str, dict[str, Device]] = {row["hash"]: {} for row in reads.devices.browsers()}
    for browser, code in reads.devices.bindings():
        if code in devices:
            held[browser][code] = devices[code]
    browsers = {key: Browser(key, found) for key, found in held.items()}
    keys = {key: devices[code] for key, code in reads.displays.keys().items() if code in devices}
    return Secrets(reads.log.head()[0], sessions, devices, tokens, keys, browsers)


class Vault:
    """`command_line`: a function giving (token, actor) of this computer's own commands."""

    def __init__(
        self,
        load: Callable[[], Secrets],
        now: Callable[[], datetime],
        command_line: Callable[[], tuple[str, str] | None] = lambda: None,
    ) -> None:
        self._load = load
        self._now = now
        self._command_line = command_line
        self._secrets = Secrets()

    def refresh(self) -> frozenset[str]:
        """Read again; answers the guest keys (session hashes, `device:<code>`) that ended."""
        fresh = self._load()
        if fresh.seq < self._secrets.seq:
            return frozenset()  # a slower reader must not bring an older truth
        before, self._secrets = self._secrets, fresh
        ended = set(before.sessions) - set(fresh.sessions)
        ended |= {f"device:{code}" for code in set(before.devices) - set(fresh.devices)}
        changed = {
            key
            for key, person in before.sessions.items()
            if key in fresh.sessions and fresh.sessions[key].role != person.role
        }
        return frozenset(ended | changed)

    def session(self, session_id: str | None) -> Person | None:
        person = self._secrets.sessions.get(sha256(session_id)) if session_id else None
        return person if person is not None and person.expires_at > self._now() else None

    def browser(self, browser_id: str | None) -> Browser | None:
        return self._secrets.browsers.get(sha256(browser_id)) if browser_id else None

    def key(self, key: str) -> Device | None:
        """The display whose simple page this key opens."""
        return self._secrets.keys.get(sha256(key))

    def device(self, code: str) -> Device | None:
        return self._secrets.devices.get(code)

    def devices(self) -> list[Device]:
        return list(self._secrets.devices.values())

    def token(self, token: str) -> Device | Program | None:
        """Whose token this is. The command line's stands in a file, read for an unknown one only."""
        found = self._secrets.tokens.get(sha256(token))
        if found is not None:
            return found
        own = self._command_line()
        if own is not None and hmac.compare_digest(own[0].encode(), token.encode()):
            return Program("cli", own[1], own[1])
        return None
