"""How the `mpp` commands reach a site: through the server while one runs, else by themselves.

Through the server the acts are done as `cli:<os user>` with the token in server.json;
without one the command takes the data lock, so that there is never a second writer.
"""

from __future__ import annotations

import getpass
import json
import os
import secrets
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from config import texts as texts_of
from config.settings import Settings
from server.app.ask import Answer, Ask, StorageUnavailable
from server.app.performing import perform
from server.app.vault import sha256
from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.clock import parse_clock, wall_now
from server.domain.errors import RuleBroken
from server.ops.backup.unfinished import refuse_unfinished
from server.ops.data_folder import DataLock, open_data_folder
from server.ops.first_run import around_of
from server.ops.presence import NAME
from server.storage.database import FILE, Database, database_of
from server.storage.unit import Readers, Writer
from server.storage.work import SqlWork
from server.web.mistakes import in_texts

TIMEOUT_S = 30
LOCK_WAIT_S = 10.0


class Remote:
    """The running server, asked over HTTP on this computer."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    def get(self, path: str) -> dict[str, Any]:
        """GET /api/v1 + path; the answer's body. A refusal is a Stop with its sentence."""
        return self._ask(path, None)

    def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """POST /api/v1 + path; the answer's body. A refusal is a Stop with its sentence."""
        return self._ask(path, body)

    def _ask(self, path: str, body: Mapping[str, Any] | None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self._url}/api/v1{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Content-Type": "application/json",
                "Idempotency-Key": secrets.token_hex(16),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                return dict(json.loads(answer.read() or b"{}"))
        except urllib.error.HTTPError as refusal:
            raise Stop(
                _sentence(json.loads(refusal.read() or b"{}")), BAD_ARGUMENTS if refusal.code == 422 else FAILED
            ) from refusal
        except (urllib.error.URLError, TimeoutError) as gone:
            raise Stop("Server yang sedang berjalan tidak menjawab; coba lagi.", FAILED) from gone


class Local:
    """The database itself, under the data lock."""

    def __init__(self, settings: Settings) -> None:
        self._around = around_of(settings)
        self._now = (parse_clock(settings.clock) or _Wall()).now
        database = site_of(settings)
        self._writer = Writer(database.url, database.cache(), self._around)

    def do(self, act: Callable[..., Answer], **arguments: Any) -> dict[str, Any]:
        """Run one act as this computer's user; a refusal is a Stop with its sentence."""
        user = getpass.getuser()
        ask = Ask(f"cli:{user}", self._now(), role="cli", token=secrets.token_urlsafe(16))

        def unit(work: SqlWork) -> Answer:
            return perform(work, ask, act, arguments)

        ok, value = self._writer.run_batch([unit])[0]
        if not ok or value.refused is not None:
            raise _stop(value if not ok else value.refused)
        return dict(value.body or {})

    def close(self) -> None:
        self._writer.close()


class _Wall:
    now = staticmethod(wall_now)


def _stop(refusal: BaseException) -> BaseException:
    if isinstance(refusal, RuleBroken):
        return Stop(_sentence({"code": refusal.code, **refusal.facts}), BAD_ARGUMENTS if refusal.code == "invalid" else FAILED)
    if isinstance(refusal, StorageUnavailable):
        return Stop("Penyimpanan tidak dapat dipakai sekarang.", FAILED)
    return refusal


def _sentence(problem: Mapping[str, Any]) -> str:
    """The Indonesian title of a problem with what it names."""
    code = str(problem.get("code", "internal"))
    title = str(problem.get("title") or texts_of.load("id").get(f"error.{code}", code))
    known = ("gerai", "service", "zone", "printer", "device", "username", "field", "given")
    more = ", ".join(str(problem[name]) for name in known if problem.get(name))
    errors = " ".join(f"{row['field']}: {row['message']}" for row in problem.get("errors", ()))
    return " ".join(part for part in (title, f"({more})" if more else "", errors) if part)


def site_of(settings: Settings) -> Database:
    """The database of the data folder; a Stop when there is none, or half of one."""
    refuse_unfinished(Path(settings.server.data))
    try:
        return database_of(settings.database.url, Path(settings.server.data))
    except Exception as missing:
        folder = Path(settings.server.data)
        if (folder / FILE).exists():
            raise Stop(f"Data di {folder} tidak dapat dibuka ({str(missing).splitlines()[0]}); periksa disk dan izinnya.", FAILED) from missing
        raise Stop(f"Folder data {folder} belum berisi data; jalankan `mpp serve` dahulu.", FAILED) from missing


def running(settings: Settings) -> Remote | None:
    """The server that runs on this data folder, if one answers."""
    try:
        facts = json.loads((Path(settings.server.data) / NAME).read_text("utf-8"))
        with urllib.request.urlopen(f"{facts['url']}/healthz", timeout=TIMEOUT_S):
            return Remote(facts["url"], facts["token"])
    except (OSError, ValueError, KeyError):
        return None


@contextmanager
def site(settings: Settings) -> Iterator[Remote | Local]:
    """The running server, or the database under the lock for as long as needed."""
    remote = running(settings)
    if remote is not None:
        yield remote
        return
    data = Path(settings.server.data)
    open_data_folder(data)
    lock = DataLock(data, LOCK_WAIT_S)
    local = Local(settings)
    try:
        yield local
    finally:
        local.close()
        os.close(lock.fd)  # the lock ends with the open file


@contextmanager
def reads(settings: Settings) -> Iterator[SqlWork]:
    """A read-only snapshot, whether a server runs or not."""
    database = site_of(settings)
    readers = Readers(database.url, database.cache(), around_of(settings))
    try:
        with readers.work() as work:
            yield work
    finally:
        readers.close()


def checked(takes: type[BaseModel], facts: Mapping[str, Any]) -> None:
    """Whether the API would take these facts; what it would refuse is a Stop, with a server and without."""
    try:
        takes.model_validate({name: value for name, value in facts.items() if value is not None})
    except ValidationError as mistakes:
        problem = {"code": "invalid", "errors": in_texts(texts_of.load("id"), mistakes)}
        raise Stop(_sentence(problem), BAD_ARGUMENTS) from mistakes


def refused(check: Callable[..., object], *args: Any) -> None:
    """Run a check; what it refuses is a Stop with its sentence."""
    try:
        check(*args)
    except RuleBroken as refusal:
        raise _stop(refusal) from refusal


def token_and_hash() -> tuple[str, str]:
    """A new device token of 256 random bits, and what is stored of it."""
    token = secrets.token_urlsafe(32)
    return token, sha256(token)
