"""What a run of the line is asked for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from station.camera.source import FrameSource
from station.domain.errors import StationError
from station.domain.inspection import PartKey, RunKind
from station.domain.recipe import Recipe, RecipeEntry, View
from station.inference.predictor import Predictor


class Releases(Protocol):
    """Knows whether the running line must use another revision; a `ReleaseWatch` on the line."""

    def poll(self, *, running: bool) -> RecipeEntry | None:
        """Return the revision that the line must use from the next part on; None if nothing has changed."""

    def report_use(self, entry: RecipeEntry, first: PartKey) -> None:
        """The line uses it from this part on."""

    def report_failure(self, entry: RecipeEntry, error: StationError) -> None:
        """The line cannot use it, and goes on as before."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What a run of the line needs.

    Attributes:
        recipe: How parts are judged.
        open_source: Opens the camera of a view; called on the line's own thread, as is `open_predictor`.
        open_predictor: Opens the model of a view.
        guard: Held while the line runs; entering it may refuse.
        count: Stop after this number of parts; None for no end.
        person: Who started it; "" if unknown.
        kind: What it is for.
        releases: Asked twice a second; None for a run that keeps its recipe whatever happens.
        use_recipe: Called with a revision that the running line has changed to.
    """

    recipe: Recipe
    open_source: Callable[[View], FrameSource]
    open_predictor: Callable[[View], Predictor]
    guard: AbstractContextManager[None]
    count: int | None = None
    person: str = ""
    kind: RunKind = RunKind.PRODUCTION
    releases: Releases | None = None
    use_recipe: Callable[[Recipe], object] = lambda _: None
