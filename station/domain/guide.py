"""The way of a new product from camera to release: which step is done, which is next. Everything follows from facts."""

from dataclasses import dataclass, field
from enum import StrEnum

from station.domain.formatting import counted
from station.domain.frame import Frame
from station.domain.inspected_place import InspectedPlace
from station.domain.recipe import Recipe, RecipeEntry, RecipeState, View, listed
from station.domain.training import RunProgress, RunState, TrainingRun

WANTED_GOOD = 20
"""Pictures of good parts that give a usable limit."""
FEWEST_GOOD = 8
"""Fewer cannot be taught from: five to learn, and some are kept to measure with."""


class GuideStep(StrEnum):
    """The steps, in their order; the value is the heading."""

    CAMERA = "Camera"
    REGION = "Region"
    PICTURES = "Good parts"
    TEACH = "Teach"
    LIMIT = "Limits"
    TRY = "Try"
    RELEASE = "Release"


StepKey = tuple[GuideStep, str]
"""A step and its view. The view is "" for the steps of the whole product, and if the station has one camera."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownPicture:
    """A picture that a person sees, and who took it.

    Attributes:
        frame: The picture.
        source: Source URI of the camera.
        camera: Its name; "" if it has none.
    """

    frame: Frame
    source: str
    camera: str = ""

    @property
    def origin(self) -> str:
        """Where it came from, for people: "camera ACME 4711 (genicam:4711), frame 7, 2026-11-28 17:03:12 UTC"."""
        camera = f"{self.camera} ({self.source})" if self.camera else self.source
        picture = self.frame.origin.removeprefix(self.source).strip()
        at = f"{self.frame.received_at:%Y-%m-%d %H:%M:%S} UTC"
        return ", ".join(filter(None, (f"camera {camera}", picture, at)))


@dataclass(frozen=True, slots=True)
class ViewFacts:
    """What is known of one view of the product.

    Attributes:
        name: Its name; "" if the station has one camera.
        camera: The source that the line uses for it; "" if none is set.
        place: Where it is inspected; None if nobody has said so.
        good: Pictures of good parts in its working set.
        run: Its newest training run; None before the first.
        progress: How far that run is.
    """

    name: str = ""
    camera: str = ""
    place: InspectedPlace | None = None
    good: int = 0
    run: TrainingRun | None = None
    progress: RunProgress = field(default_factory=RunProgress)


@dataclass(frozen=True, slots=True)
class GuideFacts:
    """What is known of the product.

    Attributes:
        product: Its name; "" before it has one.
        views: Each camera of the station, at least one.
        draft: The newest draft; None if there is none, or it was released.
        released: The released revision.
        tried: Parts that the newest draft judged as a trial.
    """

    product: str = ""
    views: tuple[ViewFacts, ...] = (ViewFacts(),)
    draft: RecipeEntry | None = None
    released: RecipeEntry | None = None
    tried: int = 0

    @property
    def newest(self) -> Recipe | None:
        """The draft, else the released revision."""
        entry = self.draft or self.released
        return None if entry is None else entry.recipe

    def view(self, name: str) -> ViewFacts:
        """Return what is known of the view of this name; of the first one if there is none."""
        return next((each for each in self.views if each.name == name), self.views[0])


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as a person reads it.

    Attributes:
        step: Which.
        view: The view that it is about; "" for the whole product, and if the station has one camera.
        done: Whether the next one can follow.
        possible: Whether it can be worked on now.
        sentence: What is there, or what to do.
    """

    step: GuideStep
    view: str
    done: bool
    possible: bool
    sentence: str

    @property
    def key(self) -> StepKey:
        """Step and view."""
        return self.step, self.view

    @property
    def heading(self) -> str:
        """The step for people: "Region", or "Region: top" if the station has several cameras."""
        return f"{self.step.value}: {self.view}" if self.view else self.step.value


def steps_of(facts: GuideFacts) -> tuple[StepView, ...]:
    """Return every step; of several cameras, the steps of each one before those of the whole product.

    A step that was left is found again as it was, because nothing but the facts is remembered.
    """
    newest = facts.newest
    return (
        *(step for view in facts.views for step in _steps_of_view(facts, view)),
        StepView(GuideStep.LIMIT, "", newest is not None, newest is not None, _limit(newest)),
        StepView(GuideStep.TRY, "", facts.tried > 0 or _is_released(facts), _may_try(facts), _try(facts)),
        StepView(GuideStep.RELEASE, "", _is_released(facts), _is_whole(facts, facts.draft), _release(facts)),
    )


def next_step(steps: tuple[StepView, ...]) -> StepKey | None:
    """Return the first step that is not done; None if all are."""
    return next((each.key for each in steps if not each.done), None)


def _steps_of_view(facts: GuideFacts, view: ViewFacts) -> tuple[StepView, ...]:
    name, camera = view.name, bool(view.camera)
    named = bool(facts.product)
    done = _is_taught(facts.newest, view)
    return (
        StepView(GuideStep.CAMERA, name, camera, True, _camera(view)),
        StepView(GuideStep.REGION, name, view.place is not None, named, _region(facts, view)),
        StepView(GuideStep.PICTURES, name, view.good >= WANTED_GOOD, camera and named, _pictures(facts, view)),
        StepView(GuideStep.TEACH, name, done, _may_teach(view), _teach(facts, view)),
    )


