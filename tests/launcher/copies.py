"""Copies of the checkout, and machines that lack something, for tests of ./mpp."""

import os
import shutil
import subprocess
from pathlib import Path

from tests.house.files import ROOT, ours

#: What ./mpp itself runs, besides Python.
TOOLS = ("sh", "dirname", "readlink", "sha256sum", "cut", "cat", "id", "rm", "mv", "ln", "flock")
#: Making an environment means fetching some fifty packages.
INSTALLED_S = 600


def copy_checkout(target: Path) -> Path:
    """The project without its tests, as a clone would have it."""
    for path in ours():
        if path.parts[0] != "tests":
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, target / path)
    return target


def start(launcher: Path, *words: str, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start ./mpp as a person does, from some folder."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MPP_")}
    return subprocess.Popen(
        [launcher, *words], cwd=cwd, env={**plain, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )


def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Its exit code, standard output and standard error."""
    said, complained = process.communicate(timeout=INSTALLED_S)
    return process.returncode, said, complained


def machine(folder: Path, **programs: str) -> dict[str, str]:
    """A PATH with the usual tools and `programs` (name -> shell script) only."""
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (folder / tool).symlink_to(found)
    for name, script in programs.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return {"PATH": str(folder)}
