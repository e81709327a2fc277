"""A line with threads, plug-ins, cameras and records, without the rest of a station."""

import threading
from collections.abc import Callable, Collection
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pluggy

from station.camera.simulated import SimulatedCamera
from station.concurrency.fan_out import FanOut
from station.concurrency.latest import Latest
from station.domain.messages import PartRecorded
from station.domain.recipe import ModelReference, Recipe, View
from station.domain.verdict import Prediction
from station.pipeline.context import LineContext
from station.pipeline.line_state import LineStateMachine
from station.pipeline.recent_parts import RecentParts
from station.pipeline.run import Line
from station.pipeline.run_request import Releases, RunRequest
from station.plugin_api.hooks import StationHooks
from station.plugin_api.runner import PluginRunner
from station.reporting.shift_calendar import free_window
from station.review.pending_feedback import PendingFeedback
from station.settings import CameraSettings, Settings
from station.storage.engine.database import Database
from station.storage.people.audit_log import AuditLog
from station.storage.pictures.picture_store import PictureStore
from station.storage.records.events import Events
from station.storage.records.feedback import FeedbackRecords
from station.storage.records.inspections import Inspections

A_WHILE_S = 30.0


class Model:
    """Passes everything, after doing what the test wants."""

    input_size = (64, 64)

    def __init__(self, before: Callable[[], object] = lambda: None) -> None:
        self._before = before

    def predict(self, image: np.ndarray) -> Prediction:
        self._before()
        return Prediction(0.2, 1.0, np.full((8, 8), 0.2, np.float32))

    def close(self) -> None:
        pass


class Heard(FanOut):
    """Calls a function at each message, on the thread that publishes it."""

    def __init__(self, hear) -> None:
        super().__init__()
        self._hear = hear

    def publish(self, message) -> None:
        self._hear(message)


def recipe_of(views: Collection[str]) -> Recipe:
    return Recipe("part", 1, "part", tuple(View(ModelReference("m", "0" * 64), view) for view in views))


class Hall:
    """The surroundings of a line: a database, plug-ins, and all of its news."""

    def __init__(self, root) -> None:
        self.database = Database.open(root / "station.db")
        self.inspections = Inspections(self.database, PictureStore(root / "pictures"))
        self.plugins = pluggy.PluginManager("lineside")
        self.plugins.add_hookspecs(StationHooks)
        self.plugin_runner = PluginRunner(self.plugins)
        self.news = []
        self.recorded = threading.Semaphore(0)
        self._since = datetime.now(UTC) - timedelta(seconds=1)
        self._context = LineContext(
            Settings(), self.inspections, Events(self.database, AuditLog.beside(self.database, "Station 1")),
            self.plugin_runner, Latest(), RecentParts(),
            PendingFeedback(FeedbackRecords(self.database)),
            Heard(self._hear),
        )  # fmt: skip

    def triggered_by(self, trigger: str) -> None:
        self._context = replace(self._context, settings=Settings(camera=CameraSettings(trigger=trigger)))

    def line(self, camera: SimulatedCamera, model: Model, count: int | None = None) -> Line:
        return self.line_of({"": camera}, {"": model}, count)

    def line_of(
        self,
        cameras: dict[str, SimulatedCamera],
        models: dict[str, Model],
        count: int | None = None,
        releases: Releases | None = None,
        recipe: Recipe | None = None,
    ) -> Line:
        run_request = RunRequest(
            recipe or recipe_of(cameras),
            lambda view: cameras[view.name],
            lambda view: models[view.name],
            nullcontext(),
            count,
            releases=releases,
        )
        self.line_state = LineStateMachine(self.news.append)
        return Line(run_request, self._context, self.line_state)

    def run(self, camera: SimulatedCamera, model: Model, count: int | None = None) -> Line:
        line = self.line(camera, model, count)
        line.start()
        assert line.wait(A_WHILE_S)
        return line

    def news_of(self, kind: type) -> list:
        return [message for message in self.news if isinstance(message, kind)]

    def parts(self) -> list:
        """All records, of which there is one for each trigger, in order."""
        window = free_window(self._since, datetime.now(UTC) + timedelta(days=1), Settings().station)
        records = self.inspections.shift_records(window)
        parts = [record.inspection for record in records.parts]
        for run in records.runs:
            numbers = [part.key.part for part in parts if part.key.run_id == run.run_id]
            assert numbers == list(range(run.first_number, run.first_number + len(numbers)))
        return parts

    def _hear(self, message) -> None:
        self.news.append(message)
        if isinstance(message, PartRecorded):
            self.recorded.release()


def camera(**options) -> SimulatedCamera:
    return SimulatedCamera(**{"size": (64, 64), "rate_hz": 0, **options})
