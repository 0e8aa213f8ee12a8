"""`mpp prove paper`: tries to break a promise over real links; the report is in English."""

import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from server.cli.faults import FAILED, Stop
from server.cli.words import Parser
from server.ops.bench.people import Refused
from server.ops.bench.servers import NotStarted
from server.ops.prove import paper

CAMPAIGNS = ("paper",)


def run(argv: Sequence[str]) -> int:
    """0 when every promise held, 1 when one was broken or nothing could be tried."""
    parser = Parser("prove", "Uji janji sistem ini dengan gangguan sungguhan: karcis yang terputus di setiap bita (paper).")
    parser.add_argument("what", choices=CAMPAIGNS, metavar="paper")
    parser.add_argument("--long", action="store_true", help="setiap bita, lebih dari 10.000 karcis; beberapa menit")
    parser.add_argument("--out", metavar="BERKAS", help="tulis laporannya ke berkas ini")
    said = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, _leave)
    plan = paper.Plan() if said.long else paper.SHORT
    try:
        report = paper.Campaign(plan, lambda line: print(line, file=sys.stderr, flush=True)).run()
    except (NotStarted, Refused) as problem:
        raise Stop(f"Tidak dapat diuji:\n{problem}") from problem
    text = "\n".join(paper.lines(report))
    print(text)
    if said.out:
        Path(said.out).write_text(text + "\n", encoding="utf-8")
    return FAILED if report.broken else 0


def _leave(number: int, frame: object) -> NoReturn:
    """SIGTERM: leave by the door, so that the server and the folder go too."""
    sys.exit(128 + number)
