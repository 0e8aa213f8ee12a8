"""The floor plan as the TOML that `mpp floor check` and `mpp floor load` read.

Everything is written out, defaults too, so that what is read again is the same plan. Minutes
are whole: a rule set in odd seconds is written as the next minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from server.domain.floor import WEEKDAYS

Row = Mapping[str, Any]
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def plan_toml(plan: Row) -> str:
    """The whole file."""
    policy = {key: value for key, value in plan["policy"].items() if key not in {"priorities", "max_wait_guard_s"}}
    kept = {row["code"] for row in plan["services"]}
    for key in ("alert_queue_of", "alert_idle_s_of"):
        policy[key] = {code: most for code, most in policy.get(key, {}).items() if code in kept}
    guard_min = -(-plan["policy"]["max_wait_guard_s"] // 60)
    tables = [
        _table("[site]", plan["site"]),
        _table("[policy]", {**policy, "max_wait_guard_min": guard_min}),
        _table("[hours]", {**_week(plan["hours"]), "cutoff_min": plan["cutoff_min"]}),
        *(_table("[[priority]]", _named(row)) for row in plan["policy"]["priorities"]),
        *(_table("[[zone]]", row) for row in plan["zones"]),
        *(_table("[[agency]]", row) for row in plan["agencies"]),
        *(_table("[[gerai]]", {**row, "hours": _week(row["hours"])}) for row in plan["gerai"]),
        *(_table("[[counter]]", row) for row in plan["counters"]),
        *(_table("[[series]]", row) for row in plan["series"]),
        *(_table("[[service]]", _service(row)) for row in plan["services"]),
    ]
    return f"# {plan['site']['name']}\n\n" + "\n".join(tables)


def _named(row: Row) -> dict[str, Any]:
    name = row["name"]
    english = name.get("en", "")
    return {**row, "name": name["id"], "name_en": "" if english == name["id"] else english}


def _service(row: Row) -> dict[str, Any]:
    standard = row["standard"]
    rest = {key: value for key, value in _named(row).items() if key not in {"standard", "hours"}}
    return {
        **rest,
        "hours": _week(row["hours"]),
        "wait_min": -(-standard["wait_s"] // 60),
        "service_min": -(-standard["service_s"] // 60),
        "standard_version": standard["version"],
        "standard_decree": standard["decree"],
    }


def _week(week: Row | None) -> dict[str, list[str]] | None:
    if week is None:
        return None
    return {day: [f"{a}-{b}" for a, b in week.get(day, ())] for day in WEEKDAYS}


def _table(head: str, row: Row) -> str:
    return "\n".join([head, *_lines(row), ""])


def _lines(row: Row) -> Iterator[str]:
    for key, value in row.items():
        if value is not None and value != {}:  # left out reads as the default: none
            yield f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_text(key)} = {_value(one)}" for key, one in value.items()) + " }"
    return "[" + ", ".join(_value(one) for one in value) + "]"


def _text(text: str) -> str:
    signs = (_ESCAPES.get(sign) or (sign if sign >= " " and sign != "\x7f" else f"\\u{ord(sign):04X}") for sign in text)
    return '"' + "".join(signs) + '"'
