"""What a page is sent as: joined scripts and sheets, packed, at addresses that may be kept for ever.

Planted, each seen red and taken out: a module's body before those it imports; `as` left as it is;
`_STRANGE` never matching; a sheet put in twice; the address's hash of the file as written; FOR_EVER
for any `?v=`; a packed answer to who takes none; `?sources` not looked at.
"""

from __future__ import annotations

import gzip
import re

import pytest

from server.web import assets, joined
from tests.web.hall import Hall

PAGES = ("/", "/api", "/kiosk/K1", "/display/TV1", "/counter", "/desk", "/supervisor", "/supervisor/riwayat", "/admin", "/styleguide")
NAMED = re.compile(r'(?:src|href|content)="(/[^"?]+)\?v=([0-9a-f]{12})"')


def script(**files: str) -> str:
    """The join of /a/page.js; `files` by name, an underscore for the dot."""
    known = {f"/a/{name.replace('_', '.')}": text for name, text in files.items()}
    known["/a/vendor/io.js"] = "never read"
    return joined.script("/a/page.js", known.__getitem__, lambda url: f"{url}?v=1")


def test_a_module_stands_before_those_that_import_it_and_once() -> None:
    one = script(
        page_js='import { b } from "./b.js";\nimport { c as d } from "./c.js";\nb(d);\n',
        b_js='import {\n  c,\n} from "/a/c.js";\nexport function b() { return c; }\n',
        c_js="export const c = 1;\n",
    )
    places = [one.index(f"// /a/{name}.js") for name in ("c", "b", "page")]
    assert places == sorted(places)
    assert one.count("// /a/c.js") == 1
    assert "const { c: d } = __m0;" in one
    assert not re.search(r"^(import|export)", one, re.MULTILINE)


def test_a_whole_module_under_a_name_and_one_for_what_it_does() -> None:
    one = script(page_js='import * as all from "./b.js";\nimport "./c.js";\nall.b();\n', b_js="export async function b() {}\n", c_js="start();\n")
    assert "const all = __m0;" in one
    assert "start();" in one


def test_a_part_that_comes_later_uses_what_the_page_has() -> None:
    """Planted: the shared module joined a second time; the part's exports left out; nothing handed over -> red."""
    known = {
        "/a/page.js": 'import { s } from "./s.js";\ns();\nconst part = () => import(meta("part-x"));\n',
        "/a/s.js": "export const s = () => 1;\n",
        "/a/part.js": 'import { s } from "./s.js";\nimport { own } from "./own.js";\nexport function draw() { return s() + own; }\n',
        "/a/own.js": "export const own = 2;\n",
    }
    page = joined.script("/a/page.js", known.__getitem__, str)
    part = joined.script("/a/part.js", known.__getitem__, str, "/a/page.js")
    assert page.endswith('globalThis.mppModules = { "/a/s.js": __m0, "/a/page.js": __m1 };\n')
    assert 'const { s } = globalThis.mppModules["/a/s.js"];' in part
    assert "// /a/s.js" not in part and "// /a/own.js" in part
    assert part.endswith("export const { draw } = __m1;\n")


def test_what_others_made_stays_a_file_of_its_own() -> None:
    one = script(page_js='import { io } from "./vendor/io.js";\nio();\n')
    assert one.startswith('import * as __v0 from "/a/vendor/io.js?v=1";\n')
    assert "const { io } = __v0;" in one


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;", "export let n = 1;", 'export { n } from "./c.js";', 'import c from "./c.js";',
        'const later = import("./c.js");', "const here = import.meta.url;", "await go();", "const n = await go();",
    ],
)  # fmt: skip
def test_other_forms_are_refused_with_their_place(line: str) -> None:
    with pytest.raises(joined.Unjoinable, match=r"^/a/page\.js: "):
        script(page_js=f"{line}\n", c_js="")


def test_a_script_that_imports_nothing_stays_as_it_is_written() -> None:
    """Old phones know neither modules nor arrow functions; such a script may also define what another one uses."""
    assert script(page_js="var shown = 1;\n") == "var shown = 1;\n"


def test_modules_in_a_ring_are_refused() -> None:
    with pytest.raises(joined.Unjoinable, match="imports itself by way of /a/b.js"):
        script(page_js='import { b } from "./b.js";\n', b_js='import { p } from "./page.js";\n')


