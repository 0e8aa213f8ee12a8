"""What happens before the server serves: migrate, load the floor, make the first accounts."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from config import layouts
from config import texts as texts_of
from config.floor import FloorError, floor_path, read_floor
from config.settings import Settings
from server.app import calendar, devices, floors, people, printing
from server.app.ask import Ask
from server.app.performing import perform
from server.app.ports import Around
from server.app.vault import sha256
from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.clock import parse_clock, wall_now
from server.domain.calendar import business_date
from server.ops.backup.lost import ahead
from server.ops.backup.unfinished import refuse_unfinished
from server.ops.presence import write_private
from server.storage.database import FILE as DATABASE
from server.storage.database import add_site, clock_kind, prepare_schema, url_of
from server.storage.revision import TooNew
from server.storage.unit import Writer
from server.storage.work import FloorCache, SqlWork
from server.web.passwords import hash_password

FILE = "first-run.json"
#: letters and digits that nobody mistakes for another
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP_LEN = 4, 4
#: The sample hours end by themselves: long enough to try everything out, too short to be forgotten.
SAMPLE_SPAN = timedelta(days=29)


@dataclass
class FirstRun:
    """Everything a newcomer needs once; written to first-run.json (mode 0600)."""

    site: str
    addresses: dict[str, str] = field(default_factory=dict)
    users: list[dict[str, Any]] = field(default_factory=list)
    devices: list[dict[str, Any]] = field(default_factory=list)
    printers: list[dict[str, Any]] = field(default_factory=list)


def prepare(settings: Settings) -> FirstRun | None:
    """Bring the database to the newest schema; on an empty one make the first run.

    Answers None when there was a site already. Raises Stop with one Indonesian sentence.
    """
    data = Path(settings.server.data)
    refuse_unfinished(data)
    url = url_of(settings.database.url, data)
    is_new = not settings.database.url and not (data / DATABASE).exists()
    plan = _plan(settings.server.floor) if is_new else None
    _refuse_lost(data)
    if _prepare_schema(url, data) is not None:
        _check_clock(settings, url)
        return None
    plan = plan or _plan(settings.server.floor)
    first = _make(settings, url, plan)
    facts = {name: getattr(first, name) for name in FirstRun.__dataclass_fields__}
    write_private(data / FILE, json.dumps(facts, ensure_ascii=False, indent=1))
    return first


def _refuse_lost(data: Path) -> None:
    """A number that is on paper is never given again (P2): not on data that their own backup outlives."""
    lost = ahead(data)
    if lost is not None:
        raise Stop(
            f"Data di {data} berakhir pada peristiwa {lost.end}, padahal cadangannya sudah memuat peristiwa {lost.seq}: sebagian data hilang "
            f"atau diganti, dan nomor yang sudah tercetak akan diberikan lagi. Jalankan `mpp restore {lost.file}`, lalu `mpp serve`. "
            "Tidak ada yang diubah.", FAILED,
        )  # fmt: skip


def _prepare_schema(url: str, data: Path) -> str | None:
    try:
        return prepare_schema(url)
    except TooNew as problem:
        raise Stop(
            f"Data di {data} dipakai oleh versi program yang lebih baru dan tidak cocok dengan versi ini ({problem}); "
            "pasang kembali versi yang lebih baru itu. Tidak ada yang diubah.", FAILED,
        ) from problem


def _check_clock(settings: Settings, url: str) -> None:
    """A simulated clock and real days never meet in one database."""
    wanted = "simulated" if settings.clock else "real"
    if clock_kind(url) != wanted:
        raise Stop(
            "Jam simulasi (MPP_CLOCK) tidak boleh dipakai pada data hari sungguhan, "
            "dan sebaliknya; pakai folder data lain dengan --data.",
            BAD_ARGUMENTS,
        )


def _plan(name: str) -> dict[str, Any]:
    try:
        return read_floor(floor_path(name)).as_data()
    except FloorError as error:
        raise Stop(f"Denah {name} salah:\n{error}", BAD_ARGUMENTS) from error
    except OSError as error:
        raise Stop(f"Denah {name} tidak dapat dibaca.", BAD_ARGUMENTS) from error


def _make(settings: Settings, url: str, plan: dict[str, Any]) -> FirstRun:
    """All of it in one transaction: a first run that was cut short begins again whole."""
    simulated = parse_clock(settings.clock)
    now = simulated.now() if simulated else wall_now()
    around = around_of(settings)
    code = plan["site"]["code"]
    writer = Writer(url, FloorCache(code), around)
    accounts = [(row, new_password()) for row in _people(plan)]
    hashed = [(row, password, hash_password(password)) for row, password in accounts]

    def unit(work: SqlWork) -> FirstRun:
        add_site(work.connection, code, "simulated" if simulated else "real")
        return _fill(work, _Maker(work, now), settings, plan, hashed)

    ok, value = writer.run_batch([unit])[0]
    writer.close()
    if not ok:
        raise value
    first: FirstRun = value
    return first


def around_of(settings: Settings) -> Around:
    """What the acts need of the settings, as plain values."""
    simulated = parse_clock(settings.clock)
    return Around(
        public_url=settings.public.url,
        wifi_name=settings.public.wifi_name,
        wifi_password=settings.public.wifi_password,
        simulated=bool(settings.clock),
        lease_s=settings.printing.lease_s,
        print_ttl_s=settings.printing.print_ttl_s,
        claim_wait_s=settings.printing.claim_wait_s,
        keep_h=settings.idempotency.keep_h,
        rate=simulated.rate if simulated else 1.0,
        texts={"id": texts_of.load("id"), "en": texts_of.load("en")},
        layouts=layouts.load(),
    )


class _Maker:
    """Runs the ordinary acts as the command line would."""

    def __init__(self, work: SqlWork, now: datetime) -> None:
        self._work = work
        self._now = now

    def __call__(self, act: Callable[..., Any], **arguments: Any) -> Any:
        ask = Ask("cli:mpp", self._now, role="cli", token=secrets.token_urlsafe(16))
        return perform(self._work, ask, act, arguments).body


def _fill(
    work: SqlWork,
    make: _Maker,
    settings: Settings,
    plan: dict[str, Any],
    accounts: list[tuple[dict[str, Any], str, str]],
) -> FirstRun:
    make(floors.load_floor, plan=plan)
    first = FirstRun(site=plan["site"]["name"])
    for row, password, password_hash in accounts:
        make(people.add_user, **row, password_hash=password_hash)
        first.users.append(
            {key: row[key] for key in ("username", "role", "name", "gerai")} | {"password": password}
        )
    today = business_date(make._now, plan["site"]["timezone"])
    make(
        calendar.set_override,
        scope="site",
        kind="open",
        date_from=today,
        date_to=today + SAMPLE_SPAN,
        reason="buka 24 jam (contoh)",
    )
    _machines(make, settings, plan, first)
    return first


def _machines(make: _Maker, settings: Settings, plan: dict[str, Any], first: FirstRun) -> None:
    base = f"http://localhost:{settings.server.port}"
    zone = plan["zones"][0]["code"]
    tokens = {code: secrets.token_urlsafe(32) for code in ("PH1", "K1", "TV1")}

    def enrol(kind: str, code: str, name: str, **more: Any) -> None:
        make(
            devices.add_device,
            kind=kind,
            code=code,
            name=name,
            token_hash=sha256(tokens[code]),
            **more,
        )
        url = f"{base}/{kind}/{code}?enrol={tokens[code]}" if kind != "print-host" else None
        first.devices.append(
            {"kind": kind, "code": code, "name": name, "token": tokens[code], "url": url}
        )

    enrol("print-host", "PH1", "Pencetakan server")
    if settings.printing.virtual:
        port = settings.printing.virtual_tcp_port
        transport = {
            "kind": "network",
            "host": "127.0.0.1",
            "port": port,
            "connect_timeout_s": settings.printing.connect_timeout_s,
            "write_timeout_s": settings.printing.write_timeout_s,
        }
        make(
            printing.set_printer, code="P1", name="Pencetak maya", host="PH1", transport=transport
        )
        first.printers.append({"code": "P1"})
    printer = "P1" if settings.printing.virtual else None
    enrol("kiosk", "K1", "Kios 1", zone=zone, printer=printer)
    enrol("display", "TV1", "Layar 1", zone=zone)
    first.addresses = {
        "home": f"{base}/",
        "kiosk": f"{base}/kiosk/K1?enrol={tokens['K1']}",
        "display": f"{base}/display/TV1?enrol={tokens['TV1']}",
        "counter": f"{base}/counter",
        "desk": f"{base}/desk",
        "supervisor": f"{base}/supervisor",
        "admin": f"{base}/admin",
    }
    if settings.printing.virtual:
        first.addresses["virtual_printer"] = (
            f"http://localhost:{settings.printing.virtual_http_port}/"
        )


def _people(plan: dict[str, Any]) -> list[dict[str, Any]]:
    """admin, pengawas, resepsionis, and one petugas for each gerai."""
    rows: list[dict[str, Any]] = [
        {"username": "admin", "name": "Administrator", "role": "admin", "gerai": [], "must_change": True},
        {"username": "pengawas", "name": "Pengawas", "role": "supervisor", "gerai": [], "must_change": False},
        {"username": "resepsionis", "name": "Resepsionis", "role": "receptionist", "gerai": [], "must_change": False},
    ]
    for gerai in plan["gerai"]:
        code = gerai["code"]
        rows.append(
            {
                "username": f"petugas-{code.lower()}",
                "name": f"Petugas {gerai['short']}",
                "role": "officer",
                "gerai": [code],
                "must_change": False,
            }
        )
    return rows


def new_password() -> str:
    """16 readable signs in four groups, about 79 bits."""
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LEN)) for _ in range(_GROUPS)
    )
