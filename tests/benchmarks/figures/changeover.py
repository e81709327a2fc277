"""A changeover of a running, triggered line to a resident recipe: from the command to the first verdict by it.

The command releases another revision for now, and returns when that is on the disk; a part is triggered as soon as the
line says that it uses the revision, and its verdict ends the measurement. The peer is one `infer()` of the same model.
In a second figure the recorded release itself does not count: it is a durable transaction.
"""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from figure import Figure, Setting, of_pairs

from station.app import Station
from station.camera.simulated import SimulatedCamera
from station.commands.demo import _install
from station.domain.messages import PartJudged, RecipeLoaded
from station.domain.recipe import TakesEffect
from station.inference.model_package import find_package
from station.inference.openvino_predictor import OpenVinoPredictor
from station.settings import CameraSettings, RecordingSettings, Settings

NAME = "changeover of a running line"
MOST_RATIO = 1.2
PRODUCT = "flange"
_SETTINGS = Settings(
    camera=CameraSettings(source=f"simulated:{PRODUCT}", trigger="software"),
    recording=RecordingSettings(reserve_mb=0, least_free_gb=0.0),
)
_SOON_S = 20.0


def measure(setting: Setting) -> tuple[Figure, ...]:
    """Return the time of a changeover over one `infer()`, with and without the release itself."""
    whole, line_alone, bare = [], [], []
    with tempfile.TemporaryDirectory() as folder, Station.open(Path(folder), _SETTINGS) as station:
        _install(station.workspace, station._core.recipes)
        station.line.load_recipe(PRODUCT)
        station.line.start()
        _until(lambda: station.line.state.inspecting_parts)
        assert isinstance(station.line.sources[""], SimulatedCamera)
        infer = _infer_of(station)
        for number in range(-3, setting.pairs(40)):
            both = _change(station), infer()
            if number >= 0:
                whole.append(both[0][0])
                line_alone.append(both[0][1])
                bare.append(both[1])
        station.line.stop()
        station.line.wait_stopped(_SOON_S)
    note = "peer: one infer() of the model"
    return (
        of_pairs("changeover, command to first verdict", whole, bare, "ms", MOST_RATIO, note),
        of_pairs("changeover, durable release to first verdict", line_alone, bare, "ms", None, note),
    )


def _change(station: Station) -> tuple[float, float]:
    """Change over to another revision with the same model; return the milliseconds, whole and behind the release."""
    newest = station.recipes.find(PRODUCT).recipe
    view = newest.views[0]
    limits = replace(view.limits, image_threshold=0.45 + newest.revision % 5 * 0.01)
    recipe = replace(newest, revision=newest.revision + 1, views=(replace(view, limits=limits),))
    station.recipes.add(recipe)
    loaded, judged = station.news.subscribe(RecipeLoaded), station.news.subscribe(PartJudged)
    began = time.perf_counter()
    station.recipes.release(PRODUCT, recipe.revision, "bench", "measured", TakesEffect.NOW)
    durable = time.perf_counter()
    assert loaded.next_message(_SOON_S)
    station.line.trigger()
    message = judged.next_message(_SOON_S)
    ended = time.perf_counter()
    loaded.close(), judged.close()
    assert isinstance(message, PartJudged)
    assert message.inspection.deciding.image_threshold == limits.image_threshold
    time.sleep(0.05)  # the record is written
    return (ended - began) * 1e3, (ended - durable) * 1e3


def _infer_of(station: Station) -> Callable[[], float]:
    view = station.recipes.find(PRODUCT).recipe.views[0]
    package = find_package(station.workspace.models, view.model)
    request = OpenVinoPredictor(package, view.inference, station.workspace.cache, 1).compiled.create_infer_request()
    picture = np.random.default_rng(1).integers(0, 256, (1, *package.manifest.input_size, 3), np.uint8)

    def infer() -> float:
        began = time.perf_counter()
        request.infer({0: picture})
        return (time.perf_counter() - began) * 1e3

    return infer


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + _SOON_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come in time"
        time.sleep(0.005)
