"""One large site: the rules of the sample floor, sixty gerai with two counters and five services each."""

from __future__ import annotations

from pathlib import Path

from config.floor import floor_path, read_floor
from server.app.plan_toml import plan_toml

GERAI, COUNTERS, SERVICES = 60, 2, 5
_SAMPLE = "kota-kupang"


def write_floor(path: Path, gerai_count: int = GERAI) -> None:
    """The floor plan as a file for `MPP_SERVER_FLOOR`."""
    sample = read_floor(floor_path(_SAMPLE)).as_data()
    agency, gerai, counter, series = (sample[kind][0] for kind in ("agencies", "gerai", "counters", "series"))
    service = next(row for row in sample["services"] if row["mode"] == "langsung" and row["quota"] is None)
    zones = [row["code"] for row in sample["zones"]]
    plan = {**sample, "agencies": [], "gerai": [], "counters": [], "series": [], "services": []}
    for n in range(gerai_count):
        code = f"G{n + 1:02}"
        name = f"Instansi Nomor {n + 1}"
        plan["agencies"].append({**agency, "code": code, "name": name, "short": code})
        plan["series"].append({**series, "code": code, "prefix": code})
        plan["gerai"].append({**gerai, "code": code, "agency": code, "name": name, "short": code, "zone": zones[n % len(zones)]})
        for k in range(1, COUNTERS + 1):
            number = n * COUNTERS + k
            loket = {"code": f"{code}-{k}", "gerai": code, "label": f"Loket {number}", "number": number, "services": None, "weights": {}}
            plan["counters"].append({**counter, **loket})
        for k in range(1, SERVICES + 1):
            told = {language: f"Layanan {n + 1}.{k}" for language in service["name"]}
            plan["services"].append({**service, "code": f"{code}-S{k}", "gerai": code, "series": code, "name": told})
    path.write_text(plan_toml(plan), "utf-8")
