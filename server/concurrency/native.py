"""Native threads that do what would stop the loop: the database, password hashes, reports.

A caller hands over a callable and waits cooperatively. The callable runs wholly in the native thread;
a caller that gives up (its time is over, it is killed) frees nothing and touches nothing the callable uses.
"""

import _thread
# the C queue itself: `queue.SimpleQueue` is replaced by eventlet and gevent
from _queue import Empty, SimpleQueue
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from server.concurrency.loops import Loop
from server.concurrency.modes import mode_now

T = TypeVar("T")
#: Longest wait for one more callable of a batch, seconds; much less than a person notices.
GATHER_S = 0.004
#: (True, the result) or (False, the exception).
Outcome = tuple[bool, Any]
RunBatch = Callable[[Sequence[Callable[[], Any]]], Sequence[Outcome]]


class Busy(Exception):
    """The queue of the native thread is full: nothing was queued, nothing will run."""


class Closed(Busy):
    """The native thread has been closed: nothing was queued, nothing will run."""


class WaitedTooLong(TimeoutError):
    """The wait was over before the answer came. A callable that had begun runs to its end; its result is dropped."""


class _Job:
    """One callable on its way: made by the caller, answered by the native thread, announced in the loop."""

    __slots__ = ("abandoned", "announced", "function", "outcome")

    def __init__(self, function: Callable[[], Any], announced: Any) -> None:
        self.function = function
        self.announced = announced
        self.abandoned = False
        self.outcome: Outcome | None = None


class _Crew:
    """`size` native threads fed from one bounded queue, with one bell back into the loop."""

    def __init__(self, name: str, size: int, queue_max: int, batch_max: int, run_batch: RunBatch) -> None:
        self.name = name
        self._loop = Loop()
        self._queue_max = queue_max
        self._batch_max = batch_max
        self._run_batch = run_batch
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._finished: deque[_Job] = deque()
        self._bell = self._loop.doorbell(self._announce)
        self._size = size
        self._ended: list[None] = []
        #: how many are likely to share the next batch
        self._expected = 1
        self._last = _Job(_no_function, self._loop.event())
        self._closing = False
        start_native_thread = _native_starter()
        for _ in range(size):
            start_native_thread(self._work, ())

    def call(self, function: Callable[[], T], wait_s: float) -> T:
        """Run `function` in a native thread and give its result or raise its exception.

        Raises Busy at once when the queue is full, WaitedTooLong after `wait_s` seconds. A callable whose
        caller gave up before it began is not begun.
        """
        if self._closing:
            raise Closed(self.name)
        if self._jobs.qsize() >= self._queue_max:
            raise Busy(self.name)
        job = _Job(function, self._loop.event())
        try:
            self._jobs.put(job)
            if not job.announced.wait(wait_s):
                raise WaitedTooLong(f"{self.name}: no answer after {wait_s} s")
        except BaseException:
            job.abandoned = True
            raise
        ok, value = job.outcome  # type: ignore[misc]  # set before it is announced
        if ok:
            return value
        try:
            raise value
        finally:
            del value, job  # the traceback holds this frame: break the circle

    def close(self, wait_s: float) -> bool:
        """Take no more, finish what is queued, end. False: not ended after `wait_s` seconds (ends with the process)."""
        if not self._closing:
            self._closing = True
            for _ in range(self._size):
                self._jobs.put(None)
        ended = self._last.announced.wait(wait_s)
        if ended:
            self._bell.close()
        return ended

    def _work(self) -> None:
        """The native thread: take what is there, up to a batch, run it, ring."""
        last = False
        while not last:
            taken = self._take()
            last = taken[-1] is None
            jobs = [job for job in taken if job is not None and not job.abandoned]
            if jobs:
                for job, outcome in zip(jobs, self._run(jobs), strict=True):
                    job.outcome = outcome
                    self._finished.append(job)
                self._bell.ring()
        self._ended.append(None)
        if len(self._ended) == self._size:
            self._finished.append(self._last)
            self._bell.ring()

    def _take(self) -> list[_Job | None]:
        """What is queued, up to a batch. While several press at once, the callers of the last batches
        are likely on their way again: to wait for them a moment costs less than a flush of their own."""
        taken = [self._jobs.get()]
        while taken[-1] is not None and len(taken) < self._batch_max:
            try:
                taken.append(self._jobs.get(len(taken) < self._expected, GATHER_S))
            except Empty:
                break
        # Forgotten by one at a time, so that two groups that take turns become one.
        self._expected = max(len(taken), self._expected - 1)
        return taken

    def _run(self, jobs: list[_Job]) -> Sequence[Outcome]:
        try:
            outcomes = self._run_batch([job.function for job in jobs])
            if len(outcomes) == len(jobs):
                return outcomes
            raise RuntimeError(f"{self.name}: {len(jobs)} callables, {len(outcomes)} outcomes")
        except BaseException as problem:  # whatever it is belongs to the callers; this thread must live on
            return [(False, problem)] * len(jobs)

    def _announce(self) -> None:
        """In the loop: wake each caller whose answer is there. One that has gone is simply not there to wake."""
        while self._finished:
            try:
                job = self._finished.popleft()
            except IndexError:  # threading mode only: another thread was quicker
                return
            job.announced.set()


class NativeThread(_Crew):
    """One native thread: callables run one after the other, in the order in which they were handed over.

    `queue_max` callables may wait. With `batch_max` above 1, `run_batch` is given up to that many waiting
    callables at once and answers one `Outcome` each, in their order, so that they can share a commit;
    an exception out of `run_batch` itself is raised in every caller of the batch.
    """

    def __init__(self, name: str, queue_max: int, batch_max: int = 1, run_batch: RunBatch | None = None) -> None:
        super().__init__(name, 1, queue_max, batch_max, run_batch or run_each)


class NativePool(_Crew):
    """`size` native threads for what may run side by side: reads, password hashes."""

    def __init__(self, size: int, name: str = "pool", queue_max: int = 1000) -> None:
        super().__init__(name, size, queue_max, 1, run_each)

    def run(self, function: Callable[[], T], wait_s: float) -> T:
        """The same as `call`."""
        return self.call(function, wait_s)


def run_each(functions: Sequence[Callable[[], Any]]) -> list[Outcome]:
    """Run each callable by itself; one that fails does not touch the others."""
    outcomes: list[Outcome] = []
    for function in functions:
        try:
            outcomes.append((True, function()))
        except BaseException as problem:  # carried to the caller, whatever it is
            outcomes.append((False, problem))
    return outcomes


def _native_starter() -> Callable[..., object]:
    """Find the real `start_new_thread`, whatever this process was patched for."""
    mode = mode_now()
    if mode == "eventlet":
        from eventlet import patcher

        return patcher.original("_thread").start_new_thread
    if mode == "gevent":
        from gevent import monkey

        return monkey.get_original("_thread", "start_new_thread")
    return _thread.start_new_thread


def _no_function() -> None:
    """What the last job of a crew runs: it only announces that all threads have ended."""
