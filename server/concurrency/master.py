"""The gunicorn master of a server: one worker, watched; what else the server brings along is ticked and ended.

A whole unit of the hall lives in one process, so the signals that would add, swap or reload workers do nothing.
"""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.sock import create_sockets

from server.concurrency.modes import worker_class_name
from server.concurrency.unreadable import Unreadable

log = logging.getLogger("mpp.master")

#: A worker whose loop has not turned for so long is killed and replaced.
FROZEN_AFTER_S = 30
CONNECTIONS_MAX = 2000
#: Threads of the thread worker: one per open connection.
THREADS = 64
KEEPALIVE_S = 15
SHARED_MEMORY = Path("/dev/shm")


@dataclass(frozen=True)
class Plan:
    """What one server is made of. The first four functions run in the worker, the last three in the master."""

    async_mode: str
    listener_fd: int
    graceful_timeout_s: int
    born: Callable[[], None]
    load: Callable[[], Any]
    ready: Callable[[], None]
    leave: Callable[[], None]
    tick: Callable[[], None]
    stopping: Callable[[], None]
    stopped: Callable[[], None]


def run(plan: Plan) -> int:
    """Serve until told to stop; the exit code. In the worker this raises SystemExit, as gunicorn means it."""
    master_pid = os.getpid()
    try:
        _Master(_Application(plan), plan).run()
    except SystemExit as leaving:
        if os.getpid() != master_pid:
            raise
        return leaving.code if isinstance(leaving.code, int) else 0
    return 0


def become_worker(plan: Plan) -> None:
    """Be the worker of such a server in this very process, without a master; returns when it was told to end."""
    application = _Application(plan)
    cfg = application.cfg
    lines = cfg.logger_class(cfg)
    plan.born()
    worker = cfg.worker_class(1, os.getppid(), create_sockets(cfg, lines), application, cfg.timeout, cfg, lines)
    try:
        worker.init_process()
    finally:
        plan.leave()


class _Application(BaseApplication):
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        super().__init__()

    def load_config(self) -> None:
        plan = self._plan
        for name, value in {
            "bind": f"fd://{plan.listener_fd}",
            "workers": 1,
            "worker_class": worker_class_name(plan.async_mode),
            "worker_connections": CONNECTIONS_MAX,
            "threads": THREADS if plan.async_mode == "threading" else 1,
            "timeout": FROZEN_AFTER_S,
            "graceful_timeout": plan.graceful_timeout_s,
            "keepalive": KEEPALIVE_S,
            "worker_tmp_dir": str(SHARED_MEMORY) if os.access(SHARED_MEMORY, os.W_OK) else None,
            "control_socket_disable": True,
            # Green sockets have no sendfile of their own.
            "sendfile": False,
            "proc_name": "mpp",
            "logger_class": _Log,
            "post_fork": lambda _, __: plan.born(),
            "post_worker_init": lambda worker: plan.ready() if worker.age == 1 else None,
            "worker_exit": lambda _, __: plan.leave(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._plan.load()


class _Log(Logger):
    """gunicorn's own lines, through our log: its warnings and errors only."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)
        self.error_log.filters = [Unreadable()]
        self.access_log.disabled = True

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """No line per request: at 200 screens nobody could read them."""

    def reopen_files(self) -> None:
        """There are none."""

    def close_on_exec(self) -> None:
        """There is nothing to close."""


class _Master(Arbiter):
    def __init__(self, application: _Application, plan: Plan) -> None:
        self._plan = plan
        super().__init__(application)

    def manage_workers(self) -> None:
        super().manage_workers()
        self._plan.tick()

    def stop(self, graceful: bool = True) -> None:
        self._plan.stopping()
        super().stop(graceful=True)
        self._plan.stopped()

    def handle_int(self) -> None:
        raise StopIteration

    handle_quit = handle_int

    def _ignore(self) -> None:
        log.warning("a signal for more than one worker was ignored")

    handle_hup = handle_ttin = handle_ttou = handle_usr1 = handle_usr2 = handle_winch = _ignore
