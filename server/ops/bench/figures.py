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
