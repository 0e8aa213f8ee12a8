"""A hall for many at once: eight kiosks and eight officers at one gerai, enrolled and logged in beforehand."""

from __future__ import annotations

import functools
from datetime import timedelta
from pathlib import Path
from typing import Any

from server.app import devices, people
from server.app.ask import Ask
from server.app.vault import sha256
from server.storage.database import FILE
from tests.app.small_hall import KTP, made_of, small_plan
from tests.house_builder import MORNING, Desk
from tests.promises.racer import SIZE, csrf_of, session_of, token_of

#: the day of these halls: every restart goes on from the last event
CLOCK = "2026-11-03T08:00:00+08:00@1"
NEXT_DAY = "2026-11-04T08:00:00+08:00@1"
SERVICE = KTP


def crowd_plan() -> dict[str, Any]:
    """The small hall with eight counters at Dukcapil."""
    plan = small_plan()
    first = next(row for row in plan["counters"] if row["code"] == "DKC-1")
    others = [row for row in plan["counters"] if row["gerai"] != "DKC"]
    own = [{**first, "code": f"DKC-{n}", "label": f"Loket {n}", "number": n} for n in range(1, SIZE + 1)]
    plan["counters"] = own + [{**row, "number": 100 + n} for n, row in enumerate(others)]
    return plan


def _furnish(desk: Desk) -> None:
    desk.open_all_day()
    desk.system(people.add_user, username="pengawas", name="P", role="supervisor", password_hash="x", must_change=False)
    for n in range(1, SIZE + 1):
        desk.system(devices.add_device, kind="kiosk", code=f"K{n}", name=f"K{n}", token_hash=sha256(token_of(n)))
        row = {"username": f"petugas-{n}", "name": f"Petugas {n}", "role": "officer", "gerai": ["DKC"]}
        desk.system(people.add_user, **row, password_hash="x", must_change=False)
        desk.system(
            people.login, username=f"petugas-{n}", ok=True, session_hash=sha256(session_of(n)), csrf=csrf_of(n),
            expires_at=MORNING + timedelta(hours=12), browser="", lock_after=5, lock_s=60,
        )
    # As a first run with MPP_CLOCK would have it.
    [(ok, _)] = desk.writer.run_batch([lambda work: work.connection.exec_driver_sql("UPDATE site SET clock_kind = 'simulated'")])
    assert ok


@functools.cache
def crowd_template() -> bytes:
    return made_of(crowd_plan(), _furnish)


def crowd_folder(folder: Path) -> Path:
    """A data folder that a server with MPP_CLOCK can serve at once."""
    folder.mkdir(parents=True)
    (folder / FILE).write_bytes(crowd_template())
    return folder


def kiosk(n: int, now: Any, key: str | None = None) -> Ask:
    return Ask(f"device:K{n}", now, role="kiosk", device=f"K{n}", key=key, fingerprint=key)


def officer(n: int, now: Any, key: str | None = None) -> Ask:
    own = frozenset({"DKC"})
    return Ask(f"user:petugas-{n}", now, role="officer", gerai=own, username=f"petugas-{n}", key=key, fingerprint=key)

