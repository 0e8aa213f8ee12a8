"""`mpp bench`: measures this computer, the bare stack and the hall side by side. The table is in English."""

import argparse
import json
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from server.cli.faults import Stop
from server.cli.words import Parser
from server.ops.bench.command import NAMES, Bench, Plan, quick
from server.ops.bench.people import Refused
from server.ops.bench.report import as_json, lines
from server.ops.bench.servers import NotStarted
from server.ops.bench.worker import Broken


def run(argv: Sequence[str]) -> int:
    """0 when everything was measured, whether or not the goals were met; 1 when it could not be."""
    plan, file = _plan(argv)
    signal.signal(signal.SIGTERM, _leave)
    try:
        report = Bench(plan, lambda line: print(line, file=sys.stderr, flush=True)).run()
    except (NotStarted, Refused, Broken) as problem:
        raise Stop(f"Tidak dapat diukur:\n{problem}") from problem
    print("\n".join(lines(report)))
    if file is not None:
        file.write_text(json.dumps(as_json(report), indent=1), encoding="utf-8")
    return 0


def _leave(number: int, frame: object) -> NoReturn:
    """SIGTERM: leave by the door, so that servers and folders of the bench go too."""
    sys.exit(128 + number)


def _plan(argv: Sequence[str]) -> tuple[Plan, Path | None]:
    parser = Parser("bench", "Ukur kecepatan server di komputer ini, dibandingkan dengan perangkat lunak dasarnya.")
    parser.add_argument("--quick", action="store_true", help="ronde pendek: hanya untuk melihat bahwa semua berjalan")
    parser.add_argument("--only", choices=NAMES, help="ukur satu bagian saja")
    parser.add_argument("--rounds", type=_number, help="banyaknya ronde")
    parser.add_argument("--screens", type=_number, default=200, help="banyaknya layar yang tersambung")
    parser.add_argument("--legs", type=_legs, default=1_000_000, help="banyaknya langkah lama di basis data kedua; 0: tanpa")
    parser.add_argument("--calls", type=_calls, help="banyaknya panggilan dalam sehari di satu layar (5000)")
    parser.add_argument("--json", metavar="BERKAS", help="tulis angka yang sama sebagai JSON")
    said = parser.parse_args(argv)
    plan = Plan(parts=(said.only,) if said.only else NAMES, screens=said.screens, legs=said.legs)
    plan = quick(plan) if said.quick else plan
    plan = replace(plan, rounds=said.rounds) if said.rounds else plan
    plan = replace(plan, calls=said.calls) if said.calls else plan
    return plan, Path(said.json) if said.json else None


def _number(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 2000:
        raise argparse.ArgumentTypeError("harus 1 sampai 2000")
    return number


def _legs(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 10_000_000:
        raise argparse.ArgumentTypeError("harus 0 sampai 10000000")
    return number


def _calls(text: str) -> int:
    number = int(text)
    if not 20 <= number <= 100_000:
        raise argparse.ArgumentTypeError("harus 20 sampai 100000")
    return number
