"""A slip as a picture: its own bytes, printed by the virtual printer's mechanism.

`python -m printers.preview` reads `{template, slip, printer, logo}` as JSON from standard input and writes a PNG to
standard output. So a picture that takes too long or too much ends this process and nothing else. Exit codes:
0 a picture, 2 mistakes (a sentence a line on standard error).
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import Any

from printers.layout import build
from printers.lifetime import die_with_parent
from printers.logo import Logo, LogoUnusable, picture_of
from printers.profile import Profile, ProfileInvalid
from printers.slip import Slip, SlipInvalid
from printers.template import Template, TemplateInvalid, parse
from printers.virtual.mechanism import Mechanism
from printers.virtual.paper import Paper
from printers.virtual.parser import tokenise

ORDER_MAX_BYTES = 2_000_000
CPU_MAX_S = 15
MEMORY_MAX_BYTES = 1 << 30
WRONG = 2


class PreviewFailed(ValueError):
    """The slip cannot be shown; `str()` says why."""


def picture(slip: Slip, profile: Profile, template: Template | None, logo: bytes | None = None) -> bytes:
    """The slip as PNG, with this logo (a PNG) if it can be used. Raises PreviewFailed when the virtual printer does not understand its bytes."""
    papers: list[Paper] = []
    errors: list[str] = []
    mechanism = Mechanism(profile.width_mm, lambda paper, cut: papers.append(paper), errors.append)
    for token in tokenise(build(slip, profile, _logo(logo, profile), template)):
        mechanism.execute(token)
    mechanism.tear_off()  # a printer without a cutter
    if errors or not papers:
        raise PreviewFailed(errors[0] if errors else "Kertas tetap kosong.")
    return papers[0].png()


def _logo(png: bytes | None, profile: Profile) -> Logo | None:
    try:
        return Logo(picture_of(png, profile.dots)) if png else None
    except LogoUnusable:
        return None


def from_order(order: Mapping[str, Any]) -> bytes:
    """The picture of `{template: text or null, slip, printer: a profile as GET /print-host has it, logo: base64 or null}`.

    Raises TemplateInvalid, SlipInvalid, ProfileInvalid, PreviewFailed.
    """
    source = order.get("template")
    template = None if source is None else parse(str(source))
    logo = base64.b64decode(order.get("logo") or "")
    return picture(Slip.from_dict(order.get("slip")), Profile.from_dict(order.get("printer") or {}), template, logo)


def main() -> int:
    if not die_with_parent(os.getppid()):
        return WRONG
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_MAX_S, CPU_MAX_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX_BYTES, MEMORY_MAX_BYTES))
    try:
        png = from_order(json.loads(sys.stdin.buffer.read(ORDER_MAX_BYTES)))
    except TemplateInvalid as invalid:
        print(*invalid.mistakes, sep="\n", file=sys.stderr)
        return WRONG
    except (SlipInvalid, ProfileInvalid, PreviewFailed, ValueError) as wrong:
        print(wrong, file=sys.stderr)
        return WRONG
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main())
