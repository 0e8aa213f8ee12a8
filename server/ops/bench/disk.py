"""The disk below everything: its fsync, and the least a committed row can cost on it."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path

from server.ops.bench.figures import Round

BLOCK_BYTES = 4096


def fsync_times(folder: Path, count: int) -> Round:
    """Write one block and fsync it, `count` times."""
    path = folder / "fsync.bin"
    took = []
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    began_s = time.perf_counter()
    try:
        for _ in range(count):
            since_s = time.perf_counter()
            os.pwrite(file, bytes(BLOCK_BYTES), 0)
            os.fsync(file)
            took.append(time.perf_counter() - since_s)
    finally:
        os.close(file)
        path.unlink()
    return Round(tuple(took), time.perf_counter() - began_s)


def insert_loop(folder: Path, duration_s: float) -> Round:
    """Insert one row and commit it, again and again, as the server opens its database."""
    path = folder / "insert.sqlite3"
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    took = []
    began_s = since_s = time.perf_counter()
    while since_s - began_s < duration_s:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (text) VALUES (?)", ("antrean",))
        connection.execute("COMMIT")
        now_s = time.perf_counter()
        took.append(now_s - since_s)
        since_s = now_s
    connection.close()
    return Round(tuple(took), since_s - began_s)
