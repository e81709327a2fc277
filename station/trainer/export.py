"""Export of the trained detector to the graph that the station runs."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from station.inference.silent_openvino import ov
from station.trainer.detector import Detector
from station.trainer.features import compiled
from station.trainer.graph import build_graph

_GREATEST_OF_16_BITS = float(np.finfo(np.float16).max)


def export(detector: Detector, input_size: tuple[int, int], folder: Path, *, fp16_weights: bool) -> "ov.Model":
    """Write `model.xml` and `model.bin` into `folder`.

    Args:
        detector: The trained detector.
        input_size: Height and width of its input, pixels.
        folder: Target folder.
        fp16_weights: Store weights with 16 bits. If one is too large for 16 bits, all keep 32: OpenVINO would cut it
            to 65504 without a word, and the scores with it.

    Returns:
        The model, read back from the file.
    """
    graph = build_graph(detector, input_size)
    ov.save_model(graph, folder / "model.xml", compress_to_fp16=fp16_weights and _fit_16_bits(graph))
    return ov.Core().read_model(folder / "model.xml")


def _fit_16_bits(graph: "ov.Model") -> bool:
    constants = (node.data for node in graph.get_ops() if node.get_type_name() == "Constant")
    return all(
        bool((np.abs(values) <= _GREATEST_OF_16_BITS).all()) for values in constants if values.dtype == np.float32
    )


class ExportedModel:
    """The exported graph, run as the station runs it; safe from any number of threads."""

    def __init__(self, model: "ov.Model", cores: int = 1) -> None:
        self._compiled = compiled(model, cores)

    def score(self, pixels: NDArray[np.uint8]) -> float:
        """Return the raw score of one picture, uint8 (h, w, 3)."""
        return float(np.asarray(self._compiled.create_infer_request().infer([pixels[None]])["score"]).item())
