"""The pages campaign, short: a touch and a call in one Chromium, on a road that loses and repeats (`mpp prove pages`).

Planted: the bugs of its PLANTS, each seen red by `mpp prove --controls pages`.
"""

from __future__ import annotations

import pytest

from server.ops.prove.campaign import Order
from server.ops.prove.pages import FATES, SHORT, run


@pytest.mark.browser
def test_one_touch_and_one_call_on_a_bad_road() -> None:
    findings = run(Order(False, 1, lambda line: None))
    assert findings.broken == []
    assert findings.left_out == []
    visits = [line for line in findings.figures if line.startswith("- visits: ")]
    assert visits == [f"- visits: {fate}: 1" for fate in FATES[: SHORT[0]]]
    assert f"- calls: {SHORT[1]}" in findings.figures
