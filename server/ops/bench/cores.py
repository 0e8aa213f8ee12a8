"""Which cores the servers run on and which ones make the load."""

from __future__ import annotations

import os
from collections.abc import Callable

from server.ops.lifetime import die_with_parent


def split() -> tuple[frozenset[int], frozenset[int]]:
    """(cores of the servers, cores of the load); the same ones when there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return frozenset(cores), frozenset(cores)
    half = max(1, len(cores) // 2)
    return frozenset(cores[:half]), frozenset(cores[half:])


def stay_on(cores: frozenset[int]) -> Callable[[], None]:
    """What a child runs before its program begins; it ends with the bench, however that ends."""
    bench = os.getpid()

    def pin() -> None:
        os.sched_setaffinity(0, cores)
        die_with_parent(bench)

    return pin
