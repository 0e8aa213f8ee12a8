"""The opening hour of the proof: every act of kiosk, desk, officers, print host and supervisor, one after the other.

The answers are kept, so that a later act can name a ticket, a leg or a slip of an earlier one: `{a[id]}`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

KIOSK, HOST_DEVICE, DESK, BOSS, ONE, TWO = "K1", "PH1", "resepsionis", "pengawas", "petugas-dkc", "petugas-ptsp"
DKC, PTSP = "/counters/DKC-1", "/counters/PTSP-1"


@dataclass(frozen=True)
class Act:
    """`keep`: the name under which its answer is kept."""

    name: str
    who: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    keep: str = ""

    def wish(self, kept: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """Path and body with what earlier answers said."""
        return self.path.format(**kept), {name: _filled(value, kept) for name, value in self.body.items()}


def _filled(value: Any, kept: dict[str, Any]) -> Any:
    """`{a[id]}` becomes the number it stands for."""
    if isinstance(value, str) and value.startswith("{"):
        return int(value.format(**kept))
    return value


HOUR = (
    Act("the first counter opens, and the day", ONE, f"{DKC}/open"),
    Act("a number at the kiosk", KIOSK, "/tickets", {"service": "DKC-KTP"}, "a"),
    Act("a number with priority", KIOSK, "/tickets", {"service": "DKC-KTP", "priority": "lansia"}, "b"),
    Act("a number of another service", KIOSK, "/tickets", {"service": "DKC-KK", "language": "en"}, "c"),
    Act("a number at the desk", DESK, "/tickets", {"service": "PTSP-NIB"}, "d"),
    Act("the print host takes a slip", HOST_DEVICE, "/print-jobs/claim", {"wait_s": 0}, "job"),
    Act("the slip is printed", HOST_DEVICE, "/print-jobs/{job[job][id]}/result", {"state": "confirmed"}),
    Act("next", ONE, f"{DKC}/next"),
    Act("start", ONE, f"{DKC}/start"),
    Act("finish", ONE, f"{DKC}/finish"),
    Act("next again", ONE, f"{DKC}/next", keep="held"),
    Act("recall", ONE, f"{DKC}/recall"),
    Act("hold", ONE, f"{DKC}/hold", {"reason": "melengkapi berkas"}),
    Act("next of another service", ONE, f"{DKC}/next", keep="missed"),
    Act("no-show", ONE, f"{DKC}/no-show"),
    Act("resume", ONE, f"{DKC}/resume-leg", {"leg": "{held[leg][leg]}"}),
    Act("transfer", ONE, f"{DKC}/transfer", {"service": "PTSP-NIB"}),
    Act("return", DESK, "/tickets/{c[id]}/return", {"reason": "di musala"}),
    Act("reprint", DESK, "/tickets/{c[id]}/reprint", {"reason": "hilang"}),
    Act("priority", DESK, "/tickets/{c[id]}/priority", {"value": "hamil", "reason": "terlihat"}),
    Act("pick", ONE, f"{DKC}/pick", {"ticket": "{c[id]}", "reason": "sakit"}),
    Act("put back", ONE, f"{DKC}/put-back", {"reason": "menunggu anak"}),
    Act("next once more", ONE, f"{DKC}/next"),
    Act("finish without start", ONE, f"{DKC}/finish"),
    Act("a second counter opens", TWO, f"{PTSP}/open"),
    Act("next there", TWO, f"{PTSP}/next"),
    Act("finish and next in one press", TWO, f"{PTSP}/finish", {"next": True}),
    Act("finish there", TWO, f"{PTSP}/finish"),
    Act("a late number", KIOSK, "/tickets", {"service": "PTSP-NIB"}, "e"),
    Act("cancel", DESK, "/tickets/{e[id]}/cancel", {"by": "visitor", "reason": "pulang"}),
    Act("pause", TWO, f"{PTSP}/pause", {"reason": "istirahat"}),
    Act("resume the counter", TWO, f"{PTSP}/resume"),
    Act("close a counter", TWO, f"{PTSP}/close"),
    Act("a rule is changed", BOSS, "/policy", {"priority_ratio": 3}),
    Act("a counter is released", BOSS, f"{DKC}/release"),
    Act("one still waits", KIOSK, "/tickets", {"service": "DKC-KTP"}, "f"),
    Act("the day is closed", BOSS, "/day/close"),
)
