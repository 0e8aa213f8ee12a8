"""Who asks for an act, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from server.domain.errors import RuleBroken


class Mismatch(Exception):
    """The idempotency key was used before, with another body."""


class StorageUnavailable(Exception):
    """The database cannot take or give anything now; nothing was half done."""


@dataclass(frozen=True)
class Ask:
    """One wish: `now` is read once for the whole act.

    actor: `user:<name>`, `device:<code>`, `cli:<os user>`, `api:<name>`, `system`.
    key, fingerprint: the idempotency key and the SHA-256 of method, path and body.
    token: 128 random bits for a ticket's page, made afresh for every ask.
    """

    actor: str
    now: datetime
    key: str | None = None
    fingerprint: str | None = None
    role: str = ""
    gerai: frozenset[str] = frozenset()
    device: str | None = None
    username: str | None = None
    token: str = ""
    #: monotonic doubt of the clock at the moment of asking (P12)
    clock_suspect: bool = False

    @property
    def oversees(self) -> bool:
        """Supervisors, administrators and the command line act on every gerai."""
        return self.role in {"supervisor", "admin", "cli"}


@dataclass(frozen=True)
class Answer:
    """What an act says. `refused` is raised after the commit that recorded the refusal."""

    status: int
    body: Mapping[str, Any] | None = None
    replayed: bool = False
    refused: RuleBroken | None = field(default=None, compare=False)
    #: the answer's stored JSON text, when it is a replay
    text: str | None = None
