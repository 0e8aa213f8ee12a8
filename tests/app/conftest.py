"""A hall of its own for every test of the acts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.small_hall import SmallHall


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[SmallHall]:
    hall = SmallHall(tmp_path / "data")
    yield hall
    hall.close()
