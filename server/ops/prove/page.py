"""The pages in `docs/proof/`: what was tried, what came of it, and how anyone can repeat it."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from server.ops.prove.campaign import Findings, Order, campaign
from server.ops.prove.plants import Caught

#: more would hide the first ones
BROKEN_SHOWN = 50


def summary(order: Order, findings: Findings) -> list[str]:
    """The run in Markdown, without what is the same each time."""
    return [
        f"Date {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, "
        f"Linux {platform.release()}, {os.cpu_count()} cores; {'long' if order.is_long else 'short'} form, "
        f"seed {order.seed}, {findings.took_s:.0f} s.",
        "",
        f"**Promises broken: {len(findings.broken)}.**",
        "",
        *[f"- {one}" for one in findings.broken[:BROKEN_SHOWN]],
        *[f"Left out here: {one}" for one in findings.left_out],
        *findings.figures,
    ]


def sizes() -> str:
    """What else this run was told by its environment, as one would type it before the command."""
    return "".join(f"{name}={value} " for name, value in sorted(os.environ.items()) if name.startswith("MPP_PROVE_"))


def tells_of_long(path: Path) -> bool:
    """Whether a long run is written there."""
    return path.exists() and "; long form, seed " in path.read_text("utf-8")


def write(folder: Path, name: str, order: Order, findings: Findings) -> None:
    """One campaign's page."""
    told = campaign(name)
    repeat = f"Repeat: `{sizes()}./mpp prove {name}{' --long' if order.is_long else ''} --seed {order.seed}`"
    _write(folder / f"{name}.md", [f"# {told.TITLE}", "", told.HOW.strip(), "", "## The last run", "", repeat, "", *summary(order, findings)])


def write_controls(folder: Path, seed: int, caught: Sequence[Caught]) -> None:
    """The page of the planted bugs."""
    rows = [f"| {one.campaign} | {one.plant.name} | {'yes' if one.is_caught else '**no**'} | {_cell(one.said)} |" for one in caught]
    _write(folder / "controls.md", [
        "# Controls: bugs planted to see that the campaigns find them", "",
        "Each is put into a copy of the product, and the short form of its campaign must end with a broken promise.", "",
        f"Date {datetime.now(UTC):%Y-%m-%d %H:%M} UTC; repeat: `./mpp prove --controls --seed {seed}`", "",
        f"**Caught: {sum(one.is_caught for one in caught)} of {len(caught)}.**", "",
        "| campaign | planted | caught | first broken promise |", "|---|---|---|---|", *rows,
    ])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")[:200]


def _write(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
