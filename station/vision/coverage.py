"""How much of each place of a small grid a mask covers."""

import cv2
import numpy as np
from numpy.typing import NDArray


def coverage(marked: NDArray[np.bool_], grid: tuple[int, int]) -> NDArray[np.float32]:
    """Return the share of each cell that is marked.

    Args:
        marked: True on the defect, shape (H, W).
        grid: Height and width of the grid in cells.

    Returns:
        Shape `grid`, float32, 0 to 1.
    """
    height, width = grid
    return np.asarray(cv2.resize(marked.astype(np.float32), (width, height), interpolation=cv2.INTER_AREA), np.float32)
