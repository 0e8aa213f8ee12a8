"""The floor plan as an administrator edits it: rows with a version, and who changed one last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from server.app.ports import Work
from server.app.present import instant
from server.domain.errors import RuleBroken
from server.domain.events import Event

Row = Mapping[str, Any]

#: events that change rows of the plan
CHANGES = (
    "SiteChanged",
    "GeraiChanged",
    "GeraiArchived",
    "GeraiRestored",
    "ServiceChanged",
    "ServiceArchived",
    "ServiceRestored",
    "FloorLoaded",
)
#: how many of the newest such events are looked at to name who was faster
_LOOKED_AT = 200


def version_of(row: Row) -> str:
    """16 hex digits of what a row says: another version is another content."""
    text = json.dumps(row, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan_of(work: Work) -> dict[str, Any]:
    """The plan in force, in the shape of a floor plan's plain dict. Raises invalid (floor)."""
    plan = work.floors.plan()
    if plan is None:
        raise RuleBroken("invalid", field="floor")
    return plan


def read_plan(reads: Work) -> dict[str, Any]:
    """What the administrator's page edits, each row with its `version`."""
    plan = plan_of(reads)
    archived = reads.floors.archived()
    return {
        "version": reads.floors.current().version,
        "site": _versioned(plan["site"]),
        "hours": plan["hours"],
        "cutoff_min": plan["cutoff_min"],
        "zones": plan["zones"],
        "gerai": [_versioned(row) for row in plan["gerai"]],
        "services": [_versioned(row) for row in plan["services"]],
        "series": plan["series"],
        "archived": {
            "gerai": [_named(row) for row in archived["gerai"]],
            "services": [_named(row) for row in archived["services"]],
        },
    }


def _versioned(row: Row) -> dict[str, Any]:
    return {**row, "version": version_of(row)}


def _named(row: Row) -> dict[str, Any]:
    return {"code": row["code"], "name": row["name"], "gerai": row.get("gerai")}


def as_it_was(work: Work, row: Row, version: str, table: str) -> None:
    """Raises changed_meanwhile, with by whom and when, unless `row` still has this version."""
    unchanged(work, row, version, lambda event: _concerns(event, table, row), CHANGES)


def unchanged(
    work: Work, row: Row, version: str | None, concerns: Callable[[Event], bool], types: Sequence[str]
) -> None:
    """The same for what stands outside the plan; who names no version writes over whatever there is."""
    if version is None or version_of(row) == version:
        return
    raise RuleBroken("changed_meanwhile", **faster(work, concerns, types))


def faster(work: Work, concerns: Callable[[Event], bool], types: Sequence[str]) -> dict[str, Any]:
    """{by, at} of the newest such event; both None when it is long ago."""
    newest = next((event for event in work.history.newest(tuple(types), _LOOKED_AT) if concerns(event)), None)
    return {"by": newest.actor, "at": instant(newest.at)} if newest else {"by": None, "at": None}


def ended_or(work: Work, unknown: str, ended: str, row: int) -> RuleBroken:
    """already_ended when the log's newest events of type `ended` have the row, else `unknown`."""
    facts = faster(work, lambda event: event.data["id"] == row, (ended,))
    return RuleBroken("already_ended", **facts) if facts["by"] else RuleBroken(unknown)


def _concerns(event: Event, table: str, row: Row) -> bool:
    if event.type == "FloorLoaded":
        told = [*event.data["added"], *event.data["changed"]]
        return table == "site" or f"{table}:{row['code']}" in told
    if table == "site":
        return event.type == "SiteChanged"
    return (event.service if table == "service" else event.gerai) == row["code"]
