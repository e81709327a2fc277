"""The graph that the station runs: the backbone and the trained detector in one.

Projection, averaging and interpolation are linear. So the graph projects a stage of many channels first: it averages
and interpolates 128 in place of 320, with the same result. If a convolution with nothing behind it makes the stage, the
projection goes into its weights.
"""

import numpy as np
from numpy.typing import NDArray

from station.inference.silent_openvino import opset, ov
from station.trainer.coreset import Axes
from station.trainer.detector import Detector, gaussian
from station.trainer.features import Backbone, on_grid, pooled
from station.trainer.logistic import Separation
from station.trainer.whole_part import WholePart, area_weights

_CHANNELS_LAST = (0, 2, 3, 1)


def build_graph(detector: Detector, size: tuple[int, int]) -> "ov.Model":
    """Return the graph: uint8 RGB [1, h, w, 3] in, `score` [1, 1, 1, 1] and `map` [1, 1, gh, gw] out, both raw.

    Args:
        detector: What was learned.
        size: Height and width of its input, pixels; multiples of 32.
    """
    backbone = Backbone(detector.stages, size, detector.cell_px)
    places = _places(backbone, detector.axes)
    cells = rows_of(places, detector.axes.directions.shape[1])
    anomaly = anomaly_of_cells(places, cells, detector)
    grid = opset.reshape(anomaly, constant(np.array([1, 1, *backbone.grid])), special_zero=False)
    anomaly_map = smoothed_grid(grid, detector.smoothing_cells)
    score = highest_place(anomaly_map)
    if detector.whole is not None:
        score = opset.add(score, _whole_part(cells, detector.whole, backbone.grid))
    return answering(score, anomaly_map, backbone.parameters)


def answering(score: "ov.Node", anomaly_map: "ov.Node", parameters: list["ov.op.Parameter"]) -> "ov.Model":
    """Return the graph of a model package that answers with these two."""
    for node, name in ((score, "score"), (anomaly_map, "map")):
        node.output(0).set_names({name})
    model = ov.Model([opset.result(score), opset.result(anomaly_map)], parameters, "detector")
    model.validate_nodes_and_infer_types()
    return model


def highest_place(anomaly_map: "ov.Node") -> "ov.Node":
    """Return the maximum of a map [1, 1, gh, gw] as [1, 1, 1, 1]."""
    return opset.reduce_max(anomaly_map, constant(np.array([1, 2, 3])), keep_dims=True)


def _places(backbone: Backbone, axes: Axes) -> "ov.Node":
    """Return the projected features of each place, [1, k, gh, gw]."""
    channels = [stage.get_shape()[1] for stage in backbone.outputs]
    parts = np.split(axes.directions, np.cumsum(channels)[:-1])
    projected = [_stage(stage, part, backbone.grid) for stage, part in zip(backbone.outputs, parts, strict=True)]
    total = projected[0]
    for part in projected[1:]:
        total = opset.add(total, part)
    return opset.subtract(total, constant((axes.mean @ axes.directions)[None, :, None, None]))


def rows_of(places: "ov.Node", channels: int) -> "ov.Node":
    """Return the channels of each place as a row, [1, c, gh, gw] to [places, c]."""
    last = opset.transpose(places, constant(np.array(_CHANNELS_LAST)))
    return opset.reshape(last, constant(np.array([-1, channels])), special_zero=False)


def _stage(stage: "ov.Output", directions: NDArray[np.float32], grid: list[int]) -> "ov.Node":
    """Return the part of the projection that comes from one stage, [1, k, *grid]."""
    channels, projected = directions.shape
    if channels <= projected:
        return convolved(on_grid(pooled(stage), grid).output(0), directions.T)
    return on_grid(pooled(_projected(stage, directions).output(0)), grid)


def _projected(stage: "ov.Output", directions: NDArray[np.float32]) -> "ov.Node":
    """Project a stage at its own places; in the weights of the convolution that makes it, if only a bias follows."""
    made_by = _pointwise(stage)
    if made_by is None:
        return convolved(stage, directions.T)
    source, weights, bias = made_by
    return opset.add(convolved(source, directions.T @ weights), constant((bias @ directions)[None, :, None, None]))


def convolved(places: "ov.Output", weights: NDArray[np.float32]) -> "ov.Node":
    """Return a linear function of the channels of each place; weights of shape (wanted, c)."""
    return opset.convolution(places, constant(weights[:, :, None, None]), [1, 1], [0, 0], [0, 0], [1, 1])


