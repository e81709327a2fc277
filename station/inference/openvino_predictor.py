"""Run a model package on one device, with OpenVINO."""

import threading
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from station.domain.errors import BadInputError, FaultError, ModelError
from station.domain.frame import Image
from station.domain.recipe import InferenceSettings
from station.domain.verdict import Prediction
from station.inference.compiled_cache import CompiledCache, Configuration, first_line, key_of
from station.inference.model_package import ModelPackage
from station.inference.silent_openvino import ov

_PRECISIONS = MappingProxyType({"f32": ov.Type.f32, "f16": ov.Type.f16, "bf16": ov.Type.bf16})
_GIVE_UP_AFTER_MS = 10_000
LARGEST_MAP_SIDE = 500


def available_devices() -> tuple[str, ...]:
    """Return OpenVINO's names of the devices of this machine, such as ("CPU", "GPU")."""
    return tuple(ov.Core().available_devices)


class OpenVinoPredictor:
    """A compiled model with one inference request; see `Predictor`.

    Calls may come from any thread. A second one waits for the first: they would share the request, and its picture.
    """

    def __init__(
        self, package: ModelPackage, settings: InferenceSettings, cache_folder: Path, threads: int = 0
    ) -> None:
        """Compile the model, or load it from the cache, and run it once so that the first part is not slower.

        Args:
            package: The checked package.
            settings: Device and precision of the recipe.
            cache_folder: Where compiled models are kept; may be emptied at any time.
            threads: CPU threads; 0 for one per core.

        Raises:
            BadInputError: The machine has no such device, or the device does not support the precision.
            ModelError: The graph is not one of a model package, or contradicts its manifest.
            FaultError: The device failed.
        """
        core = ov.Core()
        self._compiled = open_compiled(core, package, settings, cache_folder, running(threads))
        self._request = self._compiled.create_infer_request()
        self._one_at_a_time = threading.Lock()
        self._input_size = package.manifest.input_size
        self._normalisation = package.manifest.normalisation
        self.raw_answer(np.zeros((*self._input_size, 3), np.uint8))

    @property
    def input_size(self) -> tuple[int, int]:
        """Return height and width of the model's input, pixels."""
        return self._input_size

    @property
    def compiled(self) -> "ov.CompiledModel":
        """Return the compiled model, for measuring its bare speed."""
        return self._compiled

    def predict(self, image: Image) -> Prediction:
        """Return scores and map of one downscaled picture.

        Args:
            image: uint8 RGB, shape (*input_size, 3).

        Raises:
            FaultError: The device failed, or the model's answer is not a number.
        """
        raw_score, raw_map = self.raw_answer(image)
        if not np.isfinite(raw_score) or not np.isfinite(raw_map).all():
            raise FaultError("The model's answer to this picture is not a number.", "Teach the product again.")
        return Prediction(
            pred_score=self._normalisation.pred_score(raw_score),
            raw_score=raw_score,
            anomaly_map=self._normalisation.anomaly_map(raw_map),
        )

    def close(self) -> None:
        """Release the device; later calls of `predict` fail. Closing twice is allowed."""
        self._request = None
        self._compiled = None

    def raw_answer(self, image: Image) -> tuple[float, NDArray[np.float32]]:
        """Return the raw score, and the raw map of shape (gh, gw), float32."""
        if image.shape != (*self._input_size, 3) or image.dtype != np.uint8:
            raise ValueError(f"the model needs uint8 {(*self._input_size, 3)}, not {image.dtype} {image.shape}")
        with self._one_at_a_time:
            if self._request is None:
                raise FaultError("The model was already closed.")
            self._request.get_input_tensor().data[0] = image
            self._run(self._request)
            raw_map = self._request.get_tensor("map").data[0, 0].copy()
            return float(self._request.get_tensor("score").data.flat[0]), raw_map

    @staticmethod
    def _run(request: "ov.InferRequest") -> None:
        try:
            request.start_async()
            if not request.wait_for(_GIVE_UP_AFTER_MS):
                request.cancel()
                raise FaultError(f"The model gave no answer within {_GIVE_UP_AFTER_MS // 1000} s.")
        except RuntimeError as error:
            raise FaultError(f"The device failed on this picture: {first_line(error)}") from error


def map_grid(package: ModelPackage) -> tuple[int, int]:
    """Return rows and columns of the anomaly map of a checked package; the graph is read, and not compiled.

    Raises:
        ModelError: The graph is not one of a model package.
    """
    model = _read(ov.Core(), package)
    rows, columns = model.output("map").shape[2:]
    return int(rows), int(columns)


