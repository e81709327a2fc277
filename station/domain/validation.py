"""A labelled set judged by one revision of a recipe: what was expected, and what came."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from station.domain.rates import Rate
from station.domain.verdict import Verdict

GOOD = "good"


@dataclass(frozen=True, slots=True)
class ValidatedPicture:
    """One picture of the set.

    Attributes:
        name: Its file, relative to the set.
        kind: Its label: "good", or the kind of its defect.
        verdict: What the revision says of it.
        pred_score: Its score; None if it was not inspected.
    """

    name: str
    kind: str
    verdict: Verdict
    pred_score: float | None

    @property
    def as_expected(self) -> bool:
        """Return whether a good part passed, or a defect was rejected or left for a person."""
        return self.verdict is Verdict.PASS if self.kind == GOOD else self.verdict.rejected


@dataclass(frozen=True, slots=True)
class Validation:
    """The judgement of a labelled set by one view of a revision.

    Attributes:
        name, revision: The revision.
        view: Its view.
        folder: Where the set is.
        at: When it was judged, UTC.
        person: Who asked for it.
        pictures: All pictures of the set, in their order.
    """

    name: str
    revision: int
    view: str
    folder: str
    at: datetime
    person: str
    pictures: tuple[ValidatedPicture, ...]

    @property
    def escapes(self) -> Rate:
        """Return the defects that were not rejected."""
        return _not_expected([each for each in self.pictures if each.kind != GOOD])

    @property
    def overkill(self) -> Rate:
        """Return the good parts that did not pass."""
        return _not_expected([each for each in self.pictures if each.kind == GOOD])

    @property
    def differing(self) -> tuple[ValidatedPicture, ...]:
        """Return the pictures whose verdict is not the expected one."""
        return tuple(each for each in self.pictures if not each.as_expected)

    @property
    def words(self) -> str:
        """Return the result for people: "38 of 40 defects found, 1 of 120 good parts rejected"."""
        escapes, overkill = self.escapes, self.overkill
        found = f"{escapes.n - escapes.count} of {escapes.n} defects found" if escapes.n else "no defect in the set"
        passed = f"{overkill.count} of {overkill.n} good parts rejected" if overkill.n else "no good part in the set"
        return f"{found}, {passed}"


def _not_expected(pictures: Sequence[ValidatedPicture]) -> Rate:
    return Rate(sum(not each.as_expected for each in pictures), len(pictures))
