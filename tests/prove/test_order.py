"""The queue checker against a reference queue, and against a plain search for instants at which all could have happened.

Planted, each seen red: overtaking judged by the first call instead of the last, by the presses for numbers instead of their
answers, or not at all; stretches that only touch joined, or cut short by a shorter one inside; a call before the number not
looked for; acts that touch in an instant taken for one after the other.
"""

from __future__ import annotations

from itertools import count
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from server.ops.prove.histories.order import Line, Placed, Span, against_time, quota_wrongs, wrongs

#: when the log was read: the end of what was never answered
READ = 2000


class Act(NamedTuple):
    """A put or a take of a visitor; a take of None found nobody."""

    is_put: bool
    visitor: int | None
    span: Span


def line_of(acts: list[Act]) -> Line:
    line = Line()
    for act in acts:
        if act.visitor is None:
            line.empties.append(act.span)
        else:
            (line.put if act.is_put else line.take)(act.visitor, act.span)
    return line


def is_possible(acts: list[Act]) -> bool:
    """Search: some order that keeps to the spans and is a queue's."""

    def search(left: frozenset[int], line: tuple[int, ...]) -> bool:
        if not left:
            return True
        soonest = min(acts[at].span.end for at in left)
        for at in left:
            act = acts[at]
            if act.span.begin > soonest:
                continue
            if act.is_put:
                after = None if act.visitor in line else (*line, act.visitor)
            else:
                after = () if act.visitor is None and not line else line[1:] if line and line[0] == act.visitor else None
            if after is not None and search(left - {at}, after):
                return True
        return False

    return search(frozenset(range(len(acts))), ())


@st.composite
def real_lines(draw: st.DrawFn, most: int) -> list[Act]:
    """What callers of a queue that works see: each act at one instant, the press before it, the answer behind it or never."""
    acts, line, visitors = [], [], count(1)
    for instant in range(draw(st.integers(0, most))):
        is_put = draw(st.booleans())
        early, end = draw(st.integers(0, 35)), draw(st.one_of(st.integers(0, 35), st.just(READ)))
        span = Span(10 * instant - early, end if end == READ else 10 * instant + end)
        if is_put:
            line.append(next(visitors))
            acts.append(Act(True, line[-1], span))
        else:
            acts.append(Act(False, line.pop(0) if line else None, span))
    return acts


#: any histories, most of them impossible: a visitor has one put and at most one take
@st.composite
def any_lines(draw: st.DrawFn) -> list[Act]:
    def span() -> Span:
        begin = draw(st.integers(0, 12))
        return Span(begin, draw(st.one_of(st.integers(begin, 14), st.just(READ))))

    acts = []
    for visitor in range(draw(st.integers(1, 3))):
        acts.append(Act(True, visitor, span()))
        if draw(st.booleans()):
            acts.append(Act(False, visitor, span()))
    for _ in range(draw(st.integers(0, 2))):
        acts.append(Act(False, None, span()))
    return acts


@given(real_lines(most=40))
def test_what_a_real_queue_shows_is_possible(acts: list[Act]) -> None:
    assert wrongs(line_of(acts)) == []


@given(any_lines())
def test_it_says_what_a_search_says(acts: list[Act]) -> None:
    assert (wrongs(line_of(acts)) == []) is is_possible(acts)


@given(real_lines(most=7), st.data())
def test_a_history_changed_in_one_place_is_judged_as_the_search_judges_it(acts: list[Act], data: st.DataObject) -> None:
    if acts:
        at = data.draw(st.integers(0, len(acts) - 1))
        moved = data.draw(st.integers(-60, 60))
        acts[at] = acts[at]._replace(span=Span(acts[at].span.begin + moved, acts[at].span.end + moved))
    assert (wrongs(line_of(acts)) == []) is is_possible(acts)


