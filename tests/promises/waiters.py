"""Waiters that are killed at each step of a write, against the real writer: `python -m tests.promises.waiters MODE DATA`.

Runs patched, as a worker does. Prints JSON: step -> [the number of the
write that followed, the number the killed key gave when it was asked again].
"""

from __future__ import annotations

import json
import sqlite3
import sys
from pathlib import Path
from typing import Any

from server.concurrency import Loop, keep_native, patch
from tests.concurrency.scenarios import Gate, let_run_until

BEFORE_QUEUE, IN_QUEUE, BEFORE_WRITE, AFTER_WRITE, AFTER_COMMIT = STEPS = (
    "before it is queued", "while it is queued", "before it has written", "after it has written", "after its commit",
)


class Play:
    """One house in this process, and wishes that stop where they are told to."""

    def __init__(self, mode: str, data: Path) -> None:
        # After the patch, as in a worker: none of this may be loaded before.
        from server import bootstrap
        from server.app import issuing
        from server.storage.database import FILE
        from tests.house_builder import settings_for
        from tests.promises import crowd

        keep_native("sqlalchemy")
        self.issue, self.crowd, self.loop = issuing.issue, crowd, Loop()
        settings = settings_for(data, MPP_CLOCK=crowd.CLOCK, MPP_SERVER_ASYNC_MODE=mode)
        self.running = bootstrap.build(settings)
        self.house, self.database = self.running.house, data / FILE

    def wish(self, key: str, act: Any = None) -> str:
        """Issue under the key; the number."""
        ask = self.crowd.kiosk(1, self.house.now(), key)
        body = self.house.act(act or self.issue, ask, service=self.crowd.SERVICE).body
        assert body is not None
        return str(body["number"])

    def stopping(self, gate: Gate, begun: list[int], is_late: bool) -> Any:
        """`issue` that waits at the gate, before or after it has written."""

        def act(work: Any, ask: Any, **wish: Any) -> Any:
            if not is_late:
                begun.append(1)
                gate.pass_through()
            answer = self.issue(work, ask, **wish)
            if is_late:
                begun.append(1)
                gate.pass_through()
            return answer

        return act

    def killed(self, step: str) -> None:
        """Press, and kill whoever waits for the answer at this step."""
        if step == BEFORE_QUEUE:
            self.loop.spawn(self.wish, step).kill()  # the loop has not turned: nothing has been asked
            return
        gate, begun = Gate(), []
        stopping = self.stopping(gate, begun, is_late=step != BEFORE_WRITE)
        if step == IN_QUEUE:
            self.loop.spawn(self.wish, "in the way", stopping)
            let_run_until(self.loop, lambda: bool(begun))
            waiter = self.loop.spawn(self.wish, step)
            for _ in range(100):
                self.loop.sleep(0)
        else:
            waiter = self.loop.spawn(self.wish, step, stopping)
            let_run_until(self.loop, lambda: bool(begun))
        if step == AFTER_COMMIT:
            gate.open()
            self.wait_for_commit(step)
        waiter.kill()
        self.loop.sleep(0)
        if step != AFTER_COMMIT:
            gate.open()

    def wait_for_commit(self, key: str) -> None:
        """Until the key's answer is in the database; the loop stands still meanwhile, so nobody is told."""
        database = sqlite3.connect(self.database, isolation_level=None)
        kept = "SELECT count(*) FROM answer WHERE key = ?"
        assert any(database.execute(kept, (key,)).fetchone()[0] for _ in range(10_000_000))
        database.close()

    def play(self) -> dict[str, list[str]]:
        """Each step: the kill, a write that follows, and the killed key asked again."""
        results = {}
        for step in STEPS:
            self.killed(step)
            results[step] = [self.wish(f"follows {step}"), self.wish(step)]
        self.running.stop()
        return results


if __name__ == "__main__":
    patch(sys.argv[1])
    print(json.dumps(Play(sys.argv[1], Path(sys.argv[2])).play()))
