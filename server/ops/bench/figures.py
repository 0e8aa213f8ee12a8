"""What a round measured, and rounds summed up."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median


def quantile(values: Sequence[float], share: float) -> float:
    """Nearest rank; nan for no values."""
    if not values:
        return math.nan
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


@dataclass(frozen=True)
class Round:
    """`took_s`: each answer's latency; `over_s`: how long the round lasted; `odd`: other answers than wished.

    `cpu_s`: processor time the server used meanwhile for `acts` acts; nan when it was not measured.
    """

    took_s: tuple[float, ...]
    over_s: float
    odd: int = 0
    cpu_s: float = math.nan
    acts: int = 0

    @property
    def per_s(self) -> float:
        return len(self.took_s) / self.over_s if self.over_s > 0 else math.nan


@dataclass
class Series:
    """Rounds of one thing; figures are medians over rounds, so that one bad round decides nothing."""

    rounds: list[Round] = field(default_factory=list)

    def add(self, one: Round) -> None:
        self.rounds.append(one)

    def _median(self, values: Iterable[float]) -> float:
        told = [value for value in values if not math.isnan(value)]
        return median(told) if told else math.nan

    @property
    def per_s(self) -> float:
        return self._median(one.per_s for one in self.rounds)

    def ms(self, share: float) -> float:
        """The quantile of the latencies, milliseconds."""
        return self._median(quantile(one.took_s, share) for one in self.rounds) * 1000

    @property
    def cpu_ms(self) -> float:
        """Processor time of the server per act, milliseconds: steadier than the clock on a busy machine."""
        return self._median(one.cpu_s / one.acts for one in self.rounds if one.acts) * 1000

    @property
    def count(self) -> int:
        return sum(len(one.took_s) for one in self.rounds)

    @property
    def odd(self) -> int:
        return sum(one.odd for one in self.rounds)


@dataclass(frozen=True)
class Weight:
    """What a browser with nothing kept is sent for one page, the page's own first questions included.

    `bytes`: bodies as they came over the wire, `unpacked` as the page has them, both without `apart`: fonts, pictures,
    sound. The live socket is one of the `requests`.
    """

    requests: int
    bytes: int
    unpacked: int
    apart: int


@dataclass(frozen=True)
class Day:
    """A page's heap after each tenth of a day of calls, collected first, kB, and the nodes of its document.

    `odd`: calls that were not announced, or not in their order.
    """

    calls: int
    heap_kb: tuple[float, ...]
    nodes: tuple[int, ...]
    odd: int

    @property
    def grown_kb(self) -> float:
        """From the first tenth, when all is warm, to the end."""
        return self.heap_kb[-1] - self.heap_kb[0]
