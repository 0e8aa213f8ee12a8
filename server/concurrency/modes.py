"""Which kind of concurrency this process runs on, and how it is switched on."""

import functools
import importlib.util
import logging
import sys
import threading
import warnings
from types import ModuleType

ASYNC_MODES = ("eventlet", "gevent", "threading")


def patch(async_mode: str) -> None:
    """Make the standard library of this process cooperative. Call it once, before anything else is imported.

    `async_mode` is one of ASYNC_MODES; `threading` changes nothing. Calling it again with the same mode
    is harmless; another mode in the same process is a ValueError, as is an unknown name.
    """
    if async_mode not in ASYNC_MODES:
        raise ValueError(f"unknown async mode {async_mode!r}: one of {', '.join(ASYNC_MODES)}")
    now = mode_now()
    if now == async_mode:
        return
    if now != "threading":
        raise ValueError(f"this process already runs on {now}")
    if async_mode == "eventlet":
        _patch_eventlet()
    else:
        _patch_gevent()
    keep_native("logging")


def mode_now() -> str:
    """Name the mode this process was patched for, without importing any library."""
    eventlet_patcher = sys.modules.get("eventlet.patcher")
    if eventlet_patcher is not None and eventlet_patcher.is_monkey_patched("thread"):
        return "eventlet"
    gevent_monkey = sys.modules.get("gevent.monkey")
    if gevent_monkey is not None and gevent_monkey.is_module_patched("threading"):
        return "gevent"
    return "threading"


def worker_class_name(async_mode: str) -> str:
    """Name the gunicorn worker class of a mode, as gunicorn's `worker_class` setting wants it."""
    return "server.concurrency." + {
        "eventlet": "EventletWorker",
        "gevent": "GeventWorker",
        "threading": "ThreadWorker",
    }[async_mode]


def keep_native(package: str) -> None:
    """Give the loaded modules of `package` the unpatched `threading`, for locks shared with native threads.

    A green lock must never be waited for in a native thread: its owner wakes a waiter by switching to it,
    which no greenlet can do across threads: under eventlet the native thread would hang for good; gevent's
    locks are made for it, yet two threads that meet at one can find its hub gone. Logging is used by both
    kinds of thread, SQLAlchemy only by native ones; neither yields while it holds a lock, so a real lock
    is right for both. Without a patch this does nothing.
    """
    if mode_now() == "threading":
        return
    native = _native_threading()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == package and getattr(module, "threading", None) is threading:
            module.threading = native  # type: ignore[attr-defined]
    if package == "logging":
        logging._lock = native.RLock()  # type: ignore[attr-defined]  # logging offers no public way
        for reference in list(logging._handlerList):  # type: ignore[attr-defined]  # all handlers made so far
            handler = reference()
            if handler is not None:
                handler.createLock()


def _patch_eventlet() -> None:
    with warnings.catch_warnings():
        # eventlet announces its own retirement at each import; this package is the answer to it.
        warnings.simplefilter("ignore")
        import eventlet
        import eventlet.patcher
    # Database drivers run in native threads, where a green wait callback would be wrong.
    eventlet.monkey_patch(psycopg=False)


def _patch_gevent() -> None:
    from gevent import monkey

    _unpatched_threading()
    monkey.patch_all()


def _native_threading() -> ModuleType:
    if mode_now() == "gevent":
        return _unpatched_threading()
    from eventlet import patcher

    return patcher.original("threading")


@functools.cache
def _unpatched_threading() -> ModuleType:
    """A second copy of the module, made while `_thread` is still the real one: gevent changes the first in place."""
    spec = importlib.util.find_spec("threading")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
