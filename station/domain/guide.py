"""The way of a new product from camera to release: which step is done, which is next. Everything follows from facts."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.domain.formatting import counted
from station.domain.recipe import RecipeEntry, RecipeState
from station.domain.training import RunProgress, RunState, TrainingRun

WANTED_GOOD = 20
"""Pictures of good parts that give a usable limit."""
FEWEST_GOOD = 8
"""Fewer cannot be taught from: five to learn, and some are kept to measure with."""


class GuideStep(StrEnum):
    """The steps, in their order; the value is the heading."""

    CAMERA = "Camera"
    PICTURES = "Good parts"
    TEACH = "Teach"
    LIMIT = "Limits"
    TRY = "Try"
    RELEASE = "Release"


@dataclass(frozen=True, slots=True)
class GuideFacts:
    """What is known of the product.

    Attributes:
        camera: The source that the line uses; "" if none is set.
        product: Its name; "" before it has one.
        good: Pictures of good parts in its working set.
        run: Its newest training run; None before the first.
        progress: How far that run is.
        draft: The newest draft; None if there is none, or it was released.
        released: The released revision.
        tried: Parts that the newest draft judged as a trial.
    """

    camera: str = ""
    product: str = ""
    good: int = 0
    run: TrainingRun | None = None
    progress: RunProgress = field(default_factory=RunProgress)
    draft: RecipeEntry | None = None
    released: RecipeEntry | None = None
    tried: int = 0


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as a person reads it.

    Attributes:
        step: Which.
        done: Whether the next one can follow.
        possible: Whether it can be worked on now.
        sentence: What is there, or what to do.
    """

    step: GuideStep
    done: bool
    possible: bool
    sentence: str


def steps_of(facts: GuideFacts) -> tuple[StepView, ...]:
    """Return every step. A step that was left is found again as it was, because nothing but the facts is remembered."""
    taught = facts.draft or facts.released
    named = bool(facts.camera and facts.product)
    return (
        StepView(GuideStep.CAMERA, bool(facts.camera), possible=True, sentence=_camera(facts)),
        StepView(GuideStep.PICTURES, facts.good >= WANTED_GOOD, possible=named, sentence=_pictures(facts)),
        StepView(GuideStep.TEACH, taught is not None, possible=_may_teach(facts), sentence=_teach(facts)),
        StepView(GuideStep.LIMIT, taught is not None, possible=taught is not None, sentence=_limit(taught)),
        StepView(GuideStep.TRY, facts.tried > 0 or _is_released(facts), possible=facts.draft is not None and
                 bool(facts.camera), sentence=_try(facts)),
        StepView(GuideStep.RELEASE, _is_released(facts), possible=facts.draft is not None, sentence=_release(facts)),
    )  # fmt: skip


def next_step(steps: tuple[StepView, ...]) -> GuideStep | None:
    """Return the first step that is not done; None if all are."""
    return next((each.step for each in steps if not each.done), None)


def _is_released(facts: GuideFacts) -> bool:
    return facts.released is not None and facts.draft is None


def _may_teach(facts: GuideFacts) -> bool:
    running = facts.run is not None and not facts.run.state.ended
    return facts.good >= FEWEST_GOOD and not running


def _camera(facts: GuideFacts) -> str:
    return f"The line looks through {facts.camera}." if facts.camera else "Choose the camera that looks at the parts."


def _pictures(facts: GuideFacts) -> str:
    if not facts.product:
        return "Give the product a name."
    if facts.good >= WANTED_GOOD:
        return f"{counted(facts.good, 'picture')} of good parts. More make the limit surer; 100 are good."
    return (
        f"{facts.good} of {WANTED_GOOD} pictures of good parts. Put a good part under the camera, and take its picture."
    )


def _teach(facts: GuideFacts) -> str:
    run = facts.run
    if run is not None and run.state in (RunState.QUEUED, RunState.RUNNING):
        return f"{run.label} is {run.state}.{_how_far(facts.progress)}"
    if run is not None and run.state is not RunState.DONE and facts.draft is None:
        return f"{run.label}: {run.state}. {run.sentence}".strip()
    taught = facts.draft or facts.released
    if taught is not None:
        return f"{taught.recipe.label} was taught."
    if facts.good < FEWEST_GOOD:
        return f"At least {FEWEST_GOOD} pictures of good parts are needed."
    return "Let the station learn what good parts look like. It takes about a minute, and goes on if you leave."


def _how_far(progress: RunProgress) -> str:
    present = progress.present
    if present is None:
        return ""
    left = f", {progress.left_s:.0f} s left" if progress.left_s is not None else ""
    share = f" {100 * progress.share:.0f} %" if progress.share is not None else ""
    return f" {present.stage}{share}{left}."


def _limit(taught: RecipeEntry | None) -> str:
    if taught is None:
        return "The limit is set from the good parts when the product is taught."
    limit = taught.recipe.views[0].limits.image_threshold
    return f"Parts that score over {limit:.2f} fail. The Limits page shows what another limit would change."


def _try(facts: GuideFacts) -> str:
    if facts.draft is None:
        return "Everything is released." if facts.released else "Teach the product first."
    if facts.tried:
        return f"{facts.draft.recipe.label} has judged {counted(facts.tried, 'part')} as a trial."
    return f"Let {facts.draft.recipe.label} judge some parts, good ones and bad ones. They are not counted."


def _release(facts: GuideFacts) -> str:
    if facts.draft is not None:
        return f"Release {facts.draft.recipe.label} with your name and a reason. Then the line may use it."
    if facts.released is not None and facts.released.state is RecipeState.RELEASED:
        return f"{facts.released.recipe.label} is released. Go to the line, choose the product, and start."
    return "Nothing to release yet."
