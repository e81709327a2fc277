"""How good a recipe is on one set of labelled pictures, as values for page and paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from station.domain.rates import Rate
from station.domain.verdict import Verdict

GOOD_KIND = "good"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure.

    Attributes:
        value: The figure; None if it cannot be computed.
        low, high: Its 95 % interval; None if it has none.
        remark: Why it is None, or what it rests on; "" if there is nothing to say.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class KindFigures:
    """The figures of one kind of defect, against all good parts."""

    kind: str
    escapes: Rate
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class JudgedPicture:
    """One picture of the set and what the recipe says of it.

    Attributes:
        name: Its name in the dataset version, such as "test/crack/003.jpg".
        kind: "good", or the kind of defect.
        pred_score: Normalised score, 0..1.
        verdict: PASS, REVIEW or FAIL.
    """

    name: str
    kind: str
    pred_score: float
    verdict: Verdict

    @property
    def good(self) -> bool:
        """Whether the part is labelled good."""
        return self.kind == GOOD_KIND

    @property
    def mistaken(self) -> bool:
        """Whether it is an escape or overkill; a REVIEW is neither, as a person looks at it."""
        return self.verdict is (Verdict.FAIL if self.good else Verdict.PASS)


@dataclass(frozen=True, slots=True)
class ParityFigures:
    """The exported model against the trained network, on the same pictures."""

    pictures: int
    max_difference: float
    mean_difference: float
    verdict_flips: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures of one view of a recipe revision on one dataset version.

    Attributes:
        recipe: Name of the recipe.
        revision: Its revision.
        view: The view; "" if it has no name.
        dataset_version: The pictures.
        measured_at: UTC.
        image_threshold: The recipe's limit, normalised.
        figures: By the names of `evaluate --json`.
        escapes, overkill: With the numbers that they are counted from.
        confusion: For each kind of part, how many got each verdict.
        per_kind: Of each kind of defect.
        train_s: Seconds that the model took to train; None if it is unknown.
        infer_ms: Median time of one inference on the machine that measured, milliseconds; None if none was timed.
        parity: None if the package has no certificate.
        remarks: What a reader must know: what was learned, repeated or refused, a sentence each.
        judged: Every picture; empty in an evaluation that was kept before pictures were.
    """

    recipe: str
    revision: int
    view: str
    dataset_version: str
    measured_at: datetime
    image_threshold: float
    figures: Mapping[str, Figure]
    escapes: Rate
    overkill: Rate
    confusion: Mapping[str, Mapping[str, int]]
    per_kind: tuple[KindFigures, ...] = ()
    train_s: float | None = None
    infer_ms: float | None = None
    parity: ParityFigures | None = None
    remarks: tuple[str, ...] = ()
    judged: tuple[JudgedPicture, ...] = field(default=(), repr=False)

    @property
    def label(self) -> str:
        """The recipe and revision: "tile@3"."""
        return f"{self.recipe}@{self.revision}"

    def figure(self, name: str) -> Figure:
        """Return a figure by its name; one without value if it was not measured."""
        return self.figures.get(name, Figure(None, remark="not measured"))


def worst_first(judged: Sequence[JudgedPicture], image_threshold: float) -> tuple[JudgedPicture, ...]:
    """Return the pictures, the worst mistake first: farthest on the wrong side of the limit; then the closest calls.

    Of two equally far, the escape comes first: it ships a bad part.
    """

    def wrong_by(picture: JudgedPicture) -> float:
        return (picture.pred_score - image_threshold) * (1 if picture.good else -1)

    return tuple(sorted(judged, key=lambda each: (not each.mistaken, -wrong_by(each), each.good, each.name)))
