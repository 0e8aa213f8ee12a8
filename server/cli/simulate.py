"""`mpp simulate`: drives a running server with a seeded day of visitors, officers and screens."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop
from server.cli.places import load_settings
from server.cli.words import Parser
from server.simulate.day import Day
from server.simulate.options import CannotRun, Options
from server.simulate.reach import reach
from server.simulate.wire import Unsettled

MOST_SHOWN = 30


def run(argv: Sequence[str]) -> int:
    """0: every promise held. 1: one did not, or the server was gone. 2: bad arguments."""
    options = _options(argv)
    try:
        reach(options.url)
        outcome = Day(options, lambda line: print(line, flush=True)).run()
    except CannotRun as problem:
        raise Stop(str(problem), BAD_ARGUMENTS) from problem
    except Unsettled as problem:
        raise Stop(f"Server di {options.url} tidak menjawab: {problem}.") from problem
    print("\n".join(outcome.lines))
    for broken in outcome.violations[:MOST_SHOWN]:
        print(f"DILANGGAR {broken.promise}: {broken.text}")
    if outcome.violations:
        print(f"{len(outcome.violations)} pelanggaran.")
        return FAILED
    print("P1 sampai P5, rantai catatan, dan layar: semuanya ditepati.")
    return 0


def _options(argv: Sequence[str]) -> Options:
    parser = Parser("simulate", "Jalankan satu hari pengunjung, petugas, dan layar pada server yang sudah berjalan.")
    parser.add_argument("--url", help="alamat server; bawaan: server di komputer ini")
    parser.add_argument("--data", metavar="FOLDER", help="folder data server, berisi first-run.json")
    parser.add_argument("--first-run", metavar="BERKAS", help="first-run.json, bila server ada di komputer lain")
    parser.add_argument("--seed", type=int, default=1, help="benih acak; benih yang sama memberi rencana yang sama")
    parser.add_argument("--tickets", type=_count, default=500, help="banyaknya pengunjung")
    parser.add_argument("--kiosks", type=_count, default=4, help="banyaknya kios")
    parser.add_argument("--displays", type=_count, default=3, help="banyaknya layar lobi")
    parser.add_argument("--date", help="tanggal yang harus sedang dijalani server, misalnya 2026-11-06")
    parser.add_argument("--rate", type=_rate, help="laju jam server, misalnya 600; bawaan auto: diukur")
    parser.add_argument("--minutes", type=_share_of_hours, help="padatkan seluruh hari menjadi sekian menit mulai sekarang")
    parser.add_argument("--lose-replies", type=_share, default=0.0, metavar="P", help="bagian balasan yang dihilangkan, 0 sampai 0.5")
    parser.add_argument("--real-hours", action="store_true", help="akhiri pengecualian jam buka lebih dulu")
    parser.add_argument("--close-day", action="store_true", help="tutup hari layanan di akhir")
    said = parser.parse_args(argv)
    data = Path(load_settings(None, {"server.data": said.data}).server.data)
    first_run = Path(said.first_run) if said.first_run else data / "first-run.json"
    server_file = None if said.first_run and not said.data else data / "server.json"
    return Options(
        url=said.url or _url(server_file), first_run=first_run, server_file=server_file, seed=said.seed,
        tickets=said.tickets, kiosks=said.kiosks, displays=said.displays, date=said.date, rate=said.rate,
        minutes=said.minutes, lose_replies=said.lose_replies, real_hours=said.real_hours, close_day=said.close_day,
    )


def _url(server_file: Path | None) -> str:
    from server.simulate.staff import read_json

    if server_file is None:
        raise Stop("mpp simulate: --first-run memerlukan --url; lihat `mpp simulate --help`.", BAD_ARGUMENTS)
    try:
        return str(read_json(server_file)["url"])
    except CannotRun as problem:
        raise Stop(str(problem), BAD_ARGUMENTS) from problem


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError("harus 1 sampai 100000")
    return number


def _rate(text: str) -> float | None:
    return None if text == "auto" else _positive(text)


def _share_of_hours(text: str) -> float:
    return _positive(text)


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number <= 100_000:
        raise argparse.ArgumentTypeError("harus lebih dari 0 sampai 100000")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 0.5:
        raise argparse.ArgumentTypeError("harus 0 sampai 0.5")
    return number
