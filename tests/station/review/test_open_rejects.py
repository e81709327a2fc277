"""Rejects until a person has said a word on them."""

from datetime import UTC, datetime

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.messages import ReviewEnded
from station.domain.verdict import Verdict
from station.review.open_rejects import KEPT, OpenRejects

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def part(number: int, verdict: Verdict = Verdict.FAIL) -> Inspection:
    return Inspection(PartKey(1, number), NOW, (ViewInspection(verdict, "", "", 1.0, pred_score=0.5),))


def ended(number: int, claim: Disposition) -> ReviewEnded:
    return ReviewEnded(OperatorFeedback(PartKey(1, number), claim, "", "", NOW))


def test_that_fails_wait_for_a_word_and_good_parts_do_not() -> None:
    rejects = OpenRejects()
    for number, verdict in ((1, Verdict.FAIL), (2, Verdict.PASS), (3, Verdict.FAIL)):
        rejects.add_part(part(number, verdict))
    assert [reject.key.part for reject in rejects.open] == [1, 3]
    rejects.handle(PartKey(1, 1))
    rejects.handle(PartKey(9, 9))
    assert [reject.key.part for reject in rejects.open] == [3]


def test_that_a_review_without_an_answer_becomes_a_reject() -> None:
    rejects = OpenRejects()
    for number in (1, 2):
        rejects.add_part(part(number, Verdict.REVIEW))
    assert rejects.open == ()
    rejects.note(ended(1, Disposition.REVIEW_TIMED_OUT))
    rejects.note(ended(2, Disposition.GOOD_PART))
    assert [reject.key.part for reject in rejects.open] == [1]


def test_that_a_long_night_keeps_the_newest_rejects() -> None:
    rejects = OpenRejects()
    for number in range(1, KEPT + 11):
        rejects.add_part(part(number))
    assert len(rejects.open) == KEPT
    assert rejects.open[0].key.part == 11
