"""The restore campaign, small: a real hall under load, `mpp backup`, SIGKILL, data gone, `mpp restore` (`mpp prove restore`).

The bugs planted in the product are the campaign's own (`PLANTS`); the judge is tried here on histories that are wrong.
"""

from __future__ import annotations

from pathlib import Path

from server.ops.prove.campaign import Order
from server.ops.prove.restore import SHORT, Campaign, run
from server.ops.prove.visitors import Told
from tests.app.small_hall import SmallHall, hall

__all__ = ["hall"]


def test_no_number_is_given_again_after_a_restore() -> None:
    findings = run(Order(is_long=False, seed=1, say=print))
    assert findings.broken == [] and findings.left_out == []
    told = "\n".join(findings.figures)
    assert f"{len(SHORT.losses)} restores" in told and f"{SHORT.flips + SHORT.cuts + 1} damaged files refused" in told


def told(ticket: dict[str, str], **other: str) -> Told:
    return Told(0.0, int(ticket["id"]), other.get("number", ticket["number"]), other.get("token", ticket["token"]), ticket["business_date"])


def test_the_judge_sees_what_is_lost_and_what_is_double(hall: SmallHall, tmp_path: Path) -> None:
    campaign = Campaign(SHORT, Order(is_long=False, seed=1, say=print), tmp_path)
    one, two = told(hall.take()), told(hall.take())
    campaign._judge(hall.path, "here", [one, two])
    assert campaign.findings.broken == []
    lost = Told(0.0, 99, "B-099", "x", one.date)
    other = Told(0.0, one.ticket, one.number, "another token", one.date)
    campaign._judge(hall.path, "here", [lost])
    campaign._judge(hall.path, "here", [other])
    assert any("lost: B-099" in wrong for wrong in campaign.findings.broken)
    assert any("was told to somebody else" in wrong for wrong in campaign.findings.broken)
    campaign.findings.broken.clear()
    campaign.data = hall.path.parent
    campaign.visitors.told += [one, other]
    campaign._judge_end()
    assert any(f"{one.number} of {one.date} is on the paper of 2 visitors" in wrong for wrong in campaign.findings.broken)
