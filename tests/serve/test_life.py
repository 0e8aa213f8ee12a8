"""The life of a server's processes: however it ends, nothing stays behind and the next start works.

Planted: neither `die_with_parent` nor the look at the parent in the worker -> test_killed_master... red.
Planted: companions without `--die-with-parent` -> test_killed_master..., test_killed_group... red.
Planted: `watch` not starting again -> test_a_killed_child_is_replaced red.
Planted: `presence.withdraw` left out -> test_told_to_stop... red.
"""

import json
import os
import signal
from collections.abc import Callable

import pytest

from tests.serve.servers import DOWN_S, UP_S, Server, lives
from tests.waiting import wait_for


def all_gone(pids: dict[str, int]) -> None:
    wait_for(lambda: not any(lives(pid) for pid in pids.values()), DOWN_S, f"all of {pids} gone")


def starts_again(new_server: Callable[..., Server]) -> None:
    again = new_server().start().up()
    again.whole_family()
    assert again.end() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_in_order(server: Server, number: int) -> None:
    family = server.whole_family()
    assert json.loads((server.data / "server.json").read_text())["pid"] == server.pid
    assert server.end(number) == 0
    all_gone(family)
    assert not (server.data / "server.json").exists()
    assert "Traceback" not in server.log.read_text()


def test_killed_master_leaves_nobody(server: Server, new_server: Callable[..., Server]) -> None:
    family = server.whole_family()
    server.end(signal.SIGKILL)
    all_gone(family)
    starts_again(new_server)


def test_killed_group_leaves_nobody(server: Server, new_server: Callable[..., Server]) -> None:
    family = server.whole_family()
    os.killpg(server.pid, signal.SIGKILL)
    assert server.process is not None
    server.process.wait(DOWN_S)
    all_gone(family)
    starts_again(new_server)


def test_a_killed_child_is_replaced(server: Server) -> None:
    for kind in ("worker", "print host", "virtual printer"):
        family = server.whole_family()
        os.kill(family[kind], signal.SIGKILL)
        wait_for(lambda: server.family().get(kind, family[kind]) != family[kind], UP_S, f"another {kind}")
        server.up()
        others = {name: pid for name, pid in server.whole_family().items() if name != kind}
        assert others == {name: pid for name, pid in family.items() if name != kind}
    assert server.end() == 0


def test_only_one_server_per_data_folder(server: Server, new_server: Callable[..., Server]) -> None:
    second = new_server(server_start_wait_s=0)
    assert second.start().process is not None
    assert second.process is not None and second.process.wait(UP_S) == 4
    assert f"pid {server.pid}" in second.log.read_text()
    assert server.is_ready()


def test_a_start_waits_for_the_one_that_is_ending(server: Server, new_server: Callable[..., Server]) -> None:
    family = server.whole_family()
    os.kill(server.pid, signal.SIGSTOP)
    second = new_server(server_start_wait_s=60).start()
    os.kill(server.pid, signal.SIGCONT)
    assert server.end() == 0
    second.up()
    all_gone(family)
    assert second.end() == 0
