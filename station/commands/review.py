"""Commands for what people say of parts: answers to reviews, and feedback on any part."""

from collections.abc import Collection

from station.domain.clock import utc_now
from station.domain.feedback import Disposition, OpenReview, OperatorFeedback
from station.domain.inspection import Inspection, PartKey
from station.domain.permissions import Authority, Permission
from station.review.open_rejects import OpenRejects
from station.review.pending_feedback import PendingFeedback
from station.review.review_queue import ReviewQueue

_ANSWERED = "review"
_MOST_DISPUTED = 300


class ReviewCommands:
    """Reading open reviews, answering them, and giving feedback. Safe from any thread."""

    def __init__(
        self, authority: Authority, reviews: ReviewQueue, feedback: PendingFeedback, rejects: OpenRejects
    ) -> None:
        self._authority = authority
        self._reviews = reviews
        self._feedback = feedback
        self._rejects = rejects

    @property
    def time_limit_s(self) -> float:
        """Return the time for the answer to a review, seconds. Then the part ends as FAIL."""
        return self._reviews.time_limit_s

    @property
    def open_reviews(self) -> tuple[OpenReview, ...]:
        """Return the parts that wait for an answer, the one that waits longest first."""
        return self._reviews.open_reviews

    @property
    def open_rejects(self) -> tuple[Inspection, ...]:
        """Return the rejects of this program that nobody has said anything of, the oldest first; at most 300."""
        return self._rejects.open

    def answer_review(self, key: PartKey, answer: Disposition, person: str = "") -> OperatorFeedback:
        """Answer a review: `GOOD_PART` or `CONFIRMED`, which is a defect. Return what is recorded.

        Raises:
            PermissionRefusedError: This role may not answer reviews.
            BadInputError: The part does not wait for an answer; after its time it has already ended as FAIL.
            StorageError: The disk refused the answer. The review stays open.
        """
        self._authority.authorise(Permission.ANSWER_REVIEW)
        feedback = OperatorFeedback(key, answer, _ANSWERED, self._authority.signed(person), utc_now())
        self._reviews.answer_review(feedback)
        return feedback

    def give_feedback(self, key: PartKey, claim: Disposition, reason: str, person: str = "") -> OperatorFeedback:
        """Record what a person says of a part. The verdict in the record stays. Return what is recorded.

        Feedback on a part whose record is not on the disk yet is kept and recorded after it.

        Raises:
            PermissionRefusedError: This role may not give feedback.
            BadInputError: There is no such part.
            StorageError: The part is recorded, and the disk refused the feedback.
        """
        self._authority.authorise(Permission.GIVE_FEEDBACK)
        feedback = OperatorFeedback(key, claim, reason, self._authority.signed(person), utc_now())
        self._reviews.add_feedback(feedback)
        self._rejects.handle(key)
        return feedback

    def feedback_on(self, key: PartKey) -> tuple[OperatorFeedback, ...]:
        """Return everything that was recorded of a part after its verdict, oldest first."""
        return self._feedback.of(key)

    def last_words(self, keys: Collection[PartKey]) -> dict[PartKey, Disposition]:
        """Return what a person said last of each of these recorded parts; those nobody spoke of are left out."""
        return self._feedback.records.last_words_on(keys)

    def disputed_parts(self) -> tuple[PartKey, ...]:
        """Return the recorded parts with a verdict that a person called wrong last, the newest first; at most 300."""
        return self._feedback.records.disputed(_MOST_DISPUTED)
