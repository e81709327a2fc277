"""Files that several tests of layouts need."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from drawn_parts import SIZE


@pytest.fixture
def two_pages() -> Callable[[Path], None]:
    """Write a TIFF file of two pages."""

    def write(path: Path) -> None:
        pages = [np.random.default_rng(page).integers(60, 190, SIZE, np.uint8) for page in range(2)]
        cv2.imwritemulti(str(path), pages)

    return write
