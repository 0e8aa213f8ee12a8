"""What native threads promise, played in one mode. Runs as a program: `python -m tests.concurrency.scenarios MODE`.

Nothing here looks at a clock: a scenario that would stop the loop never ends, and the test that started it says so.
The program prints one JSON object: scenario name -> "" or the traceback.
"""

import json
import sys
import threading
import traceback
from _thread import allocate_lock as native_lock, get_ident as native_ident  # taken before any patch
from collections.abc import Callable

from server.concurrency import native
from server.concurrency import Busy, Closed, Loop, NativePool, NativeThread, WaitedTooLong, mode_now, patch, run_each

LONG_S = 60.0
SCENARIOS: dict[str, Callable[[Loop], None]] = {}


def scenario(function: Callable[[Loop], None]) -> Callable[[Loop], None]:
    SCENARIOS[function.__name__] = function
    return function


class Gate:
    """Closed when made; whoever passes blocks its whole OS thread until somebody opens it."""

    def __init__(self) -> None:
        self._lock = native_lock()
        self._lock.acquire()

    def open(self) -> None:
        self._lock.release()

    def pass_through(self) -> None:
        self._lock.acquire()
        self._lock.release()


class Caller:
    """A task that makes one call and keeps what came of it."""

    def __init__(self, loop: Loop, thread: NativeThread, function: Callable[[], object], wait_s: float = LONG_S) -> None:
        self._done = loop.event()
        self.result: object = None
        self.problem: BaseException | None = None
        self.task = loop.spawn(self._call, thread, function, wait_s)

    def _call(self, thread: NativeThread, function: Callable[[], object], wait_s: float) -> None:
        try:
            self.result = thread.call(function, wait_s)
        except BaseException as problem:
            self.problem = problem
        self._done.set()

    def finish(self) -> "Caller":
        assert self._done.wait(LONG_S)
        return self


def let_run_until(loop: Loop, condition: Callable[[], bool]) -> None:
    while not condition():  # a turn costs next to nothing: a count of them would be a short time on a busy machine
        loop.sleep(0)


def give_up(loop: Loop, caller: Caller) -> None:
    """Kill the caller; a real thread cannot be killed, there the call was made with a wait that is over at once."""
    if mode_now() == "threading":
        caller.finish()
        assert isinstance(caller.problem, WaitedTooLong)
        return
    caller.task.kill()
    loop.sleep(0)


def wait_of_a_quitter(wait_s: float = 0.05) -> float:
    return wait_s if mode_now() == "threading" else LONG_S


def occupied(loop: Loop, thread: NativeThread) -> tuple[Gate, Caller]:
    """Block the native thread inside a callable until the gate is opened."""
    gate, begun = Gate(), []
    caller = Caller(loop, thread, lambda: (begun.append(1), gate.pass_through()))
    let_run_until(loop, lambda: bool(begun))
    return gate, caller


def still_works(thread: NativeThread) -> None:
    assert thread.call(lambda: 6 * 7, LONG_S) == 42


@scenario
def the_loop_turns_while_a_callable_blocks(loop: Loop) -> None:
    thread, gate, ticks = NativeThread("t", 10), Gate(), []

    def tick() -> None:
        while len(ticks) < 1000:
            ticks.append(1)
            loop.sleep(0)
        gate.open()

    loop.spawn(tick)
    thread.call(gate.pass_through, LONG_S)
    assert len(ticks) == 1000


@scenario
def eight_callers_in_order_in_one_thread(loop: Loop) -> None:
    thread, log, threads = NativeThread("t", 100), [], set()

    def work(who: int, what: int) -> tuple[int, int]:
        threads.add(native_ident())
        log.append((who, what))
        return who, what

    def caller(who: int) -> None:
        for what in range(50):
            assert thread.call(lambda: work(who, what), LONG_S) == (who, what)
        done[who].set()

    done = [loop.event() for _ in range(8)]
    for who in range(8):
        loop.spawn(caller, who)
    assert all(event.wait(LONG_S) for event in done)
    assert len(log) == 400 and len(threads) == 1 and native_ident() not in threads
    for who in range(8):
        assert [what for whose, what in log if whose == who] == list(range(50))


