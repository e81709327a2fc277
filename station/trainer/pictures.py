"""Pictures for training: read, checked and scaled to the model's input by the code that the line uses."""

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from station.camera.pictures.reading import read_picture
from station.learning.layout import LabelledPicture
from station.vision.preprocess import Preprocessor

_GRID = 32


def shape(picture: LabelledPicture) -> tuple[int, int]:
    """Return height and width in pixels."""
    height, width = read_picture(picture.path).image.shape[:2]
    return height, width


def input_size(shapes: Sequence[tuple[int, int]], side_px: int) -> tuple[int, int]:
    """Return height and width of the model's input: median aspect of the pictures, area of a square of `side_px`.

    Sides are multiples of 32, because the backbone halves them five times. Example: pictures of 600x900 with a side of
    320 give 256x384.
    """
    stretch = math.sqrt(float(np.median([height / width for height, width in shapes])))
    return _on_grid(side_px * stretch), _on_grid(side_px / stretch)


def model_input(picture: LabelledPicture, preprocessor: Preprocessor) -> Tensor:
    """Return one picture as the model's input: uint8 RGB, shape (h, w, 3)."""
    read = read_picture(picture.path)
    return torch.from_numpy(preprocessor.run(read.image, read.significant_bits).model_input)


def _on_grid(side_px: float) -> int:
    return max(2 * _GRID, round(side_px / _GRID) * _GRID)
