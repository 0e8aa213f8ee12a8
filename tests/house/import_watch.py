"""Imports the modules named on standard input and prints what our own code did meanwhile (a JSON list).

Runs as a program, because what is imported once cannot be watched again. eventlet and gevent workers are
imported like all others; importing them patches nothing.
"""

import importlib
import json
import sys
import threading
from pathlib import Path
from types import FrameType

ROOT = str(Path(__file__).resolve().parents[2])
WATCHED = {"socket.__new__", "subprocess.Popen", "os.mkdir", "os.remove", "os.rename", "sqlite3.connect", "open"}
done: list[str] = []


def watch(event: str, details: tuple[object, ...]) -> None:
    if event not in WATCHED or (event == "open" and str(details[0]).endswith((".py", ".pyc"))):
        return
    frame = _doer(sys._getframe(1))
    if frame is not None and frame.f_code.co_filename.startswith(ROOT) and ".venv" not in frame.f_code.co_filename:
        done.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {event} {details[0]}")


def _doer(frame: FrameType | None) -> FrameType | None:
    """Who did it: the first frame that is neither this file, nor importlib, nor a helper of pathlib and io."""
    while frame is not None:
        name = frame.f_code.co_filename
        if name != __file__ and "importlib" not in name and "pathlib" not in name:
            return frame
        frame = frame.f_back
    return None


if __name__ == "__main__":
    modules = json.load(sys.stdin)
    sys.dont_write_bytecode = True  # what Python itself keeps is not our doing
    sys.addaudithook(watch)
    for module in modules:
        importlib.import_module(module)
    if threading.active_count() != 1:
        done.append(f"threads: {threading.enumerate()}")
    print(json.dumps(done))
