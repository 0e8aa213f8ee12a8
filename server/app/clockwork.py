"""What comes without anybody pressing: openings, cut-offs, doubts about the clock, a disk that works again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from server.app.ask import Answer, Ask
from server.app.ports import Work
from server.app.present import instant
from server.domain.events import Event

#: acts of a long day in a large hall; as many answers as the 48 hours of the promise hold anyway
SPARED = 10_000


def opening_changed(
    work: Work, ask: Ask, *, opened: Sequence[str], closed: Sequence[str]
) -> Answer:
    """Some services began or ceased to give numbers: the screens must know."""
    work.log.record(
        Event(
            "OpeningChanged", ask.now, "system", data={"open": list(opened), "closed": list(closed)}
        )
    )
    return Answer(204)


def clock_doubted(work: Work, ask: Ask, *, wall: str, by_s: float) -> Answer:
    """The wall clock and the monotonic clock disagree by more than is slewed away."""
    work.log.record(
        Event(
            "ClockDoubted",
            ask.now,
            "system",
            data={"wall": wall, "own": instant(ask.now), "by_s": round(by_s, 3)},
        )
    )
    return Answer(204)


def confirm_clock(work: Work, ask: Ask) -> Answer:
    """A supervisor says the wall clock is right; the house follows it after the commit.

    Durations that span the jump are flagged as not to be believed.
    """
    day = work.days.open_day()
    if day is not None:
        work.tickets.doubt_open(day)
    work.log.record(Event("ClockConfirmed", ask.now, ask.actor, data={"own": instant(ask.now)}))
    return Answer(200, {"at": instant(ask.now)})


def clock_agrees(work: Work, ask: Ask) -> Answer:
    """The clocks agree again by themselves; nothing jumped."""
    work.log.record(Event("ClockConfirmed", ask.now, "system", data={"own": instant(ask.now)}))
    return Answer(204)


def storage_recovered(work: Work, ask: Ask, *, since: str, cause: str) -> Answer:
    """Nothing could be written since `since`. That this stands in the log shows that it is over."""
    work.log.record(Event("StorageRecovered", ask.now, "system", data={"since": since, "cause": cause}))
    return Answer(204)


def forget_answers(work: Work, ask: Ask, *, spared: int = SPARED) -> Answer:
    """Drop kept answers that are older than the promise, but the newest `spared` only when newer ones have come.

    A clock set right by days makes all of them old at once, and those who were not answered yet still ask again.
    """
    work.log.forget_answers(ask.now - timedelta(hours=work.around.keep_h), spared)
    return Answer(204)
