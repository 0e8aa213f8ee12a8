"""When a backup is due, and how backups are doing: one look every few seconds, the work in child processes."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config.keys import Backup, Settings
from server.app import backups
from server.app.ask import Ask
from server.app.health import Health
from server.app.house import House
from server.clock import wall_now
from server.ops.backup import keeping
from server.ops.backup.child import DRILL, FOLDER, newest_in

log = logging.getLogger("mpp.backup")

#: after the start the hall comes first; after a failure it is tried again soon
FIRST_AFTER_S = 60.0
RETRY_S = 60.0
#: a copy takes its time: it begins so much before the last one has the age that is promised
EARLY = timedelta(seconds=20)
#: while no business day is open, and only when something has happened
CLOSED_EVERY = timedelta(hours=1)
DRILL_EVERY = timedelta(hours=20)
DRILL_LATE = timedelta(hours=26)
#: a child that takes longer is taken for stuck, s
STUCK_S = 3600.0
MODULE = "server.ops.backup.child"


@dataclass
class _Job:
    process: Any
    began_s: float


class Keeper:
    """`look` is called every few seconds in the loop and never blocks; `healths` is what the screens show."""

    def __init__(
        self,
        data: Path,
        said: Backup,
        wall: Callable[[], datetime] = wall_now,
        monotonic: Callable[[], float] = time.monotonic,
        start: Callable[[Sequence[str]], Any] | None = None,
    ) -> None:
        self._data, self._said = data, said
        self._every = timedelta(minutes=said.every_min)
        self._wall, self._monotonic = wall, monotonic
        self._start = start or _popen
        self._jobs: dict[tuple[str, str], _Job] = {}
        self._not_before: dict[tuple[str, str], float] = {}
        self._began_s = monotonic()
        self._seq_kept = -1
        self._healths = {key: Health(*key) for key in self._keys()} if said.every_min else {}
        self._remember()

    @property
    def healths(self) -> tuple[Health, ...]:
        return tuple(self._healths.values())

    def look(self, house: House) -> None:
        """Take in what has ended, start what is due, tell what flipped."""
        before = dict(self._healths)
        for key in list(self._jobs):
            self._take_in(key)
        if self._healths and self._monotonic() - self._began_s >= FIRST_AFTER_S:
            is_open, seq = house.read(_day_and_head)
            self._start_due(is_open, seq)
            self._judge(is_open)
        for key, health in self._healths.items():
            if health.state != before[key].state and (health.state, before[key].state) != ("ok", "waiting"):
                self._tell(house, health)

    def stop(self) -> None:
        """End what is under way; half made files are swept by the next round."""
        for job in self._jobs.values():
            job.process.kill()

    def _keys(self) -> list[tuple[str, str]]:
        folders = [name.strip() for name in self._said.also.split(",") if name.strip()]
        return [("backup", ""), *(("copy", folder) for folder in folders), ("drill", "")]

    def _remember(self) -> None:
        """What the files say of the time before this start; other folders are looked at by their children only."""
        if not self._healths:
            return
        newest = newest_in(self._data / FOLDER)
        if newest is not None:
            self._set(("backup", ""), state="ok", at=keeping.time_of(newest.name))
        try:
            told = json.loads((self._data / FOLDER / DRILL).read_text("utf-8"))
            at, cause = datetime.fromisoformat(told["at"]), told["cause"]
            self._set(("drill", ""), state="failed" if cause else "ok", at=at, cause=cause)
        except (OSError, ValueError, KeyError):
            pass

    def _set(self, key: tuple[str, str], **changed: Any) -> None:
        was = self._healths[key]
        if changed.get("state", was.state) != was.state:
            changed["since"] = self._wall()
        self._healths[key] = replace(was, **changed)

    def _start_due(self, is_open: bool, seq: int) -> None:
        for key in self._healths:
            if key not in self._jobs and self._monotonic() >= self._not_before.get(key, 0.0) and self._is_due(key, is_open, seq):
                if key[0] == "backup":
                    self._seq_kept = seq
                self._jobs[key] = _Job(self._start(self._command(key)), self._monotonic())

    def _is_due(self, key: tuple[str, str], is_open: bool, seq: int) -> bool:
        backup = self._healths["backup", ""]
        health = self._healths[key]
        age = self._age(health.at)
        if key[0] == "backup":
            if is_open or health.state == "failed":
                return age >= self._every - EARLY
            return age >= CLOSED_EVERY and seq > self._seq_kept
        if backup.at is None:
            return False
        if key[0] == "copy":
            return health.at is None or health.at < backup.at or (health.state == "failed" and health.cause != "same_disk")
        return age >= (timedelta(hours=24) if is_open else DRILL_EVERY)

    def _age(self, at: datetime | None) -> timedelta:
        """Since then; for ever when never, or when the clock stood later than now."""
        age = self._wall() - at if at else timedelta.max
        return age if age >= timedelta(0) else timedelta.max

    def _command(self, key: tuple[str, str]) -> list[str]:
        what = {"backup": "round"}.get(key[0], key[0])
        rule = [str(self._said.keep_daily_d), str(self._said.keep_monthly)]
        return [sys.executable, "-m", MODULE, what, str(os.getpid()), *rule, str(self._data), *filter(None, [key[1]])]

    def _take_in(self, key: tuple[str, str]) -> None:
        job = self._jobs[key]
        if job.process.poll() is None:
            if self._monotonic() - job.began_s > STUCK_S:
                job.process.kill()
                self._set(key, state="failed", cause="stuck")
            return
        del self._jobs[key]
        told = _said_by(job.process)
        cause = told.get("cause")
        self._not_before[key] = self._monotonic() + RETRY_S
        if cause in (None, "same_disk"):
            at = keeping.time_of(told["name"]) if key[0] != "drill" else datetime.fromisoformat(told["at"])
            self._set(key, at=at, cause=cause, state="failed" if cause else "ok")
        elif cause != "nothing":
            log.log(logging.DEBUG if self._healths[key].cause == cause else logging.ERROR, "%s %s: %s", *key, told)
            self._set(key, state="failed", cause=cause)

    def _judge(self, is_open: bool) -> None:
        """What should have happened and did not."""
        backup = self._healths["backup", ""]
        if is_open and backup.state == "ok" and self._age(backup.at) > 2 * self._every + timedelta(minutes=1):
            self._set(("backup", ""), state="late")
        if self._healths["drill", ""].state == "ok" and self._age(self._healths["drill", ""].at) > DRILL_LATE:
            self._set(("drill", ""), state="late")

    def _tell(self, house: House, health: Health) -> None:
        facts = {"what": health.what, "place": health.place, "state": health.state, "cause": health.cause}
        (log.info if health.state == "ok" else log.error)("%(what)s %(place)s: %(state)s (%(cause)s)", facts)
        house.act(backups.flipped, Ask("system", house.now()), **facts)


def keeper_of(settings: Settings) -> Keeper:
    """The keeper of this site. PostgreSQL is backed up by its own programs: then there is nothing to do here."""
    said = settings.backup if not settings.database.url else settings.backup.model_copy(update={"every_min": 0})
    return Keeper(Path(settings.server.data), said)


def _day_and_head(reads: Any) -> tuple[bool, int]:
    return reads.days.open_day() is not None, reads.log.head()[0]


def _popen(command: Sequence[str]) -> Any:
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)


def _said_by(process: Any) -> dict[str, Any]:
    out, _ = process.communicate()
    try:
        return dict(json.loads(out))
    except ValueError:
        return {"cause": "failed", "words": f"exit code {process.returncode}"}
