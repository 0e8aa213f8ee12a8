"""Every code has one status and a sentence in both languages; every message has words.

Planted: a domain code without a text -> red; a web code missing from STATUS -> red;
`closed` answered with 400 -> red; an Indonesian sentence without its full stop -> red.
"""

from __future__ import annotations

import pytest

from config import texts
from server.domain.errors import CODES
from server.web.errors import RETRY_AFTER_S, STATUS, WEB_CODES
from server.web.fields import ALLOWED
from server.web.mistakes import WORDS

#: DESIGN section 6, "Codes", by hand
CONTRACT = {
    400: ("bad_json", "idempotency_key_required", "idempotency_key_invalid"),
    401: ("unauthenticated",),
    403: ("forbidden", "csrf", "not_your_counter", "password_change_required"),
    404: ("unknown_service", "unknown_ticket", "unknown_counter", "unknown_display"),
    409: (
        "closed",
        "quota_reached",
        "after_cutoff",
        "range_exhausted",
        "counter_taken",
        "counter_busy",
        "counter_closed",
        "wrong_state",
        "too_early",
    ),
    410: ("expired_link",),
    413: ("too_large",),
    415: ("unsupported_media_type",),
    422: ("invalid", "idempotency_mismatch"),
    429: ("too_many",),
    503: ("storage_unavailable",),
}


@pytest.mark.parametrize(
    ("status", "code"), [(status, code) for status, codes in CONTRACT.items() for code in codes]
)
def test_the_contract_s_codes_have_their_status(status: int, code: str) -> None:
    assert STATUS[code] == status


def test_every_code_has_a_status_and_no_status_is_spare() -> None:
    assert set(STATUS) == set(CODES) | set(WEB_CODES)
    assert not set(CODES) & set(WEB_CODES)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_code_has_a_sentence(lang: str) -> None:
    told = texts.load(lang)
    for code in STATUS:
        sentence = told.get(f"error.{code}", "")
        assert sentence.endswith("."), f"{lang}: error.{code} is {sentence!r}"


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_mistake_of_a_field_has_words(lang: str) -> None:
    told = texts.load(lang)
    for key in {*WORDS.values(), *ALLOWED.values(), "invalid.other"}:
        assert told.get(key), f"{lang}: {key}"


def test_codes_that_say_later_say_when() -> None:
    assert {code for code, status in STATUS.items() if status in {429, 503}} == set(RETRY_AFTER_S)
