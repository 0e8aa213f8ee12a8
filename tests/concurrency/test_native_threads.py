"""Native threads keep their promises in each mode (the scenarios stand in scenarios.py).

Planted: `call` clearing the queue when its caller is killed -> a_caller_killed_while_queued red.
Planted: an abandoned callable run all the same -> a_caller_killed_while_queued red.
Planted: `job.announced.set()` from the native thread under eventlet -> hangs, red by the bound.
Planted: `time.sleep`-free blocking of the loop (callable run inline in `call`) -> the_loop_turns... hangs, red.
Planted: no `keep_native("logging")` -> both_kinds_of_thread_may_log hangs under eventlet, red.
Planted: the batch's order reversed -> waiting_callables_share_a_batch red.
"""

import functools
import json
import subprocess
import sys

import pytest

from server.concurrency import ASYNC_MODES
from tests.concurrency.library_scenarios import SCENARIOS as LIBRARY_SCENARIOS
from tests.concurrency.scenarios import SCENARIOS

#: Only a bound for a scenario that hangs; all of them together take about a second.
HANGS_AFTER_S = 90


@functools.cache
def played(mode: str) -> dict[str, str]:
    """Play all scenarios in a process of its own: a patched standard library must not reach this one."""
    try:
        done = subprocess.run(
            [sys.executable, "-W", "error", "-m", "tests.concurrency.scenarios", mode],
            capture_output=True, text=True, timeout=HANGS_AFTER_S, check=False,
        )
    except subprocess.TimeoutExpired as hung:
        return {"hung": f"still not through: {hung.stderr!r}"}
    return json.loads(done.stdout) if done.returncode == 0 else {"hung": done.stderr}


@pytest.mark.parametrize("mode", ASYNC_MODES)
@pytest.mark.parametrize("name", [*SCENARIOS, *LIBRARY_SCENARIOS])
def test_scenario(mode: str, name: str) -> None:
    results = played(mode)
    assert results.get(name, results.get("hung")) == ""
