"""Editing the floor plan row by row: site, gerai, services; archiving and bringing back.

Codes never change. Every edit names the row's version it was made on, so that of two
administrators the second is told. What is archived keeps its rows and its history.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.app.ask import Answer, Ask
from server.app.plan_rows import as_it_was, plan_of, version_of
from server.app.ports import Work
from server.domain.errors import RuleBroken
from server.domain.events import Event
from server.domain.floor import WEEKDAYS, floor_from

Plan = dict[str, Any]

#: how many archivings are looked at to bring a row back as it was
_LOOKED_AT = 500
#: fields of a standar pelayanan as they are given -> as they are kept
_STANDARD = {"wait_min": "wait_s", "service_min": "service_s", "standard_version": "version", "standard_decree": "decree"}


def edit_site(work: Work, ask: Ask, *, version: str, **given: Any) -> Answer:
    """Change name, address and the like; code and time zone stay. Raises changed_meanwhile."""
    plan = plan_of(work)
    as_it_was(work, plan["site"], version, "site")
    after = {**plan["site"], **given}
    return _kept(work, ask, {**plan, "site": after}, plan["site"], after, "SiteChanged")


def edit_gerai(work: Work, ask: Ask, *, gerai: str, version: str, **given: Any) -> Answer:
    """Change name, place, hours (None: the site's) or cut-off. Raises changed_meanwhile, unknown_gerai."""
    plan = plan_of(work)
    before = row_of(plan, "gerai", gerai)
    as_it_was(work, before, version, "gerai")
    after = {**before, **_with_hours(given)}
    return _kept(work, ask, _with_row(plan, "gerai", after), before, after, "GeraiChanged", gerai=gerai)


def edit_service(work: Work, ask: Ask, *, service: str, version: str, **given: Any) -> Answer:
    """Change texts, standard, quota, hours (None: its gerai's) or cut-off.

    A promise that changes is another standard: it asks for another version's name, so that
    a ticket's frozen promise can always be found. Raises changed_meanwhile, unknown_service,
    invalid (standard_version).
    """
    plan = plan_of(work)
    before = row_of(plan, "services", service)
    as_it_was(work, before, version, "service")
    names = {lang: given.pop(key) for lang, key in (("id", "name"), ("en", "name_en")) if key in given}
    name = {**before["name"], **names}
    standard = _standard(before["standard"], given)
    rest = {key: value for key, value in given.items() if key not in _STANDARD}
    after = {**before, **_with_hours(rest), "name": {**name, "en": name["en"] or name["id"]}, "standard": standard}
    facts = {"service": service, "gerai": before["gerai"]}
    return _kept(work, ask, _with_row(plan, "services", after), before, after, "ServiceChanged", **facts)


def _standard(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    scale = {"wait_min": 60, "service_min": 60}
    told = {_STANDARD[key]: given[key] * scale.get(key, 1) for key in _STANDARD if key in given}
    after = {**before, **told}
    promise = ("wait_s", "service_s")
    if any(after[key] != before[key] for key in promise) and after["version"] == before["version"]:
        raise RuleBroken("invalid", field="standard_version", why="same_standard")
    return after


def _with_hours(given: Mapping[str, Any]) -> dict[str, Any]:
    """What is given, its week whole and each day's hours in order. Raises invalid (hours.mon)."""
    if given.get("hours") is None:
        return dict(given)
    week = {day: [list(span) for span in given["hours"].get(day) or ()] for day in WEEKDAYS}
    for day, spans in week.items():
        flat = [moment for span in spans for moment in span]
        # Text of the form HH:MM is in order as it is read; touching spans are one span.
        if any(a >= b for a, b in zip(flat, flat[1:], strict=False)):
            raise RuleBroken("invalid", field=f"hours.{day}", why="hours_order")
    return {**given, "hours": week}


def archive_service(work: Work, ask: Ask, *, service: str, version: str) -> Answer:
    """Take a service out of the plan; counters that served it alone serve their gerai's others.

    Raises changed_meanwhile, last_service, still_used, unknown_service.
    """
    plan = plan_of(work)
    row = row_of(plan, "services", service)
    as_it_was(work, row, version, "service")
    if sum(one["gerai"] == row["gerai"] for one in plan["services"]) == 1:
        raise RuleBroken("last_service")
    _must_be_empty(work, {service})
    rest = [one for one in plan["services"] if one["code"] != service]
    counters = [_without(counter, service) for counter in plan["counters"]]
    facts = {"service": service, "gerai": row["gerai"]}
    named = [one["code"] for one in plan["counters"] if service in (one["services"] or ())]
    after = {**plan, "services": rest, "counters": counters}
    return _moved(work, ask, after, "ServiceArchived", facts, {"name": row["name"]["id"], "counters": named})


def _without(counter: Mapping[str, Any], service: str) -> dict[str, Any]:
    services = [code for code in counter["services"] or () if code != service] or None
    weights = {code: weight for code, weight in counter["weights"].items() if code != service}
    return {**counter, "services": services, "weights": weights}


def archive_gerai(work: Work, ask: Ask, *, gerai: str, version: str) -> Answer:
    """Take a gerai out of the plan with its services and counters.

    Raises changed_meanwhile, still_used, unknown_gerai.
    """
    plan = plan_of(work)
    row = row_of(plan, "gerai", gerai)
    as_it_was(work, row, version, "gerai")
    _must_be_empty(work, {one["code"] for one in plan["services"] if one["gerai"] == gerai}, gerai)
    if len(plan["gerai"]) == 1:
        raise RuleBroken("still_used")
    rest = {key: [one for one in plan[key] if one["gerai"] != gerai] for key in ("services", "counters")}
    gone = {key: [one["code"] for one in plan[key] if one["gerai"] == gerai] for key in rest}
    left = [one for one in plan["gerai"] if one["code"] != gerai]
    return _moved(work, ask, {**plan, **rest, "gerai": left}, "GeraiArchived", {"gerai": gerai}, {"name": row["name"], **gone})


def _must_be_empty(work: Work, services: set[str], gerai: str | None = None) -> None:
    """Raises still_used while somebody waits or is served there, or a counter of the gerai is open."""
    day = work.days.open_day()
    legs = work.tickets.open_legs(day) if day else []
    sessions = [one for one in work.counters.open_sessions() if one.gerai == gerai]
    if sessions or any(leg.service in services for _, leg in legs):
        raise RuleBroken("still_used", counters=len(sessions))


def restore_service(work: Work, ask: Ask, *, service: str) -> Answer:
    """Bring an archived service back to its gerai and to the counters that named it.

    Raises unknown_service, unknown_gerai.
    """
    plan = plan_of(work)
    row = _archived(work, "services", service)
    row_of(plan, "gerai", row["gerai"])
    facts = {"service": service, "gerai": row["gerai"]}
    counters = _serving_again(plan, row, _archiving(work, "ServiceArchived", service=service).get("counters", []))
    after = {**plan, "services": [*plan["services"], row], "counters": counters}
    return _moved(work, ask, after, "ServiceRestored", facts, {"name": row["name"]["id"]})


def _serving_again(plan: Plan, service: Mapping[str, Any], named: list[str]) -> list[dict[str, Any]]:
    """The plan's counters, with the service put into the lists it stood in; somebody serves it."""
    own = [one for one in plan["counters"] if one["gerai"] == service["gerai"]]
    listing = {one["code"] for one in own if one["services"]}
    chosen = listing & set(named) if len(listing) < len(own) or listing & set(named) else listing
    return [
        {**one, "services": [*one["services"], service["code"]]} if one["code"] in chosen else one
        for one in plan["counters"]
    ]


def _archiving(work: Work, type_: str, **which: str) -> Mapping[str, Any]:
    """What the newest archiving of this row told; {} when a loaded plan took it out."""
    for event in work.history.newest((type_,), _LOOKED_AT):
        if all(getattr(event, name) == code for name, code in which.items()):
            return event.data
    return {}


def restore_gerai(work: Work, ask: Ask, *, gerai: str) -> Answer:
    """Bring an archived gerai back, with the services and counters it had. Raises unknown_gerai."""
    plan = plan_of(work)
    row = _archived(work, "gerai", gerai)
    gone, went = work.floors.archived(), _archiving(work, "GeraiArchived", gerai=gerai)
    back = {
        key: [one for one in gone[key] if one["gerai"] == gerai and one["code"] in went.get(key, [one["code"]])]
        for key in ("services", "counters")
    }
    after = {**plan, "gerai": [*plan["gerai"], row], **{key: [*plan[key], *back[key]] for key in back}}
    codes = {key: [one["code"] for one in back[key]] for key in back}
    return _moved(work, ask, after, "GeraiRestored", {"gerai": gerai}, {"name": row["name"], **codes})


def row_of(plan: Plan, table: str, code: str) -> dict[str, Any]:
    """The row of a plan's list; raises unknown_gerai or unknown_service."""
    found = next((row for row in plan[table] if row["code"] == code), None)
    if found is None:
        raise _unknown(table, code)
    return dict(found)


def _archived(work: Work, table: str, code: str) -> dict[str, Any]:
    found = next((row for row in work.floors.archived()[table] if row["code"] == code), None)
    if found is None:
        raise _unknown(table, code)
    return found


def _unknown(table: str, code: str) -> RuleBroken:
    kind = "gerai" if table == "gerai" else "service"
    return RuleBroken(f"unknown_{kind}", **{kind: code[:60]})


def _with_row(plan: Plan, table: str, row: Mapping[str, Any]) -> Plan:
    return {**plan, table: [row if one["code"] == row["code"] else one for one in plan[table]]}


def _kept(
    work: Work, ask: Ask, plan: Plan, before: Mapping[str, Any], after: Mapping[str, Any], type_: str, **facts: Any
) -> Answer:
    """Write an edited row and what changed in it; the row with its new version."""
    changed = {key: [before.get(key), after[key]] for key in after if after[key] != before.get(key)}
    if changed:
        _write(work, ask, plan, Event(type_, ask.now, ask.actor, data={"changed": changed}, **facts))
    return Answer(200, {**after, "version": version_of(after)})


def _moved(work: Work, ask: Ask, plan: Plan, type_: str, facts: Mapping[str, Any], data: Mapping[str, Any]) -> Answer:
    _write(work, ask, plan, Event(type_, ask.now, ask.actor, data=dict(data), **facts))
    return Answer(200, {**facts, **data})


def _write(work: Work, ask: Ask, plan: Plan, event: Event) -> None:
    floor_from(plan)  # a plan that cannot be built must not be kept
    work.floors.save_plan(plan, work.log.next_seq(), ask.now)
    work.log.record(event)
