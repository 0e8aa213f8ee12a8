"""A hall under a wall clock that is moved: its lives, its visitors, and what must be told meanwhile."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from server.ops.prove.judging import verdict
from server.ops.prove.lives.calling import API, Told
from server.ops.prove.lives.hall import Hall
from server.ops.prove.records import Records
from server.ops.prove.restore import POLICY
from server.ops.prove.trouble.faking import Wall
from server.ops.prove.trouble.times import wrong_times

ZONE = "Asia/Makassar"
KIOSK, BOSS, OFFICER, SERVICE, LOKET = "K1", "pengawas", "petugas-dkc", "DKC-KTP", "/counters/DKC-1"
#: a jump up to so much is made up for quietly (clock_guard.slew_s), seconds; how long anything is waited for
SLEW_S, SOON_S, LOOK_S = 2.0, 60.0, 0.05
#: how often the server looks at its clock
CHECK_S = 1
#: own time may run so much faster than the true one while it makes up for a small jump
FASTER = 1.06


@dataclass
class Moved:
    """One hall. `broken` collects what should not be; `acknowledged`: ticket id -> label."""

    say: Callable[[str], object]
    wall: Wall
    hall: Hall
    headers: dict[str, dict[str, str]]
    broken: list[str] = field(default_factory=list)
    acknowledged: dict[int, str] = field(default_factory=dict)
    lives: int = 0
    doubts: int = 0
    jumps: int = 0
    told_s: list[float] = field(default_factory=list)
    pressed: int = 0

    def __post_init__(self) -> None:
        first = json.loads((self.hall.folder / "first-run.json").read_text("utf-8"))
        self._passwords = {row["username"]: row["password"] for row in first["users"]}
        self.caller = self.hall.caller(self.headers)

    @contextmanager
    def life(self, local: str, end: int) -> Iterator[Records]:
        """A server that starts at this time of the wall; judged when it is gone."""
        self.say(f"a start at {local}")
        self.lives += 1
        self.wall.show(local)
        self.hall.begin()
        records = Records(self.hall.path)
        try:
            if not self.hall.is_alive():
                self.broken.append(f"no start at {local}: {self.hall.warm.said()}")
            yield records
            self.hall.end(end)
            self._judge(records, f"from {local}")
        finally:
            records.close()

    def _judge(self, records: Records, where: str) -> None:
        _, found = verdict(records, self.acknowledged, POLICY)
        self.broken += [f"{where}: {one}" for one in [*found, *wrong_times(records, ZONE)][:10]]

    def there_and_back(self, by_s: float) -> None:
        """A jump, numbers meanwhile, and the jump taken back: followed when it is small, told when it is large."""
        records = Records(self.hall.path)
        self.jumps += 1
        began = time.monotonic()
        before = self.touch("2027-12-30")
        self.wall.jump(timedelta(seconds=by_s))
        is_large = abs(by_s) > SLEW_S
        if is_large:
            self.must_doubt(records, f"{by_s:+.1f} s")
        else:
            time.sleep(CHECK_S * 1.2)  # a look of the server
        after = self.touch("2027-12-30")
        if before is not None and after is not None:
            passed_s, most_s = (after - before).total_seconds(), (time.monotonic() - began) * FASTER + 0.1
            if not 0 <= passed_s <= most_s:
                self.broken.append(f"{by_s:+.1f} s: {passed_s:.1f} s passed between two numbers within {most_s:.1f} s")
        self.wall.jump(timedelta(seconds=-by_s))
        if is_large:
            self._until(lambda: self._last_word(records) == "ClockConfirmed", f"{by_s:+.1f} s taken back: still doubted")
        elif self._last_word(records) == "ClockDoubted":
            self.broken.append(f"{by_s:+.1f} s: doubted")
        records.close()

    def must_doubt(self, records: Records, what: str) -> None:
        """*Waktu diragukan*: in the log, and on the supervisor's page."""
        began = time.monotonic()
        self._until(lambda: self._last_word(records) == "ClockDoubted", f"{what}: not doubted")
        self.told_s.append(time.monotonic() - began)
        self.doubts += 1
        status, text, _ = self.caller._request("GET", f"{API}/views/floor", self._boss(), None)
        if status != 200 or not any(alert["code"] == "clock" for alert in json.loads(text)["data"]["alerts"]):
            self.broken.append(f"{what}: the supervisor's page does not say so ({status})")

    @staticmethod
    def _last_word(records: Records) -> str:
        sql = "SELECT type FROM event WHERE type IN ('ClockDoubted', 'ClockConfirmed') ORDER BY seq DESC LIMIT 1"
        return "".join(row[0] for row in records.rows(sql))

    def _until(self, done: Callable[[], bool], otherwise: str) -> None:
        deadline = time.monotonic() + SOON_S
        while not done():
            if time.monotonic() > deadline:
                self.broken.append(otherwise)
                return
            time.sleep(LOOK_S)

    def confirm(self) -> None:
        told = self.caller.ask(BOSS, "/clock/confirm", {}, f"confirm-{self.lives}-{self.pressed}")
        if told.status != 200:
            self.broken.append(f"confirming the clock: {told.status} {told.body}")

    def serve(self) -> None:
        """The officer, logged in, opens, calls the first visitor and serves."""
        for act, body in (("open", {"services": [SERVICE]}), ("next", {}), ("start", {})):
            told = self.caller.ask(OFFICER, f"{LOKET}/{act}", body, f"serve-{self.lives}-{act}")
            if told.status != 200:
                self.broken.append(f"{act}: {told.status} {told.body}")

    def log_in(self) -> None:
        for name in (BOSS, OFFICER):
            self.headers[name] = self.caller.log_in(name, self._passwords[name])

    def _boss(self) -> dict[str, str]:
        """A session of the day; a date that changed has ended yesterday's."""
        status, _, _ = self.caller._request("GET", f"{API}/me", self.headers[BOSS], None)
        if status != 200:
            self.log_in()
        return self.headers[BOSS]

    def ask(self) -> Told:
        self.pressed += 1
        return self.caller.ask(KIOSK, "/tickets", {"service": SERVICE}, f"clock-{self.pressed}")

    def ask_date(self) -> str:
        """A number is taken; its date."""
        told = self.ask()
        return self._kept(told) if told.status == 201 else f"{told.status} {told.body}"

    def _kept(self, told: Told) -> str:
        self.acknowledged[int(told.body["id"])] = str(told.body["number"])
        return str(told.body["business_date"])

    def touch(self, date: str, number: int | None = None) -> datetime | None:
        """A number, which must be of this date (and this one); when it was given."""
        told = self.ask()
        label = None if number is None else f"-{number:03}"
        if told.status != 201 or self._kept(told) != date or (label and not told.body["number"].endswith(label)):
            self.broken.append(f"a number on {date} (number {number}): {told.status} {_said(told.body)}")
            return None
        return datetime.fromisoformat(told.body["issued_at"])

    def waiting(self) -> int:
        records = Records(self.hall.path)
        try:
            return int(records.one("SELECT count(*) FROM leg WHERE state = 'waiting'"))
        finally:
            records.close()


def _said(body: Any) -> str:
    return ", ".join(f"{name}: {body[name]}" for name in ("code", "number", "business_date", "issued_at") if name in (body or {}))
