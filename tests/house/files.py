"""The project's own files, as the tests of the house see them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("server", "kiosk", "display", "counter", "printers", "signs", "config")
#: Made by others and kept unchanged.
FOREIGN = ("vendor",)
#: Made by running, not by writing; so is nearly everything whose name begins with a dot.
MADE = ("var", "build", "dist", "__pycache__")
OUR_DOTS = (".ci", ".gitignore")


@cache
def ours(*suffixes: str) -> tuple[Path, ...]:
    """All files of ours that end in one of `suffixes` (all files, if none is given), relative to the root."""
    return tuple(sorted(_walk(ROOT, suffixes)))


def _walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.name in (*FOREIGN, *MADE) or entry.suffix == ".egg-info":
            continue
        if entry.name.startswith(".") and entry.name not in OUR_DOTS:
            continue
        if entry.is_dir() and not entry.is_symlink():
            yield from _walk(entry, suffixes)
        elif entry.is_file() and (not suffixes or entry.suffix in suffixes):
            yield entry.relative_to(ROOT)


def text(path: Path) -> str:
    """The text of one of our files; what is not text comes as replacement characters."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of one of our modules."""
    return ast.parse(text(path), str(path))


def product_modules() -> list[Path]:
    """The Python files of the rooms."""
    return [path for path in ours(".py") if path.parts[0] in ROOMS]


def modules_of_tests() -> list[Path]:
    """The Python files of the tests."""
    return [path for path in ours(".py") if path.parts[0] == "tests"]


def called(node: ast.AST) -> str:
    """The dotted name of what a call calls, as written (`datetime.now`), else an empty string."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""
