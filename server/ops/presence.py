"""`server.json`: how the other `mpp` commands find the server that is running, and prove they may."""

import json
import os
import secrets
from pathlib import Path

NAME = "server.json"


def announce(data: Path, url: str) -> None:
    """Write who serves, where, and a new token for the commands of this computer's users (mode 0600)."""
    facts = {"pid": os.getpid(), "url": url, "token": secrets.token_urlsafe(32)}
    write_private(data / NAME, json.dumps(facts))


def withdraw(data: Path) -> None:
    """Remove the file at the end."""
    (data / NAME).unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only this user can read, whole or not at all."""
    half = path.with_name(f".{path.name}.{os.getpid()}")
    fd = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, path)
