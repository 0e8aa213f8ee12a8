"""Programs of one release on data of another: started as in the hall, pressed for a while, and judged by the plain database."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from server.cli.places import home
from server.domain.events import as_told, seal
from server.ops.bench.people import API, Refused
from server.ops.bench.servers import HOST, NotStarted, start_hall
from server.ops.prove.histories.hall import kiosk_headers
from server.ops.prove.judging import EPOCH, verdict
from server.ops.prove.lives.calling import Caller, Told, Unanswered
from server.ops.prove.lives.hall import Hall, Warm
from server.ops.prove.lives.story import POLICY
from server.ops.prove.records import Records
from server.ops.prove.upgrade.looking import Picture, changed_objects, forgiving, picture
from server.ops.prove.upgrade.month import COUNTER, OFFICER, PASSWORD, SERVICE, Month
from server.ops.prove.upgrade.steps import revisions
from server.storage import migrate
from server.storage.database import FILE
from server.storage.engine import open_writer, sqlite_url

RELEASE = "MPP_PROVE_RELEASE"
GIT_S = 60
#: a schema that does not exist yet, as a next migration may make it: it only adds
TOMORROW = """
ALTER TABLE leg ADD COLUMN tomorrow_mood VARCHAR;
ALTER TABLE ticket ADD COLUMN tomorrow_companions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN tomorrow_source VARCHAR;
ALTER TABLE device ADD COLUMN tomorrow_model VARCHAR NOT NULL DEFAULT 'unknown';
CREATE TABLE tomorrow_note (leg INTEGER PRIMARY KEY REFERENCES leg (id), text VARCHAR NOT NULL);
INSERT INTO tomorrow_note SELECT id, 'a note' FROM leg;
CREATE INDEX ix_event_tomorrow ON event (site, actor);
UPDATE alembic_version SET version_num = '9999';
"""
#: tables whose rows are a part of the floor plan, as JSON
PLANNED = ("site", "zone", "agency", "gerai", "series", "service", "counter")
#: who, where, what; `{leg}`: the leg that was called last
_TOUCH = ("kiosk", "/tickets", {"service": SERVICE})
_AT = f"/counters/{COUNTER}"
HOUR: tuple[tuple[str, str, dict[str, Any]], ...] = (
    _TOUCH, _TOUCH, ("kiosk", "/tickets", {"service": "PTSP-NIB"}),
    ("officer", f"{_AT}/open", {}), ("officer", f"{_AT}/next", {}), ("officer", f"{_AT}/recall", {}), ("officer", f"{_AT}/start", {}),
    ("officer", f"{_AT}/hold", {"reason": "fotokopi"}), ("officer", f"{_AT}/next", {}), ("officer", f"{_AT}/transfer", {"service": "PTSP-NIB"}),
    _TOUCH, ("officer", f"{_AT}/next", {}), ("officer", f"{_AT}/finish", {"next": True}), ("officer", f"{_AT}/finish", {}),
    ("officer", f"{_AT}/pause", {"reason": "salat"}), ("officer", f"{_AT}/close", {}),
)  # fmt: skip


@dataclass(frozen=True)
class Release:
    """`name`: as git says it; `code`: its program, unpacked."""

    name: str
    code: Path


def release_before(folder: Path) -> Release | None:
    """The last tag before this commit (or what MPP_PROVE_RELEASE names), unpacked; None without a history or a tag."""
    wanted = os.environ.get(RELEASE, "")
    top = _git("rev-parse", "--show-toplevel")
    if not top or Path(top.decode().strip()).resolve() != home().resolve():
        return None
    name = wanted or _git("describe", "--tags", "--abbrev=0", "HEAD^").decode().strip()
    if not name:
        return None
    packed = _git("archive", "--format=tar", name)
    if not packed:
        raise Refused(f"{RELEASE}={name}: git knows no such commit")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return Release(name, folder)


def _git(*words: str) -> bytes:
    """What git says; nothing when it is not here or says no."""
    if shutil.which("git") is None:
        return b""
    return subprocess.run(["git", "-C", str(home()), *words], capture_output=True, timeout=GIT_S, check=False).stdout


@dataclass
class Serving:
    """`told`: ticket -> number, everything that anybody was told on this data."""

    month: Month
    folder: Path
    say: Callable[[str], object]
    broken: list[str] = field(default_factory=list)
    served: list[str] = field(default_factory=list)

    def run(self, release: Release | None) -> None:
        """`release`: the one before, if there is one."""
        warm = Warm(self.folder / "warm.log")
        try:
            self._of_today(warm)
            if release is not None:
                self._of_release(warm, release)
        finally:
            warm.close()

    def _of_today(self, warm: Warm) -> None:
        """Data of the revision before: today's program upgrades them as it starts. Then on a schema of tomorrow."""
        data = self._data("today")
        before = revisions(home())[-2]
        self._down(data / FILE, before)
        hall = Hall(warm, data, self.month.clock)
        told: dict[int, str] = {}
        self._today(hall, f"this program on data of {before}", told)
        with closing(sqlite3.connect(data / FILE)) as database, database:
            database.executescript(TOMORROW)
            _tell_of_tomorrow(database)
            _plan_of_tomorrow(database)
        seen = picture(data / FILE)
        self._today(hall, "this program on a made-up schema of tomorrow", told)
        self._is_kept(seen, picture(data / FILE))
        hall.close()

    def _of_release(self, warm: Warm, release: Release) -> None:
        """Today's data served by the release before, and by today's program again."""
        data = self._data("before")
        seen = picture(data / FILE)
        when = f"{release.name} on the schema {seen.revision}"
        told: dict[int, str] = {}
        try:
            server = start_hall(data, frozenset(os.sched_getaffinity(0)), self.month.clock, code=release.code)
        except NotStarted as problem:
            self.broken.append(f"{when}: does not serve: {str(problem)[-400:]}")
            return
        self._press(when, server.address, told)
        server.stop()
        self._judge(when, data, told)
        self.broken += [f"{when}: {what}" for what in changed_objects(picture(data / FILE), seen)]
        hall = Hall(warm, data, self.month.clock)
        self._today(hall, f"this program after {release.name}", told)
        hall.close()

    def _data(self, name: str) -> Path:
        return Path(shutil.copytree(self.month.path.parent, self.folder / name))

    def _down(self, path: Path, to: str) -> None:
        engine = open_writer(sqlite_url(path))
        migrate.downgrade(engine, to)
        engine.dispose()

    def _today(self, hall: Hall, when: str, told: dict[int, str]) -> None:
        hall.begin()
        if hall.is_alive():
            self._press(when, (HOST, hall.port), told)
            hall.end(signal.SIGTERM)
            self._judge(when, hall.folder, told)
        else:
            self.broken.append(f"{when}: does not serve: {hall.warm.said()[-400:]}")

    def _press(self, when: str, address: tuple[str, int], told: dict[int, str]) -> None:
        """One hour of presses; every one must be done."""
        try:
            headers = {"kiosk": kiosk_headers("K1"), "officer": Caller(address, {}).log_in(OFFICER, PASSWORD)}
            caller = Caller(address, headers)
            for number, (who, path, body) in enumerate(HOUR):
                answer = caller.ask(who, path, body, f"{when} {number}")
                if answer.status >= 300:
                    self.broken.append(f"{when}: {path}: {answer.status} {str(answer.body)[:300]}")
                _remember(answer, path, told)
            if (status := caller.get(f"{API}/views/kiosk:K1", "kiosk")) != 200:
                self.broken.append(f"{when}: a screen is answered {status}")
        except (Refused, Unanswered) as problem:
            self.broken.append(f"{when}: {problem}")
        self.served.append(when)
        self.say(f"{when}: served")

    def _judge(self, when: str, data: Path, told: Mapping[int, str]) -> None:
        records = Records(data / FILE)
        _, wrong = verdict(records, dict(told), POLICY)
        records.close()
        self.broken += [f"{when}: {one}" for one in wrong + forgiving(data / FILE)]

    def _is_kept(self, seen: Picture, after: Picture) -> None:
        """What the newer program has stays as it is while an older one serves."""
        when = "after this program on a made-up schema of tomorrow"
        self.broken += [f"{when}: {what}" for what in changed_objects(after, seen)]
        if after.revision != seen.revision or after.rows.get("tomorrow_note") != seen.rows["tomorrow_note"]:
            self.broken.append(f"{when}: its revision or its rows have changed")


