"""The proof's independent judge (server/ops/prove/judging.py) as an assertion on the sample hall."""

from server.ops.prove.judging import verdict
from server.ops.prove.ledger import Ledger
from server.ops.prove.records import Records

#: the sample hall's rules, in seconds and counts
POLICY = {"priority_ratio": 2, "max_wait_guard_s": 3600, "put_back_places": 3, "return_places": 2}


def judge(records: Records, acknowledged: dict[int, str]) -> Ledger:
    """Nothing is wrong as of this moment; a server may go on meanwhile."""
    ledger, found = verdict(records, acknowledged, POLICY)
    assert not found, "\n".join(found[:20])
    return ledger
