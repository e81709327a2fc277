"""How a run is set up: which cameras and models it opens, with how many threads."""

import os
from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager

from station.camera.factory import open_source
from station.domain.errors import NoCameraError
from station.domain.recipe import Recipe, View
from station.inference.model_package import find_package
from station.inference.predictor import Predictor
from station.pipeline.context import LineContext
from station.pipeline.resident_models import ResidentModels
from station.pipeline.run_request import RunRequest
from station.pipeline.view_sources import source_of_each_view
from station.settings import CameraSettings, ProcessorSettings, Settings
from station.workspace import Workspace


class RunSetup:
    """Makes the request of each run. Models stay open between runs, so that the next start is quick."""

    def __init__(self, workspace: Workspace) -> None:
        """Open nothing yet.

        Args:
            workspace: Where the models are.
        """
        self._workspace = workspace
        self._models = ResidentModels()

    def request(
        self,
        recipe: Recipe,
        source: str | Mapping[str, str],
        context: LineContext,
        guard: AbstractContextManager[None],
        *,
        threads: int,
        count: int | None = None,
    ) -> RunRequest:
        """Return the request of a run.

        Args:
            recipe: How parts are judged.
            source: The camera, or that of each view.
            context: The parts of the station that the run uses.
            guard: Held while the line runs.
            threads: Of all models together; 0 lets OpenVINO choose.
            count: Stop after this number of parts; None for no end.

        Raises:
            BadInputError: The cameras are not those of the recipe's views.
        """
        sources = source_of_each_view(source, recipe)
        each, camera = _threads_of_each(threads, len(recipe.views)), context.settings.camera
        return RunRequest(
            recipe,
            open_source=lambda view: open_source(sources[view.name], camera, context.parts_of),
            open_predictor=lambda view: self._predictor(view, each),
            guard=guard,
            count=count,
        )

    def prepare(self, recipe: Recipe, inference: ProcessorSettings) -> None:
        """Open the models of a recipe beside all else that a start does. Returns at once.

        What goes wrong is said when the line is started.
        """
        each = _threads_of_each(threads_beside_window(inference), len(recipe.views))
        for view in recipe.views:
            self._models.prepare(*self._opener(view, each))

    def close_models(self) -> None:
        """Close the models that stay open between runs; the line has stopped."""
        self._models.close()

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


def configured_cameras(camera: CameraSettings) -> Mapping[str, str]:
    """Return the cameras of the settings.

    Raises:
        NoCameraError: There is none: nothing is inspected that nobody has chosen.
    """
    if not camera.is_set:
        raise NoCameraError("No camera is set.")
    return camera.sources


def threads_beside_window(inference: ProcessorSettings) -> int:
    """Return the threads of the models: as set, or all cores but one, which is left to the window and its pictures.

    A line without a window takes all.
    """
    return inference.threads or max(1, (os.cpu_count() or 2) - 1)


def untriggered(settings: Settings) -> Settings:
    """Let the cameras run freely if they wait for a software trigger: without a window nobody triggers."""
    if settings.camera.trigger != "software":
        return settings
    return settings.model_copy(update={"camera": settings.camera.model_copy(update={"trigger": "free"})})


def _threads_of_each(threads: int, views: int) -> int:
    """Share the threads among the models of all views: at least one each. 0 lets OpenVINO choose, and stays 0."""
    return max(1, threads // views) if threads else 0
