"""The ways in which a model can be run: threads, requests at once, from its compiled form, device and precision."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from station.domain.frame import Image
from station.domain.recipe import InferenceSettings
from station.inference.model_package import ModelPackage
from station.inference.openvino_predictor import open_compiled, running
from station.inference.reference import Answers
from station.inference.silent_openvino import ov

_CAPABILITY = {"f32": "FP32", "f16": "FP16", "bf16": "BF16"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to run a model.

    Attributes:
        name: For people.
        settings: Device and precision.
        threads: CPU threads; 0 for OpenVINO's choice.
        hint: "LATENCY" or "THROUGHPUT".
        requests: How many pictures are computed at once.
    """

    name: str
    settings: InferenceSettings = field(default_factory=InferenceSettings)
    threads: int = 0
    hint: str = "LATENCY"
    requests: int = 1


REFERENCE_WAY = Way("f32 with 1 thread", threads=1)


def precisions_here() -> tuple[InferenceSettings, ...]:
    """Return each precision of each device of this machine, f32 on the CPU first."""
    core = ov.Core()
    capable = {device: core.get_property(device, "OPTIMIZATION_CAPABILITIES") for device in core.available_devices}
    return tuple(
        InferenceSettings(device, precision)
        for device in sorted(capable, key=lambda device: (device != "CPU", device))
        for precision, capability in _CAPABILITY.items()
        if capability in capable[device]
    )


def name_of_device(device: str) -> str:
    """Return the full name of a device that is present."""
    return str(ov.Core().get_property(device, "FULL_DEVICE_NAME"))


def answers(package: ModelPackage, way: Way, pictures: Iterable[Image], cache: Path) -> Answers:
    """Return the raw answers of a model that is run in one way.

    Args:
        package: The checked package.
        way: How it is run.
        pictures: uint8 RGB, shape (*input_size, 3); at least one.
        cache: Where compiled models are kept.

    Raises:
        BadInputError: The machine has no such device, or the device does not support the precision.
        FaultError: The device failed.
    """
    compiled = open_compiled(ov.Core(), package, way.settings, cache, running(way.threads, way.hint))
    given: dict[int, tuple[float, np.ndarray]] = {}

    def keep(request: "ov.InferRequest", number: int) -> None:
        given[number] = float(request.get_tensor("score").data.flat[0]), request.get_tensor("map").data[0, 0].copy()

    queue = ov.AsyncInferQueue(compiled, way.requests)
    queue.set_callback(keep)
    for number, picture in enumerate(pictures):
        queue.start_async({0: picture[None]}, number)
    queue.wait_all()
    in_order = [given[number] for number in sorted(given)]
    return Answers(np.array([score for score, _ in in_order], np.float32), np.stack([each for _, each in in_order]))
