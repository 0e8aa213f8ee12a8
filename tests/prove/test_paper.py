"""The paper campaign, small: a real server, the product's print host, real TCP printers that break (`mpp prove paper`).

Planted, each seen red: a begun slip tried again; a word of the printer that did not come taken for paper; a second copy
nobody asked for.
"""

from __future__ import annotations

from server.ops.prove.paper import PASSES, Campaign, Plan, lines


def test_no_fault_at_any_of_some_bytes_breaks_a_promise() -> None:
    report = Campaign(Plan(step=200, lanes=6), lambda line: None).run()
    assert report.broken == []
    tried = {(name, kind) for name, kind, _ in report.ends}
    assert tried == {(name, kind) for name, (_, kinds) in PASSES.items() for kind in (*kinds, "")}
    assert report.copies and sum(report.papers_in_doubt) and report.jobs == sum(report.ends.values())
    states = {state for name, _, state in report.ends if name != "confirming"}
    assert "confirmed" not in states, "a printer that cannot say so"
    assert f"{report.jobs} jobs and {report.copies} copies" in "\n".join(lines(report))
