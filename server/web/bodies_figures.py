"""What may be asked of figures."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.web.fields import Count, Day, Limit, Month, Query, Ref


class FindFigures(Query):
    """`by`: at most two, with a comma between them. `gerai`: at this one only."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    by: Annotated[str, Field(pattern=r"^([a-z]{1,20}(,[a-z]{1,20})*)?$", max_length=60)] = ""
    gerai: Ref | None = None


class FindStops(Query):
    """What the figure is told by, each as its row says it; '-': nothing."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    after: Count = 0
    limit: Limit = 100
    zone: Ref | None = None
    agency: Ref | None = None
    gerai: Ref | None = None
    service: Ref | None = None
    counter: Ref | None = None
    officer: Ref | None = None
    hour: Annotated[int, Field(ge=0, le=23)] | None = None
    weekday: Annotated[int, Field(ge=0, le=6)] | None = None
    date: Day | None = None
    month: Month | None = None
    channel: Ref | None = None
    mode: Ref | None = None
    priority: Ref | None = None


#: the fields that say what a figure is told by
TOLD = tuple(name for name in FindStops.model_fields if name not in ("first", "last", "after", "limit"))
