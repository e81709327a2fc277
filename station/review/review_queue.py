"""Parts with the verdict REVIEW: each waits for the answer of a person, and ends as FAIL if none is given in time."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime

from station.concurrency.worker import Worker
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, StorageError
from station.domain.feedback import Disposition, OpenReview, OperatorFeedback
from station.domain.inspection import Inspection, PartKey
from station.domain.messages import FaultReported, Message, ReviewEnded, ReviewOpened
from station.domain.verdict import Verdict
from station.review.pending_feedback import PendingFeedback

_log = logging.getLogger(__name__)
_LONGEST_WAIT_S = 1.0
_RETRY_S = 0.1
_CLOSE_WITHIN_S = 5.0


class ReviewQueue:
    """The open reviews of a station, and the only place where one ends. Safe from any thread.

        REVIEW --open_review()--> open --a person answers in time--> ended: PASS or FAIL, with the person's word
                                   |-----time limit-----------------> ended: FAIL, "review timed out"
                                   +-----close()--------------------> ended: FAIL, "review not answered"

    Exactly one of the three happens to each part. While reviews are open, a thread watches the time, so a line without
    a window ends its reviews too. An end that the disk refuses is written again until the disk takes it.
    """

    def __init__(
        self,
        feedback: PendingFeedback,
        time_limit_s: float,
        publish: Callable[[Message], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        """Create an empty queue.

        Args:
            feedback: Where the end of a review is recorded.
            time_limit_s: Time for an answer, seconds.
            publish: Takes the messages; must not wait.
            clock: Monotonic seconds.
            now: The wall clock, UTC.
        """
        self.time_limit_s = time_limit_s
        self._feedback = feedback
        self._publish = publish
        self._clock = clock
        self._now = now
        self._changed = threading.Condition()
        self._open: dict[PartKey, OpenReview] = {}
        self._answering: set[PartKey] = set()
        self._unwritten: deque[OperatorFeedback] = deque()
        self._refused = False
        self._closed = False
        self._worker: Worker | None = None

    @property
    def open_reviews(self) -> tuple[OpenReview, ...]:
        """Return the parts that wait for an answer, the one that waits longest first."""
        with self._changed:
            return tuple(self._open.values())

    def unended(self) -> frozenset[PartKey]:
        """Return the parts whose review has no end in the records yet, and will get one from this queue."""
        with self._changed:
            return frozenset((*self._open, *self._answering, *(end.key for end in tuple(self._unwritten))))

    def open_review(self, inspection: Inspection) -> None:
        """Start the time of this part if its verdict is REVIEW. Returns at once."""
        if inspection.verdict is not Verdict.REVIEW:
            return
        review = OpenReview(inspection, self._clock() + self.time_limit_s)
        self._add(review)
        self._publish(ReviewOpened(review))

    def answer_review(self, answer: OperatorFeedback) -> None:
        """Record the answer of a person and end the review.

        Raises:
            BadInputError: The part does not wait for an answer; after its time it has already ended as FAIL.
            StorageError: The disk refused the answer. The review stays open.
        """
        if not self._answer(answer):
            label = answer.key.label
            raise BadInputError(
                f"Part {label} does not wait for an answer.",
                for_operator=f"Part {label} has ended without your answer: it counts as FAIL. Take it off.",
            )

    def add_feedback(self, feedback: OperatorFeedback) -> None:
        """Record what a person says of a part. If the part waits for an answer, this is the answer.

        Raises:
            BadInputError: There is no such part.
            StorageError: The disk refused it.
        """
        if not self._answer(feedback):
            self._feedback.add(feedback)

    def step(self) -> bool:
        """End the reviews whose time is over and write their ends. Return False if no review is left."""
        with self._changed:
            if self._unwritten or (self._open and not self._closed and not self._expired()):
                self._changed.wait(self._time_to_wait_s())
            ended = self._end(self._expired(), Disposition.REVIEW_TIMED_OUT)
            if self._closed:
                ended += self._end(tuple(self._open.values()), Disposition.REVIEW_UNANSWERED)
        for end in ended:
            self._publish(ReviewEnded(end))
        self._write_ends()
        return self._goes_on()

    def close(self) -> None:
        """End all open reviews as FAIL: nobody can answer them any more. Closing twice is allowed.

        An answer that is being recorded at this moment is waited for.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._answering, _CLOSE_WITHIN_S)
            self._closed = True
            self._changed.notify_all()
            worker = self._worker
        if worker is not None and not worker.join(_CLOSE_WITHIN_S):
            worker.stop()
        if worker is None or worker.join(_LONGEST_WAIT_S):
            self.step()  # if the thread has failed, its reviews end here
        for end in self._unwritten:
            _log.error("the end of a review could not be recorded: part %s, %s", end.key.label, end.claim)

    def _add(self, review: OpenReview) -> None:
        with self._changed:
            self._open[review.key] = review
            if self._worker is None or self._worker.failed:
                self._worker = Worker("reviews", self.step, self._report_bug)
                self._worker.start()
            self._changed.notify_all()

    def _goes_on(self) -> bool:
        """Return whether something is left to do. If not, the next review starts a new thread."""
        with self._changed:
            if self._open or self._unwritten:
                return True
            self._worker = None
            return False

    def _answer(self, answer: OperatorFeedback) -> bool:
        """Take the review out first: from here on its time can no longer run out."""
        with self._changed:
            review = self._open.pop(answer.key, None)
            if review is None:
                return False
            self._answering.add(answer.key)
            self._changed.notify_all()
        try:
            self._feedback.add(answer)
        except BaseException:
            self._add(review)
            raise
        finally:
            with self._changed:
                self._answering.discard(answer.key)
                self._changed.notify_all()
        self._publish(ReviewEnded(answer))
        return True

    def _expired(self) -> tuple[OpenReview, ...]:
        now_s = self._clock()
        return tuple(review for review in self._open.values() if review.ends_at_s <= now_s)

    def _time_to_wait_s(self) -> float:
        if self._unwritten:
            return _RETRY_S
        next_end_s = min((review.ends_at_s for review in self._open.values()), default=float("inf"))
        return min(_LONGEST_WAIT_S, next_end_s - self._clock())

    def _end(self, reviews: tuple[OpenReview, ...], disposition: Disposition) -> list[OperatorFeedback]:
        ends = [OperatorFeedback(review.key, disposition, "", "", self._now()) for review in reviews]
        for end in ends:
            del self._open[end.key]
        self._unwritten.extend(ends)
        return ends

    def _write_ends(self) -> None:
        """Write what waits, in order, until the disk refuses one."""
        while self._unwritten:
            try:
                self._feedback.add(self._unwritten[0])
            except BadInputError as error:
                _log.warning("the end of a review has no part to belong to: %s", error)
            except StorageError as error:
                self._report_refusal(error)
                return
            self._unwritten.popleft()
            self._refused = False

    def _report_refusal(self, error: StorageError) -> None:
        if not self._refused:
            self._refused = True
            self._publish(FaultReported.of("reviews", error))

    def _report_bug(self, where: str, error: BaseException) -> None:
        sentence = f"The {where} worker failed: {type(error).__name__}: {error}."
        self._publish(FaultReported(where, sentence, "See the log.", StorageError.for_operator))
