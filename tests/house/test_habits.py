"""Habits of the house that a reader would otherwise have to watch for.

Planted: `datetime.now()` in server/app/days.py; `socketio.emit("x")` in server/web/app.py; an unfinished mark in a
comment; a home folder's path in a docstring; `time.sleep` in a test; a method written a second time in its class;
`wait_for_function("seen.up")`
-> one red each.
"""

import ast
import re
from pathlib import Path

from tests.house.files import called, modules_of_tests, ours, product_modules, text, tree

WALL_CLOCK = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "datetime.datetime.now", "datetime.date.today",
    "datetime.datetime.utcnow", "time.time", "time.time_ns", "time.localtime", "time.gmtime", "time.ctime",
}
#: Who may look at the wall clock, and why.
CLOCK_READERS = {
    "server/clock.py": "the one clock of the server",
    "server/ops/prove": "says in its report when it ran",
    "server/simulate": "a client: it sees the times the server sends and the wall",
    "printers": "a process of its own on another computer: it stamps its log and its papers",
}
EMITTERS = ("server/realtime", "server/simulate", "tests")
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" "DO", "FIX" "ME", "X" "XX", "HA" "CK")) + r")\b")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:work/[a-z]|root/|home/[a-z]|Users/|tmp/bash)")
HOSTS = re.compile(r"pypi\.org|pythonhosted\.org|registry\.npmjs|--index-url|--extra-index-url|--find-links")
WRITTEN = (".py", ".js", ".css", ".html", ".toml", ".json", ".cfg", ".md", ".txt", ".mako", ".ini", "")


def found(paths: list[Path] | tuple[Path, ...], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:80]}"
        for path in paths
        for number, line in enumerate(text(path).splitlines(), 1)
        if pattern.search(line)
    ]


def calls(paths: list[Path], names: set[str]) -> list[str]:
    return [
        f"{path}:{node.lineno} {called(node)}"
        for path in paths for node in ast.walk(tree(path)) if called(node) in names
    ]


def test_only_the_clock_reads_the_clock() -> None:
    others = [path for path in product_modules() if not path.as_posix().startswith(tuple(CLOCK_READERS))]
    assert calls(others, WALL_CLOCK) == []


def test_tests_neither_sleep_nor_read_the_clock() -> None:
    readers = {"tests/guards.py"}
    others = [path for path in modules_of_tests() if path.as_posix() not in readers]
    assert calls(others, {"time.sleep", "sleep", *WALL_CLOCK}) == []


def test_what_a_page_is_waited_for_is_a_function() -> None:
    """A bare expression is looked at once; asked for again it is an `eval`, which the pages' policy forbids."""
    bare = re.compile(r"""wait_for_function\((?:f?["'](?!\(?[\w, ]*\)? =>)|$)""")
    assert found([path for path in [*product_modules(), *modules_of_tests()] if path.name != "test_habits.py"], bare) == []


def test_nothing_is_defined_twice() -> None:
    """A second definition silently replaces the first; one with a decorator (a setter, an overload) has its reason."""
    twice = []
    for path in (*product_modules(), *modules_of_tests()):
        for holder in ast.walk(tree(path)):
            if not isinstance(holder, ast.Module | ast.ClassDef):
                continue
            names = [
                one.name for one in holder.body
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not one.decorator_list
            ]
            twice += [f"{path}: {name}" for name in set(names) if names.count(name) > 1]
    assert twice == []


def test_only_realtime_emits() -> None:
    emits = [
        f"{path}:{node.lineno}"
        for path in product_modules() if not path.as_posix().startswith(EMITTERS)
        for node in ast.walk(tree(path)) if called(node).endswith(".emit")
    ]
    assert emits == []


def test_nothing_is_left_unfinished() -> None:
    assert found(ours(*WRITTEN), UNFINISHED) == []


def test_no_path_of_the_machine_it_was_written_on() -> None:
    assert found(ours(*WRITTEN), MACHINE_PATHS) == []


def test_requirements_name_no_place_to_fetch_from() -> None:
    assert found((Path("requirements.txt"), Path("requirements-dev.txt"), Path("setup.cfg"), Path("mpp")), HOSTS) == []
