"""A real house on a throw-away database, for tests inside one process.

`make_house` wires everything `mpp serve` wires, except gunicorn and the companions;
`make_desk` is the acts alone, each in its own real transaction, with a clock the test moves.
"""

from __future__ import annotations

import atexit
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from config.floor import floor_path, read_floor
from config.settings import Settings, load
from server import bootstrap
from server.app import calendar, floors, people
from server.app.ask import Answer, Ask
from server.app.performing import perform
from server.ops.first_run import FirstRun, around_of, prepare
from server.storage.database import add_site, prepare_schema, url_of
from server.storage.unit import Readers, Writer
from server.storage.work import FloorCache

#: a Tuesday morning in Kupang, 08:00 WITA
MORNING = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)


def settings_for(data: Path, **environment: str) -> Settings:
    """Settings of a house that lives in `data`; MPP_* variables as keyword arguments."""
    variables = {"MPP_SERVER_DATA": str(data), "MPP_SERVER_ASYNC_MODE": "threading", "MPP_SECURITY_KIOSK_TOKEN_PER_SECOND": "100000"}
    return load(None, {**variables, **environment})


def make_house(data: Path, **environment: str) -> tuple[bootstrap.Running, FirstRun]:
    """A built house (not started) and its first run's secrets. Call `.stop()` at the end."""
    first = move_in(data, **environment)
    return bootstrap.build(settings_for(data, **environment)), first


def move_in(data: Path, **environment: str) -> FirstRun:
    """What `mpp serve` prepares at its first start, in the folder `data`."""
    kept, first = _first_day(tuple(sorted(environment.items())))
    shutil.copytree(kept, data, dirs_exist_ok=True)
    return first


@cache
def _first_day(environment: tuple[tuple[str, str], ...]) -> tuple[Path, FirstRun]:
    """A data folder after its first start, made once for a process: it takes a second, most of it hashing passwords."""
    folder = tempfile.mkdtemp(prefix="mpp-first-day-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    first = prepare(settings_for(Path(folder), **dict(environment)))
    assert first is not None, "the data folder was not empty"
    return Path(folder), first


class Desk:
    """The acts on a real database, one transaction each, at the time the test says."""

    def __init__(self, data: Path, plan: dict[str, Any] | None = None) -> None:
        self.settings = settings_for(data)
        self.url = url_of("", data)
        prepare_schema(self.url)
        self.plan = plan or read_floor(floor_path("kota-kupang")).as_data()
        self.site = self.plan["site"]["code"]
        self.around = around_of(self.settings)
        self.cache = FloorCache(self.site)
        self.writer = Writer(self.url, self.cache, self.around)
        self.readers = Readers(self.url, self.cache, self.around)
        self.now = MORNING
        self._ok(lambda work: add_site(work.connection, self.site, "real"))
        self.system(floors.load_floor, plan=self.plan)

    def _ok(self, unit: Callable[[Any], Any]) -> Any:
        ok, value = self.writer.run_batch([unit])[0]
        if not ok:
            raise value
        return value

    def act(self, ask: Ask, act: Callable[..., Answer], **arguments: Any) -> Answer:
        """Run one act as `ask`; raises what the act refuses with."""
        given = replace(ask, now=self.now, token=secrets.token_urlsafe(16))
        answer: Answer = self._ok(lambda work: perform(work, given, act, arguments))
        if answer.refused is not None:
            raise answer.refused
        return answer

    def system(self, act: Callable[..., Answer], **arguments: Any) -> Answer:
        return self.act(Ask("cli:test", self.now, role="cli"), act, **arguments)

    def read(self, read: Callable[..., Any], **arguments: Any) -> Any:
        with self.readers.work() as work:
            return read(work, **arguments)

    def officer(self, gerai: str, name: str | None = None) -> Ask:
        """An officer of `gerai`, added to the people on first use."""
        username = name or f"petugas-{gerai.lower()}"
        if self.read(lambda work: work.people.person(username)) is None:
            self.system(
                people.add_user,
                username=username,
                name=username.title(),
                role="officer",
                gerai=[gerai],
                password_hash="x",
            )
        return Ask(
            f"user:{username}",
            self.now,
            role="officer",
            gerai=frozenset({gerai}),
            username=username,
        )

    def open_all_day(self) -> None:
        """Every service gives numbers at any hour, as in the newcomer's sample."""
        self.system(
            calendar.set_override,
            scope="site",
            kind="open",
            date_from=MORNING.date() - timedelta(days=400),
            reason="uji",
        )

    def close(self) -> None:
        self.readers.close()
        self.writer.close()
