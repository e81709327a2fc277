"""Export of the trained network to the graph that the station runs."""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from station.inference.silent_openvino import ov
from station.trainer.network import Detector


def export(detector: Detector, input_size: tuple[int, int], folder: Path, *, fp16_weights: bool) -> "ov.Model":
    """Write `model.xml` and `model.bin` into `folder`.

    Args:
        detector: The trained network.
        input_size: Height and width of its input, pixels.
        folder: Target folder.
        fp16_weights: Store weights with 16 bits. If one is too large for 16 bits, all keep 32: OpenVINO would cut it
            to 65504 without a word, and the scores with it.

    Returns:
        The model, read back from the file.
    """
    shape = (1, *input_size, 3)
    example = torch.zeros(shape, dtype=torch.uint8)
    graph = ov.convert_model(detector, example_input=example, input=[(shape, ov.Type.u8)])
    for output, name in zip(graph.outputs, ("score", "map"), strict=True):
        output.get_tensor().set_names({name})
    ov.save_model(graph, folder / "model.xml", compress_to_fp16=fp16_weights and _fit_16_bits(detector))
    return ov.Core().read_model(folder / "model.xml")


def _fit_16_bits(detector: Detector) -> bool:
    numbers = (tensor for tensor in detector.state_dict().values() if tensor.is_floating_point())
    return all(bool((tensor.abs() <= torch.finfo(torch.float16).max).all()) for tensor in numbers)


class ExportedModel:
    """The exported graph, run as the station runs it; safe from any number of threads."""

    def __init__(self, model: "ov.Model") -> None:
        settings: dict[str, str | int] = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
            "INFERENCE_NUM_THREADS": 1,
        }
        self._compiled = ov.Core().compile_model(model, "CPU", settings)

    def score(self, pixels: Tensor) -> float:
        """Return the raw score of one picture, uint8 (1, h, w, 3)."""
        return float(np.asarray(self._compiled.create_infer_request().infer([pixels.numpy()])["score"]).item())
