"""A way to one printer while it is open: bytes out, bytes in, every step with a limit."""

from __future__ import annotations

from typing import Protocol


class Link(Protocol):
    """Open until `close`. Raises PrinterStalled or PrinterBroke; nothing here waits without a limit."""

    def write(self, data: bytes, timeout_s: float) -> None:
        """Hand over all of it within the time."""

    def read(self, timeout_s: float) -> bytes:
        """What the printer has sent, waiting up to the time for a first byte; b"" when nothing came."""

    def finish(self, timeout_s: float) -> bytes:
        """No more is written: until the printer's side has taken every byte, as far as this link can know.

        What it said meanwhile, or the beginning of that.
        """

    def close(self) -> None:
        """Give the printer back, whatever state the link is in."""


class Driver(Protocol):
    """How one printer is reached. A new link for each slip and each look: no backlog, no half-dead link."""

    @property
    def write_timeout_s(self) -> float:
        """Longest time for one slip to be taken."""

    @property
    def one_way(self) -> bool:
        """Whether nothing comes back, and a question would be printed as if it were a slip."""

    @property
    def budget_s(self) -> float:
        """Longest time from opening to the last byte."""

    def open(self) -> Link:
        """Raises PrinterUnreachable."""
