"""The unit for a kiosk PC names what the program really takes.

Planted: an option of the unit that the program does not know -> red; a state folder that systemd does not make -> red.
"""

from __future__ import annotations

import configparser
import shlex

from printers.__main__ import _parse
from tests.house.files import ROOT

UNIT = ROOT / "printers" / "service" / "mpp-printers.service"


def test_the_unit_starts_the_printing_process() -> None:
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read_string(UNIT.read_text("utf-8"))
    program, command, *arguments = shlex.split(unit["Service"]["ExecStart"])
    assert program.endswith("/mpp") and command == "printers"
    said = _parse(arguments)
    assert said.state == f"/var/lib/{unit['Service']['StateDirectory']}"
    assert unit["Service"]["Restart"] == "always" and unit["Unit"]["StartLimitIntervalSec"] == "0"
