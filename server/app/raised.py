"""What needs a supervisor, and what of it the house has already told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Alert:
    """Something that needs a supervisor and is in no other list; text key `alert.<code>`.

    `subject` tells two of one code apart; `gerai` whose it is, None: the hall's.
    """

    code: str
    since: datetime | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    gerai: str | None = None

    @property
    def key(self) -> str:
        """The alert's name as long as its cause lasts, as it stands in an address."""
        return f"{self.code}.{self.subject}" if self.subject else self.code


@dataclass(frozen=True)
class Raised:
    """An alert that stands in the log, with who has taken it on."""

    alert: Alert
    at: datetime
    acked_by: str | None = None
    acked_at: datetime | None = None


class Alerts(Protocol):
    """The alerts that stand now, and what the rules need beside the snapshot."""

    def raised(self) -> tuple[Raised, ...]: ...
    def add(self, alert: Alert, at: datetime) -> None: ...
    def remove(self, keys: Sequence[str]) -> None: ...
    def acknowledge(self, key: str, by: str, at: datetime) -> None: ...
    def free_since(self, day: date) -> Mapping[str, datetime]: ...
