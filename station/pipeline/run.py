"""One run of the line, from opening its cameras to its end in the records."""

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

import station
from station.camera.connection import CameraConnection
from station.camera.source import CameraInfo, FrameSource
from station.concurrency.started import Started
from station.concurrency.worker import Worker
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, FaultError, StationError, StorageError
from station.domain.formatting import counted, one_or_many
from station.domain.inspection import PartKey, Run, RunHeader, RunKind
from station.domain.messages import FaultReported, LineState
from station.domain.recipe import Recipe, RecipeEntry, View
from station.domain.shift import EventKind, StationEvent
from station.domain.source_uri import picture_origin
from station.inference.predictor import Predictor
from station.judgement.inspector import Inspector
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline.context import LineContext
from station.pipeline.line_state import LineStateMachine
from station.pipeline.run_models import RunModels
from station.pipeline.run_workers import RunWorkers
from station.pipeline.source_faults import source_faults
from station.pipeline.wiring import ViewInput
from station.plugin_api.failures import PluginFailure
from station.reporting.shift_calendar import shift_of

_log = logging.getLogger(__name__)
_WATCH_S = 0.1
_ASKED_EVERY_S = 0.5
_ENDS_WITHIN_S = 0.01
"""A thread that has given its last frame is over within this time."""
_DUE_UNKNOWN = "It cannot be read whether a check with challenge parts is due."


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


