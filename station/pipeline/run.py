"""One run of the line, from opening its cameras to its end in the records."""

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import partial

import station
from station.camera.connection import CameraConnection
from station.camera.source import CameraInfo, FrameSource
from station.concurrency.worker import Worker
from station.domain.clock import utc_now
from station.domain.errors import BadInputError, FaultError, StationError, StorageError
from station.domain.inspection import PartKey, Run
from station.domain.messages import FaultReported, LineState
from station.domain.recipe import Recipe, View
from station.inference.predictor import Predictor
from station.judgement.inspector import Inspector
from station.matching.frame_matcher import LineNotReadyError
from station.pipeline.camera_channel import ViewInput
from station.pipeline.context import LineContext
from station.pipeline.line_state import LineStateMachine
from station.pipeline.run_workers import RunWorkers
from station.plugin_api.runner import PluginFailure

_WATCH_S = 0.1


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the line is to do.

    Attributes:
        recipe: How parts are judged.
        open_source: The camera of a view; called on the line's own thread, as is `open_predictor`.
        open_predictor: The model of a view.
        guard: Held while the line runs; entering it may refuse.
        count: Stop after so many parts; None for no end.
        person: Who started it; "" where nobody is named.
    """

    recipe: Recipe
    open_source: Callable[[View], FrameSource]
    open_predictor: Callable[[View], Predictor]
    guard: AbstractContextManager[None]
    count: int | None = None
    person: str = ""


class Line:
    """A run of the line on a thread of its own, which supervises the workers. Used once.

        new --start()--> opening --> running --stop(), last picture, failed worker--> finishing --> ended
                            | a StationError: `error`, nothing was recorded                           ^
                            +-------------------------------------------------------------------------+

    Opening takes as long as the camera and the model take. No method but `wait` does.
    """

    def __init__(self, order: RunRequest, context: LineContext, line_state: LineStateMachine) -> None:
        self._order = order
        self._context = context
        self._line_state = line_state
        self._thread = Worker("line", self._step, self._thread_failed, at_end=self._ended)
        self._next: Callable[[], bool] = self._open
        self._held = ExitStack()
        self._ending = threading.Lock()
        self._over = False
        self._stopping = threading.Event()
        self._reason = ""
        self._workers: RunWorkers | None = None
        self.error: StationError | None = None
        self.sources: dict[str, FrameSource] = {}

    @property
    def ended(self) -> bool:
        """The run is over, and no thread of it is left."""
        return not self._thread.alive

    @property
    def cameras(self) -> Mapping[str, CameraInfo]:
        """Who the cameras are, by their views, those that are opened."""
        return {view: source.info for view, source in tuple(self.sources.items())}

    @property
    def expected_interval_s(self) -> float | None:
        """Usual time between two parts; None where none can be expected."""
        return self._workers.expected_interval_s if self._workers else None

    @property
    def refused_by_disk(self) -> bool:
        """The disk takes no records at present; they are kept and tried again."""
        return self._workers is not None and self._workers.refused_by_disk

    def start(self) -> None:
        """Begin."""
        self._line_state.enter(LineState.STARTING)
        self._thread.start()

    def stop(self, reason: str = "") -> None:
        """Ask for the end: what was triggered still gets its verdict and its record."""
        with self._ending:
            if self._over:
                return
            if not self._stopping.is_set():
                self._reason = reason
                self._stopping.set()
                self._line_state.enter(LineState.STOPPING, reason)
        if self._workers:
            self._workers.stop()

    def abandon(self) -> None:
        """Ask for the end without waiting for a disk that refuses records. The run stays unfinished in the records."""
        self.stop()
        if self._workers:
            self._workers.abandon()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the end; whether it came in time."""
        return self._thread.join(timeout_s)

    def pause(self) -> None:
        """Take no more parts until `resume`."""
        self._running().admission.pause()

    def resume(self) -> None:
        """Go on after a pause."""
        self._running().admission.resume()

    def trigger(self) -> PartKey:
        """Open a part by software trigger.

        Raises:
            LineNotReadyError: The line takes no parts now.
        """
        return self._running().admission.trigger()

    def _running(self) -> RunWorkers:
        if self._workers is None or self._stopping.is_set():
            raise LineNotReadyError("The line does not run.")
        return self._workers

    def _step(self) -> bool:
        return self._next()

    def _open(self) -> bool:
        self._next = self._let_go
        try:
            self._workers = self._opened()
        except StationError as error:
            self._refused(error)
            return True
        self._next = partial(self._watch, self._workers)
        self._workers.start()
        self._line_state.move(LineState.STARTING, LineState.WAITING)
        if self._stopping.is_set():
            self._workers.stop()
        return True

    def _opened(self) -> RunWorkers:
        """Everything is tried before the run is written down: what cannot start leaves no trace in the records.

        The cameras start last and all at once: pictures of one that waits for the others only pile up.
        """
        self._held.enter_context(self._order.guard)
        for view in self._order.recipe.views:
            self._open_source(view)
        self._require_one_kind()
        predictors = {view.name: self._open_predictor(view) for view in self._order.recipe.views}
        self._start_guests()
        view_inputs = {view.name: self._view_input(view, predictors[view.name]) for view in self._order.recipe.views}
        self._wake(view_inputs.values())
        return RunWorkers(self._begun_run(), view_inputs, self._context, self._line_state, self._order.count)

    def _open_source(self, view: View) -> None:
        source = self._order.open_source(view)
        self._held.callback(source.close)
        self.sources[view.name] = source

    def _require_one_kind(self) -> None:
        if len({source.info.on_demand for source in self.sources.values()}) > 1:
            raise BadInputError(
                "Stored pictures and cameras cannot show the same parts together.", "Give each view a camera, or none."
            )

    def _open_predictor(self, view: View) -> Predictor:
        predictor = self._order.open_predictor(view)
        self._held.callback(predictor.close)
        return predictor

    def _view_input(self, view: View, predictor: Predictor) -> ViewInput:
        camera = self._context.settings.camera
        connection = CameraConnection(
            self.sources[view.name],
            view.camera_settings,
            runs_free=camera.trigger == "free",
            lost_after_s=camera.lost_after_s,
        )
        connection.apply_settings()
        return ViewInput(connection, Inspector(view, predictor))

    def _wake(self, view_inputs: Collection[ViewInput]) -> None:
        with ThreadPoolExecutor(len(view_inputs), "waking") as threads:
            for woken in [threads.submit(view_input.connection.start_acquisition) for view_input in view_inputs]:
                woken.result()

    def _start_guests(self) -> None:
        """A reject output that cannot be opened is no line: bad parts would go on to the customer."""
        self._held.callback(self._stop_guests)
        failures = self._context.guests.start(self._context.settings, self.trigger)
        self._tell_of(failures[1:])
        if failures:
            raise failures[0].error

    def _stop_guests(self) -> None:
        self._tell_of(self._context.guests.stop())

    def _tell_of(self, failures: Iterable[PluginFailure]) -> None:
        for failure in failures:
            self._context.publish(failure.trouble)

    def _begun_run(self) -> Run:
        return self._context.inspections.begin_run(
            self._order.recipe,
            camera=self._order.recipe.of_each_view(lambda view: self.sources[view.name].info.source),
            program_version=station.__version__,
            person=self._order.person,
            started_at=utc_now(),
        )

    def _watch(self, workers: RunWorkers) -> bool:
        if workers.wait_for_an_end(_WATCH_S):
            self._line_state.enter(LineState.STOPPING, self._reason)
            self._next = partial(self._finish, workers)
        return True

    def _finish(self, workers: RunWorkers) -> bool:
        self._next = self._let_go
        complete = workers.finish(self._reason)
        if workers.failure:
            self.error = FaultError(workers.failure)
        elif not complete:
            self.error = StorageError("The disk refused records to the end; the run is not complete in the records.")
        return True

    def _let_go(self) -> bool:
        """Give plug-ins, camera, model and guard back; what one of them raises is told and keeps no other."""
        self._held.close()
        return False

    def _refused(self, error: StationError) -> None:
        self.error = error
        self._context.publish(FaultReported.of("line", error))

    def _thread_failed(self, where: str, error: Exception) -> None:
        bug = f"The line failed: {type(error).__name__}: {error}."
        told = error if isinstance(error, StationError) else FaultError(bug)
        self._context.publish(FaultReported.of(where, told))
        self.error = self.error or told

    def _ended(self) -> None:
        """The last thing on this thread: from now on the line can be started again."""
        never_ran_or_well = self._workers is None or self.error is None
        text = self.error.sentence if self.error else self._reason
        with self._ending:
            self._over = True
            self._line_state.enter(LineState.STOPPED if never_ran_or_well else LineState.FAULT, text)
