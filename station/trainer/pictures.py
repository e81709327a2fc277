"""The training program's pictures: read, checked and brought to the model's input by the code the line uses."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from station.camera.pictures import read_picture
from station.learning.layout import LabelledPicture
from station.vision.preprocess import Preprocessor

_GRID = 32


def shape(picture: LabelledPicture) -> tuple[int, int]:
    """Its height and width, pixels."""
    height, width = read_picture(picture.path).image.shape[:2]
    return height, width


def input_size(shapes: Sequence[tuple[int, int]], side_px: int) -> tuple[int, int]:
    """Height and width for the model: the pictures' own aspect, on the area of a square of `side_px`.

    The aspect is the median one; sides are multiples of 32, which the backbone halves five times.
    """
    stretch = math.sqrt(float(np.median([height / width for height, width in shapes])))
    return _on_grid(side_px * stretch), _on_grid(side_px / stretch)


def model_input(picture: LabelledPicture, preprocessor: Preprocessor) -> Tensor:
    """One picture as the model takes it: uint8 RGB, shape (h, w, 3)."""
    read = read_picture(picture.path)
    return torch.from_numpy(preprocessor.run(read.image, read.significant_bits).model_input)


def _on_grid(side_px: float) -> int:
    return max(2 * _GRID, round(side_px / _GRID) * _GRID)
