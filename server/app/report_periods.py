"""The spans a report is written for: a month, a quarter, half a year, a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

#: form -> months
FORMS = {"monthly": 1, "quarterly": 3, "halfyearly": 6, "yearly": 12}
#: form -> how its period is written, for sentences
WRITTEN = {"monthly": "2026-10", "quarterly": "2026-T4", "halfyearly": "2026-S2", "yearly": "2026"}
_PATTERNS = {
    "monthly": r"(20\d\d)-(0[1-9]|1[0-2])",
    "quarterly": r"(20\d\d)-[TQ]([1-4])",
    "halfyearly": r"(20\d\d)-S([12])",
    "yearly": r"(20\d\d)()",
}


@dataclass(frozen=True)
class Period:
    """`code` is '2026-10', '2026-T4', '2026-S2' or '2026'; `first` and `last` are its dates."""

    form: str
    code: str
    first: date
    last: date

    def back(self, months: int) -> Period:
        """The period of the same form so many months earlier."""
        start = self.first.year * 12 + self.first.month - 1 - months
        return _from(self.form, start // 12, start % 12)

    @property
    def dates(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def months(self) -> list[Period]:
        start = self.first.year * 12 + self.first.month - 1
        return [_from("monthly", at // 12, at % 12) for at in range(start, start + FORMS[self.form])]

    @property
    def before(self) -> Period:
        return self.back(FORMS[self.form])

    @property
    def year_before(self) -> Period:
        return self.back(12)


def period_of(form: str, code: str) -> Period:
    """The period that `code` names. Raises ValueError for one that is no period of this form."""
    found = re.fullmatch(_PATTERNS[form], code)
    if found is None:
        raise ValueError(f"{code!r} is no period of form {form}")
    part = int(found[2] or 1)
    return _from(form, int(found[1]), (part - 1) * FORMS[form])


def _from(form: str, year: int, month: int) -> Period:
    """From the month (0 to 11) on which it begins."""
    part = month // FORMS[form] + 1
    code = {"monthly": f"{year}-{month + 1:02}", "quarterly": f"{year}-T{part}", "halfyearly": f"{year}-S{part}"}.get(form, str(year))
    after = year * 12 + month + FORMS[form]
    return Period(form, code, date(year, month + 1, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1))
