"""What can be asked of the line."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace

from station.camera.factory import open_source
from station.camera.source import CameraInfo, FrameSource
from station.concurrency.latest import Latest
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.inspection import Counts, Inspection, PartKey
from station.domain.messages import FaultReported, LineState, RecipeLoaded
from station.domain.part_images import PartResult
from station.domain.recipe import Recipe, RecipeState, View
from station.domain.shift import EventKind, StationEvent
from station.inference.model_package import find_package
from station.inference.predictor import Predictor
from station.line_lock import LineBusyError, line_lock
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline.context import LineContext
from station.pipeline.headless_run import HeadlessRun
from station.pipeline.line_state import LineStateMachine
from station.pipeline.recovery import close_unfinished_runs
from station.pipeline.run import Line, RunRequest
from station.pipeline.shift_counters import ShiftCounts
from station.recipes.view_editing import view_mismatch
from station.settings import CameraSettings, Settings, views_of_one_camera
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.workspace import Workspace

_JUST_ENDING_S = 1.0


class LineCommands:
    """Loading a recipe, starting and stopping, triggers and counters.

    `start` and `stop` return at once; what comes of them is told by messages.
    """

    def __init__(
        self, workspace: Workspace, database: Database, recipes: Recipes, context: LineContext, counts: ShiftCounts
    ) -> None:
        """Nothing runs yet.

        Args:
            workspace: Where models lie, and whose line it is.
            database: For putting in order what a crash left.
            recipes: Where recipes come from.
            context: The parts of the station that a line uses.
            counts: The counters of the present shift.
        """
        self._workspace = workspace
        self._database = database
        self._recipes = recipes
        self._counts = counts
        self._context = context
        self._line_state = LineStateMachine(self._context.publish)
        self._line: Line | None = None
        self.recipe: Recipe | None = None

    @property
    def state(self) -> LineState:
        """What the line is doing."""
        return self._line_state.state

    @property
    def live(self) -> Latest[PartResult]:
        """The newest part, with its judgement."""
        return self._context.live

    @property
    def cameras(self) -> Mapping[str, CameraInfo]:
        """Who the cameras are, by their views; empty before the first was opened."""
        return self._line.cameras if self._line else {}

    @property
    def sources(self) -> Mapping[str, FrameSource]:
        """The cameras themselves, for what only they can tell; their delivering methods belong to the line."""
        return self._line.sources if self._line else {}

    @property
    def expected_interval_s(self) -> float | None:
        """Usual time between two parts; None where none can be expected."""
        return self._line.expected_interval_s if self._line else None

    def counts(self) -> Counts:
        """Parts of the present shift."""
        return self._counts.counts()

    def load_recipe(self, name: str, revision: int | None = None) -> Recipe:
        """Judge by this recipe from the next start on.

        Args:
            name: Its name.
            revision: Its released revision; None takes the released one.

        Raises:
            BadInputError: There is no such recipe, it is not released, or the line is running.
        """
        self._require_stopped()
        entry = self._recipes.find_released(name)
        if revision not in (None, entry.recipe.revision):
            raise BadInputError(
                f"Recipe {name}@{revision} is not released; the line runs {entry.recipe.label}.", "Release it first."
            )
        self.recipe = entry.recipe
        self._context.plugin_runner.start_news(self._context.settings)
        self._context.events.add_event(StationEvent(utc_now(), EventKind.RECIPE_LOADED, entry.recipe.label))
        self._context.publish(RecipeLoaded(entry.recipe))
        return entry.recipe

    def start(self, source: str | Mapping[str, str] | None = None, count: int | None = None) -> None:
        """Start the line. Returns at once; a camera or model that cannot be opened is told by FaultReported.

        Args:
            source: Which camera, or one for each view of the recipe; those of the settings where not given.
            count: Stop after so many parts, None for no end.

        Raises:
            BadInputError: No recipe is loaded or it is no longer the released one, the line is running, the recipe's
                views are not those of the cameras, or two of them have the same.
        """
        self._require_stopped()
        recipe = self._loaded()
        camera, threads = self._context.settings.camera, self._context.settings.inference.threads
        run_request = self._run_request(
            source or camera.sources, recipe, count, camera, threads or _all_cores_but_one()
        )
        self._line = Line(run_request, self._context, self._line_state)
        self._line.start()

    def stop(self, reason: str = "") -> None:
        """Ask the line to stop: what was triggered still gets its verdict and its record. Returns at once."""
        if self._line and not self._line.ended:
            self._line.stop(reason)

    def wait_stopped(self, timeout_s: float) -> bool:
        """Wait until the line has stopped and no thread of it is left; whether that came in time."""
        return self._line is None or self._line.wait(timeout_s)

    def abandon(self) -> None:
        """Stop without waiting for a disk that refuses records."""
        if self._line and not self._line.ended:
            self._line.abandon()

    def pause(self) -> None:
        """Take no more parts until `resume`.

        Raises:
            LineNotReadyError: The line does not run.
        """
        self._running().pause()

    def resume(self) -> None:
        """Go on after a pause.

        Raises:
            LineNotReadyError: The line does not run.
        """
        self._running().resume()

    def trigger(self) -> PartKey:
        """Open a part by software trigger; its verdict comes as a message.

        Raises:
            LineNotReadyError: The line takes no parts now; none was opened.
        """
        return self._running().trigger()

    def run(
        self,
        source: str | Mapping[str, str],
        *,
        on_part: Callable[[Inspection], None],
        recipe: Recipe | None = None,
        count: int | None = None,
        person: str = "",
        on_trouble: Callable[[FaultReported], None] = lambda _: None,
    ) -> Counts:
        """Run the line to its end, here and now, for a program without a window.

        Args:
            source: Which camera or pictures, or which for each view of the recipe; a folder waits and loses nothing.
            on_part: Called with each part, in their order, on this thread, once its record is safe.
            recipe: Any revision; the loaded one where not given.
            count: Stop after so many parts, None for all there are.
            person: Who asks for it; it is recorded.
            on_trouble: Told of what failed meanwhile.

        Returns:
            The parts by verdict.

        Raises:
            StationError: The line could not be started, and nothing was recorded; or it failed on the way.
        """
        recipe = recipe or self.recipe
        if recipe is None:
            raise BadInputError("No recipe was given.")
        headless = HeadlessRun(self._context.news, on_part, on_trouble)
        settings = _untriggered(self._context.settings)
        context = replace(self._context, settings=settings, wait_for_reader=headless.wait_for_reader)
        run_request = replace(
            self._run_request(source, recipe, count, settings.camera, settings.inference.threads), person=person
        )
        self._line = Line(run_request, context, LineStateMachine(context.publish))
        return headless.run_to_end(self._line)

    def put_in_order(self) -> None:
        """Close what a crash left behind, unless a line is running in this workspace."""
        if not self._context.inspections.unfinished_runs():
            return
        with suppress(LineBusyError), line_lock(self._workspace.root):
            self._close_unfinished_runs()

    def _loaded(self) -> Recipe:
        """The loaded recipe, if it may still inspect: since it was loaded it may have been retired or superseded."""
        if self.recipe is None:
            raise BadInputError(
                "No recipe is loaded.", "Choose a product first.", for_operator="No product is chosen. Choose one."
            )
        entry = self._recipes.find_revision(self.recipe.name)
        if entry.state is not RecipeState.RELEASED or entry.recipe != self.recipe:
            raise BadInputError(
                f"Recipe {self.recipe.label} is no longer the released one.",
                "Load the released revision.",
                for_operator="This product has changed. Choose the product again.",
            )
        return self.recipe

    def _run_request(
        self, source: str | Mapping[str, str], recipe: Recipe, count: int | None, camera: CameraSettings, threads: int
    ) -> RunRequest:
        sources = _by_view(source, recipe)
        each = _threads_of_each(threads, len(recipe.views))
        return RunRequest(
            recipe,
            open_source=lambda view: open_source(sources[view.name], camera),
            open_predictor=lambda view: self._predictor(view, each),
            guard=self._claimed(),
            count=count,
        )

    def _predictor(self, view: View, threads: int) -> Predictor:
        from station.inference.openvino_predictor import OpenVinoPredictor  # noqa: PLC0415 - half a second

        package = find_package(self._workspace.models, view.model)
        return OpenVinoPredictor(package, view.inference, self._workspace.cache, threads)

    @contextmanager
    def _claimed(self) -> Iterator[None]:
        with line_lock(self._workspace.root):
            self._close_unfinished_runs()
            yield

    def _close_unfinished_runs(self) -> None:
        close_unfinished_runs(self._database, self._context.inspections, self._context.events)

    def _running(self) -> Line:
        if self._line is None or self._line.ended:
            raise LineNotReadyError("The line does not run.")
        return self._line

    def _require_stopped(self) -> None:
        if self._line and not (self.state.at_rest and self._line.wait(_JUST_ENDING_S)):
            raise BadInputError("The line is running.", "Stop it first.", for_operator="The line runs. Stop it first.")


def _by_view(source: str | Mapping[str, str], recipe: Recipe) -> Mapping[str, str]:
    """A source of its own for each view of the recipe; a single one is that of its only view, whatever its name."""
    if isinstance(source, str) and len(recipe.views) == 1:
        return {recipe.views[0].name: source}
    sources = {"": source} if isinstance(source, str) else source
    if apart := view_mismatch(recipe, sources):
        raise BadInputError(
            apart,
            "Name the cameras as the recipe does: in station.toml under [camera.views], or as VIEW=SOURCE.",
            for_operator="This product is for other cameras. Choose another product, or call the engineer.",
        )
    if twice := views_of_one_camera(sources):
        raise BadInputError(
            f"The views '{twice[0]}' and '{twice[1]}' of recipe {recipe.label} have the same source: "
            f"{sources[twice[0]]}.",
            "Give each view a camera or a folder of its own.",
            for_operator="Two views of this product have the same camera. Call the engineer.",
        )
    return sources


def _all_cores_but_one() -> int:
    """The window draws its pictures on the one that is left; a line that is run without a window takes them all."""
    return max(1, (os.cpu_count() or 2) - 1)


def _threads_of_each(threads: int, views: int) -> int:
    """The models of all views share the threads, and each has one; 0 is as many as OpenVINO likes, and stays 0."""
    return max(1, threads // views) if threads else 0


def _untriggered(settings: Settings) -> Settings:
    """Nobody is there to trigger."""
    if settings.camera.trigger != "software":
        return settings
    return settings.model_copy(update={"camera": settings.camera.model_copy(update={"trigger": "free"})})
