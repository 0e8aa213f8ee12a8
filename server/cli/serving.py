"""The server itself, after `mpp serve` has prepared everything: the gunicorn master and its companions.

Loads the standard library and gunicorn only; the worker loads the rest after it has patched itself.
"""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from server import wsgi
from server.cli.addresses import hall_url, local_url, read_first_run, welcome
from server.cli.faults import FAILED
from server.cli.logs import log_to_stderr
from server.concurrency import master
from server.ops import handover, presence
from server.ops.companion_commands import companions_of
from server.ops.lifetime import die_with_parent

log = logging.getLogger("mpp.serve")


def main(handover_fd: int) -> int:
    """Serve until told to stop; the exit code."""
    given = handover.read(handover_fd)
    log_to_stderr(given.log_level)
    exit_code = _serve(given)
    if exit_code != 0:
        print("Server berhenti karena kesalahan; sebabnya tertulis di atas.", file=sys.stderr)
        return FAILED
    return 0


def _serve(given: handover.Handover) -> int:
    data, url = Path(given.data), local_url(given.host, given.port)
    master_pid = os.getpid()
    companions = companions_of(data, url, Path(given.home), given.virtual_ports, given.signs)
    presence.announce(data, url)

    def ready() -> None:
        log.info("serving %s on port %s", data, given.port)
        if sys.stdout.isatty():
            hall = hall_url(given.host, given.port)
            print(welcome(read_first_run(data), data, url, hall, given.is_first_run), flush=True)

    def stopped() -> None:
        companions.end()
        presence.withdraw(data)

    return master.run(master.Plan(
        async_mode=given.async_mode,
        listener_fd=given.listener_fd,
        graceful_timeout_s=given.graceful_timeout_s,
        born=lambda: die_with_parent(master_pid),
        load=lambda: _load(given.settings),
        ready=ready,
        leave=wsgi.close_house,
        tick=companions.watch,
        stopping=companions.ask_to_end,
        stopped=stopped,
    ))


def _load(settings: str) -> Any:
    """In the worker, patched by now."""
    from config.settings import Settings

    return wsgi.open_house(Settings.model_validate_json(settings))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
