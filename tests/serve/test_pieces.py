"""The pieces of serving that need no server: sentences, addresses, log lines, companions on an injected clock.

Planted: `pause_s` not doubled -> test_a_companion_that_keeps_falling red; the newline left in a log line ->
test_a_log_event_is_one_line red; the port of another server moved -> test_pages_move_with_the_server red; no second try
for a port in use -> test_a_start_waits_for_a_port... red.
"""

import logging
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from server.cli.addresses import hall_url, local_url, moved, welcome
from server.cli.faults import Stop
from server.cli.logs import OneLine
from server.cli.testing import clean_environment
from server.cli.words import Parser, in_indonesian
from server.ops import companions, port
from server.ops.companions import Companion, Companions
from tests.waiting import wait_for


def test_mistakes_are_said_in_indonesian() -> None:
    parser = Parser("serve", "Jalankan.")
    parser.add_argument("--port", type=int)
    parser.add_argument("--kind", choices=["a", "b"])
    parser.add_argument("name")
    for words, said in {
        "x --bogus": "argumen --bogus tidak dikenal",
        "x --port": "argumen --port memerlukan nilai",
        "x --port z": "nilai 'z' untuk --port harus bilangan bulat",
        "x --kind c": "nilai 'c' untuk --kind harus salah satu dari",
        "": "argumen name wajib diisi",
    }.items():
        with pytest.raises(Stop) as stopped:
            parser.parse_args(words.split())
        assert said in stopped.value.sentence and stopped.value.exit_code == 2
    assert in_indonesian("something new") == "something new"


def test_the_suite_runs_without_this_site_s_settings_and_keeps_what_it_compiles() -> None:
    """Planted: PYTHONDONTWRITEBYTECODE handed on -> red (every process of the suite compiles every module again)."""
    given = {"MPP_SERVER_PORT": "80", "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/bin"}
    assert clean_environment(given) == {"PATH": "/bin"}


def test_local_and_hall_addresses() -> None:
    assert local_url("0.0.0.0", 8080) == "http://127.0.0.1:8080"
    assert local_url("::1", 80) == "http://[::1]:80"
    assert hall_url("mpp.lan", 8080) == "http://mpp.lan:8080"


def test_pages_move_with_the_server() -> None:
    today = "http://127.0.0.1:9999"
    assert moved("http://127.0.0.1:8080/kiosk/K1?enrol=k", today) == f"{today}/kiosk/K1?enrol=k"
    assert moved("http://127.0.0.1:8090/", today) == "http://127.0.0.1:8090/"


def test_passwords_are_shown_on_the_first_run_only() -> None:
    facts = {"site": "MPP", "addresses": {"kiosk": "http://a:1/kiosk/K1"}, "users": [{"username": "admin", "password": "rahasia"}]}
    first = welcome(facts, Path("var"), "http://a:1", "http://b:1", is_first=True)
    later = welcome(facts, Path("var"), "http://a:1", "http://b:1", is_first=False)
    assert "rahasia" in first and "rahasia" not in later and "var/first-run.json" in later
    assert "http://a:1/" in welcome({}, Path("var"), "http://a:1", "http://a:1", is_first=False)


def test_a_log_event_is_one_line() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        record = logging.LogRecord("n", logging.ERROR, "p", 1, "name %s", ("a\nFORGED",), sys.exc_info())
    first, *following = OneLine("%(message)s").format(record).split("\n")
    assert first == "name a" and following
    assert all(line.startswith("  | ") for line in following)


def test_a_start_waits_for_a_port_that_is_about_to_be_free(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = port.listen("127.0.0.1", 0, 0)
    number = taken.getsockname()[1]
    meanwhile = SimpleNamespace(monotonic=time.monotonic, sleep=lambda duration_s: taken.close())
    monkeypatch.setattr(port, "time", meanwhile)
    port.listen("127.0.0.1", number, 30).close()


class Hours:
    """A clock that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_companion_that_keeps_falling_is_started_with_longer_pauses(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock, starts = Hours(), []

    def command() -> list[str]:
        starts.append(clock.now)
        return [sys.executable, "-S", "-c", ""]

    watched = Companions(clock)
    watched.add(Companion("print host", command, tmp_path, {}))
    for second in range(100):
        clock.now = float(second)
        watched.watch()
        wait_for(lambda: not watched.pids(), 30, "its end")
    watched.end()
    pauses = [later - earlier for earlier, later in zip(starts, starts[1:], strict=False)]
    assert pauses[:5] == [2.0, 3.0, 5.0, 9.0, 17.0]
    assert all(pause <= companions.LONGEST_PAUSE_S + 1 for pause in pauses)
    assert [record.levelname for record in caplog.records if record.levelno >= logging.WARNING] == ["ERROR"]


def test_a_companion_that_steadies_is_logged_once_and_ended(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock, commands = Hours(), [["false"], [sys.executable, "-S", "-c", "import signal; signal.pause()"]]
    watched = Companions(clock)
    watched.add(Companion("print host", lambda: commands.pop(0), tmp_path, {"PATH": "/usr/bin:/bin"}))
    watched.watch()
    wait_for(lambda: not watched.pids(), 30, "the first one's end")
    for second in range(1, 60):
        clock.now = float(second)
        watched.watch()
    said = [(record.levelname, record.getMessage()) for record in caplog.records if record.levelno >= logging.WARNING]
    assert [level for level, _ in said] == ["ERROR", "WARNING"] and "runs again" in said[1][1]
    watched.end()
    watched.watch()
    assert watched.pids() == {}
