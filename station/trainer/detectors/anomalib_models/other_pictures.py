"""Pictures of anything but good parts, from a folder that the site brought."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from station.camera.pictures.reading import read_picture
from station.learning.brought_pictures import brought_pictures
from station.trainer.detectors.contract import Pixels, Session
from station.trainer.threads import each_on_a_core
from station.vision.preprocess import Preprocessor

_AT_MOST = 600
"""As many are kept in memory, spread over the sorted files; of 256 x 256 pixels they take 118 MB."""


def read_brought(name: str, size: tuple[int, int], session: Session, *, kept: Callable[[Pixels], Pixels]) -> Pixels:
    """Return pictures of a folder that the site brought, (n, h, w, 3) uint8; n is 0 if it holds none.

    Args:
        name: Name of the folder.
        size: Height and width to which each is stretched, pixels.
        session: Says where the folder lies.
        kept: Returns what is kept of a picture.

    Raises:
        BadInputError: A picture cannot be read; the sentence names it.
    """
    files = brought_pictures(session.backbones, name)
    if not files:
        return np.empty((0, *size, 3), np.uint8)
    spread = [files[place] for place in np.linspace(0, len(files) - 1, min(_AT_MOST, len(files))).astype(int)]
    read = partial(_read, preprocessor=Preprocessor(size))
    return np.stack(
        each_on_a_core(lambda file: kept(read(file)), spread, session.cores, f"Reading {name}", session.on_progress)
    )


def _read(file: Path, preprocessor: Preprocessor) -> Pixels:
    picture = read_picture(file)
    bits = picture.significant_bits or 8 * picture.image.dtype.itemsize
    return np.asarray(preprocessor.run(picture.image, bits).model_input, np.uint8)
