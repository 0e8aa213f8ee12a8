"""The parts of the simulator: time as the server tells it, the shape of a day, the plan, what displays got.

Planted: `self._rate` left out of ServerTime._carried; `told[0] > known` turned round in Display.take; the Friday
points used on every day -> red.
"""

from __future__ import annotations

import socket
import threading
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from server.simulate.figures import quantile
from server.simulate.hall import Hall, Service
from server.simulate.options import CannotRun, Options
from server.simulate.plan import course_of, desks_of, shift_of
from server.simulate.reach import reach
from server.simulate.record import Record, Told
from server.simulate.screens import Display
from server.simulate.seen import check_calls
from server.simulate.servertime import ServerTime
from server.simulate.shape import FIRST_MIN, LAST_MIN, arrivals, weight
from server.simulate.traits import wishes
from server.simulate.wire import Proof, Reply, Wire
from tests.simulate.logs import true_day

ZONE = ZoneInfo("Asia/Makassar")
FRIDAY = date(2026, 11, 6)


def hall(on: date = FRIDAY) -> Hall:
    services = {
        code: Service(code, code.partition("-")[0], popular, 600.0)
        for code, popular in (("DKC-KTP", 100), ("DKC-KK", 50), ("PTSP-NIB", 20))
    }
    counters = {"DKC": ("DKC-1", "DKC-2", "DKC-3"), "PTSP": ("PTSP-1",)}
    return Hall("MPP", ZONE, on, True, ("id", "en"), ("lansia",), ("BIRU",), services, counters, {})


def options(**said: Any) -> Options:
    from pathlib import Path

    return Options("http://127.0.0.1:1", Path("first-run.json"), **said)


class Monotonic:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_time_goes_on_at_the_servers_rate_between_tellings() -> None:
    real = Monotonic()
    clock = ServerTime(monotonic=real)
    clock.heard("2026-11-06T00:00:00.000Z")
    real.now_s += 1
    clock.heard("2026-11-06T00:10:00.000Z")
    assert clock.rate == 600
    real.now_s += 0.1
    assert clock.now() == datetime(2026, 11, 6, 0, 11, tzinfo=UTC)
    clock.heard("2026-11-06T00:10:30.000Z")  # told 50 ms ago: it was later than that already
    assert clock.now() == datetime(2026, 11, 6, 0, 11, tzinfo=UTC)


def test_waiting_is_for_business_time_and_ends_when_told_to() -> None:
    clock = ServerTime(rate=100_000)
    clock.heard("2026-11-06T00:00:00.000Z")
    assert clock.wait(3600, threading.Event())
    stop = threading.Event()
    stop.set()
    assert not clock.wait(3600 * 24 * 365, stop)


def test_before_the_server_told_the_time_nobody_knows_it() -> None:
    with pytest.raises(RuntimeError):
        ServerTime().now()


def test_the_day_has_its_peak_and_its_dips() -> None:
    assert weight(600, False) > 2 * weight(740, False) > 0
    assert weight(740, True) == 0 < weight(740, False)
    assert weight(FIRST_MIN - 1, False) == weight(LAST_MIN, False) == 0


@pytest.mark.parametrize("is_friday", [True, False])
def test_visitors_come_in_order_while_numbers_are_given(is_friday: bool) -> None:
    minutes = arrivals(Random(1), 500, is_friday, since_min=500)
    assert len(minutes) == 500 and minutes == sorted(minutes)
    assert 500 <= minutes[0] and minutes[-1] <= LAST_MIN
    assert any(690 < minute < 780 for minute in minutes) is not is_friday


def test_a_seed_is_a_day() -> None:
    minutes = arrivals(Random(3), 400, True)
    first, again, other = wishes(3, minutes, hall()), wishes(3, minutes, hall()), wishes(4, minutes, hall())
    assert first == again != other
    assert {visitor.service for visitor in first} == set(hall().services)
    for trait in ("priority", "absent_s", "transfer_to", "hold_s", "leaves_after_s", "double_tap", "at_desk"):
        assert 0 < sum(bool(getattr(visitor, trait)) for visitor in first) < 60, trait


def test_counters_open_for_the_demand_and_work_faster_when_there_are_too_few() -> None:
    few, many = desks_of(hall(), 60, None), desks_of(hall(), 5000, None)
    assert few.counters == {"DKC": 2, "PTSP": 1} and few.speed["DKC"] == 1
    assert many.counters == {"DKC": 3, "PTSP": 1} and many.speed["DKC"] < 0.3
    assert desks_of(hall(), 5000, 1).counters == {"DKC": 1, "PTSP": 1}


