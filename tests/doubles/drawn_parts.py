"""Small pictures and masks for tests of layouts: textured parts, and masks that are black and white."""

from pathlib import Path

import cv2
import numpy as np

SIZE = (48, 64)


def part(path: Path, seed: int = 0) -> Path:
    """Write a picture of a part: noise, so that no two are alike."""
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = np.random.default_rng([seed, *str(path).encode()]).integers(60, 190, (*SIZE, 3), np.uint8)
    written, content = cv2.imencode(path.suffix, picture)
    assert written
    path.write_bytes(content.tobytes())
    return path


def mask(path: Path, *, empty: bool = False) -> Path:
    """Write a mask: a white mark on black, or nothing on black."""
    path.parent.mkdir(parents=True, exist_ok=True)
    marked = np.zeros(SIZE, np.uint8)
    if not empty:
        marked[10:20, 12:30] = 255
    written, content = cv2.imencode(path.suffix, marked)
    assert written
    path.write_bytes(content.tobytes())
    return path
