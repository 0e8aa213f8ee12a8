"""gunicorn's lines about requests that it could not read: who sent one, never what stood in it, and not one line for each."""

import logging
import time

SAYS = "Invalid request from ip="
FAILED = "Error handling request"
#: Seconds between two lines.
PAUSE_S = 60.0


class Unreadable(logging.Filter):
    """A broken request may hold a display's key in its first line, and a flood of them would fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._count, self._told_s = 0, -PAUSE_S

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if said.startswith(FAILED):
            record.msg, record.args = FAILED, ()  # the address stays out: it may hold a ticket's token
        if not said.startswith(SAYS):
            return True
        self._count += 1
        if time.monotonic() - self._told_s < PAUSE_S:
            return False
        address = said.removeprefix(SAYS).partition(": ")[0]
        record.msg, record.args = "requests that cannot be read, the last from %s: %d", (address, self._count)
        self._told_s, self._count = time.monotonic(), 0
        return True
