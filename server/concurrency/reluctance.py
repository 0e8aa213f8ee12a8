"""Whoever is refused again and again waits ever longer for each refusal; whoever is let in never waits for that.

So a flood of guesses, of unproven wishes or of touches beyond the pace slows itself down, and leaves the loop to the
officers. Honest people of the same address are not touched: only the refusal itself is late.
"""

from __future__ import annotations

import time

from server.concurrency.connections import TRUSTED

REFUSALS = frozenset({"400", "401", "403", "404", "429"})
#: Refusals of one address that cost nothing, how many are forgotten in a second, and what each beyond them costs.
FREE, FORGOTTEN_PER_S, EACH_S, LONGEST_S = 20.0, 5.0, 0.05, 5.0
#: Addresses remembered; the forgiven are forgotten first.
MOST = 4096


class Reluctance:
    """How often each address was refused lately."""

    def __init__(self) -> None:
        self._of: dict[str, tuple[float, float]] = {}

    def wait_s(self, address: str) -> float:
        """Count one refusal of `address`; seconds that its answer waits."""
        if address in TRUSTED:
            return 0.0
        now_s = time.monotonic()
        level = self._level(address, now_s) + 1
        if len(self._of) >= MOST and address not in self._of:
            self._of = {one: told for one, told in self._of.items() if self._level(one, now_s) > FREE}
        if len(self._of) < MOST or address in self._of:
            self._of[address] = level, now_s
        return min(LONGEST_S, max(0.0, level - FREE) * EACH_S)

    def _level(self, address: str, now_s: float) -> float:
        level, since_s = self._of.get(address, (0.0, now_s))
        return max(0.0, level - (now_s - since_s) * FORGOTTEN_PER_S)
