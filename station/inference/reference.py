"""The reference pictures of a package: a few pictures as the model sees them, with its answers in f32."""

import io
import zipfile
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from station.domain.errors import ModelError
from station.inference.model_package import ModelPackage


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Raw answers to several pictures.

    Attributes:
        scores: (n,) float32.
        maps: (n, gh, gw) float32.
    """

    scores: NDArray[np.float32]
    maps: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """The pictures, uint8 RGB, (n, h, w, 3), and the answers of the reference to them."""

    pictures: NDArray[np.uint8]
    answers: Answers

    def as_bytes(self) -> bytes:
        """Return the content of `reference.npz`."""
        content = io.BytesIO()
        np.savez_compressed(content, pictures=self.pictures, scores=self.answers.scores, maps=self.answers.maps)
        return content.getvalue()


def read_reference(package: ModelPackage) -> Reference | None:
    """Return the reference pictures of a checked package; None if it has none.

    Raises:
        ModelError: They cannot be read, were changed, or do not fit the model.
    """
    content = package.reference_pictures()
    if content is None:
        return None
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            pictures, scores, maps = (stored[name] for name in ("pictures", "scores", "maps"))
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(f"The reference pictures of {package.folder} cannot be read.") from error
    fits = pictures.shape[1:] == (*package.manifest.input_size, 3) and pictures.dtype == np.uint8
    if not fits or not len(pictures) == len(scores) == len(maps) > 0:
        raise ModelError(f"The reference pictures of {package.folder} do not fit its model.")
    return Reference(pictures, Answers(scores, maps))
