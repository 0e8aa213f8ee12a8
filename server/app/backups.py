"""Backups as the hall sees them: told when their state flips, and shown to the supervisor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from server.app.ask import Answer, Ask
from server.app.health import Health
from server.app.ports import Work
from server.app.present import instant
from server.app.raised import Alert
from server.domain.events import Event

#: states that need no hands
GOOD = frozenset({"ok", "waiting"})


def flipped(work: Work, ask: Ask, *, what: str, place: str, state: str, cause: str | None) -> Answer:
    """Backups, copies or the trial of their restore are well again, late or failing."""
    data = {"what": what, "place": place, "state": state, "cause": cause}
    work.log.record(Event("BackupFlipped", ask.now, "system", data=data))
    return Answer(204)


def told(healths: Sequence[Health]) -> list[dict[str, Any]]:
    """As the supervisor's view holds them."""
    return [
        {"what": one.what, "place": one.place, "state": one.state, "at": instant(one.at), "cause": one.cause}
        for one in healths
    ]


def alerts(healths: Sequence[Health], texts: Mapping[str, str]) -> list[Alert]:
    """What needs hands, each with its reason in words."""
    return [
        Alert(f"{one.what}_{one.state}", one.since, {"place": one.place, "cause": texts.get(f"backup.cause.{one.cause}", "–")})
        for one in healths
        if one.state not in GOOD
    ]
