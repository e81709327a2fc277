"""How much longer one graph takes than others."""

import time
from collections.abc import Sequence

import numpy as np

from station.inference.openvino_predictor import running
from station.inference.silent_openvino import ov

_WARM_UP, _ROUNDS = 3, 15


def times_longer(graph: "ov.Model", others: Sequence["ov.Model"]) -> list[float]:
    """Return how many times as long as each of the others a graph takes for one picture, by medians.

    They take turns, so that each has the same load of the machine.

    Args:
        graph: A graph of a model package.
        others: Such graphs, with inputs of the same size.
    """
    core, run = ov.Core(), running() | {"INFERENCE_PRECISION_HINT": "f32"}
    requests = [core.compile_model(each, "CPU", run).create_infer_request() for each in (graph, *others)]
    pixels = np.random.default_rng(0).integers(0, 256, tuple(graph.inputs[0].shape), np.uint8)
    taken = np.array([[_seconds(request, pixels) for request in requests] for _ in range(_WARM_UP + _ROUNDS)])
    own, *alone = np.median(taken[_WARM_UP:], axis=0).tolist()
    return [own / each for each in alone]


def _seconds(request: "ov.InferRequest", pixels: np.ndarray) -> float:
    began = time.perf_counter()
    request.infer([pixels])
    return time.perf_counter() - began
