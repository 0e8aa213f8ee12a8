"""The last hour beside the usual one, on a real database of some weeks.

Planted, each seen red and taken out: the window longer; days of every weekday; the mean instead of the median;
a day without numbers counted as none; what is usual counted at each asking; the own services left out.
"""

from datetime import timedelta
from typing import Any

from server.app import calling
from server.app.last_hour import LastHour
from tests.app.small_hall import KTP, NIB, SmallHall

#: Tuesdays of November 2026; on the 24th nobody came, and today is 1 December
TUESDAYS = (3, 10, 17)


def told(hall: SmallHall, asked: LastHour | None = None, **more: Any) -> dict[str, Any]:
    book = asked or LastHour()
    return hall.read(lambda work: book.told(work, hall.now, **more))  # type: ignore[no-any-return]


def day_with(hall: SmallHall, day: int, numbers: int) -> None:
    """So many numbers at 09.30 and one at 08.50, one of them served at 09.40."""
    hall.at("08:50", day)
    hall.take(NIB)
    hall.at("09:30", day)
    for _ in range(numbers):
        hall.take(KTP)
    ani = hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.at("09:40", day)
    hall.say(ani, calling.finish, counter="DKC-1")


def test_without_history_nothing_is_usual(hall: SmallHall) -> None:
    hall.take()
    assert told(hall) | {"from": "", "to": ""} == {"from": "", "to": "", "arrivals": 1, "served": 0, "usual": None}


def test_the_median_of_the_same_hour_of_same_weekdays_with_numbers(hall: SmallHall) -> None:
    for day, numbers in zip(TUESDAYS, (1, 9, 3), strict=True):
        day_with(hall, day, numbers)
    day_with(hall, 18, 50)
    hall.at("09:00", 24)
    hall.opened()  # open, and nobody came
    hall.at("09:30", 24)
    hall.later(days=7)
    hall.take()
    hall.take()
    hall.later(minutes=30)
    found = told(hall)
    assert (found["arrivals"], found["served"]) == (2, 0)
    assert found["usual"] == {"arrivals": 3, "served": 1, "days": 3}
    assert told(hall, own=frozenset({"PTSP"})) | {"from": "", "to": ""} == {
        "from": "", "to": "", "arrivals": 0, "served": 0, "usual": {"arrivals": 0, "served": 0, "days": 3},
    }  # fmt: skip
    hall.later(minutes=30)
    assert told(hall)["usual"] == {"arrivals": 0, "served": 1, "days": 3}, "an hour ends where it ends"


def test_past_days_are_counted_once_in_five_minutes(hall: SmallHall) -> None:
    book = LastHour()
    hall.at("09:30", 10)
    assert told(hall, book)["usual"] is None
    day_with(hall, 3, 4)
    hall.at("09:34", 10)
    assert told(hall, book)["usual"] is None
    hall.now += timedelta(seconds=60)
    assert told(hall, book)["usual"] is not None
