"""The review of a shift: what people said of its parts, which are still to be reviewed, and how far people agree."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from station.domain.feedback import Disposition, OperatorFeedback
from station.domain.inspection import PartKey
from station.domain.rates import Rate
from station.domain.shift import ShiftRecords
from station.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class PartHistory:
    """A part, and what became of it after its verdict. The verdict itself never changes.

    Attributes:
        key: The part.
        triggered_at: UTC.
        verdict: What the station said.
        said: What was said of it afterwards, oldest first: at the line, and in reviews.
        serial: Its own number; "" if none was scanned.
    """

    key: PartKey
    triggered_at: datetime
    verdict: Verdict
    said: tuple[OperatorFeedback, ...] = ()
    serial: str = ""

    @property
    def ended_good(self) -> bool | None:
        """Return whether the part left the line as a good one; None while a REVIEW waits for its answer there."""
        if self.verdict is not Verdict.REVIEW:
            return self.verdict is Verdict.PASS
        end = next((each for each in self.said if not each.in_review), None)
        return None if end is None else end.claim is Disposition.GOOD_PART

    @property
    def review(self) -> OperatorFeedback | None:
        """Return the newest word of a review; None if there is none."""
        return next((each for each in reversed(self.said) if each.in_review), None)

    @property
    def wants_review(self) -> bool:
        """Return whether it belongs to the review: it did not pass, or somebody spoke of a defect."""
        missed = (each.in_review or each.claim is Disposition.MISSED_DEFECT for each in self.said)
        return self.verdict is not Verdict.PASS or any(missed)

    @property
    def is_open(self) -> bool:
        """Return whether it waits for its review: no person has spoken, or the last word was said at the line."""
        words = [each for each in self.said if each.claim.by_person]
        return self.wants_review and self.ended_good is not None and not (words and words[-1].in_review)

    @property
    def counted_word(self) -> OperatorFeedback | None:
        """Return the word that agrees with the station or not: that of a review, else the last one at the line.

        The answer to a REVIEW is how the part ended, so nothing but a review can agree with it.
        """
        if (review := self.review) is not None or self.verdict is Verdict.REVIEW:
            return review
        return next((each for each in reversed(self.said) if each.claim.by_person), None)

    def agrees(self, word: OperatorFeedback) -> bool:
        """Return whether a word confirms how the part left the line."""
        if word.claim is Disposition.CONFIRMED and self.verdict is not Verdict.REVIEW:
            return True
        return (word.claim is Disposition.GOOD_PART) is bool(self.ended_good)

    def claim(self, *, confirms: bool) -> Disposition:
        """Return what a review records that confirms how the part left the line, or overrules it.

        A part that was called good and is not, whether the station passed it or a person did, has a missed defect.
        """
        if bool(self.ended_good) is confirms:
            return Disposition.GOOD_PART
        return Disposition.CONFIRMED if confirms else Disposition.MISSED_DEFECT


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """How many parts of one kind people confirmed and overruled.

    Attributes:
        name: The verdict, or the person who said it.
        confirmed, overruled: The parts.
    """

    name: str
    confirmed: tuple[PartKey, ...] = ()
    overruled: tuple[PartKey, ...] = ()

    @property
    def rate(self) -> Rate:
        """Return how many of the parts were confirmed, with its interval."""
        return Rate(len(self.confirmed), len(self.confirmed) + len(self.overruled))


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far people and station agree in a shift. Parts of which no person spoke are in none of the rows.

    Attributes:
        all: Every part with a word that counts.
        by_verdict: By what the station said, PASS last; a REVIEW counts as it ended at the line.
        by_person: By who said it, by name.
        reviewed, to_review: How many parts were reviewed, of how many.
        waiting: The REVIEWs that still wait for their answer at the line; they are in `to_review`.
    """

    all: AgreementRow
    by_verdict: tuple[AgreementRow, ...] = ()
    by_person: tuple[AgreementRow, ...] = ()
    reviewed: int = 0
    to_review: int = 0
    waiting: int = 0


_ORDER = (Verdict.FAIL, Verdict.REVIEW, Verdict.NOT_INSPECTED, Verdict.PASS)


def agreement_of(parts: Iterable[PartHistory]) -> Agreement:
    """Return how far people and station agree on these parts."""
    parts = tuple(parts)
    said = [(each, word) for each in parts if (word := each.counted_word) is not None]
    by_verdict: dict[str, list[tuple[PartHistory, OperatorFeedback]]] = {verdict.word: [] for verdict in _ORDER}
    by_person = defaultdict(list)
    for part, word in said:
        by_verdict[part.verdict.word].append((part, word))
        by_person[word.author].append((part, word))
    wanted = [each for each in parts if each.wants_review]
    return Agreement(
        _row("all", said),
        tuple(_row(name, some) for name, some in by_verdict.items() if some),
        tuple(_row(name, by_person[name]) for name in sorted(by_person)),
        sum(each.ended_good is not None and not each.is_open for each in wanted),
        len(wanted),
        sum(each.ended_good is None for each in wanted),
    )


def histories_of(records: ShiftRecords) -> tuple[PartHistory, ...]:
    """Return the parts of a shift with what was said of them, in their order."""
    said = defaultdict(list)
    for each in records.disputes:
        said[each.key].append(each)
    parts = (record.inspection for record in records.parts)
    return tuple(
        PartHistory(each.key, each.triggered_at, each.verdict, tuple(said.get(each.key, ())), each.serial)
        for each in parts
    )


def _row(name: str, said: Iterable[tuple[PartHistory, OperatorFeedback]]) -> AgreementRow:
    confirmed: list[PartKey] = []
    overruled: list[PartKey] = []
    for part, word in said:
        (confirmed if part.agrees(word) else overruled).append(part.key)
    return AgreementRow(name, tuple(confirmed), tuple(overruled))
