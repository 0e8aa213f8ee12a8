"""P1, P3 and P8 on a computer in trouble: no room, a failing or read-only disk, a locked database, no memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.cli.places import home
from server.ops.bench.servers import Server, start_hall
from server.ops.prove.campaign import Findings, Order, Plant
from server.ops.prove.lives.calling import Unanswered
from server.ops.prove.tools import Missing, need
from server.ops.prove.trouble import causes
from server.ops.prove.trouble.hall import BACK_S, BOUND_S, LOOK_S, TELL_S, Hall, Press

#: of the hall that is tried: how long an act waits for its turn, seconds
WAIT_S = 1
TITLE = "Machine: no room, no disk, no lock, no memory"
HOW = f"""
What is promised: whatever the computer fails at, what was acknowledged stays (P1), no act is there in part, an act that cannot be done
is refused with 503 `storage_unavailable` and Retry-After within {BOUND_S:.0f} s, every screen is told (P8), and all is well
again by itself when the cause is gone.

`mpp serve` on a disk of its own of {causes.DISK_MB} MB, with a kiosk, an officer, and four screens on their sockets (kiosk, display, counter,
supervisor). In each trouble they press until somebody is refused. Then every screen must be told within {TELL_S:.0f} s (the pulse, and
the header of `GET /views/{{room}}`), and views must still be given. What is stored is judged while the trouble lasts: the log
alone worked out again, SQLite's own check, every ticket with its leg, slip, event. Then the cause is taken away and nothing else: within
{BACK_S:.0f} s the screens must be told so, and everything that was refused must be done under its old key, once.

- **no room**: the disk is filled to the last byte;
- **I/O error**: strace makes every write and sync of the database fail with EIO;
- **read-only**: the same with EROFS, as an open file answers after the system has given a disk up; and a start on a disk
  mounted read-only must end with a sentence, and work when it can be written again;
- **locked**: another program holds the database's write lock;
- **one call fails**: a single write or sync of an act, each in its turn, fails with EIO (in the long form also ENOSPC);
- **no memory**: the worker may have no more address space than it has; it must end, be replaced, and answer again.

