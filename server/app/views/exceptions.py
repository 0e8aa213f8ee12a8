"""What went otherwise than usual, each in one sentence: what was done, to what, and why if somebody said."""

from __future__ import annotations

from datetime import date
from typing import Any

from server.app.present import counter_label, instant, service_names
from server.app.snapshot import ExceptionRow
from server.app.views.floor_words import day_words, in_words, sentence
from server.app.views.hall import Hall

#: the fact of an event that says which sentence is meant, where one type has several
_VARIANT = {"PrioritySet": "standing", "OverrideSet": "kind", "OverrideEnded": "kind"}


def exception(hall: Hall, row: ExceptionRow) -> dict[str, Any]:
    texts = hall.site.texts
    what = sentence(texts, _key(hall, row), {**in_words(hall.floor, texts, row.facts), **_whereabouts(hall, row)})
    reason = row.facts.get("reason")
    text = sentence(texts, "exception.why", {"what": what, "reason": reason}) if reason else what
    return {"seq": row.seq, "at": instant(row.at), "type": row.type, "text": text, "actor": row.actor}


def _key(hall: Hall, row: ExceptionRow) -> str:
    """The text of just this case, else of the type."""
    own = f"exception.{row.type}.{row.facts.get(_VARIANT.get(row.type, ''))}"
    return own if own in hall.site.texts else f"exception.{row.type}"


def _whereabouts(hall: Hall, row: ExceptionRow) -> dict[str, str]:
    """What stands beside an event's data, or has to be put together from it, as people call it."""
    floor, texts, facts = hall.floor, hall.site.texts, row.facts
    told = {}
    if row.counter:
        told["counter"] = counter_label(floor, row.counter)
    if row.gerai:
        told["gerai"] = _gerai(hall, row.gerai)
    if row.service:
        told["service"] = service_names(floor, row.service)["id"]
    if row.type == "PrioritySet" and facts.get("value"):
        told["value"] = texts.get(f"priority.{facts['value']}", str(facts["value"]))
    if "scope" in facts:
        told["target"] = _target(hall, str(facts["scope"]), str(facts.get("target")))
        told["dates"] = _dates(texts, facts.get("from"), facts.get("to"))
    return told


def _gerai(hall: Hall, code: str) -> str:
    gerai = hall.floor.gerai.get(code)
    return gerai.name if gerai else code


def _target(hall: Hall, scope: str, code: str) -> str:
    if scope == "site":
        return str(hall.site.texts["supervisor.whole_site"])
    return _gerai(hall, code) if scope == "gerai" else service_names(hall.floor, code)["id"]


def _dates(texts: Any, first: Any, last: Any) -> str:
    """'Sel, 3 Nov 2026', 'Sel, 3 Nov 2026 – Rab, 4 Nov 2026', or from when without an end."""
    begin = day_words(date.fromisoformat(str(first)), texts)
    if last is None:
        return sentence(texts, "supervisor.from_on", {"from": begin})
    return begin if last == first else f"{begin} – {day_words(date.fromisoformat(str(last)), texts)}"