def require_device(device: str) -> None:
    """Do nothing if this machine has a device of this name.

    Raises:
        BadInputError: It has none; those that are present are named.
    """
    present = available_devices()
    if device not in present and not any(name.startswith(f"{device}.") for name in present):
        raise BadInputError(
            f"There is no device '{device}' for the model on this machine; there is {', '.join(present)}.",
            "Choose one of these in the recipe, or install the device's driver.",
        )


def _read(core: "ov.Core", package: ModelPackage) -> "ov.Model":
    """Return the graph, read from the bytes whose hashes were checked."""
    try:
        model = core.read_model(model=package.graph(), weights=package.weights())
    except RuntimeError as error:
        raise ModelError(f"The graph of the model package {package.folder} cannot be read.") from error
    _require_input(model, package)
    _require_outputs(model, package)
    return model


def _require_input(model: "ov.Model", package: ModelPackage) -> None:
    wanted = ov.PartialShape([1, *package.manifest.input_size, 3])
    inputs = model.inputs
    if len(inputs) != 1 or inputs[0].element_type != ov.Type.u8 or inputs[0].partial_shape != wanted:
        found = ", ".join(f"{one.element_type.get_type_name()} {one.partial_shape}" for one in inputs)
        raise ModelError(f"The model in {package.folder} takes {found or 'nothing'}, not u8 {wanted}.")


def _require_outputs(model: "ov.Model", package: ModelPackage) -> None:
    shapes = {name: one.partial_shape for one in model.outputs for name in one.names}
    for name in ("score", "map"):
        if name not in shapes or shapes[name].is_dynamic:
            raise ModelError(f"The model in {package.folder} has no output '{name}' of fixed size.")
    score, grid = shapes["score"].to_shape(), shapes["map"].to_shape()
    if np.prod(score) != 1:
        raise ModelError(f"The score of the model in {package.folder} has shape {list(score)}, not one value.")
    if len(grid) != 4 or list(grid[:2]) != [1, 1] or max(grid) > LARGEST_MAP_SIDE:
        raise ModelError(
            f"The map of the model in {package.folder} has shape {list(grid)}, "
            f"not [1, 1, gh, gw] of at most {LARGEST_MAP_SIDE} a side."
        )


def running(threads: int = 0, hint: str = "LATENCY") -> dict[str, str | int | bool]:
    """Return how a model is run: with as many CPU threads, 0 for OpenVINO's choice, for latency or throughput.

    A program with fewer threads than cores shares the machine. OpenVINO would bind its threads to the first cores, also
    those of the next program: two programs with one thread each would take turns on one core.
    """
    few = {"INFERENCE_NUM_THREADS": threads, "ENABLE_CPU_PINNING": False}
    return {"PERFORMANCE_HINT": hint} | (few if threads else {})


def open_compiled(
    core: "ov.Core", package: ModelPackage, settings: InferenceSettings, cache_folder: Path, run: Configuration
) -> "ov.CompiledModel":
    """Return the compiled model; its graph is read and checked only if it has to be compiled.

    Args:
        core: OpenVINO.
        package: The checked package.
        settings: Device and precision.
        cache_folder: Where compiled models are kept.
        run: How it is run, from `running`.

    Raises:
        BadInputError: The machine has no such device, or the device does not support the precision.
        ModelError: The graph is not one of a model package, or contradicts its manifest.
        FaultError: The device failed.
    """
    require_device(settings.device)
    if settings.precision not in _PRECISIONS:
        raise _wrong_precision(settings)
    device, configuration = settings.device, {"INFERENCE_PRECISION_HINT": settings.precision, **run}

    def compile_model() -> "ov.CompiledModel":
        return _of_precision(core.compile_model(_read(core, package), device, configuration), settings)

    try:
        key = key_of(core, package, device, settings.precision)
        compiled = CompiledCache(cache_folder).get_or_compile(core, key, configuration, compile_model)
        return _of_precision(compiled, settings)
    except RuntimeError as error:
        raise FaultError(f"The model cannot be compiled for {device}: {first_line(error)}") from error


def _of_precision(compiled: "ov.CompiledModel", settings: InferenceSettings) -> "ov.CompiledModel":
    if compiled.get_property("INFERENCE_PRECISION_HINT") != _PRECISIONS[settings.precision]:
        raise _wrong_precision(settings)
    return compiled


def _wrong_precision(settings: InferenceSettings) -> BadInputError:
    return BadInputError(
        f"The device {settings.device} does not compute in precision '{settings.precision}'.",
        "Set the precision of the recipe to f32.",
    )