class Line:
    """A run of the line on a thread of its own, which supervises the workers. Used once.

        new --start()--> opening --> running --stop(), last picture, failed worker--> finishing --> ended
                            | a StationError: `error`, nothing was recorded                           ^
                            +-------------------------------------------------------------------------+

    Opening takes as long as the camera and the model take. Only `wait` waits; all other methods return at once.
    """

    def __init__(self, run_request: RunRequest, context: LineContext, line_state: LineStateMachine) -> None:
        self._run_request = run_request
        self._context = context
        self._line_state = line_state
        self._thread = Worker("line", self._step, self._report_bug, at_end=self._enter_last_state)
        self._next: Callable[[], bool] = self._open
        self._resources = ExitStack()
        self._ending = threading.Lock()
        self._has_ended = False
        self._stopping = threading.Event()
        self._called, self._looks = threading.Event(), threading.Event()
        self._reason = self._stopped_by = ""
        self._workers: RunWorkers | None = None
        self._recipe = run_request.recipe
        self._models = RunModels(run_request.open_predictor)
        self._asked_s = time.monotonic()
        self.error: StationError | None = None
        self.sources: dict[str, FrameSource] = {}

    @property
    def ended(self) -> bool:
        """Return True if the run is over and its thread has ended."""
        return not self._thread.alive

    @property
    def cameras(self) -> Mapping[str, CameraInfo]:
        """Return a description of each opened camera, by its view."""
        return {view: source.info for view, source in tuple(self.sources.items())}

    @property
    def expected_interval_s(self) -> float | None:
        """Return the usual time between two parts, in seconds; None if no part can be expected."""
        return self._workers.expected_interval_s if self._workers else None

    @property
    def refused_by_disk(self) -> bool:
        """Return True while the disk refuses records; they are kept and tried again."""
        return self._workers is not None and self._workers.refused_by_disk

    def start(self) -> None:
        """Start the run. Returns at once."""
        self._line_state.enter_state(LineState.STARTING)
        self._thread.start()

    def stop(self, reason: str = "", person: str = "") -> None:
        """Ask for the end. Parts that were triggered still get their verdict and their record."""
        with self._ending:
            if self._has_ended:
                return
            if not self._stopping.is_set():
                self._reason, self._stopped_by = reason, person
                self._stopping.set()
                self._line_state.enter_state(LineState.STOPPING, reason)
        if self._workers:
            self._workers.stop()

    def abandon(self) -> None:
        """Ask for the end without waiting for a disk that refuses records. The run stays unfinished in the records."""
        self.stop()
        if self._workers:
            self._workers.abandon()

    def look_now(self) -> None:
        """Ask now whether another revision must be used, and not only twice a second. Returns at once."""
        self._looks.set()
        self._called.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; return False if the run is not over."""
        return self._thread.join(timeout_s)

    def pause(self, person: str = "") -> None:
        """Admit no more parts until `resume`."""
        self._running_workers().admission.pause(person)

    def resume(self, reason: str = "", person: str = "") -> None:
        """Admit parts again after a pause, and record its reason."""
        self._running_workers().admission.resume(reason, person)

    def trigger(self) -> PartKey:
        """Open a part by software trigger.

        Raises:
            LineNotReadyError: The line takes no parts now, or a check runs: any other part would count as one of its
                challenge parts.
        """
        if self._run_request.kind is RunKind.CHALLENGE:
            raise LineNotReadyError("A check with challenge parts runs. It asks for its parts itself (Ctrl+F8).")
        return self._running_workers().admission.trigger()

    def trigger_challenge_part(self) -> PartKey:
        """Open the part that a check has asked for.

        Raises:
            LineNotReadyError: The line takes no parts now, or no check runs.
        """
        if self._run_request.kind is not RunKind.CHALLENGE:
            raise LineNotReadyError("No check with challenge parts runs.")
        return self._running_workers().admission.trigger()

    def _running_workers(self) -> RunWorkers:
        if self._workers is None or self._stopping.is_set():
            raise LineNotReadyError("The line does not run.")
        return self._workers

    def _step(self) -> bool:
        return self._next()

    def _open(self) -> bool:
        self._next = self._release
        try:
            self._workers = self._open_all()
        except StationError as error:
            self._fail_start(error)
            return True
        self._next = partial(self._watch, self._workers)
        self._withhold_if_due(self._workers, self._recipe, begins=True)
        self._workers.start()
        self._line_state.replace_state(LineState.STARTING, LineState.WAITING)
        if self._stopping.is_set():
            self._workers.stop()
        return True

    def _open_all(self) -> RunWorkers:
        """Open everything before the run is recorded, so that a run that cannot start leaves no trace in the records.

        The models are opened while the cameras are. The cameras start last and all at once: frames of a camera that
        waits for the others would only pile up.
        """
        self._resources.enter_context(self._run_request.guard)
        opening = Started("models", partial(self._models.open, self._run_request.recipe))
        self._resources.callback(self._close_models, opening)
        for view in self._run_request.recipe.views:
            self._open_source(view)
        self._require_same_kind()
        predictors = opening.result()
        self._start_plugins()
        view_inputs = {
            view.name: self._view_input(view, predictors[view.name]) for view in self._run_request.recipe.views
        }
        self._start_cameras(view_inputs.values())
        self._context.refresh_lot()
        run = self._begin_run(self._recipe)
        return RunWorkers(
            run,
            view_inputs,
            self._context.of_kind(self._run_request.kind).keeping(self._keep_pass_every),
            self._line_state,
            self._run_request.count,
            self._called.set,
        )

    def _close_models(self, opening: Started[Mapping[str, Predictor]]) -> None:
        opening.failed()  # waits: no model may be opened behind the end of the run
        self._models.close()

    def _open_source(self, view: View) -> None:
        source = self._run_request.open_source(view)
        self._resources.callback(source.close)
        self.sources[view.name] = source
        for fault in source_faults(view, source.info):
            self._context.publish(fault)

    def _require_same_kind(self) -> None:
        if len({source.info.on_demand for source in self.sources.values()}) > 1:
            raise BadInputError(
                "Stored pictures and cameras cannot show the same parts together.", "Give each view a camera, or none."
            )

    def _view_input(self, view: View, predictor: Predictor) -> ViewInput:
        camera = self._context.settings.camera
        connection = CameraConnection(
            self.sources[view.name],
            view.camera_settings,
            runs_free=camera.trigger == "free",
            lost_after_s=camera.lost_after_s,
        )
        connection.apply_settings()
        return ViewInput(connection, Inspector(view, predictor, self._run_request.recipe.product))

    def _start_cameras(self, view_inputs: Collection[ViewInput]) -> None:
        with ThreadPoolExecutor(len(view_inputs), "camera start") as threads:
            for started in [threads.submit(view_input.connection.start_acquisition) for view_input in view_inputs]:
                started.result()

    def _start_plugins(self) -> None:
        """Start no line if a reject output cannot be opened: bad parts would go on to the customer."""
        self._resources.callback(self._stop_plugins)
        failures = self._context.plugin_runner.start_plugins(self._context.settings, self.trigger)
        self._publish_failures(failures[1:])
        if failures:
            raise failures[0].error

    def _stop_plugins(self) -> None:
        self._publish_failures(self._context.plugin_runner.stop_plugins())

    def _publish_failures(self, failures: Iterable[PluginFailure]) -> None:
        for failure in failures:
            self._context.publish(failure.fault)

    def _begin_run(self, recipe: Recipe, first_number: int | None = None) -> Run:
        """Begin a run in the records; the models that were opened last are its own.

        Args:
            recipe: What it judges by.
            first_number: The number of its first part, if it goes on where another run ends; else on from the records.
        """
        started_at = utc_now()
        run = self._context.inspections.begin_run(
            recipe,
            camera=recipe.of_each_view(lambda view: self.sources[view.name].info.source),
            program_version=station.__version__,
            person=self._run_request.person,
            started_at=started_at,
            header=self._header(started_at, first_number),
        )
        self._models.belong_to(run.run_id)
        return run

    def _header(self, started_at: datetime, first_number: int | None) -> RunHeader:
        """Number the parts on from the last one of the shift; those of a trial are numbered from 1."""
        kind, window = self._run_request.kind, shift_of(started_at, self._context.settings.station)
        counted = kind is RunKind.PRODUCTION
        if first_number is None:
            last = self._context.inspections.last_number(window.start, window.end) if counted else 0
            first_number = last + 1
        return RunHeader(kind, picture_origin(info.source for info in self.cameras.values()), first_number)

    def _watch(self, workers: RunWorkers) -> bool:
        self._called.wait(_WATCH_S)
        self._called.clear()
        if workers.wait_for_an_end(0 if self._looks.is_set() else _ENDS_WITHIN_S):
            if not (self._stopping.is_set() or workers.has_failed):
                self._reason = self._reason or self._why_ended(workers)
            self._line_state.enter_state(LineState.STOPPING, self._reason)
            self._next = partial(self._finish, workers)
            return True
        if self._is_time_to_ask():
            if (entry := self._due_release()) is not None:
                self._change_recipe(workers, entry)
            self._refresh_lot()
            self._withhold_if_due(workers, self._recipe)
        for run_id in workers.end_replaced_runs():
            self._models.close_run(run_id)
        return True

    def _is_time_to_ask(self) -> bool:
        """Return whether what the line goes by may have changed: twice a second, and when this program says so."""
        now_s, looks = time.monotonic(), self._looks.is_set()
        self._looks.clear()
        if self._stopping.is_set() or (now_s - self._asked_s < _ASKED_EVERY_S and not looks):
            return False
        self._asked_s = now_s
        return True

    def _refresh_lot(self) -> None:
        try:
            self._context.refresh_lot()
        except StorageError as error:
            _log.warning("the lot cannot be read: %s", error)

    @property
    def _keep_pass_every(self) -> int | None:
        """Return how many good parts have one kept picture; every challenge part has."""
        return 1 if self._run_request.kind is RunKind.CHALLENGE else self._recipe.keep_pass_every

    def _withhold_if_due(self, workers: RunWorkers, recipe: Recipe, *, begins: bool = False) -> None:
        """Judge no more parts if a check is due and the recipe wants that; asked here, so that no part waits for it.

        If it cannot be read, everything stays as it is; for a revision that begins, nothing is judged until it can.
        """
        challenge = self._context.challenge
        if challenge is None or self._run_request.kind is not RunKind.PRODUCTION:
            return
        try:
            due = challenge.poll(recipe)
        except StorageError as error:
            _log.warning("whether a check is due cannot be read: %s", error)
            if begins and recipe.challenge.parts and recipe.challenge.blocks:
                workers.admission.withhold_verdicts(_DUE_UNKNOWN)
            return
        workers.admission.withhold_verdicts(due.sentence if due and due.blocks else "")

    def _why_ended(self, workers: RunWorkers) -> str:
        """Return why a run has ended that nobody has stopped, for the screen and the record."""
        if self._run_request.count is not None and workers.opened >= self._run_request.count:
            wanted = counted(self._run_request.count, "part")
            were = one_or_many(self._run_request.count, "was wanted, and it has", "were wanted, and all of them have")
            return f"{wanted} {were} come"
        return "there are no more pictures, all of them were inspected"

    def _due_release(self) -> RecipeEntry | None:
        """Return a revision that must be used at once. Asked on this thread, so that no part ever waits for it."""
        releases = self._run_request.releases
        try:
            return releases.poll(running=True) if releases else None
        except StorageError as error:
            _log.warning("the recipe's state cannot be read: %s", error)
            return None

    def _change_recipe(self, workers: RunWorkers, entry: RecipeEntry) -> None:
        """Judge by another revision from the next part on. Cameras and triggers go on; every part keeps its own."""
        releases, recipe = self._run_request.releases, entry.recipe
        assert releases is not None
        try:
            predictors = self._models.open(recipe)
            # parts that are not recorded yet count too: after a power cut they are not missed in this run
            run = self._begin_run(recipe, workers.next_number)
        except StationError as error:
            _log.error("the line cannot use %s: %s", recipe.label, error)
            releases.report_failure(entry, error)
            return
        judges = {view.name: Inspector(view, predictors[view.name], recipe.product) for view in recipe.views}
        event = StationEvent(utc_now(), EventKind.RECIPE_LOADED, recipe.label, person=entry.change.person)
        self._withhold_if_due(workers, recipe, begins=True)  # no part of the new revision comes before
        first = workers.continue_as(run, judges, event)
        self._recipe = recipe
        self._run_request.use_recipe(recipe)
        releases.report_use(entry, PartKey(run.run_id, first))
        self._number_from(run, first)  # last: it waits for the disk, behind the recorder

    def _number_from(self, run: Run, first: int) -> None:
        """Record the first number of a run that was begun between two parts; only now it is known."""
        try:
            self._context.inspections.set_first_number(run.run_id, first)
        except StorageError as error:
            _log.error("the first number %d of run %d could not be recorded: %s", first, run.run_id, error)

    def _finish(self, workers: RunWorkers) -> bool:
        self._next = self._release
        complete = workers.finish(self._reason, self._stopped_by)
        if workers.failure:
            self.error = FaultError(workers.failure)
        elif not complete:
            self.error = StorageError("The disk refused records to the end; the run is not complete in the records.")
        return True

    def _release(self) -> bool:
        """Close plug-ins, cameras, models and guard; an error of one is reported and does not keep the others open."""
        self._resources.close()
        return False

    def _fail_start(self, error: StationError) -> None:
        self.error = error
        self._context.publish(FaultReported.of("line", error))

    def _report_bug(self, where: str, error: BaseException) -> None:
        bug = f"The line failed: {type(error).__name__}: {error}."
        shown = error if isinstance(error, StationError) else FaultError(bug)
        self._context.publish(FaultReported.of(where, shown))
        self.error = self.error or shown

    def _enter_last_state(self) -> None:
        """Enter the last state, as the last act of this thread: from now on the line can be started again."""
        self._context.forget_serial()
        stopped_well = self._workers is None or self.error is None
        text = self.error.sentence if self.error else self._reason
        with self._ending:
            self._has_ended = True
            state = LineState.STOPPED if stopped_well else LineState.FAULT
            self._line_state.enter_state(state, text, "" if self.error else self._reason)
