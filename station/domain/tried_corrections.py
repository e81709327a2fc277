"""What a draft makes of the parts of which a person said what they are, beside the released revision."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from station.domain.candidate import Outcome
from station.domain.formatting import SPACE, count_of, number
from station.domain.inspection import PartKey
from station.domain.rates import Rate, exact_interval
from station.domain.verdict import Verdict

FEW = 200
"""With fewer parts a share is said with its interval."""


class BothVerdicts(NamedTuple):
    """What two revisions make of a part.

    Attributes:
        recorded: What the line said at the time.
        champion: The verdict of the released revision; None if it has not judged the part.
        outcome: What became of the part for the candidate; None if it was not tried.
        candidate: The verdict of the candidate; None unless it was judged.
    """

    recorded: Verdict
    champion: Verdict | None = None
    outcome: Outcome | None = None
    candidate: Verdict | None = None

    @property
    def compared(self) -> bool:
        """Return whether both have judged the part."""
        return self.champion is not None and self.candidate is not None

    def contradicts(self, *, good: bool) -> bool:
        """Return whether the recorded verdict is wrong, if the part is good or if it is not."""
        return self.recorded is not Verdict.NOT_INSPECTED and good is not (self.recorded is Verdict.PASS)


@dataclass(frozen=True, slots=True)
class BeforeAndAfter:
    """How many parts both revisions judged, and how many of these each of them kept back."""

    parts: int = 0
    kept_before: int = 0
    kept_after: int = 0


@dataclass(frozen=True, slots=True)
class TriedCorrections:
    """What a draft makes of corrected parts, and of the others of the line.

    A correction is a part whose recorded verdict a person called wrong: a defect that passed, or a good part that did
    not. Parts that passed and that nobody called a defect are taken for good.

    Attributes:
        champion: The released revision: "disc@1".
        candidate: The draft: "disc@2".
        defects: Corrected parts that are defects.
        good: Corrected parts that are good.
        known: Corrected parts that both judged and whose picture is in the dataset that the draft was taught with.
        passed_parts: Parts taken for good, the corrected ones among them.
        confirmed: Rejects that a person confirmed.
        not_kept: Corrected parts whose whole picture was not kept.
        lost: Corrected parts whose picture is lost or was changed.
        waiting: Corrected parts that were not judged by both yet.
    """

    champion: str = ""
    candidate: str = ""
    defects: BeforeAndAfter = BeforeAndAfter()
    good: BeforeAndAfter = BeforeAndAfter()
    known: int = 0
    passed_parts: BeforeAndAfter = BeforeAndAfter()
    confirmed: BeforeAndAfter = BeforeAndAfter()
    not_kept: int = 0
    lost: int = 0
    waiting: int = 0

    @property
    def before(self) -> Rate:
        """Return how many corrections the released revision judges right."""
        return Rate(self.defects.kept_before + self.good.parts - self.good.kept_before, self._compared)

    @property
    def after(self) -> Rate:
        """Return how many corrections the draft judges right."""
        return Rate(self.defects.kept_after + self.good.parts - self.good.kept_after, self._compared)

    @property
    def sentence(self) -> str:
        """Return all of it in sentences; "" if nobody has corrected a part."""
        if not (self._compared or self.not_kept or self.lost or self.waiting):
            return ""
        said = (self._of_corrections(), self._of_dataset(), self._of_good(), self._of_confirmed(), self._left_out())
        return " ".join(filter(None, said))

    @property
    def brief(self) -> str:
        """Return the corrections and the good parts that it rejects; "" if no corrected part was judged by both."""
        return f"{self._of_corrections()} {self._of_good()}".rstrip() if self._compared else ""

    @property
    def _compared(self) -> int:
        return self.defects.parts + self.good.parts

    def _of_corrections(self) -> str:
        if not self._compared:
            return f"{self.candidate} has judged none of the corrected parts yet."
        verb = "is" if self.after.count == 1 else "are"
        return (
            f"{count_of(self.after)} corrections {verb} judged right by {self.candidate}{_interval(self.after)}, "
            f"before: {count_of(self.before)}."
        )

    def _of_dataset(self) -> str:
        verb = "is" if self.known == 1 else "are"
        return f"{number(self.known)} of them {verb} in the dataset that it was taught with." if self.known else ""

    def _of_good(self) -> str:
        if not self.passed_parts.parts:
            return ""
        rejected = Rate(self.passed_parts.kept_after, self.passed_parts.parts)
        before = number(self.passed_parts.kept_before)
        return f"It rejects {count_of(rejected)} parts taken for good{_interval(rejected)}, before: {before}."

    def _of_confirmed(self) -> str:
        escapes = Rate(self.confirmed.parts - self.confirmed.kept_after, self.confirmed.parts)
        return f"It passes {count_of(escapes)} confirmed rejects." if escapes.count else ""

    def _left_out(self) -> str:
        counted = (
            (self.not_kept, "whose whole picture is not there any more or was not kept"),
            (self.lost, "whose picture is lost or was changed"),
            (self.waiting, "not tried yet"),
        )
        said = [f"{number(count)} {why}" for count, why in counted if count]
        return f"Corrections that were not judged: {', '.join(said)}." if said else ""


def tried_corrections(
    labels: tuple[str, str],
    said: Mapping[PartKey, bool],
    seen: Mapping[PartKey, BothVerdicts],
    counted: Mapping[tuple[Verdict, Verdict], int],
    known: Collection[PartKey],
) -> TriedCorrections:
    """Count what a draft makes of corrected parts.

    Args:
        labels: The released revision and the draft.
        said: Whether a part is good, of each part of which a person said it.
        seen: What both make of these parts.
        counted: Parts of the line that both judged, by the verdict of the released revision and that of the draft.
        known: Parts in the dataset that the draft was taught with.
    """
    corrected = {key: good for key, good in said.items() if key in seen and seen[key].contradicts(good=good)}
    both = {key: good for key, good in corrected.items() if seen[key].compared}
    others = [seen[key] for key in corrected if key not in both]
    outcomes = Counter(each.outcome for each in others)
    return TriedCorrections(
        *labels,
        defects=_counted(seen[key] for key, good in both.items() if not good),
        good=_counted(seen[key] for key, good in both.items() if good),
        known=sum(key in both for key in known),
        passed_parts=_taken_for_good(said, seen, counted),
        confirmed=_counted(
            each for key, each in seen.items() if each.compared and not said.get(key, True)
            and not each.contradicts(good=False)
        ),
        not_kept=outcomes[Outcome.NO_PICTURE],
        lost=outcomes[Outcome.FAILED],
        waiting=len(others) - outcomes[Outcome.NO_PICTURE] - outcomes[Outcome.FAILED],
    )  # fmt: skip


def _taken_for_good(
    said: Mapping[PartKey, bool],
    seen: Mapping[PartKey, BothVerdicts],
    counted: Mapping[tuple[Verdict, Verdict], int],
) -> BeforeAndAfter:
    """Return all that the released revision passes, less the defects among them, and with the good ones it rejects."""
    passed = {after: count for (before, after), count in counted.items() if before is Verdict.PASS}
    known = [(seen[key], good) for key, good in said.items() if key in seen and seen[key].compared]
    escaped = _counted(each for each, good in known if not good and each.champion is Verdict.PASS)
    rejected = _counted(each for each, good in known if good and each.champion is not Verdict.PASS)
    kept = sum(count for after, count in passed.items() if after is not Verdict.PASS)
    return BeforeAndAfter(
        sum(passed.values()) - escaped.parts + rejected.parts,
        rejected.parts,
        kept - escaped.kept_after + rejected.kept_after,
    )


def _counted(parts: "Iterator[BothVerdicts]") -> BeforeAndAfter:
    each = list(parts)
    return BeforeAndAfter(
        len(each),
        sum(part.champion is not Verdict.PASS for part in each),
        sum(part.candidate is not Verdict.PASS for part in each),
    )


def _interval(rate: Rate) -> str:
    """Return the interval of a share if the parts are few: " (29 to 100 %)"."""
    if rate.n >= FEW:
        return ""
    low, high = exact_interval(rate)
    return f" ({100 * low:.0f} to {100 * high:.0f}{SPACE}%)"
