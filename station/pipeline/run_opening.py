"""Opens all that a run needs, and closes it at the end."""

from collections.abc import Callable, Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial

import station
from station.camera.connection import CameraConnection
from station.camera.source import CameraInfo, FrameSource
from station.concurrency.started import Started
from station.domain.clock import utc_now
from station.domain.errors import BadInputError
from station.domain.inspection import PartKey, Run, RunHeader, RunKind
from station.domain.recipe import Recipe, View
from station.domain.source_uri import picture_origin
from station.inference.predictor import Predictor
from station.judgement.inspector import Inspector
from station.pipeline.context import LineContext
from station.pipeline.run_models import RunModels
from station.pipeline.run_request import RunRequest
from station.pipeline.source_faults import source_faults
from station.pipeline.wiring import ViewInput
from station.plugin_api.failures import PluginFailure
from station.reporting.shift_calendar import shift_of


class RunOpening:
    """The guard, the models, the cameras and the plug-ins of a run. Used on the line's own thread.

    open() -> begin_run(plate@1);  another revision: models.open(plate@2) -> begin_run(plate@2);  close()
    """

    def __init__(self, run_request: RunRequest, context: LineContext, trigger: Callable[[], PartKey]) -> None:
        """Open nothing yet; `trigger` is what plug-ins call to open a part."""
        self.sources: dict[str, FrameSource] = {}
        self.models = RunModels(run_request.open_predictor)
        self._run_request = run_request
        self._context = context
        self._trigger = trigger
        self._resources = ExitStack()

    @property
    def cameras(self) -> Mapping[str, CameraInfo]:
        """Return a description of each opened camera, by its view."""
        return {view: source.info for view, source in tuple(self.sources.items())}

    def open(self) -> Mapping[str, ViewInput]:
        """Open everything before the run is recorded, so that a run that cannot start leaves no trace in the records.

        The models are opened while the cameras are. The cameras start last and all at once: frames of a camera that
        waits for the others would only pile up.

        Raises:
            StationError: Something cannot be opened. What was opened before is closed by `close`.
        """
        recipe = self._run_request.recipe
        self._resources.enter_context(self._run_request.guard)
        opening = Started("models", partial(self.models.open, recipe))
        self._resources.callback(self._close_models, opening)
        for view in recipe.views:
            self._open_source(view)
        self._require_same_kind()
        predictors = opening.result()
        self._start_plugins()
        view_inputs = {view.name: self._view_input(view, predictors[view.name]) for view in recipe.views}
        _start_cameras(view_inputs.values())
        return view_inputs

    def begin_run(self, recipe: Recipe, first_number: int | None = None) -> Run:
        """Begin a run in the records; the models that were opened last are its own.

        Args:
            recipe: What it judges by.
            first_number: The number of its first part, if it goes on where another run ends; else on from the records.

        Raises:
            StorageError: The database refuses it.
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
        self.models.belong_to(run.run_id)
        return run

    def close(self) -> None:
        """Close plug-ins, cameras, models and guard; an error of one is reported and does not keep the others open."""
        self._resources.close()

    def _close_models(self, opening: Started[Mapping[str, Predictor]]) -> None:
        opening.failed()  # waits: no model may be opened behind the end of the run
        self.models.close()

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

    def _start_plugins(self) -> None:
        """Start no line if a reject output cannot be opened: bad parts would go on to the customer."""
        self._resources.callback(self._stop_plugins)
        failures = self._context.plugin_runner.start_plugins(self._context.settings, self._trigger)
        self._publish_failures(failures[1:])
        if failures:
            raise failures[0].error

    def _stop_plugins(self) -> None:
        self._publish_failures(self._context.plugin_runner.stop_plugins())

    def _publish_failures(self, failures: Iterable[PluginFailure]) -> None:
        for failure in failures:
            self._context.publish(failure.fault)

    def _header(self, started_at: datetime, first_number: int | None) -> RunHeader:
        """Number the parts on from the last one of the shift; those of a trial are numbered from 1."""
        kind, window = self._run_request.kind, shift_of(started_at, self._context.settings.station)
        counted = kind is RunKind.PRODUCTION
        if first_number is None:
            last = self._context.inspections.last_number(window.start, window.end) if counted else 0
            first_number = last + 1
        return RunHeader(kind, picture_origin(info.source for info in self.cameras.values()), first_number)


def _start_cameras(view_inputs: Collection[ViewInput]) -> None:
    with ThreadPoolExecutor(len(view_inputs), "camera start") as threads:
        for started in [threads.submit(view_input.connection.start_acquisition) for view_input in view_inputs]:
            started.result()
