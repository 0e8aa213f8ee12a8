"""`mpp test`: runs the whole suite. Exit codes: pytest's own, 3 when something to test with was missing."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

from PIL import features

from server.cli.faults import BAD_ARGUMENTS, TESTS_INCOMPLETE, Stop
from server.cli.places import home

#: four files of tests at a time: most of the suite waits for servers and browsers of its own
SIDE_BY_SIDE = ("-n", "4", "--dist", "loadfile", "--no-loadscope-reorder")
#: pytest's own exit code for arguments it does not know
PYTEST_USAGE = 4
#: the first is Chromium without windows: the same engine, half the processor time
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def run(argv: Sequence[str]) -> int:
    """Run pytest with `argv`; what cannot be tested here is left out, named at the end, and not green."""
    needs = {
        "browser": None if find_browser() else "peramban Chromium (sudo apt install chromium-headless-shell)",
        "office": None if shutil.which("soffice") else "LibreOffice Calc (sudo apt install libreoffice-calc-nogui)",
        "fribidi": None if features.check("raqm") else "pustaka FriBiDi (sudo apt install libfribidi0)",
    }
    missing = [what for what in needs.values() if what]
    left_out = ["-m", " and ".join(f"not {name}" for name, what in needs.items() if what)] if missing else []
    exit_code = subprocess.run(
        [sys.executable, "-m", "pytest", *SIDE_BY_SIDE, *left_out, *argv], cwd=home(), env=clean_environment(os.environ), check=False
    ).returncode
    if exit_code == PYTEST_USAGE:
        raise Stop("mpp test: argumen tidak dikenal pytest; lihat `mpp test --help`.", BAD_ARGUMENTS)
    if missing:
        print(f"Belum semua diuji, karena di komputer ini tidak ada: {', '.join(missing)}.", file=sys.stderr)
    return exit_code or (TESTS_INCOMPLETE if missing else 0)


def find_browser() -> str | None:
    """Path of a Chromium on this computer, if there is one."""
    return next((path for path in map(shutil.which, BROWSERS) if path), None)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without this site's own settings: tests choose theirs.

    What is compiled once is kept: the suite starts some hundred processes of the same modules.
    """
    return {name: value for name, value in environment.items() if not name.startswith("MPP_") and name != "PYTHONDONTWRITEBYTECODE"}