def _pointwise(stage: "ov.Output") -> tuple["ov.Output", NDArray[np.float32], NDArray[np.float32]] | None:
    """Return source, weights (c, d) and bias (c,) of the 1x1 convolution that makes a stage; None if more makes it."""
    add = stage.get_node()
    if add.get_type_name() != "Add":
        return None
    convolution, bias = (value.get_node() for value in add.input_values())
    if (convolution.get_type_name(), bias.get_type_name()) != ("Convolution", "Constant"):
        return None
    kernel = convolution.input_value(1).get_node()
    if kernel.get_type_name() != "Constant" or tuple(kernel.output(0).get_shape())[2:] != (1, 1):
        return None
    weights = np.array(kernel.data, np.float32)[:, :, 0, 0]
    return convolution.input_value(0), weights, np.array(bias.data, np.float32).ravel()


def anomaly_of_cells(places: "ov.Node", cells: "ov.Node", detector: Detector) -> "ov.Node":
    """Return the anomaly of each cell, [places, 1].

    Both distances have the same nearest row. So the anomaly by distance is the distance times a number of that row. The
    products of places and rows are a convolution: OpenVINO takes less time for it than for the matrix product.

    Args:
        places: Projected features, [1, k, gh, gw].
        cells: The same as rows, [places, k].
        detector: What was learned.
    """
    rows, scale, head = detector.bank.rows, detector.scale, detector.head
    squares = np.einsum("ij,ij->i", rows, rows)[None, :, None, None]
    products = convolved(places.output(0), -2 * rows)
    from_rows = rows_of(opset.add(products, constant(squares)), len(rows))
    least = opset.topk(from_rows, constant(np.array(1)), 1, "min", "value", index_element_type="i32")
    own = opset.reduce_sum(opset.multiply(cells, cells), constant(np.array([1])), keep_dims=True)
    distance = opset.sqrt(opset.relu(opset.add(least.output(0), own)))
    by_distance, by_spacing = scale.factors
    by_row = by_distance + by_spacing / detector.bank.spacing
    factor = opset.gather(constant(by_row.astype(np.float32)), least.output(1), constant(np.array(0)))
    r = opset.multiply(distance, factor)
    anomaly = opset.multiply(r, _number(head.distance_weight)) if head.distance_weight != 1 else r
    if head.likeness is not None:
        share = opset.clamp(opset.add(opset.multiply(r, _number(head.share.slope)), _number(head.share.offset)), 0, 1)
        anomaly = opset.add(anomaly, opset.multiply(opset.relu(_likeness(cells, r, head.likeness)), share))
    return opset.add(anomaly, _number(head.offset)) if head.offset else anomaly


def _likeness(cells: "ov.Node", r: "ov.Node", likeness: Separation) -> "ov.Node":
    """Return how much each cell looks like labelled defects, [places, 1]."""
    features = opset.matmul(cells, constant(likeness.weights[:-1, None]), False, False)
    by_distance = opset.multiply(r, constant(likeness.weights[-1:, None]))
    return opset.add(opset.add(features, by_distance), _number(likeness.offset))


def _whole_part(cells: "ov.Node", whole: WholePart, grid: list[int]) -> "ov.Node":
    """Return what the whole part adds to the score, [1, 1, 1, 1]."""
    distance = whole.distance
    averages = opset.matmul(constant(area_weights(tuple(grid))), cells, False, False)
    flat = opset.reshape(averages, constant(np.array([1, -1])), special_zero=False)
    x = opset.multiply(opset.subtract(flat, constant(distance.mean[None])), constant(distance.factors[None]))
    along = opset.matmul(x, constant(distance.directions), False, False)
    one = constant(np.array([1]))
    squared, explained = (opset.reduce_sum(opset.multiply(each, each), one, keep_dims=True) for each in (x, along))
    length = opset.sqrt(opset.relu(opset.subtract(squared, explained)))
    beyond = opset.relu(opset.subtract(length, _number(whole.middle)))
    added = opset.multiply(beyond, _number(whole.weight))
    return opset.reshape(added, constant(np.array([1, 1, 1, 1])), special_zero=False)


def _number(value: float) -> "ov.Node":
    return constant(np.full((1, 1), value, np.float32))


def smoothed_grid(grid: "ov.Node", sigma: float) -> "ov.Node":
    """Smooth a map [1, 1, gh, gw] with a Gaussian, rows then columns; the border is replicated."""
    kernel = gaussian(sigma)
    around = constant(np.array([0, 0, len(kernel) // 2, len(kernel) // 2]))
    smooth = opset.pad(grid, around, around, "edge")
    for shape in ((1, 1, 1, -1), (1, 1, -1, 1)):
        smooth = opset.convolution(smooth, constant(kernel.reshape(shape)), [1, 1], [0, 0], [0, 0], [1, 1])
    return smooth


def constant(values: NDArray[np.generic]) -> "ov.Node":
    """Return a node that is always these values."""
    return opset.constant(np.array(values, order="C"))
