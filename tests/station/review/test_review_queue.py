"""Open reviews, with the clock in the hand of the test. `step` is what the thread of the queue repeats."""

import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.domain.errors import BadInputError, StorageError
from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import Inspection, PartKey, ViewInspection
from station.domain.messages import FaultReported, ReviewEnded, ReviewOpened
from station.domain.verdict import Verdict
from station.review import review_queue
from station.review.review_queue import ReviewQueue

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LIMIT_S = 30.0


def part(number: int, verdict: Verdict = Verdict.REVIEW) -> Inspection:
    return Inspection(PartKey(1, number), NOW, (ViewInspection(verdict, "", "", 1.0, pred_score=0.4),))


def answer(number: int, disposition: Disposition = Disposition.GOOD_PART) -> OperatorFeedback:
    return OperatorFeedback(PartKey(1, number), disposition, "review", "Ada", NOW)


class Records:
    """Keeps what is recorded; refuses while the test wants it to."""

    def __init__(self) -> None:
        self.kept: list[OperatorFeedback] = []
        self.refusal: Exception | None = None
        self.during = lambda: None

    def add(self, feedback: OperatorFeedback) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.during()
        self.kept.append(feedback)


class Rig:
    """A queue whose thread is never started: the test calls `step`, and `step` never waits."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.records = Records()
        self.news: list = []
        self.queue = ReviewQueue(self.records, LIMIT_S, self.news.append, clock=lambda: self.now_s, now=lambda: NOW)

    def ended(self) -> list[tuple[int, Disposition]]:
        return [(m.feedback.key.part, m.feedback.claim) for m in self.news if isinstance(m, ReviewEnded)]

    def recorded(self) -> list[tuple[int, Disposition, str]]:
        return [(each.key.part, each.claim, each.person) for each in self.records.kept]


@pytest.fixture
def rig(monkeypatch):
    _without_thread(monkeypatch)
    return Rig()


def _without_thread(patch: pytest.MonkeyPatch) -> None:
    class Unstarted:
        failed = False

        def __init__(self, *_given: object) -> None:
            pass

        def start(self) -> None:
            pass

        def stop(self) -> None:
            pass

        def join(self, _timeout_s: float) -> bool:
            return True

    patch.setattr(review_queue, "Worker", Unstarted)
    patch.setattr(review_queue, "_LONGEST_WAIT_S", 0.0)
    patch.setattr(review_queue, "_RETRY_S", 0.0)


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_that_only_a_review_waits_for_an_answer(rig, verdict) -> None:
    rig.queue.open_review(part(1, verdict))
    assert rig.queue.open_reviews == ()
    assert rig.news == []


def test_that_a_review_ends_as_fail_when_its_time_is_over_and_not_before(rig) -> None:
    rig.queue.open_review(part(1))
    rig.now_s += 10
    rig.queue.open_review(part(2))
    rig.now_s += 19.9
    rig.queue.step()
    assert rig.ended() == []
    rig.now_s += 0.1
    rig.queue.step()
    assert rig.recorded() == [(1, Disposition.REVIEW_TIMED_OUT, "")]
    assert rig.ended() == [(1, Disposition.REVIEW_TIMED_OUT)]
    assert [review.key.part for review in rig.queue.open_reviews] == [2]
    assert rig.queue.open_reviews[0].remaining_s(rig.now_s) == 10


def test_that_the_news_says_when_the_time_ends(rig) -> None:
    rig.queue.open_review(part(1))
    (opened,) = [message.review for message in rig.news if isinstance(message, ReviewOpened)]
    assert (opened.key, opened.ends_at_s) == (PartKey(1, 1), 100.0 + LIMIT_S)


def test_that_an_answer_in_time_ends_the_review_with_the_persons_name(rig) -> None:
    rig.queue.open_review(part(1))
    rig.queue.answer_review(answer(1))
    rig.now_s += LIMIT_S
    rig.queue.step()
    assert rig.recorded() == [(1, Disposition.GOOD_PART, "Ada")]
    assert rig.ended() == [(1, Disposition.GOOD_PART)]


def test_that_any_of_several_reviews_can_be_answered(rig) -> None:
    for number in (1, 2, 3):
        rig.queue.open_review(part(number))
    rig.queue.answer_review(answer(2))
    assert [review.key.part for review in rig.queue.open_reviews] == [1, 3]


def test_that_an_answer_after_the_time_is_refused_and_changes_nothing(rig) -> None:
    rig.queue.open_review(part(1))
    rig.now_s += LIMIT_S
    rig.queue.step()
    with pytest.raises(BadInputError, match="Part 0001 does not wait for an answer") as refused:
        rig.queue.answer_review(answer(1))
    assert "counts as FAIL" in refused.value.for_operator
    assert rig.recorded() == [(1, Disposition.REVIEW_TIMED_OUT, "")]


def test_that_feedback_on_a_part_that_waits_is_its_answer(rig) -> None:
    rig.queue.open_review(part(1))
    rig.queue.add_feedback(answer(1, Disposition.CONFIRMED))
    assert rig.queue.open_reviews == ()
    assert rig.ended() == [(1, Disposition.CONFIRMED)]


def test_that_feedback_on_any_other_part_is_recorded_and_ends_no_review(rig) -> None:
    rig.queue.open_review(part(1))
    rig.queue.add_feedback(answer(2))
    assert rig.recorded() == [(2, Disposition.GOOD_PART, "Ada")]
    assert rig.ended() == []
    assert len(rig.queue.open_reviews) == 1


def test_that_a_review_whose_answer_the_disk_refuses_stays_open(rig) -> None:
    rig.queue.open_review(part(1))
    rig.records.refusal = StorageError("No space left on device.")
    with pytest.raises(StorageError):
        rig.queue.answer_review(answer(1))
    assert len(rig.queue.open_reviews) == 1
    assert rig.ended() == []


def test_that_an_end_that_the_disk_refuses_is_written_when_the_disk_takes_it(rig) -> None:
    rig.queue.open_review(part(1))
    rig.now_s += LIMIT_S
    rig.records.refusal = StorageError("No space left on device.")
    assert rig.queue.step()
    assert rig.queue.step()
    assert rig.ended() == [(1, Disposition.REVIEW_TIMED_OUT)]
    assert len([message for message in rig.news if isinstance(message, FaultReported)]) == 1
    rig.records.refusal = None
    assert not rig.queue.step()
    assert rig.recorded() == [(1, Disposition.REVIEW_TIMED_OUT, "")]


def test_that_the_end_of_a_part_without_a_record_is_logged(rig, caplog) -> None:
    rig.queue.open_review(part(1))
    rig.records.refusal = BadInputError("There is no record of part 0001.")
    rig.now_s += LIMIT_S
    assert not rig.queue.step()
    assert "There is no record of part 0001." in caplog.text


def test_that_a_review_is_unended_until_its_end_is_in_the_records(rig) -> None:
    for number in (1, 2):
        rig.queue.open_review(part(number))
    rig.records.during = lambda: seen.append(rig.queue.unended())
    seen: list[frozenset[PartKey]] = []
    rig.queue.answer_review(answer(1))
    rig.now_s += LIMIT_S
    rig.queue.step()
    assert seen == [{PartKey(1, 1), PartKey(1, 2)}, {PartKey(1, 2)}]
    assert rig.queue.unended() == frozenset()


def test_that_closing_waits_for_an_answer_that_the_disk_is_about_to_refuse(rig) -> None:
    closing = threading.Thread(target=rig.queue.close)

    def refuse_once() -> None:
        closing.start()
        closing.join(0.1)
        assert closing.is_alive()
        rig.records.during = lambda: None
        raise StorageError("No space left on device.")

    rig.queue.open_review(part(1))
    rig.records.during = refuse_once
    with pytest.raises(StorageError):
        rig.queue.answer_review(answer(1))
    closing.join(5)
    assert rig.recorded() == [(1, Disposition.REVIEW_UNANSWERED, "")]
    assert rig.queue.unended() == frozenset()


def test_that_closing_ends_open_reviews_as_fail_once(rig) -> None:
    rig.queue.open_review(part(1))
    rig.queue.open_review(part(2))
    rig.queue.close()
    rig.queue.close()
    assert rig.recorded() == [(1, Disposition.REVIEW_UNANSWERED, ""), (2, Disposition.REVIEW_UNANSWERED, "")]


def test_that_an_end_lost_at_the_close_is_in_the_log(rig, caplog) -> None:
    rig.queue.open_review(part(1))
    rig.records.refusal = StorageError("No space left on device.")
    rig.queue.close()
    assert "part 0001, review not answered" in caplog.text


def test_that_only_a_persons_word_good_part_ends_a_review_as_pass() -> None:
    ends = {disposition: disposition.ends_review_as for disposition in Disposition}
    assert [disposition for disposition, verdict in ends.items() if verdict is Verdict.PASS] == [Disposition.GOOD_PART]
    assert set(ends.values()) == {Verdict.PASS, Verdict.FAIL}


DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("open"), st.integers(1, 5)),
        st.tuples(st.just("answer"), st.integers(1, 5)),
        st.tuples(st.just("wait"), st.integers(1, 40)),
    ),
    max_size=30,
)


@given(DEEDS)
def test_that_every_review_ends_exactly_once_whatever_happens(deeds: list[tuple[str, int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _without_thread(patch)
        rig, opened = Rig(), set()
        for deed, value in deeds:
            if deed == "open" and value not in opened:
                opened.add(value)
                rig.queue.open_review(part(value))
            elif deed == "answer" and any(review.key.part == value for review in rig.queue.open_reviews):
                rig.queue.answer_review(answer(value))
            elif deed == "wait":
                rig.now_s += value
                rig.queue.step()
        rig.queue.close()
    assert sorted(number for number, _ in rig.ended()) == sorted(opened)
    assert sorted(number for number, *_ in rig.recorded()) == sorted(opened)
    assert all(person == "" for _, claim, person in rig.recorded() if not claim.by_person)
