"""The life of a leg: states, the one transition table, and what each step changes.

Every function takes the leg as it is and returns the leg as it will be. Instants are
aware UTC datetimes handed in by the caller; durations are whole seconds.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from server.domain.errors import RuleBroken


class State(StrEnum):
    PLANNED = "planned"
    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    ON_HOLD = "on_hold"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    TRANSFERRED = "transferred"
    EXPIRED = "expired"


ACTIVE = frozenset({State.CALLED, State.SERVING})
OPEN = frozenset({State.WAITING, State.CALLED, State.SERVING, State.ON_HOLD})
ENDED = frozenset(State) - OPEN - {State.PLANNED}

#: The one table: act -> {from: to}. What is not here is refused with `wrong_state`.
TRANSITIONS: dict[str, dict[State, State]] = {
    "plan": {State.PLANNED: State.WAITING},
    "call": {State.WAITING: State.CALLED},
    "recall": {State.CALLED: State.CALLED},
    "put_back": {State.CALLED: State.WAITING},
    "start": {State.CALLED: State.SERVING},
    "finish": {State.SERVING: State.FINISHED, State.CALLED: State.FINISHED},
    "no_show": {State.CALLED: State.NO_SHOW},
    "give_back": {State.NO_SHOW: State.WAITING},
    "hold": {State.CALLED: State.ON_HOLD, State.SERVING: State.ON_HOLD},
    "resume_called": {State.ON_HOLD: State.CALLED},
    "resume_serving": {State.ON_HOLD: State.SERVING},
    "cancel": {
        State.PLANNED: State.CANCELLED,
        State.WAITING: State.CANCELLED,
        State.CALLED: State.CANCELLED,
        State.ON_HOLD: State.CANCELLED,
    },
    "transfer": {
        State.WAITING: State.TRANSFERRED,
        State.CALLED: State.TRANSFERRED,
        State.SERVING: State.TRANSFERRED,
        State.ON_HOLD: State.TRANSFERRED,
    },
    "expire": {
        State.PLANNED: State.EXPIRED,
        State.WAITING: State.EXPIRED,
        State.CALLED: State.EXPIRED,
        State.ON_HOLD: State.EXPIRED,
    },
    "close_serving": {State.SERVING: State.FINISHED},
}


class Ticket(NamedTuple):
    """One visit's number; all of it is frozen at issue except the priority's standing.

    A named tuple, as `Leg` is: an act makes a dozen of them, a view a thousand.
    """

    id: int
    business_date: date
    series: str
    number: int
    label: str
    token: str
    service: str
    issued_at: datetime
    channel: str
    mode: str
    device: str | None
    language: str
    priority: str | None = None
    priority_state: str | None = None

    @property
    def is_priority(self) -> bool:
        """Asked or confirmed; a removed priority waits with everybody."""
        return self.priority is not None and self.priority_state != "removed"


class Leg(NamedTuple):
    """One stop of a ticket. `rank_at`, `rank_seq` are its place in the line."""

    id: int
    ticket: int
    business_date: date
    position: int
    service: str
    gerai: str
    state: State
    queued_at: datetime
    rank_at: datetime
    rank_seq: int
    promised_wait_s: int
    promised_service_s: int
    standard_version: str
    ahead: int
    open_counters: int
    origin: str = "issued"
    estimate_from_s: int | None = None
    estimate_to_s: int | None = None
    first_called_at: datetime | None = None
    last_called_at: datetime | None = None
    call_count: int = 0
    #: calls since the leg last left the line; the no-show rule counts these
    round_calls: int = 0
    started_at: datetime | None = None
    ended_at: datetime | None = None
    held_at: datetime | None = None
    counter: str | None = None
    officer: str | None = None
    outcome: str | None = None
    wait_reliable: bool = True
    service_reliable: bool = True
    #: serving seconds of the intervals already ended by a hold
    served_s: int = 0
    #: start of the serving interval that runs now
    serving_since: datetime | None = None
    #: seconds spent on hold in the intervals already ended
    held_s: int = 0

    @property
    def active(self) -> bool:
        return self.state in ACTIVE


def _to(leg: Leg, act: str) -> State:
    target = TRANSITIONS[act].get(leg.state)
    if target is None:
        raise RuleBroken("wrong_state", state=str(leg.state), leg=leg.id)
    return target


def _seconds(since: datetime | None, now: datetime) -> int:
    return max(0, int((now - since).total_seconds())) if since else 0


def _stop_serving(leg: Leg, now: datetime) -> Leg:
    """End the running serving interval, if any, into `served_s`."""
    served_s = leg.served_s + _seconds(leg.serving_since, now)
    return leg._replace(served_s=served_s, serving_since=None)


def begin(leg: Leg, rank_at: datetime, rank_seq: int, now: datetime) -> Leg:
    """A planned stop starts to wait, at the place the rule gives."""
    return leg._replace(
        state=_to(leg, "plan"), queued_at=now, rank_at=rank_at, rank_seq=rank_seq
    )


def call(leg: Leg, counter: str, officer: str, now: datetime) -> Leg:
    """First call of a waiting leg; `first_called_at` is written once and never again."""
    return leg._replace(
        state=_to(leg, "call"),
        counter=counter,
        officer=officer,
        first_called_at=leg.first_called_at or now,
        last_called_at=now,
        call_count=leg.call_count + 1,
        round_calls=1,
        outcome=None,
        ended_at=None,
    )


def recall(leg: Leg, now: datetime) -> Leg:
    """Announce again: a new call id, one more count, the first instant kept."""
    return leg._replace(
        state=_to(leg, "recall"),
        last_called_at=now,
        call_count=leg.call_count + 1,
        round_calls=leg.round_calls + 1,
    )


def start(leg: Leg, now: datetime) -> Leg:
    return leg._replace(
        state=_to(leg, "start"),
        started_at=leg.started_at or now,
        serving_since=now,
    )


def finish(leg: Leg, now: datetime) -> Leg:
    """From `called` it is start and finish in one: the service time is not to be believed."""
    state = _to(leg, "finish")
    forgot = leg.state is State.CALLED
    ended = _stop_serving(leg, now)
    return ended._replace(
        state=state,
        started_at=ended.started_at or now,
        ended_at=now,
        outcome="finished",
        service_reliable=ended.service_reliable and not forgot,
    )


def no_show(leg: Leg, now: datetime) -> Leg:
    return leg._replace(state=_to(leg, "no_show"), ended_at=now, outcome="no_show")


def put_back(leg: Leg, rank_at: datetime, rank_seq: int) -> Leg:
    """Back to the line at the place the rule gives; the counter is free again."""
    return leg._replace(
        state=_to(leg, "put_back"),
        counter=None,
        officer=None,
        rank_at=rank_at,
        rank_seq=rank_seq,
    )


def give_back(leg: Leg, rank_at: datetime, rank_seq: int) -> Leg:
    """A missed visitor returns the same day."""
    return leg._replace(
        state=_to(leg, "give_back"),
        counter=None,
        officer=None,
        ended_at=None,
        outcome=None,
        rank_at=rank_at,
        rank_seq=rank_seq,
    )


def hold(leg: Leg, now: datetime) -> Leg:
    """Set aside; the counter is free for the next visitor."""
    stopped = _stop_serving(leg, now)
    return stopped._replace(state=_to(leg, "hold"), counter=None, held_at=now)


def resume(leg: Leg, counter: str, officer: str, now: datetime) -> Leg:
    """Go on at any free counter of the gerai, in the state the leg was held in."""
    act = "resume_serving" if leg.started_at else "resume_called"
    state = _to(leg, act)
    return leg._replace(
        state=state,
        counter=counter,
        officer=officer,
        held_at=None,
        held_s=leg.held_s + _seconds(leg.held_at, now),
        serving_since=now if state is State.SERVING else None,
    )


def _end(leg: Leg, act: str, outcome: str, now: datetime) -> Leg:
    held_s = leg.held_s + (_seconds(leg.held_at, now) if leg.state is State.ON_HOLD else 0)
    stopped = _stop_serving(leg, now)
    return stopped._replace(
        state=_to(leg, act), ended_at=now, outcome=outcome, held_s=held_s, held_at=None
    )


def cancel(leg: Leg, by: str, now: datetime) -> Leg:
    """`by` is visitor or staff; the figures keep them apart."""
    return _end(leg, "cancel", f"cancelled_by_{by}", now)


def transfer(leg: Leg, now: datetime) -> Leg:
    """This stop ends; the caller makes the new one. The number stays."""
    return _end(leg, "transfer", "transferred", now)


def close_day(leg: Leg, now: datetime) -> Leg:
    """End of day: serving is finished and flagged, everything else open has expired."""
    if leg.state is State.SERVING:
        ended = _end(leg, "close_serving", "finished", now)
        return ended._replace(service_reliable=False)
    return _end(leg, "expire", "expired", now)
