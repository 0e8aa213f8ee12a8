"""What a campaign is asked and what it answers; every module named in `CAMPAIGNS` is one.

Such a module has
- `TITLE` and `HOW`: what is promised and how it is tried, in Markdown, for its page in `docs/proof/`;
- `PLANTS`: bugs that the campaign must find, each in one place of the product's code (`plants.py`);
- `run(order) -> Findings`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from types import ModuleType

#: name -> what it tries, for `mpp prove --help`
CAMPAIGNS = {
    "crash": "server yang dimatikan paksa di setiap penulisan",
    "paper": "karcis yang terputus di setiap bita",
    "restore": "data yang hilang dan dipulihkan dari cadangan",
    "power": "isi disk setelah listrik padam",
    "histories": "banyak kios dan petugas sekaligus lewat jaringan yang memutus",
    "floors": "hari-hari layanan pada waktu simulasi",
    "security": "lantai yang sama, diserang",
    "clock": "jam yang melompat, mundur, atau tidak tahu tanggal",
    "machine": "disk penuh, disk rusak, basis data terkunci, memori habis",
    "pages": "halaman kios dan layar di peramban sungguhan, lewat jaringan yang buruk",
    "screens": "layar yang kembali setelah server mati atau jaringan putus",
    "upgrade": "skema yang naik dan turun, dan versi yang dipasang kembali",
}


@dataclass(frozen=True)
class Order:
    """`is_long`: all of it, not the short form of the suite. `say` is told what is going on."""

    is_long: bool
    seed: int
    say: Callable[[str], object]


@dataclass
class Findings:
    """`figures`: Markdown lines. `broken`: each promise that did not hold, in words, enough to look for it.

    `left_out`: what could not be tried on this machine, each with the reason.
    """

    figures: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    took_s: float = 0.0


@dataclass(frozen=True)
class Plant:
    """A bug: in `file` of the checkout the text `old`, which stands there once, becomes `new`."""

    name: str
    file: str
    old: str
    new: str


def campaign(name: str) -> ModuleType:
    """The module of one of CAMPAIGNS; only the one that is asked for is imported."""
    return import_module(f"server.ops.prove.{name}")
