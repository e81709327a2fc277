"""Run a model that a plug-in computes. Whatever the plug-in does, a part without a sound answer has none."""

import importlib.metadata
import io
import json
import threading
import zipfile
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue, TypeAdapter, ValidationError

from station.concurrency.started import Started
from station.domain.errors import FaultError, ModelError, StationError, is_lack_of_memory
from station.domain.frame import Image
from station.domain.plugin_model import ModelData, Places, PluginModel
from station.domain.verdict import Prediction
from station.inference.model_package import ARRAYS, VALUES, ModelPackage
from station.inference.openvino_predictor import LARGEST_MAP_SIDE

GROUP = "lineside"
"""The entry points of plug-ins."""
_GIVE_UP_AFTER_S = 10.0
_VALUES = TypeAdapter(dict[str, JsonValue])


class _OpensModels(Protocol):
    def open_model(self, data: ModelData) -> PluginModel: ...


class PluginPredictor:
    """A model that a plug-in has opened; see `Predictor`. A second call waits for the first.

    ready --raw_answer--> busy --answer or error within 10 s--> ready
                           |
                           no answer: hanging, and every call fails until it returns
    """

    def __init__(self, package: ModelPackage) -> None:
        """Open the model, and let it answer once.

        Args:
            package: The checked package.

        Raises:
            ModelError: The plug-in is not installed, or the package's data cannot be read.
            FaultError: The plug-in failed.
        """
        manifest = package.manifest
        self._plugin, self._input_size = manifest.kind, manifest.input_size
        self._normalisation = manifest.normalisation
        self._give_up_after_s = _GIVE_UP_AFTER_S
        self._model: PluginModel | None = _opened(package)
        self._one_at_a_time = threading.Lock()
        self._call: Started[Places] | None = None
        self._grid: tuple[int, ...] = ()
        self._grid = self.raw_answer(np.zeros((*self._input_size, 3), np.uint8))[1].shape

    @property
    def input_size(self) -> tuple[int, int]:
        """Return height and width of the model's input, pixels."""
        return self._input_size

    def predict(self, image: Image) -> Prediction:
        """Return scores and map of one downscaled picture.

        Args:
            image: uint8 RGB, shape (*input_size, 3).

        Raises:
            FaultError: The plug-in failed, gave no answer in time, or its answer is not a number.
        """
        raw_score, raw_map = self.raw_answer(image)
        return Prediction(
            pred_score=self._normalisation.pred_score(raw_score),
            raw_score=raw_score,
            anomaly_map=self._normalisation.anomaly_map(raw_map),
        )

    def close(self) -> None:
        """Drop the model; later calls of `predict` fail. Closing twice is allowed."""
        self._model = None

    def raw_answer(self, image: Image) -> tuple[float, NDArray[np.float32]]:
        """Return the raw score, and the raw map of shape (gh, gw); for the errors see `predict`."""
        if image.shape != (*self._input_size, 3) or image.dtype != np.uint8:
            raise ValueError(f"the model needs uint8 {(*self._input_size, 3)}, not {image.dtype} {image.shape}")
        with self._one_at_a_time:
            if self._model is None:
                raise FaultError("The model was already closed.")
            places = sound(self._plugin, self._asked(self._model, image))
            if self._grid and places.shape != self._grid:
                shapes = f"{places.shape} after those of shape {self._grid}"
                raise FaultError(f"The plug-in {self._plugin} returns places of shape {shapes}.", _CHECK)
            return float(places.max()), places

    def _asked(self, model: PluginModel, image: Image) -> Places:
        if self._call is not None and not self._call.wait(0):
            raise FaultError(f"The plug-in {self._plugin} still has not answered to an earlier picture.", _CHECK)
        given = image.copy()  # the caller may fill its buffer with the next picture while the plug-in hangs
        given.flags.writeable = False
        self._call = Started(f"model of plug-in {self._plugin}", partial(model.places, given))
        if not self._call.wait(self._give_up_after_s):
            raise FaultError(f"The plug-in {self._plugin} gave no answer within {self._give_up_after_s:g} s.", _CHECK)
        try:
            return self._call.result()
        except BaseException as error:
            raise failure_of(self._plugin, error, "on this picture") from error


