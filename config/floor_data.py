"""A checked floor plan as plain data: the shape the store loads and compares.

Codes are strings, times of day ``HH:MM`` site-local, durations seconds (``_s``) or minutes
(``_min``); every default is filled in.
"""

from typing import Any

from config.floor_rows import PRIORITIES, Policy, Priority, Service, SiteHours, Standard
from config.hours import DAYS

Data = dict[str, Any]


def as_data(tables: dict[str, Any], lists: dict[str, tuple[Any, ...]]) -> Data:
    """The whole plan; new objects at each call."""
    standard = tables.get("standard", Standard())
    hours: SiteHours = tables["hours"]
    agencies = {row.code: row for row in lists["agency"]}
    return {
        "site": tables["site"].model_dump(),
        "policy": _policy(tables.get("policy", Policy()), lists["priority"] or PRIORITIES),
        "hours": {day: getattr(hours.model_copy(deep=True), day) for day in DAYS},
        "cutoff_min": hours.cutoff_min,
        "zones": [{**row.model_dump(), "sound_group": row.sound_group or row.code} for row in lists["zone"]],
        "agencies": [row.model_dump() for row in lists["agency"]],
        "gerai": [
            {**row.model_dump(), "pictogram": row.pictogram or agencies[row.agency].pictogram}
            for row in lists["gerai"]
        ],
        "counters": [row.model_dump() for row in lists["counter"]],
        "series": [row.model_dump() for row in lists["series"]],
        "services": [_service(row, standard) for row in lists["service"]],
    }


def _policy(policy: Policy, priorities: tuple[Priority, ...]) -> Data:
    data = policy.model_dump(exclude={"max_wait_guard_min"})
    named = [{"code": row.code, "name": _both(row.name, row.name_en)} for row in priorities]
    return {**data, "max_wait_guard_s": policy.max_wait_guard_min * 60, "priorities": named}


def _service(row: Service, standard: Standard) -> Data:
    written = {"name_en", "wait_min", "service_min", "standard_version", "standard_decree"}
    return {
        **row.model_dump(exclude=written),
        "name": _both(row.name, row.name_en),
        "standard": {
            "wait_s": row.wait_min * 60,
            "service_s": row.service_min * 60,
            "version": row.standard_version or standard.version,
            "decree": row.standard_decree or standard.decree,
        },
    }


def _both(indonesian: str, english: str) -> Data:
    return {"id": indonesian, "en": english or indonesian}
