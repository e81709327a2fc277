"""What another revision would have said of the stored parts: the values of a re-score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from station.domain.formatting import SPACE, counted, number, one_or_many
from station.domain.inspection import PartKey
from station.domain.limit_bench.flips import Turn
from station.domain.shift import StoredPicture
from station.domain.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """What a revision says of a part: the verdict of its worst view, and the score of that view.

    The score is None exactly if the revision would not inspect the part.
    """

    verdict: Verdict
    pred_score: float | None


@dataclass(frozen=True, slots=True)
class RescoredView:
    """What the other revision finds in one view.

    Attributes:
        name: The view.
        pred_score: Its score, 0 to 1.
        highest: The highest place of its map.
        largest_px: The area of its largest region, pixels of the original picture; 0 without a region.
    """

    name: str
    pred_score: float
    highest: float
    largest_px: int


@dataclass(frozen=True, slots=True)
class PartToJudge:
    """A stored part that waits.

    Attributes:
        key: The part.
        triggered_at: When it passed, UTC.
        recorded: What the line said of it, if the revision that is compared with judged it there; else None.
        originals: The name and the stored picture of each view.
    """

    key: PartKey
    triggered_at: datetime
    recorded: Said | None
    originals: tuple[tuple[str, StoredPicture], ...]


@dataclass(frozen=True, slots=True)
class RescoredPart:
    """What both revisions say of one part.

    Attributes:
        key: The part.
        before: The revision that is compared with.
        after: The other revision.
        cause: Why the part could not be judged, in a sentence; "" if it was.
        views: What the other revision finds in each view that it inspects.
    """

    key: PartKey
    before: Said | None
    after: Said | None
    cause: str = ""
    views: tuple[RescoredView, ...] = ()

    def __post_init__(self) -> None:
        if (self.before is None or self.after is None) != bool(self.cause):
            raise ValueError("a part is judged by both revisions, or has a cause why it is not")


@dataclass(frozen=True, slots=True)
class RescoredFlip:
    """A part that gets another verdict, with the paths of its pictures relative to the folder of pictures."""

    key: PartKey
    before: Said
    after: Said
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftPart:
    """A part that could not be judged, and why."""

    key: PartKey
    cause: str
    pictures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RescoreJob:
    """A re-score in the records; it goes on where it was stopped.

    Attributes:
        job_id: Its number.
        name, revision: Which revision judges.
        against_name, against_revision: Which revision it is compared with.
        environment: The versions that judge; others make another job.
    """

    job_id: int
    name: str
    revision: int
    against_name: str
    against_revision: int
    environment: str


@dataclass(frozen=True, slots=True)
class RescoreFigures:
    """How a re-score ended, or how far it is.

    Attributes:
        judged: Parts that both revisions judged.
        turns: How many of them get another verdict, by the verdicts before and after.
        not_judged: Parts that could not be judged; each has a cause.
        waiting: Stored parts that were not tried yet.
        left_out: Parts without a picture to judge, by why there is none.
    """

    judged: int = 0
    turns: Mapping[Turn, int] = field(default_factory=dict)
    not_judged: int = 0
    waiting: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def flips(self) -> int:
        """How many parts get another verdict."""
        return sum(self.turns.values())

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what would change, and what could not be compared."""
        return tuple(filter(None, (self._changed, self._not_judged, self._left_out)))

    @property
    def _changed(self) -> str:
        if not self.judged:
            return "No stored part was judged by both revisions."
        of = f"{number(self.flips)} of {counted(self.judged, 'stored part')} would get another verdict"
        turns = ", ".join(
            f"{number(count)}{SPACE}{before.word}{SPACE}\u2192{SPACE}{after.word}"
            for (before, after), count in self.turns.items()
        )
        return f"{of}: {turns}." if turns else f"{of}."

    @property
    def _not_judged(self) -> str:
        left = f"{number(self.waiting)} still {one_or_many(self.waiting, 'waits', 'wait')}." if self.waiting else ""
        failed = f"{counted(self.not_judged, 'part')} could not be judged." if self.not_judged else ""
        return " ".join(filter(None, (failed, left)))

    @property
    def _left_out(self) -> str:
        said = [f"{number(count)} {why}" for why, count in self.left_out.items()]
        return f"Without a picture to judge: {', '.join(said)}." if said else ""
