"""The day's closing, killed before each of its SQL statements: `python -m tests.promises.closing_crash FOLDER`.

Works on copies of FOLDER/open.sqlite3, each closed by a forked child that kills itself (SIGKILL) when its k-th
statement is about to run, for k = 1, 2, ... until one comes through. Prints JSON: for each k what the copy was
afterwards (`open`, `closed` or `torn`), and whether the next start made of it what an undisturbed closing makes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from sqlalchemy import event

from server.app import days
from server.app.ask import Ask
from server.app.performing import perform
from server.ops.first_run import around_of
from server.storage.database import url_of
from server.storage.unit import Writer
from server.storage.work import FloorCache
from tests.house_builder import MORNING, settings_for
from tests.storage.raw import contents

#: the evening of the hall's day, past its day_close
EVENING = MORNING.replace(hour=15)
STATEMENTS_MAX = 1000


def close_due(folder: Path, die_at: int = 0) -> None:
    """Close the day that is due in the folder's database; SIGKILL before statement `die_at`, if it comes so far."""
    writer = Writer(url_of("", folder), FloorCache("KUPANG"), around_of(settings_for(folder)))
    seen = 0

    def count(statement: str) -> None:
        nonlocal seen
        seen += 1
        if seen == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(writer._engine, "connect", lambda dbapi, _: dbapi.set_trace_callback(count))
    ask = Ask("system", EVENING, token="x" * 22)
    [(ok, answer)] = writer.run_batch([lambda work: perform(work, ask, days.close_due, {})])
    assert ok and answer.body is not None, answer
    writer.close()


def killed_at(folder: Path, statement: int) -> bool:
    """Whether a child that closes the day in `folder` was killed at this statement."""
    child = os.fork()
    if child == 0:
        close_due(folder, statement)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def copy_of(source: Path, folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(source, folder / "mpp.sqlite3")
    return folder / "mpp.sqlite3"


def main(folder: Path) -> dict[str, object]:
    source = folder / "open.sqlite3"
    before = contents(source)
    whole = copy_of(source, folder / "whole")
    close_due(whole.parent)
    after = contents(whole)
    found, healed = [], []
    for statement in range(1, STATEMENTS_MAX):
        path = copy_of(source, folder / str(statement))
        killed = killed_at(path.parent, statement)
        now = contents(path)
        found.append("open" if now == before else "closed" if now == after else "torn")
        close_due(path.parent)
        healed.append(contents(path) == after)
        if not killed:
            break
    return {"found": found, "healed": healed}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
