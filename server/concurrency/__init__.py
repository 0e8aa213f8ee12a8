"""Everything that names eventlet, gevent or a gunicorn worker.

The rest of the server speaks of `patch`, `Loop`, `NativeThread`, `NativePool` and of a worker class
by its name; the day eventlet is retired, nothing outside this package changes.

The two worker classes are looked up on demand (`gunicorn -k server.concurrency.EventletWorker`),
so that importing this package loads neither eventlet nor gevent.
"""

from importlib import import_module

from server.concurrency.loops import Doorbell, Happening, Loop, Task
from server.concurrency.modes import (
    ASYNC_MODES,
    keep_native,
    mode_now,
    patch,
    worker_class_name,
)
from server.concurrency.native import (
    Busy,
    Closed,
    NativePool,
    NativeThread,
    Outcome,
    WaitedTooLong,
    run_each,
)

_WORKERS = {
    "EventletWorker": "server.concurrency.eventlet_worker",
    "GeventWorker": "server.concurrency.gevent_worker",
    "ThreadWorker": "server.concurrency.thread_worker",
}

__all__ = [
    "ASYNC_MODES", "Busy", "Closed", "Doorbell", "Happening", "Loop", "NativePool", "NativeThread", "Outcome",
    "Task", "WaitedTooLong", "keep_native", "mode_now", "patch", "run_each", "worker_class_name", *_WORKERS,
]


def __getattr__(name: str) -> object:
    """Give a worker class by its name, loading its library only then."""
    if name not in _WORKERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_WORKERS[name]), name)
