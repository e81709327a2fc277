"""A small product, drawn: a disc with four holes; its defect is a spot, dark or faint."""

from pathlib import Path

import cv2
import numpy as np

SIZE = (96, 128)
DISC = (170, 165, 150)
DARK = (20, 25, 110)


def draw_disc(seed: int, spot: tuple[int, int] | None = None, colour: tuple[int, int, int] = DARK) -> np.ndarray:
    """A disc with four holes on a dark belt, a little noisy and shifted, (96, 128, 3) BGR; a spot is its defect."""
    rng = np.random.default_rng(seed)
    image = np.full((*SIZE, 3), 60, np.uint8)
    x, y = 64 + int(rng.integers(-1, 2)), 48 + int(rng.integers(-1, 2))
    cv2.circle(image, (x, y), 38, DISC, -1)
    for dx, dy in ((-18, 0), (18, 0), (0, -18), (0, 18)):
        cv2.circle(image, (x + dx, y + dy), 5, (70, 70, 70), -1)
    if spot:
        cv2.circle(image, spot, 6, colour, -1)
    return np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def faint(contrast: int) -> tuple[int, int, int]:
    """The colour of a spot that is this much darker than the disc; the noise has a sigma of 4."""
    blue, green, red = DISC
    return blue - contrast, green - contrast, red - contrast


def write(path: Path, image: np.ndarray) -> None:
    """Write a picture; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), image)
