"""A hall for many at once, furnished without a server: two gerai, three lines, kiosks enrolled, officers logged in.

Every counter serves one service and nobody has priority, so that each line is plainly first come, first served.
"""

from __future__ import annotations

import secrets
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from config.floor import floor_path, read_floor
from config.settings import Settings, load
from server.app import calendar, devices, floors, people
from server.app.ask import Ask
from server.app.performing import perform
from server.app.vault import sha256
from server.ops.bench.servers import CLOCK
from server.ops.first_run import around_of
from server.storage.database import add_site, prepare_schema, url_of
from server.storage.unit import Writer
from server.storage.work import FloorCache, SqlWork

PLAN = "kota-kupang"
#: service -> its gerai's counters that serve it and nothing else
LINES = {"DKC-KTP": ("DKC-1", "DKC-2", "DKC-3", "DKC-4"), "PTSP-NIB": ("PTSP-1", "PTSP-2"), "DKC-IKD": ("DKC-5",)}
#: the one with a daily quota; it shares its series of numbers with another
LIMITED, QUOTA = "DKC-IKD", 12
KIOSKS = 8
#: 08:00 in Kupang on the day of CLOCK
_MORNING = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)


def gerai_of(counter: str) -> str:
    return counter.partition("-")[0]


def officer_at(counter: str) -> str:
    """The user name of who works there."""
    return f"petugas-{counter.lower()}"


def kiosk_headers(code: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {_secret(code)}"}


def officer_headers(counter: str) -> dict[str, str]:
    return {"Cookie": f"mpp_session={_secret(counter)}", "X-CSRF-Token": _csrf(counter)}


def _secret(name: str) -> str:
    return f"secret-of-{name}-{'s' * 24}"


def _csrf(name: str) -> str:
    return f"csrf-of-{name}"


def settings_for(data: Path, mode: str = "threading") -> Settings:
    return load(None, {"MPP_SERVER_DATA": str(data), "MPP_SERVER_ASYNC_MODE": mode, "MPP_CLOCK": CLOCK})


def plan() -> dict[str, Any]:
    """The sample plan with these lines only."""
    whole = deepcopy(read_floor(floor_path(PLAN)).as_data())
    gerai = {gerai_of(counter) for counters in LINES.values() for counter in counters}
    for table in ("agencies", "gerai", "series"):
        whole[table] = [row for row in whole[table] if row["code"] in gerai]
    whole["services"] = [
        {**row, "quota": QUOTA if row["code"] == LIMITED else None} for row in whole["services"] if row["code"] in LINES
    ]
    like = {row["gerai"]: row for row in whole["counters"]}
    codes = sorted(counter for counters in LINES.values() for counter in counters)
    whole["counters"] = [
        {**like[gerai_of(code)], "code": code, "label": f"Loket {number}", "number": number}
        for number, code in enumerate(codes, 1)
    ]
    return whole


def furnish(data: Path) -> None:
    """A database in this folder, ready for a server with CLOCK."""
    data.mkdir(parents=True)
    settings = settings_for(data)
    url, given = url_of("", data), plan()
    prepare_schema(url)
    writer = Writer(url, FloorCache(given["site"]["code"]), around_of(settings))
    [(ok, value)] = writer.run_batch([lambda work: _fill(work, given)])
    writer.close()
    if not ok:
        raise value


def _fill(work: SqlWork, given: dict[str, Any]) -> None:
    def do(act: Any, **arguments: Any) -> None:
        ask = Ask("cli:mpp", _MORNING, role="cli", token=secrets.token_urlsafe(16))
        perform(work, ask, act, arguments)

    add_site(work.connection, given["site"]["code"], "simulated")
    do(floors.load_floor, plan=given)
    do(calendar.set_override, scope="site", kind="open", date_from=_MORNING.date() - timedelta(days=1), reason="uji")
    for n in range(1, KIOSKS + 1):
        do(devices.add_device, kind="kiosk", code=f"K{n}", name=f"K{n}", token_hash=sha256(_secret(f"K{n}")))
    for counter in (one for counters in LINES.values() for one in counters):
        row = {"username": officer_at(counter), "name": counter, "role": "officer", "gerai": [gerai_of(counter)]}
        do(people.add_user, **row, password_hash="x", must_change=False)
        do(
            people.login, username=row["username"], ok=True, session_hash=sha256(_secret(counter)), csrf=_csrf(counter),
            expires_at=_MORNING + timedelta(hours=12), browser="", lock_after=5, lock_s=60,
        )
