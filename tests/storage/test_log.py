"""The event log: seq without gaps in commit order, and a chain that shows every later hand (P15).

Planted: `seal` over the event before its seq was given -> test_the_chain_holds red.
Planted: `_head` moved on when the act rolls back -> test_what_is_rolled_back_leaves_no_gap red.
Planted: `data` left out of what is hashed -> test_a_hand_in_the_file_is_seen red.
"""

from typing import Any

import pytest

from server.app import calling, days
from server.domain.events import Event
from tests.app.small_hall import KTP, SmallHall
from tests.storage.raw import busy_day, chain_of, opened


def whole_log(hall: SmallHall) -> list[tuple[Event, str]]:
    found: list[tuple[Event, str]] = hall.read(lambda work: list(work.log.after(0, 100_000)))
    return found


def test_the_chain_holds(hall: SmallHall) -> None:
    busy_day(hall)
    hall.say(hall.person("pengawas"), days.close_now)
    hall.at("08:00", day=4)
    hall.take()
    log = whole_log(hall)
    assert len(log) > 30 and chain_of(log) == []
    [(seq, digest)] = hall.rows("SELECT seq, hash FROM event_head")
    assert (seq, digest) == (log[-1][0].seq, log[-1][1])


def test_what_is_rolled_back_leaves_no_gap(hall: SmallHall) -> None:
    hall.take()
    ani = hall.opened()
    for _ in range(3):
        hall.refused("wrong_state", ani, calling.finish, counter="DKC-1")
        hall.act(ani, calling.call_next, counter="DKC-1")
        hall.refused("counter_busy", ani, calling.call_next, counter="DKC-1")
        hall.say(ani, calling.finish, counter="DKC-1")
        hall.take()
    assert chain_of(whole_log(hall)) == []


def test_what_is_hashed_is_what_is_read_back(hall: SmallHall) -> None:
    data = {"text": "Ruang 'Anggrek' ☂ \u2028 \"x\"", "float": 0.1, "deep": [{"b": None, "a": [1, 2.5]}], "yes": True}

    def unit(work: Any) -> None:
        work.log.record(Event("PolicySet", hall.now, "user:é", device="K1", data=data))

    assert hall.writer.run_batch([unit]) == [(True, None)]
    log = whole_log(hall)
    assert chain_of(log) == [] and log[-1][0].data == data


@pytest.mark.parametrize(
    ("hand", "count"),
    [
        ("UPDATE event SET actor = 'user:budi' WHERE seq = 20", 1),
        ("UPDATE event SET data = json_set(data, '$.label', 'B-002') WHERE seq = 20", 1),
        ("UPDATE event SET at = at + 1 WHERE seq = 20", 1),
        ("DELETE FROM event WHERE seq = 20", None),
        ("UPDATE event SET seq = seq + 1000 WHERE seq = (SELECT max(seq) FROM event)", 2),
    ],
)
def test_a_hand_in_the_file_is_seen(hall: SmallHall, hand: str, count: int | None) -> None:
    """Whoever takes the triggers away and changes a row is still seen by the chain."""
    busy_day(hall)
    with opened(hall.path) as database:
        database.execute("DROP TRIGGER event_no_update")
        database.execute("DROP TRIGGER event_no_delete")
        database.execute(hand)
    wrong = chain_of(whole_log(hall))
    assert wrong and (count is None or len(wrong) == count)


def test_the_seq_of_a_call_is_its_name(hall: SmallHall) -> None:
    hall.take(KTP)
    body = hall.say(hall.opened(), calling.call_next, counter="DKC-1")
    [event] = hall.events("TicketCalled")
    assert body["call"]["id"] == event.seq == hall.rows("SELECT id FROM call")[0][0]
