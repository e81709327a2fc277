"""The record of one part, and the counts of many."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from station.domain.frame import NotInspectedCause
from station.domain.verdict import Region, Verdict


@dataclass(frozen=True, slots=True, order=True)
class PartKey:
    """Which part: the run it belongs to and its trigger number in that run, from 1."""

    run_id: int
    part: int

    @property
    def label(self) -> str:
        """The number as people see it: "0007"."""
        return f"{self.part:04d}"


@dataclass(frozen=True, slots=True)
class Run:
    """One start-to-stop of the line with one recipe and one camera: what all its parts have in common."""

    run_id: int
    started_at: datetime
    recipe_name: str
    recipe_revision: int
    recipe_sha256: str
    model_sha256: str
    dataset_version: str
    camera: str
    precision: str
    program_version: str
    person: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """One judgement of one part; never changed once made.

    Attributes:
        key: Run and part number.
        triggered_at: When the inspection was opened, UTC.
        verdict: What the station says.
        reason: One sentence for the operator: "mark 412 px2, upper left".
        cause: Set exactly when the verdict is NOT_INSPECTED.
        pred_score: Normalised score; None exactly when NOT_INSPECTED.
        raw_score: Score in the model's own unit, likewise.
        image_threshold: The limit it was judged by, likewise.
        regions: Anomalous places, largest score first.
        elapsed_ms: From the frame's arrival to the verdict.
        origin: The picture's file, or camera and frame id.
        frame_id: The source's counter, None when no frame came.
        camera_timestamp_ns: Camera clock, where given.
        width, height: Size of the original picture, 0 when none came.
        conversion: What was changed on the way in, in words.
    """

    key: PartKey
    triggered_at: datetime
    verdict: Verdict
    reason: str
    origin: str
    elapsed_ms: float
    cause: NotInspectedCause | None = None
    pred_score: float | None = None
    raw_score: float | None = None
    image_threshold: float | None = None
    regions: tuple[Region, ...] = ()
    frame_id: int | None = None
    camera_timestamp_ns: int | None = None
    width: int = 0
    height: int = 0
    conversion: str = ""

    def __post_init__(self) -> None:
        judged = self.verdict is not Verdict.NOT_INSPECTED
        if judged != (self.cause is None) or judged != (self.pred_score is not None):
            raise ValueError(f"{self.verdict} with cause {self.cause} and score {self.pred_score}")


class Claim(StrEnum):
    """What a person says of a part, beside the station's verdict and never over it."""

    GOOD_PART = "good part"
    MISSED_DEFECT = "missed defect"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A person's word on one part.

    Attributes:
        key: The part.
        claim: What is said of it.
        reason: Why: dust, reflection, position, print ...
        person: Who; "time limit" when a REVIEW ran out.
        made_at: UTC.
    """

    key: PartKey
    claim: Claim
    reason: str
    person: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """Parts by verdict. `triggers` is their sum, by construction."""

    passed: int = 0
    review: int = 0
    failed: int = 0
    not_inspected: int = 0
    fails_in_a_row: int = 0

    @property
    def inspected(self) -> int:
        """Parts with a judgement."""
        return self.passed + self.review + self.failed

    @property
    def triggers(self) -> int:
        """All parts, judged or not."""
        return self.inspected + self.not_inspected

    @property
    def first_pass_yield(self) -> float | None:
        """Share of judged parts that passed at once; None before the first."""
        return self.passed / self.inspected if self.inspected else None

    def of(self, verdict: Verdict) -> int:
        """How many parts have this verdict."""
        return int(getattr(self, _FIELD[verdict]))

    def plus(self, verdict: Verdict) -> "Counts":
        """The counts after one more part."""
        row = self.fails_in_a_row + 1 if verdict is Verdict.FAIL else 0
        return replace(self, fails_in_a_row=row, **{_FIELD[verdict]: self.of(verdict) + 1})


_FIELD = {
    Verdict.PASS: "passed",
    Verdict.REVIEW: "review",
    Verdict.FAIL: "failed",
    Verdict.NOT_INSPECTED: "not_inspected",
}
