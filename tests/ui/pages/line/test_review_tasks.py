"""Parts that wait for a person's word."""

from station.domain.inspection import PartKey
from station.domain.verdict import Verdict
from ui.pages.line.review_tasks import ReviewTasks


def test_that_a_review_ends_when_its_time_is_up_and_not_before(make_inspection) -> None:
    tasks = ReviewTasks(30)
    tasks.add(make_inspection(1, Verdict.REVIEW), now_s=100)
    tasks.add(make_inspection(2, Verdict.REVIEW), now_s=110)
    assert tasks.take_expired(129.9) == []
    assert [task.inspection.key.part for task in tasks.take_expired(130)] == [1]
    assert tasks.current.inspection.key.part == 2
    assert tasks.current.remaining_s(131) == 9


def test_that_the_first_to_come_is_the_first_to_answer_and_any_can_be_answered(make_inspection) -> None:
    tasks = ReviewTasks(30)
    for part in (1, 2, 3):
        tasks.add(make_inspection(part, Verdict.REVIEW), now_s=part)
    tasks.take(PartKey(1, 1))
    assert tasks.current.key.part == 2
    tasks.take(PartKey(1, 3))
    assert tasks.of(PartKey(1, 3)) is None
    assert [task.key.part for task in tasks.take_all()] == [2]
    assert tasks.current is None