_CHECK = "Check the plug-in, or choose a recipe with another model."
_NAMES_OF_NUMPY = ("file", "allow_pickle")
"""Arrays with these names `numpy.savez` would take for something else."""


def sound(plugin: str, places: Places) -> NDArray[np.float32]:
    """Return the checked answer of a plug-in to one picture, (gh, gw).

    Raises:
        FaultError: It is not a map of places, or is not a number.
    """
    try:
        answer = np.array(places, np.float32)
    except (TypeError, ValueError) as error:
        raise FaultError(f"The plug-in {plugin} returns no map of places.", _CHECK) from error
    if answer.ndim != 2 or not 1 <= min(answer.shape) <= max(answer.shape) <= LARGEST_MAP_SIDE:
        raise FaultError(
            f"The plug-in {plugin} returns places of shape {answer.shape}, not rows and columns of at most "
            f"{LARGEST_MAP_SIDE}.",
            _CHECK,
        )
    if not np.isfinite(answer).all():
        raise FaultError(f"The answer of the plug-in {plugin} to this picture is not a number.", _CHECK)
    return answer


def model_opener(plugin: str) -> _OpensModels:
    """Return the plug-in of this name, which opens models.

    Raises:
        ModelError: It is not installed, cannot be imported, or opens no models.
    """
    found = importlib.metadata.entry_points(group=GROUP, name=plugin)
    if not found:
        raise ModelError(
            f"The model needs the plug-in '{plugin}', which is not installed here.",
            f"Install the plug-in '{plugin}' into the environment of the station, or choose a recipe with another "
            "model.",
        )
    try:
        opener = next(iter(found)).load()
    except Exception as error:
        raise ModelError(f"The plug-in '{plugin}' cannot be loaded: {error}.", "Correct or reinstall it.") from error
    if not hasattr(opener, "open_model"):
        raise ModelError(f"The installed plug-in '{plugin}' opens no models.", "Install a newer version of it.")
    found_opener: _OpensModels = opener
    return found_opener


def read_data(package: ModelPackage) -> ModelData:
    """Return the data of a plug-in's model, from the bytes whose hashes were checked.

    Raises:
        ModelError: They cannot be read or were changed.
    """
    values, arrays = package.content(VALUES), package.content(ARRAYS)
    try:
        with np.load(io.BytesIO(arrays), allow_pickle=False) as stored:
            return ModelData({name: stored[name] for name in stored.files}, _VALUES.validate_json(values))
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile, ValidationError) as error:
        raise ModelError(f"The data of the model package {package.folder} cannot be read.") from error


def data_files(data: ModelData) -> dict[str, bytes]:
    """Return the content of the files of a plug-in's model, by their names.

    Raises:
        ValueError: The data holds something other than numbers, truth values, and plain values.
    """
    for name, array in data.arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
            raise ValueError(f"the array '{name}' does not hold numbers or truth values")
        if name in _NAMES_OF_NUMPY:
            raise ValueError(f"an array cannot be named '{name}'")
    values = _VALUES.validate_python(dict(data.values))
    json.dumps(values, allow_nan=False)  # raises ValueError for what JSON has no number for; it would come back as None
    content = io.BytesIO()
    np.savez(content, **dict(data.arrays))  # type: ignore[arg-type]
    return {VALUES: _VALUES.dump_json(values), ARRAYS: content.getvalue()}


def _opened(package: ModelPackage) -> PluginModel:
    plugin = package.manifest.kind
    opener, data = model_opener(plugin), read_data(package)
    try:
        model = opener.open_model(data=data)
    except Exception as error:
        raise failure_of(plugin, error, f"to open the model '{package.manifest.name}'") from error
    if not callable(getattr(model, "places", None)):
        raise FaultError(f"The plug-in {plugin} opens a model that knows no places: {type(model).__name__}.", _CHECK)
    return model


def failure_of(plugin: str, error: BaseException, what: str) -> BaseException:
    """Return what is raised if a plug-in raises: its own refusal and a lack of memory as they are, else a fault.

    Args:
        plugin: Its name.
        error: What it raised.
        what: What it should have done: "to learn".
    """
    if isinstance(error, StationError) or is_lack_of_memory(error):
        return error
    return FaultError(f"The plug-in {plugin} failed {what}: {type(error).__name__}: {error}.", _CHECK)
