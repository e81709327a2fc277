"""Several graphs of model packages as one: with one input, and the mean of their normalised scores."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from station.inference.silent_openvino import opset, ov
from station.trainer.graph import answering, highest_place
from station.trainer.mean_of_maps import LEAST_TOP
from station.trainer.other_grid import OtherGrid


def joined_graph(graphs: Sequence["ov.Model"], grids: Sequence[OtherGrid], normalisers: Sequence[float]) -> "ov.Model":
    """Return the graph of the ensemble; see `station.trainer.mean_of_maps`, which computes the same.

    Args:
        graphs: Graphs of model packages with inputs of one size, whose scores are the highest places of their maps;
            they are used up.
        grids: Bring the map of each to one grid.
        normalisers: Divide the map of each.
    """
    (pixels,) = graphs[0].get_parameters()
    shares, scores = [], []
    for graph, grid, normaliser in zip(graphs, grids, normalisers, strict=True):
        raw = graph.output("map").get_node().input_value(0)
        _feed(graph, pixels)
        share = opset.constant(np.full((1, 1, 1, 1), 1 / (normaliser * len(graphs)), np.float32))
        shares.append(opset.multiply(grid.node(raw), share))
        scores.append(opset.multiply(highest_place(raw), share))
    mean = reduce(opset.add, shares)
    top = opset.maximum(highest_place(mean), opset.constant(np.full((1, 1, 1, 1), LEAST_TOP, np.float32)))
    raised = opset.multiply(mean, opset.divide(reduce(opset.add, scores), top))
    return answering(highest_place(raised), raised, [pixels])


def _feed(graph: "ov.Model", pixels: "ov.op.Parameter") -> None:
    """Let a graph read these pixels, and forget the names of its tensors: another graph may have the same."""
    (own,) = graph.get_parameters()
    for node in graph.get_ops():
        for output in node.outputs():
            output.get_tensor().set_names(set())
    if own is not pixels:
        for reader in own.output(0).get_target_inputs():
            reader.replace_source_output(pixels.output(0))
