"""The figures of the day, as lines in Indonesian for whoever started it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from server.simulate.record import Record
from server.simulate.replay import Replay

_KINDS = {
    "ticket": "ambil nomor", "next": "panggil berikutnya", "finish+next": "selesai + berikutnya",
    "act": "tindakan lain", "view": "tampilan", "look": "melihat", "events": "catatan (1.000)",
}
_EVENTS = {
    "TicketIssued": "nomor diberikan", "TicketFinished": "selesai dilayani", "TicketNoShow": "tidak hadir",
    "TicketReturned": "kembali mengantre", "TicketPutBack": "dikembalikan ke antrean", "TicketTransferred": "dialihkan",
    "TicketHeld": "ditahan", "TicketPicked": "dipanggil di luar urutan", "TicketRecalled": "dipanggil ulang",
    "TicketCancelled": "dibatalkan", "TicketExpired": "kedaluwarsa", "TicketRefused": "nomor ditolak",
    "PrioritySet": "prioritas diberikan petugas", "SlipQueued": "cetak ulang", "CounterPaused": "jeda loket",
}


def quantile(values: Sequence[float], share: float) -> float | None:
    """Nearest rank; None for no values."""
    if not values:
        return None
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def lines(
    events: Sequence[Mapping[str, Any]], since: int, replay: Replay, record: Record, screens: Mapping[str, int]
) -> Iterator[str]:
    """`events` after `since` are the day's; `screens`: what was counted at the screens."""
    day = [event for event in events if event["seq"] > since]
    counts = Counter(event["type"] for event in day)
    legs = {event["leg"] for event in day if event["type"] in ("TicketIssued", "TicketCalled", "TicketPicked")}
    yield from _table("Kejadian", {name: counts[kind] for kind, name in _EVENTS.items() if counts[kind]})
    yield from _waits(replay, legs)
    yield "HTTP, milidetik (jumlah, p50, p99)"
    for kind, name in _KINDS.items():
        took = record.latencies_s.get(kind, [])
        if took:
            yield f"  {name:<28}{len(took):>8}{_ms(took, 0.5):>9}{_ms(took, 0.99):>9}"
    refusals = {code or "tanpa kode": n for code, n in sorted(record.refusals.items())}
    yield from _table("Penolakan menurut kode", refusals)
    told = {name: record.counts[key] for key, name in (
        ("lost_replies", "balasan dihilangkan"), ("replays", "jawaban diulang server"),
        ("retries", "sambungan diulang"), ("left_without_number", "pulang tanpa nomor"),
    )}
    yield from _table("Jaringan", told)
    yield from _table("Layar", screens)


def _waits(replay: Replay, legs: set[int]) -> Iterator[str]:
    waits = [
        (leg.first_called_at - leg.queued_at).total_seconds()
        for leg in replay.legs.values()
        if leg.leg in legs and leg.first_called_at
    ]
    if waits:
        half, most = quantile(waits, 0.5) or 0, quantile(waits, 0.9) or 0
        yield f"Tunggu (n = {len(waits)}): p50 {half / 60:.1f} menit, p90 {most / 60:.1f} menit"


def _ms(took: Sequence[float], share: float) -> str:
    return f"{(quantile(took, share) or 0) * 1000:.1f}"


def _table(title: str, rows: Mapping[str, int]) -> Iterator[str]:
    if rows:
        yield title
    for name, number in rows.items():
        yield f"  {name:<28}{number:>8}"
