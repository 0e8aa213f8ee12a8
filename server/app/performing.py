"""One act in one transaction, answered the same however often it is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from server.app.ask import Answer, Ask, Mismatch
from server.app.ports import Work

Act = Callable[..., Answer]


def perform(work: Work, ask: Ask, act: Act, arguments: dict[str, Any]) -> Answer:
    """Run `act` inside the caller's transaction.

    A key seen before with the same fingerprint gives the stored answer again; with another
    one it raises Mismatch. Refusals and empty answers are not stored, so that a later try
    may succeed. Raises RuleBroken for a refusal that changes nothing.
    """
    work.log.next_seq()  # takes the site's head first, whatever the act reads later
    if ask.key is not None:
        kept = work.log.answer(ask.actor, ask.key)
        if kept is not None:
            fingerprint, status, body = kept
            if fingerprint != ask.fingerprint:
                raise Mismatch
            return Answer(status, json.loads(body), replayed=True, text=body)
    answer = act(work, ask, **arguments)
    if ask.key is not None and answer.refused is None and answer.body is not None:
        text = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":"))
        work.log.keep_answer(
            ask.actor, ask.key, ask.fingerprint or "", answer.status, text, ask.now
        )
    return answer