def test_a_sheet_takes_each_other_sheet_in_once() -> None:
    files = {
        "/a/page.css": '@import url("./b.css");\n@import url("/s/c.css");\np { color: red }\n',
        "/a/b.css": '@import url("/s/c.css");\nb { color: red }\n',
        "/s/c.css": 'i { background: url("/s/i.woff2") }\n',
    }
    one = joined.sheet("/a/page.css", files.__getitem__, lambda url: f"{url}?v=1")
    assert "@import" not in one
    assert one.count("i{") == 1
    assert one.index("i{") < one.index("b{") < one.index("p{color:red}")
    assert 'url("/s/i.woff2?v=1")' in one


def test_what_is_not_needed_is_not_sent_and_what_is_in_quotes_stays() -> None:
    """Planted: quotes not kept apart; a remark cut out of a text -> red."""
    sheet = joined.sheet("/a.css", {"/a.css": 'a::before, b { content: "x; { y"; color: red; }\n'}.__getitem__, str)
    assert sheet == 'a::before,b{content:"x; { y";color:red}'
    one = script(page_js='import { n } from "./c.js";\nn(); // goes\nn("a; // b");\n', c_js="export const n = 1; // two\n")
    assert "goes" not in one and "two" not in one and 'n("a; // b");' in one


def named(hall: Hall, path: str) -> dict[str, str]:
    """The files a page names, with their versions."""
    return dict(NAMED.findall(hall.browser().get(path).text))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_s_script_is_one(hall: Hall, path: str) -> None:
    found = named(hall, path)
    assert "/shared/base.css" in found and "/shared/pictograms.svg" in found
    for url, version in found.items():
        sent = hall.browser().client.get(f"{url}?v={version}", buffered=True)
        assert (sent.status_code, sent.headers["Cache-Control"]) == (200, assets.FOR_EVER), url
        if url.endswith(".js"):
            others = re.findall(r'^import [^"]*"([^"]+)"', sent.text, re.MULTILINE)
            assert all("/vendor/" in other for other in others), url
        if url.endswith(".css"):
            assert "@import" not in sent.text, url


def test_the_address_changes_with_whatever_is_joined(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    made, text = assets.Assets(hall.app), assets.Assets._text
    other = assets.Assets(hall.app)
    monkeypatch.setattr(other, "_text", lambda url: text(other, url) + ("void 0;\n" if url.endswith("/dom.js") else ""))
    assert made.versioned("/counter/-/page.js") != other.versioned("/counter/-/page.js")


def test_another_version_is_the_file_as_written_and_not_kept(hall: Hall) -> None:
    named(hall, "/counter")
    for url in ("/counter/-/page.js", "/counter/-/page.js?v=000000000000"):
        sent = hall.browser().client.get(url, buffered=True)
        assert (sent.status_code, sent.headers["Cache-Control"]) == (200, "no-cache")
        assert 'from "/shared/' in sent.text


def test_what_is_sent_is_packed_for_who_takes_it(hall: Hall) -> None:
    url = "/counter/-/page.js?v=" + named(hall, "/counter")["/counter/-/page.js"]
    client = hall.browser().client
    packed = client.get(url, headers={"Accept-Encoding": "gzip, br"}, buffered=True)
    plain = client.get(url, headers={"Accept-Encoding": "gzip;q=0"}, buffered=True)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) * 2 < len(plain.data)
    assert "Accept-Encoding" in packed.headers["Vary"] and "Accept-Encoding" in plain.headers["Vary"]
    page = client.get("/counter", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert b"<!doctype html>" in gzip.decompress(page.data)


def test_whoever_looks_for_a_fault_sees_the_sources(hall: Hall) -> None:
    page = hall.browser().client.get("/counter?sources").text
    assert 'src="/counter/-/page.js"' in page
    assert "?v=" not in page


def test_a_page_that_cannot_be_joined_is_sent_file_by_file(hall: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    one = assets.Assets(hall.app)
    monkeypatch.setattr(one, "_text", lambda url: "export default 1;\n")
    address = one.versioned("/counter/-/page.js")
    assert one.known["/counter/-/page.js"].plain.startswith(b"//")
    assert "page.js is sent file by file" in caplog.text
    assert "?v=" in address
