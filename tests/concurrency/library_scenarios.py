"""The libraries that native threads use, in one mode: SQLAlchemy and logging (see scenarios.py)."""

import io
import logging
import sys
from collections.abc import Callable

from sqlalchemy import StaticPool, create_engine, text

from server.concurrency import Loop, NativeThread, keep_native, mode_now

LONG_S = 60.0
LINES = 2000


def sqlalchemy_in_the_native_thread_needs_no_loop_there(loop: Loop) -> None:
    keep_native("sqlalchemy")
    thread, hubs = NativeThread("writer", 100), []

    def open_engine():
        engine = create_engine("sqlite://", poolclass=StaticPool)
        with engine.begin() as connection:
            connection.execute(text("create table n (x integer)"))
        return engine

    def add(engine, number: int) -> int:
        with engine.begin() as connection:
            connection.execute(text("insert into n values (:x)"), {"x": number})
            count = connection.execute(text("select count(*) from n")).scalar_one()
        hubs.append(_has_a_hub())
        return count

    engine = thread.call(open_engine, LONG_S)
    counts, done = [], [loop.event() for _ in range(8)]

    def caller(number: int) -> None:
        for _ in range(20):
            counts.append(thread.call(lambda: add(engine, number), LONG_S))
        done[number].set()

    for number in range(8):
        loop.spawn(caller, number)
    assert all(event.wait(LONG_S) for event in done)
    assert sorted(counts) == list(range(1, 161))
    assert not any(hubs)
    assert thread.call(lambda: engine.dispose(), LONG_S) is None
    assert thread.close(LONG_S)


def both_kinds_of_thread_may_log(loop: Loop) -> None:
    """A green lock in a logging handler hangs the native thread that meets it taken, or (gevent) fails the greenlet now and then."""
    stream, thread = io.StringIO(), NativeThread("t", 100)
    log = logging.Logger("both")
    log.addHandler(logging.StreamHandler(stream))
    lock = log.handlers[0].lock
    assert type(getattr(lock, "_block", lock)).__module__ == "_thread"
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        done = loop.event()

        def native_lines() -> None:
            for number in range(LINES):
                log.warning("native %s", number)

        def green_lines() -> None:
            thread.call(native_lines, LONG_S)
            done.set()

        loop.spawn(green_lines)
        loop.sleep(0)
        for number in range(LINES):
            log.warning("loop %s", number)
        assert done.wait(LONG_S)
    finally:
        sys.setswitchinterval(before)
    assert stream.getvalue().count("\n") == 2 * LINES


def _has_a_hub() -> bool:
    if mode_now() != "eventlet":
        return False
    from eventlet import hubs

    return getattr(hubs._threadlocal, "hub", None) is not None


SCENARIOS: dict[str, Callable[[Loop], None]] = {
    function.__name__: function
    for function in (sqlalchemy_in_the_native_thread_needs_no_loop_there, both_kinds_of_thread_may_log)
}
