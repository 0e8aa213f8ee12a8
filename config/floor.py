"""Reads a floor plan (TOML) and tells every mistake in it at once, each with its line.

``read_floor`` gives a `FloorPlan` or raises `FloorError`. Only a broken TOML syntax is told alone,
because nothing after it can be read.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from config import floor_data
from config.floor_checks import Tables, findings
from config.floor_rows import LISTS, REQUIRED, TABLES, Row
from config.mistakes import meant, sentence, system_said
from config.toml_lines import Path as KeyPath
from config.toml_lines import key_lines, nearest_line

FLOORS = Path(__file__).parent / "floors"
SIZE_MAX_BYTES = 2_000_000
ROWS_MAX = 2000
"""Of one table; far above the largest mall (47 organisations, 303 services)."""

_LOOKS_LIKE_PATH = re.compile(r"[^\n=]+|[^\n]+\.toml")


@dataclass(frozen=True, order=True)
class Mistake:
    """``line`` from 1 (0: the file itself); ``where``: ``service[3].quota``, rows from 1."""

    line: int
    where: str
    text: str

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"baris {self.line}: {place}{self.text}" if self.line else f"{place}{self.text}"


class FloorError(Exception):
    """Every mistake of a floor plan, by line; ``str()`` gives one line for each."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = sorted(set(mistakes))
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


@dataclass(frozen=True)
class FloorPlan:
    """A checked floor plan: each table's row, each list of tables' rows in the file's order."""

    tables: dict[str, Any]
    lists: dict[str, tuple[Any, ...]]

    def as_data(self) -> dict[str, Any]:
        """The plan as new plain dicts, lists, strings, numbers; all defaults filled in."""
        return floor_data.as_data(self.tables, self.lists)


def floor_path(name: str | Path) -> Path:
    """The file of a floor plan: ``name`` itself, or else the packaged plan of that name.

    ``config/floors/kota-kupang.toml``, ``kota-kupang.toml`` and ``kota-kupang`` all find the
    packaged plan when no such file stands in the working directory.
    """
    given = Path(name)
    packaged = FLOORS / f"{given.name.removesuffix('.toml')}.toml"
    return packaged if not given.exists() and packaged.exists() else given


def read_floor(path_or_text: Path | str) -> FloorPlan:
    """The plan in a file or, unless the text looks like a file's name, in that text itself."""
    is_text = isinstance(path_or_text, str) and not _LOOKS_LIKE_PATH.fullmatch(path_or_text)
    text = str(path_or_text) if is_text else _file_text(floor_path(path_or_text))
    data = _parse(text)
    lines = key_lines(text)
    tables, lists, mistakes = _rows(data, lines)
    raw = Tables(data, lambda path: nearest_line(lines, path))
    mistakes += [_mistake(lines, found.path, found.text) for found in findings(raw)]
    if mistakes:
        raise FloorError(mistakes)
    return FloorPlan(tables, {name: tuple(rows) for name, rows in lists.items()})


def _file_text(path: Path) -> str:
    try:
        content = path.read_bytes()
        if len(content) > SIZE_MAX_BYTES:
            why = f"berkas terlalu besar; paling besar {SIZE_MAX_BYTES} bita"
        else:
            return content.decode("utf-8-sig")
    except OSError as problem:
        why = f"berkas denah {path} tidak dapat dibaca ({system_said(problem)}); periksa nama dan izinnya"
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        raise FloorError([Mistake(line, "", "bukan teks UTF-8; simpan ulang berkas sebagai UTF-8")]) from None
    raise FloorError([Mistake(0, "", why)])


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise FloorError([Mistake(0, "", "kurung bersarang terlalu dalam; sederhanakan")]) from None
    except ValueError as problem:
        raise FloorError([_syntax_mistake(text, str(problem))]) from None


def _syntax_mistake(text: str, message: str) -> Mistake:
    place = re.search(r"\(at line ([0-9]+), column ([0-9]+)\)", message)
    if place is None:
        last = len(text.rstrip().splitlines()) or 1
        return Mistake(last, "", "tata tulis TOML salah di akhir berkas; periksa tanda kutip dan kurung")
    line, column = int(place[1]), int(place[2])
    if re.match(r"Cannot (declare|overwrite|mutate)", message):
        return Mistake(line, "", "kunci atau tabel ini sudah ditulis sebelumnya; hapus salah satunya")
    why = f"tata tulis TOML salah di kolom {column}; periksa tanda kutip, kurung, dan tanda sama dengan"
    return Mistake(line, "", why)


def _rows(
    data: dict[str, Any], lines: dict[KeyPath, int]
) -> tuple[dict[str, Row], dict[str, list[Row]], list[Mistake]]:
    """Check every table by itself: the good rows, and the mistakes of the others."""
    tables: dict[str, Row] = {}
    lists: dict[str, list[Row]] = {name: [] for name in LISTS}
    mistakes = [
        _mistake(lines, (name,), f"tabel tidak dikenal; hapus atau perbaiki ejaannya{meant(name, _NAMES)}")
        for name in data
        if name not in _NAMES
    ]
    for name in REQUIRED:
        if name not in data:
            header = f"[{name}]" if name in TABLES else f"[[{name}]]"
            mistakes.append(Mistake(1, name, f"wajib ada; tambahkan bagian {header}"))
    for name in LISTS:
        if name in data and not isinstance(data[name], list):
            mistakes.append(_mistake(lines, (name,), f"harus berupa daftar; tulis [[{name}]]"))
            data[name] = [data[name]]
    for path, value, model in _parts(data):
        try:
            row = model.model_validate(value)
        except ValidationError as problem:
            mistakes += _row_mistakes(lines, path, model, problem)
            continue
        if len(path) == 1:
            tables[str(path[0])] = row
        else:
            lists[str(path[0])].append(row)
    mistakes += [
        _mistake(lines, (name, ROWS_MAX), f"lebih dari {ROWS_MAX} baris; kurangi")
        for name in LISTS
        if len(lists[name]) > ROWS_MAX
    ]
    return tables, lists, mistakes


_NAMES = [*TABLES, *LISTS]


def _parts(data: dict[str, Any]) -> Iterator[tuple[KeyPath, Any, type[Row]]]:
    """Each table of the document with its path and the model it must satisfy."""
    for name, model in TABLES.items():
        if name in data:
            yield (name,), data[name], model
    for name, model in LISTS.items():
        for index, value in enumerate(data.get(name, [])):
            yield (name, index), value, model


def _row_mistakes(
    lines: dict[KeyPath, int], path: KeyPath, model: type[Row], problem: ValidationError
) -> Iterator[Mistake]:
    for error in problem.errors(include_url=False):
        inner = tuple(part for part in error["loc"] if part != "[key]")
        text = sentence(error)
        if error["type"] == "extra_forbidden" and len(inner) == 1:
            text += meant(inner[0], model.model_fields)
        yield _mistake(lines, (*path, *inner), text)


def _mistake(lines: dict[KeyPath, int], path: KeyPath, text: str) -> Mistake:
    where = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path)
    return Mistake(nearest_line(lines, path), where.removeprefix("."), text)