def _tell_of_tomorrow(database: sqlite3.Connection) -> None:
    """The newest event is of a kind that this program has never heard of, sealed as all are."""
    [(site, seq, head)] = database.execute("SELECT site, seq, hash FROM event_head").fetchall()
    [at] = database.execute("SELECT max(at) FROM event").fetchone()
    event = as_told("TomorrowCame", at=EPOCH + timedelta(microseconds=at), actor="system", data={"mood": "good"})
    digest = seal(head, event, seq + 1)
    database.execute(
        "INSERT INTO event (site, seq, at, type, actor, data, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (site, seq + 1, at, event.type, event.actor, json.dumps(event.data), digest),
    )
    database.execute("UPDATE event_head SET seq = ?, hash = ?", (seq + 1, digest))


def _plan_of_tomorrow(database: sqlite3.Connection) -> None:
    """Each row of the floor plan, the policy and the standards hold a key more, as a next release may write them."""
    for table in PLANNED:
        for key, text in database.execute(f"SELECT rowid, data FROM {table}").fetchall():
            data = {**json.loads(text), "tomorrow": True}
            for name in ("policy", "standard"):
                if isinstance(data.get(name), dict):
                    data[name] = {**data[name], "tomorrow": "yes"}
            database.execute(f"UPDATE {table} SET data = ? WHERE rowid = ?", (json.dumps(data), key))


def _remember(answer: Told, path: str, told: dict[int, str]) -> None:
    if path == "/tickets" and answer.status == 201:
        told[answer.body["id"]] = answer.body["number"]
