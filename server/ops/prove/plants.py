"""The other half of a proof: bugs planted in a copy of the product, which the campaign must find there.

The copy is a folder of its own and runs in processes of its own, so the running code is never touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.cli.faults import FAILED
from server.cli.places import home
from server.ops.prove.campaign import Plant, campaign

#: what a copy needs to run
PARTS = ("config", "counter", "display", "kiosk", "printers", "server", "signs", "setup.cfg")
#: a planted bug may make the campaign wait for what never comes
HANGS_AFTER_S = 1800


@dataclass(frozen=True)
class Caught:
    """`said`: the first broken promise, or the end of what it said when there was none."""

    campaign: str
    plant: Plant
    is_caught: bool
    said: str


def catch(name: str, plant: Plant, seed: int) -> Caught:
    """Run the short form of the campaign on a copy with the bug in it."""
    with planted(plant) as copy:
        command = [sys.executable, "-m", "server.cli.main", "prove", name, "--seed", str(seed), "--out", str(copy / "pages")]
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            done = subprocess.run(
                command, cwd=copy, env=environment, capture_output=True, text=True, timeout=HANGS_AFTER_S, check=False
            )
        except subprocess.TimeoutExpired:
            return Caught(name, plant, False, f"it came to no end within {HANGS_AFTER_S:.0f} s")
    broken = [line[2:] for line in done.stdout.splitlines() if line.startswith("- ")]
    said = (broken or (done.stdout + done.stderr).splitlines()[-1:] or [""])[0]
    return Caught(name, plant, done.returncode == FAILED and bool(broken), said)


def catch_all(names: list[str], seed: int, say: Callable[[str], object]) -> list[Caught]:
    """Every planted bug of these campaigns, one after the other."""
    caught = []
    for name in names:
        for plant in campaign(name).PLANTS:
            caught.append(catch(name, plant, seed))
            say(f"{name}: {plant.name}: {'caught' if caught[-1].is_caught else 'NOT CAUGHT'}: {caught[-1].said}")
    return caught


@contextmanager
def planted(plant: Plant) -> Iterator[Path]:
    """A copy of the product with this bug. Raises ValueError when the text to replace is not there once."""
    with tempfile.TemporaryDirectory(prefix="mpp-plant-") as folder:
        copy = Path(folder)
        for part in PARTS:
            _copy(home() / part, copy / part)
        file = copy / plant.file
        text = file.read_text("utf-8")
        if text.count(plant.old) != 1:
            raise ValueError(f"{plant.name}: {plant.file} has {text.count(plant.old)} times {plant.old!r}")
        file.write_text(text.replace(plant.old, plant.new), "utf-8")
        yield copy


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)
