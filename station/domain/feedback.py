"""What happens to a part after its verdict: the word of a person, and the end of a review that has no answer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from station.domain.inspection import Inspection, PartKey
from station.domain.verdict import Verdict


class Disposition(StrEnum):
    """What is recorded of a part besides its verdict. The verdict in the record never changes.

    The first three come from a person. The last two come from the station, when a REVIEW gets no answer.
    """

    GOOD_PART = "good part"
    MISSED_DEFECT = "missed defect"
    CONFIRMED = "confirmed"
    REVIEW_TIMED_OUT = "review timed out"
    REVIEW_UNANSWERED = "review not answered"

    @property
    def by_person(self) -> bool:
        """Return whether a person said it."""
        return self not in (Disposition.REVIEW_TIMED_OUT, Disposition.REVIEW_UNANSWERED)

    @property
    def ends_review_as(self) -> Verdict:
        """Return how a REVIEW counts after this: PASS only if a person said that the part is good, else FAIL."""
        return Verdict.PASS if self is Disposition.GOOD_PART else Verdict.FAIL


@dataclass(frozen=True, slots=True)
class OperatorFeedback:
    """One entry in the history of a part after its verdict.

    Attributes:
        key: The part.
        claim: What is recorded of it.
        reason: Why: dust, reflection, position, print ...; "" if no reason was given.
        person: The name of the person, or role and page if nobody is named; "" if neither is known. Always "" if
            `claim` does not come from a person.
        made_at: UTC.
        in_review: Whether an engineer or a supervisor said it in the review of a shift, and nobody at the line.
    """

    key: PartKey
    claim: Disposition
    reason: str
    person: str
    made_at: datetime
    in_review: bool = False

    @property
    def words(self) -> str:
        """Return what was said, in words for page and paper alike: "good part", "in review: good part"."""
        return f"in review: {self.claim}" if self.in_review else self.claim.value

    @property
    def author(self) -> str:
        """Return who is the source, in words for page and paper alike: a name, "not named" or "station"."""
        if not self.claim.by_person:
            return "station"
        return self.person or "not named"

    @property
    def verdict(self) -> Verdict:
        """Return how the part counts if this ended its review."""
        return self.claim.ends_review_as


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A part with the verdict REVIEW that waits for an answer.

    Attributes:
        inspection: The part.
        ends_at_s: When it ends as FAIL, on the monotonic clock of this process, seconds.
    """

    inspection: Inspection
    ends_at_s: float

    @property
    def key(self) -> PartKey:
        """Return the key of the part."""
        return self.inspection.key

    def remaining_s(self, now_s: float) -> float:
        """Return the time left for an answer, seconds; 0 after its end."""
        return max(0.0, self.ends_at_s - now_s)
