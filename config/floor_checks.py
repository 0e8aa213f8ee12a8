"""What the rows of a floor plan must be to each other: no double codes, no loose references.

Works on the raw tables, so that a plan with wrong rows still hears about every other mistake.
A row that has no usable code takes no part; its own mistake is told by `floor_rows`.
"""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from config.floor_rows import LISTS
from config.mistakes import meant
from config.toml_lines import Path


class Finding(NamedTuple):
    """``path``: where in the document; ``text``: the Indonesian sentence."""

    path: Path
    text: str


class Tables:
    """The raw tables: rows that are tables, with their index; ``line_of`` gives a path's line."""

    def __init__(self, data: dict[str, Any], line_of: Callable[[Path], int]) -> None:
        self._data = data
        self.line_of = line_of

    def rows(self, table: str) -> list[tuple[int, dict[str, Any]]]:
        """The rows of a list of tables, each with its index in the document."""
        given = self._data.get(table)
        found = enumerate(given) if isinstance(given, list) else ()
        return [(index, row) for index, row in found if isinstance(row, dict)]

    def codes(self, table: str) -> list[str]:
        """The codes of a table, in order."""
        return [row["code"] for _, row in self.rows(table) if isinstance(row.get("code"), str)]

    def table(self, name: str) -> dict[str, Any]:
        """A single table; empty when it is missing or of another type."""
        given = self._data.get(name)
        return given if isinstance(given, dict) else {}


def findings(tables: Tables) -> Iterator[Finding]:
    """Every mistake between the rows of a plan."""
    for table in LISTS:
        yield from _doubles(tables, table, "code", "kode")
    yield from _doubles(tables, "series", "prefix", "awalan")
    yield from _doubles(tables, "counter", "number", "nomor loket", within="gerai")
    yield from _doubles(tables, "counter", "label", "nama loket", within="gerai")
    for table, key, target in _REFERENCES:
        yield from _unknown(tables, table, key, target)
    yield from _counter_services(tables)
    yield from _limits(tables)
    yield from _unserved(tables)
    yield from _ranges(tables)


_REFERENCES = (
    ("gerai", "agency", "agency"),
    ("gerai", "zone", "zone"),
    ("counter", "gerai", "gerai"),
    ("service", "gerai", "gerai"),
    ("service", "series", "series"),
)


def _doubles(tables: Tables, table: str, key: str, word: str, within: str = "") -> Iterator[Finding]:
    first: dict[tuple[object, ...], int] = {}
    for index, row in tables.rows(table):
        value, scope = row.get(key), row.get(within)
        if not isinstance(value, str | int) or not isinstance(scope, str | None):
            continue
        owner = first.setdefault((scope, value), index)
        if owner != index:
            where = f" di gerai {scope}" if within else ""
            line = tables.line_of((table, owner, key))
            text = f"{word} {value} sudah dipakai{where} di baris {line}; pakai yang lain"
            yield Finding((table, index, key), text)


def _unknown(tables: Tables, table: str, key: str, target: str) -> Iterator[Finding]:
    known = tables.codes(target)
    for index, row in tables.rows(table):
        value = row.get(key)
        if isinstance(value, str) and value not in known:
            text = f"{target} {value} tidak ada; tambahkan [[{target}]] atau perbaiki kodenya"
            yield Finding((table, index, key), text + meant(value, known))


def _counter_services(tables: Tables) -> Iterator[Finding]:
    """Each service a counter names exists, belongs to the counter's gerai, and is named once."""
    homes = _homes(tables)
    for index, row in tables.rows("counter"):
        for path, code, twice in _named(index, row):
            if twice:
                yield Finding(path, f"layanan {code} disebut dua kali; hapus salah satunya")
            elif code not in homes:
                text = f"layanan {code} tidak ada; tambahkan [[service]] atau perbaiki kodenya"
                yield Finding(path, text + meant(code, homes))
            elif homes[code] != row.get("gerai"):
                text = f"layanan {code} milik gerai {homes[code]}, bukan gerai loket ini; hapus dari loket"
                yield Finding(path, text)


def _named(index: int, row: dict[str, Any]) -> Iterator[tuple[Path, str, bool]]:
    """The services a counter row names: path, code, and whether it was named before."""
    services, weights = row.get("services"), row.get("weights")
    given = services if isinstance(services, list) else []
    for place, code in enumerate(given):
        if isinstance(code, str):
            yield ("counter", index, "services", place), code, code in given[:place]
    for code in weights if isinstance(weights, dict) else ():
        yield ("counter", index, "weights", code), code, False


def _limits(tables: Tables) -> Iterator[Finding]:
    """Each service that has limits of alerts of its own exists."""
    homes, policy = _homes(tables), tables.table("policy")
    for key in ("alert_queue_of", "alert_idle_s_of"):
        given = policy.get(key)
        for code in given if isinstance(given, dict) else ():
            if code not in homes:
                yield Finding(("policy", key, code), f"layanan {code} tidak ada; hapus batasnya atau perbaiki kodenya" + meant(code, homes))


def _homes(tables: Tables) -> dict[str, object]:
    rows = [row for _, row in tables.rows("service")]
    return {row["code"]: row.get("gerai") for row in rows if isinstance(row.get("code"), str)}


def _unserved(tables: Tables) -> Iterator[Finding]:
    """A gerai needs a loket and a service; a service needs a loket that serves it."""
    counters = [row for _, row in tables.rows("counter")]
    staffed = [row.get("gerai") for row in counters]
    offering = [row.get("gerai") for _, row in tables.rows("service")]
    for index, row in tables.rows("gerai"):
        code = row.get("code")
        if isinstance(code, str) and code not in staffed:
            yield Finding(("gerai", index), f"gerai {code} tidak punya loket; tambahkan [[counter]]")
        if isinstance(code, str) and code not in offering:
            yield Finding(("gerai", index), f"gerai {code} tidak punya layanan; tambahkan [[service]]")
    for index, row in tables.rows("service"):
        code, home = row.get("code"), row.get("gerai")
        if isinstance(code, str) and home in staffed and not _served(code, home, counters):
            text = f"layanan {code} tidak dilayani loket mana pun; tambahkan ke services salah satu loket"
            yield Finding(("service", index), text)


def _served(code: str, home: object, counters: list[dict[str, Any]]) -> bool:
    at_home = [row.get("services") for row in counters if row.get("gerai") == home]
    return any(code in services if isinstance(services, list) else True for services in at_home)


def _ranges(tables: Tables) -> Iterator[Finding]:
    for index, row in tables.rows("series"):
        first, last = row.get("first", 1), row.get("last", 9999)
        if isinstance(first, int) and isinstance(last, int) and first > last:
            text = f"nomor pertama {first} melebihi nomor terakhir {last}; tukar atau perbaiki"
            yield Finding(("series", index, "first"), text)
    policy = tables.table("policy")
    fewest, most = policy.get("no_show_min_calls", 2), policy.get("max_calls", 5)
    if isinstance(fewest, int) and isinstance(most, int) and fewest > most:
        text = f"no_show_min_calls {fewest} melebihi max_calls {most}; kecilkan atau naikkan max_calls"
        yield Finding(("policy", "no_show_min_calls"), text)
