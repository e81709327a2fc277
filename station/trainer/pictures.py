"""Pictures for training: read, checked and scaled to the model's input by the code that the line uses."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from station.camera.pictures.reading import read_picture
from station.domain.picture_form import PictureForm, judged_bits
from station.learning.depth import DepthSearch
from station.learning.layout.labelled import LabelledPicture
from station.vision.preprocess import Preprocessor

_GRID = 32


def look_at(
    pictures: Sequence[LabelledPicture], others: Sequence[LabelledPicture]
) -> tuple[list[tuple[int, int]], PictureForm]:
    """Return height and width of each picture, and the depth of those that do not state it.

    Args:
        pictures: The pictures to learn from.
        others: The other pictures of the set; only their depth counts.
    """
    shapes: list[tuple[int, int]] = []
    depth = DepthSearch()
    for picture in pictures:
        read = read_picture(picture.path, picture.page)
        height, width = read.image.shape[:2]
        shapes.append((height, width))
        depth.add(read)
    return shapes, depth.result(others)


def input_size(shapes: Sequence[tuple[int, int]], side_px: int) -> tuple[int, int]:
    """Return height and width of the model's input: median aspect of the pictures, area of a square of `side_px`.

    Sides are multiples of 32, because the backbone halves them five times. Example: pictures of 600x900 with a side of
    320 give 256x384.
    """
    stretch = math.sqrt(float(np.median([height / width for height, width in shapes])))
    return _on_grid(side_px * stretch), _on_grid(side_px / stretch)


def model_input(picture: LabelledPicture, preprocessor: Preprocessor, depth: PictureForm) -> NDArray[np.uint8]:
    """Return one picture as the model's input: uint8 RGB, shape (h, w, 3).

    Args:
        picture: The picture.
        preprocessor: Scales it.
        depth: How deep it is if it does not say it itself.
    """
    read = read_picture(picture.path, picture.page)
    bits = judged_bits(depth, 8 * read.image.dtype.itemsize, read.significant_bits, read.depth_from)
    return preprocessor.run(read.image, bits).model_input


def _on_grid(side_px: float) -> int:
    return max(2 * _GRID, round(side_px / _GRID) * _GRID)
