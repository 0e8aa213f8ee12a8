"""A server that cannot start says why in one Indonesian sentence, with an exit code of its own.

Planted: a port in use reported with exit code 1 -> test_port_in_use red; argparse's own `error` -> test_bad_arguments
red; the virtual printer's ports not looked at -> test_port_in_use red.
"""

import socket
from pathlib import Path

import pytest

from tests.conftest import make_free_port
from tests.serve.servers import mpp


def one_sentence(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1 and lines[0].endswith("."), text
    return lines[0]


def test_port_in_use(tmp_path: Path) -> None:
    """The server's own, and that of the virtual printer: without it a newcomer would see no paper."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        words = ("serve", "--data", str(tmp_path), "--host", "127.0.0.1", "--port")
        own = mpp(*words, str(port), server_start_wait_s=0)
        printer = mpp(*words, str(make_free_port()), server_start_wait_s=0, printing_virtual_tcp_port=port)
    for done, chosen_by in ((own, "--port"), (printer, "MPP_PRINTING_VIRTUAL_TCP_PORT")):
        assert done.returncode == 5
        said = one_sentence(done.stderr)
        assert said.startswith(f"Port {port} sedang dipakai program lain") and said.endswith(f"{chosen_by}.")


def test_address_of_another_computer(tmp_path: Path) -> None:
    done = mpp("serve", "--data", str(tmp_path), "--host", "192.0.2.1", server_start_wait_s=0)
    assert done.returncode == 2 and "192.0.2.1" in one_sentence(done.stderr)


def test_data_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = mpp("serve", "--data", str(tmp_path / "file"))
    assert done.returncode == 6 and one_sentence(done.stderr).startswith(f"Folder data {tmp_path / 'file'} tidak dapat ditulis")


def test_data_folder_where_nobody_may_write() -> None:
    done = mpp("serve", "--data", "/proc/antrian")
    assert done.returncode == 6 and one_sentence(done.stderr).startswith("Folder data /proc/antrian tidak dapat ditulis")


def test_all_wrong_settings_at_once(tmp_path: Path) -> None:
    done = mpp("serve", "--data", str(tmp_path), "--port", "seribu", server_graceful_timeout_s=-1, no_such_thing=1)
    assert done.returncode == 2
    for said in ("--port = 'seribu'", "MPP_SERVER_GRACEFUL_TIMEOUT_S", "MPP_NO_SUCH_THING"):
        assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["serve", "--bogus"], ["serve", "more"], ["serve", "--port"], ["bogus"], ["--bogus"]])
def test_bad_arguments(words: list[str]) -> None:
    done = mpp(*words)
    assert done.returncode == 2 and done.stdout == ""
    assert one_sentence(done.stderr).startswith("mpp")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["serve", "--port", "abc"], "Argumen salah: --port = 'abc': bukan bilangan bulat"),
        (["serve", "--port", "99999"], "Argumen salah: --port = 99999: terlalu besar"),
        (["user", "add", "budi", "--role", "officer", "--gerai", ","], "mpp user add: peran officer memerlukan --gerai"),
        (["simulate", "--url", "http://127.0.0.1:1"], "Tidak ada server yang menjawab di http://127.0.0.1:1: sambungan ditolak"),
    ],
)
def test_what_was_said_wrong_is_named_and_nothing_changes(words: list[str], said: str, tmp_path: Path) -> None:
    """Planted: the variable named instead of the argument; the gerai not asked for; no look at the address -> red."""
    done = mpp(*words, "--data", str(tmp_path))
    assert done.returncode == 2 and one_sentence(done.stderr).startswith(said)
    assert list(tmp_path.iterdir()) == []


def test_help_names_the_commands() -> None:
    done = mpp("--help")
    assert done.returncode == 0 and all(f"\n  {name} " in done.stdout for name in ("serve", "printers", "test"))
    assert "pemakaian: mpp serve" in mpp("serve", "--help").stdout
