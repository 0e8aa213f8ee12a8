"""The day's closing is one thing: killed anywhere in it, the day is open or closed whole, and the next start closes it.

Planted: `close` committing after the sessions (a unit of its own) -> red (torn).
Planted: the day marked closed in a unit before its legs -> red (torn, and never healed).
"""

import json
import subprocess
import sys

from server.app import calling
from server.ops.prove.records import Records
from tests.app.small_hall import KTP, NIB, SmallHall
from tests.house.files import ROOT
from tests.promises.judging import judge
from tests.storage.raw import busy_day

HANGS_AFTER_S = 300


def test_killed_before_each_statement(hall: SmallHall) -> None:
    busy_day(hall)
    citra = hall.opened("citra", "DKC-3")
    hall.take(KTP, then=[NIB])
    hall.say(citra, calling.call_next, counter="DKC-3")
    hall.say(citra, calling.start, counter="DKC-3")
    hall.close()
    folder = hall.path.parent
    hall.path.rename(folder / "open.sqlite3")
    words = [sys.executable, "-m", "tests.promises.closing_crash", str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=HANGS_AFTER_S, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert len(result["found"]) > 20, "the closing has more statements than that"
    assert set(result["found"][:-1]) == {"open"} and result["found"][-1] == "closed"
    assert all(result["healed"])
    records = Records(folder / "whole" / "mpp.sqlite3")
    judge(records, {})
    assert records.rows("SELECT closed_at IS NULL FROM business_day") == [(0,)]
    records.close()
