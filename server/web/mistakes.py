"""What pydantic refused, as `errors: [{field, message}]` in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Request
from pydantic import ValidationError

from server.web.errors import language
from server.web.fields import ALLOWED

if TYPE_CHECKING:
    from server.app.house import House

#: pydantic's error type -> key of the texts; the rest is said with `invalid.other`
WORDS: dict[str, str] = {
    "missing": "invalid.missing",
    "string_type": "invalid.text",
    "string_too_short": "invalid.too_short",
    "string_too_long": "invalid.too_long",
    "string_pattern_mismatch": "invalid.pattern",
    "control_characters": "invalid.control",
    "joined_signs": "invalid.joined",
    "markup": "invalid.markup",
    "web_address": "invalid.web_address",
    "int_type": "invalid.whole",
    "int_parsing": "invalid.whole",
    "int_from_float": "invalid.whole",
    "int_parsing_size": "invalid.whole",
    "bool_type": "invalid.yes_no",
    "bool_parsing": "invalid.yes_no",
    "greater_than_equal": "invalid.too_low",
    "less_than_equal": "invalid.too_high",
    "literal_error": "invalid.choice",
    "enum": "invalid.choice",
    "list_type": "invalid.list",
    "too_long": "invalid.too_many",
    "too_short": "invalid.too_few",
    "dict_type": "invalid.object",
    "model_type": "invalid.object",
    "date_from_datetime_parsing": "invalid.date",
    "date_parsing": "invalid.date",
    "date_type": "invalid.date",
}

#: no answer lists more than this
MOST = 20


def in_words(house: House, request: Request, mistakes: ValidationError) -> list[dict[str, str]]:
    """At most MOST mistakes; `field` is the path in the body (`services.0`), '' the whole."""
    return in_texts(house.texts(language(request)), mistakes)


def in_texts(texts: Any, mistakes: ValidationError) -> list[dict[str, str]]:
    """The same with the texts of one language."""
    found = mistakes.errors(include_url=False, include_input=False)[:MOST]
    return [{"field": _field(one["loc"]), "message": _message(texts, one)} for one in found]


def _field(location: tuple[Any, ...]) -> str:
    return ".".join(str(part)[:60] for part in location)


def _message(texts: Any, mistake: Any) -> str:
    key = WORDS.get(mistake["type"], "invalid.other")
    limits = {name: value for name, value in (mistake.get("ctx") or {}).items() if name != "error"}
    key = ALLOWED.get(limits.get("pattern", ""), key)
    sentence: str = texts.get(key) or key
    for name, value in limits.items():
        sentence = sentence.replace("{" + name + "}", str(value).replace(" or ", " / ").replace("', '", "' / '"))
    return sentence
