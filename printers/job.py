"""What the server hands to this process: a printer's description and a job, checked."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from printers.drivers import driver_for
from printers.errors import TransportUnknown
from printers.link import Driver
from printers.profile import Profile, ProfileInvalid
from printers.status import Answers
from printers.talk import longest_s


@dataclass(frozen=True)
class PrinterSpec:
    """One printer of this host. With a `problem` (a sentence) it cannot print at all."""

    code: str
    profile: Profile
    driver: Driver | None
    #: None: not probed yet
    answers: Answers | None = None
    problem: str = ""

    @property
    def able(self) -> Answers:
        """What it can answer as far as is known, and as far as there is a way back."""
        return Answers() if self.driver is None or self.driver.one_way else self.answers or Answers()

    @property
    def send_budget_s(self) -> float:
        """Longest time that one attempt takes."""
        return longest_s(self.driver, self.able) if self.driver else 0.0

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PrinterSpec:
        """From a printer of `GET /print-host`. Never raises: a mistake becomes the `problem`."""
        code = str(data.get("code", ""))
        transport = data.get("transport")
        try:
            driver = driver_for(transport if isinstance(transport, Mapping) else {})
            profile = Profile.from_dict(data)
        except (TransportUnknown, ProfileInvalid) as error:
            return cls(code, Profile(), None, problem=f"Pengaturan pencetak salah: {error}")
        return cls(code, profile, driver, Answers.from_list(data.get("answers")))


@dataclass(frozen=True)
class Job:
    """One claimed slip. Ages and leases are seconds, counted from the moment it was received."""

    id: str
    created_at: str
    age_s: float
    lease_s: float
    slip: Any
    #: another printer would take it at once if this one cannot print
    elsewhere: bool = False
    received_at: float = field(default_factory=time.monotonic)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Job:
        """From the answer of a claim. Raises ValueError without an id or with nonsense for a time."""
        if data.get("id") in (None, ""):
            raise ValueError("job without id")
        return cls(
            id=str(data["id"]),
            created_at=str(data.get("created_at", "")),
            age_s=max(0.0, float(data.get("age_s") or 0.0)),
            lease_s=max(0.0, float(data.get("lease_s") or 0.0)),
            slip=data.get("slip"),
            elsewhere=data.get("elsewhere") is True,
        )

    def age_now_s(self) -> float:
        """Since the visitor asked for it."""
        return self.age_s + time.monotonic() - self.received_at

    def may_start(self, send_budget_s: float) -> bool:
        """Whether enough of the lease is left for a whole attempt (at most half of it is asked)."""
        left_s = self.lease_s - (time.monotonic() - self.received_at)
        return left_s >= min(send_budget_s, self.lease_s / 2)
