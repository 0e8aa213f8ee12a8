"""What the administrator's routes take: rows of the floor plan, notices, the look.

Limits are the floor plan's own (`config/floor_rows.py`), so that what was edited can be
exported, checked and loaded again.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from server.web.fields import Body, Day, Ref, TimeOfDay, Version

#: a picture of half a megabyte, written in base64
LOGO_MAX_CHARS = 700_000


#: what makes one picture of several emoji: refused like all that is hidden, but said as what the writer sees
_JOINERS = {"\u200d", *map(chr, range(0xE0020, 0xE0080))}


def _plain(text: str) -> str:
    """No markup and nothing hidden: a plan's text goes to screens, paper and a file."""
    if any(sign in text for sign in "<>"):
        raise PydanticCustomError("markup", "angle brackets are refused")
    hidden = {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}}
    if hidden and hidden <= _JOINERS and any(unicodedata.category(sign) == "So" for sign in text):
        raise PydanticCustomError("joined_signs", "signs joined into one are refused")
    if hidden:
        raise PydanticCustomError("control_characters", "control characters are refused")
    return text


PLAIN_TEXT = AfterValidator(_plain)
_HOST = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def _web_address(text: str) -> str:
    """http or https, a host, perhaps a port; never a path, which would lead a phone astray."""
    text = text.rstrip("/")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    host = parts.netloc.lower().removesuffix(f":{port}")
    if parts.scheme not in {"http", "https"} or parts.path or "?" in text or "#" in text or not _HOST.fullmatch(host):
        raise PydanticCustomError("web_address", "an http or https address without a path is wanted")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _at_most(most: int, least: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


Title = Annotated[str, _at_most(80, 1), PLAIN_TEXT]
MayTitle = Annotated[str, _at_most(80), PLAIN_TEXT]
Short = Annotated[str, _at_most(24, 1), PLAIN_TEXT]
Note = Annotated[str, _at_most(160), PLAIN_TEXT]
Requirement = Annotated[str, _at_most(160, 1), PLAIN_TEXT]
Words = Annotated[str, _at_most(200, 1), PLAIN_TEXT]
WebAddress = Annotated[str, _at_most(200, 1), AfterValidator(_web_address)]
Minutes = Annotated[int, Field(ge=1, le=480)]
CutoffMin = Annotated[int, Field(ge=0, le=480)]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$")]

Span = Annotated[list[TimeOfDay], Field(min_length=2, max_length=2)]
Spans = Annotated[list[Span], Field(max_length=4)]


#: a field that may be left out and then changes nothing
UNSAID = Field(default_factory=str)
UNSAID_NUMBER = Field(default_factory=int)


class Week(Body):
    """Hours of each day; a day left out is closed."""

    mon: Spans = Field(default_factory=list)
    tue: Spans = Field(default_factory=list)
    wed: Spans = Field(default_factory=list)
    thu: Spans = Field(default_factory=list)
    fri: Spans = Field(default_factory=list)
    sat: Spans = Field(default_factory=list)
    sun: Spans = Field(default_factory=list)


class _Row(Body):
    """`version`: the row's, as it was when it was read. Only fields given are changed."""

    version: Version


class EditSite(_Row):
    name: Title = UNSAID
    short: Short = UNSAID
    address: Note = UNSAID
    phone: Note = UNSAID
    complaint: Note = UNSAID
    front_desk: Note = UNSAID


class EditGerai(_Row):
    """`hours` null: the site's; `cutoff_min` null: the site's."""

    name: Title = UNSAID
    short: Short = UNSAID
    place: Note = UNSAID
    hours: Week | None = None
    cutoff_min: CutoffMin | None = None


class EditService(_Row):
    """`quota` null: none; `hours`, `cutoff_min` null: its gerai's."""

    name: Title = UNSAID
    name_en: MayTitle = UNSAID
    requirements: Annotated[list[Requirement], Field(max_length=12)] = Field(default_factory=list)
    cost: Note = UNSAID
    quota: Annotated[int, Field(ge=1, le=9999)] | None = None
    hours: Week | None = None
    cutoff_min: CutoffMin | None = None
    wait_min: Minutes = UNSAID_NUMBER
    service_min: Minutes = UNSAID_NUMBER
    standard_version: Short = UNSAID
    standard_decree: Note = UNSAID
    popular: Annotated[int, Field(ge=0, le=100)] = 0


class OfRow(_Row):
    """Which row is meant, as it was when it was read."""


class NewNotice(Body):
    """Both dates included; no `to`: until it is ended; no `zone`: every display."""

    text: Words
    date_from: Day = Field(alias="from")
    date_to: Day | None = Field(default=None, alias="to")
    zone: Ref | None = None


class NewColor(Body):
    """The main colour like '#0B4F5E', or null for the house's own; `version`: the look's, as it was read."""

    color: Color | None
    version: Version | None = None


class NewAddress(Body):
    """`url` like 'http://192.168.1.10:8080', or null for the settings' own; `version`: as it was when it was read."""

    url: WebAddress | None
    version: Version | None = None


class AsRead(Body):
    """`version`: of what the asker has seen; without one whatever there is goes."""

    version: Version | None = None


class NewLogo(Body):
    """`image`: a PNG or JPEG file of at most 500 kB in base64."""

    image: Annotated[str, StringConstraints(min_length=1, max_length=LOGO_MAX_CHARS)]
    version: Version | None = None
