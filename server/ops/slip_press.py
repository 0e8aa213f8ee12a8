"""How the server asks the printing room about a slip's template: what is wrong with it, and how it looks.

The server's rooms do not know `printers`; the house is handed this. A picture is made in a child process, one at
a time, so that none can hold or hurt the server.
"""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from typing import Any

from printers.template import mistakes_in, standard_source

log = logging.getLogger("mpp.slips")

COMMAND = (sys.executable, "-m", "printers.preview")
PICTURE_S = 20.0
#: longest wait for the picture of somebody else
TURN_S = 20.0


class SlipPress:
    """Make it after the patch, so that waiting for a child is cooperative."""

    def __init__(self, command: tuple[str, ...] = COMMAND, picture_s: float = PICTURE_S) -> None:
        self._command = command
        self._picture_s = picture_s
        self._turn = threading.Lock()

    @property
    def standard(self) -> str:
        """The template that a site has before it makes its own."""
        return standard_source()

    def mistakes(self, template: str) -> list[dict[str, Any]]:
        """`[{line, message}]`, lines from 1; empty: it is a template."""
        return [{"line": one.line, "message": one.text} for one in mistakes_in(template)]

    def picture(
        self, template: str | None, slip: Mapping[str, Any], printer: Mapping[str, Any], logo: bytes | None
    ) -> bytes | None:
        """The slip as PNG, `logo` too; None: it cannot be made now (the log says why)."""
        if not self._turn.acquire(timeout=TURN_S):
            return None
        try:
            told = base64.b64encode(logo or b"").decode()
            return self._made(json.dumps({"template": template, "slip": slip, "printer": printer, "logo": told}).encode())
        finally:
            self._turn.release()

    def _made(self, order: bytes) -> bytes | None:
        # A file, not a pipe: nothing then waits for a child that does not read.
        with tempfile.TemporaryFile() as wish:
            wish.write(order)
            wish.seek(0)
            try:
                done = subprocess.run(self._command, stdin=wish, capture_output=True, timeout=self._picture_s, check=False)
            except (OSError, subprocess.TimeoutExpired) as problem:
                log.warning("no picture of a slip: %s", problem)
                return None
        if done.returncode:
            log.warning("no picture of a slip (%s): %s", done.returncode, done.stderr.decode(errors="replace")[-300:])
            return None
        return done.stdout
