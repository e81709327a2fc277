"""What people say of parts: recorded at once, or after the record of the part if that still waits for the disk."""

from collections.abc import Callable
from typing import Protocol

from station.domain.feedback import OperatorFeedback
from station.domain.inspection import PartKey
from station.storage.records.feedback import FeedbackRecords


class FeedbackQueue(Protocol):
    """The records that wait for the disk; the `RecordingQueue` of a run."""

    def put_after_part(self, feedback: OperatorFeedback) -> bool:
        """Add feedback if the record of its part waits. Return whether it was added."""
        ...

    def feedback_on(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        """Return the feedback on one part that waits, oldest first."""
        ...


def _keep_nothing(_key: PartKey) -> None:
    """Do nothing: every original is kept anyway, or none is wanted."""


class PendingFeedback:
    """The feedback on all parts, in the records or in the recording queue of the run. Safe from any thread."""

    def __init__(self, records: FeedbackRecords, keep_original: Callable[[PartKey], None] = _keep_nothing) -> None:
        """Begin without a run.

        Args:
            records: The feedback on recorded parts.
            keep_original: Called with a part before anything that a person says of it is recorded.
        """
        self.records = records
        self._keep_original = keep_original
        self._queue: FeedbackQueue | None = None

    def use_queue(self, queue: FeedbackQueue | None) -> None:
        """Send feedback on unrecorded parts to this queue; None after the run, when every part is recorded or lost."""
        self._queue = queue

    def add(self, feedback: OperatorFeedback) -> None:
        """Keep feedback on a part.

        Raises:
            BadInputError: There is no such part.
            StorageError: The part is recorded, and the disk refuses the feedback.
        """
        if feedback.claim.by_person:
            self._keep_original(feedback.key)
        queue = self._queue
        if queue is None or not queue.put_after_part(feedback):
            self.records.add(feedback)

    def of(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        """Return all feedback on one part, oldest first, recorded or not."""
        queue = self._queue
        waiting = queue.feedback_on(key) if queue else ()  # read first: it may be recorded in the next moment
        recorded = self.records.of(key)
        return (*recorded, *(feedback for feedback in waiting if feedback not in recorded))
