"""The record of one part, and the counts of many."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from station.domain.frame import NotInspectedCause
from station.domain.geometry import Region
from station.domain.part_code import ReadCode
from station.domain.verdict import Verdict, fails_after

ViewT = TypeVar("ViewT")

UNLIKE = "this does not look like"
"""How the reason begins if marks cover more than half of the picture: another product, or a camera that has moved."""


@dataclass(frozen=True, slots=True, order=True)
class PartKey:
    """Which part: the run it belongs to, and its number.

    In production numbers go on through all runs of a shift: the first part of a run follows the last one of the run
    before. So a number names one part of a shift, on the screen, on paper, in the records and in the names of files.
    """

    run_id: int
    part: int

    @property
    def label(self) -> str:
        """The number as people see it: "0007"."""
        return f"{self.part:04d}"


class RunKind(StrEnum):
    """What the line ran for. Only the parts of production are counted in reports, counters and yields."""

    PRODUCTION = "production"
    TRIAL = "trial"
    CHALLENGE = "challenge"


class PictureOrigin(StrEnum):
    """Where the pictures of a run came from; of several cameras, the least real one."""

    CAMERA = "camera"
    STORED = "stored"
    SIMULATED = "simulated"


@dataclass(frozen=True, slots=True)
class RunHeader:
    """What a run is for, apart from the recipe that judges it.

    Attributes:
        kind: Production, or something that is not counted.
        pictures: Where its pictures come from.
        first_number: The number of its first part, at least 1.
    """

    kind: RunKind = RunKind.PRODUCTION
    pictures: PictureOrigin = PictureOrigin.CAMERA
    first_number: int = 1


@dataclass(frozen=True, slots=True)
class Run:
    """One start-to-stop of the line with one recipe: what all its parts have in common.

    Camera, model, dataset version and precision are those of the view; of several views, "top=..., side=...".
    `kind`, `pictures` and `first_number` are those of its `RunHeader`.
    """

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
    kind: RunKind = RunKind.PRODUCTION
    pictures: PictureOrigin = PictureOrigin.CAMERA
    first_number: int = 1


@dataclass(frozen=True, slots=True)
class ViewInspection:
    """One judgement of one camera's view of a part; never changed once made.

    Attributes:
        verdict: What the station says of this view.
        reason: One sentence for the operator: "mark 412 px2, upper left".
        origin: The picture's file, or camera and frame id.
        elapsed_ms: From the frame's arrival to the verdict.
        name: The camera's name in the recipe; "" if there is only one camera.
        cause: Set exactly when the verdict is NOT_INSPECTED.
        pred_score: Normalised score; None exactly when NOT_INSPECTED.
        raw_score: Score in the model's own unit, likewise.
        image_threshold: The limit it was judged by, likewise.
        regions: Anomalous places, largest score first.
        frame_id: The source's counter, None when no frame came.
        camera_timestamp_ns: Camera clock, where given.
        width, height: Size of the original picture, 0 when none came.
        conversion: What was changed on the way in, in words.
        review_threshold: The limit above which the part was for a person; None if the recipe has none.
        code: What was read in the code region; None if the recipe has none here.
        judged_again: It lay so near a limit that the model judged it a second time, in f32; that judgement counts.
        leaves_picture: The part was found, and the picture lacks a place of its region: never PASS or REVIEW.
    """

    verdict: Verdict
    reason: str
    origin: str
    elapsed_ms: float
    name: str = ""
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
    review_threshold: float | None = None
    code: ReadCode | None = None
    judged_again: bool = False
    leaves_picture: bool = False

    def __post_init__(self) -> None:
        judged = self.verdict is not Verdict.NOT_INSPECTED
        if judged != (self.cause is None) or judged != (self.pred_score is not None):
            raise ValueError(f"{self.verdict} with cause {self.cause} and score {self.pred_score}")

    @property
    def place(self) -> str | None:
        """Return where the region with the highest score lies: "upper left", "side: upper left" if the view is named.

        None if there is no region.
        """
        if not self.regions:
            return None
        return self.with_view_name(self.regions[0].place)

    @property
    def unlike(self) -> bool:
        """Return whether the picture does not look like the product at all: marks cover more than half of it."""
        return self.reason.startswith(UNLIKE)

    @property
    def only_code_doubted(self) -> bool:
        """Return whether it is REVIEW for nothing but its code: the picture itself would have passed."""
        return self.verdict is Verdict.REVIEW and self.code is not None and self.reason == self.code.doubt

    def with_view_name(self, text: str) -> str:
        """Return a text about this view with the name of the view in front: "side: mark 412 px2"."""
        return f"{self.name}: {text}" if self.name else text


@dataclass(frozen=True, slots=True)
class Inspection:
    """One judgement of one part: all its views, of which the worst decides. Never changed once made.

    Attributes:
        key: Run and part number.
        triggered_at: When the inspection was opened, UTC.
        views: What each camera saw, in the recipe's order; at least one.
        serial: The part's own number, as it was scanned or read in the picture; "" if neither, or if these differ.
        lot, order: What was set when its trigger came; "" if nothing was.
    """

    key: PartKey
    triggered_at: datetime
    views: tuple[ViewInspection, ...]
    serial: str = ""
    lot: str = ""
    order: str = ""

    def __post_init__(self) -> None:
        if not self.views:
            raise ValueError("an inspection has at least one view")

    @property
    def deciding(self) -> ViewInspection:
        """The view with the worst verdict; of several the one that scores highest, then the first."""
        if len(self.views) == 1:
            return self.views[0]
        return max(self.views, key=lambda view: (view.verdict.severity, view.pred_score or 0.0))

    @property
    def verdict(self) -> Verdict:
        """What the station says of the part: the worst of its views."""
        return self.deciding.verdict

    @property
    def reason(self) -> str:
        """Return one sentence for the operator. Unless it passed, the view comes first: "side: mark 412 px2"."""
        decided = self.deciding
        return decided.reason if decided.verdict is Verdict.PASS else decided.with_view_name(decided.reason)

    @property
    def judged_again(self) -> bool:
        """Return whether a view lay so near a limit that it was judged a second time, in f32."""
        return any(view.judged_again for view in self.views)

    @property
    def elapsed_ms(self) -> float:
        """Of the view that took longest from its frame's arrival to its verdict."""
        return max(view.elapsed_ms for view in self.views)


@dataclass(frozen=True)  # without slots: a frozen class with slots cannot be created by its alias PartViews[...]
class PartViews(Generic[ViewT]):
    """A part with one entry for each of its views: results, rendered pictures or files.

    Attributes:
        inspection: The record of the part.
        views: One entry for each view of the record, in its order.
    """

    inspection: Inspection
    views: tuple[ViewT, ...]

    @property
    def view_names(self) -> tuple[str, ...]:
        """Return the names of the views, in their order."""
        return tuple(view.name for view in self.inspection.views)

    @property
    def deciding(self) -> ViewT:
        """Return the entry of the view that decided the verdict."""
        return self.views[self.inspection.views.index(self.inspection.deciding)]


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
        row = fails_after(self.fails_in_a_row, verdict)
        return replace(self, fails_in_a_row=row, **{_FIELD[verdict]: self.of(verdict) + 1})


_FIELD = {
    Verdict.PASS: "passed",
    Verdict.REVIEW: "review",
    Verdict.FAIL: "failed",
    Verdict.NOT_INSPECTED: "not_inspected",
}
