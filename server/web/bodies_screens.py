"""What the routes of displays' layouts and media take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from server.web.bodies_admin import UNSAID, UNSAID_NUMBER, Title
from server.web.fields import Body, Day, Query, Ref, TimeOfDay, Version


def _no_control(text: str) -> str:
    """Lines are what a layout is made of; nothing else that is hidden."""
    if any(not (sign.isprintable() or sign in "\n\r\t") for sign in text):
        raise PydanticCustomError("control_characters", "control characters are refused")
    return text


LayoutText = Annotated[str, StringConstraints(min_length=1, max_length=4000), AfterValidator(_no_control)]
Days = Annotated[str, StringConstraints(pattern=r"^1?2?3?4?5?6?7?$", min_length=1)]


class SetScreen(Body):
    """Only fields given are changed; null: as the settings say. `text` goes before `layout`."""

    layout: Ref | None = None
    text: LayoutText | None = None
    distance_m: Annotated[int, Field(ge=1, le=40)] | None = None
    diagonal_in: Annotated[int, Field(ge=5, le=200)] | None = None
    gerai: Ref | None = None
    counter: Ref | None = None
    version: Version | None = None


class NewMedium(Query):
    """Behind the question mark; the body is the file."""

    name: Title
    zone: Ref | None = None


class EditMedium(Body):
    """Only fields given are changed. `days`: '12345' is Monday to Friday; `from`, `to`: of the day, site time."""

    name: Title = UNSAID
    seconds: Annotated[int, Field(ge=3, le=600)] = UNSAID_NUMBER
    sound: bool = False
    zone: Ref | None = None
    days: Days = UNSAID
    starts: TimeOfDay = Field(default_factory=str, alias="from")
    ends: TimeOfDay = Field(default_factory=str, alias="to")
    date_from: Day | None = None
    date_to: Day | None = None
    position: Annotated[int, Field(ge=1, le=1000)] = UNSAID_NUMBER
    version: Version | None = None


def as_minutes(given: Mapping[str, Any]) -> dict[str, Any]:
    """Times of day as minutes after midnight, by the names of a medium."""
    named = {"starts": "from_min", "ends": "to_min"}
    return {named.get(name, name): _minutes(value) if name in named else value for name, value in given.items()}


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


class Shown(Body):
    cause: Literal["missing", "corrupt"] | None = None
