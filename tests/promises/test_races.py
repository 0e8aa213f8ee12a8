"""Many at the same instant: threads on one house, processes on one server. No doubles, no gaps, nobody lost.

Planted: `take_number` reading its row before the transaction -> red (IntegrityError, StorageUnavailable).
Planted: `call_next` choosing outside the writer -> red (the log and a third opinion differ).
Planted: two writers instead of one queue -> red (locked).
Planted: `refuse_once`, `keep_answer` without the actor -> red (a kiosk is given another one's number).
"""

import resource
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from server import bootstrap
from server.app import calling, counters, issuing
from server.app.house import House
from server.domain.errors import RuleBroken
from server.ops.prove.records import Records
from server.storage.database import FILE
from tests.house_builder import settings_for
from tests.promises.crowd import CLOCK, SERVICE, crowd_folder, kiosk, officer
from tests.promises.judging import judge
from tests.promises.racer import SIZE, Client, Unanswered
from tests.promises.stage import SOON_S, Stage

EACH = 12


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The whole house in this process, in threading mode; relay and tickers are not started."""
    running = bootstrap.build(settings_for(crowd_folder(tmp_path / "data"), MPP_CLOCK=CLOCK))
    yield running.house
    running.stop()


@pytest.fixture
def records(tmp_path: Path, house: House) -> Iterator[Records]:
    records = Records(tmp_path / "data" / FILE)
    yield records
    records.close()


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, all let go at one barrier; results or exceptions in order."""
    barrier, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index: int) -> None:
        barrier.wait(SOON_S)
        try:
            results[index] = acts[index]()
        except Exception as problem:
            results[index] = problem

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(SOON_S)
        assert not thread.is_alive()
    return results


def well(results: list[Any]) -> list[Any]:
    """The same results, none of which may be an exception."""
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def touches(house: House, n: int) -> Callable[[], dict[int, str]]:
    def run() -> dict[int, str]:
        given = {}
        for count in range(EACH):
            body = house.act(issuing.issue, kiosk(n, house.now(), f"{n}-{count}"), service=SERVICE).body
            assert body is not None
            given[body["id"]] = body["number"]
        return given

    return run


def calls(house: House, n: int) -> Callable[[], list[str]]:
    """Open the n-th counter and call until nobody waits."""

    def run() -> list[str]:
        called: list[str] = []
        house.act(counters.open_counter, officer(n, house.now()), counter=f"DKC-{n}")
        while answer := house.act(calling.call_next, officer(n, house.now()), counter=f"DKC-{n}").body:
            called.append(answer["ticket"]["number"])
            house.act(calling.finish, officer(n, house.now()), counter=f"DKC-{n}")
        return called

    return run


def test_eight_kiosks_in_threads(house: House, records: Records) -> None:
    given = well(at_once(*(touches(house, n) for n in range(1, SIZE + 1))))
    told = {ticket: number for one in given for ticket, number in one.items()}
    assert len(told) == SIZE * EACH
    assert sorted(told.values()) == [f"B-{n:03d}" for n in range(1, SIZE * EACH + 1)]
    judge(records, told)


def test_eight_officers_in_threads(house: House, records: Records) -> None:
    told = {**touches(house, 1)(), **touches(house, 2)()}
    called = [number for one in well(at_once(*(calls(house, n) for n in range(1, SIZE + 1)))) for number in one]
    assert Counter(called) == Counter(told.values())
    ledger = judge(records, told)
    assert {stop.state for stop in ledger.stops.values()} == {"finished"}


def test_kiosks_and_officers_in_threads(house: House, records: Records) -> None:
    acts = [touches(house, n) for n in range(1, 5)] + [calls(house, n) for n in range(1, 5)]
    results = well(at_once(*acts))
    told = {ticket: number for one in results[:4] for ticket, number in one.items()}
    rest = calls(house, 8)()
    assert Counter([number for one in results[4:] for number in one] + rest) == Counter(told.values())
    judge(records, told)


def test_a_press_that_waited_for_its_turn_is_not_before_what_it_follows(house: House, records: Records) -> None:
    """P12: the officer pressed first, the visitor was written first; nobody waits for less than no time."""
    house.act(counters.open_counter, officer(1, house.now()), counter="DKC-1")
    press = officer(1, house.now())
    touches(house, 1)()
    assert house.act(calling.call_next, press, counter="DKC-1").status == 200
    judge(records, {})


