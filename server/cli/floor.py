"""`mpp floor check|load FILE`: a floor plan, with all its mistakes at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from config.floor import FloorError, floor_path, read_floor
from config.mistakes import system_said
from server.cli.faults import BAD_ARGUMENTS, Stop
from server.cli.places import load_settings
from server.cli.words import Parser


def run(argv: Sequence[str]) -> int:
    """Exit code 0 when the plan is good (and loaded), 2 with every mistake when it is not."""
    parser = Parser("floor", "Periksa atau muat denah (floor plan).")
    parser.add_argument("what", choices=("check", "load"), metavar="check|load")
    parser.add_argument("file", metavar="BERKAS")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    said = parser.parse_args(argv)
    plan = _read(said.file)
    if said.what == "check":
        print(f"Denah {said.file} benar: {_counted(plan)}.")
        return 0
    print(_load(plan, said.data))
    return 0


def _read(file: str) -> dict[str, Any]:
    try:
        return dict(read_floor(floor_path(file)).as_data())
    except FloorError as error:
        print(f"Denah {file} salah:", file=sys.stderr)
        raise Stop(str(error), BAD_ARGUMENTS) from error
    except OSError as error:
        raise Stop(f"Denah {file} tidak dapat dibaca ({system_said(error)}).", BAD_ARGUMENTS) from error


def _counted(plan: dict[str, Any]) -> str:
    names = {"agencies": "instansi", "gerai": "gerai", "counters": "loket", "services": "layanan"}
    return ", ".join(f"{len(plan[key])} {name}" for key, name in names.items())


def _load(plan: dict[str, Any], data: str | None) -> str:
    from server.app import floors
    from server.ops import talking

    settings = load_settings(None, {"server.data": data})
    with talking.site(settings) as site:
        if isinstance(site, talking.Remote):
            told = site.post("/floor", {"plan": plan})
        else:
            told = site.do(floors.load_floor, plan=plan)
    figures = {"added": "ditambah", "changed": "diubah", "archived": "diarsipkan"}
    return "Denah dimuat: " + ", ".join(f"{len(told[k])} {w}" for k, w in figures.items()) + "."
