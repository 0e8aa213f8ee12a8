"""The note that a restore leaves in the data folder until it is through."""

from __future__ import annotations

import json
from pathlib import Path

from server.cli.faults import FAILED, Stop

NAME = "restore-unfinished.json"


def note_of(data: Path) -> str | None:
    """The folder into which the data before were being moved; None when no restore was cut short."""
    try:
        return str(json.loads((data / NAME).read_text("utf-8"))["replaced"])
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError):
        return "diganti"


def refuse_unfinished(data: Path) -> None:
    """Raises Stop while a restore was cut short: half of the data is no hall, and an empty folder would be a new one."""
    if note_of(data) is not None:
        raise Stop(f"Pemulihan data di {data} terputus; jalankan lagi `mpp restore` dengan cadangan yang sama.", FAILED)