@scenario
def queued_callables_run_in_the_order_of_their_calls(loop: Loop) -> None:
    thread, log = NativeThread("t", 100), []
    gate, first = occupied(loop, thread)
    callers = []
    for number in range(20):
        callers.append(Caller(loop, thread, lambda number=number: log.append(number)))
        let_run_until(loop, lambda: thread._jobs.qsize() == len(callers))
    gate.open()
    for caller in [first, *callers]:
        assert caller.finish().problem is None
    assert log == list(range(20))


@scenario
def a_caller_killed_before_it_is_queued(loop: Loop) -> None:
    if mode_now() == "threading":
        return  # a thread begins at once
    thread, ran = NativeThread("t", 10), []
    caller = Caller(loop, thread, lambda: ran.append(1))
    give_up(loop, caller)
    still_works(thread)
    assert ran == []


@scenario
def a_caller_killed_while_queued(loop: Loop) -> None:
    thread, ran = NativeThread("t", 10), []
    gate, first = occupied(loop, thread)
    caller = Caller(loop, thread, lambda: ran.append(1), wait_of_a_quitter())
    let_run_until(loop, lambda: thread._jobs.qsize() == 1)
    follower = Caller(loop, thread, lambda: "follower")
    let_run_until(loop, lambda: thread._jobs.qsize() == 2)
    give_up(loop, caller)
    gate.open()
    assert first.finish().problem is None
    assert follower.finish().result == "follower"
    assert ran == [], "its caller had gone before it began"


@scenario
def a_caller_killed_while_it_runs(loop: Loop) -> None:
    thread, gate, log = NativeThread("t", 10), Gate(), []

    def unit_of_work() -> str:
        log.append("begin")
        gate.pass_through()
        log.append("commit")
        return "dropped"

    caller = Caller(loop, thread, unit_of_work, wait_of_a_quitter(1.0))  # long enough to have begun on a busy machine
    let_run_until(loop, lambda: log == ["begin"])
    give_up(loop, caller)
    follower = Caller(loop, thread, lambda: log.append("next"))
    loop.sleep(0)
    assert log == ["begin"], "nobody enters while the unit of work is open"
    gate.open()
    assert follower.finish().problem is None
    assert log == ["begin", "commit", "next"] and caller.result is None


@scenario
def a_caller_killed_when_it_is_done_but_not_told(loop: Loop) -> None:
    thread, finished, log = NativeThread("t", 10), Gate(), []

    def unit_of_work() -> None:
        log.append("commit")
        finished.open()

    caller = Caller(loop, thread, unit_of_work)
    if mode_now() != "threading":
        loop.sleep(0)  # the call is made ...
        finished.pass_through()  # ... and this stops the loop until the callable is through
        caller.task.kill()
        loop.sleep(0)
    still_works(thread)
    assert log == ["commit"]


@scenario
def an_exception_is_the_callers(loop: Loop) -> None:
    thread = NativeThread("t", 10)

    def fail(problem: BaseException) -> None:
        raise problem

    for problem in (ValueError("seven"), SystemExit(3), KeyboardInterrupt()):
        try:
            thread.call(lambda problem=problem: fail(problem), LONG_S)
        except BaseException as seen:
            assert seen is problem
        else:
            raise AssertionError("nothing was raised")
        still_works(thread)


@scenario
def a_full_queue_is_busy_at_once(loop: Loop) -> None:
    thread, ran = NativeThread("t", 2), []
    gate, first = occupied(loop, thread)
    queued = [Caller(loop, thread, lambda: ran.append("queued")) for _ in range(2)]
    let_run_until(loop, lambda: thread._jobs.qsize() == 2)
    try:
        thread.call(lambda: ran.append("refused"), 0.05)
    except Busy:
        pass
    else:
        raise AssertionError("a third one was queued")
    gate.open()
    for caller in [first, *queued]:
        assert caller.finish().problem is None
    assert ran == ["queued", "queued"]


