"""The kinds of values a body or query may hold, with their bounds.

Bodies are strict (a number is not its text); unknown fields are ignored, so that an older
server serves a newer page. Text holds no control characters and no marks that reorder it;
a name holds no angle brackets either, whatever later shows it.
"""

from __future__ import annotations

import unicodedata
from datetime import date
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

#: largest whole number a JSON reader keeps exactly (2**53 - 1)
ID_MAX = 9_007_199_254_740_991

#: largest page of a list
LIMIT_MAX = 1000

_REFUSED = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _no_control(text: str) -> str:
    if text.isprintable():
        return text
    if any(unicodedata.category(sign) in _REFUSED or sign in _BIDI for sign in text):
        raise PydanticCustomError("control_characters", "control characters are refused")
    return text


def _only_text(value: Any) -> Any:
    if isinstance(value, (str, date)):
        return value
    raise PydanticCustomError("date_type", "a date is written as text")


USERNAME_PATTERN = r"^[a-z0-9][a-z0-9._-]{1,39}$"
CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,29}$"
NO_MARKUP = r"^[^<>]*$"
#: pattern -> key of the sentence that says what it allows
ALLOWED = {USERNAME_PATTERN: "invalid.username", CODE_PATTERN: "invalid.code", NO_MARKUP: "invalid.markup"}

_CLEAN = AfterValidator(_no_control)
_LINE = StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
_REF = StringConstraints(strip_whitespace=True, min_length=1, max_length=60)
_NAME = StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=NO_MARKUP)

#: a code that names something that exists; whether it does is for the app to say
Ref = Annotated[str, _REF, _CLEAN]
#: a new code: it stands in addresses and on slips
NewCode = Annotated[str, StringConstraints(pattern=CODE_PATTERN, strict=True)]
#: what a row said when it was read (server/app/plan_rows.py)
Version = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Username = Annotated[str, StringConstraints(pattern=USERNAME_PATTERN, strict=True)]
Name = Annotated[str, _NAME, _CLEAN]
Reason = Annotated[str, _LINE, _CLEAN]
Password = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Id = Annotated[int, Field(ge=1, le=ID_MAX)]
Count = Annotated[int, Field(ge=0, le=ID_MAX)]
Limit = Annotated[int, Field(ge=1, le=LIMIT_MAX)]
Day = Annotated[date, BeforeValidator(_only_text), Field(strict=False)]
Month = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$")]
Instant = Annotated[
    str,
    StringConstraints(pattern=r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$", max_length=40),
]


class Body(BaseModel):
    """A JSON body."""

    model_config = ConfigDict(extra="ignore", strict=True, frozen=True)


class Query(BaseModel):
    """What stands behind the question mark: text, turned into what it says."""

    model_config = ConfigDict(extra="ignore", frozen=True)