def served(*visitors: int) -> list[Act]:
    """Put in this order and called in it, one act at a time."""
    puts = [Act(True, one, Span(10 * at, 10 * at + 1)) for at, one in enumerate(visitors)]
    return puts + [Act(False, one, Span(1000 + 10 * at, 1000 + 10 * at + 1)) for at, one in enumerate(visitors)]


def test_each_pattern_has_its_words() -> None:
    fine = served(1, 2, 3)
    assert wrongs(line_of(fine)) == []
    assert wrongs(line_of([*fine, fine[3]])) == ["visitor 1 was called 2 times"]
    assert wrongs(line_of([*fine, fine[0]])) == ["visitor 1 was put in line 2 times"]
    assert wrongs(line_of([*fine, Act(False, 9, Span(0, 1))])) == ["visitor 9 was called and never had a number"]
    early = [*served(1), Act(False, 2, Span(-9, -8)), Act(True, 2, Span(-7, -6))]
    assert "visitor 2 was called before having a number" in wrongs(line_of(early))
    assert wrongs(line_of([*fine[:3], fine[4]])) == ["visitor 2 overtook visitor 1"]
    assert wrongs(line_of([*fine, Act(False, None, Span(500, 600))]))[0].startswith("nobody was found between 500 and 600")
    assert wrongs(line_of([*fine, Act(False, None, Span(500, 1005)), Act(False, None, Span(1900, 1901))]))
    assert wrongs(line_of([*fine, Act(False, None, Span(0, 5)), Act(False, None, Span(1020, 1999))])) == []


def test_nobody_may_be_found_only_where_the_line_may_have_been_empty() -> None:
    def told(empty: Span, *stretches: tuple[int, int]) -> list[str]:
        """For certain in line: from the first instant to the second."""
        line = Line(empties=[empty])
        for visitor, (begin, end) in enumerate(stretches):
            line.put(visitor, Span(0, begin))
            line.take(visitor, Span(end, READ))
        return wrongs(line)

    assert told(Span(15, 25), (10, 30)) and told(Span(15, 25), (10, 21), (20, 30)) and told(Span(15, 25), (10, 30), (11, 12))
    assert told(Span(15, 25), (10, 20), (20, 30)) == told(Span(15, 25), (10, 20), (21, 30)) == []
    assert told(Span(10, 25), (10, 30)) == told(Span(15, 30), (10, 30)) == told(Span(15, 25), (31, 40)) == []


def test_a_press_that_was_never_answered_may_have_come_late_or_early() -> None:
    first, second, call_first, call_second = served(1, 2)
    assert wrongs(line_of([first._replace(span=Span(0, READ)), second, call_second])) == []
    assert wrongs(line_of([first, second, call_first._replace(span=Span(900, READ)), call_second])) == []
    assert wrongs(line_of([first, second, call_first._replace(span=Span(1500, READ)), call_second]))


def test_the_log_must_stand_in_the_order_of_what_did_not_overlap() -> None:
    first, second = Placed(Span(0, 10), 1, "A"), Placed(Span(20, 30), 2, "B")
    assert against_time([first, second]) == against_time([second, first]) == []
    told = against_time([first._replace(seq=3), second])
    assert told == ["B (event 2) stands before A (event 3), which was over when it began"]
    assert against_time([first._replace(seq=3, span=Span(0, READ)), second]) == []
    assert against_time([first._replace(seq=3, span=Span(0, 20)), second]) == []


def test_a_quota_is_neither_overrun_nor_refused_early_nor_opened_again() -> None:
    given_, late = [Span(0, 1), Span(2, 9)], Span(5, 6)
    assert quota_wrongs(2, given_, [late]) == quota_wrongs(3, given_, []) == []
    assert quota_wrongs(1, given_, []) == ["2 numbers of a quota of 1"]
    assert quota_wrongs(3, given_, [late]) == ["a number was refused before the quota can have been used up"]
    assert quota_wrongs(2, given_, [Span(0, 1)]) == [
        "a number was refused before the quota can have been used up", "a number was given after the quota had been used up"]
