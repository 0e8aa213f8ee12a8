"""Makes a report's files beside the server: `python -m server.ops.report_child PARENT DATA FORM PERIOD GERAI NUMBER DATE FOLDER`.

GERAI is `-` for the whole hall. What it is at stands in the file `step` of FOLDER; the server takes the files in.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from server.app.report_periods import period_of
from server.cli.faults import Stop
from server.cli.places import load_settings
from server.ops import report_making
from server.ops.lifetime import die_with_parent

NICE = 10


def main(argv: list[str]) -> int:
    parent, data, form, period, gerai, number, made_on, folder = argv
    os.umask(0o077)
    die_with_parent(int(parent))
    os.nice(NICE)
    place = Path(folder)
    chosen = None if gerai == "-" else frozenset(gerai.split(","))
    try:
        report_making.make_files(
            load_settings(None, {"server.data": data}), period_of(form, period), chosen, number, date.fromisoformat(made_on), place,
            lambda step: _say(place, step),
        )  # fmt: skip
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        return 1
    return 0


def _say(folder: Path, step: str) -> None:
    """Whole or not at all, for the server may look at any moment."""
    half = folder / "step.half"
    half.write_text(step, "utf-8")
    half.replace(folder / "step")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
