"""A training run: what is taught, how far it is, and how it ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class RunState(StrEnum):
    """The life of a run.

        queued -> running -> done | failed | cancelled | interrupted
        queued -> cancelled

    Nothing follows a state that ends a run; the same order can be queued again, as a new run.
    """

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def ended(self) -> bool:
        """Return whether nothing more will happen to the run."""
        return self not in (RunState.QUEUED, RunState.RUNNING)


@dataclass(frozen=True, slots=True)
class TrainingOrder:
    """What is to be taught, and from what.

    Attributes:
        product: The type of part.
        view: The camera that took the pictures; "" if the station has one only.
        dataset_version: The frozen pictures.
        method: The name of the detector's preset, such as "balanced"; several, with commas between them, are compared:
            "balanced,padim".
        whole_part: The look of the whole part adds to the score.
        with_defects: The model learns from labelled defects too.
        limit_from: "good" or "labels": what sets the limit.
        recipe: The recipe that gets the draft; "" for the one that is named like the product.
    """

    product: str
    view: str
    dataset_version: str
    method: str = "balanced"
    whole_part: bool = False
    with_defects: bool = False
    limit_from: str = "good"
    recipe: str = ""

    @property
    def recipe_name(self) -> str:
        """The recipe that gets the draft."""
        return self.recipe or self.product

    @property
    def methods(self) -> tuple[str, ...]:
        """The names of the methods, each once."""
        return tuple(dict.fromkeys(filter(None, map(str.strip, self.method.split(",")))))

    @property
    def compares(self) -> bool:
        """Whether several methods are compared; then no draft comes out of the run."""
        return len(self.methods) > 1

    @property
    def words(self) -> str:
        """The method in words: "balanced, whole part, with defects"; "compare balanced, padim"."""
        if self.compares:
            return f"compare {', '.join(self.methods)}"
        said = (self.method, "whole part" * self.whole_part, "with defects" * self.with_defects)
        return ", ".join(filter(None, said))


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """One run, with its present state.

    Attributes:
        number: 1, 2, 3 ...; never given twice.
        order: What is taught.
        person: Who queued it.
        queued_at: UTC.
        state: The present state.
        started_at: When it began to run; None before.
        ended_at: When its last state was reached; None before.
        sentence: How it ended, in a sentence; "" before and if it is done. Of a done comparison, which method is
            recommended and why.
        package: The name of its model package; "" before it ran.
        revision: The draft of the recipe that came out of it, None if none did.
    """

    number: int
    order: TrainingOrder
    person: str
    queued_at: datetime
    state: RunState
    started_at: datetime | None = None
    ended_at: datetime | None = None
    sentence: str = ""
    package: str = ""
    revision: int | None = None

    @property
    def draft(self) -> str:
        """The label of the draft that came out of it: "tile@3"; "" if none did."""
        return f"{self.order.recipe_name}@{self.revision}" if self.revision else ""

    @property
    def label(self) -> str:
        """The number as people say it: "run 7"."""
        return f"run {self.number}"

    @property
    def duration_s(self) -> float | None:
        """Seconds from start to end, None if it has not both."""
        if self.started_at is None or self.ended_at is None:
            return None
        return (self.ended_at - self.started_at).total_seconds()


@dataclass(frozen=True, slots=True)
class StageTime:
    """One stage of a run.

    Attributes:
        stage: What was done, for people: "Importing pictures".
        done, total: Steps; total is 0 if it is unknown.
        began_s: Seconds from the start of the run.
        took_s: Seconds until the last news of it.
    """

    stage: str
    done: int
    total: int
    began_s: float
    took_s: float


@dataclass(frozen=True, slots=True)
class RunProgress:
    """How far a run is.

    Attributes:
        stages: The stages until now, in order; empty before the first.
        left_s: Seconds left of the present stage, None if unknown.
        points: The curve of the whole run: seconds from its start, and steps done of the present stage, 0..1.
        losses: The curve of the loss: seconds from the start of the run, and the mean loss around then; at most a few
            hundred points, empty if the method is not trained by gradients.
    """

    stages: tuple[StageTime, ...] = ()
    left_s: float | None = None
    points: tuple[tuple[float, float], ...] = ()
    losses: tuple[tuple[float, float], ...] = ()

    @property
    def present(self) -> StageTime | None:
        """The stage that runs now; None before the first."""
        return self.stages[-1] if self.stages else None

    @property
    def share(self) -> float | None:
        """Steps done of the present stage, 0..1; None if their number is unknown."""
        now = self.present
        return now.done / now.total if now is not None and now.total else None


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A frozen dataset version, as a list shows it.

    Attributes:
        product: The type of part.
        version: Its hash.
        frozen_at: When its manifest was written, UTC.
        good_to_learn, good_to_measure: Pictures of good parts.
        defects: Pictures of each kind of defect.
        masks: How many of them have a mask.
    """

    product: str
    version: str
    frozen_at: datetime
    good_to_learn: int
    good_to_measure: int
    defects: dict[str, int]
    masks: int

    @property
    def words(self) -> str:
        """Its content in words: "220 good to learn, 33 to measure, 40 defects of 3 kinds"."""
        count, kinds = sum(self.defects.values()), len(self.defects)
        found = f"{count} defect{'s' * (count != 1)} of {kinds} kind{'s' * (kinds != 1)}" if count else "no defect"
        return f"{self.good_to_learn} good to learn, {self.good_to_measure} to measure, {found}"


@dataclass(frozen=True, slots=True)
class MethodOffer:
    """A way to teach, and why it is or is not available for some pictures.

    Attributes:
        name: The preset.
        sentence: What it looks at.
        refusal: Why it cannot be used with these pictures; "" if it can.
        cost: What it needs and costs; "" if the sentence says it.
    """

    name: str
    sentence: str
    refusal: str = ""
    cost: str = ""

    @property
    def available(self) -> bool:
        """Whether it can be used."""
        return not self.refusal


def next_of(runs: Sequence[TrainingRun]) -> TrainingRun | None:
    """Return the queued run that was queued first; None if none waits."""
    waiting = [run for run in runs if run.state is RunState.QUEUED]
    return min(waiting, key=lambda run: run.number) if waiting else None
