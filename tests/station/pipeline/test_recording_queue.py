import threading
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from view_result import view_result

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.frame import NotInspectedCause
from station.domain.inspection import Inspection, PartKey, PartViews, ViewInspection
from station.domain.part_images import PartResult, has_originals
from station.domain.shift import EventKind, StationEvent
from station.domain.verdict import Verdict
from station.pipeline.recording_queue import RecordingQueue

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PICTURE = np.zeros((4, 4), np.uint8)


def part(number: int, *, passed: bool = False) -> PartResult:
    judged = ViewInspection(Verdict.PASS, "", "", 1.0, pred_score=0.1)
    lost = ViewInspection(Verdict.NOT_INSPECTED, "", "", 1.0, cause=NotInspectedCause.STOPPED)
    inspection = Inspection(PartKey(1, number), NOON, (judged if passed else lost,))
    return PartViews(inspection, (view_result(PICTURE, PICTURE),))


def feedback(number: int, reason: str = "dust") -> OperatorFeedback:
    return OperatorFeedback(PartKey(1, number), Disposition.GOOD_PART, reason, "Ada", NOON)


def event(sentence: str) -> StationEvent:
    return StationEvent(NOON, EventKind.PAUSE, sentence)


def taken(queue: RecordingQueue) -> list:
    """Everything in the queue, as the recording worker takes it."""
    items = []
    while (item := queue.oldest(0)) is not None:
        items.append(item)
        queue.remove_oldest()
    return items


@given(st.lists(st.sampled_from(["part", "event", "feedback", "record"])))
def test_that_items_leave_in_their_order_and_feedback_never_before_its_part(steps: list[str]) -> None:
    queue, put, left, opened = RecordingQueue(picture_slots=100), [], [], 0
    for step in steps:
        if step == "record" and (item := queue.oldest(0)) is not None:
            left.append(item)
            queue.remove_oldest()
        elif step == "part":
            opened += 1
            put.append(part(opened))
            queue.put(put[-1])
        elif step == "event":
            put.append(event(f"event {len(put)}"))
            queue.put(put[-1])
        elif step == "feedback" and queue.put_after_part(said := feedback(opened, str(len(put)))):
            put.append(said)
    left += taken(queue)
    assert len(left) == len(put)
    pairs = zip(_without_feedback(left), _without_feedback(put), strict=True)
    assert all(one is other for one, other in pairs)
    said = [item for item in put if isinstance(item, OperatorFeedback)]
    assert [item for item in left if isinstance(item, OperatorFeedback)] == said
    for before, item in pairwise(left):
        if isinstance(item, OperatorFeedback):
            assert _part_of(before) == item.key, "directly behind its part, or behind other feedback on it"


def _without_feedback(items: list) -> list:
    return [item for item in items if not isinstance(item, OperatorFeedback)]


def _part_of(item: PartResult | StationEvent | OperatorFeedback) -> PartKey | None:
    return item.inspection.key if isinstance(item, PartViews) else getattr(item, "key", None)


def test_that_feedback_does_not_wait_for_the_parts_behind_its_part() -> None:
    queue = RecordingQueue(1)
    parts = [part(number) for number in (1, 2, 3)]
    for each in parts:
        queue.put(each)
    assert queue.put_after_part(feedback(2, "dust"))
    assert queue.put_after_part(feedback(2, "print"))
    assert queue.put_after_part(feedback(1))
    assert [_part_of(item).part for item in taken(queue)] == [1, 1, 2, 2, 2, 3]


def test_that_feedback_is_refused_when_its_part_does_not_wait() -> None:
    queue = RecordingQueue(1)
    queue.put(part(1))
    assert not queue.put_after_part(feedback(2))
    assert queue.put_after_part(feedback(1))
    assert queue.feedback_on(PartKey(1, 1)) == (feedback(1),)
    assert queue.feedback_on(PartKey(1, 2)) == ()
    taken(queue)
    assert not queue.put_after_part(feedback(1))


def test_that_the_verdict_is_published_before_the_recording_worker_sees_the_part() -> None:
    queue, order = RecordingQueue(1), []
    publishing, let_go = threading.Event(), threading.Event()

    def publish() -> None:
        publishing.set()
        let_go.wait(5)
        order.append("published")

    def record() -> None:
        assert queue.oldest(5) is not None
        order.append("taken")

    putting = threading.Thread(target=lambda: queue.put(part(1), publish))
    recording = threading.Thread(target=record)
    putting.start()
    assert publishing.wait(5)
    recording.start()
    let_go.set()
    putting.join(5)
    recording.join(5)
    assert order == ["published", "taken"]


def test_that_feedback_on_a_part_that_is_being_published_finds_it() -> None:
    queue, added = RecordingQueue(1), []
    reader = threading.Thread(target=lambda: added.append(queue.put_after_part(feedback(1))))
    queue.put(part(1), reader.start)
    reader.join(5)
    assert added == [True]
    assert taken(queue)[1] == feedback(1)


def test_that_a_passed_part_loses_its_picture_first_and_the_oldest_never() -> None:
    queue = RecordingQueue(picture_slots=2)
    for number, passed in ((1, True), (2, False), (3, True), (4, False)):
        queue.put(part(number, passed=passed))
    assert [has_originals(item) for item in taken(queue)] == [True, False, False, True]
    assert queue.pictures_shed == 2


@pytest.mark.parametrize("waiting", [0, 1])
def test_that_a_closed_queue_ends_after_its_last_item(waiting: int) -> None:
    queue = RecordingQueue(1)
    for number in range(waiting):
        queue.put(event(str(number)))
    queue.close()
    assert queue.ended is (waiting == 0)
    taken(queue)
    assert queue.ended


def test_that_the_oldest_parts_are_seen_without_events_and_stay() -> None:
    queue = RecordingQueue(picture_slots=9)
    for item in (part(1), event("paused"), part(2), part(3)):
        queue.put(item)
    assert [each.inspection.key.part for each in queue.oldest_parts(2)] == [1, 2]
    assert len(taken(queue)) == 4
