"""A waiter that is killed at any step of a write breaks nothing: not the writer, not the database, not its own key.

Planted: `call` running the unit in the caller's own green thread -> red (hangs, then the bound).
Planted: a killed caller's unit rolled back from outside (`Writer._drop` in `call`) -> red.
Planted: an abandoned callable run all the same -> red (while it is queued).
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from server.ops.prove.records import Records
from server.storage.database import FILE
from tests.house.files import ROOT
from tests.promises.crowd import crowd_folder
from tests.promises.judging import judge
from tests.promises.waiters import AFTER_COMMIT, AFTER_WRITE, BEFORE_QUEUE, BEFORE_WRITE, IN_QUEUE

#: only a bound for a waiter that hangs; all of it takes about two seconds
HANGS_AFTER_S = 180


@pytest.mark.parametrize("mode", ["eventlet", "gevent"])
def test_a_waiter_killed_at_each_step(tmp_path: Path, mode: str) -> None:
    data = crowd_folder(tmp_path / "data")
    words = [sys.executable, "-m", "tests.promises.waiters", mode, str(data)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_AFTER_S, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        # Nothing had begun: the key makes its ticket when it is asked again, after the one that followed.
        BEFORE_QUEUE: ["B-001", "B-002"],
        IN_QUEUE: ["B-004", "B-005"],  # B-003 stood in its way
        # The unit of work had begun and went on without its waiter: the key tells of the ticket it had made.
        BEFORE_WRITE: ["B-007", "B-006"],
        AFTER_WRITE: ["B-009", "B-008"],
        AFTER_COMMIT: ["B-011", "B-010"],
    }
    records = Records(data / FILE)
    judge(records, {})
    assert records.one("SELECT count(*) FROM ticket") == records.one("SELECT count(*) FROM answer") == 11
    records.close()
