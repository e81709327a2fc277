"""Large pictures of a surface at its own sharpness, made from small real ones, and small marks on them."""

from pathlib import Path

import cv2
import numpy as np

from station.domain.frame import Image
from station.domain.synthetic import SyntheticKind
from station.vision.synthetic.drawing import Drawn, draw_defect

_EDGE = 10
"""A tenth of each side is left out: there a part ends."""
_NOISE = 2.0
"""Standard deviation of the noise of the sensor, grey levels of 255."""


def large_surface(source: Path, size: tuple[int, int], draw: np.random.Generator) -> Image:
    """Return a grey picture: the middle of a small one, mirrored side by side from a random place on, with new noise.

    No pixel is enlarged, so the texture is as sharp as the camera saw it.

    Args:
        source: The small picture.
        size: Height and width wanted.
        draw: Source of chance.
    """
    small = cv2.imread(str(source), cv2.IMREAD_GRAYSCALE)
    assert small is not None, f"{source} is a picture"
    down, across = (side // _EDGE for side in small.shape)
    middle = small[down : small.shape[0] - down, across : small.shape[1] - across]
    mirrored = np.vstack([np.hstack([middle, middle[:, ::-1]]), np.hstack([middle[::-1], middle[::-1, ::-1]])])
    rows, columns = (
        (np.arange(wanted) + draw.integers(side)) % side for wanted, side in zip(size, mirrored.shape, strict=True)
    )
    noisy = mirrored[np.ix_(rows, columns)] + draw.normal(0, _NOISE, size).astype(np.float32)
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)


def marked(surface: Image, kind: SyntheticKind, size_px: float, draw: np.random.Generator) -> Drawn:
    """Return the surface with one drawn mark somewhere."""
    everywhere = np.ones(surface.shape[:2], np.bool_)
    return draw_defect(kind, surface, everywhere, draw, size_px)
