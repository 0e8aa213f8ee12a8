"""The line scanner finds every key where it stands, in any document tomllib accepts.

Planted, each seen red and taken out: multi-line strings not skipped as one; the row counter of a
list of tables starts at 1; a comment's bracket read as a header; an array's elements not noted.
"""

import json
import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from config.toml_lines import key_lines, nearest_line

DOCUMENT = '''\
# [bukan-tabel]
atas = 1 # = [
[site]
name = "a # b = [c]"
"kunci aneh".dalam = true
long = """
[[bukan]]
x = 1 ""\\" """
after = \'\'\'
\'\'\'\'
list = [ # ]
  "satu", 2,
  # koma
  { b = 3, c = [4] },
]
[[service]]
code = "A"
[service.hours]
mon = ["08:00-09:00"]
[[service]]
code = "B" # dua
[[service.part]]
x = 1979-05-27T07:32:00Z
[[service.part]]
x = +1.5e3
'''


def test_every_form_of_toml() -> None:
    tomllib.loads(DOCUMENT)
    lines = key_lines(DOCUMENT)
    assert lines[("atas",)] == 2
    assert lines[("site",)] == 3
    assert lines[("site", "name")] == 4
    assert lines[("site", "kunci aneh", "dalam")] == 5
    assert lines[("site", "long")] == 6
    assert lines[("site", "after")] == 9
    assert lines[("site", "list", 0)] == lines[("site", "list", 1)] == 12
    assert lines[("site", "list", 2, "c", 0)] == 14
    assert lines[("service", 0, "hours", "mon", 0)] == 19
    assert lines[("service", 1, "code")] == 21
    assert lines[("service", 1, "part", 1, "x")] == 25
    assert ("site", "x") not in lines


def test_windows_line_ends_count_once() -> None:
    assert key_lines(DOCUMENT.replace("\n", "\r\n")) == key_lines(DOCUMENT)


def test_nearest_line_falls_back_to_what_stands_around() -> None:
    lines = key_lines("a = 1\n[[b]]\nc = [\n1]\n")
    assert nearest_line(lines, ("b", 0, "missing", "deep")) == 2
    assert nearest_line(lines, ("b", 0, "c", 7)) == 3
    assert nearest_line(lines, ("nothing",)) == 1


names = st.text("abcdefgh-_", min_size=1, max_size=6)
values = st.recursive(
    st.integers() | st.booleans() | st.text(max_size=12).filter(str.isprintable),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)
rows = st.lists(st.dictionaries(names, values, max_size=4), min_size=1, max_size=3)


@settings(deadline=None)
@given(st.dictionaries(names, rows, max_size=4), st.integers(0, 3))
def test_each_key_of_any_document_is_on_its_line(tables: dict[str, list[dict]], gap: int) -> None:
    written: list[str] = []
    expected = {}
    for table, content in tables.items():
        for index, row in enumerate(content):
            written += ["# [x] = '"] * gap + [f"[[{table}]]"]
            expected[(table, index)] = len(written)
            for key, value in row.items():
                written.append(f"{key} = {json.dumps(value, ensure_ascii=False)} # {gap}")
                expected[(table, index, key)] = len(written)
    document = "\n".join(written)
    assert tomllib.loads(document) == tables
    found = key_lines(document)
    assert {path: found[path] for path in expected} == expected
