"""A whole house on an empty SQLite file, in this process, with threads for its loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from server import bootstrap
from tests.house_builder import make_house
from tests.web.hall import Hall

Build = Callable[..., Hall]


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Build]:
    """build(**variables): a house with these MPP_* settings; stopped at the end."""
    running: list[bootstrap.Running] = []

    def make(**variables: str) -> Hall:
        data = tmp_path_factory.mktemp("data")
        built, _ = make_house(data, **variables)
        running.append(built)
        built.house.ready = True
        return Hall(built.house, built.wsgi_app, data).furnish()

    yield make
    for built in running:
        for close in built._closers:  # relay and tickers were never started
            close()


@pytest.fixture(scope="module")
def hall(build: Build) -> Hall:
    """One hall for all tests of a module; its clock stands at a working morning."""
    return build(MPP_CLOCK="2026-11-03T08:30:00+08:00@1")
