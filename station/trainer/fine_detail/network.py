"""The features of small places: stage 2 of the backbone as it is, strip by strip."""

import numpy as np
from numpy.typing import NDArray

from station.inference.silent_openvino import opset, ov
from station.trainer.coreset import Rows
from station.trainer.features import Backbone, compiled
from station.trainer.fine_detail.strips import CELL_PX, Strips

STAGE = 2
"""Of the backbone. Averaging over 3 x 3 places, which other presets do, would hide a mark that is smaller than one."""
_CHANNELS_LAST = (0, 2, 3, 1)


class StripNetwork:
    """Gives the features of pictures of one size; safe from any number of threads."""

    def __init__(self, size: tuple[int, int], strip_px: int, cores: int = 1) -> None:
        """Compile the network.

        Args:
            size: Height and width of the pictures, pixels; multiples of 32.
            strip_px: Rows that a strip owns.
            cores: Number of pictures at a time, each on one core.
        """
        self._strips = Strips.of(size[0], strip_px)
        backbone = strip_backbone(self._strips, size[1])
        places = opset.transpose(backbone.outputs[0], opset.constant(np.array(_CHANNELS_LAST)))
        self._compiled = compiled(ov.Model([opset.result(places)], backbone.parameters, "features"), cores)

    def __call__(self, pixels: NDArray[np.uint8]) -> Rows:
        """Return the features of one picture: uint8 RGB (h, w, 3) to (gh, gw, c) float32."""
        request = self._compiled.create_infer_request()
        strips = pixels[self._strips.pixel_rows].reshape(self._strips.count, 1, -1, *pixels.shape[1:])
        cells = np.concatenate([request.infer([strip])[0][0] for strip in strips])
        features: Rows = cells[self._strips.cell_rows]
        return features


def strip_backbone(strips: Strips, width_px: int) -> Backbone:
    """Return the backbone for one strip, [1, height, width, 3]."""
    return Backbone((STAGE,), (strips.height_px, width_px), CELL_PX)
