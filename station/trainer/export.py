"""Export of the trained detector to the graph that the station runs."""

from pathlib import Path

import numpy as np

from station.inference.silent_openvino import ov
from station.trainer.detector import Detector
from station.trainer.graph import build_graph

_GREATEST_OF_16_BITS = float(np.finfo(np.float16).max)


def export(detector: Detector, input_size: tuple[int, int], folder: Path, *, fp16_weights: bool) -> None:
    """Write `model.xml` and `model.bin` into `folder`.

    Args:
        detector: The trained detector.
        input_size: Height and width of its input, pixels.
        folder: Target folder.
        fp16_weights: Store weights with 16 bits. If one is too large for 16 bits, all keep 32: OpenVINO would cut it
            to 65504 without a word, and the scores with it.
    """
    save_graph(build_graph(detector, input_size), folder, fp16_weights=fp16_weights)


def save_graph(graph: "ov.Model", folder: Path, *, fp16_weights: bool) -> None:
    """Write a graph as `model.xml` and `model.bin` into `folder`; `fp16_weights` as for `export`."""
    ov.save_model(graph, folder / "model.xml", compress_to_fp16=fp16_weights and fits_16_bits(graph))


def fits_16_bits(graph: "ov.Model") -> bool:
    """Return whether no weight is too large for 16 bits."""
    constants = (node.data for node in graph.get_ops() if node.get_type_name() == "Constant")
    return all(
        bool((np.abs(values) <= _GREATEST_OF_16_BITS).all()) for values in constants if values.dtype == np.float32
    )
