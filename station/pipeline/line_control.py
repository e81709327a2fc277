"""The line of a station: the loaded recipe, and the run that goes on now."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import replace
from functools import partial

from station.camera.source import CameraInfo, FrameSource
from station.concurrency.latest import Latest
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.inspection import Counts, Inspection, RunKind
from station.domain.messages import FaultReported, LineState, RecipeLoaded
from station.domain.part_images import PartResult
from station.domain.recipe import Recipe, RecipeEntry
from station.domain.shift import EventKind, StationEvent
from station.line_lock import line_lock, runs_elsewhere
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline.context import LineContext
from station.pipeline.headless_run import HeadlessRun
from station.pipeline.line_state import LineStateMachine
from station.pipeline.record_repair import RecordRepair
from station.pipeline.release_watch import ReleaseWatch
from station.pipeline.run import Line
from station.pipeline.run_request import RunRequest
from station.pipeline.run_setup import RunSetup, configured_cameras, threads_beside_window, untriggered
from station.recipes.view_editing import view_mismatch
from station.review.clock_watch import ClockWatch
from station.settings import CameraSettings
from station.storage.engine.database import Database
from station.storage.recipes.recipes import Recipes
from station.storage.records.clock import newest_moment
from station.workspace import Workspace

_JUST_ENDING_S = 1.0


class LineControl:
    """Holds at most one run at a time. It asks nobody for permission: the commands do.

    `start` and `stop` return at once; the line reports by messages what happens.
    """

    def __init__(self, workspace: Workspace, database: Database, recipes: Recipes, context: LineContext) -> None:
        """Create a line that does not run.

        Args:
            workspace: Where the models are, and whose line it is.
            database: For the repair after a crash.
            recipes: Where recipes come from.
            context: The parts of the station that a run uses.
        """
        self._workspace = workspace
        self._recipes = recipes
        self._context = context
        self._line_state = LineStateMachine(context.publish)
        self._line: Line | None = None
        self._setup = RunSetup(workspace)
        self._releases = ReleaseWatch(recipes, context.alarms, context.publish)
        self._repair = RecordRepair(workspace, database, context)
        zone = context.settings.station.time_zone
        self.clock = ClockWatch(context.alarms, partial(newest_moment, database), zone)

    @property
    def recipe(self) -> Recipe | None:
        """Return the loaded recipe; None before the first."""
        return None if self.entry is None else self.entry.recipe

    @property
    def entry(self) -> RecipeEntry | None:
        """Return the loaded recipe with its state as it was last read; None before the first."""
        return self._releases.entry

    @property
    def state(self) -> LineState:
        """Return what the line does now."""
        return self._line_state.state

    @property
    def context(self) -> LineContext:
        """Return the parts of the station that its runs use."""
        return self._context

    @property
    def live(self) -> Latest[PartResult]:
        """Return the place of the newest part with its pictures."""
        return self._context.live

    @property
    def cameras(self) -> Mapping[str, CameraInfo]:
        """Return the cameras by their views; empty before the first run."""
        return self._line.cameras if self._line else {}

    @property
    def sources(self) -> Mapping[str, FrameSource]:
        """Return the open sources by their views. Only the line may fetch from them."""
        return self._line.sources if self._line else {}

    @property
    def expected_interval_s(self) -> float | None:
        """Return the usual time between two parts, seconds; None if parts come at no regular time."""
        return self._line.expected_interval_s if self._line else None

    def load_recipe(self, name: str, revision: int | None = None, person: str = "") -> Recipe:
        """Use this recipe from the next start on; see `LineCommands.load_recipe`.

        Raises:
            BadInputError: There is no such recipe, it is not released, or the line is running.
        """
        self.require_stopped()
        entry = self._recipes.find_released(name)
        if revision not in (None, entry.recipe.revision):
            raise BadInputError(
                f"Recipe {name}@{revision} is not released; the line runs {entry.recipe.label}.", "Release it first."
            )
        self._use(entry, person)
        return entry.recipe

    def restore(self, person: str = "") -> bool:
        """Load the product that was loaded last; see `LineCommands.restore`."""
        last, entry = self._last_product()
        if entry is None:
            return False
        self.require_stopped()
        self._use(entry, person)
        return self._context.settings.station.resume == "run" and entry.recipe.label == last

    def prepare(self) -> None:
        """Open the models of the product that `restore` will load, beside all else that a start does. Returns at once.

        What goes wrong is said when the line is started.
        """
        _, entry = self._last_product()
        if entry is not None:
            self._setup.prepare(entry.recipe, self._context.settings.inference)

    def _last_product(self) -> tuple[str, RecipeEntry | None]:
        """Return the revision of last time, and what is released of it; None if nothing is to be loaded by itself."""
        if self.recipe is not None or self._context.settings.station.resume == "ask":
            return "", None
        last = self._context.events.newest(EventKind.RECIPE_LOADED)
        entry = None if last is None else self._recipes.released_of(last.sentence.rpartition("@")[0])
        if last is None or entry is None or view_mismatch(entry.recipe, self._context.settings.camera.sources):
            return "", None
        return last.sentence, entry

    def refresh_state(self) -> None:
        """Read the state of the loaded recipe again while no line runs; a running line does that by itself."""
        if self._line is None or self._line.ended:
            self._releases.poll(running=False)
            if self._context.challenge is not None and self.recipe is not None:
                self._context.challenge.poll(self.recipe)

    def forget_unexpected_end(self) -> None:
        """A person has seen that the station ended unexpectedly."""
        self._repair.forget_unexpected_end()

    def _use(self, entry: RecipeEntry, person: str) -> None:
        self._releases.follow(entry)
        self._context.plugin_runner.start_news(self._context.settings)
        loaded = StationEvent(utc_now(), EventKind.RECIPE_LOADED, entry.recipe.label, person=person)
        self._context.events.add_event(loaded)
        self._context.publish(RecipeLoaded(entry.recipe))

    def start(self, source: str | Mapping[str, str] | None = None, count: int | None = None, person: str = "") -> None:
        """Start a run; see `LineCommands.start`.

        Raises:
            BadInputError: The line cannot be started so.
        """
        self.require_stopped()
        recipe = self._loaded(person)
        self._require_no_check(recipe)
        request = self._request(recipe, source, self._context, count)
        publish_use = lambda changed: self._context.publish(RecipeLoaded(changed))  # noqa: E731
        request = replace(request, releases=self._releases, use_recipe=publish_use, person=person)
        self._context.forget_serial()
        self._line = Line(request, self._context, self._line_state)
        self._line.start()

    def start_check(self, person: str = "") -> Recipe:
        """Start a run for challenge parts with the loaded recipe, and return that. The station triggers its parts.

        Raises:
            BadInputError: The line cannot be started so, or the recipe has no challenge parts.
        """
        self.require_stopped()
        recipe, context = self._loaded(person), self._context.for_check()
        if not recipe.challenge.parts:
            raise BadInputError(
                f"Recipe {recipe.label} has no challenge parts.",
                "Add them on the page Challenge parts (Ctrl+F8), and release the draft.",
                for_operator="This product has no challenge parts. Call the engineer.",
            )
        request = self._request(recipe, None, context)
        self._context.forget_serial()
        self._line = Line(replace(request, person=person, kind=RunKind.CHALLENGE), context, self._line_state)
        self._line.start()
        return recipe

    def stop(self, reason: str = "", person: str = "") -> None:
        """Ask the run to stop. Triggered parts still get their verdict and their record. Returns at once."""
        if self._line and not self._line.ended:
            self._line.stop(reason, person)

    def look_now(self) -> None:
        """Let a running line see at once that another revision was released. Returns at once."""
        if self._line and not self._line.ended:
            self._line.look_now()

    def runs_elsewhere(self) -> bool:
        """Return whether another program runs the line of this workspace now; quick."""
        return (self._line is None or self._line.ended) and runs_elsewhere(self._workspace.root)

    def wait_stopped(self, timeout_s: float) -> bool:
        """Wait until the line has stopped and none of its threads is left; return whether that came in time."""
        return self._line is None or self._line.wait(timeout_s)

    def abandon(self) -> None:
        """Stop without waiting for a disk that refuses records."""
        if self._line and not self._line.ended:
            self._line.abandon()

    def run(
        self,
        source: str | Mapping[str, str],
        *,
        on_part: Callable[[Inspection], None],
        recipe: Recipe | None,
        count: int | None,
        person: str,
        kind: RunKind,
        on_trouble: Callable[[FaultReported], None],
    ) -> Counts:
        """Run the line to its end on this thread; see `LineCommands.run`.

        Raises:
            StationError: The line could not be started, and nothing was recorded; or it failed later.
        """
        recipe = recipe or self.recipe
        if recipe is None:
            raise BadInputError("No recipe was given.")
        if kind is RunKind.PRODUCTION:
            self._require_no_check(recipe)
        headless = HeadlessRun(self._context.news, on_part, on_trouble)
        settings = untriggered(self._context.settings)
        wait = headless.wait_for_reader
        context = replace(
            self._context, settings=settings, wait_for_reader=wait, previews=False, originals=None, beside=()
        )
        threads = settings.inference.threads
        request = self._setup.request(recipe, source, context, self._lock_line(), threads=threads, count=count)
        self._line = Line(replace(request, person=person, kind=kind), context, LineStateMachine(context.publish))
        return headless.run_to_end(self._line)

    def close_models(self) -> None:
        """Close the models that stay open between runs; the line has stopped."""
        self._setup.close_models()

    def running(self) -> Line:
        """Return the run that goes on now.

        Raises:
            LineNotReadyError: The line does not run.
        """
        if self._line is None or self._line.ended:
            raise LineNotReadyError("The line does not run.")
        return self._line

    def repair_records(self) -> None:
        """End the runs and the reviews that a crash cut off, unless a line is running in this workspace."""
        self.clock.check()
        self._repair.repair()

    def _loaded(self, person: str) -> Recipe:
        """Return the recipe to start with: the loaded one, or the revision that a person has released in its place."""
        if self.recipe is None:
            raise BadInputError(
                "No recipe is loaded.", "Choose a product first.", for_operator="No product is chosen. Choose one."
            )
        entry = self._recipes.released_of(self.recipe.name)
        if entry is None:
            self.refresh_state()
            raise BadInputError(
                f"Recipe {self.recipe.label} is no longer released.",
                "Release a revision of it, or load another recipe.",
                for_operator="This product was taken from the line. Choose another product, or call the engineer.",
            )
        if entry.recipe == self.recipe:
            self._releases.follow(entry)
        else:
            self._use(entry, person)
        return entry.recipe

    def _require_no_check(self, recipe: Recipe) -> None:
        """Raise `BadInputError` if a check is due without which the recipe lets no part be inspected."""
        due = self._context.challenge.poll(recipe) if self._context.challenge else None
        if due is not None and due.blocks:
            raise BadInputError(
                due.sentence,
                "Run the check first: on the page Challenge parts (Ctrl+F8), or 'linesidectl challenge check'.",
                for_operator=f"{due.sentence} Run it first (Ctrl+F8).",
            )

    def _request(
        self, recipe: Recipe, source: str | Mapping[str, str] | None, context: LineContext, count: int | None = None
    ) -> RunRequest:
        """Return the request of a run beside the window; without a source by the cameras of the settings."""
        threads = threads_beside_window(context.settings.inference)
        source = source or configured_cameras(context.settings.camera)
        return self._setup.request(recipe, source, context, self._lock_line(), threads=threads, count=count)

    @contextmanager
    def _lock_line(self) -> Iterator[None]:
        with line_lock(self._workspace.root):
            self._repair.end_what_was_cut_off()
            self.clock.check()
            with ExitStack() as beside:
                for each in (self._context.space, self._context.originals, *self._context.beside):
                    beside.enter_context(each or nullcontext())
                yield

    @property
    def camera_settings(self) -> CameraSettings:
        """Return the cameras of this machine, as the line uses them at its next start."""
        return self._context.settings.camera

    def use_cameras(self, camera: CameraSettings) -> None:
        """Use these cameras from the next start on.

        Raises:
            BadInputError: The line runs.
        """
        self.require_stopped()
        settings = self._context.settings.model_copy(update={"camera": camera})
        self._context = replace(self._context, settings=settings)

    def require_stopped(self) -> None:
        """Do nothing if no line runs.

        Raises:
            BadInputError: It runs.
        """
        if self._line and not (self.state.at_rest and self._line.wait(_JUST_ENDING_S)):
            raise BadInputError("The line is running.", "Stop it first.", for_operator="Stop the line first.")
