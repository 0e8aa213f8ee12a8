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

    def __init__(self) -> None:
        super().__init__("Pencetak berhenti menerima data.")


class PrinterBroke(PrinterError):
    """The connection broke while the slip was on its way."""


class MarkNotKept(PrinterError):
    """The "started" mark could not be brought to the disk, so nothing was sent."""

    began = False


class TransportUnknown(ValueError):
    """The printer's transport in the server's description is not one this process can drive."""


#: state -> why nothing is printed now, or soon
STATE_CAUSES = {
    "paper_low": "Kertas hampir habis.",
    "paper_out": "Kertas habis.",
    "cover_open": "Penutup pencetak terbuka.",
    "offline": "Pencetak sedang luring.",
    "error": "Pencetak melaporkan kerusakan.",
}
_STOPPED = {
    "paper_out": "Kertas habis saat mencetak.",
    "cover_open": "Penutup pencetak dibuka saat mencetak.",
    "offline": "Pencetak menjadi luring saat mencetak.",
    "error": "Pencetak rusak saat mencetak.",
}


class PrinterNotReady(PrinterError):
    """The printer says itself that it cannot print now; `state` says how it is. Nothing was sent."""

    began = False

    def __init__(self, state: str) -> None:
        super().__init__(STATE_CAUSES[state])
        self.state = state


class PrinterSilent(PrinterError):
    """A printer that can answer did not; nothing was sent."""

    began = False

    def __init__(self) -> None:
        super().__init__("Pencetak tidak menjawab. Jika baru diganti, kenali lagi dengan mpp printer probe.")


class PrinterForeign(PrinterError):
    """Whatever answers there is no printer, or not one that we understand; `began` as in PrinterError."""

    def __init__(self, service: str, began: bool) -> None:
        super().__init__(
            f"Yang menjawab bukan pencetak, melainkan layanan {service}; periksa alamat dan port pencetak."
            if service
            else "Jawaban pencetak tidak dikenal; periksa port, kecepatan jalur serial, dan modelnya."
        )
        self.began = began


class PrinterStopped(PrinterError):
    """The slip was sent and the printer did not say in time that it came out; `state`: how it is now.

    `unconfirmed`: by its own word it could have printed, and only the promised word that it has did not come.
    """

    def __init__(self, state: str) -> None:
        super().__init__(_STOPPED.get(state, "Pencetak tidak memastikan bahwa karcis keluar."))
        self.state = state
        self.unconfirmed = state in ("ready", "paper_low")
