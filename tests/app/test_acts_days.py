"""Business days: opened by the first act, closed exactly once, by day_close or by a later date.

Planted: `close` leaving sessions open -> test_the_end_of_a_day red.
Planted: `today` following a clock that went back -> test_a_clock_behind... red.
Planted: `heads` without the date and `close` without open legs -> test_next_never_takes... red.
Planted: `close_day` ending at `ask.now` alone -> test_a_clock_behind... red.
"""

from datetime import datetime, timedelta

from server.app import calling, clockwork, counters, days, devices, issuing, reading, visits
from server.clock import Clock
from server.domain.events import GENESIS
from server.storage.types import EPOCH
from tests.app.small_hall import KTP, NIB, SmallHall


def open_days(hall: SmallHall) -> list[tuple[object, ...]]:
    return hall.rows("SELECT date, closed_at IS NULL FROM business_day ORDER BY date")


def test_the_first_act_opens_the_day(hall: SmallHall) -> None:
    assert open_days(hall) == []
    hall.opened()
    hall.take()
    assert open_days(hall) == [("2026-11-03", 1)]
    assert [event.data for event in hall.events("DayOpened")] == [{"date": "2026-11-03"}]


def test_the_end_of_a_day(hall: SmallHall) -> None:
    """Every kind of leg and session ends as DESIGN section 5 says; nothing is deleted."""
    ani, budi, citra = hall.opened("ani", "DKC-1"), hall.opened("budi", "DKC-2"), hall.opened("citra", "DKC-3")
    done, held, serving, called, waiting = (hall.take() for _ in range(5))
    journey = hall.take(NIB, then=[KTP])
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.finish, counter="DKC-1", then_next=True)
    hall.say(ani, calling.hold, counter="DKC-1")
    hall.say(budi, calling.call_next, counter="DKC-2")
    hall.say(budi, calling.start, counter="DKC-2")
    last_act = hall.later(minutes=5)
    hall.say(citra, calling.call_next, counter="DKC-3")
    hall.later(hours=6)
    told = hall.say(hall.person("pengawas"), days.close_now)
    assert told == {"date": "2026-11-03", "closed": True}
    states = {body["number"]: [str(leg.state) for leg in hall.legs(body["id"])]
              for body in (done, held, serving, called, waiting, journey)}
    assert states == {"B-001": ["finished"], "B-002": ["expired"], "B-003": ["finished"], "B-004": ["expired"],
                      "B-005": ["expired"], "A-001": ["expired", "expired"]}
    ended = hall.leg(serving["id"])
    # It ended with its officer's last sign of life, not with the day.
    budis_end = last_act - timedelta(minutes=5) + days.SESSION_TAIL
    assert (ended.service_reliable, ended.ended_at, ended.outcome) == (False, budis_end, "finished")
    assert hall.rows("SELECT DISTINCT flagged FROM counter_session") == [(1,)]
    [closed_at] = hall.rows("SELECT max(closed_at) FROM counter_session")[0]
    assert timedelta(microseconds=closed_at - _us(last_act)) == days.SESSION_TAIL
    closing = hall.events("DayClosed")[-1]
    assert {key: closing.data[key] for key in ("date", "sessions", "finished", "expired")} == {
        "date": "2026-11-03", "sessions": 3, "finished": 1, "expired": 5,
    }


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


def test_a_heartbeat_counts_as_a_sign_of_life(hall: SmallHall) -> None:
    hall.opened()
    heard = hall.later(hours=3)
    hall.system(devices.heartbeats, counters=["DKC-1", "DKC-9"])
    hall.at("22:00")
    hall.system(days.close_due)
    [[closed_at]] = hall.rows("SELECT closed_at FROM counter_session")
    assert closed_at == _us(heard + days.SESSION_TAIL)


def test_closing_is_done_once(hall: SmallHall) -> None:
    hall.take()
    first = hall.say(hall.person("pengawas"), days.close_now)
    rows, seq = hall.hall_rows(), hall.events()[-1].seq
    hall.later(hours=1)
    assert hall.say(hall.person("pengawas"), days.close_now) == first
    assert hall.say(hall.person("pengawas"), days.close_due) == {"closed": False}
    assert hall.hall_rows() == rows and hall.events()[-1].seq == seq


def test_the_days_end_comes_at_its_hour(hall: SmallHall) -> None:
    hall.take()
    hall.at("21:59")
    assert hall.system(days.close_due).body == {"closed": False}
    hall.at("22:00")
    assert hall.system(days.close_due).body == {"closed": True, "date": "2026-11-03"}
    assert hall.system(days.close_due).body == {"closed": False}


def test_a_closed_day_stays_closed(hall: SmallHall) -> None:
    told = hall.take()
    hall.say(hall.person("pengawas"), days.close_now)
    facts = hall.refused("closed", hall.kiosk(), issuing.issue, service=KTP)
    assert facts["reason"] == "closed"
    hall.refused("day_closed", hall.person("ani"), counters.open_counter, counter="DKC-1")
    hall.refused("wrong_state", hall.person("resepsionis"), visits.cancel, ticket=told["id"])
    hall.refused("wrong_state", hall.person("resepsionis"), visits.transfer_ticket, ticket=told["id"], service=NIB)
    assert open_days(hall) == [("2026-11-03", 0)]


def test_the_head_of_the_closed_day_is_kept(hall: SmallHall) -> None:
    hall.take()
    head = hall.read(lambda work: work.log.head())
    hall.say(hall.person("pengawas"), days.close_now)
    [[seq, digest]] = hall.rows("SELECT head_seq, head_hash FROM business_day")
    closing = hall.events("DayClosed")[-1]
    assert digest == closing.data["head"] and digest != GENESIS
    assert (seq, digest) == hall.rows("SELECT seq, hash FROM event WHERE seq = ?", seq)[0] and seq > head[0]


