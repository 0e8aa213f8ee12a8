"""The table, the goals, and the same as JSON.

Goals are ratios within one run: tickets and Next at least the smaller of 1/5 of the bare view and 1/2
of the bare insert loop (Next is `POST /counters/{code}/next`; what an officer presses between two visitors,
finish and next in one, does two acts and has no goal), p99 at most 10 times the bare view's; press to frame p99 at most 5 times a bare broadcast to as many screens; memory at most 200 MB; slips to
bytes at least 1/6 (text) and 1/3 (drawn) of what python-escpos and Pillow alone write; touch to the first byte at the printer
p99 at most 10 times the touch's, and with one of four printers stalled the others' and the touch's p95 the same within noise; with
a long past the same within noise, for which one fifth is taken here. Press to pixel p99 at most 10 times a bare broadcast; an
announcement made p99 at most 50 times a bare view asked in the same way, had again at most 10 times; a page at most 150 kB before
fonts, pictures and sound in 12 requests; and a day of calls leaves no more on a page than noise, with none unsaid. A seal of the
hash chain costs at most 1/10 of a committed row; the p95 of a number while backups are made at most 1.5 times that without; a number
is given after kill -9 within 10 s, with a long past in the same time within noise. A month's JSON takes at most 3 times a bare scan of
its rows, the supervisor's view the same with a long past within noise, a number's p95 while a year's figures are made at most 1.5
times that without, and the processes that make figures at most 150 MB.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from server.ops.bench.figures import Day, Series, Weight

OF_VIEW, OF_INSERTS, P99_TIMES, FRAME_TIMES, MEMORY_MB = 1 / 5, 1 / 2, 10.0, 5.0, 200.0
#: touch to the first byte at the printer: the claim, the questions to the printer and the slip are in it
PAPER_TIMES = 10.0
#: slips to bytes against the same words by python-escpos and Pillow alone, which choose and check nothing
OF_BARE_TEXT, OF_BARE_DRAWN = 1 / 6, 1 / 3
#: press to the painted number, against frames at bare sockets: the page's own work and the wait for its next frame are in it
PIXEL_TIMES = 10.0
#: the sound of a call, made and had again, against the bare view: two requests and 400 kB each
MADE_TIMES, AGAIN_TIMES = 50.0, 10.0
#: of one page, first visit (`tests/faces/test_weight.py`)
PAGE_BYTES, PAGE_REQUESTS = 150_000, 12
#: a page's heap may grow over a day: less than 100 bytes for each of 5,000 calls
GROWN_MAX_KB = 400.0
#: the hash chain, of the least that a committed row costs; the load beside a backup; a hall after a kill, s
OF_COMMIT, BESIDE, BACK_S = 1 / 10, 1.5, 10.0
#: a month's report against reading its rows alone; a process that makes figures, MB
MONTH_TIMES, PEAK_MB = 3.0, 150.0
#: as fast as without the past, at least this share of it
SAME = 0.8


@dataclass
class Report:
    """`series`: name -> rounds. `facts`: what surrounds them. `memory_mb`: part -> megabytes.

    `weights`, `days`: by page.
    """

    facts: dict[str, Any] = field(default_factory=dict)
    series: dict[str, Series] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)
    weights: dict[str, Weight] = field(default_factory=dict)
    days: dict[str, Day] = field(default_factory=dict)
    #: peak memory of a process, megabytes
    peaks_mb: dict[str, float] = field(default_factory=dict)

    def of(self, name: str) -> Series:
        return self.series.setdefault(name, Series())

    def has(self, *names: str) -> bool:
        return all(name in self.series and self.series[name].count for name in names)


@dataclass(frozen=True)
class Goal:
    what: str
    reached: float
    wanted: float
    at_least: bool

    @property
    def met(self) -> bool:
        return self.reached >= self.wanted if self.at_least else self.reached <= self.wanted

    def line(self) -> str:
        sign = ">=" if self.at_least else "<="
        return f"  {'met    ' if self.met else 'NOT met'}  {self.what:<52}{self.reached:>10.2f} {sign} {self.wanted:.2f}"


def goals(report: Report) -> Iterator[Goal]:
    for past in ("", " +past"):
        for name in (f"tickets{past}", f"next{past}"):
            if report.has(name, "bare view", "insert+commit"):
                yield from _speed_goals(report, name)
    for name in report.series:
        if name.startswith("frame ") and "/" not in name and report.has("bare broadcast", name):
            wanted = FRAME_TIMES * report.of("bare broadcast").ms(0.99)
            yield Goal(f"{name}: p99 ms, 5 x bare broadcast", report.of(name).ms(0.99), wanted, at_least=False)
    yield from _same_with_past(report)
    yield from _same_with_one_stalled(report)
    for name in report.series:
        if name.startswith("slip ") and report.has(floor := f"bare {name.removeprefix('slip ')}", name):
            share = OF_BARE_TEXT if name.endswith(" text") else OF_BARE_DRAWN
            yield Goal(f"{name}/s, share of python-escpos alone", report.of(name).per_s, report.of(floor).per_s * share, at_least=True)
    if report.memory_mb:
        total = sum(report.memory_mb.values())
        yield Goal("memory with all screens, master + worker, MB", total, MEMORY_MB, at_least=False)
    yield from _hall_goals(report)
    yield from _safety_goals(report)
    yield from _history_goals(report)


def _hall_goals(report: Report) -> Iterator[Goal]:
    """What the screens of the hall are held to, and what they sound."""
    bounds = (("pixel of the page", "bare broadcast", PIXEL_TIMES), ("announcement made", "bare view, alone", MADE_TIMES),
              ("announcement again", "bare view, alone", AGAIN_TIMES))  # fmt: skip
    for name, floor, times in bounds:
        if report.has(name, floor):
            wanted = times * report.of(floor).ms(0.99)
            yield Goal(f"{name}: p99 ms, {times:.0f} x {floor}", report.of(name).ms(0.99), wanted, at_least=False)
    for page, weight in report.weights.items():
        yield Goal(f"page {page}: kB before fonts, pictures, sound", weight.bytes / 1000, PAGE_BYTES / 1000, at_least=False)
        yield Goal(f"page {page}: requests", weight.requests, PAGE_REQUESTS, at_least=False)
    for page, day in report.days.items():
        yield Goal(f"page {page}: kB grown in {day.calls} calls", day.grown_kb, GROWN_MAX_KB, at_least=False)
        yield Goal(f"page {page}: calls unsaid or not in order", day.odd, 0, at_least=False)


def _safety_goals(report: Report) -> Iterator[Goal]:
    """What safety may cost."""
    if report.has("seal of an event", "insert+commit, here"):
        wanted = report.of("insert+commit, here").ms(0.5) * OF_COMMIT
        yield Goal("seal of an event: p50 ms, 1/10 of insert+commit", report.of("seal of an event").ms(0.5), wanted, at_least=False)
    for past in ("", " +past"):
        if report.has(name := f"kill -9 to a number{past}"):
            yield Goal(f"{name}, s", report.of(name).ms(0.5) / 1000, BACK_S, at_least=False)
        if report.has(f"tickets, backup{past}", f"tickets, no backup{past}"):
            times = report.of(f"tickets, backup{past}").ms(0.95) / report.of(f"tickets, no backup{past}").ms(0.95)
            yield Goal(f"tickets{past}: p95 with a backup / without", times, BESIDE, at_least=False)
    if report.has("kill -9 to a number", "kill -9 to a number +past"):
        times = report.of("kill -9 to a number +past").ms(0.5) / report.of("kill -9 to a number").ms(0.5)
        yield Goal("kill -9 to a number with the past / without", times, 1 / SAME, at_least=False)


def _history_goals(report: Report) -> Iterator[Goal]:
    """What years behind a hall may cost."""
    if report.has("month JSON", "bare scan of a month"):
        times = report.of("month JSON").ms(0.5) / report.of("bare scan of a month").ms(0.5)
        yield Goal("month JSON / bare scan of its rows", times, MONTH_TIMES, at_least=False)
    if report.has("floor view", "floor view +past"):
        times = report.of("floor view +past").ms(0.5) / report.of("floor view").ms(0.5)
        yield Goal("floor view with the past / without", times, 1 / SAME, at_least=False)
    if report.has("tickets, no figures", "tickets, a year's figures"):
        times = report.of("tickets, a year's figures").ms(0.95) / report.of("tickets, no figures").ms(0.95)
        yield Goal("tickets: p95 with a year's figures / without", times, BESIDE, at_least=False)
    if report.has("tickets, no figures", "tickets, a year's report"):
        times = report.of("tickets, a year's report").ms(0.95) / report.of("tickets, no figures").ms(0.95)
        yield Goal("tickets: p95 with a year's report / without", times, BESIDE, at_least=False)
    for name, peak_mb in report.peaks_mb.items():
        yield Goal(f"{name}: peak MB", peak_mb, PEAK_MB, at_least=False)


def _speed_goals(report: Report, name: str) -> Iterator[Goal]:
    view, inserts, own = report.of("bare view"), report.of("insert+commit"), report.of(name)
    yield Goal(
        f"{name}/s, smaller of view/5 and inserts/2", own.per_s,
        min(view.per_s * OF_VIEW, inserts.per_s * OF_INSERTS), at_least=True,
    )
    yield Goal(f"{name}: p99 ms, 10 x bare view", own.ms(0.99), P99_TIMES * view.ms(0.99), at_least=False)


def lines(report: Report) -> Iterator[str]:
    for name, value in report.facts.items():
        yield f"{name}: {value}"
    yield ""
    yield f"{'(medians over rounds)':<34}{'per s':>10}{'p50 ms':>10}{'p99 ms':>10}{'cpu ms':>9}{'n':>9}{'odd':>6}"
    for name, series in report.series.items():
        rate = "" if "frame" in name or name in ("bare broadcast", "pixel of the page") else f"{series.per_s:.0f}"
        cpu = "" if math.isnan(series.cpu_ms) else f"{series.cpu_ms:.2f}"
        yield (
            f"{name:<34}{rate:>10}{series.ms(0.5):>10.2f}{series.ms(0.99):>10.2f}"
            f"{cpu:>9}{series.count:>9}{series.odd:>6}"
        )
    for part, megabytes in report.memory_mb.items():
        yield f"memory {part:<27}{megabytes:>10.1f} MB"
    for process, megabytes in report.peaks_mb.items():
        yield f"peak of {process:<26}{megabytes:>10.1f} MB"
    for page, weight in report.weights.items():
        yield (
            f"page {page:<10}{weight.requests:>4} requests{weight.bytes / 1000:>8.1f} kB sent, {weight.unpacked / 1000:.1f} kB unpacked;"
            f" fonts, pictures, sound {weight.apart / 1000:.1f} kB"
        )
    for page, day in report.days.items():
        heaps = " ".join(f"{one:.0f}" for one in day.heap_kb)
        yield f"page {page:<10}{day.calls} calls, heap in kB after each tenth: {heaps}; nodes {day.nodes[0]} to {day.nodes[-1]}"
    yield ""
    yield "goals"
    yield from (goal.line() for goal in goals(report))


def _same_with_past(report: Report) -> Iterator[Goal]:
    for name in ("tickets", "next"):
        if report.has(name, f"{name} +past"):
            share = report.of(f"{name} +past").per_s / report.of(name).per_s
            yield Goal(f"{name}/s with the past / without", share, SAME, at_least=True)
    if report.has("frame hall", "frame hall +past"):
        times = report.of("frame hall +past").ms(0.99) / report.of("frame hall").ms(0.99)
        yield Goal("frame hall p99 with the past / without", times, 1 / SAME, at_least=False)


def _same_with_one_stalled(report: Report) -> Iterator[Goal]:
    """A printer that takes no more costs the others and the API nothing."""
    for name in ("touch of 4", "first byte of 4"):
        if report.has(name, f"{name}, one stalled"):
            times = report.of(f"{name}, one stalled").ms(0.95) / report.of(name).ms(0.95)
            yield Goal(f"{name}: p95 with one stalled / without", times, 1 / SAME, at_least=False)
    if report.has("first byte of 4", "touch of 4"):
        own, floor = report.of("first byte of 4"), report.of("touch of 4")
        yield Goal("first byte of 4: p99 ms, 10 x touch", own.ms(0.99), PAPER_TIMES * floor.ms(0.99), at_least=False)


def as_json(report: Report) -> dict[str, Any]:
    def number(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 4)

    return {
        "facts": report.facts,
        "series": {
            name: {
                "per_s": number(s.per_s), "p50_ms": number(s.ms(0.5)), "p99_ms": number(s.ms(0.99)),
                "cpu_ms": number(s.cpu_ms), "n": s.count, "odd": s.odd,
            }
            for name, s in report.series.items()
        },
        "memory_mb": report.memory_mb,
        "peaks_mb": report.peaks_mb,
        "weights": {page: asdict(weight) for page, weight in report.weights.items()},
        "days": {page: asdict(day) for page, day in report.days.items()},
        "goals": [
            {"what": g.what, "reached": number(g.reached), "wanted": number(g.wanted), "met": g.met} for g in goals(report)
        ],
    }
