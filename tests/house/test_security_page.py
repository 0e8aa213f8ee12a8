"""docs/security.md: every item of the ASVS that applies has one row, and every test it names exists.

Planted: a test of another name; a row without a state; an item twice; a sum that is not the table's -> red, each.
"""

from __future__ import annotations

import ast
import re
from collections import Counter

from tests.house.files import ROOT, tree

PAGE = ROOT / "docs" / "security.md"
STATES = {"met", "part", "not met", "site"}
#: chapter -> how many of its items apply (levels 1 and 2)
ITEMS = {1: 12, 2: 11, 3: 15, 4: 7, 5: 8, 6: 26, 7: 15, 8: 7, 11: 4, 12: 8, 13: 13, 14: 9, 15: 13, 16: 16}
HELD = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows() -> list[list[str]]:
    lines = PAGE.read_text("utf-8").splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d+\.\d+\.\d+ \|", line)]


def test_every_item_has_one_row_with_a_state_and_what_holds_it() -> None:
    found = rows()
    assert Counter(int(row[0].partition(".")[0]) for row in found) == ITEMS
    assert len({row[0] for row in found}) == len(found)
    assert [row for row in found if len(row) != 4 or row[2] not in STATES or len(row[3]) < 5] == []
    assert [row[0] for row in found if row[2] == "met" and "design:" not in row[3] and not HELD.search(row[3])] == []


def test_the_sums_are_the_table_s() -> None:
    states = Counter(row[2] for row in rows())
    told = f"Of {sum(states.values())}: {states['met']} met, {states['part']} in part, {states['not met']} not met, {states['site']} the site's."
    assert told in PAGE.read_text("utf-8")


def test_every_test_named_there_exists() -> None:
    text = PAGE.read_text("utf-8")
    missing = [f"{file}::{name}" for file, name in HELD.findall(text) if name not in _tests_of(file)]
    missing += [file for file in re.findall(r"tests/[\w/]+\.py", text) if not (ROOT / file).is_file()]
    assert missing == []


def _tests_of(file: str) -> set[str]:
    path = ROOT / file
    if not path.is_file():
        return set()
    return {node.name for node in ast.walk(tree(path.relative_to(ROOT))) if isinstance(node, ast.FunctionDef)}
