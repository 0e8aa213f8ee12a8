"""The site's template as this process has it: the last one that it could read."""

from __future__ import annotations

import logging
from typing import Any

from printers.template import Template, TemplateInvalid, parse

log = logging.getLogger("printers")


class TemplateInUse:
    """`now` is None for the standard one. What cannot be read (a newer server's) is said once and changes nothing."""

    def __init__(self) -> None:
        self.now: Template | None = None
        self._source: Any = None

    def take(self, source: Any) -> None:
        """The `template` of `GET /print-host`: a text, or null for the standard one."""
        if source == self._source:
            return
        self._source = source
        if source is None:
            self.now = None
            return
        try:
            self.now = parse(source if isinstance(source, str) else "")
        except TemplateInvalid as invalid:
            log.warning("the slip's template cannot be read, the one before stays in use: %s", invalid)
        else:
            log.info("slips follow the site's template")
