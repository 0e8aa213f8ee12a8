"""The report's files read back by other programs than those that wrote them."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from pypdf import PdfReader

#: LibreOffice works formulas out anew when it opens a file, whoever wrote it
_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry"><item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""
_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def pdf_pages(pdf: bytes) -> list[str]:
    """The text of each page, spaces and line breaks as one space."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def formulas(xlsx: bytes) -> list[str]:
    """Every formula of every sheet."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        return [found.text or "" for name in sheets for found in ElementTree.fromstring(book.read(name)).iterfind(".//m:f", _NS)]


def parts(xlsx: bytes, name: str) -> list[str]:
    """Names of the book's parts that hold `name`."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        return [part for part in book.namelist() if name in part]


def part(xlsx: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        return book.read(name).decode()


def without_results(xlsx: bytes) -> bytes:
    """The same book with the stored result of every formula taken out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            new.writestr(name, content)
    return out.getvalue()


def recalculated(xlsx: bytes, folder: Path) -> dict[str, list[dict[str, str | float]]]:
    """sheet -> its rows (column letters -> text or number), after LibreOffice has worked out every formula itself."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, "utf-8")
    (folder / "book.xlsx").write_bytes(without_results(xlsx))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", "xlsx", "--outdir", str(folder / "again"), str(folder / "book.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return sheets((folder / "again" / "book.xlsx").read_bytes())


def sheets(xlsx: bytes) -> dict[str, list[dict[str, str | float]]]:
    """sheet -> its rows (column letters -> text or number), as they are stored."""
    with zipfile.ZipFile(io.BytesIO(xlsx)) as book:
        shared = ["".join(one.itertext()) for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        names = [one.attrib["name"] for one in ElementTree.fromstring(book.read("xl/workbook.xml")).iterfind(".//m:sheet", _NS)]
        found = {}
        for number, name in enumerate(names, 1):
            rows = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{number}.xml")).iterfind(".//m:row", _NS)
            found[name] = [dict(_cells(row, shared)) for row in rows]
    return found


def _cells(row: ElementTree.Element, shared: list[str]) -> Iterator[tuple[str, str | float]]:
    for cell in row.iterfind("m:c", _NS):
        value = cell.find("m:v", _NS)
        if value is not None and value.text is not None:
            text = shared[int(value.text)] if cell.get("t") == "s" else value.text
            yield cell.attrib["r"].rstrip("0123456789"), text if cell.get("t") in {"s", "str"} else float(text)
