"""Waiting in tests: for a thing, with a bound, never for the clock."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_AGAIN_S = 0.02


def wait_for(condition: Callable[[], T], timeout_s: float, what: str = "") -> T:
    """Look until `condition` gives something true and give that; an AssertionError after `timeout_s` seconds.

    The bound only says when a test that will not come true any more is red; choose it generously. On a busy
    machine, where the looks themselves take long, it is up to three times as long.
    """
    never = threading.Event()
    looks, latest_s = max(1, int(timeout_s / LOOK_AGAIN_S)), time.monotonic() + 3 * timeout_s
    for _ in range(looks):
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > latest_s:
            break
        never.wait(LOOK_AGAIN_S)
    raise AssertionError(f"not true after {timeout_s} s: {what or condition}")
