"""Where each key of a TOML document stands: ``(table, index, key, ...) -> line``, from 1.

The standard library reads TOML without keeping positions. This scanner walks a document that
`tomllib` has already accepted, so it may trust its grammar and only follow its structure.
"""

import re
import tomllib
from collections import Counter

Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_GAP = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_INLINE_GAP = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}#\n]+")
_TEXTS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL),
    re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    re.compile(r'"(?:[^"\\]|\\.)*"'),
    re.compile(r"'[^']*'"),
)


def key_lines(document: str) -> dict[Path, int]:
    """The line of every table, key and array element of a valid TOML document."""
    return _Scanner(document.replace("\r\n", "\n")).run()


def nearest_line(lines: dict[Path, int], path: Path) -> int:
    """The line of ``path``, or of the closest thing around it; 1 when nothing is known."""
    return next((lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in lines), 1)


class _Scanner:
    def __init__(self, document: str) -> None:
        self.text = document
        self.at = 0
        self.lines: dict[Path, int] = {}
        self.rows: Counter[Path] = Counter()
        self._counted_to = 0
        self._line = 1

    def run(self) -> dict[Path, int]:
        table: Path = ()
        self._skip(_GAP)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_GAP)
        return self.lines

    def _header(self) -> Path:
        line = self._line_here()
        many = self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        names = self._key()
        self.at += 2 if many else 1
        parent = self._inside(names[:-1])
        path = (*parent, names[-1])
        if many:
            path = (*path, self.rows[path])
            self.rows[path[:-1]] += 1
        self._note(path, line)
        return path

    def _inside(self, names: list[str]) -> Path:
        """A header's path through the newest row of each list of tables on the way."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self.rows:
                path = (*path, self.rows[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        line = self._line_here()
        path = (*table, *self._key())
        self._note(path, line)
        self.at += 1
        self._skip(_INLINE_GAP)
        self._value(path)

    def _key(self) -> list[str]:
        """A bare, quoted or dotted key; ends on what follows it (``=`` or ``]``)."""
        names = []
        while True:
            self._skip(_INLINE_GAP)
            bare = _BARE.match(self.text, self.at)
            start, self.at = self.at, bare.end() if bare else self._text_end()
            raw = self.text[start : self.at]
            names.append(raw if bare else tomllib.loads(f"key = {raw}")["key"])
            self._skip(_INLINE_GAP)
            if self.text[self.at] != ".":
                return names
            self.at += 1

    def _value(self, path: Path) -> None:
        sign = self.text[self.at]
        if sign in "\"'":
            self.at = self._text_end()
        elif sign == "[":
            self._array(path)
        elif sign == "{":
            self._inline_table(path)
        else:
            self._skip(_SCALAR)

    def _array(self, path: Path) -> None:
        self.at += 1
        index = 0
        self._skip(_GAP)
        while self.text[self.at] != "]":
            self._note((*path, index), self._line_here())
            self._value((*path, index))
            index += 1
            self._past_comma()
        self.at += 1

    def _inline_table(self, path: Path) -> None:
        self.at += 1
        self._skip(_GAP)
        while self.text[self.at] != "}":
            self._pair(path)
            self._past_comma()
        self.at += 1

    def _past_comma(self) -> None:
        self._skip(_GAP)
        if self.text[self.at] == ",":
            self.at += 1
            self._skip(_GAP)

    def _text_end(self) -> int:
        return next(found.end() for text in _TEXTS if (found := text.match(self.text, self.at)))

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _note(self, path: Path, line: int) -> None:
        for size in range(1, len(path) + 1):
            self.lines.setdefault(path[:size], line)

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted_to, self.at)
        self._counted_to = self.at
        return self._line
