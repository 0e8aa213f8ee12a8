"""Nothing grows past the size at which it should be two things.

Planted: a function of 51 lines in server/ops/port.py, a template of 151 lines -> red.
"""

import ast

from tests.house.files import ROOT, ours, text, tree

MODULE_MAX, TEST_MAX, FACE_MAX, FUNCTION_MAX, README_MAX = 300, 400, 150, 50, 20


def too_long(suffix: str, limit: int, tests: bool) -> list[str]:
    return [
        f"{path}: {lines} lines"
        for path in ours(suffix)
        if (path.parts[0] == "tests") is tests and (lines := text(path).count("\n")) > limit
    ]


def test_modules() -> None:
    assert too_long(".py", MODULE_MAX, tests=False) == []
    assert too_long(".py", TEST_MAX, tests=True) == []


def test_templates_and_scripts() -> None:
    assert [*too_long(".html", FACE_MAX, tests=False), *too_long(".js", FACE_MAX, tests=False)] == []


def test_functions() -> None:
    long_ones = []
    for path in ours(".py"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_MAX:
                    long_ones.append(f"{path}:{node.lineno} {node.name}: {lines} lines")
    assert long_ones == []


def test_each_room_states_its_law() -> None:
    rooms = [ROOT / name for name in ("kiosk", "display", "counter", "printers", "signs", "config")]
    rooms += [folder for folder in (ROOT / "server").iterdir() if folder.is_dir() and folder.name != "__pycache__"]
    without = [str(room.relative_to(ROOT)) for room in rooms if not (room / "README.md").is_file()]
    assert without == []
    wordy = [str(room) for room in rooms if (room / "README.md").read_text("utf-8").count("\n") > README_MAX]
    assert wordy == []
