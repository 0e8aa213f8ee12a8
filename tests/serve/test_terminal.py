"""What a newcomer sees: addresses and passwords on a terminal, once; never in a pipe or a log.

Planted: `sys.stdout.isatty()` taken out of serving.py -> test_a_pipe... red.
Planted: `is_first_run` ignored -> test_a_terminal... red.
"""

import json
import os
import pty
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.conftest import make_free_port
from tests.house.files import ROOT
from tests.serve.servers import DOWN_S, UP_S, Server, environment
from tests.waiting import wait_for


def on_a_terminal(data: Path, said_last: str) -> str:
    """Serve with a terminal as standard output; what stands on it when `said_last` does, all of it after the end."""
    ours, theirs = pty.openpty()
    os.set_blocking(ours, False)
    server = subprocess.Popen(
        [sys.executable, "-m", "server.cli.main", "serve", "--data", str(data), "--port", str(make_free_port())],
        cwd=ROOT, stdout=theirs, stderr=subprocess.DEVNULL,
        env=environment(server_host="127.0.0.1", printing_virtual="false"),
    )
    os.close(theirs)
    shown: list[str] = []

    def look() -> bool:
        try:
            shown.append(os.read(ours, 65536).decode())
        except (BlockingIOError, OSError):
            pass
        return said_last in "".join(shown)

    try:
        wait_for(look, UP_S, "the terminal")
    finally:
        server.terminate()
        server.wait(DOWN_S)
        look()
        os.close(ours)
    return "".join(shown)


def test_a_terminal_shows_all_addresses_and_passwords_once(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shown = on_a_terminal(data, "Ctrl-C")
    facts = json.loads((data / "first-run.json").read_text())
    assert stat.S_IMODE((data / "first-run.json").stat().st_mode) == 0o600
    assert {user["username"] for user in facts["users"]} >= {"admin", "pengawas", "resepsionis"}
    for user in facts["users"]:
        assert f"{user['username']} " in shown and user["password"] in shown
    for what in ("Kios", "Layar", "Loket", "Pengawas"):
        assert what in shown
    again = on_a_terminal(data, "Ctrl-C")
    assert "Kios" in again and str(data / "first-run.json") in again
    assert not any(user["password"] in again for user in facts["users"])


def test_a_pipe_and_the_log_never_see_a_secret(new_server: Callable[..., Server]) -> None:
    server = new_server().start().up()
    server.whole_family()
    facts, token = server.facts(), json.loads((server.data / "server.json").read_text())["token"]
    assert stat.S_IMODE((server.data / "server.json").stat().st_mode) == 0o600
    secrets = [user["password"] for user in facts["users"]] + [device["token"] for device in facts["devices"]]  # type: ignore[attr-defined]
    assert server.end() == 0
    log = server.log.read_text()
    assert log and not any(secret in log for secret in [*secrets, token] if secret)
