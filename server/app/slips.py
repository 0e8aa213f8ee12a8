"""The words on a slip of paper, as plain data; a print host only lays them out.

All words are in the ticket's language and every instant is told in the site's zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from server.domain.floor import Floor
from server.domain.tickets import Leg, Ticket

VERSION = 1
#: Longest list of counters that is still read at a glance.
COUNTERS_MAX = 4
#: UTC offset -> the zone's name in Indonesia (Keppres 41/1987).
ZONE_NAMES: dict[timedelta | None, str] = {
    timedelta(hours=7): "WIB",
    timedelta(hours=8): "WITA",
    timedelta(hours=9): "WIT",
}
#: Characters with a meaning of their own in a Wi-Fi QR (the ZXing convention).
_WIFI_SPECIAL = '\\;,:"'


@dataclass(frozen=True)
class SlipFacts:
    """Settings a slip needs; empty text means unset."""

    public_url: str = ""
    wifi_name: str = ""
    wifi_password: str = ""


def is_loopback(url: str) -> bool:
    """Whether a URL's host is of use on the server itself only, or is no host at all."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    if not host or host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def ticket_url(public_url: str, token: str) -> str | None:
    """The address of a ticket's page, or None when a phone could not open it."""
    base = public_url.rstrip("/")
    return None if is_loopback(base) else f"{base}/t/{token}"


def wifi_code(name: str, password: str) -> str:
    """The text of a QR by which a phone joins a Wi-Fi network."""

    def safe(text: str) -> str:
        return "".join(f"\\{c}" if c in _WIFI_SPECIAL else c for c in text)

    if not password:
        return f"WIFI:T:nopass;S:{safe(name)};;"
    return f"WIFI:T:WPA;S:{safe(name)};P:{safe(password)};;"


def date_words(at: datetime, timezone: str, texts: Mapping[str, str]) -> str:
    """An aware instant as words of the site: 'Sel, 3 Nov 2026 08.15 WITA'."""
    local = at.astimezone(ZoneInfo(timezone))
    return texts["slip.issued"].format(
        weekday=texts["slip.weekdays"].split()[local.weekday()],
        day=local.day,
        month=texts["slip.months"].split()[local.month - 1],
        year=local.year,
        hour=f"{local.hour:02d}",
        minute=f"{local.minute:02d}",
        zone=ZONE_NAMES.get(local.utcoffset()) or local.tzname(),
    )


def _ahead(ahead: int, texts: Mapping[str, str]) -> str:
    key = {0: "slip.ahead_none", 1: "slip.ahead_one"}.get(ahead, "slip.ahead_many")
    return texts[key].format(n=ahead)


def _estimate(leg: Leg, texts: Mapping[str, str]) -> str | None:
    """Whole minutes, the range widened outwards: never more exact than what is known."""
    if leg.estimate_from_s is None or leg.estimate_to_s is None:
        return None
    from_min, to_min = leg.estimate_from_s // 60, max(1, -(-leg.estimate_to_s // 60))
    if from_min == 0:
        return texts["slip.estimate_below"].format(to=to_min)
    if from_min == to_min:
        return texts["slip.estimate_about"].format(to=to_min)
    return texts["slip.estimate"].format(**{"from": from_min, "to": to_min})


def _in(language: str, name: Mapping[str, str]) -> str:
    return name.get(language) or name["id"]


def _priority(ticket: Ticket, texts: Mapping[str, str]) -> str | None:
    """That there is one, never which: paper lies about, and a disability is nobody else's business."""
    return texts["slip.priority"] if ticket.is_priority else None


def _place(leg: Leg, floor: Floor) -> str:
    """Zone, the gerai's place if the plan tells it, and the counters that serve the service."""
    gerai = floor.gerai.get(leg.gerai)
    if gerai is None:
        return ""
    labels = [floor.counters[code].label for code in floor.counters_for(leg.service)]
    zone = floor.zones[gerai.zone].name
    parts = [zone, gerai.place if gerai.place != zone else ""]
    if len(labels) <= COUNTERS_MAX:
        parts.append(", ".join(labels))
    return " · ".join(part for part in parts if part)


def _wifi_lines(facts: SlipFacts, texts: Mapping[str, str]) -> list[str]:
    if not facts.wifi_name:
        return []
    lines = [texts["slip.wifi_name"].format(name=facts.wifi_name)]
    if facts.wifi_password:
        lines.append(texts["slip.wifi_password"].format(password=facts.wifi_password))
    return lines


def _qr(ticket: Ticket, facts: SlipFacts, texts: Mapping[str, str]) -> dict[str, str | None]:
    """The ticket's page; without one the guest Wi-Fi; without that no QR at all."""
    url = ticket_url(facts.public_url, ticket.token)
    if url:
        return {"qr": url, "qr_caption": texts["slip.qr_ticket"]}
    if facts.wifi_name:
        code = wifi_code(facts.wifi_name, facts.wifi_password)
        return {"qr": code, "qr_caption": texts["slip.qr_wifi"]}
    return {"qr": None, "qr_caption": None}


def slip_of(
    ticket: Ticket,
    leg: Leg,
    floor: Floor,
    texts: Mapping[str, str],
    facts: SlipFacts,
    copy: int = 0,
) -> dict[str, Any]:
    """The slip of a ticket at a leg. `texts` are of `ticket.language`; `copy` 0 is the first.

    `ahead` and the estimate are those frozen on the leg: a later copy says what the first
    said, and its mark says that it is a copy.
    """
    site = floor.site
    # A copy may be wanted after a new plan has dropped the service: then its code must do.
    service, gerai = floor.services.get(leg.service), floor.gerai.get(leg.gerai)
    footer = [site.address, site.phone, site.complaint]
    return {
        "version": VERSION,
        "language": ticket.language,
        "site_name": site.name,
        "number": ticket.label,
        "copy": copy,
        "copy_mark": texts["slip.copy"].format(n=copy) if copy else None,
        "service": _in(ticket.language, service.name) if service else leg.service,
        "gerai": gerai.name if gerai else leg.gerai,
        "place": _place(leg, floor),
        "issued_text": date_words(ticket.issued_at, site.timezone, texts),
        "ahead_text": _ahead(leg.ahead, texts),
        "estimate_text": _estimate(leg, texts),
        "priority_text": _priority(ticket, texts),
        **_qr(ticket, facts, texts),
        "wifi_lines": _wifi_lines(facts, texts),
        "notes": [texts["slip.keep"], texts["slip.missed"]],
        "footer": [line for line in footer if line],
    }