def test_the_power_was_off_at_the_days_end(hall: SmallHall) -> None:
    """The first act of a later date closes the day before, whole, and then does its own."""
    waiting = hall.take()
    hall.opened()
    hall.restart()
    hall.at("08:00", day=4)
    assert hall.take()["number"] == "B-001"
    assert open_days(hall) == [("2026-11-03", 0), ("2026-11-04", 1)]
    assert hall.leg(waiting["id"]).state == "expired"
    kinds = [event.type for event in hall.events() if event.at == hall.now]
    assert kinds == ["CounterClosed", "TicketExpired", "DayClosed", "DayOpened", "TicketIssued"]


def test_an_act_at_midnight_belongs_to_one_date(hall: SmallHall) -> None:
    hall.open_all_day()
    hall.at("23:59")
    late, ani = hall.take(), hall.opened()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.at("00:00", day=4)
    early = hall.take()
    assert [hall.ticket(body["id"]).business_date.day for body in (late, early)] == [3, 4]
    assert [late["number"], early["number"]] == ["B-001", "B-001"]
    # Yesterday's session has ended with yesterday: today's visitor waits for a counter that opens today.
    hall.refused("counter_closed", ani, calling.call_next, counter="DKC-1")
    assert hall.say(hall.opened(), calling.call_next, counter="DKC-1")["ticket"]["id"] == early["id"]


def test_next_never_takes_an_earlier_dates_visitor(hall: SmallHall) -> None:
    hall.open_all_day()
    hall.at("23:50")
    hall.take()
    ani = hall.opened()
    hall.at("00:10", day=4)
    hall.refused("counter_closed", ani, calling.call_next, counter="DKC-1")
    ani = hall.opened()
    assert hall.act(ani, calling.call_next, counter="DKC-1").status == 204
    assert hall.rows("SELECT state FROM leg") == [("expired",)]


def test_a_clock_behind_neither_reopens_a_date_nor_makes_time_negative(hall: SmallHall) -> None:
    hall.at("09:00", day=4)
    ani, budi = hall.opened("ani", "DKC-1"), hall.opened("budi", "DKC-2")
    first, second, third = hall.take(), hall.take(), hall.take()
    for officer, counter in ((ani, "DKC-1"), (budi, "DKC-2")):
        hall.say(officer, calling.call_next, counter=counter)
        hall.say(officer, calling.start, counter=counter)
    hall.at("09:00", day=3)
    late = hall.take()
    assert late["business_date"] == "2026-11-04" and late["number"] == "B-004"
    hall.say(ani, calling.finish, counter="DKC-1")
    hall.say(hall.person("pengawas"), days.close_now)
    assert open_days(hall) == [("2026-11-04", 0)]
    hall.refused("closed", hall.kiosk(), issuing.issue, service=KTP)
    served, cut, waited = (hall.leg(body["id"]) for body in (first, second, third))
    assert (served.served_s, cut.served_s) == (0, 0)
    assert cut.started_at is not None and cut.ended_at is not None and cut.ended_at >= cut.started_at
    assert waited.ended_at is not None and waited.ended_at >= waited.queued_at
    assert hall.rows("SELECT count(*) FROM leg WHERE served_s < 0 OR held_s < 0") == [(0,)]
    assert hall.rows("SELECT count(*) FROM span WHERE to_at < from_at") == [(0,)]
    assert hall.rows("SELECT count(*) FROM counter_session WHERE closed_at < opened_at") == [(0,)]


def test_a_restart_with_the_clock_behind_goes_on_from_the_last_event(hall: SmallHall) -> None:
    hall.at("09:00", day=4)
    waiting = hall.take()
    hall.restart()
    clock = Clock(hall.read(reading.last_event_at), wall=lambda: hall.at("07:00", day=2), monotonic=lambda: 0.0)
    started_at = clock.now()
    hall.now = started_at
    assert clock.doubted and hall.take()["business_date"] == "2026-11-04"
    assert hall.say(hall.opened(), calling.call_next, counter="DKC-1")["ticket"]["id"] == waiting["id"]
    leg = hall.leg(waiting["id"])
    assert leg.first_called_at is not None and leg.first_called_at >= leg.queued_at


def test_a_confirmed_jump_flags_the_durations_that_span_it(hall: SmallHall) -> None:
    ani = hall.opened()
    served, waiting = hall.take(), hall.take()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(hall.person("pengawas"), clockwork.confirm_clock)
    hall.later(minutes=1)
    after = hall.take()
    reliable = [(leg.wait_reliable, leg.service_reliable)
                for leg in (hall.leg(body["id"]) for body in (served, waiting, after))]
    assert reliable == [(True, False), (False, True), (True, True)]
    assert hall.events("ClockConfirmed")[-1].actor == "user:pengawas"


def test_a_service_finished_after_midnight_is_the_session_s_last_act(hall: SmallHall) -> None:
    """The day closes within this very act; the session must not have ended before it.

    Planted: the officer's act noted only after the look for a next visitor -> red.
    """
    hall.at("09:00", day=3)
    ani = hall.opened("ani", "DKC-1")
    hall.take()
    hall.say(ani, calling.call_next, counter="DKC-1")
    hall.say(ani, calling.start, counter="DKC-1")
    hall.at("00:10", day=4)
    hall.say(ani, calling.finish, counter="DKC-1", then_next=True)
    assert hall.rows("SELECT count(*) FROM counter_session WHERE closed_at < last_act_at") == [(0,)]
    ended = hall.rows("SELECT max(ended_at) FROM leg")[0][0]
    assert hall.rows("SELECT closed_at FROM counter_session") == [(ended,)]
