"""Names of scheduled backups, and which of them stay: pure.

The rule: the newest 24 (two hours of one in five minutes), and the last of each of the newest 48 hours, `daily` days and
`monthly` months that have any. It counts what is there and never asks the clock: a clock that jumps ahead, a week of
holidays or a year in a cupboard empties nothing. A file of another name is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

ENDING = ".mppb"
_NAME = re.compile(r"antrian-([\w-]+)-(\d{8}T\d{6}Z)\.mppb")
_STAMP = "%Y%m%dT%H%M%SZ"
NEWEST = 24
HOURS = 48


@dataclass(frozen=True)
class Rule:
    """Of how many days and of how many months the last backup stays."""

    daily: int
    monthly: int


def name_of(site: str, at: datetime) -> str:
    """'antrian-KUPANG-20261103T001500Z.mppb'; `at` in UTC."""
    return f"antrian-{re.sub(r'[^A-Za-z0-9_-]', '-', site)}-{at.astimezone(UTC).strftime(_STAMP)}{ENDING}"


def time_of(name: str) -> datetime | None:
    """When a backup of this name was made; None for any other file."""
    found = _NAME.fullmatch(name)
    try:
        return datetime.strptime(found[2], _STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:  # a 31 February
        return None


def site_of(name: str) -> str:
    """Whose backup a file of this name is; '' for any other file."""
    found = _NAME.fullmatch(name)
    return found[1] if found else ""


def surplus(names: Iterable[str], rule: Rule) -> list[str]:
    """The backups that the rule no longer keeps, oldest first; halls that share a folder do not count each other's."""
    of_hall: dict[str, list[str]] = {}
    for name in names:
        of_hall.setdefault(site_of(name), []).append(name)
    return [name for own in of_hall.values() for name in _surplus(own, rule)]


def _surplus(names: Iterable[str], rule: Rule) -> list[str]:
    dated = sorted((at, name) for name in names if (at := time_of(name)) is not None)
    kept = {name for _, name in dated[-NEWEST:]}
    for slot, most in (("%Y%m%d%H", HOURS), ("%Y%m%d", rule.daily), ("%Y%m", rule.monthly)):
        last_of = {at.strftime(slot): name for at, name in dated}
        kept |= set(list(last_of.values())[-most:] if most else ())
    return [name for _, name in dated if name not in kept]
