"""The wall clock of a process and its children, moved by libfaketime while they run; its monotonic clock stays true."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from server.ops.prove.tools import need


class Wall:
    """`environment` for who is to see it; moving it takes effect at the next look at the time."""

    def __init__(self, file: Path, local: str) -> None:
        """It shows `local` (ISO 8601 with offset) and runs on. Raises Missing without libfaketime."""
        self._file, self._ahead = file, timedelta(0)
        self.environment = {
            "LD_PRELOAD": need("libfaketime"), "FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1",
            # its own mending of waits on the monotonic clock makes Python's threads spin
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }
        self.show(local)

    def show(self, local: str) -> None:
        """Set it."""
        self._set(datetime.fromisoformat(local) - datetime.now(UTC))

    def jump(self, by: timedelta) -> None:
        self._set(self._ahead + by)

    def now(self) -> datetime:
        """What it shows, aware UTC."""
        return datetime.now(UTC) + self._ahead

    def _set(self, ahead: timedelta) -> None:
        """In one step: a process may look at any moment."""
        self._ahead = ahead
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead.total_seconds():+.3f}\n")
        os.replace(new, self._file)
