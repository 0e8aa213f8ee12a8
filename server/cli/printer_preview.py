"""`mpp printer preview`: a slip of this site's as a picture, without a printer and without a server."""

from __future__ import annotations

import base64
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.cli.places import load_settings
from server.cli.words import Parser


def run(argv: Sequence[str]) -> int:
    """Exit codes: 0 done, 1 nothing to show or not writable, 2 bad arguments or mistakes in the template."""
    said = _said(argv)
    source = _source(said.template) if said.template else None
    png, width_mm = _picture(said, source)
    out = Path(said.out or f"karcis-{width_mm}-{said.language}{f'-ulang-{said.copy}' if said.copy else ''}.png")
    try:
        out.write_bytes(png)
    except OSError as problem:
        raise Stop(f"Berkas {out} tidak dapat ditulis: {problem.strerror}.", FAILED) from problem
    print(f"Gambar karcis {width_mm} mm: {out}")
    return 0


def _said(argv: Sequence[str]) -> Namespace:
    parser = Parser("printer preview", "Lihat karcis sebagai gambar PNG; tidak ada yang dicetak.")
    parser.add_argument("code", nargs="?", metavar="KODE", help="pencetak yang kertas dan kemampuannya dipakai")
    parser.add_argument("--width", type=int, choices=(58, 80), help="lebar kertas, mm (80, atau milik pencetak KODE)")
    parser.add_argument("--language", default="id", choices=("id", "en"), help="bahasa karcis (id)")
    parser.add_argument("--copy", type=int, default=0, metavar="N", help="cetak ulang ke-N (0: karcis pertama)")
    parser.add_argument("--template", metavar="BERKAS", help="susunan karcis yang dicoba; tanpa ini susunan yang dipakai sekarang")
    parser.add_argument("--out", metavar="BERKAS", help="berkas PNG (karcis-80-id.png di folder ini)")
    parser.add_argument("--data", metavar="FOLDER", help="folder data")
    said = parser.parse_args(argv)
    if not 0 <= said.copy <= 999:
        raise Stop("mpp printer preview: --copy harus 0 sampai 999.", BAD_ARGUMENTS)
    return said


def _source(file: str) -> str:
    """The text of the file, if it is a template; else every mistake of it, a line each."""
    from printers.template import SOURCE_MAX_CHARS, mistakes_in

    try:
        with open(file, encoding="utf-8-sig") as text:
            source = text.read(SOURCE_MAX_CHARS + 1)
    except OSError as problem:
        raise Stop(f"Berkas {file} tidak dapat dibaca: {problem.strerror}.", BAD_ARGUMENTS) from problem
    except ValueError as problem:
        raise Stop(f"Berkas {file} bukan teks UTF-8.", BAD_ARGUMENTS) from problem
    if mistakes := mistakes_in(source):
        raise Stop("\n".join([f"Susunan karcis di {file} belum benar:", *map(str, mistakes)]), BAD_ARGUMENTS)
    return source


def _picture(said: Namespace, source: str | None) -> tuple[bytes, int]:
    """The PNG and the width of its paper, mm."""
    from printers.preview import PreviewFailed, from_order
    from printers.profile import PAPER, ProfileInvalid
    from printers.slip import SlipInvalid
    from printers.template import TemplateInvalid
    from server.app import branding, slip_template
    from server.clock import parse_clock, wall_now
    from server.ops import talking

    settings = load_settings(None, {"server.data": said.data})
    now = clock.now() if (clock := parse_clock(settings.clock)) else wall_now()
    with talking.reads(settings) as work:
        printer = _printer(work, said.code)
        if said.width:
            dots, chars = PAPER[said.width]
            printer = {**printer, "width_mm": said.width, "dots": dots, "chars": chars}
        slip = slip_template.sample(work, now=now, language=said.language, copy=said.copy)
        logo = base64.b64encode(branding.logo_in_use(work) or b"").decode()
        template = source or slip_template.template(work)["own"]
    try:
        return from_order({"template": template, "slip": slip, "printer": printer, "logo": logo}), printer.get("width_mm", 80)
    except (PreviewFailed, ProfileInvalid, SlipInvalid, TemplateInvalid) as wrong:
        raise Stop(f"Karcis tidak dapat digambar: {wrong}", FAILED) from wrong


def _printer(work: Any, code: str | None) -> dict[str, Any]:
    """What the printer can do; of none in particular: nothing."""
    if code is None:
        return {}
    found = work.paper.printer(code)
    if found is None:
        raise Stop(f"Pencetak {code} tidak dikenal; lihat `mpp printer list`.", BAD_ARGUMENTS)
    return dict(found.profile)