def test_one_key_from_eight_threads(house: House, records: Records) -> None:
    wish = kiosk(1, house.now(), "one-touch")
    answers = well(at_once(*[lambda: house.act(issuing.issue, wish, service=SERVICE)] * SIZE))
    assert len({answer.body["id"] for answer in answers}) == 1
    assert sorted(answer.replayed for answer in answers) == [False] + [True] * (SIZE - 1)
    judge(records, {answers[0].body["id"]: "B-001"})


def test_eight_presses_at_one_counter(house: House, records: Records) -> None:
    """The impatient officer: one visitor is called, all other presses are told who."""
    touches(house, 1)()
    house.act(counters.open_counter, officer(1, house.now()), counter="DKC-1")
    answers = at_once(*[lambda: house.act(calling.call_next, officer(1, house.now()), counter="DKC-1")] * SIZE)
    refused = [answer for answer in answers if isinstance(answer, RuleBroken)]
    assert [(one.code, one.facts["number"]) for one in refused] == [("counter_busy", "B-001")] * (SIZE - 1)
    assert records.one("SELECT count(*) FROM call") == 1
    judge(records, {})


def test_eight_officers_want_one_counter(house: House, records: Records) -> None:
    answers = at_once(*(lambda n=n: house.act(counters.open_counter, officer(n, house.now()), counter="DKC-1")
                        for n in range(1, SIZE + 1)))
    refused = [answer for answer in answers if isinstance(answer, RuleBroken)]
    winner = next(answer for answer in answers if answer not in refused).body["counter"]["officer"]["name"]
    assert [(one.code, one.facts["officer"]) for one in refused] == [("counter_taken", winner)] * (SIZE - 1)
    judge(records, {})


def test_one_officer_wants_eight_counters(house: House, records: Records) -> None:
    answers = at_once(*(lambda n=n: house.act(counters.open_counter, officer(1, house.now()), counter=f"DKC-{n}")
                        for n in range(1, SIZE + 1)))
    assert [answer.code for answer in answers if isinstance(answer, RuleBroken)] == ["officer_busy"] * (SIZE - 1)
    judge(records, {})


def test_processes_on_a_real_server(stage: Stage) -> None:
    """Eight kiosks; eight officers; one key from six processes; a disk that is full for a while."""
    stage.server.start().up()
    everybody = range(1, SIZE + 1)
    issue = stage.crowd(kiosks=everybody, count=EACH).go()
    issue.end()
    told = issue.tickets()
    assert len(told) == SIZE * EACH
    call = stage.crowd(officers=everybody, count=EACH + 2).go()
    call.end()
    assert Counter(line["number"] for line in call.says()) == Counter(told.values())
    told |= the_same_key(stage)
    told |= a_full_disk(stage)
    assert stage.server.end() == 0
    judge(stage.records(), told)


def the_same_key(stage: Stage) -> dict[int, str]:
    crowd = stage.crowd(kiosks=[1] * 6, count=3, life="same").go()
    crowd.end()
    assert len(crowd.says()) == 18 and len(crowd.tickets()) == 3
    return crowd.tickets()


def a_full_disk(stage: Stage) -> dict[int, str]:
    """The worker's files take nothing: every wish is refused whole, reads go on, and it heals without a restart."""
    worker, wish = stage.server.family()["worker"], {"service": SERVICE}
    limits = resource.prlimit(worker, resource.RLIMIT_FSIZE)
    with closing(Client("kiosk", 2, stage.server.port)) as client:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (0, limits[1]))
        for n in range(3):
            with pytest.raises(Unanswered, match="storage_unavailable"):
                client.ask("/tickets", wish, f"full-{n}")
        assert stage.server.is_ready()
        resource.prlimit(worker, resource.RLIMIT_FSIZE, limits)
        answers = [client.until_answered("/tickets", wish, f"full-{n}") for n in range(3)]
    assert [status for status, *_ in answers] == [201, 201, 201]
    return {body["id"]: body["number"] for _, body, _ in answers}
