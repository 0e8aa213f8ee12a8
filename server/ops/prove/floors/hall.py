"""The floor that is played: the shipped plan with hours every day, a quota, a short series and two sound groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from config.floor import floor_path, read_floor
from config.settings import Settings
from server.app import devices, floors, people, printing
from server.app.ask import Ask
from server.app.performing import perform
from server.ops.first_run import around_of
from server.ops.prove.floors.rules import Rules
from server.storage.database import add_site, prepare_schema, url_of
from server.storage.unit import Writer
from server.storage.work import FloorCache

SITE, ZONE = "KUPANG", "Asia/Makassar"
OPENS, CUT_OFF = 480, 900
HOURS = [["08:00", "15:30"]]
#: kiosk -> its printer; displays with their zones: D1 and D2 hear each other, D3 is alone
KIOSKS = {"K1": "P1", "K2": "P1", "K3": "P2"}
PRINTERS = ("P1", "P2")
DISPLAYS = {"D1": "BIRU", "D2": "JINGGA", "D3": "HIJAU"}
GROUPS = {"BIRU": "AULA", "JINGGA": "AULA", "HIJAU": "TIMUR", "UNGU": "TIMUR"}
DESKS, SUPERVISOR = ("resepsionis", "satpam"), "pengawas"


@dataclass(frozen=True)
class Size:
    """`gerai`: code -> how many of its services and of its counters; None: the whole plan."""

    gerai: dict[str, tuple[int, int]] | None
    visitors: int
    quota: int
    short_series: int


SMALL = Size({"DKC": (2, 2), "PTSP": (2, 1), "POS": (1, 1)}, 85, 7, 9)
FULL = Size(None, 1500, 60, 45)


@dataclass(frozen=True)
class Hall:
    """`plan` as it is loaded. `services`: code -> (gerai, how popular, usual seconds); `counters`: code -> gerai."""

    plan: dict[str, Any]
    size: Size
    services: dict[str, tuple[str, int, float]]
    counters: dict[str, str]

    def rules(self) -> Rules:
        plan, policy = self.plan, self.plan["policy"]
        numbers = {name: value for name, value in policy.items() if isinstance(value, int) and not isinstance(value, bool)}
        last = {row["code"]: int(row["last"]) for row in plan["series"]}
        return Rules(
            zone=ZONE, policy=numbers, hours=(OPENS, CUT_OFF),
            quota={row["code"]: row["quota"] for row in plan["services"] if row["quota"]},
            series={row["code"]: (row["series"], last[row["series"]]) for row in plan["services"]},
            sound_group={row["code"]: GROUPS[row["zone"]] for row in plan["gerai"]},
        )  # fmt: skip

    @property
    def priorities(self) -> list[str]:
        return [row["code"] for row in self.plan["policy"]["priorities"]]

    def officer(self, counter: str) -> Ask:
        return _person(f"o-{counter.lower()}", "officer", self.counters[counter])


def _person(name: str, role: str, gerai: str = "") -> Ask:
    # The house itself puts in the time at which the act's turn has come.
    return Ask(f"user:{name}", datetime.max, role=role, gerai=frozenset({gerai} - {""}), username=name)


def desk(name: str = DESKS[0]) -> Ask:
    return _person(name, "receptionist")


def supervisor() -> Ask:
    return _person(SUPERVISOR, "supervisor")


def device(code: str, kind: str) -> Ask:
    return Ask(f"device:{code}", datetime.max, role=kind, device=code)


def hall_of(size: Size) -> Hall:
    """The plan cut to its size. All weights are equal: so the ledger needs no third reading of weighted waits."""
    plan = read_floor(floor_path("kota-kupang")).as_data()
    if size.gerai is not None:
        _cut(plan, size.gerai)
    plan["hours"] = dict.fromkeys(plan["hours"], HOURS)
    plan["cutoff_min"] = 30
    plan["zones"] = [{**row, "sound_group": GROUPS[row["code"]]} for row in plan["zones"]]
    plan["gerai"] = [{**row, "hours": None, "cutoff_min": None, "zone": _zone(at)} for at, row in enumerate(plan["gerai"])]
    plan["counters"] = [{**row, "weights": {}} for row in plan["counters"]]
    plan["services"] = [{**row, "hours": None, "cutoff_min": None, "quota": None} for row in plan["services"]]
    plan["services"][1]["quota"] = size.quota
    plan["series"][-1]["last"] = size.short_series
    services = {row["code"]: (row["gerai"], max(1, row["popular"]), float(row["standard"]["service_s"])) for row in plan["services"]}
    return Hall(plan, size, services, {row["code"]: row["gerai"] for row in plan["counters"]})


def _zone(at: int) -> str:
    return ("BIRU", "HIJAU", "JINGGA")[at % 3]


def _cut(plan: dict[str, Any], gerai: dict[str, tuple[int, int]]) -> None:
    for table in ("agencies", "gerai", "series"):
        plan[table] = [row for row in plan[table] if row["code"] in gerai]
    for at, table in enumerate(("services", "counters")):
        rows = plan[table]
        plan[table] = [row for code, most in gerai.items() for row in [row for row in rows if row["gerai"] == code][: most[at]]]


def build(hall: Hall, settings: Settings, now: datetime) -> None:
    """An empty database with the plan, its people and its devices, by the ordinary acts."""
    url = url_of("", Path(settings.server.data))
    prepare_schema(url)
    writer = Writer(url, FloorCache(SITE), around_of(settings))

    def unit(work: Any) -> None:
        add_site(work.connection, SITE, "real")
        make: Callable[..., Any] = lambda act, **given: perform(work, Ask("cli:mpp", now, role="cli"), act, given)  # noqa: E731
        make(floors.load_floor, plan=hall.plan)
        _furnish(hall, make)

    ok, problem = writer.run_batch([unit])[0]
    writer.close()
    if not ok:
        raise problem


def _furnish(hall: Hall, make: Callable[..., Any]) -> None:
    staff = [(hall.officer(code).username, "officer", [gerai]) for code, gerai in hall.counters.items()]
    staff += [(name, "receptionist", []) for name in DESKS] + [(SUPERVISOR, "supervisor", [])]
    for name, role, gerai in staff:
        make(people.add_user, username=name, name=name, role=role, gerai=gerai, password_hash="x", must_change=False)
    make(devices.add_device, kind="print-host", code="PH1", name="PH1", token_hash="PH1")
    for at, code in enumerate(PRINTERS):
        transport = {"kind": "network", "host": "127.0.0.1", "port": 9100 + at}
        make(printing.set_printer, code=code, name=code, host="PH1", transport=transport)
    for code, printer in KIOSKS.items():
        make(devices.add_device, kind="kiosk", code=code, name=code, printer=printer, token_hash=code)
    for code, zone in DISPLAYS.items():
        make(devices.add_device, kind="display", code=code, name=code, zone=zone, token_hash=code)
