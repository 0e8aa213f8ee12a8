"""A small hall with its own data folder, and backups of it at the hall's own time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.ops.backup import child, taking
from tests.app.small_hall import SmallHall, hall

__all__ = ["hall"]


@pytest.fixture
def back_up(hall: SmallHall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Path, dict[str, Any]]]:
    """A backup of the hall as it is, made by the hall's clock: its file and its manifest."""
    for module in (taking, child):
        monkeypatch.setattr(module, "wall_now", lambda: hall.now)

    def make(name: str = "one.mppb", with_media: bool = True) -> tuple[Path, dict[str, Any]]:
        file = tmp_path / name
        return file, taking.take(hall.path.parent, file, with_media)

    return make
