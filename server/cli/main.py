"""`mpp COMMAND ...`: finds the module of a command and lets it run.

A command is a module with `run(argv: list[str]) -> int`; only the module that is asked for is imported.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from server.cli.faults import BAD_ARGUMENTS, FAILED, Stop

#: command -> (module, what it does)
COMMANDS = {
    "serve": ("server.cli.serve", "jalankan server antrean, layar, dan pencetakan"),
    "printer": ("server.cli.printer", "daftar (list), tambah (add), kenali (probe) pencetak, lihat karcis (preview)"),
    "printers": ("server.cli.printers", "jalankan proses pencetak di komputer yang berpencetak"),
    "signs": ("server.cli.signs", "jalankan papan LED di atas loket"),
    "floor": ("server.cli.floor", "periksa (check) atau muat (load) denah"),
    "user": ("server.cli.user", "tambah orang (add) atau ganti kata sandi (passwd)"),
    "device": ("server.cli.device", "daftarkan perangkat (add), atau alamat layar untuk TV lama (key)"),
    "voice": ("server.cli.voice", "rekaman suara sendiri: daftar bacaan (script), periksa dan pasang (check)"),
    "report": ("server.cli.report", "buat laporan bulanan"),
    "backup": ("server.cli.backup", "buat cadangan data, juga saat server berjalan"),
    "restore": ("server.cli.restore", "kembalikan data dari cadangan"),
    "doctor": ("server.cli.doctor", "periksa seluruh pemasangan dan sebutkan perbaikannya"),
    "simulate": ("server.cli.simulate", "jalankan satu hari simulasi pada server yang berjalan"),
    "prove": ("server.cli.prove", "uji janji dengan gangguan sungguhan"),
    "bench": ("server.cli.bench", "ukur kecepatan di komputer ini"),
    "test": ("server.cli.testing", "jalankan semua pengujian"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Exit codes stand in faults.py; 130 after Ctrl-C."""
    os.umask(0o077)  # what a command writes (data, tokens, reports) is its user's alone
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(words)
    except Stop as stop:
        print(stop.sentence, file=sys.stderr)
        return stop.exit_code
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (`mpp ... | head`): nothing more to say, not even at exit.
        sys.stderr.close()
        return FAILED


def _run(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(_overview())
        return 0
    if words[0] not in COMMANDS:
        raise Stop(f"mpp: perintah {words[0]!r} tidak dikenal; lihat `mpp --help`.", BAD_ARGUMENTS)
    module, _ = COMMANDS[words[0]]
    return int(import_module(module).run(words[1:]))


def _overview() -> str:
    width = max(len(name) for name in COMMANDS)
    lines = [f"  {name:<{width}}  {what}" for name, (_, what) in sorted(COMMANDS.items())]
    return "\n".join(["pemakaian: mpp PERINTAH [pilihan]", "", *lines, "", "`mpp PERINTAH --help` menjelaskan perintah itu."])


if __name__ == "__main__":
    sys.exit(main())
