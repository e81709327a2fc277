"""The features of each place of a picture: stages of the backbone, averaged over 3x3 places, on one grid."""

import numpy as np
from numpy.typing import NDArray

from station.inference.silent_openvino import opset, ov
from station.learning.presets import Method
from station.trainer.backbone import read_backbone
from station.trainer.coreset import Rows

_AROUND = [1, 1]
_CHANNELS_FIRST_TO_LAST = (0, 2, 3, 1)


class FeatureNetwork:
    """Gives the features of pictures of one size; safe from any number of threads."""

    def __init__(self, method: Method, size: tuple[int, int], cores: int = 1) -> None:
        """Compile the network.

        Args:
            method: Names the stages.
            size: Height and width of the pictures, pixels; multiples of 32.
            cores: Number of pictures at a time, each on one core.
        """
        backbone = Backbone(method.stages, size, method.cell_px)
        joined = opset.concat([on_grid(pooled(stage), backbone.grid) for stage in backbone.outputs], 1)
        places = opset.transpose(joined, opset.constant(np.array(_CHANNELS_FIRST_TO_LAST)))
        self._compiled = compiled(ov.Model([opset.result(places)], backbone.parameters, "features"), cores)

    def __call__(self, pixels: NDArray[np.uint8]) -> Rows:
        """Return the features of one picture: uint8 RGB (h, w, 3) to (gh, gw, c) float32."""
        features: Rows = self._compiled.create_infer_request().infer([pixels[None]])[0][0]
        return features


class Backbone:
    """The backbone for pictures of one size, as the beginning of a graph.

    Attributes:
        parameters: The input of the graph: uint8 RGB [1, h, w, 3].
        outputs: The features of each stage asked for, [1, c, gh, gw], each on its own grid.
        grid: Height and width of the grid of all cells.
    """

    def __init__(self, stages: tuple[int, ...], size: tuple[int, int], cell_px: int) -> None:
        self._model = read_backbone()  # kept: its nodes live as long as it
        self._model.reshape([1, *size, 3])
        _scale_in_weights(self._model)
        self.parameters: list[ov.op.Parameter] = self._model.get_parameters()
        self.outputs = [self._model.output(f"blocks.{stage}").get_node().input_value(0) for stage in stages]
        self.grid = [side // cell_px for side in size]


def _scale_in_weights(model: "ov.Model") -> None:
    """Let the weights of the first convolution divide the pixels: one pass less over the whole picture."""
    as_floats = _reader(model.get_parameters()[0])
    scaling = _reader(_reader(as_floats))
    first = next(node for node in model.get_ordered_ops() if node.get_type_name() == "Convolution")
    centred, factor = (value.get_node() for value in scaling.input_values())
    weights = first.input_value(1).get_node().data * factor.data
    first.input(1).replace_source_output(opset.constant(np.asarray(weights, np.float32)).output(0))
    for reader in scaling.output(0).get_target_inputs():
        reader.replace_source_output(centred.output(0))


def _reader(node: "ov.Node") -> "ov.Node":
    """Return the only node that reads the output of a node."""
    (reader,) = node.output(0).get_target_inputs()
    return reader.get_node()


def pooled(features: "ov.Output") -> "ov.Node":
    """Average over 3x3 places; beyond the border there are zeros, which count."""
    return opset.avg_pool(features, _AROUND, _AROUND, _AROUND, [3, 3], exclude_pad=False)


def on_grid(features: "ov.Node", grid: list[int]) -> "ov.Node":
    """Average over the places of a cell, or interpolate linearly, to another grid; [1, c, h, w] to [1, c, *grid]."""
    sides = list(features.output(0).get_shape())[2:]
    if sides == grid:
        return features
    if sides[0] > grid[0]:
        of_a_cell = [side // wanted for side, wanted in zip(sides, grid, strict=True)]
        return opset.avg_pool(features, of_a_cell, [0, 0], [0, 0], of_a_cell, exclude_pad=True)
    sizes, axes = opset.constant(np.array(grid, np.int64)), opset.constant(np.array([2, 3], np.int64))
    return opset.interpolate(
        features, sizes, "linear_onnx", "sizes", coordinate_transformation_mode="pytorch_half_pixel", axes=axes
    )


def compiled(model: "ov.Model", cores: int) -> "ov.CompiledModel":
    """Compile for one picture on each of `cores` at a time, with 32 bits, on no core in particular."""
    settings: dict[str, str | int | bool] = {
        "NUM_STREAMS": cores,
        "INFERENCE_NUM_THREADS": cores,
        "INFERENCE_PRECISION_HINT": "f32",
        "ENABLE_CPU_PINNING": False,  # the running line may need just that core
    }
    return ov.Core().compile_model(model, "CPU", settings)
