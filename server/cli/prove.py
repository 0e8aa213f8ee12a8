"""`mpp prove`: tries to break what is promised, on the real server; its reports are in English."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from config.mistakes import system_said
from server.cli.faults import BAD_ARGUMENTS, FAILED, TESTS_INCOMPLETE, Stop
from server.cli.places import home
from server.cli.words import Parser
from server.ops.bench.people import Refused
from server.ops.bench.servers import NotStarted
from server.ops.prove import page
from server.ops.prove.campaign import CAMPAIGNS, Findings, Order, campaign
from server.ops.prove.plants import catch_all

PAGES = home() / "docs/proof"


def run(argv: Sequence[str]) -> int:
    """0 when every promise held (or every planted bug was caught), 1 when not, 3 when something could not be tried."""
    said = _parse(argv)
    signal.signal(signal.SIGTERM, _leave)
    names = said.what or list(CAMPAIGNS)
    if said.out:
        _made(Path(said.out))
    if said.controls:
        # The page tells of all campaigns: a run of some does not replace it.
        return _controls(names, said.seed, Path(said.out) if said.out else None if said.what else PAGES)
    order = Order(said.long, said.seed, _say)
    codes = [_one(name, order, Path(said.out) if said.out else _own_page(name, order)) for name in names]
    return FAILED if FAILED in codes else max(codes)


def _made(folder: Path) -> None:
    """Before hours are spent. Raises Stop."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise Stop(f"Folder {folder} tidak dapat dibuat ({system_said(problem)}).", BAD_ARGUMENTS) from problem


def _own_page(name: str, order: Order) -> Path | None:
    """Where the report goes; None where the page of a long run stands, which a short one does not replace."""
    kept = PAGES / f"{name}.md"
    if order.is_long or not page.tells_of_long(kept):
        return PAGES
    _say(f"docs/proof/{name}.md tells of a long run and stays; --out writes this one elsewhere")
    return None


def _one(name: str, order: Order, folder: Path | None) -> int:
    began = time.monotonic()
    try:
        findings: Findings = campaign(name).run(order)
    except (NotStarted, Refused) as problem:
        _say(f"{name}: tidak dapat diuji:\n{problem}")
        return TESTS_INCOMPLETE
    findings.took_s = time.monotonic() - began
    print("\n".join([f"# {campaign(name).TITLE}", "", *page.summary(order, findings), ""]), flush=True)
    if folder is not None:
        page.write(folder, name, order, findings)
    if findings.broken:
        return FAILED
    return TESTS_INCOMPLETE if findings.left_out else 0


def _controls(names: list[str], seed: int, folder: Path | None) -> int:
    caught = catch_all(names, seed, _say)
    if folder is not None:
        page.write_controls(folder, seed, caught)
    print(f"{sum(one.is_caught for one in caught)} of {len(caught)} planted bugs were caught.")
    return 0 if all(one.is_caught for one in caught) else FAILED


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    what = "; ".join(f"{name}: {says}" for name, says in CAMPAIGNS.items())
    parser = Parser("prove", f"Uji janji sistem ini dengan gangguan sungguhan ({what}).")
    parser.add_argument("what", nargs="*", metavar="UJIAN", help="nama ujian; tanpa nama: semuanya")
    parser.add_argument("--long", action="store_true", help="bentuk panjang; beberapa menit sampai jam")
    parser.add_argument("--controls", action="store_true", help="tanam kesalahan satu per satu; setiap kesalahan harus ketahuan")
    parser.add_argument("--seed", type=int, default=1, metavar="ANGKA", help="awal pengacakan, untuk mengulang (1)")
    parser.add_argument("--out", metavar="FOLDER", help="tulis laporan ke folder ini (docs/proof)")
    said = parser.parse_args(argv)
    for name in said.what:
        if name not in CAMPAIGNS:
            parser.error(f"argument UJIAN: invalid choice: {name!r} (choose from {', '.join(CAMPAIGNS)})")
    return said


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _leave(number: int, frame: object) -> NoReturn:
    """SIGTERM: leave by the door, so that the server and the folder go too."""
    sys.exit(128 + number)
