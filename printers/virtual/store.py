"""The last printed slips, in memory and, when a folder is given, on disk across a restart."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from printers.virtual.paper import Paper

SLIPS_MAX = 50


@dataclass(frozen=True)
class PrintedSlip:
    """One piece of paper. `at` is RFC 3339 UTC; `cut` is false for a piece that was torn off."""

    id: int
    at: str
    text: str
    number: str | None
    mark: str | None
    codes: list[str]
    cut: bool
    png: bytes

    def facts(self) -> dict[str, Any]:
        """Everything but the picture, which has an address instead."""
        return {**asdict(self), "png": f"/slips/{self.id}.png"}


class SlipStore:
    """Thread-safe; at most SLIPS_MAX slips."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._slips: deque[PrintedSlip] = deque(_load(folder) if folder else (), maxlen=SLIPS_MAX)
        self._last_id = self._slips[-1].id if self._slips else 0

    def add(self, paper: Paper, cut: bool) -> PrintedSlip:
        """Take a finished piece. Raises OSError when the folder cannot be written."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        number = paper.large_lines[0] if paper.large_lines else None
        with self._lock:
            self._last_id += 1
            slip = PrintedSlip(
                self._last_id, at, paper.text(), number, paper.mark(), paper.codes, cut, paper.png()
            )
            self._slips.append(slip)
        if self._folder:
            _save(self._folder, slip)
        return slip

    def newest_first(self) -> list[PrintedSlip]:
        with self._lock:
            return list(reversed(self._slips))

    def find(self, slip_id: int) -> PrintedSlip | None:
        with self._lock:
            return next((slip for slip in self._slips if slip.id == slip_id), None)


def _save(folder: Path, slip: PrintedSlip) -> None:
    """The picture first: a slip whose facts are there is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{slip.id:08d}.png").write_bytes(slip.png)
    facts = folder / f"{slip.id:08d}.json"
    facts.write_text(json.dumps(slip.facts(), ensure_ascii=False), encoding="utf-8")
    old = folder / f"{slip.id - SLIPS_MAX:08d}"
    old.with_suffix(".json").unlink(missing_ok=True)
    old.with_suffix(".png").unlink(missing_ok=True)


def _load(folder: Path) -> list[PrintedSlip]:
    slips = []
    for path in sorted(folder.glob("[0-9]*.json"))[-SLIPS_MAX:]:
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            slips.append(PrintedSlip(**{**facts, "png": path.with_suffix(".png").read_bytes()}))
        except (OSError, ValueError, TypeError):
            continue  # half written when the power went: the paper is gone, the rest is not
    return slips
