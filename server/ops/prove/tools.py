"""Programs a campaign works with: those of the machine, installed by apt when this is root on Debian or Ubuntu."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

#: program or library -> its package
PACKAGES = {"strace": "strace", "libfaketime": "libfaketime"}
FAKETIME = "faketime/libfaketime.so.1"
INSTALL_TIMEOUT_S = 300


class Missing(Exception):
    """A program is not here and cannot be had; the text says how to get it."""


def need(name: str) -> str:
    """Path of one of PACKAGES. Raises Missing."""
    found = _find(name)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        _install(PACKAGES[name])
        found = _find(name)
    if found is None:
        raise Missing(f"{name} is not here (sudo apt install {PACKAGES[name]})")
    return found


def _find(name: str) -> str | None:
    if name == "libfaketime":
        return next((str(path) for root in ("/usr/lib", "/usr/lib64") for path in Path(root).glob(f"*/{FAKETIME}")), None)
    return shutil.which(name)


def _install(package: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "install", "-y", "-q", package], ["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", package]):
        done = subprocess.run(command, env=quiet, capture_output=True, timeout=INSTALL_TIMEOUT_S, check=False)
        if done.returncode == 0 and command[1] == "install":
            return
