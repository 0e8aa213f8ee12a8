"""A real server for each test that wants one; nothing of it is left afterwards."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import make_free_port
from tests.house_builder import move_in
from tests.serve.servers import Server


@pytest.fixture(scope="session")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a first start. Real first starts stand in test_terminal.py, the walk and the simulated day."""
    data = tmp_path_factory.mktemp("first") / "data"
    move_in(data, MPP_PRINTING_VIRTUAL_TCP_PORT=str(make_free_port()))
    return data


@pytest.fixture
def new_server(tmp_path: Path, first_run: Path) -> Iterator[Callable[..., Server]]:
    """Makes servers (not started) on one copy of that data folder; ends what is still running."""
    servers: list[Server] = []
    shutil.copytree(first_run, tmp_path / "data")

    def make(**settings: object) -> Server:
        servers.append(Server(tmp_path / "data", settings=settings))
        return servers[-1]

    yield make
    for server in servers:
        server.remove()


@pytest.fixture
def server(new_server: Callable[..., Server]) -> Server:
    """A server that is ready, with its whole family."""
    started = new_server().start().up()
    started.whole_family()
    return started
