"""Real servers for tests: `mpp serve` as its own processes, on ports and in a folder of their own."""

import http.client
import io
import json
import os
import signal
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from server.cli.main import main
from server.ops.lifetime import die_with_parent
from tests.conftest import make_free_port
from tests.house.files import ROOT
from tests.waiting import wait_for

#: Bounds for what normally takes a second or two, on a machine that does other things besides.
UP_S = 90
DOWN_S = 30


def environment(**settings: object) -> dict[str, str]:
    """The environment of a server: nobody else's settings, ours as MPP_* variables."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
    return {**plain, **{f"MPP_{name.upper()}": str(value) for name, value in settings.items()}}


def mpp(*words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run an `mpp` command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "server.cli.main", *words], cwd=ROOT, env=environment(**settings),
        capture_output=True, text=True, timeout=UP_S, check=False,
    )


def mpp_here(*words: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """The same in this process, for a test of many commands: a process of its own costs a second and more to load."""
    was, mask = dict(os.environ), os.umask(0o022)
    out, err = io.StringIO(), io.StringIO()
    os.environ.clear()
    os.environ.update(environment(**settings))
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = main(words)
    finally:
        os.environ.clear()
        os.environ.update(was)
        os.umask(mask)
    return subprocess.CompletedProcess(words, code, out.getvalue(), err.getvalue())


@dataclass
class Server:
    """One `mpp serve`. Its companions listen on free ports too, so that several may run side by side."""

    data: Path
    port: int = field(default_factory=make_free_port)
    settings: dict[str, object] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    #: Every child ever seen, for the clean-up after a test that found one left behind.
    seen: set[int] = field(default_factory=set)

    def start(self) -> "Server":
        settings = {
            "server_host": "127.0.0.1", "printing_virtual_tcp_port": make_free_port(),
            "printing_virtual_http_port": make_free_port(), **self.settings,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server.cli.main", "serve", "--data", str(self.data), "--port", str(self.port)],
                cwd=ROOT, env=environment(**settings), stdout=log, stderr=log, start_new_session=True,
                # A test run that is killed takes its servers along.
                preexec_fn=partial(die_with_parent, os.getpid()),
            )
        return self

    def up(self) -> "Server":
        """Wait until it is ready."""
        wait_for(lambda: self.is_ready() or self._died(), UP_S, f"{self.log} says why")
        assert self.is_ready(), self.log.read_text()
        return self

    @property
    def log(self) -> Path:
        return self.data.with_name(f"{self.data.name}.log")

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def is_ready(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def family(self) -> dict[str, int]:
        """Its children by what they are: worker, print host, virtual printer."""
        kinds = {"server.cli.serving": "worker", "printers": "print host", "printers.virtual": "virtual printer"}
        found = {}
        for pid in children_of(self.pid):
            words = command_of(pid)
            if "-m" in words and (kind := kinds.get(words[words.index("-m") + 1])):
                found[kind] = pid
        self.seen.update(found.values())
        return found

    def whole_family(self) -> dict[str, int]:
        """The same, once all three are there."""
        wait_for(lambda: len(self.family()) == 3, UP_S, "worker, print host and virtual printer")
        return self.family()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal to the master and give its exit code."""
        assert self.process is not None
        if self.process.poll() is None:
            os.kill(self.pid, number)
        return self.process.wait(DOWN_S)

    def facts(self) -> dict[str, object]:
        return dict(json.loads((self.data / "first-run.json").read_text("utf-8")))

    def remove(self) -> None:
        """Kill whatever is left of it."""
        if self.process is None:
            return
        self.family()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(DOWN_S)
        for pid in self.seen:
            words = " ".join(command_of(pid))
            if str(self.data) in words or "server.cli.serving" in words:
                os.kill(pid, signal.SIGKILL)

    def _died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


def children_of(parent: int) -> list[int]:
    """The living children of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        state, *more = (_stat(int(entry.name)) if entry.name.isdigit() else "").split() or ("Z",)
        if state != "Z" and int(more[0]) == parent:
            found.append(int(entry.name))
    return found


def lives(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    return _stat(pid)[:1] not in ("", "Z")


def command_of(pid: int) -> list[str]:
    """The words a process was started with."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except OSError:
        return []


def _stat(pid: int) -> str:
    """State, parent and so on (proc(5)); empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2]
    except OSError:
        return ""
