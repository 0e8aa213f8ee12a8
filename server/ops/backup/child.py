"""The scheduled work, in processes of its own beside the server: `python -m server.ops.backup.child WHAT ...`.

Each prints one JSON object and ends with 0; what went wrong stands in it under `cause`. Nothing here can hold up the hall:
the processes are niced, read only, and a share that hangs holds up its own copy alone.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from config.mistakes import system_said
from server.cli.faults import Stop
from server.clock import wall_now
from server.ops.backup import archive, copying, drill, keeping, taking
from server.ops.lifetime import die_with_parent

FOLDER = "backups"
DRILL = "drill.json"
#: the last of the disk is for numbers
LEFT_FREE_BYTES = 200_000_000
NICE = 10
AHEAD = timedelta(hours=1)


def round_of(data: Path, rule: keeping.Rule) -> dict[str, Any]:
    """One more backup in the data folder, the media beside it, and those gone that the rule no longer keeps."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    _sweep(folder)
    size = (data / archive.DATABASE).stat().st_size
    if shutil.disk_usage(folder).free < 2 * size + LEFT_FREE_BYTES:
        return {"cause": "no_room"}
    with copying.opened(data / archive.DATABASE) as database:
        site = copying.facts_of(database)["site"]
    file = folder / keeping.name_of(site, wall_now())
    manifest = taking.take(data, file, with_media=False)
    for name in taking.media_names(data / archive.DATABASE):
        _keep(data / "media" / name, folder / "media" / name)
    prune(folder, rule)
    return {"name": file.name, "seq": manifest["seq"], "bytes": file.stat().st_size, "cause": None}


def copy_to(source: Path, target: Path, rule: keeping.Rule) -> dict[str, Any]:
    """The newest backup and the media into another folder, which must be there: an unplugged disk is told, not made up."""
    if not target.is_dir():
        return {"cause": "absent"}
    _sweep(target)
    newest = newest_in(source)
    if newest is None:
        return {"cause": "nothing"}
    if not (target / newest.name).exists():
        _keep(newest, target / newest.name)
        try:
            archive.read(target / newest.name)
        except archive.Unfit:
            (target / newest.name).unlink()
            return {"cause": "damaged"}
    for path in sorted((source / "media").glob("*")):
        _keep(path, target / "media" / path.name)
    prune(target, rule)
    is_same = target.stat().st_dev == source.stat().st_dev
    return {"name": newest.name, "cause": "same_disk" if is_same else None}


def drill_of(data: Path) -> dict[str, Any]:
    """Restore the newest backup into a scratch folder and look at everything in it."""
    folder = data / FOLDER
    newest = newest_in(folder)
    if newest is None:
        return {"cause": "nothing"}
    _sweep(folder)
    scratch = folder / f".drill{taking.PART}"
    scratch.mkdir(mode=0o700)
    try:
        wrong = drill.wrongs(newest, scratch, data / archive.DATABASE)
    finally:
        shutil.rmtree(scratch)
    told = {"at": wall_now().isoformat(), "name": newest.name, "wrong": wrong, "cause": "damaged" if wrong else None}
    (folder / DRILL).write_text(json.dumps(told), "utf-8")
    return told


def newest_in(folder: Path) -> Path | None:
    """The latest scheduled backup by its name."""
    return next(iter(dated_in(folder)), None)


def dated_in(folder: Path) -> list[Path]:
    """Scheduled backups by their names, newest first; one made while the clock stood ahead waits until its time has come."""
    latest = wall_now() + AHEAD
    dated = [(at, path) for path in folder.glob(f"*{keeping.ENDING}") if (at := keeping.time_of(path.name)) and at <= latest]
    return [path for _, path in sorted(dated, reverse=True)]


def prune(folder: Path, rule: keeping.Rule) -> None:
    """Remove what the rule no longer keeps."""
    for name in keeping.surplus([path.name for path in folder.glob(f"*{keeping.ENDING}")], rule):
        (folder / name).unlink()


def _sweep(folder: Path) -> None:
    """What a killed process left half made."""
    for path in folder.glob(f".*{taking.PART}"):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def _keep(source: Path, target: Path) -> None:
    """Copy a file that never changes, whole or not at all."""
    if target.exists() or not source.is_file():
        return
    target.parent.mkdir(mode=0o700, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}{taking.PART}")
    try:
        shutil.copyfile(source, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    archive.sync_folder(target.parent)


def main(argv: list[str]) -> int:
    """`round DATA`, `copy DATA TARGET`, `drill DATA`, each followed by the parent's pid and the rule's two numbers."""
    what, parent, daily, monthly, *places = argv
    os.umask(0o077)
    die_with_parent(int(parent))
    os.nice(NICE)
    rule, paths = keeping.Rule(int(daily), int(monthly)), [Path(place) for place in places]
    try:
        if what == "round":
            told = round_of(paths[0], rule)
        elif what == "copy":
            told = copy_to(paths[0] / FOLDER, paths[1], rule)
        else:
            told = drill_of(paths[0])
    except Stop as stop:
        told = {"cause": "failed", "words": stop.sentence}
    except OSError as problem:
        told = {"cause": "failed", "words": system_said(problem)}
    print(json.dumps(told))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
