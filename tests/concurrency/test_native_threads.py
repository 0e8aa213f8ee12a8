"""Native threads keep their promises in each mode (the scenarios stand in scenarios.py).

Planted: an abandoned callable run all the same -> a_caller_killed_while_queued red.
Planted: a killed caller emptying the queue -> a_caller_killed_while_queued red.
Planted: a batch answered in reverse -> waiting_callables_share_a_batch red.
Planted: a batch that waits for nobody; one that waits for as many as ever came -> a_batch_waits_for_as_many_as_came_last red.
Planted: no bound on the queue -> a_full_queue_is_busy_at_once red.
Planted, each of which hangs and is red by the bound: the loop waiting for the callable itself; the answer
announced from the native thread under eventlet; logging left with its green locks (under gevent red by the lock's kind).
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
