"""kill -9 under load: nothing acknowledged is lost, no number comes twice, a lost reply asked again is one ticket.

Planted: outcomes of a batch given before its commit -> red (tickets lost).
Planted: the kept answer written by a unit of its own, after the act's commit -> red (more tickets than keys).
Planted: `synchronous=OFF` stays green, as it must: a killed process loses no page the system has (a power cut does;
tests/storage/test_engine.py holds the pragma).
"""

from tests.promises.crowd import NEXT_DAY
from tests.promises.judging import judge
from tests.promises.stage import SOON_S, Stage
from tests.waiting import wait_for


def test_killed_under_load(stage: Stage) -> None:
    stage.server.start().up()
    crowd = stage.crowd(kiosks=range(1, 5), officers=range(1, 4)).go()
    for whom in ("worker", "group", "master"):
        crowd.more(40)
        stage.kill(whom)
    crowd.more(40)
    crowd.stop()
    touches = [line for line in crowd.says() if "id" in line]
    records = stage.records()
    ledger = judge(records, crowd.tickets())
    assert len({line["id"] for line in touches}) == len(touches) == records.one("SELECT count(*) FROM ticket")
    assert any(line["tries"] > 1 for line in crowd.says()), "no reply was lost: the kill came to nobody"
    calls = [line["called"] for line in crowd.says() if "called" in line]
    assert len(calls) == len(set(calls)) > 0 and all(ledger.stops[ticket].state == "finished" for ticket in calls)
    the_next_start_closes_the_day(stage)


def the_next_start_closes_the_day(stage: Stage) -> None:
    """The power stays off until the next morning: the day is closed by the start, before anybody asks for anything."""
    assert stage.server.end() == 0
    stage.server.settings["clock"] = NEXT_DAY
    stage.server.start().up()
    records = stage.records()
    wait_for(lambda: records.one("SELECT count(*) FROM event WHERE type = 'DayClosed'"), SOON_S, "the day closed")
    ledger = judge(records, {})
    assert ledger.closed == ["2026-11-03"] and ledger.day is None and not ledger.sessions
    crowd = stage.crowd(kiosks=[1], count=2, life="2").go()
    crowd.end()
    assert [line["number"] for line in crowd.says()] == ["B-001", "B-002"]
    judge(records, crowd.tickets())