The short form waits four times as long for each: it runs beside other work. What this cannot show: a disk that says yes and loses what it was given (`power.md` shows what follows), and reads that fail.
"""
PLANTS = (
    Plant(
        "a full disk is an unexpected error", "server/web/errors.py",
        "    if isinstance(broken, StorageUnavailable):\n", "    if isinstance(broken, KeyError):\n",
    ),
    Plant("nobody is told", "server/app/house.py", "            self.storage.failed(self.now(), str(problem))\n", ""),
    Plant("told for ever", "server/app/ticking.py", "            storage.works()\n", ""),
    Plant(
        "the kept answer in a transaction of its own", "server/app/performing.py",
        "        text = json.dumps(answer.body,",
        "        work.seal(); [work.connection.exec_driver_sql(say) for say in ('COMMIT', 'BEGIN IMMEDIATE')]\n"
        "        text = json.dumps(answer.body,",
    ),
    Plant("a worker without memory stays", "server/concurrency/eventlet_worker.py", "    os._exit(1)\n", "    return None\n"),
)


@dataclass(frozen=True)
class Plan:
    """`single`: (call, which ones of an act) that fail alone; `errors`: with what; `lasting`: rounds of each trouble that lasts;
    `patience`: how many times each bound is waited for. The short form runs beside the rest of the suite, where no time means anything."""

    single: tuple[tuple[str, range], ...]
    errors: tuple[str, ...]
    lasting: int
    patience: float


SHORT = Plan((("pwrite64", range(3, 4)), ("fdatasync", range(1, 3))), ("EIO",), 1, 4.0)
LONG = Plan((("pwrite64", range(1, 41)), ("fdatasync", range(1, 3))), ("EIO", "ENOSPC"), 5, 1.0)
PRESSES_MAX = 400
CROWD = 30
START_S = 60.0


class Campaign:
    """One run on a small disk; `findings` grows."""

    def __init__(self, plan: Plan, order: Order, disk: Path) -> None:
        self._plan, self._say, self._disk = plan, order.say, disk
        self._data, self._log = disk / "hall", disk / "strace"
        self.troubles: list[str] = []
        self.reached = self.not_reached = 0
        self.restart_s: list[float] = []

    def run(self) -> Hall:
        """Raises NotStarted, Refused or Missing."""
        server = self._start()
        try:
            self.hall = hall = Hall(self._data, server, self._plan.patience)
            try:
                self._trouble(hall)
            finally:
                hall.leave()
        finally:
            server.stop()
        self._judge_start()
        return hall

    def _trouble(self, hall: Hall) -> None:
        hall.watch()
        hall.begin()
        for turn in range(self._plan.lasting):
            for name, cause in self._lasting():
                self._say(f"{name}, {turn + 1} of {self._plan.lasting}")
                self._last(name, cause)
        self._one_by_one()
        hall.leave()
        for _ in range(self._plan.lasting):
            self._starve()

    def _start(self) -> Server:
        return start_hall(self._data, frozenset(os.sched_getaffinity(0)), MPP_DATABASE_WRITER_WAIT_S=str(WAIT_S))

    def _worker(self) -> int:
        worker = self.hall.server.worker()
        assert worker is not None, "no worker between two troubles"
        return worker

    def _lasting(self) -> Iterator[tuple[str, AbstractContextManager[None]]]:
        path = self._data / "mpp.sqlite3"
        yield "no room", causes.full(self._disk)
        yield "I/O error", causes.failing(self._worker(), path, "EIO", self._log)
        yield "read-only", causes.failing(self._worker(), path, "EROFS", self._log)
        yield "locked", causes.locked(path)

    def _last(self, name: str, cause: AbstractContextManager[None]) -> None:
        hall, pending = self.hall, list[Press]()
        with cause:
            for _ in range(PRESSES_MAX):
                pending = [press for press in hall.turn() if not hall.send(press)]
                if pending:
                    break
            else:
                hall.broken.append(f"{name}: nobody was refused")
            hall.must_tell(True, name)
            hall.judge(f"during {name}", all_done=False)
        hall.must_tell(False, f"after {name}")
        hall.send_again(pending)
        hall.judge(f"after {name}", all_done=True)
        self.troubles.append(name)

    def _one_by_one(self) -> None:
        """Each call of an act fails once, alone."""
        for error in self._plan.errors:
            for call, which in self._plan.single:
                self._say(f"{error} at one {call} of an act, {len(which)} times")
                for count in which:
                    self._fail_once(error, call, count)
        self.hall.judge("after single errors", all_done=True)

    def _fail_once(self, error: str, call: str, count: int) -> None:
        hall, path = self.hall, self._data / "mpp.sqlite3"
        press = hall.touch()
        with causes.failing(self._worker(), path, error, self._log, call, str(count)):
            done = hall.send(press)
        self.reached += not done
        self.not_reached += done
        if not done:
            hall.send_again([press])
            hall.judge(f"{error} at {call} {count}", all_done=True)

    def _starve(self) -> None:
        """The worker gets no memory; a crowd presses; another worker answers."""
        self._say("no memory")
        hall, worker = self.hall, self._worker()
        pending = [hall.touch() for _ in range(CROWD)]
        done: list[Press] = []
        causes.starve(worker)
        began = time.monotonic()
        crowd = [threading.Thread(target=_send_kept, args=(hall, press, done), daemon=True) for press in pending]
        for one in crowd:
            one.start()
        for one in crowd:
            one.join()
        while hall.server.worker() in (worker, None) and time.monotonic() - began < BACK_S * self._plan.patience:
            time.sleep(LOOK_S)
        if hall.server.worker() in (worker, None):
            hall.broken.append(f"no memory: the worker was not replaced within {BACK_S * self._plan.patience:.0f} s")
        hall.send_again([press for press in pending if press not in done])
        self.restart_s.append(time.monotonic() - began)
        hall.judge("after no memory", all_done=True)
        self.troubles.append("no memory")

    def _judge_start(self) -> None:
        """A start on a read-only disk says so and ends; on a disk that takes writes again, it would not."""
        with causes.read_only(self._disk):
            done = subprocess.run(
                [sys.executable, "-m", "server.cli.main", "serve", "--port", "0", "--data", str(self._data)], cwd=home(),
                env={**os.environ, "PYTHONPATH": str(home())}, capture_output=True, text=True, timeout=START_S, check=False,
            )
        if done.returncode == 0 or "Traceback" in done.stderr or not done.stderr.strip():
            self.hall.broken.append(f"a start on a read-only disk: {done.returncode} {done.stderr.strip()[-300:]!r}")
        self.hall.judge("after a start on a read-only disk", all_done=True)


def _send_kept(hall: Hall, press: Press, done: list[Press]) -> None:
    if hall.send(press, may_cut=True):
        done.append(press)


@contextmanager
def stage(plan: Plan, order: Order) -> Iterator[Campaign]:
    """Raises Missing."""
    need("strace")
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="mpp-prove-")))
        yield Campaign(plan, order, ends.enter_context(causes.small_disk(folder / "disk")))


def run(order: Order) -> Findings:
    """Raises NotStarted when the hall does not come up."""
    try:
        with stage(LONG if order.is_long else SHORT, order) as campaign:
            hall = campaign.run()
    except Missing as missing:
        return Findings(left_out=[str(missing)])
    except Unanswered as refused:
        return Findings(broken=[f"refused where nothing is in trouble: {refused}"])
    return Findings(_figures(campaign, hall), hall.broken)


def _figures(campaign: Campaign, hall: Hall) -> list[str]:
    counted = ", ".join(f"{name} {campaign.troubles.count(name)}" for name in dict.fromkeys(campaign.troubles))
    return [
        "",
        f"- Troubles: {counted}. Single calls that failed: {campaign.reached}; of {campaign.not_reached} more the act had not so many.",
        f"- {hall.answers} acts answered, {hall.refused} refused, the slowest word after {hall.longest_s:.1f} s.",
        f"- All screens told after {max(hall.told_s):.1f} s at most, and that it is over after {max(hall.back_s):.1f} s at most.",
        f"- Without memory: everything done {max(campaign.restart_s):.1f} s after the limit, at most.",
    ]
