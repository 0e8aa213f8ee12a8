"""One line per event on standard error; the lines of a traceback follow it, marked."""

import logging
import sys

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
#: What a following line of the same event begins with.
CONTINUED = "  | "
#: Libraries that tell at INFO what no hall needs to know.
TALKATIVE = ("alembic", "flask_limiter", "limits")


class OneLine(logging.Formatter):
    """An event never looks like two: nothing that was logged can begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        return super().format(record).replace("\r", " ").replace("\n", "\n" + CONTINUED)


def log_to_stderr(level: str) -> None:
    """Send this process's log to standard error; `level` as in the settings."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine(FORMAT))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
