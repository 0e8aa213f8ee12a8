"""./mpp on a fresh machine: one command, whatever the folder is called and wherever one stands.

Planted: no `flock` -> test_two_at_once red (one removes what the other makes).
Planted: `rm -rf .venv` before building -> test_a_failed_update_keeps_what_works red.
Planted: an unquoted $home -> all red, by the space in the path.
"""

import sys
from pathlib import Path

import pytest

from tests.launcher.copies import copy_checkout, finish, machine, start

OLD_PYTHON = 'case "$*" in *platform*) echo 3.9.2;; *) exit 1;; esac'


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy in a folder with a space, where somebody has made a .venv by hand, started twice at once."""
    folder = copy_checkout(tmp_path_factory.mktemp("mal pelayanan") / "antrian mpp")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "made-by-hand").write_text("")
    link = folder.parent / "mpp-link"
    link.symlink_to(Path("antrian mpp") / "mpp")
    # Compiling all libraries ahead is pip's service to a mall that starts every morning. ("no" is how pip spells it.)
    quick = {"PIP_NO_COMPILE": "no"}
    both = [start(link, "--help", cwd=Path("/"), **quick), start(folder / "mpp", "--help", cwd=folder.parent, **quick)]
    for code, said, complained in map(finish, both):
        assert code == 0, complained
        assert "pemakaian: mpp" in said
    return folder


def test_two_at_once_make_one_environment(checkout: Path) -> None:
    made = [path.name for path in checkout.glob(".venv-*") if path.name != ".venv-before"]
    assert made == [(checkout / ".venv").readlink().name]
    assert (checkout / ".venv-before" / "made-by-hand").exists()


def test_the_installed_command_is_this_checkout(checkout: Path) -> None:
    shown = finish(start(checkout / ".venv" / "bin" / "python", "-c", "import server; print(server.__file__)", cwd=Path("/")))
    assert shown[0] == 0 and shown[1].strip() == str(checkout / "server" / "__init__.py")


def test_a_second_start_makes_nothing(checkout: Path) -> None:
    before = (checkout / ".venv").lstat()
    code, _, complained = finish(start(checkout / "mpp", "--help", cwd=checkout, **{"PIP_NO_INDEX": "1"}))
    assert (code, complained) == (0, "")
    assert (checkout / ".venv").lstat().st_ino == before.st_ino


def test_arguments_arrive_unchanged(checkout: Path) -> None:
    code, _, complained = finish(start(checkout / "mpp", "dua kata", cwd=checkout))
    assert code == 2 and "'dua kata'" in complained


def test_a_failed_update_keeps_what_works(checkout: Path) -> None:
    pinned, works = checkout / "requirements.txt", (checkout / ".venv").readlink()
    text = pinned.read_text()
    pinned.write_text(text.replace("--hash=sha256:", "--hash=sha256:0", 1).replace("sha256:0", f"sha256:{'0' * 63}", 1))
    try:
        code, _, complained = finish(start(checkout / "mpp", "--help", cwd=checkout, PIP_NO_INDEX="1"))
    finally:
        pinned.write_text(text)
    assert code == 7 and "tidak dapat dipasang" in complained
    assert (checkout / ".venv").readlink() == works
    assert finish(start(checkout / "mpp", "--help", cwd=checkout))[0] == 0


def test_a_moved_checkout_installs_itself_again(checkout: Path) -> None:
    moved = checkout.rename(checkout.with_name("pindah rumah"))
    try:
        assert finish(start(moved / "mpp", "--help", cwd=Path("/"), PIP_NO_INDEX="1"))[0] == 0
        shown = finish(start(moved / ".venv" / "bin" / "python", "-c", "import server; print(server.__file__)", cwd=Path("/")))
        assert shown[1].strip() == str(moved / "server" / "__init__.py")
    finally:
        moved.rename(checkout)


def test_a_python_that_is_too_old(tmp_path: Path) -> None:
    folder = copy_checkout(tmp_path / "copy")
    code, said, complained = finish(start(folder / "mpp", "serve", cwd=folder, **machine(tmp_path / "bin", python3=OLD_PYTHON)))
    assert (code, said) == (7, "")
    assert complained == "Antrian MPP memerlukan Python 3.11 atau lebih baru; di komputer ini hanya ada Python 3.9.2.\n"


def without_venv(installed: Path) -> str:
    """A Python whose venv module is there only once `installed` exists."""
    return f'case "$*" in *ensurepip*) [ -e "{installed}" ];; *"-m venv"*) exit 1;; *) exec "{sys.executable}" "$@";; esac'


def test_a_missing_venv_module_is_named(tmp_path: Path) -> None:
    folder = copy_checkout(tmp_path / "copy")
    poor = machine(tmp_path / "bin", python3=without_venv(tmp_path / "installed"))
    code, _, complained = finish(start(folder / "mpp", "serve", cwd=folder, **poor))
    assert code == 7
    assert complained.count("\n") == 1 and f"python3.{sys.version_info.minor}-venv" in complained


def test_root_has_the_missing_venv_module_installed(tmp_path: Path) -> None:
    folder, installed = copy_checkout(tmp_path / "copy"), tmp_path / "installed"
    poor = machine(
        tmp_path / "bin", python3=without_venv(installed), id="echo 0",
        **{"apt-get": f'echo "$DEBIAN_FRONTEND $*" >"{installed}"'},
    )
    code, _, complained = finish(start(folder / "mpp", "serve", cwd=folder, **poor))
    assert installed.read_text() == f"noninteractive install -y -q python3.{sys.version_info.minor}-venv\n"
    assert code == 7 and "Menyiapkan pustaka" in complained
