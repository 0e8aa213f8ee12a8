"""What may be asked of figures."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from server.web.fields import Count, Day, Limit, Month, Query, Ref


#: what a figure may count, as `server/app/figures.py` has it
COUNTS = "^(issued|called|served|no_show|cancelled|expired|transferred_in|transferred_out|wait|walk|service_time|hold|within_standard(_service)?)$"


class Told(Query):
    """What a stop is told by, each as a figure's row says it; '-': nothing."""

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
TOLD = tuple(Told.model_fields)


class FindHistory(Told):
    """Without both dates: the month of today."""

    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")


class FindFigures(Told):
    """`by`: at most two, with a comma between them."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    by: Annotated[str, Field(pattern=r"^([a-z]{1,20}(,[a-z]{1,20})*)?$", max_length=60)] = ""


class FindStops(Told):
    """`counts`: what the figure counts; of a time, `over` and `upto` so many seconds."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    after: Count = 0
    limit: Limit = 100
    counts: Annotated[str, Field(pattern=COUNTS)] | None = None
    over: Count | None = None
    upto: Count | None = None
