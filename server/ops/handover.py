"""What `mpp serve` hands to the process it becomes: open files and a few facts, through an anonymous file.

The settings travel as text and are read again in the worker only: nothing that eventlet would have to
patch afterwards (pydantic, for one, which it cannot) may be loaded before the worker patches itself.
"""

import json
import os
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Handover:
    """`listener_fd` and `lock_fd` are open files; `virtual_ports` are (TCP, HTTP) of the virtual printer, if any;
    `signs` is the file of the LED signs, if any."""

    settings: str
    data: str
    home: str
    host: str
    port: int
    async_mode: str
    graceful_timeout_s: int
    log_level: str
    virtual_ports: tuple[int, int] | None
    signs: str
    is_first_run: bool
    listener_fd: int
    lock_fd: int


def write(handover: Handover) -> int:
    """Write it down; the file descriptor a process started by exec can read it from."""
    fd = os.memfd_create("mpp-handover", 0)
    os.write(fd, json.dumps(asdict(handover)).encode())
    os.lseek(fd, 0, os.SEEK_SET)
    for inherited in (handover.listener_fd, handover.lock_fd):
        os.set_inheritable(inherited, True)
    return fd


def read(fd: int) -> Handover:
    """Read it in the new process and keep its open files from everybody else."""
    with os.fdopen(fd, "rb") as file:
        facts = json.load(file)
    ports = facts.pop("virtual_ports")
    handover = Handover(**facts, virtual_ports=tuple(ports) if ports else None)
    for inherited in (handover.listener_fd, handover.lock_fd):
        os.set_inheritable(inherited, False)
    return handover
