"""The letter around the report: letterhead, addressee, copies, signatory, as an administrator set them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.app.ask import Answer, Ask
from server.app.plan_rows import unchanged, version_of
from server.app.ports import Work
from server.domain.events import Event

_CHANGES = ("ReportLetterSet",)
#: what a letter says when nobody has written anything yet
EMPTY: Mapping[str, Any] = {
    "head": [], "basis": "", "addressee": "", "through": "", "addressee_place": "", "copies": [], "place": "",
    "office": "", "name": "", "rank": "", "nip": "", "note": "", "nature": "", "enclosure": "", "opening": "", "closing": "",
}  # fmt: skip
#: without these nobody can sign
NEEDED = ("head", "addressee", "place", "office", "name")


def letter(reads: Work) -> dict[str, Any]:
    """Every field, an empty text or list where nothing was written."""
    return {**EMPTY, **reads.reports.letter()}


def missing(said: Mapping[str, Any]) -> list[str]:
    """The fields without which a report cannot be signed."""
    return [name for name in NEEDED if not said[name]]


def read_letter(reads: Work) -> dict[str, Any]:
    """The letter with its version and what it still lacks."""
    return _told(letter(reads))


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    return {**said, "missing": missing(said), "version": version_of(said)}


def set_letter(work: Work, ask: Ask, *, version: str | None = None, **fields: Any) -> Answer:
    """Write these fields anew; the others stay. Raises changed_meanwhile."""
    was = letter(work)
    unchanged(work, was, version, lambda event: True, _CHANGES)
    now = {**was, **fields}
    if now != was:
        work.reports.save_letter(now)
        changed = {name: now[name] for name in now if now[name] != was[name]}
        work.log.record(Event("ReportLetterSet", ask.now, ask.actor, data={"changed": changed}))
    return Answer(200, _told(now))
