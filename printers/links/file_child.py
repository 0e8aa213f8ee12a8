"""`python -m printers.links.file_child PATH DATA WORD PARENT`: the child that may hang at a device file.

Bytes come and go on the socket DATA; on the socket WORD stands how many the device has taken, or why it did not.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import threading
import time

from printers.lifetime import die_with_parent

#: bytes that the device has taken so far, or minus the number of an error
WORD = struct.Struct("!q")
CHUNK_BYTES = 2048
_EMPTY_S = 0.02


def main(path: str, data_fd: int, word_fd: int, parent: int) -> None:
    """Until the other side closes, the parent dies or the device fails."""
    if not die_with_parent(parent):
        return
    data, word = socket.socket(fileno=data_fd), socket.socket(fileno=word_fd)
    try:
        device = _open(path)
        word.sendall(WORD.pack(0))
        threading.Thread(target=_answers, args=(device, data), daemon=True).start()
        taken = 0
        while chunk := data.recv(CHUNK_BYTES):
            while chunk:
                count = os.write(device, chunk)
                chunk, taken = chunk[count:], taken + count
            word.sendall(WORD.pack(taken))
    except OSError as error:
        word.sendall(WORD.pack(-(error.errno or 5)))


def _open(path: str) -> int:
    """For writing and reading; some printers' devices can only be written to."""
    try:
        return os.open(path, os.O_RDWR | os.O_NOCTTY)
    except OSError as error:
        if error.errno not in (1, 13, 22):
            raise
        return os.open(path, os.O_WRONLY | os.O_NOCTTY)


def _answers(device: int, data: socket.socket) -> None:
    """What the printer says; a device that has nothing to say may answer with nothing at once."""
    try:
        while True:
            said = os.read(device, CHUNK_BYTES)
            data.sendall(said) if said else time.sleep(_EMPTY_S)
    except OSError:
        return


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