def test_a_day_at_its_own_hours_or_squeezed() -> None:
    seven, afternoon = (datetime(2026, 11, 6, hour, 0, tzinfo=ZONE) for hour in (7, 15))
    assert course_of(options(), hall(), seven).at(FIRST_MIN) == datetime(2026, 11, 6, 8, 0, tzinfo=ZONE)
    with pytest.raises(CannotRun):
        course_of(options(), hall(), afternoon)
    squeezed = course_of(options(minutes=10), hall(), afternoon)
    assert squeezed.at(LAST_MIN) - squeezed.at(FIRST_MIN) == timedelta(minutes=10)


def test_friday_prayer_is_a_pause_for_everybody() -> None:
    course = course_of(options(), hall(), datetime(2026, 11, 6, 7, 0, tzinfo=ZONE))
    for seed in range(20):
        pause = shift_of(Random(seed), course, hall()).pause
        assert pause and pause[0] <= datetime(2026, 11, 6, 11, 40, tzinfo=ZONE)
        assert pause[1] >= datetime(2026, 11, 6, 12, 45, tzinfo=ZONE)


@pytest.mark.parametrize(("values", "share", "wanted"), [([], 0.5, None), ([3, 1, 2], 0.5, 2), ([1], 0.9, 1)])
def test_quantiles_are_nearest_rank(values: list[float], share: float, wanted: float | None) -> None:
    assert quantile(values, share) == wanted


class NoWire(Wire):
    """Answers the cursor route from a list, so that a display can fill a gap without a server."""

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        super().__init__("http://127.0.0.1:1", Proof("device:TV1"), Record())
        self._calls = calls

    def get(self, path: str, kind: str = "look") -> Reply:
        after = int(path.rpartition("-")[2])
        return Reply(200, {"items": [call for call in self._calls if call["call_id"] > after]}, {})


def shown(call: Told, events: list[dict[str, Any]]) -> dict[str, Any]:
    event = events[(call.call or 0) - 1]
    return {"call_id": call.call, "number": event["data"]["label"], "counter": event["counter"]}


def view(version: int, calls: list[dict[str, Any]]) -> dict[str, Any]:
    return {"epoch": "e", "version": version, "data": {"calls": calls, "waiting": [{"gerai": "DKC"}]}}


def test_a_display_owns_every_call_of_its_group_even_when_views_skip_some() -> None:
    day = true_day()
    calls = [shown(act, day.events) for act in day.record.told if act.call and act.counter == "DKC-1"]
    display = Display("http://127.0.0.1:1", "TV1", NoWire(calls), day.record, lambda at: None)
    display.take(view(2, []))
    display.take(view(calls[0]["call_id"], calls[:1]))
    display.take(view(calls[-1]["call_id"], calls[-2:]))
    assert check_calls([display], day.events) == []
    assert day.record.counts["calls_fetched"] >= len(calls) - 3
    missing = calls[3]["call_id"]
    del display.calls[missing]
    assert [one.promise for one in check_calls([display], day.events)] == ["P8"]
    display.calls[missing] = {**calls[3], "number": "X-999"}
    assert [one.promise for one in check_calls([display], day.events)] == ["P8"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n<h1>Router</h1>", "bukan server Antrian MPP"),
        (b'HTTP/1.1 200 OK\r\n\r\n{"info": {"title": "Petstore"}}', "bukan server Antrian MPP"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "bukan server Antrian MPP"),
        (b'HTTP/1.1 200 OK\r\n\r\n{"info": {"title": "Antrian MPP: Kupang"}}', ""),
    ],
)
def test_what_answers_is_looked_at_before_the_day(answer: bytes, why: str) -> None:
    """Planted: the title not looked at; an answer that is no HTTP raised as it is -> red."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        url = f"http://127.0.0.1:{door.getsockname()[1]}"
        other = threading.Thread(target=_answer_once, args=(door, answer))
        other.start()
        try:
            reach(url)
            said = ""
        except CannotRun as problem:
            said = str(problem)
        other.join()
    assert why in said and bool(why) == (url in said)


def _answer_once(door: socket.socket, answer: bytes) -> None:
    link, _ = door.accept()
    with link:
        link.recv(1000)
        link.sendall(answer)


@pytest.mark.parametrize("url", ["mpp.lan", "ftp://mpp.lan", "http://", "http://mpp.lan:99999", "https://mpp.lan"])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(CannotRun, match="Alamat .* tidak benar; tulis misalnya"):
        reach(url)


def test_calls_out_of_order_break_the_promise_of_screens() -> None:
    record = Record()
    display = Display("http://127.0.0.1:1", "TV1", NoWire([]), record, lambda at: None)
    display.take(view(9, [{"call_id": 5}, {"call_id": 4}]))
    assert [one.promise for one in record.violations] == ["P8"]
