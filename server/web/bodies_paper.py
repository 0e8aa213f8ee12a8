"""What the routes of print hosts and printers take (see bodies.py)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from server.web.fields import Body, Name, NewCode, Reason, Ref


#: a name or a numeric address, with neither a scheme nor a port
HOST_PATTERN = r"^[A-Za-z0-9_:][A-Za-z0-9_.:-]{0,252}$"
#: no step upwards
DEVICE_PATTERN = r"^/(dev|run)(/[A-Za-z0-9_][A-Za-z0-9_.:+@-]*)+$"

#: four hexadecimal digits
USB_PATTERN = r"^[0-9a-fA-F]{4}$"
#: never an option of the command `lp`
QUEUE_PATTERN = r"^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,126}$"


class Claim(Body):
    wait_s: Annotated[float, Field(ge=0, le=20)] = 0
    printer: Ref | None = None


class JobResult(Body):
    state: Literal["sent", "confirmed", "assumed", "uncertain", "failed", "late", "not_begun"]
    cause: Reason | None = None


class VisitorTold(Body):
    came_out: bool


class PrinterStatus(Body):
    state: Literal["ready", "paper_low", "paper_out", "cover_open", "offline", "error", "unknown"]
    cause: Reason | None = None


class Probed(Body):
    answers: list[Literal["status", "asb", "completion", "graphics"]] = Field(max_length=4)


class NetworkTransport(Body):
    kind: Literal["network"]
    host: Annotated[str, Field(pattern=HOST_PATTERN)]
    port: Annotated[int, Field(ge=1, le=65535)] = 9100
    connect_timeout_s: Annotated[int, Field(ge=1, le=30)] = 2
    write_timeout_s: Annotated[int, Field(ge=1, le=60)] = 8


DevicePath = Annotated[str, Field(pattern=DEVICE_PATTERN, max_length=200)]


class FileTransport(Body):
    """A device file of the kernel's, such as /dev/usb/lp0."""

    kind: Literal["file"]
    device: DevicePath
    write_timeout_s: Annotated[int, Field(ge=1, le=60)] = 8


class SerialTransport(Body):
    """`flow`: how the printer says "wait"."""

    kind: Literal["serial"]
    device: DevicePath
    baud: Literal[2400, 4800, 9600, 19200, 38400, 57600, 115200] = 19200
    parity: Literal["none", "even", "odd"] = "none"
    flow: Literal["none", "rtscts", "dsrdtr", "xonxoff"] = "dsrdtr"
    write_timeout_s: Annotated[int, Field(ge=1, le=60)] = 8


class UsbTransport(Body):
    """`serial`: which of several printers alike."""

    kind: Literal["usb"]
    vendor: Annotated[str, Field(pattern=USB_PATTERN)]
    product: Annotated[str, Field(pattern=USB_PATTERN)]
    serial: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,60}$")] | None = None
    write_timeout_s: Annotated[int, Field(ge=1, le=60)] = 8


class LpTransport(Body):
    """A queue of CUPS on the host's computer."""

    kind: Literal["lp"]
    queue: Annotated[str, Field(pattern=QUEUE_PATTERN)]
    write_timeout_s: Annotated[int, Field(ge=1, le=60)] = 8


Transport = Annotated[
    NetworkTransport | SerialTransport | FileTransport | UsbTransport | LpTransport, Field(discriminator="kind")
]


class NewPrinter(Body):
    code: NewCode
    name: Name
    host: Ref
    transport: Transport
    profile: dict[str, Any] = Field(default_factory=dict, max_length=20)
