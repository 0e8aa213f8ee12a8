"""A counter's buttons: each press is one wish, and what it was told goes into the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.simulate.record import Record, Told
from server.simulate.wire import Reply, Unsettled, Wire


class Refused(Exception):
    """The server said no; `facts` is the whole problem document."""

    def __init__(self, code: str, facts: Mapping[str, Any]) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


Body = Mapping[str, Any]


class Loket:
    """One counter in the hands of one officer."""

    def __init__(self, code: str, wire: Wire, record: Record) -> None:
        self.code = code
        self._wire = wire
        self._record = record

    def press(self, button: str, kind: str = "act", **body: Any) -> Body | None:
        """The answer's body, None for 204. Raises Refused, Unsettled."""
        try:
            reply = self._wire.post(f"/counters/{self.code}/{button}", body, kind)
        except Unsettled:
            self._record.leave_open(self._wire.proof.actor)
            raise
        return self._answer(reply)

    def _answer(self, reply: Reply) -> Body | None:
        if reply.status >= 400:
            self._record.refuse(reply.code)
            raise Refused(reply.code, reply.body or {})
        answer: Body | None = reply.body
        return answer

    def try_refused(self, button: str, expected: frozenset[str], **body: Any) -> None:
        """Press what must be refused: anything else breaks the promise of one call each."""
        try:
            self.press(button, **body)
        except Refused as refusal:
            if refusal.code not in expected:
                self._record.break_promise("P3", f"{self.code} {button}: refused as {refusal.code}")
        else:
            self._record.break_promise("P3", f"{self.code} {button}: not refused, wanted {sorted(expected)}")

    def _told(self, type_: str, leg: int, call: int | None = None) -> None:
        self._record.tell(Told(type_, self._wire.proof.actor, leg, self.code, call))

    def _told_call(self, type_: str, answer: Body) -> Body:
        self._told(type_, answer["leg"]["leg"], answer["call"]["id"])
        leg: Body = answer["leg"]
        return leg

    def open(self) -> Body | None:
        """Open for all services; the leg that is still active here, if any."""
        answer = self.press("open") or {}
        return answer.get("leg")

    def next(self) -> Body | None:
        """The leg called, None when nobody waits."""
        answer = self.press("next", "next")
        return self._told_call("TicketCalled", answer) if answer else None

    def pick(self, ticket: int, reason: str) -> Body:
        return self._told_call("TicketPicked", self.press("pick", ticket=ticket, reason=reason) or {})

    def recall(self) -> Body:
        return self._told_call("TicketRecalled", self.press("recall") or {})

    def resume_leg(self, leg: int) -> Body:
        return self._told_call("TicketResumed", self.press("resume-leg", leg=leg) or {})

    def finish(self, leg: int, then_next: bool) -> Body | None:
        """End the service; the leg called next, if that was wished and somebody waits."""
        answer = self.press("finish", "finish+next" if then_next else "act", leg=leg, next=then_next) or {}
        self._told("TicketFinished", leg)
        return self._told_call("TicketCalled", answer) if answer.get("call") else None

    def act(self, button: str, leg: int, type_: str, **body: Any) -> None:
        """Any other press on the visitor at the counter: start, no-show, hold, put-back, transfer."""
        self.press(button, leg=leg, **body)
        self._told(type_, leg)
