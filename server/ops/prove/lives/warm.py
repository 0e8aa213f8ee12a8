"""`python -m server.ops.prove.lives.warm ASYNC_MODE`: forks a server for each line on its standard input.

A server's start is mostly its imports, which no crash can change, so this process makes them once, patched as the worker
is. Each child then goes the way of `mpp serve` (data folder, lock, port, `prepare`) and becomes the product's worker
class with the product's application; only the gunicorn master, which never touches the data, is not there.

A line is JSON: `environment` (MPP_* variables), `traced` (whether to wait for strace before anything is opened) and
`checkpoint_pages` (null: the product's own). The answer is the child's pid. Ends with its input.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path
from typing import Any, NoReturn

from server.concurrency import patch, worker_class_name

#: how long a child waits for strace to attach
ATTACH_TIMEOUT_S, LOOK_S = 30.0, 0.002


def main(async_mode: str) -> None:
    """Answer each line with a pid, until there are none."""
    patch(async_mode)
    _import_everything()
    gc.freeze()  # a collection in a child would copy every page it looks at
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how they ended
    print("ready", flush=True)
    for line in sys.stdin:
        order, parent = json.loads(line), os.getpid()
        pid = os.fork()
        if pid == 0:
            _live(order, parent)
        print(pid, flush=True)


def _import_everything() -> None:
    from importlib import import_module

    from server import bootstrap

    for face in bootstrap.FACES:
        import_module(f"{face}.face")
    for name in ("server.cli.places", "server.cli.logs", "server.concurrency.master", "server.ops.data_folder", "server.ops.port", "server.wsgi"):
        import_module(name)


def _live(order: dict[str, Any], parent: int) -> NoReturn:
    from server.ops.lifetime import die_with_parent

    die_with_parent(parent)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.update(order["environment"])
    if order["traced"]:
        _await_tracer()
    if order["checkpoint_pages"]:
        from server.storage import engine

        engine.CHECKPOINT_PAGES = order["checkpoint_pages"]
    code = 1
    try:
        _serve()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)  # what is below this frame belongs to the parent


def _serve() -> None:
    from server import wsgi
    from server.cli.logs import log_to_stderr
    from server.cli.places import load_settings
    from server.concurrency import master
    from server.ops import port
    from server.ops.data_folder import DataLock, open_data_folder
    from server.ops.first_run import prepare

    settings = load_settings()
    server = settings.server
    log_to_stderr(server.log_level)
    open_data_folder(Path(server.data))
    lock = DataLock(Path(server.data), server.start_wait_s)
    listener = port.listen(server.host, server.port, server.start_wait_s)
    prepare(settings)
    master.become_worker(master.Plan(
        async_mode=server.async_mode, listener_fd=listener.detach(), graceful_timeout_s=server.graceful_timeout_s,
        born=_nothing, load=lambda: wsgi.open_house(settings), ready=_nothing, leave=wsgi.close_house,
        tick=_nothing, stopping=_nothing, stopped=_nothing,
    ))
    os.close(lock.fd)


def _await_tracer() -> None:
    """Go on once strace has this process."""
    deadline = time.monotonic() + ATTACH_TIMEOUT_S
    while "TracerPid:\t0\n" in Path("/proc/self/status").read_text():
        if time.monotonic() > deadline:
            os._exit(1)
        time.sleep(LOOK_S)


def _nothing() -> None:
    """What the master would do, and nobody does here."""


if __name__ == "__main__":
    main(sys.argv[1])