def _taught_view(recipe: Recipe | None, view: ViewFacts) -> View | None:
    return next((each for each in recipe.views if each.name == view.name), None) if recipe else None


def _is_taught(recipe: Recipe | None, view: ViewFacts) -> bool:
    """Return whether the recipe inspects this view where a person wants it, with a model that was taught there."""
    taught = _taught_view(recipe, view)
    if taught is None or taught.needs_teaching:
        return False
    return view.place in (None, InspectedPlace.of(taught))


def _is_whole(facts: GuideFacts, entry: RecipeEntry | None) -> bool:
    """Return whether a revision has all cameras and no other one, each of them taught as it is wanted now."""
    return entry is not None and not _missing(facts, entry.recipe)


def _missing(facts: GuideFacts, recipe: Recipe) -> str:
    """Return why the line cannot use a revision yet; "" if it can."""
    names = tuple(view.name for view in facts.views)
    for view in facts.views:
        which = f" of view '{view.name}'" if view.name else ""
        if _taught_view(recipe, view) is None:
            return f"{recipe.label} has no model{which} yet. Teach it first: no camera is left out."
        if not _is_taught(recipe, view):
            return f"The region{which} has changed since {recipe.label} was taught. Teach it again."
    if not recipe.sees(names):
        return f"{recipe.label} sees {listed(recipe.view_names)}, and the cameras are {listed(names)}."
    return ""


def _is_released(facts: GuideFacts) -> bool:
    return facts.draft is None and _is_whole(facts, facts.released)


def _may_teach(view: ViewFacts) -> bool:
    running = view.run is not None and not view.run.state.ended
    return view.good >= FEWEST_GOOD and view.place is not None and not running


def _may_try(facts: GuideFacts) -> bool:
    return _is_whole(facts, facts.draft) and all(view.camera for view in facts.views)


def _camera(view: ViewFacts) -> str:
    which = f"View '{view.name}'" if view.name else "The line"
    if view.camera:
        return f"{which} looks through {view.camera}."
    return "Choose the camera that looks at the parts, or give its address or a folder of pictures."


def _region(facts: GuideFacts, view: ViewFacts) -> str:
    if not facts.product:
        return "Give the product a name."
    if view.place is None:
        return "Draw a rectangle around what is inspected, or take the whole picture."
    words = view.place.words or "the whole picture"
    return f"Inspected: {words}. Pictures that are taken are kept whole, so this can be changed."


def _pictures(facts: GuideFacts, view: ViewFacts) -> str:
    if not facts.product:
        return "Give the product a name."
    if view.good >= WANTED_GOOD:
        return f"{counted(view.good, 'picture')} of good parts. More make the limit surer; 100 are good."
    return (
        f"{view.good} of {WANTED_GOOD} pictures of good parts. Put a good part under the camera, and take its picture."
    )


def _teach(facts: GuideFacts, view: ViewFacts) -> str:
    run, newest = view.run, facts.newest
    if run is not None and run.state in (RunState.QUEUED, RunState.RUNNING):
        return f"Run {run.number} is {run.state}.{_how_far(view.progress)}"
    if newest is not None and _is_taught(newest, view):
        return f"{newest.label} was taught."
    if run is not None and run.state is not RunState.DONE:
        return f"Run {run.number}: {run.state}. {run.sentence}".strip()
    return _what_to_teach(facts, view)


def _what_to_teach(facts: GuideFacts, view: ViewFacts) -> str:
    if view.place is None:
        return "Say first which region is inspected."
    if view.good < FEWEST_GOOD:
        return f"At least {FEWEST_GOOD} pictures of good parts are needed."
    if _taught_view(facts.newest, view) is not None:
        return "The region has changed since the product was taught. Teach it again."
    return "Let the station learn what good parts look like. It takes about a minute, and goes on if you leave."


def _how_far(progress: RunProgress) -> str:
    present = progress.present
    if present is None:
        return ""
    left = f", {progress.left_s:.0f} s left" if progress.left_s is not None else ""
    share = f" {100 * progress.share:.0f} %" if progress.share is not None else ""
    return f" {present.stage}{share}{left}."


def _limit(newest: Recipe | None) -> str:
    if newest is None:
        return "The limit is set from the good parts when the product is taught."
    limits = newest.of_each_view(lambda view: f"{view.limits.image_threshold:.2f}")
    return f"Parts that score over {limits} fail. The Limits page shows what another limit would change."


def _try(facts: GuideFacts) -> str:
    if facts.draft is None:
        if facts.released is None:
            return "Teach the product first."
        return _missing(facts, facts.released.recipe) or "Everything is released."
    if missing := _missing(facts, facts.draft.recipe):
        return missing
    if facts.tried:
        return f"{facts.draft.recipe.label} has judged {counted(facts.tried, 'part')} as a trial."
    return f"Let {facts.draft.recipe.label} judge some parts, good ones and bad ones. They are not counted."


def _release(facts: GuideFacts) -> str:
    if facts.draft is not None:
        said = _missing(facts, facts.draft.recipe)
        return said or f"Release {facts.draft.recipe.label} with your name and a reason. Then the line may use it."
    if facts.released is not None and facts.released.state is RecipeState.RELEASED:
        label = facts.released.recipe.label
        return _missing(facts, facts.released.recipe) or (
            f"{label} is released. Go to the line, choose the product, and start."
        )
    return "Nothing to release yet."
