"""The facts of an event in the words of the hall: dates, loket and services as people call them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from server.app.present import counter_label
from server.domain.floor import Floor

ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
SERVICES = ("service", "to_service")


class _Facts(dict[str, Any]):
    """Facts for a sentence; one that is missing reads as a dash instead of failing."""

    def __missing__(self, key: str) -> str:
        return "–"


def sentence(texts: Mapping[str, str], key: str, facts: Mapping[str, Any]) -> str:
    """The text of `key` filled with `facts`; the key's last part when there is no text."""
    template = texts.get(key, key.rpartition(".")[2])
    shown = {name: "–" if value is None else value for name, value in facts.items()}
    return template.format_map(_Facts(shown))


def day_words(day: date, texts: Mapping[str, str]) -> str:
    """A date as on the slips: 'Sel, 3 Nov 2026'."""
    weekday = texts["slip.weekdays"].split()[day.weekday()]
    return f"{weekday}, {day.day} {texts['slip.months'].split()[day.month - 1]} {day.year}"


def in_words(floor: Floor, texts: Mapping[str, str], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The same facts with codes and dates told as people say them; what is unknown stays as it is."""
    return {name: _word(floor, texts, name, value) for name, value in facts.items()}


def _word(floor: Floor, texts: Mapping[str, str], name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if ISO_DATE.fullmatch(value):
        return day_words(date.fromisoformat(value), texts)
    if name == "counter":
        return counter_label(floor, value)
    if name in SERVICES and value in floor.services:
        return floor.services[value].name["id"]
    return value
