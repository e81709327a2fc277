"""The line of a station: the loaded recipe, the run that goes on now, and how a run is set up."""

import os
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from station.camera.factory import open_source
from station.camera.source import CameraInfo, FrameSource
from station.concurrency.latest import Latest
from station.domain.alarm import Alarm, AlarmKind
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, NoCameraError
from station.domain.formatting import day_and_time, time_of_day
from station.domain.inspection import Counts, Inspection, RunKind
from station.domain.messages import FaultReported, LineState, RecipeLoaded
from station.domain.part_images import PartResult
from station.domain.recipe import Recipe, RecipeEntry, View
from station.domain.shift import EventKind, StationEvent
from station.inference.model_package import find_package
from station.inference.predictor import Predictor
from station.line_lock import LineBusyError, line_lock, runs_elsewhere
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline.context import LineContext
from station.pipeline.headless_run import HeadlessRun
from station.pipeline.line_state import LineStateMachine
from station.pipeline.recovery import close_unfinished_runs, end_lost_reviews, lost_reviews
from station.pipeline.release_watch import ReleaseWatch
from station.pipeline.resident_models import ResidentModels
from station.pipeline.run import Line, RunRequest
from station.pipeline.view_sources import source_of_each_view
from station.recipes.view_editing import view_mismatch
from station.review.clock_watch import ClockWatch
from station.review.unexpected_end import UnexpectedEnd
from station.settings import CameraSettings, Settings
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
        self._database = database
        self._recipes = recipes
        self._context = context
        self._line_state = LineStateMachine(context.publish)
        self._line: Line | None = None
        self._models = ResidentModels()
        self._releases = ReleaseWatch(recipes, context.alarms, context.publish)
        self._unexpected_end = UnexpectedEnd(workspace.logs)
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
        if entry is None:
            return
        threads = self._context.settings.inference.threads or _all_cores_but_one()
        for view in entry.recipe.views:
            key, open_predictor = self._opener(view, _threads_of_each(threads, len(entry.recipe.views)))
            self._models.prepare(key, open_predictor)

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
        self._unexpected_end.forget()

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
        camera, threads = self._context.settings.camera, self._context.settings.inference.threads
        request = self._request(source or _configured(camera), recipe, count, camera, threads or _all_cores_but_one())
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
        camera, threads = context.settings.camera, context.settings.inference.threads
        request = self._request(_configured(camera), recipe, None, camera, threads or _all_cores_but_one())
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
        settings = _untriggered(self._context.settings)
        wait = headless.wait_for_reader
        context = replace(
            self._context, settings=settings, wait_for_reader=wait, previews=False, originals=None, beside=()
        )
        request = self._request(source, recipe, count, settings.camera, settings.inference.threads)
        self._line = Line(replace(request, person=person, kind=kind), context, LineStateMachine(context.publish))
        return headless.run_to_end(self._line)

    def close_models(self) -> None:
        """Close the models that stay open between runs; the line has stopped."""
        self._models.close()

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
        if self._context.inspections.unfinished_runs() or lost_reviews(self._database, self._review_time_limit_s):
            with suppress(LineBusyError), line_lock(self._workspace.root):
                self._end_what_was_cut_off()
        if (at := self._unexpected_end.when()) is not None:
            zone = self._context.settings.station.time_zone
            self._context.alarms.raise_alarm(AlarmKind.ENDED_UNEXPECTEDLY, _ended_unexpectedly(at, zone))
            self._context.alarms.end_alarm(AlarmKind.ENDED_UNEXPECTEDLY)

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
        self, source: str | Mapping[str, str], recipe: Recipe, count: int | None, camera: CameraSettings, threads: int
    ) -> RunRequest:
        sources = source_of_each_view(source, recipe)
        each = _threads_of_each(threads, len(recipe.views))
        return RunRequest(
            recipe,
            open_source=lambda view: open_source(sources[view.name], camera, self._context.parts_of),
            open_predictor=lambda view: self._predictor(view, each),
            guard=self._lock_line(),
            count=count,
        )

    def _predictor(self, view: View, threads: int) -> Predictor:
        find_package(self._workspace.models, view.model)  # each start checks its files, also of a model that is open
        return self._models.lend(*self._opener(view, threads))

    def _opener(self, view: View, threads: int) -> tuple[Hashable, Callable[[], Predictor]]:
        """Return the key by which a model is kept open, and what opens it."""

        def open_model() -> Predictor:
            from station.inference.opening import open_predictor  # noqa: PLC0415 - half a second

            package = find_package(self._workspace.models, view.model)
            return open_predictor(package, view.inference, self._workspace.cache, threads)

        return (view.model.sha256, view.inference, threads), open_model

    @contextmanager
    def _lock_line(self) -> Iterator[None]:
        with line_lock(self._workspace.root):
            self._end_what_was_cut_off()
            self.clock.check()
            with ExitStack() as beside:
                for each in (self._context.space, self._context.originals, *self._context.beside):
                    beside.enter_context(each or nullcontext())
                yield

    def _end_what_was_cut_off(self) -> None:
        still_open = self._context.open_reviews()
        ended = close_unfinished_runs(self._database, self._context.inspections, self._context.events, still_open)
        if ended is not None:
            self._unexpected_end.keep(ended)
        end_lost_reviews(self._database, self._review_time_limit_s, still_open)

    @property
    def _review_time_limit_s(self) -> float:
        return self._context.settings.screen.review_time_limit_s

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


def _configured(camera: CameraSettings) -> Mapping[str, str]:
    """Return the cameras of the settings.

    Raises:
        BadInputError: There is none: nothing is inspected that nobody has chosen.
    """
    if not camera.is_set:
        raise NoCameraError("No camera is set.")
    return camera.sources


def _ended_unexpectedly(at: datetime, time_zone: str) -> Alarm:
    return Alarm(
        f"The station ended unexpectedly at {time_of_day(at, time_zone)[:5]}, {day_and_time(at, time_zone)[:6]}.",
        "A power cut, or the program was ended from outside.",
        "Parts that passed after that time were not inspected.",
        "Check the parts since then. Nothing that was recorded is lost.",
    )


def _all_cores_but_one() -> int:
    """Leave one core to the window, which draws the pictures. A line without a window takes all."""
    return max(1, (os.cpu_count() or 2) - 1)


def _threads_of_each(threads: int, views: int) -> int:
    """Share the threads among the models of all views: at least one each. 0 lets OpenVINO choose, and stays 0."""
    return max(1, threads // views) if threads else 0


def _untriggered(settings: Settings) -> Settings:
    """Let the cameras run freely if they wait for a software trigger: without a window nobody triggers."""
    if settings.camera.trigger != "software":
        return settings
    return settings.model_copy(update={"camera": settings.camera.model_copy(update={"trigger": "free"})})
