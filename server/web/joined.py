"""Joins what a page is written in into what it is sent as: one script, one sheet.

The files stay as they are written and are what a browser gets without `?v=`. Joining knows the
few forms our modules use (static imports of names or of a whole, exports of functions, classes and constants);
whatever else it meets it refuses, and the page is then sent module by module.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import urljoin

#: the text of a file by its address; the address under which a file is sent
Read = Callable[[str], str]
Address = Callable[[str], str]

_IMPORT = re.compile(r'^import\s*(?:(?:\{([^}]*)\}|\*\s*as\s+([A-Za-z_$][\w$]*))\s*from\s*)?"([^"]+)";[ \t]*\n', re.MULTILINE)
_EXPORT = re.compile(r"^export\s+((?:async\s+function|function|class|const|var)\b\s*([A-Za-z_$][\w$]*))", re.MULTILINE)
#: what only a real module can do: other forms of import and export, waiting at the top. `import(meta("..."))` is taken: it
#: loads a script that was joined beside the page's own
_STRANGE = re.compile(r"^\s*(?:import|export)\b[^\n]*|\bimport\s*(?:\.|\((?!meta\())[^\n]*|^(?:await|(?:const|let)\b[^\n]*=\s*await)\b[^\n]*", re.MULTILINE)
_SHEET = re.compile(r'^@import url\("([^"]+)"\);\n', re.MULTILINE)
#: a remark that fills whole lines: it is for who reads the files, and is not sent
_REMARK = re.compile(r"^[ \t]*(?://[^\n]*|/\*(?:(?!\*/).)*\*/)[ \t]*\n", re.MULTILINE | re.DOTALL)
#: one behind a statement; what may be the inside of a text stays
_ASIDE = re.compile(r"(?<=[;{},)])[ \t]+// [^\n\"'`]*$", re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)
#: what a sheet does not need, and what is written in quotes, which stays
_AIR = re.compile(r'("[^"]*")|\s*([{};,])\s*|:\s+')
_URL = re.compile(r'url\("([^"#:?]+)"\)')


#: how a page loads a script later, and where it then hands over its own modules
_LATER, _HANDED = "import(meta(", "mppModules"


class Unjoinable(ValueError):
    """A module uses a form that joining does not know; names the module and the line."""


def script(entry: str, read: Read, address: Address, beside: str | None = None, is_plain: bool = False) -> str:
    """The module at address `entry` with all it imports as one module; raises Unjoinable.

    `beside`: the page's script that loads this one later; the modules of that one are used, not brought again, so that
    each is there once. The page's script hands them over where it loads any script later. What lies in a folder `vendor`
    stays a file of its own. Each module becomes a function that runs once, those it imports before it, so that equal
    names of two modules do not meet. With `is_plain` what joining adds is ES5: modules written in it become a plain
    script, for the page of old TVs.
    """
    text = read(entry)
    if not any(form.search(text) for form in (_IMPORT, _EXPORT, _STRANGE)):
        return text  # nothing to join; a page for old phones counts on getting it as it is written
    found = _Modules(read, address, is_plain)
    if beside is not None:
        found.lend(beside)
    name = found.take(entry, ())
    exported = [one[2] for one in _EXPORT.finditer(text)]
    ends = f"export const {{ {', '.join(exported)} }} = {name};\n" if exported and beside else ""
    if any(_LATER in body for body in found.bodies):
        ends += f"globalThis.{_HANDED} = {{ {', '.join(f'{json.dumps(url)}: {one}' for url, one in found.names.items())} }};\n"
    return "".join([*found.foreign.values(), *found.bodies, ends])


class _Modules:
    def __init__(self, read: Read, address: Address, is_plain: bool) -> None:
        self._read, self._address, self._is_plain = read, address, is_plain
        self.names: dict[str, str] = {}
        self.foreign: dict[str, str] = {}
        self.bodies: list[str] = []

    def lend(self, page: str) -> None:
        """Use the modules that the page's script has, from where it hands them over."""
        others = _Modules(self._read, self._address, self._is_plain)
        others.take(page, ())
        self.names = {url: f"globalThis.{_HANDED}[{json.dumps(url)}]" for url in others.names}

    def take(self, url: str, waiting: tuple[str, ...]) -> str:
        """The name under which the module at `url` now stands, it and what it imports put in."""
        if url in waiting:
            raise Unjoinable(f"{url} imports itself by way of {waiting[-1]}")
        if url not in self.names:
            self.names[url] = self._vendored(url) if "/vendor/" in url else self._own(url, (*waiting, url))
        return self.names[url]

    def _vendored(self, url: str) -> str:
        name = f"__v{len(self.foreign)}"
        self.foreign[url] = f'import * as {name} from "{self._address(url)}";\n'
        return name

    def _own(self, url: str, waiting: tuple[str, ...]) -> str:
        text = self._read(url)
        heads = [self._head(one, url, waiting) for one in _IMPORT.finditer(text)]
        exports = [one[2] for one in _EXPORT.finditer(text)]
        body = _EXPORT.sub(r"\1", _IMPORT.sub("", text))
        strange = _STRANGE.search(body)
        if strange:
            raise Unjoinable(f"{url}: {strange[0].strip()}")
        name = f"__m{len(self.bodies)}"
        begin, end = f"const {name} = (() => {{", ", ".join(exports)
        if self._is_plain:
            begin, end = f"var {name} = (function () {{", ", ".join(f"{one}: {one}" for one in exports)
        self.bodies.append(
            f"// {url}\n{begin}\n{''.join(heads)}{_bare(body)}\nreturn {{ {end} }};\n}})();\n"
        )
        return name

    def _head(self, found: re.Match[str], url: str, waiting: tuple[str, ...]) -> str:
        """What an import statement becomes: its names taken from what the module's function gave."""
        names, whole, where = found.groups()
        module = self.take(urljoin(url, where), waiting)
        if whole:
            return f"{'var' if self._is_plain else 'const'} {whole} = {module};\n"
        if not self._is_plain:
            return f"const {{{re.sub(r' as ', ': ', names)}}} = {module};\n" if names else ""
        wanted = [one.split(" as ") for one in re.split(r"[\s,]*,\s*", (names or "").strip()) if one]
        return "".join(f"var {one[-1].strip()} = {module}.{one[0].strip()};\n" for one in wanted)


def _bare(body: str) -> str:
    """Without remarks and, unless a text goes over several lines, without indentation and empty lines."""
    body = _REMARK.sub("", body)
    is_plain = all(line.count("`") % 2 == 0 for line in body.splitlines())
    return _INDENT.sub("", _ASIDE.sub("", body)) if is_plain else body


def sheet(entry: str, read: Read, address: Address) -> str:
    """The style sheet at `entry` with those it imports put in (each once), its files at their addresses, without air."""
    seen: set[str] = set()

    def taken(url: str) -> str:
        if url in seen:
            return ""
        seen.add(url)
        inner = _SHEET.sub(lambda one: taken(urljoin(url, one[1])), _INDENT.sub("", _REMARK.sub("", read(url))))
        return _URL.sub(lambda one: f'url("{address(urljoin(url, one[1]))}")', inner)

    return _AIR.sub(lambda one: one[1] or one[2] or ":", taken(entry)).replace(";}", "}")
