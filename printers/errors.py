"""What can go wrong between a slip's bytes and the paper. `str()` is one Indonesian sentence."""

from __future__ import annotations


class PrinterError(Exception):
    """The slip may not be on paper. `began`: a first byte may have left this machine."""

    began = True


class PrinterUnreachable(PrinterError):
    """No connection; nothing was sent, so the same slip may be tried again."""

    began = False


class PrinterStalled(PrinterError):
    """The printer stopped taking bytes within the write timeout."""


class PrinterBroke(PrinterError):
    """The connection broke while the slip was on its way."""


class MarkNotKept(PrinterError):
    """The "started" mark could not be brought to the disk, so nothing was sent."""

    began = False


class TransportUnknown(ValueError):
    """The printer's transport in the server's description is not one this process can drive."""
