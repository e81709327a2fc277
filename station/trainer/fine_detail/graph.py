"""The graph of a model package that computes a large picture strip by strip.

The strips are an iteration inside the graph: its memory is that of one strip, and whoever runs the graph gives it the
whole picture. Only the map is put together; it is smoothed as one.
"""

import numpy as np

from station.inference.silent_openvino import opset, ov
from station.trainer.detector import Detector
from station.trainer.fine_detail.network import strip_backbone
from station.trainer.fine_detail.strips import Strips
from station.trainer.graph import (
    anomaly_of_cells,
    answering,
    constant,
    convolved,
    highest_place,
    rows_of,
    smoothed_grid,
)

_FIRST, _STEP, _SIZE, _LAST, _STRIPS = 0, 1, 1, -1, 0
"""Of an iteration over the first axis, one strip at a time."""


def build_fine_graph(detector: Detector, size: tuple[int, int], strip_px: int) -> "ov.Model":
    """Return the graph: uint8 RGB [1, h, w, 3] in, `score` [1, 1, 1, 1] and `map` [1, 1, gh, gw] out, both raw.

    Args:
        detector: What was learned.
        size: Height and width of its input, pixels; multiples of 32.
        strip_px: Rows that a strip owns.
    """
    strips, width = Strips.of(size[0], strip_px), size[1]
    picture = opset.parameter([1, *size, 3], np.uint8, name="pixels")
    rows = opset.gather(picture, constant(strips.pixel_rows), constant(np.array(1)))
    cut = _reshaped(rows, strips.count, strips.height_px, width, 3)
    body, maps = _strip(detector, strips, width)
    each = ov.op.tensor_iterator()
    each.set_body(body)
    each.set_sliced_input(body.get_parameters()[0], cut.output(0), _FIRST, _STEP, _SIZE, _LAST, _STRIPS)
    together = each.get_concatenated_slices(maps.output(0), _FIRST, _STEP, _SIZE, _LAST, _STRIPS)
    below = _reshaped(together, 1, 1, -1, maps.output(0).get_shape()[3])
    grid = opset.gather(below, constant(strips.cell_rows), constant(np.array(2)))
    anomaly_map = smoothed_grid(grid, detector.smoothing_cells)
    return answering(highest_place(anomaly_map), anomaly_map, [picture])


def _strip(detector: Detector, strips: Strips, width: int) -> tuple["ov.Model", "ov.Node"]:
    """Return the graph of one strip, and its map that is not smoothed yet, [1, 1, rows, gw]."""
    backbone = strip_backbone(strips, width)
    axes = detector.axes
    projected = convolved(backbone.outputs[0], axes.directions.T)
    places = opset.subtract(projected, constant((axes.mean @ axes.directions)[None, :, None, None]))
    anomaly = anomaly_of_cells(places, rows_of(places, axes.directions.shape[1]), detector)
    anomaly_map = _reshaped(anomaly, 1, 1, *backbone.grid)
    return ov.Model([opset.result(anomaly_map)], backbone.parameters, "strip"), anomaly_map


def _reshaped(node: "ov.Node | ov.Output", *shape: int) -> "ov.Node":
    return opset.reshape(node, constant(np.array(shape)), special_zero=False)
