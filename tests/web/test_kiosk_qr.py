"""The route of a kiosk's QR: only for a token, only with an address that a phone can open.

Planted, each seen red and taken out: any text drawn as a token; a code drawn without an address.
"""

from __future__ import annotations

import pytest

from tests.web.conftest import Build
from tests.web.hall import Hall

TOKEN = "Ab_-" * 5


@pytest.fixture(scope="module")
def public(build: Build) -> Hall:
    return build(MPP_PUBLIC_URL="http://mpp.example:8080")


def test_a_token_is_drawn_as_a_picture_that_may_be_kept_by_the_kiosk_alone(public: Hall) -> None:
    answer = public.browser().get(f"/kiosk/K1/qr/{TOKEN}.svg")
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.data.startswith(b"<svg ")
    assert b"script" not in answer.data


@pytest.mark.parametrize("token", ["short", "a b" * 8, "x" * 65, "%3Cscript%3E" + "x" * 16])
def test_what_is_no_token_is_not_drawn(public: Hall, token: str) -> None:
    assert public.browser().get(f"/kiosk/K1/qr/{token}.svg").status_code == 404


def test_without_a_public_address_there_is_nothing_to_draw(hall: Hall) -> None:
    assert hall.browser().get(f"/kiosk/K1/qr/{TOKEN}.svg").status_code == 404
