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
        backbone = Backbone(method.stages, size)
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
        outputs: The features of each stage asked for, [1, c, gh, gw], the first one on the finest grid.
        grid: Height and width of that grid.
    """

    def __init__(self, stages: tuple[int, ...], size: tuple[int, int]) -> None:
        self._model = read_backbone()  # kept: its nodes live as long as it
        self._model.reshape([1, *size, 3])
        self.parameters: list[ov.op.Parameter] = self._model.get_parameters()
        self.outputs = [self._model.output(f"blocks.{stage}").get_node().input_value(0) for stage in stages]
        _, _, *self.grid = self.outputs[0].get_shape()


def pooled(features: "ov.Output") -> "ov.Node":
    """Average over 3x3 places; beyond the border there are zeros, which count."""
    return opset.avg_pool(features, _AROUND, _AROUND, _AROUND, [3, 3], exclude_pad=False)


def on_grid(features: "ov.Node", grid: list[int]) -> "ov.Node":
    """Interpolate linearly to another grid; [1, c, h, w] to [1, c, *grid]."""
    if list(features.output(0).get_shape())[2:] == grid:
        return features
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
