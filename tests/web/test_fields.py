"""What a body may hold: bounds, control characters, markup in names.

Planted: `_no_control` that lets everything through -> red; Name without its pattern -> red;
Id without its upper bound -> red; strict off -> red.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pydantic import BaseModel, ValidationError

from server.web import bodies, bodies_paper, wire


def refused(model: type[BaseModel], **fields: Any) -> str:
    """The type of the one mistake pydantic found."""
    with pytest.raises(ValidationError) as caught:
        model.model_validate(fields)
    mistakes = caught.value.errors()
    assert len(mistakes) == 1, mistakes
    return mistakes[0]["type"]


@pytest.mark.parametrize(
    "name",
    ["a\x00b", "a\x1b[2Jb", "a\nb", "a\u202eb", "a\u2028b", "a\ud800b", "a\x7fb", "a\u0085b"],
)
def test_control_characters_are_refused(name: str) -> None:
    kind = refused(bodies.NewDevice, kind="kiosk", code="K1", name=name)
    assert kind in {"control_characters", "string_unicode"}


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "a<b", "a>b"])
def test_a_name_holds_no_markup(name: str) -> None:
    assert refused(bodies.NewDevice, kind="kiosk", code="K1", name=name) == "string_pattern_mismatch"


@pytest.mark.parametrize("name", ["Siti Nurhaliza", "I Gusti Ngurah", "José", "张伟", "O'Neil & Co."])
def test_people_may_be_called_what_they_are_called(name: str) -> None:
    assert bodies.NewDevice.model_validate({"kind": "kiosk", "code": "K1", "name": name}).name == name


@pytest.mark.parametrize(
    ("model", "fields", "kind"),
    [
        (bodies.Wish, {"service": 5}, "string_type"),
        (bodies.Wish, {"service": ""}, "string_too_short"),
        (bodies.Wish, {"service": "   "}, "string_too_short"),
        (bodies.Wish, {"service": "x" * 61}, "string_too_long"),
        (bodies.Wish, {}, "missing"),
        (bodies.Wish, {"service": "A", "language": "../"}, "string_pattern_mismatch"),
        (bodies.Wish, {"service": "A", "mode": "teleport"}, "literal_error"),
        (bodies.ResumeLeg, {"leg": "12"}, "int_type"),
        (bodies.ResumeLeg, {"leg": True}, "int_type"),
        (bodies.ResumeLeg, {"leg": 0}, "greater_than_equal"),
        (bodies.ResumeLeg, {"leg": 2**53}, "less_than_equal"),
        (bodies.Finish, {"next": "yes"}, "bool_type"),
        (bodies.Open, {"services": ["A"] * 61}, "too_long"),
        (bodies_paper.Claim, {"wait_s": 21}, "less_than_equal"),
        (bodies.FindEvents, {"limit": "1001"}, "less_than_equal"),
        (bodies.FindEvents, {"after": "-1"}, "greater_than_equal"),
        (bodies.OfMonth, {"month": "2026-13"}, "string_pattern_mismatch"),
        (bodies.FindTickets, {"date": "2026-02-30"}, "date_from_datetime_parsing"),
        (bodies.NewUser, {"username": "A B", "name": "x", "role": "officer"}, "string_pattern_mismatch"),
        (bodies.NewUser, {"username": "ab", "name": "x", "role": "root"}, "literal_error"),
    ],
)
def test_bounds(model: type[BaseModel], fields: dict[str, Any], kind: str) -> None:
    assert refused(model, **fields) == kind


def test_unknown_fields_are_ignored() -> None:
    assert bodies.Wish.model_validate({"service": "A", "colour": "red"}).service == "A"


@given(some.text(max_size=80))
def test_whatever_the_text_it_is_taken_clean_or_refused(text: str) -> None:
    try:
        taken = bodies.WithReason.model_validate({"reason": text}).reason
    except ValidationError:
        return
    assert taken == text.strip()
    assert not any(ord(sign) < 32 or ord(sign) == 127 for sign in taken)
    assert wire.dumps({"reason": taken}).decode()


@given(some.binary(max_size=60))
def test_json_is_read_or_refused_never_crashing(raw: bytes) -> None:
    try:
        wire.loads(raw)
    except ValueError:
        return


def test_what_is_not_json_is_refused() -> None:
    deep = b"[" * 100_000
    for raw in (b"{", b"NaN", b'{"a": Infinity}', b"\xff", deep, b"1" * 5000, b"'a'"):
        with pytest.raises(ValueError):
            wire.loads(raw)


def test_the_fingerprint_is_the_meaning() -> None:
    one = wire.fingerprint("POST", "/x", {"a": 1, "b": None})
    assert one == wire.fingerprint("POST", "/x", {"b": None, "a": 1})
    others = [
        wire.fingerprint("POST", "/y", {"a": 1, "b": None}),
        wire.fingerprint("POST", "/x", {"a": 1}),
        wire.fingerprint("POST", "/x", {"a": "1", "b": None}),
    ]
    assert one not in others