@scenario
def a_wait_that_is_over_drops_the_result(loop: Loop) -> None:
    thread = NativeThread("t", 10)
    gate, first = occupied(loop, thread)
    late = Caller(loop, thread, lambda: "too late", wait_s=0.01).finish()
    assert isinstance(late.problem, WaitedTooLong) and late.result is None
    gate.open()
    assert first.finish().problem is None
    still_works(thread)


@scenario
def a_batch_waits_for_as_many_as_came_last(loop: Loop) -> None:
    """Waiting for one more lasts LONG_S here, so that waiting in vain never ends and not waiting shows in the sizes."""
    sizes: list[int] = []

    def run_batch(functions):
        sizes.append(len(functions))
        return run_each(functions)

    thread = NativeThread("t", 100, batch_max=8, run_batch=run_batch)
    shortest, native.GATHER_S = native.GATHER_S, LONG_S
    try:
        still_works(thread)  # alone: answered at once
        gate, first = occupied(loop, thread)
        callers = [first, *(Caller(loop, thread, native_ident) for _ in range(2))]
        let_run_until(loop, lambda: thread._jobs.qsize() == 2)
        gate.open()
        for caller in callers:
            caller.finish()
        one = Caller(loop, thread, native_ident)
        for _ in range(1000):
            loop.sleep(0)  # long enough to be taken alone by a thread that does not wait
        Caller(loop, thread, native_ident).finish()
        one.finish()
        assert sizes == [1, 1, 2, 2]
        native.GATHER_S = 0.0
        still_works(thread)  # the other stays away: forgotten after one batch
        native.GATHER_S = LONG_S
        still_works(thread)
    finally:
        native.GATHER_S = shortest


@scenario
def waiting_callables_share_a_batch(loop: Loop) -> None:
    sizes = []

    def run_batch(functions):
        sizes.append(len(functions))
        if len(functions) == 2:
            raise OSError("the shared commit failed")
        return run_each(functions)

    thread = NativeThread("t", 100, batch_max=4, run_batch=run_batch)
    gate, first = occupied(loop, thread)
    callers = []
    for number in range(6):
        callers.append(Caller(loop, thread, lambda number=number: 12 // (number - 2)))
        let_run_until(loop, lambda: thread._jobs.qsize() == len(callers))
    gate.open()
    for caller in [first, *callers]:
        caller.finish()
    assert sizes == [1, 4, 2]
    assert [caller.result for caller in callers] == [-6, -12, None, 12, None, None]
    assert [type(caller.problem) for caller in callers[2:]] == [ZeroDivisionError, type(None), OSError, OSError]


@scenario
def closing_finishes_the_queue_and_takes_no_more(loop: Loop) -> None:
    thread, ran = NativeThread("t", 10), []
    gate, first = occupied(loop, thread)
    queued = Caller(loop, thread, lambda: ran.append(1))
    let_run_until(loop, lambda: thread._jobs.qsize() == 1)
    assert thread.close(wait_s=0.01) is False, "the callable is still at work"
    gate.open()
    assert thread.close(LONG_S) is True
    assert ran == [1] and first.finish().problem is None and queued.finish().problem is None
    try:
        thread.call(lambda: ran.append(2), LONG_S)
    except Closed:
        assert ran == [1]
    else:
        raise AssertionError("a closed thread took a callable")


@scenario
def a_pool_runs_side_by_side(loop: Loop) -> None:
    pool, one, other = NativePool(2), Gate(), Gate()
    first = Caller(loop, pool, lambda: (one.open(), other.pass_through()))
    second = Caller(loop, pool, lambda: (other.open(), one.pass_through()))
    assert first.finish().problem is None and second.finish().problem is None
    assert pool.run(lambda: "hash", LONG_S) == "hash"
    assert pool.close(LONG_S) is True


def play(mode: str) -> dict[str, str]:
    patch(mode)
    from tests.concurrency import library_scenarios  # after the patch, as in a worker

    loop, results = Loop(), {}
    for name, function in {**SCENARIOS, **library_scenarios.SCENARIOS}.items():
        try:
            function(loop)
            results[name] = ""
        except BaseException:
            results[name] = traceback.format_exc()
    return results


if __name__ == "__main__":
    played: list[dict[str, str]] = [play(sys.argv[1])]
    assert threading.current_thread() is not None
    print(json.dumps(played[0]))
