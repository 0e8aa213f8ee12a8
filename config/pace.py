"""Rules of single kiosks for how fast their page gives numbers: ``KIOSK-2=1/40/5, KIOSK-3=0/0/1``."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

_FORM = re.compile(r"(?P<code>[A-Z0-9][A-Z0-9._-]{0,59})=(?P<interval>[0-9]{1,3})/(?P<minute>[0-9]{1,3})/(?P<rest>[0-9]{1,3})")
_REMEDY = "tulis seperti KIOSK-2=1/40/5, dipisah koma"


class PaceRule(NamedTuple):
    """Seconds between two numbers, numbers in a minute (0: no limit), seconds of rest after them."""

    interval_s: int
    per_minute: int
    pause_s: int


@cache
def parse_pace(text: str) -> Mapping[str, PaceRule]:
    """Device code -> its own rule. Raises ValueError with an Indonesian sentence."""
    rules: dict[str, PaceRule] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        form = _FORM.fullmatch(part)
        if form is None:
            raise ValueError(f"ada bagian yang bukan aturan kios; {_REMEDY}")
        rule = PaceRule(int(form["interval"]), int(form["minute"]), int(form["rest"]))
        if rule.interval_s > 60 or rule.per_minute > 600 or not 1 <= rule.pause_s <= 600:
            raise ValueError(f"aturan {form['code']} di luar batas; jarak 0-60, per menit 0-600, istirahat 1-600")
        if form["code"] in rules:
            raise ValueError(f"kios {form['code']} disebut dua kali; hapus salah satunya")
        rules[form["code"]] = rule
    return MappingProxyType(rules)
